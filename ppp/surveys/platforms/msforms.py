"""Microsoft Forms: XLSX with its own columns first, in the user's language, and questions in full.

Multi-selects stand in one cell, each choice followed by ``;``. The items of a matrix are columns without the question.
"""

from __future__ import annotations

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File, Grid, frame, unique
from ppp.surveys.platforms.shape import are_times, choices_table, joined_choices, questions_table, set_apart
from ppp.surveys.text import plain

__all__ = ["certainty", "read"]

_STARTS = {"start time", "starttid", "starttidspunkt", "startzeit", "heure de début", "hora de inicio", "begintijd", "aloitusaika"}  # fmt: skip
_ENDS = {"completion time", "slutförandetid", "sluttid", "slutförd", "fullføringstidspunkt", "fullføringstid", "fuldførelsestidspunkt", "afslutningstidspunkt", "fertigstellungszeit", "heure de fin", "hora de finalización", "voltooiingstijd", "tijd van voltooien"}  # fmt: skip
_NAMES = {
    "email": {"email", "e-post", "e-postadress", "e-mail", "e-mailadresse", "adresse de messagerie", "correo electrónico", "e-mailadres", "e-mail-adresse"},
    "name": {"name", "namn", "navn", "nom", "nombre", "naam"},
    "other": {"last modified time", "senast ändrad", "tid för senaste ändring", "senaste ändringstid", "sist endret", "senest ændret", "zeitpunkt der letzten änderung", "hora de la última modificación", "heure de la dernière modification", "total points", "totalt antal poäng", "quiz feedback", "grade posted time", "language", "språk"},
}  # fmt: skip
_ANONYMOUS = {"anonymous", "anonym", "anonyme", "anónimo", "anoniem", "anonyymi"}


def certainty(file: File) -> float:
    """Sure with its own headings; nearly so with an id and two columns of times first."""
    if file.kind not in ("text", "sheet"):
        return 0.0
    heading = [plain(cell) for cell in file.grid.heading]
    start = _start(file.grid)
    if len(heading) < start + 4 or heading[start] != "id":
        return 0.0
    if heading[start + 1] in _STARTS and heading[start + 2] in _ENDS:
        return 1.0 if file.kind == "sheet" else 0.9
    if len(_own(file.grid)) >= 3:
        return 0.9 if "email" in _own(file.grid).values() else 0.6
    return 0.0


def _start(grid: Grid) -> int:
    """Where its columns begin: after the index that a re-saved file has."""
    return 1 if not grid.heading[0] and len(grid.heading) > 1 else 0


def _own(grid: Grid) -> dict[int, str]:
    """Its own columns by their place: an id, two times, and then those of known names."""
    start = _start(grid)
    times = [grid.column(at) for at in (start + 1, start + 2)]
    if not all(are_times(cells) for cells in times):
        return {}
    own = dict.fromkeys(range(start), "index")
    own |= {start: "id", start + 1: "start", start + 2: "end"}
    for at in range(start + 3, min(len(grid.heading), start + 9)):
        said = plain(grid.heading[at])
        known = next((name for name, words in _NAMES.items() if said in words), None)
        cells = grid.column(at)
        if (
            known is None
            and at == start + 3
            and cells
            and all(plain(cell) in _ANONYMOUS or "@" in cell for cell in cells)
        ):
            known = "email"
        if (
            known is None
            and at == start + 4
            and own.get(at - 1) == "email"
            and len(said.split()) <= 2
            and "?" not in said
        ):
            known = "name"  # it always stands there, in whatever language
        if known is None:
            break
        own[at] = known
    return own


def read(file: File) -> SurveyExport:
    """The export."""
    grid = file.grid
    names, _ = unique(grid.heading)
    table = frame(grid, name=file.name, headings=names)
    own = _own(grid)
    called = {names[at]: what for at, what in own.items()}
    answers, metadata, identifiers, notes = set_apart(table, called.__contains__, called)
    rows, choices = [], []
    for name in answers:
        cells = answers[name]
        filled = cells[cells.str.strip() != ""]
        ends = filled.str.rstrip().str.endswith(";")
        joined = None
        if len(filled) and ends.mean() > 0.5:
            joined = joined_choices(cells, (";",)) or (";", _all_parts(filled))
        rows.append((name, name, "multiple", "", ";") if joined else (name, name, ""))
        choices += [(name, label, label, f"{name} [{label}]") for label in (joined[1] if joined else [])]
    return SurveyExport(
        "msforms",
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


def _all_parts(filled) -> list[str]:
    """Every choice that was taken: a closing ``;`` shows that it is a multi-select, however few answered."""
    return list(dict.fromkeys(part.strip() for cell in filled for part in cell.split(";") if part.strip()))
