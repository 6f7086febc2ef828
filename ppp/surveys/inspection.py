"""What a file is, for `ppp inspect`: its platform, questions and shapes, and never what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ppp.surveys.export import SurveyExport
from ppp.surveys.typed import missing, typed

__all__ = ["describe", "lines"]

_MOST_CHOICES = 12
_LEAST_ANSWERS = 5
"""An answer that this many gave is taken for a choice; what fewer gave may be their own words."""
_LONGEST = 100
_SHAPES = {False: "one column a choice", True: "one column a mention"}


def describe(export: SurveyExport) -> dict[str, Any]:
    """The export in words and numbers, ready for JSON. For the study's own people: it holds exact counts.

    Choices are listed where the file declares them; otherwise only where a question's answers are so few and come back
    so often that they must be choices. Answers to free-text questions are never listed.
    """
    answers = export.answers
    view = typed(export)
    choices = export.choices
    columns_of = choices[choices["column"] != ""].groupby("question", sort=False)["column"].agg(list).to_dict()
    read_off = "googleforms" in export.platform or export.platform in ("msforms", "alchemer")
    questions, several = [], []
    for question in export.questions.itertuples(index=False):
        tables = [table for table in export.repeats.values() if question.name in table]
        own = [column for column in columns_of.get(question.name, []) if column in answers or column in view]
        there = question.name in answers
        if not there and not own and not tables and not any(c in t for c in columns_of.get(question.name, []) for t in export.repeats.values()):  # fmt: skip
            continue
        listed = choices[choices["question"] == question.name]
        options = [{"code": row.code, "label": row.label} for row in listed.itertuples()]
        if options and read_off:
            ticked = export.ticks(question.name)
            options = [option for option, column in zip(options, listed["column"], strict=True) if column not in ticked or int(ticked[column].sum()) >= _LEAST_ANSWERS]  # fmt: skip
        kind = question.kind
        if not kind and there:
            kind = _kind(view[question.name])
            seen = _closed_set(answers[question.name]) if kind == "" else []
            options = [{"code": "", "label": answer} for answer in seen]
            kind = "single" if seen else kind or "text"
        questions.append(
            {
                "name": question.name, "text": question.text, "type": kind or "text", "group": question.group,
                "choices": options, "declared": bool(len(listed)) and not read_off,
            }
        )  # fmt: skip
        if kind == "multiple":
            several.append(
                {
                    "question": question.name,
                    "choices": len(listed),
                    "shape": "one cell" if there else _SHAPES[question.name in export.mentions],
                    "separator": question.separator if there else "",
                }
            )
    why = missing(export)
    reasons = why.stack().value_counts() if len(why.columns) else pd.Series(dtype=int)
    return {
        "file": export.source.name,
        "platform": export.platform,
        "certainty": round(export.certainty, 2) if not export.guess else 0.0,
        "looks_like": {"platform": export.guess, "certainty": round(export.certainty, 2)} if export.guess else None,
        "encoding": export.source.encoding,
        "delimiter": export.source.delimiter,
        "sheet": export.source.sheet,
        "bytes": export.source.size,
        "responses": len(answers),
        "test_responses": int(export.is_test.sum()) if export.is_test is not None else None,
        "finished_responses": int(export.is_complete.sum()) if export.is_complete is not None else None,
        "columns": {"answers": answers.shape[1], "platform": export.metadata.shape[1], "set_apart": export.identifiers.shape[1]},
        "questions": questions,
        "multi_selects": several,
        "repeats": [
            {"name": name, "rows": len(table), "columns": [column for column in table if column != "respondent"]}
            for name, table in export.repeats.items()
        ],
        "missing": {str(reason): int(count) for reason, count in reasons.items()},
        "left_out": _left_out(export),
        "warnings": list(export.notes),
    }  # fmt: skip


def _kind(cells: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(cells.dtype):
        return "yes_no"
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return "number"
    return "date" if pd.api.types.is_datetime64_any_dtype(cells.dtype) else ""


def _closed_set(cells: pd.Series) -> list[str]:
    """The answers of a question if they can only be choices: few, short, and each given by many."""
    counts = cells[cells.str.strip() != ""].value_counts()
    if not 1 < len(counts) <= _MOST_CHOICES or counts.min() < _LEAST_ANSWERS:
        return []
    if max(len(answer) for answer in counts.index) > _LONGEST or counts.sum() < 4 * len(counts):
        return []
    return [str(answer).strip() for answer in counts.index]


def _left_out(export: SurveyExport) -> list[dict[str, Any]]:
    found = []
    if export.identifiers.shape[1]:
        found.append({"what": list(export.identifiers.columns), "why": "can point at a person; no table gets them"})
    if export.metadata.shape[1]:
        found.append({"what": list(export.metadata.columns), "why": "the platform's own; a mapping can name them"})
    if export.is_test is not None and export.is_test.any():
        found.append({"what": [f"{int(export.is_test.sum())} responses"], "why": "tests or previews; no tidy table gets them"})  # fmt: skip
    if export.rest:
        found.append({"what": list(export.rest), "why": "sheets or rows that hold no answers of respondents"})
    return found


def lines(about: dict[str, Any]) -> Iterator[str]:
    """The same as text."""
    plain = about["platform"] in ("csv", "xlsx")
    sure = "a plain table" if plain and not about["looks_like"] else f"certainty {about['certainty']:.0%}"
    if about["looks_like"]:
        sure = f"a plain table; looks like {about['looks_like']['platform']}, {about['looks_like']['certainty']:.0%}"
    yield f"{about['file']}: {about['platform']} ({sure})"
    delimiter = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(about["delimiter"], about["delimiter"])
    how = [("encoding", about["encoding"]), ("delimiter", delimiter), ("sheet", about["sheet"])]
    yield "  " + ", ".join([*(f"{name} {value}" for name, value in how if value), f"{about['bytes']:,} bytes"])
    counted = [f"{about['responses']} responses"]
    if about["test_responses"] is not None:
        counted.append(f"{about['test_responses']} of them tests")
    if about["finished_responses"] is not None:
        counted.append(f"{about['finished_responses']} finished")
    yield "  " + ", ".join(counted)
    yield ""
    yield f"{len(about['questions'])} questions:"
    for question in about["questions"]:
        text = "" if question["text"] == question["name"] else f"  {_cut(question['text'], 90)}"
        yield f"  {_cut(question['name'], 60)} [{question['type']}]{text}"
        if question["choices"]:
            shown = [
                f"{option['code']}={option['label']}"
                if option["code"] not in ("", option["label"])
                else option["label"]
                for option in question["choices"]
            ]
            more = f" … {len(shown) - 12} more" if len(shown) > 12 else ""
            yield "      " + " | ".join(_cut(option, 40) for option in shown[:12]) + more
    if about["multi_selects"]:
        yield ""
        yield f"{len(about['multi_selects'])} multi-selects:"
        for one in about["multi_selects"]:
            joined = f", choices joined by “{one['separator']}”" if one["separator"] else ""
            yield f"  {_cut(one['question'], 60)}: {one['choices']} choices, {one['shape']}{joined}"
    for part in about["repeats"]:
        yield f"Repeating part {part['name']}: {part['rows']} rows, {len(part['columns'])} columns"
    if about["missing"]:
        yield ""
        yield "No answer: " + ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in about["missing"].items())  # fmt: skip
    if about["left_out"]:
        yield "Kept apart:"
        for one in about["left_out"]:
            named = ", ".join(_cut(name, 40) for name in one["what"][:8])
            more = f" and {len(one['what']) - 8} more" if len(one["what"]) > 8 else ""
            yield f"  {named}{more}: {one['why']}"
    if about["warnings"]:
        yield "Assumed and found:"
        yield from (f"  {warning}" for warning in about["warnings"])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
