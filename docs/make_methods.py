"""Write docs/methods.md from the docstrings of the measures and from the framework's definitions.

    uv run python docs/make_methods.py

A test fails where the page is not what this script writes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

from ppp import measures
from ppp.disclosure import counts, derived, people
from ppp.disclosure import indicators as shown
from ppp.framework import indicators, progress

PAGE = Path(__file__).parent / "methods.md"
LABELS = ("Formula", "Source", "Reading", "Limits")

SECTIONS: dict[str, dict[str, list[Callable]]] = {
    "Where and when": {
        "Coverage: the 16 cells": [measures.coverage],
        "Reach, span and threads": [measures.coverage_summary],
        "The phase in which collaboration began": [measures.phase_profile],
        "Empty cells": [measures.gaps],
        "Kinds of activity in a cell": [measures.kinds_in_cells],
        "How sure the coding of a cell is": [measures.cell_reliability, measures.code_agreement],
    },
    "Formulation privilege": {
        "Who took the initiative, by place": [measures.initiation],
        "Who took the initiative, by cell": [measures.formulation],
    },
    "Parity: facts": {
        "Conditions that were met": [measures.parity_facts],
        "Seats": [measures.seats],
    },
    "Parity: ratings": {
        "Mean rating by role": [measures.parity_ratings],
        "Missing answers": [measures.missing_answers],
        "Who answered": [measures.response_counts],
        "The parity gap, from the answers": [measures.parity_gap],
        "The parity gap, as released": [derived.parity_gap],
        "Item reliability": [measures.item_reliability, measures.cronbach_alpha, measures.mcdonald_omega],
    },
    "Parity: coded texts": {
        "Evidence by direction": [measures.coded_evidence],
        "Both groupings": [measures.by_grouping],
        "Phrases that tell of a need": [measures.need_phrases],
    },
    "The three strands held against each other": {"Disagreement": [shown.strands]},
    "Change between waves": {
        "From the answers": [measures.change],
        "Persons who answered twice": [measures.matched_pairs],
        "As released": [derived.change],
        "What else changed": [measures.what_else_changed],
        "Shares of activities": [measures.share_change, measures.share_interval],
    },
    "Among peers": {
        "Benchmark": [derived.benchmark],
        "Partial pooling of means": [measures.pool_means],
        "Partial pooling of shares": [measures.pool_shares],
        "Funnel limits": [measures.funnel_limits],
    },
    "Shifts, needs and signals": {
        "Indicators": [shown.indicators],
        "Signals of tokenism": [shown.signals],
    },
}
"""Every measure under its heading. A test compares it with what `ppp.measures` offers."""

INTRODUCTION = """# Methods

What each measure is, where it comes from, how to read it and what it cannot say. This page is written by
`docs/make_methods.py` from the code's own documentation; change that, then run the script.

Two kinds of numbers. `ppp.measures` computes from the answers themselves, for the study's own people. What leaves the
study is *released*: `ppp measures STUDY` and the reports show only that, each number with its state: *shown*, *none* (a
true zero), *some* (more than zero, how many is withheld), *withheld*, *cannot_say* (too little to say it from).

Counts of activities and shares of activities name what they count; where respondents are counted instead, it says so.
Ratings keep the scale they were given on.

The sentences on a report's first page are made by fixed rules (`ppp/reports/sentences`) from the released tables alone.
Each keeps the rows that it rests on, and none is made where the rows do not carry it. "Likely between" gives a 95 %
interval; "no clear change" and "no clear gap" mean that the interval holds zero. They are written to be read easily: on
every page of the demo study LIX is below 40 (Björnsson 1968: easy) and the grade of Flesch and Kincaid (1975) below 8; a
test holds it.
"""


def page() -> str:
    """The whole page."""
    blocks = [INTRODUCTION]
    for heading, entries in SECTIONS.items():
        blocks.append(f"## {heading}\n")
        for title, functions in entries.items():
            blocks.append(f"### {title}\n")
            blocks += [_entry(function) for function in functions]
    blocks.append(_definitions())
    blocks.append(_disclosure())
    return "\n".join(blocks)


def notes(function: Callable) -> dict[str, str]:
    """The labelled notes of a docstring: Formula, Source, Reading, Limits."""
    text = inspect.getdoc(function) or ""
    match = re.search(r"^Notes\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", text, re.MULTILINE | re.DOTALL)
    found = {}
    for part in re.split(r"^(?=\S)", match[1] if match else "", flags=re.MULTILINE):
        label, _, body = part.partition("\n")
        for name in label.split(", "):
            if name.strip() in LABELS:
                found[name.strip()] = _plain(body)
    return found


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("``", "`")).strip()


def _summary(function: Callable) -> str:
    return _plain((inspect.getdoc(function) or "").split("\n\n")[0])


def _entry(function: Callable) -> str:
    name = f"{function.__module__.removeprefix('ppp.').split('.')[0]}.{function.__name__}"
    lines = [f"{_summary(function)} (`{name}`)\n"]
    lines += [f"- **{label}.** {text}" for label, text in notes(function).items()]
    return "\n".join(lines) + "\n"


def _definitions() -> str:
    book, names = indicators(), progress()
    labels = {one.id: one.label["en"] for one in (*names.shifts, *names.needs)}
    lines = ["### Each indicator\n", "| Indicator | Speaks of | Definition | Computed from | Cannot say |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for one in book.indicators:
        of = "; ".join(labels[name] for name in one.speaks_of)
        texts = (one.label, one.definition, one.computed_from, one.cannot_say)
        label, definition, computed, cannot = (text["en"] for text in texts)
        towards = f"{label} ({one.towards} goes the framework's way)" if one.towards else label
        lines.append(f"| {towards} | {of} | {definition} | {computed} | {cannot} |")
    lines += ["\nNot measured:\n"] if book.not_measured else []
    lines += [f"- **{one.label['en']}.** {one.definition['en']}" for one in book.not_measured]
    lines += ["\n### Each signal\n", "| Signal | Rule that raises it | The question it puts |", "| --- | --- | --- |"]
    lines += [f"| {one.label['en']} | {one.rule['en']} | {one.question['en']} |" for one in book.signals]
    return "\n".join(lines) + "\n"


def _disclosure() -> str:
    lines = ["## What leaves, and what does not\n"]
    for module in (people, counts, derived):
        lines.append((inspect.getdoc(module) or "").replace("``", "`") + "\n")
    for function in (people.step, people.band, people.ratings, people.missing_answers, counts.coverage_summary):
        text = inspect.getdoc(function) or ""
        lines.append(f"- **{function.__name__}.** {_summary(function)}")
        match = re.search(r"^Notes\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", text, re.MULTILINE | re.DOTALL)
        if match:
            lines[-1] += " " + _plain(match[1])
    lines.append(
        "\n`ppp.disclosure.attack` plays the attacker: it holds all released tables of an organization and solves, by\n"
        "whole-number programming, for the least and the greatest value of each number that is withheld or banded.\n"
        "A band keeps as many possible numbers as the threshold; a withheld count of people, and a count of activities\n"
        'that is only "some", keeps at the fewest one possible number less than the threshold.\n'
        "`tests/benchmarks/attack_disclosure.py` repeats it on thousands of random studies."
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
