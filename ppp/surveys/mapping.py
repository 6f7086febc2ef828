"""How an export's columns become the tidy tables: the mapping, as a person writes it in study.yaml.

A question is named by its column in the export (``Roll``, ``act_title``) or by its whole question text. What an
answer means is found from our own words in both languages (`ppp.surveys.vocabulary`); ``values`` adds to that.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ppp.framework.model import LeafId
from ppp.tables import MISSING_REASONS

Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Answer = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

__all__ = ["ActivityBlock", "Mapping", "Range", "Ratings", "Source"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Part):
    """Where a value comes from: ``role: Roll``, or with more to say ``role: {column: Roll, values: {Anhörig:
    relative}}``.

    Parameters
    ----------
    column
        The question.
    constant
        The value itself, where the whole export shares one.
    values
        What an answer means, for answers that are not in our own words.
    """

    column: Question | None = None
    constant: Answer | None = None
    values: dict[Answer, Answer] = {}

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of_two(self):
        if (self.column is None) == (self.constant is None):
            raise ValueError("Either “column” or “constant” is needed here. → Name the question, or the one value.")
        return self


class Range(_Part):
    """A scale answered in numbers."""

    low: float
    high: float

    @model_validator(mode="after")
    def _upwards(self):
        if self.low >= self.high:
            raise ValueError("“low” must be less than “high”.")
        return self


class Ratings(_Part):
    """Parity statements: their scale, and which factor each is about.

    Parameters
    ----------
    scale
        Worded options from least to most parity (scored 1, 2, 3 …; several spellings of one option in a list of
        their own), or ``{low: 1, high: 4}`` where answers are numbers.
    missing
        Answers that are no score, and why: ``{Vet inte: dont_know}``.
    items
        For each Parity factor its questions.
    reversed
        Questions worded so that agreeing means less parity.
    """

    scale: list[Answer | list[Answer]] | Range
    missing: dict[Answer, Literal[MISSING_REASONS]] = {}  # type: ignore[valid-type]  # pydantic reads it
    items: dict[LeafId, Annotated[list[Question], Field(min_length=1)]]
    reversed: list[Question] = []

    @model_validator(mode="after")
    def _sound(self):
        if isinstance(self.scale, list) and len(self.scale) < 2:
            raise ValueError("A scale has at least two options. → List them from least to most parity.")
        questions = [question for items in self.items.values() for question in items]
        if len(set(questions)) < len(questions):
            raise ValueError("A question stands under two factors. → Keep it under one.")
        unknown = set(self.reversed) - set(questions)
        if unknown:
            raise ValueError(f"“reversed” names questions that are not under items: {', '.join(sorted(unknown))}.")
        return self


class ActivityBlock(_Part):
    """The questions about one activity.

    Parameters
    ----------
    blocks
        How many numbered blocks a row holds; ``{n}`` in a question then stands for 1, 2, … `blocks`.
    table
        The repeating part of the export (REDCap's repeating instrument) with one row an activity.
    phases
        One question with several answers, or one question a phase (``{design: col_a, plan: col_b}``).
    """

    blocks: Annotated[int, Field(ge=1, le=200)] = 1
    table: Question | None = None
    title: Source
    description: Source | None = None
    initiated_by: Source | None = None
    patients_n: Source | None = None
    professionals_n: Source | None = None
    compensated: Source | None = None
    expenses_paid: Source | None = None
    training_given: Source | None = None
    contact_named: Source | None = None
    lead_rotates: Source | None = None
    place: Source | None = None
    meeting_place: Source | None = None
    phase_began: Source | None = None
    phases: Source | dict[Literal["design", "plan", "implement", "evaluate"], Question] | None = None


class Mapping(_Part):
    """The way from one export to the tidy tables."""

    response_id: Source | None = None
    organization: Source
    role: Source | None = None
    language: Source | None = None
    submitted_at: Source | None = None
    ratings: Ratings | None = None
    activities: ActivityBlock | None = None
