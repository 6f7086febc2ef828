"""Qualtrics: CSV or XLSX with two or three header rows, numbers or choice texts; SPSS. Labels from the survey's .qsf.

Columns are joined to the survey by ImportId, never by the suffix of their name: ``Q6_1`` can be choice 399.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict

import pandas as pd

from ppp.errors import BadInput, Problem
from ppp.surveys.export import MISSING_CODES, SurveyExport
from ppp.surveys.grid import File, frame, unique
from ppp.surveys.platforms import spss
from ppp.surveys.platforms.shape import choices_table, flag, index_column, questions_table, set_apart
from ppp.surveys.text import readable

__all__ = ["certainty", "read"]

_OWN = {
    "responseid", "responseset", "name", "externaldatareference", "externalreference", "emailaddress", "ipaddress",
    "status", "startdate", "enddate", "finished", "progress", "duration (in seconds)", "duration__in_seconds_",
    "recordeddate", "recipientlastname", "recipientfirstname", "recipientemail", "distributionchannel", "userlanguage",
    "locationlatitude", "locationlongitude", "locationaccuracy",
}  # fmt: skip
_TESTS = {"1", "2", "9", "17", "survey preview", "survey test", "spam preview", "offline survey preview", "preview", "1.0", "2.0"}  # fmt: skip
_IMPORT = re.compile(r"""['"]ImportId['"]\s*:\s*['"]([^'"]+)['"]""")
_CHOICE = re.compile(r"""['"]choiceId['"]\s*:\s*['"]?(\d+)""")
_PLACE = re.compile(r"^(QID\d+)(#\d+)?((?:[-_]-?\d+)*)((?:[-_]TEXT)?)$")


def certainty(file: File) -> float:
    """Sure with ImportIds or the legacy names; nearly so with its metadata columns."""
    if file.kind == "sav":
        names = {name.casefold() for name in spss.names(file)}
        return 0.95 if {"responseid", "startdate", "finished"} <= names else 0.0
    if file.kind not in ("text", "sheet"):
        return 0.0
    if _header_rows(file)[0] >= 2:
        return 1.0
    found = {name.casefold() for name in file.grid.heading} & (_OWN - {"name"})
    return 0.9 if "responseid" in found and len(found) >= 4 else 0.6 if len(found) >= 4 else 0.0


def _header_rows(file: File) -> tuple[int, list[str]]:
    """How many header rows there are, and each column's own name for the platform."""
    first, second, third = (file.grid.row(at) for at in (1, 2, 3))
    if sum("ImportId" in cell for cell in third) >= max(1, len(third) / 2):
        return 3, first
    own = {cell.strip().casefold() for cell in second} & _OWN
    if {"V1", "V2", "V3"} <= {cell.strip() for cell in first} and len(own) >= 3:
        return 2, second
    if "responseid" in {cell.strip().casefold() for cell in first}:
        at = [cell.strip().casefold() for cell in first].index("responseid")
        if len(second) > at and second[at].strip().casefold().replace(" ", "") == "responseid":
            return 2, first
    return 1, first


def read(file: File) -> SurveyExport:
    """The export.

    Raises
    ------
    BadInput
        Where the file named as its survey is no .qsf.
    """
    if file.kind == "sav":
        return spss.read(file, platform="qualtrics", own=lambda name: name.casefold() in _OWN)
    grid = file.grid
    header_rows, owned = _header_rows(file)
    names, _ = unique(grid.heading)
    texts = grid.row(2) if header_rows > 1 else names
    table = frame(grid, name=file.name, header_rows=header_rows, headings=names)
    trailing = [name for name, head in zip(names, grid.heading, strict=True) if not head and (table[name] == "").all()]
    called = dict(zip(names, (cell.strip() for cell in owned), strict=True))
    table = table.drop(columns=trailing)
    index = names[: index_column(grid, below=header_rows)]
    answers, metadata, identifiers, notes = set_apart(
        table, lambda name: called[name].casefold() in _OWN or name in index, called
    )
    by_name = {called[name].casefold(): table[name] for name in metadata}
    places = _places(grid.row(3) if header_rows == 3 else [], names)
    questions, choices = _questions(answers, dict(zip(names, texts, strict=True)), places, _survey(file.companion))
    seen = any((answers[column].str.strip() == "-99").any() for column in answers)
    if seen:
        notes.append("-99 was read as “seen, not answered”, and an empty cell as “not shown”")
    codes = [("", "-99", "skipped"), ("", "", "not_shown")] if seen else []
    if header_rows == 1:
        notes.append("the rows with question texts are missing from the file")
    return SurveyExport(
        "qualtrics",
        grid.source,
        answers,
        questions,
        choices,
        metadata=metadata,
        identifiers=identifiers,
        is_test=flag(by_name.get("status"), _TESTS),
        is_complete=flag(by_name.get("finished"), {"1", "true", "yes", "1.0"}),
        missing_codes=pd.DataFrame(codes, columns=list(MISSING_CODES)),
        codes_tick=True,
        headings=tuple(tuple(grid.row(at)) for at in range(1, header_rows + 1)),
        rest={sheet: rows for sheet, rows in file.sheets.items() if sheet != grid.source.sheet},
        notes=(*grid.notes, *notes),
    )


def _places(ids: list[str], names: list[str]) -> dict[str, tuple[str, list[str], bool]]:
    """For each column its question's id, the ids of statement and choice, and whether it is a text beside a choice."""
    found = {}
    for name, cell in zip(names, ids, strict=False):
        given = _IMPORT.search(cell)
        place = _PLACE.match(given[1]) if given else None
        if place:
            parts = re.findall(r"-?\d+", re.sub(r"^[-_]|[-_](?=-?\d)", " ", place[3]))
            choice = _CHOICE.search(cell)
            parts += [choice[1]] if choice and choice[1] not in parts else []
            found[name] = (place[1] + (place[2] or ""), parts, bool(place[4]))
    return found


def _survey(companion: File | None) -> dict[str, dict]:
    """The survey's questions by their id, and by their export tag for files without ImportIds."""
    if companion is None:
        return {}
    try:
        survey = json.loads(companion.data.decode("utf-8-sig"))
        payloads = [each["Payload"] for each in survey["SurveyElements"] if each.get("Element") == "SQ"]
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            Problem(
                "This is not a Qualtrics survey file.",
                file=companion.name,
                mend="In Qualtrics: Survey, Tools, Import/Export, Export survey; it ends in .qsf.",
            )
        ) from None
    found = {}
    for payload in payloads:
        for number, part in (payload.get("AdditionalQuestions") or {}).items():
            found[f"{payload['QuestionID']}#{number}"] = {
                **part,
                "QuestionText": f"{payload.get('QuestionText', '')} - {part.get('QuestionText', '')}",
                "Choices": part.get("Choices") or payload.get("Choices"),
            }
        found[payload["QuestionID"]] = payload
        found.setdefault(f"tag {payload.get('DataExportTag')}", payload)
    return found


def _options(question: dict, key: str) -> list[tuple[str, str, str]]:
    """Ids, codes and labels of a question's choices (``Choices``) or scale points (``Answers``)."""
    given = question.get(key) or {}
    items = given.items() if isinstance(given, dict) else enumerate(given, start=1)
    recoded = question.get("RecodeValues") or {}
    recoded = recoded if isinstance(recoded, dict) else {}
    use = recoded if key == "Answers" or not question.get("Answers") else {}
    return [(str(at), str(use.get(str(at), at)), readable(str(item.get("Display", "")))) for at, item in items]


def _questions(answers: pd.DataFrame, texts: dict[str, str], places: dict, survey: dict) -> tuple:
    questions: list[tuple] = []
    choices: list[tuple] = []
    groups: dict[tuple, list[str]] = defaultdict(list)
    for column in answers:
        qid, parts, is_text = places.get(column, ("", [], False))
        known = survey.get(qid) or (survey.get(f"tag {column}") or survey.get(f"tag {re.sub(r'_[-0-9]+$', '', column)}") if not qid else None)  # fmt: skip
        if is_text or column.endswith("_TEXT"):
            questions.append((column, texts[column], "text"))
        elif known:
            _known_column(column, texts[column], parts, known, answers[column], questions, choices)
        elif parts or re.search(r"_\d+$", column):
            base = (qid, *parts[:-1]) if parts else (re.sub(r"_\d+$", "", column),)
            groups[base].append(column)
        else:
            questions.append((column, texts[column], ""))
    for columns in groups.values():
        _unknown_group(columns, texts, answers, questions, choices)
    order = {column: at for at, column in enumerate(answers)}
    first = {row[0]: order[row[3]] for row in reversed(choices) if len(row) > 3 and row[3] in order}
    table = questions_table(dict.fromkeys(questions))
    place = table["name"].map(lambda name: first.get(name, order.get(name, len(order))))
    return table.iloc[place.argsort(kind="stable")].reset_index(drop=True), choices_table(choices)


def _known_column(column, text, parts, known, cells, questions, choices) -> None:
    """One column of a question that the survey file describes."""
    kind, selector = known.get("QuestionType"), known.get("Selector", "")
    sub = known.get("SubSelector", "")
    tag = known.get("DataExportTag", column)
    whole = readable(known.get("QuestionText", "")) or text
    if kind == "MC" and selector.startswith("MA"):
        options = _options(known, "Choices")
        label = {at: (code, label) for at, code, label in options}
        if parts and parts[-1] in label:
            choices.append((tag, *label[parts[-1]], column))
            questions.append((tag, whole, "multiple"))
        else:
            questions.append((column, whole, "multiple", "", ","))
            choices += [(column, code, label, f"{column}[{code}]") for _, code, label in options]
    elif kind == "MC":
        questions.append((column, whole, "single"))
        choices += [(column, code, label) for _, code, label in _options(known, "Choices")]
    elif kind == "Matrix" and sub == "MultipleAnswer" and len(parts) >= 2:
        statement = {at: label for at, _, label in _options({**known, "Answers": None}, "Choices")}.get(parts[0], "")
        point = {at: (code, label) for at, code, label in _options(known, "Answers")}
        code, label = point.get(parts[1], (parts[1], text))
        questions.append((f"{tag}_{parts[0]}", f"{whole} - {statement}", "multiple"))
        choices.append((f"{tag}_{parts[0]}", code, label, column))
    elif kind == "Matrix" and selector != "TE":
        statement = {at: label for at, _, label in _options({**known, "Answers": None}, "Choices")}.get(parts[0] if parts else "", "")  # fmt: skip
        questions.append((column, f"{whole} - {statement}" if statement else text, "single"))
        choices += [(column, code, label) for _, code, label in _options(known, "Answers")]
    elif kind in ("TE", "Matrix"):
        questions.append((column, text, "text"))
    else:
        questions.append((column, text, "number" if kind in ("Slider", "RO", "CS") else ""))


def _unknown_group(columns, texts, answers, questions, choices) -> None:
    """Columns of one question without a survey file: a multi-select if each column holds one value or nothing."""
    values = [set(answers[column].str.strip().unique()) - {"", "-99", "0"} for column in columns]
    pieces = [re.split(r"\s*[-–]\s*(?=[^-–]*$)", texts[column], maxsplit=1) for column in columns]
    labels = [piece[-1] for piece in pieces]
    single = all(len(value) <= 1 for value in values) and any(values)
    said = [
        value <= {label.strip()} or value <= {"1", "1.0"} or readable(next(iter(value))) == readable(label)
        for value, label in zip(values, labels, strict=True)
    ]
    name = re.sub(r"_\d+$", "", columns[0])
    if len(columns) >= 2 and single and all(said) and name not in answers:
        text = re.sub(r"\s*-\s*Selected Choice\s*$", "", pieces[0][0])
        questions.append((name, text, "multiple"))
        for column, label in zip(columns, labels, strict=True):
            choices.append((name, column.removeprefix(f"{name}_"), label, column))
    else:
        questions.extend((column, texts[column], "") for column in columns)
