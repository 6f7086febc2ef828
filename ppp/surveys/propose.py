"""A mapping proposed from an export: by question texts in both languages, and by what the answers look like.

A proposal is for a person to correct. It says how certain each line is, and never decides for the study.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd
import yaml
from rapidfuzz import fuzz

from ppp.framework import LANGUAGES, LEAVES, codebook, instrument
from ppp.surveys.export import SurveyExport
from ppp.surveys.text import plain
from ppp.surveys.vocabulary import meanings

__all__ = ["Proposal", "as_yaml", "propose"]

SURE = 0.85
"""Below this a person should look."""
_LEAST = 0.6
_KINDS = {"role": "role", "initiated_by": "initiated_by", "place": "place", "meeting_place": "place", "phase_began": "phase", "compensated": "yes_no", "expenses_paid": "yes_no", "training_given": "yes_no", "contact_named": "yes_no", "lead_rotates": "yes_no"}  # fmt: skip
_EXTRA = {
    "response_id": ["id", "response id", "svars-id", "record id", "respondent id", "responseid"],
    "organization": ["organisation", "organization", "vilken organisation svarar du för", "which organisation do you answer for", "arbetsplats", "verksamhet"],
    "role": ["roll", "role", "vem är du", "i answer as", "vilken är din roll"],
    "language": ["språk", "language"],
    "submitted_at": ["inskickat", "tidpunkt", "completion time", "submitted", "datum", "date", "submitdate"],
    "title": ["namn på aktiviteten", "vad kallar ni den", "what do you call the activity", "aktivitet namn", "activity name", "title"],
    "description": ["beskrivning", "vad gjorde ni", "what did you do", "description"],
    "place": ["nivå", "level", "place"],
    "phase_began": ["fas", "när kom patienterna med", "when did patients join", "phase began"],
    "patients_n": ["antal patienter", "number of patients"],
    "professionals_n": ["antal professionella", "antal medarbetare", "number of professionals"],
    "compensated": ["fick patienterna betalt", "betalt", "arvode", "were patients paid"],
}  # fmt: skip
_TOP = ("response_id", "organization", "role", "language", "submitted_at")


@dataclass(frozen=True)
class Proposal:
    """One line of a mapping: what a question is taken to be, how certainly (0 to 1), and why.

    `target` is a key of the mapping, ``ratings.<factor>`` or ``activities.<key>``; `question` holds ``{n}`` where it is
    asked of several activities, `blocks` of them.
    """

    target: str
    question: str
    certainty: float
    why: str
    blocks: int = 1


def propose(export: SurveyExport) -> list[Proposal]:
    """The mapping that fits best, one line a question that was recognized, the surest first within each part."""
    texts = dict(zip(export.questions["name"], export.questions["text"], strict=True))
    names = {**{key: [] for key in _TOP}, **{key: list(text.root.values()) for key, text in instrument().activity.items()}}  # fmt: skip
    names["organization"] += list(instrument().organization.root.values())
    names["role"] += list(instrument().role.root.values())
    for key, words in _EXTRA.items():
        names[key] = [*names.get(key, []), *words]
    best: dict[str, Proposal] = {}
    ratings: list[Proposal] = []
    # A platform's own columns can be mapped as well: its number of the response, the time it was sent in.
    own = [column for column in export.metadata if column not in export.answers]
    columns = pd.concat([export.answers, export.metadata[own]], axis=1) if own else export.answers
    templates = _templates(list(map(str, columns)))
    for template, asked in templates.items():
        column = asked[0]
        cells = columns[column].map(lambda cell: plain(str(cell)))
        labels = {code: plain(label) for code, label in export.labels(column).items()}
        said = {labels.get(cell, cell) for cell in cells if cell}
        text = re.sub(r"\{n\}|\baktivitet(en)?\b|\bactivity\b|[\W_]+", " ", f" {plain(texts.get(column, column))} ".replace(columns_number(template, column), " ")).strip()  # fmt: skip
        found = []
        for target, words in names.items():
            likeness = max((fuzz.token_sort_ratio(text, plain(word)) for word in words), default=0) / 100
            kind = _KINDS.get(target)
            if kind and said:
                known = meanings(kind)
                share = sum(answer in known for answer in said) / len(said)
                found.append((0.65 * likeness + 0.35 * share, target, "text and answers" if share else "text"))
            else:
                found.append((likeness, target, "text"))
        certainty, target, why = max(found)
        leaf, likeness = _leaf(plain(texts.get(column, column)))
        if _is_scale(said) and likeness >= max(0.5, certainty - 0.1):
            ratings += [Proposal(f"ratings.{leaf}", one, likeness, "text and a scale") for one in asked]
            continue
        if certainty >= _LEAST:
            whole = target if target in _TOP else f"activities.{target}"
            proposal = Proposal(whole, template, round(certainty, 2), why, len(asked))
            if whole not in best or best[whole].certainty < certainty:
                best[whole] = proposal
    return [*sorted(best.values(), key=lambda one: (one.target.startswith("activities"), -one.certainty)), *ratings]


def as_yaml(export: SurveyExport, proposals: list[Proposal], name: str) -> str:
    """The proposal as the entry `name` of ``mappings:``, every line with its certainty, doubtful ones marked LOOK."""
    lines = [f"  {name}:  # proposed by `ppp map`: read every line, and correct it"]

    def write(indent: int, key: str, value: str, certainty: float | None) -> None:
        said = "" if certainty is None else f"  # {certainty:.0%}" + ("" if certainty >= SURE else " LOOK")
        lines.append(" " * indent + f"{key}: {value}{said}")

    top = {proposal.target: proposal for proposal in proposals if proposal.target in _TOP}
    for key in _TOP:
        if key in top:
            write(4, key, _quoted(top[key].question), top[key].certainty)
    if "organization" not in top:
        lines.append("    organization: {constant: WRITE THE ID HERE}  # LOOK: no question was recognized")
    ratings = [proposal for proposal in proposals if proposal.target.startswith("ratings.")]
    if ratings:
        lines.append("    ratings:")
        scale = _scale(export, ratings)
        write(6, "scale", scale, None)
        lines[-1] += "  # LOOK: from least to most parity"
        lines.append("      items:")
        for leaf in LEAVES:
            mine = [proposal for proposal in ratings if proposal.target == f"ratings.{leaf}"]
            if mine:
                lines.append(f"        {leaf}:")
            for one in mine:
                mark = "" if one.certainty >= SURE else " LOOK"
                lines.append(f"          - {_quoted(one.question)}  # {one.certainty:.0%}{mark}")
    activities = [proposal for proposal in proposals if proposal.target.startswith("activities.")]
    if any(proposal.target == "activities.title" for proposal in activities):
        lines.append("    activities:")
        title = next(proposal for proposal in activities if proposal.target == "activities.title")
        write(6, "blocks", str(title.blocks), None)
        for one in activities:
            if one.blocks == title.blocks:
                write(6, one.target.split(".")[1], _quoted(one.question), one.certainty)
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return yaml.safe_dump(text, allow_unicode=True, width=10_000, default_style='"').strip()


def _templates(columns: list[str]) -> dict[str, list[str]]:
    """Columns that differ in one number only, 1, 2, 3 …, under one name with ``{n}``; the others under their own."""
    found: dict[str, list[str]] = {}
    there = set(columns)
    taken: set[str] = set()
    for column in columns:
        if column in taken:
            continue
        for match in re.finditer(r"(?<!\d)1(?!\d)", column):
            template = column[: match.start()] + "{n}" + column[match.end() :]
            same = []
            while (one := template.replace("{n}", str(len(same) + 1))) in there:
                same.append(one)
            if len(same) > 1:
                found[template] = same
                taken.update(same)
                break
        else:
            found[column] = [column]
    return found


def columns_number(template: str, column: str) -> str:
    """What stands for the activity's number in the column; a text that is in no question where there is none."""
    return "1" if "{n}" in template and column else "\0"


def _leaf(text: str) -> tuple[str, float]:
    scored = []
    for leaf in codebook().leaves:
        words = [*instrument().statements[leaf.id].root.values(), *(leaf.label[language] for language in LANGUAGES)]
        scored.append((max(fuzz.token_set_ratio(text, plain(word)) for word in words) / 100, leaf.id))
    best, leaf = max(scored)
    return leaf, round(best, 2)


def _is_scale(said: set[str]) -> bool:
    said = said - set(meanings("missing"))
    words = {plain(text) for option in instrument().scale for text in option.root.values()}
    return bool(said) and len(said) <= 11 and (said <= words or all(re.fullmatch(r"\d{1,2}", one) for one in said) or (2 < len(said) <= 7 and all(len(one.split()) <= 5 for one in said)))  # fmt: skip


def _scale(export: SurveyExport, ratings: list[Proposal]) -> str:
    given: dict[str, str] = {}
    for one in ratings:
        labels = export.labels(one.question)
        for cell in export.answers[one.question].astype(str).unique():
            answer = labels.get(cell.strip(), cell).strip()
            if answer and plain(answer) not in meanings("missing"):
                given.setdefault(plain(answer), answer)
    if given and all(re.fullmatch(r"\d{1,2}", one) for one in given):
        numbers = [int(one) for one in given]
        return f"{{low: {min(numbers)}, high: {max(max(numbers), min(numbers) + 1)}}}"
    order = {plain(text): at for at, option in enumerate(instrument().scale) for text in option.root.values()}
    listed = sorted(given, key=lambda one: order.get(one, len(order)))
    return "[" + ", ".join(_quoted(given[one]) for one in listed) + "]"
