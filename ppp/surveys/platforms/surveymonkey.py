"""SurveyMonkey: CSV or XLSX with the question in the first row and the choice or item in the second.

A question's first column has its text, further ones an empty cell. A multi-select has one column a choice that holds
the choice's label, or nothing. Files whose two rows were made one (``Question - Choice``) are read as well.
"""

from __future__ import annotations

import re
from collections import defaultdict

import pandas as pd

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File, Grid, frame, unique
from ppp.surveys.platforms.shape import choices_table, index_column, questions_table, set_apart
from ppp.surveys.text import plain, readable

__all__ = ["certainty", "read"]

_ID = re.compile(
    r"^((respondent|svarande|svarandes|respondant|besvarer|befragter|befragten|umfrageteilnehmer|vastaajan)[\s-]*id"
    r"|(id|identifiant) du répondant|id\.? del encuestado|id do entrevistado|id (del )?rispondente|respondent-?id)$",
    re.IGNORECASE,
)
_OWN = {
    "collector id", "collectorid", "collector", "start date", "startdate", "end date", "enddate", "date created",
    "date modified", "ip address", "email address", "first name", "last name", "custom data 1", "custom data",
    "insamlar-id", "insamlare", "startdatum", "slutdatum", "skapat den", "ändrat den", "datum skapat", "datum ändrat",
    "ip-adress", "e-postadress", "förnamn", "efternamn", "egna data 1", "anpassade data 1", "collector-id", "enddatum",
    "ip-adresse", "e-mail-adresse", "vorname", "nachname", "benutzerdefinierte daten 1", "id du collecteur", "date de début",
    "date de fin", "adresse ip", "adresse e-mail", "prénom", "nom de famille", "données personnalisées 1",
    "id. del recopilador", "fecha de inicio", "fecha de finalización", "dirección ip", "dirección de correo electrónico",
    "apellido", "datos personalizados 1", "id. del encuestado", "indsamler-id", "slutdato", "startdato", "fornavn",
    "efternavn", "etternavn", "e-mailadresse", "samler-id", "mailadresse",
}  # fmt: skip
_ANSWER = {"response", "open-ended response", "svar", "öppet svar", "öppna svar", "fritextsvar", "réponse", "antwort", "respuesta", "svar på öppen fråga", ""}  # fmt: skip


def certainty(file: File) -> float:
    """Sure with a respondent id above a second heading row; less so with one of the two."""
    if file.kind not in ("text", "sheet"):
        return 0.0
    first, second = _first_row(file.grid), [cell.strip() for cell in file.grid.row(2)]
    ids = [at for at, cell in enumerate(first[:4]) if _ID.match(cell)]
    own = sum(cell.casefold() in _OWN for cell in first)
    answer = sum(cell.casefold() in _ANSWER - {""} for cell in second)
    if ids and second and not re.search(r"\d{6}", second[ids[0]]):
        return 1.0 if answer or own or second[ids[0]] in ("", first[ids[0]]) else 0.7
    if ids and own >= 2:
        return 0.9
    if not ids and _by_its_rows(file.grid):
        return 0.9
    if answer and sum(not cell for cell in first) >= 2:
        return 0.85
    return 0.6 if ids or answer >= max(2, len(second) / 2) else 0.0


def _by_its_rows(grid: Grid) -> bool:
    """In whatever language: long numbers in the first column below a second heading row that is empty there, and holds
    choices further on."""
    second, ids = [cell.strip() for cell in grid.row(2)], grid.column(0, below=2)
    leading = next((at for at, cell in enumerate(second) if cell), 0)
    return bool(
        ids
        and all(re.fullmatch(r"\d{9,12}(\.0)?", cell) for cell in ids)
        and grid.heading[0]
        and leading >= 3
        and all(grid.heading[:leading])
    )


def read(file: File) -> SurveyExport:
    """The export."""
    grid = file.grid
    rows = _header_rows(file)
    first = _first_row(grid)
    second = [cell.strip() for cell in grid.row(2)] if rows > 1 else [""] * len(first)
    notes = []
    if rows == 3:
        third = [cell.strip() for cell in grid.row(3)]
        first, second = [two or one for one, two in zip(first, second, strict=True)], third
        notes.append("read three heading rows: number, question, choice")
    parts = _headings(first, second, flat=rows == 1)
    names, _ = unique([f"{question} [{item}]" if item else question for question, item in parts])
    table = frame(grid, name=file.name, header_rows=rows, headings=names)
    called = dict(zip(names, first, strict=True))
    own = {name for name, head in called.items() if _ID.match(head) or head.casefold() in _OWN}
    own |= set(names[: index_column(grid, below=rows)])
    if rows == 2 and _by_its_rows(grid):
        own |= set(names[: next(at for at, cell in enumerate(second) if cell)])
    answers, metadata, identifiers, more = set_apart(table, own.__contains__, called)
    if rows == 1:
        notes.append("the file has one heading row where SurveyMonkey writes two")
    if any(metadata[name].str.fullmatch(r"\d{5}\.\d+").any() for name in metadata):
        notes.append("times are spreadsheet serial numbers (days since 1899-12-30)")
    columns = {name: part for name, part in zip(names, parts, strict=True) if name in answers}
    questions, choices = _questions(answers, columns)
    return SurveyExport(
        "surveymonkey",
        grid.source,
        answers,
        questions,
        choices,
        metadata=metadata,
        identifiers=identifiers,
        headings=tuple(tuple(grid.row(at)) for at in range(1, rows + 1)),
        rest={sheet: rows for sheet, rows in file.sheets.items() if sheet != grid.source.sheet},
        notes=(*grid.notes, *more, *notes),
    )


def _first_row(grid: Grid) -> list[str]:
    """The first row; pandas writes *Unnamed: 5* into empty cells of it."""
    return ["" if re.fullmatch(r"Unnamed: \d+(_level_\d+)?", cell) else cell for cell in grid.heading]


def _header_rows(file: File) -> int:
    grid = file.grid
    ids = [at for at, cell in enumerate(grid.heading[:4]) if _ID.match(cell)]
    if not ids:
        return 2
    rows = 1
    while rows < 3 and not re.search(r"\d", (grid.row(rows + 1) or ["1"] * (ids[0] + 1))[ids[0]]):
        rows += 1
    return rows


def _headings(first: list[str], second: list[str], *, flat: bool) -> list[tuple[str, str]]:
    """For each column its question and its choice or item, empty where it has none."""
    found, question = [], ""
    for at, (one, two) in enumerate(zip(first, second, strict=True)):
        question = one or question or f"column {at + 1}"
        if flat and " - " in one:
            whole, _, item = one.rpartition(" - ")
            found.append((whole, item))
        else:
            found.append((question, "" if two.casefold() in _ANSWER or plain(two) == plain(one) else two))
    return found


def _questions(answers: pd.DataFrame, columns: dict[str, tuple[str, str]]) -> tuple:
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, (question, item) in columns.items():
        groups[question].append((name, item))
    rows, choices = [], []
    for question, members in groups.items():
        values = {name: {cell.strip() for cell in answers[name].unique()} - {""} for name, _ in members}
        ticked = [(name, item) for name, item in members if item and _is_choice(values[name], item)]
        if len(ticked) >= 2 and any(values[name] for name, _ in ticked) and len(ticked) >= len(members) / 2:
            key = question if question not in answers else f"{question} [choices]"
            rows.append((key, question, "multiple"))
            choices += [(key, item, item, name) for name, item in ticked]
            left = [member for member in members if member not in ticked]
        else:
            left = members
        rows += [(name, f"{question} [{item}]" if item else question, "") for name, item in left]
    return questions_table(rows), choices_table(choices)


def _is_choice(values: set[str], label: str) -> bool:
    """A choice's column: its own label or nothing, or one code and nothing."""
    if len(values) > 1:
        return False
    return not values or plain(readable(next(iter(values)))) == plain(readable(label)) or next(iter(values)).isdigit()
