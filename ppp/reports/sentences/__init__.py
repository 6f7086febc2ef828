"""The first page of a report, in sentences. Each is written only where the released tables carry it.

A sentence maker takes a `View` and returns a `Sentence` with the rows that it rests on, or nothing. The makers stand in
a fixed order; which of them speak, and what they say, is up to the organization's data.
"""

from __future__ import annotations

from typing import NamedTuple

from ppp.reports.sentences import absent, changed, take_part, talk
from ppp.reports.sentences.sentence import Question, Sentence
from ppp.reports.view import View

__all__ = ["FirstPage", "Question", "Sentence", "first_page", "lowest", "questions", "raised"]

raised, questions, lowest = talk.raised, talk.questions, talk.lowest


class FirstPage(NamedTuple):
    """What patients take part in, where they are absent, what changed, and three things to talk about."""

    take_part: list[Sentence]
    absent: list[Sentence]
    changed: list[Sentence]
    talk: list[Question]


def first_page(view: View) -> FirstPage:
    """The first page; a list is empty where the data carry no sentence."""
    said, absent_ = (
        [sentence for maker in makers if (sentence := maker(view)) is not None]
        for makers in (take_part.MAKERS, absent.MAKERS)
    )
    return FirstPage(said, absent_, changed.sentences(view), talk.three(view))
