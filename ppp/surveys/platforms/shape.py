"""What the platforms' modules share: columns set apart, questions and choices as tables, choices found in cells."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import pandas as pd

from ppp.surveys.export import CHOICES, QUESTIONS
from ppp.surveys.grid import Grid
from ppp.surveys.text import plain, readable

__all__ = [
    "are_times",
    "choices_table",
    "flag",
    "index_column",
    "joined_choices",
    "questions_table",
    "set_apart",
    "split_cell",
]

_IDENTIFYING = re.compile(
    r"^(ip.?addres\w*|ipaddr|ip|e-?mail( ?address)?|e-?post(adress)?|recipient(last|first)name|recipientemail|emailaddress"
    r"|adresse ip|dirección ip|ip-adresse|adresse e-mail|adresse de messagerie|dirección de correo electrónico|correo electrónico"
    r"|vorname|nachname|prénom|nom( de famille)?|nombre|apellidos?|fornavn|efternavn|etternavn|e-mail-?adresse|mailadresse|navn"
    r"|anpassade data 1|benutzerdefinierte daten 1|données personnalisées 1|datos personalizados 1|egna data 1"
    r"|first ?name|last ?name|förnamn|efternamn|namn|name|username|user ?name|deviceid|device ?id|subscriberid|simserial"
    r"|phonenumber|location(latitude|longitude|accuracy)|latitude|longitude|.*_(latitude|longitude|altitude|precision)"
    r"|_?geolocation|_submitted_by|custom data 1|externaldatareference|redcap_survey_identifier)$",
    re.IGNORECASE,
)


_ENOUGH = 20_000  # answers show what the choices are; a million tell no more


def set_apart(
    table: pd.DataFrame, own: Callable[[str], bool], names: dict[str, str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, list[str]]:
    """Answers, metadata, identifiers, and a note on the latter.

    Parameters
    ----------
    table
        All columns.
    own
        Whether a column is the platform's own.
    names
        What the platform calls its own columns, where the table's names differ (``V6``: IPAddress).
    """
    names = names or {}
    mine = [column for column in table if own(column)]
    pointing = [column for column in mine if _IDENTIFYING.match(names.get(column, column).strip())]
    filled = [column for column in pointing if (table[column].str.strip() != "").any()]
    answers = table[[column for column in table if column not in set(mine)]]
    metadata = table[[column for column in mine if column not in set(pointing)]]
    note = [f"set apart {len(filled)} columns that can point at a person: {', '.join(filled)}"] if filled else []
    return answers, metadata, table[pointing], note


def questions_table(rows: Iterable[tuple]) -> pd.DataFrame:
    """Rows of name, text, kind, and where known group and separator; texts made readable."""
    filled = [(*row, *[""] * (len(QUESTIONS) - len(row))) for row in rows]
    table = pd.DataFrame(filled, columns=list(QUESTIONS), dtype="object")
    table["text"] = [readable(text) for text in table["text"]]
    return table


def choices_table(rows: Iterable[tuple]) -> pd.DataFrame:
    """Rows of question, code, label, and where it has one its column."""
    filled = [(*row, *[""] * (len(CHOICES) - len(row))) for row in rows]
    table = pd.DataFrame(filled, columns=list(CHOICES), dtype="object")
    table["label"] = [readable(label) for label in table["label"]]
    return table


def index_column(grid: Grid, *, below: int = 1) -> int:
    """1 where the first column is a row index that a program put there on saving the file anew, else 0."""
    cells = grid.column(0, below=below)
    unnamed = grid.heading[0] == "" or re.fullmatch(r"Unnamed: 0(\.\d)?", grid.heading[0])
    return int(bool(unnamed and cells and all(re.fullmatch(r"\d+(\.0)?", cell) for cell in cells)))


def flag(cells: pd.Series | None, words: Iterable[str]) -> pd.Series | None:
    """Which cells say one of these words (compared as `plain`); nothing where there is no such column."""
    if cells is None:
        return None
    wanted = set(words)
    return cells.map({cell: plain(cell) in wanted for cell in cells.unique()}).astype(bool)


_TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}|[2-6]\d{4}([.,]\d+)?$")


def are_times(cells: list[str]) -> bool:
    """Whether all are times, however they are written; a spreadsheet's serial numbers are too."""
    return bool(cells) and all(_TIME.match(cell.strip()) for cell in cells)


def split_cell(cell: str, separator: str) -> list[str]:
    """The choices in a cell; a separator inside brackets belongs to the choice.

    Examples
    --------
    >>> split_cell("IO (read_*, to_*), Other", ", ")
    ['IO (read_*, to_*)', 'Other']
    """
    if separator == " ":
        return cell.split()
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(cell):
        depth = max(0, depth + (letter in "([") - (letter in ")]"))
        if depth == 0 and cell.startswith(separator, at):
            parts.append(cell[start:at])
            start = at + len(separator)
    return [part for part in (each.strip() for each in (*parts, cell[start:])) if part]


def joined_choices(cells: pd.Series, separators: Iterable[str] = (";", ", ")) -> tuple[str, list[str]] | None:
    """The separator and the choices of a multi-select whose answers stand in one cell, or nothing.

    No platform tells the choices here, so they are read off the answers: parts that come back, and together make up
    nearly all that was said. Free text does not come back like that.
    """
    filled = cells[cells.str.strip() != ""].iloc[:_ENOUGH]
    if len(filled) < 3:
        return None
    for separator in separators:
        cut = {cell: split_cell(cell, separator) for cell in filled.unique()}
        if separator != ";":
            cut = _rejoined(cut, separator)
        said = [part for cell in filled for part in cut[cell]]
        counts = Counter(said)
        several = sum(len(cut[cell]) > 1 for cell in filled)
        least = 2 if len(filled) < 40 else 3
        back = {part for part, count in counts.items() if count >= least and len(part) <= 200}
        covered = sum(counts[part] for part in back) / max(1, len(said))
        whole = sum(back.issuperset(cut[cell]) for cell in filled) / len(filled)
        enough = several >= max(2, 0.05 * len(filled))
        if enough and 2 <= len(back) <= 80 and covered >= 0.75 and whole >= 0.5 and len(cut) > 2:
            # Most taken first, then as they came: the same order in every run.
            return separator, [part for part in sorted(counts, key=lambda part: -counts[part]) if part in back]
    return None


def _rejoined(cut: dict[str, list[str]], separator: str) -> dict[str, list[str]]:
    """Parts that never come without each other are one choice with the separator in its label."""
    while True:
        before: dict[str, set[str]] = defaultdict(set)
        after: dict[str, set[str]] = defaultdict(set)
        for parts in cut.values():
            for one, two in zip(["", *parts], [*parts, ""], strict=True):
                after[one].add(two)
                before[two].add(one)
        pairs = {
            one: next(iter(after[one]))
            for one in after
            if one and len(after[one]) == 1 and (two := next(iter(after[one]))) and before[two] == {one}
        }
        if not pairs:
            return cut
        joined = {}
        for cell, parts in cut.items():
            merged: list[str] = []
            at = 0
            while at < len(parts):
                if at + 1 < len(parts) and pairs.get(parts[at]) == parts[at + 1]:
                    merged.append(f"{parts[at]}{separator}{parts[at + 1]}")
                    at += 2
                else:
                    merged.append(parts[at])
                    at += 1
            joined[cell] = merged
        if joined == cut:
            return cut
        cut = joined
