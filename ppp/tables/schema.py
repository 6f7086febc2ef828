"""Columns, types and keys of the tidy tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from ppp.framework.model import LEAVES, NOT_STATED, PHASES, PLACES

ROLES = ("patient", "relative", "professional", "other")
"""Who answers. *Relative* is anyone close to a patient who takes part for or with them."""

INITIATORS = ("patients", "professionals", "jointly")
"""Who took the initiative to an activity: the formulation privilege."""

MISSING_REASONS = ("skipped", "not_shown", "dont_know", "not_applicable", "refused", "out_of_range")
"""Why an answer is missing. *Out of range*: something was answered that the scale does not hold."""

Kind = Literal["text", "count", "number", "yes_no", "category", "categories", "time"]

_DTYPES: dict[str, str] = {
    "text": "string",
    "category": "string",
    "categories": "string",
    "count": "Int64",
    "number": "Float64",
    "yes_no": "boolean",
    "time": "datetime64[ns]",
}


@dataclass(frozen=True)
class Column:
    """One column of a tidy table.

    Parameters
    ----------
    name
        Its name, the same wherever the quantity occurs.
    kind
        What it holds; gives the pandas type (`Column.dtype`). *categories* is several of `allowed`, joined by ``;``.
    about
        What the value means, with its unit.
    required
        Whether a row without it is of no use.
    allowed
        The values that a category can take; empty where any text will do.
    """

    name: str
    kind: Kind
    about: str
    required: bool = False
    allowed: tuple[str, ...] = ()

    @property
    def dtype(self) -> str:
        """The pandas type."""
        return _DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """A tidy table: its columns, and the ones that together identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def empty(self) -> pd.DataFrame:
        """The table with no rows, every column typed."""
        return pd.DataFrame({column.name: pd.Series(dtype=column.dtype) for column in self.columns})

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A copy of `frame` with exactly this table's columns, in order and typed; absent ones are missing.

        Raises
        ------
        ValueError, TypeError
            Where a value cannot be of its column's type: a fault of the caller, who maps and checks values first.

        Examples
        --------
        >>> RATINGS.conform(pd.DataFrame({"response_id": ["1"], "score": [3]})).dtypes["score"]
        Float64Dtype()
        """
        present = {
            column.name: frame[column.name].astype(column.dtype)
            if column.name in frame
            else pd.Series(pd.NA, index=frame.index, dtype=column.dtype)
            if column.kind != "time"
            else pd.Series(pd.NaT, index=frame.index, dtype=column.dtype)
            for column in self.columns
        }
        return pd.DataFrame(present, index=frame.index).reset_index(drop=True)


_RESPONSE_ID = Column(
    "response_id", "text", "One respondent's answers in one export, unique in the study: `wave/export/id`.", True
)
_WAVE = Column("wave", "text", "The assessment round, as named in study.yaml.", True)
_ORGANIZATION = Column("organization", "text", "The organization's id in study.yaml.", True)
_ROLE = Column("role", "category", "The respondent's role.", allowed=ROLES)

RESPONSES = Table(
    "responses",
    (
        _RESPONSE_ID,
        _WAVE,
        _ORGANIZATION,
        _ROLE,
        Column("language", "text", "Language of the answers, a two-letter code."),
        Column("submitted_at", "time", "When the form was sent in, as the export states it (no time zone)."),
    ),
    key=("response_id",),
)

ACTIVITIES = Table(
    "activities",
    (
        Column("activity_id", "text", "`response_id` and the activity's number in it.", True),
        _RESPONSE_ID,
        _WAVE,
        _ORGANIZATION,
        Column("language", "text", "Language of the title and description, a two-letter code."),
        Column("title", "text", "The activity's name, in the respondent's words."),
        Column("description", "text", "What was done, in the respondent's words. Free text: never in a report."),
        Column("initiated_by", "category", "Who took the initiative.", allowed=INITIATORS),
        Column("patients_n", "count", "Patients and relatives who took part (persons)."),
        Column("professionals_n", "count", "Professionals who took part (persons)."),
        Column("compensated", "yes_no", "Patients were paid for their time."),
        Column("expenses_paid", "yes_no", "Patients' expenses were paid."),
        Column("training_given", "yes_no", "Those who took part were prepared or trained for it."),
        Column("contact_named", "yes_no", "Patients had a named contact person."),
        Column("lead_rotates", "yes_no", "Leading roles went round among all members."),
        Column(
            "declared_place",
            "category",
            "The level to be changed, as the respondent placed it.",
            allowed=(*PLACES, NOT_STATED),
        ),
        Column("declared_meeting_place", "category", "The level where people met, where it differs.", allowed=PLACES),
        Column(
            "declared_phase_began",
            "category",
            "The phase in which patients joined, as the respondent placed it.",
            allowed=(*PHASES, NOT_STATED),
        ),
        Column("declared_phases", "categories", "Phases in which patients were present.", allowed=PHASES),
    ),
    key=("activity_id",),
)

RATINGS = Table(
    "ratings",
    (
        _RESPONSE_ID,
        _WAVE,
        _ORGANIZATION,
        _ROLE,
        Column("leaf", "category", "The Parity factor that the statement is about.", True, LEAVES),
        Column("item", "text", "The statement: the export's column, or the mapping's name for it.", True),
        Column("score", "number", "The answer on the mapping's scale, from `scale_low` to `scale_high`."),
        Column("missing", "category", "Why there is no score.", allowed=MISSING_REASONS),
        Column("scale_low", "number", "The lowest score that could be given."),
        Column("scale_high", "number", "The highest score that could be given."),
    ),
    key=("response_id", "item"),
)

ORGANIZATIONS = Table(
    "organizations",
    (
        _ORGANIZATION,
        Column("name", "text", "The name shown in reports, in the study's first language.", True),
        Column("group", "text", "Peers that are compared with each other."),
    ),
    key=("organization",),
)

DIMENSIONS = ("place", "meeting_place", "phase", "phase_began", "parity")
"""What is coded about an activity."""

ACTIONS = ("set", "unset", "done", "skip", "flag", "unflag", "undo")
"""What a coder can do. *set* and *unset* give a code and take it back; *done* says that all that the text holds is
coded; *skip* leaves an activity out; *flag* and *unflag* ask for a talk about it; *undo* takes back the coder's latest
step that is not taken back yet."""

KINDS = ("agreed", "ambiguous_text", "gap_in_rules", "slip", "true_edge")
"""Why coders differed. *agreed*: they did not."""

_EVENT = (
    Column("activity_id", "text", "The activity that is coded; empty for *undo*."),
    Column("coder", "text", "Who coded it.", True),
    Column("dimension", "category", "What is coded; empty for steps about the whole activity.", allowed=DIMENSIONS),
    Column("code", "text", "A code of the codebook."),
    Column("polarity", "category", "Direction of evidence on Parity.", allowed=("supports", "barrier")),
    Column("confidence", "number", "How sure, from 0 to 1."),
    Column("evidence_start", "count", "First code point of the passage, counted from 0."),
    Column("evidence_end", "count", "Code point after the last one of the passage."),
    Column("memo", "text", "The coder's note; of a settled difference, the reason."),
    Column("codebook_version", "text", "Version of the codebook that was coded with."),
    Column("created_at", "text", "When, UTC, ISO 8601; the events of one step share it.", True),
)
_ACTION = Column("action", "category", "What was done.", True, ACTIONS)

CODINGS = Table("codings", (*_EVENT, _ACTION), key=())
"""One row an event, in the order in which they happened; nothing is ever changed or removed."""

CONSENSUS = Table(
    "consensus",
    (*_EVENT, Column("kind", "category", "Why the coders differed.", allowed=KINDS), _ACTION),
    key=(),
)
"""What the coders settled on, as events too; ``coder`` is who settled it."""

ASSIGNMENT = Table(
    "assignment",
    (
        Column("activity_id", "text", "The activity to be coded.", True),
        Column("coder", "text", "Who codes it.", True),
        Column("assigned_at", "text", "When, UTC, ISO 8601.", True),
        Column(
            "coded_by",
            "category",
            "Whether one coder codes it, or two without seeing each other.",
            True,
            ("one", "two"),
        ),
    ),
    key=("activity_id", "coder"),
)

ALL = (RESPONSES, ACTIVITIES, RATINGS, ORGANIZATIONS, CODINGS, CONSENSUS, ASSIGNMENT)
