"""An export of our own form, recognized by its questions' names or texts, whatever tool it went through.

What comes back has the form's own names and values, so that one mapping fits all platforms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from ppp.framework import LANGUAGES, LEAVES, PHASES
from ppp.surveys.export import SurveyExport
from ppp.surveys.instrument.form import ACTIVITY, Option, Question, form
from ppp.surveys.mapping import Mapping
from ppp.surveys.text import plain

__all__ = ["recognize"]

_MOST_ACTIVITIES = 20
_ESCAPES = {"dont_know": "Vet inte", "not_applicable": "Inte aktuellt", "refused": "Vill inte svara"}
_OWN = {
    "ppp_id": ("record_id", "responseid", "_uuid", "uuid", "meta/instanceid", "response id", "respondent id", "_id", "id"),
    "ppp_submitted_at": ("submitdate", "_submission_time", "recorddate", "recordeddate", "enddate", "end", "completion time", "partnership_timestamp", "timestamp"),
    "ppp_language": ("startlanguage", "userlanguage", "language"),
}  # fmt: skip
"""The platforms' own columns, the best first."""


def recognize(export: SurveyExport) -> tuple[SurveyExport, Mapping] | None:
    """The export with our form's names and values, and its mapping; nothing where it is not our form.

    An export is ours if it holds the organization by our name with half of the Parity statements or an activity; or,
    by their texts only, the organization and every statement: another form may share a few of our words.
    Answers that the form does not offer stay as they are.
    """
    columns = _Columns(export)
    found: dict[str, pd.Series] = {}
    activities = 0
    for question in form(activities=_MOST_ACTIVITIES).questions:
        column = columns.whole(question)
        if question.kind == "multiple":
            ticks = _ticks(export, columns, question, column)
            found.update(ticks)
        elif column is not None:
            found[question.name] = _values(export, column, question)
        if question.name == f"act{question.block}_title" and column is not None:
            activities = question.block
    statements = [leaf for leaf in LEAVES if f"par_{leaf}" in found]
    by_name = "ppp_organization" in columns.named and (len(statements) >= len(LEAVES) / 2 or activities)
    if "ppp_organization" not in found or not (by_name or len(statements) == len(LEAVES)):
        return None
    for name, known in _OWN.items():
        cells = next(filter(lambda one: one is not None, (columns.platform(own) for own in known)), None)
        if cells is not None and (name != "ppp_id" or _identifies(cells)):
            found[name] = cells
    answers = pd.DataFrame(found, index=export.answers.index)
    names = list(answers)
    questions = pd.DataFrame({"name": names, "text": names, "kind": "", "group": ""})
    renamed = replace(export, answers=answers, questions=questions, choices=export.choices.iloc[:0], repeats={})
    return renamed, _mapping(set(answers), statements, activities, columns.language)


def _mapping(names: set[str], statements: Sequence[str], activities: int, language: str | None) -> Mapping:
    def optional(name: str) -> str | None:
        return name if name in names else None

    ratings = {"scale": ["1", "2", "3", "4"], "items": {leaf: [f"par_{leaf}"] for leaf in statements}}
    block: dict = {"blocks": activities}
    for key in ACTIVITY:
        if key == "phases":
            # Every block must hold them: a form cut short by hand else asks for columns that are not there.
            if all(f"act{n}_phases_{phase}" in names for n in range(1, activities + 1) for phase in PHASES):
                block[key] = {phase: "act{n}_phases_" + phase for phase in PHASES}
        elif all(f"act{n}_{key}" in names for n in range(1, activities + 1)):
            block[key] = "act{n}_" + key
    spoken = optional("ppp_language") or ({"constant": language} if language else None)
    return Mapping.model_validate(
        {
            "response_id": optional("ppp_id"),
            "organization": "ppp_organization",
            "role": optional("ppp_role"),
            "language": spoken,
            "submitted_at": optional("ppp_submitted_at"),
            "ratings": ratings if statements else None,
            "activities": block if activities and "title" in block else None,
        }
    )


class _Columns:
    """Finds the column of a question among those of an export."""

    def __init__(self, export: SurveyExport) -> None:
        self.export = export
        self.named: set[str] = set()
        self._by_key: dict[str, str] = {}
        self._by_text: dict[str, list[str]] = {}
        texts = dict(zip(export.questions["name"], export.questions["text"], strict=True))
        for column in map(str, export.answers):
            for key in _keys(column):
                self._by_key.setdefault(key, column)
            for text in {column, str(texts.get(column, ""))}:
                self._by_text.setdefault(_bare(text), []).append(column)
        heard = {
            language: sum(_bare(question.words[language]) in self._by_text for question in form().questions)
            for language in LANGUAGES
        }
        most = max(heard, key=heard.__getitem__)
        self.language = most if heard[most] and sum(heard.values()) == heard[most] else None

    def whole(self, question: Question) -> str | None:
        """The column that holds the question's answer in one cell."""
        for key in _keys(question.name) + ([_key("parity" + question.name[4:])] if question.name[:4] == "par_" else []):
            if key in self._by_key:
                self.named.add(question.name)
                return self._by_key[key]
        for words in (*question.words.values(), " / ".join(question.words.values())):
            # The same question of the second activity is the second column of that text.
            same = self._by_text.get(_bare(words), [])
            at = max(question.block, 1) - 1
            if at < len(same):
                return same[at]
        return None

    def part(self, question: Question, option: Option, number: int) -> str | None:
        """The column of one choice of a question with several answers."""
        for suffix in (option.value, f"SQ{number:03d}", *map(_key, option.words.values()), str(number)):
            column = self._by_key.get(_key(question.name + suffix))
            if column is not None:
                return column
        return None

    def platform(self, name: str) -> pd.Series | None:
        """A column of the platform's own, among the answers or beside them."""
        for table in (self.export.metadata, self.export.answers):
            for column in table:
                if plain(str(column)) == name:
                    return table[column].astype("object").where(table[column].notna(), "").astype(str)
        return None


def _ticks(export: SurveyExport, columns: _Columns, question: Question, column: str | None) -> dict[str, pd.Series]:
    """One column a phase, ``1`` where it was ticked."""
    phases = [option for option in question.options if not option.is_escape]
    parts = {
        option.value: columns.part(question, option, at)
        for at, option in enumerate(question.options, start=1)
        if not option.is_escape
    }
    if all(parts.values()):
        return {f"{question.name}_{phase}": export.answers[part].map(_tick) for phase, part in parts.items()}
    if column is None:
        return {}
    cells = export.answers[column].map(plain)
    labels = {code: plain(label) for code, label in export.labels(column).items()}
    ticked = {}
    for at, option in enumerate(question.options, start=1):
        if not option.is_escape:
            words = {plain(text) for text in option.words.values()}
            codes = {option.value, str(at), f"a{at}", *(code for code, label in labels.items() if label in words)}
            ticked[f"{question.name}_{option.value}"] = cells.map(
                lambda cell, words=words, codes=codes: (
                    "1" if any(text in cell for text in words) or codes & set(re.split(r"[\s;,|]+", cell)) else "0"
                )
            )
    return ticked if phases else {}


def _tick(cell: object) -> str:
    return "0" if plain(str(cell)) in ("", "0", "0.0", "n", "no", "nej", "false", "unchecked") else "1"


def _values(export: SurveyExport, column: str, question: Question) -> pd.Series:
    """The answers as the form's own values; escapes in words that the tidy tables know."""
    given = export.answers[column].astype("object").where(export.answers[column].notna(), "").astype(str)
    if not question.options:
        labels = export.labels(column)
        return given.map(lambda answer: labels.get(answer.strip(), answer))
    known: dict[str, str] = {}
    for at, option in enumerate(question.options, start=1):
        value = _ESCAPES.get(option.value, option.value)
        # Numbers in order are what Qualtrics exports, A1 … what our LimeSurvey form states.
        for word in (str(at), f"A{at}", option.value, *option.words.values(), " / ".join(option.words.values())):
            known.setdefault(plain(word), value)
        known.update({plain(" / ".join(reversed(list(option.words.values())))): value})
        known[plain(option.value)] = value
    labels = {plain(code): plain(label) for code, label in export.labels(column).items()}
    said = given.map(plain).map(lambda answer: labels.get(answer, answer))
    return said.map(known).where(said.isin(known), given)


def _identifies(cells: pd.Series) -> bool:
    said = cells.str.strip()
    return bool((said != "").all() and not said.duplicated().any())


def _keys(name: str) -> list[str]:
    """The ways to write a question's name: with its group before it, or its text after it."""
    bare = re.split(r"\.\s", name)[0]
    last = re.split(r"[/.:]", bare)[-1]
    choice = "/".join(bare.split("/")[-2:])
    return list(dict.fromkeys(key for key in map(_key, (name, bare, last, choice)) if key))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", plain(name))


def _bare(text: str) -> str:
    """A question's text as it is compared: without its activity's number before it."""
    return re.sub(r"^(aktivitet|activity) \d+ ?[:–-] ?", "", plain(text)).rstrip(" .:?")
