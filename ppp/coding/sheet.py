"""Coding in a spreadsheet: a sheet with drop-downs out, and what was filled in back.

Written with openpyxl and read cell by cell, so that a sheet that LibreOffice or Excel has saved anew is read alike. Ids
and texts are locked; nothing in a cell is ever run as a formula, going out or coming in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ppp.cells import safe
from ppp.coding.desk import Coding
from ppp.coding.legal import LEGAL
from ppp.coding.settle import Decision
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.framework import LEAVES, codebook
from ppp.framework.model import Code, SpecialCode
from ppp.tables import KINDS

__all__ = ["Taken", "read_coding_sheet", "read_settling_sheet", "write_coding_sheet", "write_settling_sheet"]

# What our own sheets say, in the languages of the codebook. A sheet is read in any of them.
_WORDS: dict[str, dict[str, str]] = {
    "activities": {"en": "Activities", "sv": "Aktiviteter"},
    "differences": {"en": "Differences", "sv": "Skillnader"},
    "definitions": {"en": "Definitions", "sv": "Definitioner"},
    "id": {"en": "Id (do not change)", "sv": "Id (ändra inte)"},
    "title": {"en": "Title", "sv": "Namn"},
    "description": {"en": "Description", "sv": "Beskrivning"},
    "suggestion": {"en": "Suggestion", "sv": "Förslag"},
    "place": {"en": "Place", "sv": "Plats"},
    "place_2": {"en": "Place, second", "sv": "Plats, andra"},
    "phase_began": {"en": "Phase in which patients joined", "sv": "Fas när patienterna kom med"},
    "phase_2": {"en": "Phase, second", "sv": "Fas, andra"},
    "sure": {"en": "How sure", "sv": "Hur säker"},
    "memo": {"en": "Note", "sv": "Anteckning"},
    "state": {"en": "Leave out or talk about", "sv": "Hoppa över eller prata om"},
    "dimension": {"en": "What", "sv": "Vad"},
    "parity": {"en": "Parity", "sv": "Paritet"},
    "factor": {"en": "Factor", "sv": "Faktor"},
    "settled": {"en": "Settled", "sv": "Beslut"},
    "settled_2": {"en": "Settled, second", "sv": "Beslut, andra"},
    "kind": {"en": "Why we differed", "sv": "Varför vi skilde oss"},
    "why": {"en": "Reason", "sv": "Skäl"},
    "supports": {"en": "supports", "sv": "stöder"},
    "barrier": {"en": "barrier", "sv": "hinder"},
    "no_evidence": {"en": "no evidence", "sv": "inget belägg"},
    "skip": {"en": "leave out", "sv": "hoppa över"},
    "flag": {"en": "talk about", "sv": "prata om"},
    "sure_high": {"en": "sure", "sv": "säker"},
    "sure_middle": {"en": "rather sure", "sv": "ganska säker"},
    "sure_low": {"en": "unsure", "sv": "osäker"},
    "agreed": {"en": "we did not differ", "sv": "vi skilde oss inte"},
    "ambiguous_text": {"en": "ambiguous text", "sv": "tvetydig text"},
    "gap_in_rules": {"en": "gap in the rules", "sv": "lucka i reglerna"},
    "slip": {"en": "slip", "sv": "misstag"},
    "true_edge": {"en": "true edge", "sv": "äkta gränsfall"},
    "code": {"en": "Code", "sv": "Kod"},
    "label": {"en": "Name", "sv": "Namn"},
    "definition": {"en": "Definition", "sv": "Definition"},
    "includes": {"en": "Includes", "sv": "Räknas hit"},
    "excludes": {"en": "Excludes", "sv": "Räknas inte hit"},
    "examples": {"en": "Examples", "sv": "Exempel"},
    "help": {
        "en": "Fill in the white cells and save. A row without any code is left as it is. Grey cells are locked.",
        "sv": "Fyll i de vita cellerna och spara. En rad utan kod lämnas som den är. Grå celler är låsta.",
    },
}
_LISTS, _ABOUT = "lists", "about"
_SURE_KEYS = {"sure_high": 0.9, "sure_middle": 0.7, "sure_low": 0.4}
_HEADER_ROW = 2
_MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class Taken:
    """What was read from a sheet.

    Attributes
    ----------
    codings, marks, decisions
        What the good rows say; `marks` are pairs of activity and "skip" or "flag", with the note.
    problems
        What is wrong with the others, each with its row and column.
    codebook_version
        That the sheet was made with.
    """

    codings: list[Coding] = field(default_factory=list)
    marks: list[tuple[str, str, str]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    codebook_version: str = ""


# -- out ---------------------------------------------------------------------------------------------------------------


def write_coding_sheet(
    path: Path,
    *,
    study: str,
    coder: str,
    texts: pd.DataFrame,
    codings: pd.DataFrame,
    suggestions: pd.DataFrame | None,
    language: str,
) -> None:
    """Write a coder's activities as a sheet to fill in.

    Parameters
    ----------
    texts
        As `ppp.coding.desk.Desk.activities` gives them.
    codings
        The codes that the coder holds: they stand in the sheet already.
    suggestions
        What the program suggests, shown in a locked column; None for no such column.
    language
        "en" or "sv", of headers and choices.
    """
    book, lists, words = _workbook(language)
    sheet = book.create_sheet(words["activities"], 0)
    columns = ["id", "title", "description", *(["suggestion"] if suggestions is not None else [])]
    locked = len(columns)
    columns += ["place", "place_2", "phase_began", "phase_2", *LEAVES, "sure", "memo", "state"]
    choices: dict[str, str] = {
        **dict.fromkeys(("place", "place_2"), "place"),
        **dict.fromkeys(("phase_began", "phase_2"), "phase_began"),
        **dict.fromkeys(LEAVES, "polarity"),
        "sure": "sure",
        "state": "state",
    }
    labels: dict[str, str] = words | {leaf.id: leaf.label[language] for leaf in codebook().leaves}
    names = _names(language)
    held = _held_cells(codings, names, words)
    said = {} if suggestions is None else _suggested(suggestions, names, words)
    rows = []
    for row in texts.itertuples():
        own = held.get(row.activity_id, {})
        mark = words["skip"] if row.skipped else words["flag"] if row.flagged else ""
        values = {"id": row.activity_id, "title": row.title, "description": row.description, "state": mark, **own}
        rows.append(
            [values.get(name, said.get(row.activity_id, "") if name == "suggestion" else "") for name in columns]
        )
    widths = {"id": 26, "title": 28, "description": 70, "suggestion": 30, "memo": 30, "place": 20, "phase_began": 20}
    _fill(sheet, [labels[name] for name in columns], rows, words["help"], [widths.get(name, 14) for name in columns])
    _unlock(sheet, range(locked + 1, len(columns) + 1), len(rows))
    for at, name in enumerate(columns, start=1):
        if name in choices:
            _drop_down(sheet, at, len(rows), lists[choices[name]])
    _about(book, {"what": "codings", "study": study, "coder": coder})
    book.save(path)


def write_settling_sheet(
    path: Path,
    *,
    study: str,
    differences: pd.DataFrame,
    texts: pd.DataFrame,
    coders: Sequence[str],
    language: str,
) -> int:
    """Write where coders differ as a sheet to settle; returns the number of rows.

    Parameters
    ----------
    differences
        As `ppp.coding.compare.differences` gives them. On Parity each factor that coders differ on is a row of its own.
    texts
        Columns ``activity_id``, ``title``, ``description``.
    coders
        In the order of their columns.
    """
    book, lists, words = _workbook(language)
    sheet = book.create_sheet(words["differences"], 0)
    names = _names(language)
    leaves: dict[str, str] = {leaf.id: leaf.label[language] for leaf in codebook().leaves}
    text = texts.set_index("activity_id")
    rows, kinds = [], []
    for row in differences.itertuples():
        start = [row.activity_id, *text.loc[row.activity_id, ["title", "description"]], words[row.dimension]]
        if row.dimension == "parity":
            given = {name: _directions(said) for name, said in row.codes.items()}
            for leaf in LEAVES:
                ways = [given[name].get(leaf, "no_evidence") if name in given else "" for name in coders]
                if len({way for way in ways if way}) > 1:
                    rows.append([*start, leaves[leaf], *(words[way] if way else "" for way in ways), "", "", "", ""])
                    kinds.append("polarity_or_none")
        else:
            ways = [
                "; ".join(names.get(code, code) for code in row.codes.get(name, "").split("; ") if code)
                for name in coders
            ]
            rows.append([*start, "", *ways, "", "", "", ""])
            kinds.append(row.dimension)
    columns = ["id", "title", "description", "dimension", "factor"]
    headers = [
        *(words[name] for name in columns),
        *coders,
        *(words[n] for n in ("settled", "settled_2", "kind", "why")),
    ]
    first = len(columns) + len(coders) + 1
    widths = [26, 28, 60, 16, 18, *[20] * len(coders), 20, 20, 20, 40]
    _fill(sheet, headers, rows, words["help"], widths)
    _unlock(sheet, range(first, first + 4), len(rows))
    for name in ("place", "phase_began", "polarity_or_none"):
        at = [number for number, kind in enumerate(kinds, start=_HEADER_ROW + 1) if kind == name]
        _drop_down_at(sheet, [first, first + 1] if name != "polarity_or_none" else [first], at, lists[name])
    _drop_down(sheet, first + 2, len(rows), lists["kind"])
    _about(book, {"what": "settling", "study": study, "coders": ";".join(coders)})
    book.save(path)
    return len(rows)


def _workbook(language: str) -> tuple[Workbook, dict[str, str], dict[str, str]]:
    """A workbook with the definitions and the lists of choices, the cells of each list, and our words."""
    if language not in _WORDS["id"]:
        raise BadInput(
            Problem(f"There are no sheets in “{language}”.", mend=did_you_mean(language, sorted(_WORDS["id"])))
        )
    words = {key: texts[language] for key, texts in _WORDS.items()}
    names = _names(language)
    book = Workbook()
    book.remove(book.active)
    _definitions(book.create_sheet(words["definitions"]), words, language)
    sheet = book.create_sheet(_LISTS)
    sheet.sheet_state = "hidden"
    choices = {
        "place": [names[code] for code in LEGAL["place"]],
        "phase_began": [names[code] for code in LEGAL["phase_began"]],
        "polarity": [words["supports"], words["barrier"]],
        "polarity_or_none": [words["supports"], words["barrier"], words["no_evidence"]],
        "sure": [words[key] for key in _SURE_KEYS],
        "state": [words["skip"], words["flag"]],
        "kind": [words[kind] for kind in KINDS],
    }
    lists = {}
    for at, (name, values) in enumerate(choices.items(), start=1):
        for row, value in enumerate(values, start=1):
            _put(sheet.cell(row, at), value)
        letter = get_column_letter(at)
        lists[name] = f"{_LISTS}!${letter}$1:${letter}${len(values)}"
    sheet.protection.sheet = True
    return book, lists, words


def _definitions(sheet: Worksheet, words: Mapping[str, str], language: str) -> None:
    columns = ["code", "label", "definition", "includes", "excludes", "examples"]
    rows = []
    book = codebook()
    for code in (*book.places, *book.phases, *book.leaves):
        lists = ("\n".join(getattr(code, name)[language]) for name in columns[3:])
        rows.append([code.id, code.label[language], code.definition[language], *lists])
    rows += [[code.id, code.label[language], code.definition[language], "", "", ""] for code in book.special]
    _fill(sheet, [words[name] for name in columns], rows, f"{book.source} {book.version}", [16, 22, 60, 50, 50, 50])


def _fill(sheet: Worksheet, headers: list[str], rows: list[list], note: str, widths: list[int]) -> None:
    _put(sheet.cell(1, 1), note)
    sheet.cell(1, 1).font = Font(italic=True)
    grey = PatternFill("solid", fgColor="EEEEEE")
    for at, header in enumerate(headers, start=1):
        cell = sheet.cell(_HEADER_ROW, at)
        _put(cell, header)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(at)].width = widths[at - 1]
    for number, row in enumerate(rows, start=_HEADER_ROW + 1):
        for at, value in enumerate(row, start=1):
            cell = sheet.cell(number, at)
            _put(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.fill = grey
        sheet.row_dimensions[number].height = _height(row, widths)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, min(3, len(headers)))
    protection = sheet.protection
    protection.sheet = True
    # Locked cells stay as they are; widths, sorting and filtering are the coder's own business.
    protection.formatColumns = protection.formatRows = protection.sort = protection.autoFilter = False


def _height(row: list, widths: list[int]) -> float:
    """The height in points of a row that shows all of its text: not every program finds it when it opens a file."""
    lines = 1
    for value, width in zip(row, widths, strict=True):
        if isinstance(value, str):
            lines = max(lines, sum(ceil(max(len(line), 1) / (width * 0.9)) for line in value.split("\n")))
    return min(_LINE * lines + 3, 400.0)


def _put(cell: Cell, value: object) -> None:
    """A text, never a formula, whatever it begins with."""
    text = "" if value is None or (not isinstance(value, str) and pd.isna(value)) else str(value)
    if not text:
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_767]
    cell.data_type = "s"
    if safe(text) != text:
        cell.quotePrefix = True


def _unlock(sheet: Worksheet, columns: Iterable[int], rows: int) -> None:
    white = PatternFill(fill_type=None)
    for at in columns:
        for number in range(_HEADER_ROW + 1, _HEADER_ROW + 1 + rows):
            cell = sheet.cell(number, at)
            cell.protection = Protection(locked=False)
            cell.fill = white


def _drop_down(sheet: Worksheet, column: int, rows: int, cells: str) -> None:
    _drop_down_at(sheet, [column], list(range(_HEADER_ROW + 1, _HEADER_ROW + 1 + rows)), cells)


def _drop_down_at(sheet: Worksheet, columns: list[int], rows: list[int], cells: str) -> None:
    if not rows:
        return
    choice = DataValidation(type="list", formula1=f"={cells}", allow_blank=True, showErrorMessage=True)
    for column in columns:
        letter = get_column_letter(column)
        ends = [row for row, after in zip(rows, [*rows[1:], 0], strict=True) if after != row + 1]
        starts = [rows[0], *(after for row, after in pairwise(rows) if after != row + 1)]
        for start, end in zip(starts, ends, strict=True):
            choice.add(f"{letter}{start}:{letter}{end}")
    sheet.add_data_validation(choice)


def _about(book: Workbook, values: Mapping[str, str]) -> None:
    sheet = book.create_sheet(_ABOUT)
    sheet.sheet_state = "hidden"
    for row, (name, value) in enumerate({**values, "codebook_version": codebook().version}.items(), start=1):
        _put(sheet.cell(row, 1), name)
        _put(sheet.cell(row, 2), value)
    sheet.protection.sheet = True


def _names(language: str) -> dict[str, str]:
    book = codebook()
    codes: list[Code | SpecialCode] = [*book.places, *book.phases, *book.special]
    return {code.id: code.label[language] for code in codes}


def _held_cells(codings: pd.DataFrame, names: Mapping[str, str], words: Mapping[str, str]) -> dict[str, dict[str, str]]:
    cells: dict[str, dict[str, str]] = {}
    for row in codings.itertuples():
        own = cells.setdefault(row.activity_id, {})
        if row.dimension == "parity" and row.code in LEAVES:
            own[row.code] = words[row.polarity]
        elif row.dimension in ("place", "phase_began"):
            second = "place_2" if row.dimension == "place" else "phase_2"
            own.setdefault(second if row.dimension in own else row.dimension, names[row.code])
        if not pd.isna(row.memo):
            own["memo"] = row.memo
        if not pd.isna(row.confidence):
            own["sure"] = words[_nearest(row.confidence)]
    return cells


def _nearest(confidence: float) -> str:
    return min(_SURE_KEYS, key=lambda key: abs(_SURE_KEYS[key] - confidence))


def _suggested(suggestions: pd.DataFrame, names: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    said: dict[str, list[str]] = {}
    for row in suggestions[suggestions["dimension"].isin(["place", "phase_began"])].itertuples():
        said.setdefault(row.activity_id, []).append(f"{names.get(row.code, row.code)} ({row.confidence:.0%})")
    return {activity: ", ".join(parts) for activity, parts in said.items()}


def _directions(said: str) -> dict[str, str]:
    return dict(part.split(":") for part in said.split("; ") if ":" in part)


# -- back --------------------------------------------------------------------------------------------------------------


def read_coding_sheet(
    path: Path, *, study: str, coder: str, known: Iterable[str], codings: pd.DataFrame | None = None
) -> Taken:
    """What a coder filled in.

    Parameters
    ----------
    study, coder
        Whose sheet it must be.
    known
        The activities assigned to the coder.
    codings
        The codes that the coder holds: where the sheet says how sure as they do, their own number stays.

    Raises
    ------
    BadInput
        Where the file is not such a sheet, or is another coder's. What is wrong in single rows is in ``problems``.
    """
    rows, about = _open(path, "codings", study)
    if about.get("coder") != coder:
        raise BadInput(
            Problem(
                "This is another coder’s sheet.", file=path.name, mend="Give --coder the name that it was made for."
            )
        )
    taken = Taken(codebook_version=about.get("codebook_version", ""))
    columns = _columns(path, rows, ["id", "place", "phase_began"])
    assigned = set(known)
    seen: set[str] = set()
    own = (
        {}
        if codings is None
        else dict(codings.dropna(subset="confidence").groupby("activity_id")["confidence"].first())
    )
    for number, cells in rows[1:]:
        given = {name: cells[at] for name, at in columns.items() if at < len(cells)}
        coded = [given.get(name) for name in (*_CODED, "state")]
        if not any(coded):
            continue
        faults: list[Problem] = []
        activity = _id(given.get("id"), assigned, seen, path, number, faults)
        place = _codes(given, ("place", "place_2"), "place", path, number, faults)
        phase = _codes(given, ("phase_began", "phase_2"), "phase_began", path, number, faults)
        pairs = [
            (leaf, way)
            for leaf in LEAVES
            if (way := _choice(given, leaf, {"supports": "supports", "barrier": "barrier"}, path, number, faults))
        ]
        sure = _choice(given, "sure", {key: key for key in _SURE_KEYS}, path, number, faults)
        state = _choice(given, "state", {"skip": "skip", "flag": "flag"}, path, number, faults)
        memo = _text(given, "memo", path, number, faults)
        if place and phase and (("none" in place) != ("none" in phase)):
            faults.append(
                _problem(path, number, "place", "One of place and phase says that this is no partnership activity.",
                         "Say so in both, or in neither.")
            )  # fmt: skip
        if "none" in place and pairs:
            faults.append(
                _problem(path, number, pairs[0][0], "What is no partnership activity holds no evidence on Parity.",
                         "Empty the factor, or code a place and a phase.")
            )  # fmt: skip
        if faults:
            taken.problems.extend(faults)
            continue
        if place or phase or pairs:
            taken.codings.append(
                Coding(
                    activity,
                    place=place or None,
                    phase_began=phase or None,
                    parity=pairs,
                    confidence=own[activity]
                    if activity in own and sure == _nearest(own[activity])
                    else _SURE_KEYS.get(sure),
                    memo=memo,
                    done=bool(place and phase),
                )
            )
        if state:
            taken.marks.append((activity, state, memo))
    return taken


def read_settling_sheet(path: Path, *, study: str, differences: pd.DataFrame) -> Taken:
    """What was settled.

    Parameters
    ----------
    differences
        What is to be settled now, as `ppp.coding.compare.differences` gives it: rows about anything else are wrong.

    Raises
    ------
    BadInput
        Where the file is not such a sheet.
    """
    rows, about = _open(path, "settling", study)
    taken = Taken(codebook_version=about.get("codebook_version", ""))
    columns = _columns(path, rows, ["id", "dimension", "settled", "kind"])
    open_ = {(row.activity_id, row.dimension): row.codes for row in differences.itertuples()}
    factors: dict[str, list[tuple]] = {}
    for number, cells in rows[1:]:
        given = {name: cells[at] for name, at in columns.items() if at < len(cells)}
        faults: list[Problem] = []
        dimension = _choice(
            given, "dimension", {n: n for n in ("place", "phase_began", "parity")}, path, number, faults
        )
        activity = given.get("id") or ""
        filled = any(given.get(name) for name in ("settled", "settled_2", "kind", "why"))
        if dimension == "parity" and (activity, "parity") in open_:
            factors.setdefault(activity, []).append((number, given, filled, faults))
            continue
        if not filled:
            continue
        if not faults and (activity, dimension) not in open_:
            faults.append(
                _problem(path, number, "id", "The coders do not differ here, or it is settled already.",
                         "Empty the row; to settle anew, write new differences.")
            )  # fmt: skip
        codes = _codes(given, ("settled", "settled_2"), dimension or "place", path, number, faults)
        kind = _choice(given, "kind", {kind: kind for kind in KINDS}, path, number, faults)
        why = _text(given, "why", path, number, faults)
        decision = Decision(activity, dimension, tuple((code, None) for code in codes), kind, why)
        _keep(taken, decision, faults, path, number)
    for activity, parts in factors.items():
        _take_factors(taken, activity, parts, open_[activity, "parity"], path)
    return taken


def _take_factors(taken: Taken, activity: str, parts: list[tuple], codes: Mapping[str, str], path: Path) -> None:
    """All factors of an activity make one decision: what the coders agreed on stays."""
    if not any(filled for _, _, filled, _ in parts):
        return
    given = [_directions(said) for said in codes.values()]
    settled = {leaf: way for leaf, way in given[0].items() if all(other.get(leaf) == way for other in given)}
    faults: list[Problem] = []
    kind, why = "", []
    ways = {"supports": "supports", "barrier": "barrier", "no_evidence": "no_evidence"}
    for number, cells, filled, own in parts:
        faults += own
        if not filled or not cells.get("settled"):
            faults.append(
                _problem(path, number, "settled", "The factors of one activity are settled together.",
                         "Fill in this row as well, or empty the activity’s other rows.")
            )  # fmt: skip
            continue
        leaf = _leaf(cells, path, number, faults)
        way = _choice(cells, "settled", ways, path, number, faults)
        kind = _choice(cells, "kind", {kind: kind for kind in KINDS}, path, number, faults) or kind
        why.append(_text(cells, "why", path, number, faults))
        if way in ("supports", "barrier"):
            settled[leaf] = way
    reason = " ".join(dict.fromkeys(part for part in why if part))
    decision = Decision(activity, "parity", tuple(settled.items()), kind, reason)
    _keep(taken, decision, faults, path, parts[0][0])


def _keep(taken: Taken, decision: Decision, faults: list[Problem], path: Path, number: int) -> None:
    if not faults:
        try:
            decision.check()
        except BadInput as error:
            faults = [_problem(path, number, p.column, p.what, p.mend) for p in error.problems]
    if faults:
        taken.problems.extend(faults)
    else:
        taken.decisions.append(decision)


_CODED = ("place", "place_2", "phase_began", "phase_2", *LEAVES)


def _open(path: Path, what: str, study: str) -> tuple[list[tuple[int, list[str]]], dict[str, str]]:
    """The filled rows of the first sheet, headers first, each with its number; and what the sheet says of itself."""
    mend = "Give the .xlsx file that `ppp code` wrote, saved as .xlsx."
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(Problem("The file is far too large for a sheet of codings.", file=path.name, mend=mend))
        book = load_workbook(path, read_only=False, data_only=False)
    except FileNotFoundError:
        raise BadInput(Problem("There is no such file.", file=str(path), mend="Check the name.")) from None
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError):
        raise BadInput(Problem("This is not a spreadsheet in the .xlsx format.", file=path.name, mend=mend)) from None
    about = {}
    if _ABOUT in book.sheetnames:
        about = {str(row[0]): str(row[1]) for row in book[_ABOUT].iter_rows(values_only=True, max_col=2) if row[0]}
    if about.get("what") != what or about.get("study") != study:
        told = "This is not such a sheet, or it was made for another study."
        raise BadInput(Problem(told, file=path.name, mend=mend))
    sheet = book[book.sheetnames[0]]
    rows = [
        (number, [_cell(cell) for cell in row])
        for number, row in enumerate(sheet.iter_rows(min_row=_HEADER_ROW), start=_HEADER_ROW)
    ]
    return [row for row in rows if any(row[1])] or [(_HEADER_ROW, [])], about


_LINE = 13.0  # points
_FORMULA = "\x00formula"


def _cell(cell: Cell) -> str:
    if cell.data_type == "f":
        return _FORMULA
    return "" if cell.value is None else str(cell.value).strip()


def _columns(path: Path, rows: list[tuple[int, list[str]]], needed: list[str]) -> dict[str, int]:
    known = {text.casefold(): key for key, texts in _WORDS.items() for text in texts.values() if key in _HEADERS}
    known |= {leaf.label[language].casefold(): leaf.id for leaf in codebook().leaves for language in ("en", "sv")}
    found: dict[str, int] = {}
    for at, header in enumerate(rows[0][1]):
        key = known.get(header.casefold())
        if key:
            found.setdefault(key, at)
    missing = [name for name in needed if name not in found]
    if missing:
        names = ", ".join(_WORDS[name]["en"] for name in missing)
        raise BadInput(
            Problem(
                f"Columns are missing: {names}.", path.name, _HEADER_ROW, mend="Use the sheet as `ppp code` wrote it."
            )
        )
    return found


_HEADERS = {
    "id", "place", "place_2", "phase_began", "phase_2", "sure", "memo", "state", "dimension", "factor", "settled",
    "settled_2", "kind", "why",
}  # fmt: skip


def _problem(path: Path, row: int, column: str, what: str, mend: str) -> Problem:
    texts = _WORDS.get(column)
    return Problem(what, file=path.name, row=row, column=texts["en"] if texts else column, mend=mend)


def _id(value: str | None, known: set, seen: set, path: Path, row: int, faults: list[Problem]) -> str:
    activity = value or ""
    if activity not in known:
        faults.append(_problem(path, row, "id", "This id is not one of the coder’s activities.", "Restore the id."))
    elif activity in seen:
        faults.append(_problem(path, row, "id", "This activity stands in two rows.", "Keep one of them."))
    seen.add(activity)
    return activity


def _choice(
    given: Mapping[str, str], name: str, allowed: Mapping[str, str], path: Path, row: int, faults: list[Problem]
) -> str:
    """The choice in that cell: our word for it in any language, or its id; "" where the cell is empty."""
    text = given.get(name) or ""
    if not text:
        return ""
    known = {key.casefold(): value for key, value in allowed.items()}
    known |= {text.casefold(): value for key, value in allowed.items() for text in _WORDS[key].values()}
    return _known(text, known, [_WORDS[key]["en"] for key in allowed], name, path, row, faults)


def _codes(
    given: Mapping[str, str], names: tuple[str, str], dimension: str, path: Path, row: int, faults: list[Problem]
) -> list[str]:
    """The codes in those cells, the main one first."""
    labels = {language: _names(language) for language in ("en", "sv")}
    known = {code.casefold(): code for code in LEGAL[dimension]}
    known |= {labels[language][code].casefold(): code for language in labels for code in LEGAL[dimension]}
    shown = [labels["en"][code] for code in LEGAL[dimension]]
    found = []
    for name in names:
        if given.get(name):
            code = _known(given[name], known, shown, name, path, row, faults)
            if code and code in found:
                faults.append(_problem(path, row, name, "The same code is given twice.", "Empty the second cell."))
            found.append(code)
    if names[1] in given and given.get(names[1]) and not given.get(names[0]):
        faults.append(
            _problem(path, row, names[0], "There is a second code and no first one.", "Move it to the first.")
        )
    if len(found) > 1 and {"none", "not_stated"} & set(found):
        faults.append(
            _problem(
                path, row, names[1], "“Not stated” and “no partnership” stand alone.", "Empty one of the two cells."
            )
        )
    return [code for code in found if code]


def _known(
    text: str, known: Mapping[str, str], shown: list[str], name: str, path: Path, row: int, faults: list[Problem]
) -> str:
    if text == _FORMULA:
        faults.append(_problem(path, row, name, "There is a formula in this cell.", "Choose from the list."))
        return ""
    if text.casefold() not in known:
        # What was written is not repeated: it may be a piece of an answer, pasted into the wrong cell.
        faults.append(
            _problem(path, row, name, "This is not one of the choices.", f"Choose from the list: {', '.join(shown)}.")
        )
        return ""
    return known[text.casefold()]


def _text(given: Mapping[str, str], name: str, path: Path, row: int, faults: list[Problem]) -> str:
    text = given.get(name) or ""
    if text == _FORMULA:
        faults.append(_problem(path, row, name, "There is a formula in this cell.", "Write words; no = in front."))
        return ""
    return text


def _leaf(cells: Mapping[str, str], path: Path, row: int, faults: list[Problem]) -> str:
    leaves = codebook().leaves
    known: dict[str, str] = {leaf.label[language].casefold(): leaf.id for leaf in leaves for language in ("en", "sv")}
    known |= {leaf: leaf for leaf in LEAVES}
    return _known(cells.get("factor") or "?", known, list(LEAVES), "factor", path, row, faults)
