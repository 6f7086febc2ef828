"""One organization's prepared data: all that its report may read.

A partition is one JSON file of releasable tables and of what a reader must know about them. A person can open it in
any editor and see for themselves that nothing in it points at anybody.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from ppp.errors import BadInput, Problem

__all__ = ["RELEASED", "Partition"]

RELEASED: dict[str, dict[str, str]] = {
    "coverage": {
        "wave": "string",
        "basis": "string",
        "place": "string",
        "phase": "string",
        "activities_n": "Int64",
        "state": "string",
    },
    "phase_profile": {
        "wave": "string",
        "phase": "string",
        "activities_n": "Int64",
        "share": "Float64",
        "state": "string",
    },
    "initiation": {
        "wave": "string",
        "place": "string",
        "initiated_by": "string",
        "activities_n": "Int64",
        "state": "string",
    },
    "coding_state": {"wave": "string", "coding": "string", "activities_n": "Int64", "state": "string"},
    "parity_facts": {
        "wave": "string",
        "leaf": "string",
        "fact": "string",
        "yes_n": "Int64",
        "no_n": "Int64",
        "unknown_n": "Int64",
        "state": "string",
    },
    "parity_ratings": {
        "wave": "string",
        "leaf": "string",
        "role": "string",
        "scale_low": "Float64",
        "scale_high": "Float64",
        "mean": "Float64",
        "respondents_from": "Int64",
        "respondents_to": "Int64",
        "state": "string",
    },
    "response_counts": {
        "wave": "string",
        "role": "string",
        "respondents_from": "Int64",
        "respondents_to": "Int64",
        "state": "string",
    },
    "quotes": {"wave": "string", "place": "string", "phase": "string", "language": "string", "quote": "string"},
}
"""Every table that can be in a partition, with its columns and their pandas types. Nothing else gets in."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Naming(_Record):
    """An id and its names by language."""

    id: str
    names: dict[str, str]

    def name(self, language: str) -> str:
        """The name in that language, or in the first there is."""
        return self.names.get(language) or next(iter(self.names.values()))


class ExportNote(_Record):
    """What a report says about an export: its round and the platform it came from."""

    wave: str
    platform: str


class Partition(_Record):
    """What one organization's report reads.

    Attributes
    ----------
    tables
        The releasable tables as records, by the names in `RELEASED`; use `table`.
    fingerprint
        Hash of all the data that the study was prepared from; the same data gives the same fingerprint.
    """

    version: Literal[1] = 1
    study: Naming
    organization: Naming
    slug: str
    group: Naming | None = None
    waves: list[Naming]
    languages: list[str]
    threshold: int
    by_respondents: bool
    sure_from: float
    contact: str = ""
    codebook_version: str
    program_version: str
    fingerprint: str
    exports: list[ExportNote]
    tables: dict[str, list[dict[str, Any]]]

    def table(self, name: str, wave: str | None = None) -> pd.DataFrame:
        """A releasable table, of one wave or of all; columns and types as in `RELEASED`."""
        columns = RELEASED[name]
        frame = pd.DataFrame.from_records(self.tables.get(name, []), columns=list(columns)).astype(columns)
        return frame if wave is None else frame[frame["wave"] == wave].reset_index(drop=True)

    @classmethod
    def read(cls, path: Path) -> Partition:
        """The partition in that file.

        Raises
        ------
        BadInput
            Where the file is absent or was made by another version.
        """
        mend = "Run `ppp prepare` on the study."
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            raise BadInput(Problem("There is no prepared data here.", file=path.name, mend=mend)) from None
        except ValidationError:
            raise BadInput(
                Problem("This prepared data was made by another version.", file=path.name, mend=mend)
            ) from None

    def to_json(self) -> str:
        """The file's content: keys and rows in a fixed order, so that equal data gives equal bytes."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def records(name: str, table: pd.DataFrame) -> list[dict[str, Any]]:
    """A releasable table as plain records; only the columns in `RELEASED` leave."""
    columns = RELEASED[name]
    frame = table.reindex(columns=list(columns)).astype(columns).astype(object)
    return frame.where(frame.notna(), None).to_dict("records")
