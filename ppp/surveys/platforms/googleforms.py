"""Google Forms: one heading row, the time first, questions in full. No types and no choice lists exist: multi-selects
are told by choices that come back, joined by ``;`` or ``, ``."""

from __future__ import annotations

import re

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File, frame, unique
from ppp.surveys.platforms.shape import are_times, choices_table, joined_choices, questions_table, set_apart
from ppp.surveys.text import plain

__all__ = ["certainty", "read"]

_TIMES = {"timestamp", "tidstämpel", "tidsstämpel", "tidsstempel", "tidsstempling", "horodateur", "zeitstempel", "marca temporal", "carimbo de data/hora", "informazioni cronologiche", "tijdstempel", "aikaleima", "tidsmerke", "sygnatura czasowa", "časové razítko", "časová pečiatka", "időbélyeg", "zaman damgası", "отметка времени", "позначка часу", "χρονική σήμανση", "タイムスタンプ", "타임스탬프", "时间戳记", "時間戳記", "طابع زمني", "marcador de data/hora", "data/godzina", "marcaj de timp", "marca de temps"}  # fmt: skip
_OWN = {"email address", "e-postadress", "username", "användarnamn", "score", "poäng", "adresse e-mail", "e-mail-adresse", "dirección de correo electrónico"}  # fmt: skip
_SHEETS = re.compile(r"^(form responses|formulärsvar|formularantworten|réponses au formulaire|skjemasvar|formularsvar|respuestas de formulario)", re.IGNORECASE)  # fmt: skip
_GRID = re.compile(r"^(.*\S)\s*\[([^\]]*)\]$", re.DOTALL)


def certainty(file: File) -> float:
    """A column of times called Timestamp before the questions; the sheet's name makes it sure."""
    if file.kind not in ("text", "sheet"):
        return 0.0
    heading = [plain(cell) for cell in file.grid.heading[:2]]
    at = next((at for at, cell in enumerate(heading) if cell in _TIMES), None)
    if at is None:
        return 0.5 if _by_its_first_column(file) else 0.0
    if not are_times(file.grid.column(at)):
        return 0.0
    if any(_SHEETS.match(sheet) for sheet in file.sheets):
        return 1.0
    asked = sum(bool(re.search(r"\?\s*$|\s", cell) or _GRID.match(cell)) for cell in file.grid.heading)
    return 0.9 if asked >= max(1, 0.4 * (len(file.grid.heading) - 1)) else 0.6


def _by_its_first_column(file: File) -> bool:
    """Times of day in a first column of a short name, and questions in full behind it: a person is asked."""
    heading, times = file.grid.heading, file.grid.column(0)
    asked = sum(cell.endswith("?") for cell in heading[1:])
    return bool(
        0 < len(heading[0]) <= 30
        and asked >= max(2, 0.5 * (len(heading) - 1))
        and are_times(times)
        and all(re.search(r"\d{1,2}[:.]\d\d", cell[8:]) for cell in times)
    )


def read(file: File) -> SurveyExport:
    """The export."""
    grid = file.grid
    if grid.is_sheet and file.sheet is None:
        sheet = next((sheet for sheet in file.sheets if _SHEETS.match(sheet)), None)
        grid = file.sheet_grid(sheet) if sheet else grid
    names, _ = unique(grid.heading)
    table = frame(grid, name=file.name, headings=names)
    index = {names[0]} if not grid.heading[0] else set()
    answers, metadata, identifiers, notes = set_apart(table, lambda name: plain(name) in _TIMES | _OWN or name in index)
    rows, choices = [], []
    # One file joins all its multi-selects alike; where it does so by semicolons, a comma is part of a label.
    by_semicolon = any(joined_choices(answers[name], (";",)) for name in answers)
    for name in answers:
        item = _GRID.match(name)
        text = f"{item[1].strip()} [{item[2]}]" if item else name
        joined = joined_choices(answers[name], (";",) if by_semicolon else (", ",))
        rows.append((name, text, "multiple", "", joined[0]) if joined else (name, text, ""))
        choices += [(name, label, label, f"{name} [{label}]") for label in (joined[1] if joined else [])]
    guessed = sum(row[2] == "multiple" for row in rows)
    if guessed:
        notes.append(
            f"{guessed} questions are taken for multi-selects, as choices come back joined in one cell; Google Forms has"
            " no list of choices, so choices that hardly anyone took count as free text"
        )
    return SurveyExport(
        "googleforms",
        grid.source,
        answers,
        questions_table(rows),
        choices_table(choices),
        metadata=metadata,
        identifiers=identifiers,
        headings=(tuple(grid.row(1)),),
        rest={sheet: rows for sheet, rows in file.sheets.items() if sheet != grid.source.sheet},
        notes=(*grid.notes, *notes),
    )
