"""The form's questions, each with its options, in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ppp.framework import LANGUAGES, LEAVES, NOT_STATED, Text, codebook, instrument

__all__ = ["ACTIVITY", "Form", "Option", "Question", "form"]

ACTIVITY = (
    "title",
    "description",
    "place",
    "meeting_place",
    "phase_began",
    "phases",
    "initiated_by",
    "patients_n",
    "professionals_n",
    "compensated",
    "expenses_paid",
    "training_given",
    "contact_named",
    "lead_rotates",
)
"""The questions of one activity, in the order in which they are asked."""

Kind = Literal["single", "multiple", "text", "notes", "number"]
Words = Mapping[str, str]


@dataclass(frozen=True)
class Option:
    """One answer to choose: its value in the tidy tables (or the reason why there is none), and its words."""

    value: str
    words: Words
    is_escape: bool = False


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    name
        Its name in every format: ``ppp_role``, ``par_support``, ``act1_title``.
    kind
        single, multiple (choices); text, notes (free text); number.
    words, hint
        By language.
    options
        The choices.
    block
        The activity's number; 0 for the other questions.
    """

    name: str
    kind: Kind
    words: Words
    options: tuple[Option, ...] = ()
    hint: Words | None = None
    block: int = 0


@dataclass(frozen=True)
class Form:
    """The whole form: its title, introduction and sections of questions, with the codebook's version."""

    title: Words
    intro: Words
    sections: tuple[tuple[str, Words, tuple[Question, ...]], ...]
    version: str

    @property
    def questions(self) -> list[Question]:
        """All questions, in order."""
        return [question for _, _, questions in self.sections for question in questions]


def form(*, activities: int = 3, organizations: Sequence[tuple[str, Words]] = ()) -> Form:
    """The form.

    Parameters
    ----------
    activities
        How many activities a respondent can tell of.
    organizations
        Id and names of those to choose from; without any, the organization is written as text.

    Examples
    --------
    >>> len([question for question in form(activities=1).questions])
    24
    """
    words, book = instrument(), codebook()
    escape = {key: Option(key, _words(text), True) for key, text in words.escapes.items()}
    named = tuple(Option(key, names) for key, names in organizations)
    about = (
        Question("ppp_organization", "single" if named else "text", _words(words.organization), named),
        Question("ppp_role", "single", _words(words.role), (*_options(words.roles), escape["refused"])),
    )
    scale = tuple(Option(str(at), _words(text)) for at, text in enumerate(words.scale, start=1))
    scale += (escape["dont_know"], escape["not_applicable"])
    parity = tuple(Question(f"par_{leaf}", "single", _words(words.statements[leaf]), scale) for leaf in LEAVES)

    places, phases = (
        tuple(
            Option(code.id, {key: f"{code.label[key]}: {_lower(code.definition[key])}" for key in LANGUAGES})
            for code in codes
        )
        for codes in (book.places, book.phases)
    )
    cannot_say = Option(NOT_STATED, escape["not_stated"].words, True)
    yes_no = (*_options(words.answers), escape["dont_know"], escape["not_applicable"])
    choices = {
        "place": (*places, cannot_say),
        "meeting_place": (*places, cannot_say),
        "phase_began": (*phases, cannot_say),
        "phases": (*phases, cannot_say),
        "initiated_by": (*_options(words.initiators), escape["dont_know"]),
    }
    kinds: dict[str, Kind] = {"title": "text", "description": "notes", "phases": "multiple"}
    hints = {"title": words.text_hint, "patients_n": words.number_hint, "professionals_n": words.number_hint}
    sections = [("about", _words(words.sections["about"]), about), ("parity", _words(words.sections["parity"]), parity)]
    for n in range(1, activities + 1):
        block = tuple(
            Question(
                f"act{n}_{key}",
                kinds.get(key, "number" if key.endswith("_n") else "single"),
                _words(words.activity[key]),
                () if key in ("title", "description") or key.endswith("_n") else choices.get(key, yes_no),
                _words(hints[key]) if key in hints else None,
                n,
            )
            for key in ACTIVITY
        )
        heading = {key: text.replace("{n}", str(n)) for key, text in _words(words.sections["activity"]).items()}
        sections.append((f"activity{n}", heading, block))
    return Form(_words(words.title), _words(words.intro), tuple(sections), book.version)


def _words(text: Text) -> Words:
    return {language: text[language] for language in LANGUAGES}


def _options(texts: Mapping[Any, Text]) -> tuple[Option, ...]:
    return tuple(Option(key, _words(text)) for key, text in texts.items())


def _lower(text: str) -> str:
    """As the second half of "label: definition"."""
    return (text[:1].lower() + text[1:]).rstrip(".")
