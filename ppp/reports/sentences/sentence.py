"""What a sentence maker returns: words, and the released rows that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Evidence", "Question", "Sentence", "of"]

Evidence = tuple[str, dict[str, Any]]
"""The name of a released table, and the row of it."""


@dataclass(frozen=True)
class Sentence:
    """A claim about one organization.

    Attributes
    ----------
    rule
        The maker that wrote it.
    text
        One to three plain sentences.
    evidence
        Every released row that the text rests on.
    """

    rule: str
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Question(Sentence):
    """A claim that is worth a talk.

    Attributes
    ----------
    question
        What to ask each other.
    why
        The rule that raised it, in words.
    topic
        What it is about; no two of the three things to talk about share one.
    """

    question: str = ""
    why: str = ""
    topic: str = ""


def of(table: str, rows: list[dict[str, Any]]) -> tuple[Evidence, ...]:
    """The rows as evidence."""
    return tuple((table, row) for row in rows)
