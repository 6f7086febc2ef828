"""One organization's prepared data: all that its report may read.

A partition is one JSON file of releasable tables and of what a reader must know about them. A person can open it in
any editor and see for themselves that nothing in it points at anybody.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from ppp.errors import BadInput, Problem

__all__ = ["RELEASED", "Advice", "CodingAgreement", "Naming", "Partition", "PreparedFile", "Step"]

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
        "step": "Float64",
        "half_width": "Float64",
        "common_sd": "Float64",
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
    "coverage_summary": {
        "wave": "string",
        "indicator": "string",
        "counted_by": "string",
        "n": "Float64",
        "of_n": "Float64",
        "value": "Float64",
        "third": "string",
        "respondents_from": "Int64",
        "respondents_to": "Int64",
        "state": "string",
    },
    "formulation": {
        "wave": "string",
        "place": "string",
        "phase": "string",
        "initiated_by": "string",
        "activities_n": "Int64",
        "state": "string",
    },
    "cell_reliability": {
        "wave": "string",
        "place": "string",
        "phase": "string",
        "sure": "string",
        "certainty": "Float64",
        "state": "string",
    },
    "coded_evidence": {
        "wave": "string",
        "leaf": "string",
        "polarity": "string",
        "activities_n": "Int64",
        "state": "string",
    },
    "need_phrases": {"wave": "string", "need": "string", "activities_n": "Int64", "state": "string"},
    "seats": {
        "wave": "string",
        "activities_n": "Int64",
        "ratio_band": "string",
        "alone_n": "Int64",
        "state": "string",
    },
    "missing_answers": {
        "wave": "string",
        "leaf": "string",
        "role": "string",
        "scale_low": "Float64",
        "scale_high": "Float64",
    }
    | {f"{name}_{end}": "Int64" for name in ("asked", "answered", "skipped", "dont_know") for end in ("from", "to")}
    | {"state": "string"},
    "parity_gap": {
        "wave": "string",
        "leaf": "string",
        "scale_low": "Float64",
        "scale_high": "Float64",
        "gap": "Float64",
        "low": "Float64",
        "high": "Float64",
        "p_superior": "Float64",
        "p_low": "Float64",
        "p_high": "Float64",
        "statement": "string",
        "state": "string",
    },
    "change": {
        "wave_before": "string",
        "wave": "string",
        "leaf": "string",
        "role": "string",
        "scale_low": "Float64",
        "scale_high": "Float64",
        "design": "string",
        "common_r": "Float64",
        "change": "Float64",
        "low": "Float64",
        "high": "Float64",
        "statement": "string",
        "state": "string",
    },
    "what_else_changed": {"wave_before": "string", "wave": "string", "what": "string", "has_changed": "boolean"},
    "benchmark": {
        "wave": "string",
        "measure": "string",
        "leaf": "string",
        "role": "string",
        "scale_low": "Float64",
        "scale_high": "Float64",
        "organizations_n": "Int64",
        "own": "Float64",
        "pooled": "Float64",
        "centre": "Float64",
        "lower_quartile": "Float64",
        "median": "Float64",
        "upper_quartile": "Float64",
        "funnel_low": "Float64",
        "funnel_high": "Float64",
        "position": "string",
        "state": "string",
    },
    "group_coverage": {
        "wave": "string",
        "place": "string",
        "phase": "string",
        "organizations_n": "Int64",
        "of_n": "Int64",
    },
    "kinds": {"wave": "string", "place": "string", "phase": "string", "kind": "string", "activities_n": "Int64"},
    "group_kinds": {
        "wave": "string",
        "place": "string",
        "phase": "string",
        "kind": "string",
        "organizations_n": "Int64",
    },
    "indicators": {
        "wave": "string",
        "indicator": "string",
        "n": "Float64",
        "of_n": "Float64",
        "value": "Float64",
        "state": "string",
    },
    "signals": {"wave": "string", "signal": "string", "n": "Float64", "of_n": "Float64", "state": "string"},
    "strands": {
        "wave": "string",
        "leaf": "string",
        "fact": "string",
        "yes_n": "Int64",
        "known_n": "Int64",
        "role": "string",
        "mean": "Float64",
        "scale_low": "Float64",
        "scale_high": "Float64",
        "supports_n": "Int64",
        "barriers_n": "Int64",
        "statement": "string",
    },
    "item_reliability": {
        "wave": "string",
        "scale_low": "Float64",
        "scale_high": "Float64",
        "instrument": "Int64",
        "leaf": "string",
        "items_n": "Int64",
        "complete_from": "Int64",
        "alpha": "Float64",
        "omega": "Float64",
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


class CodingAgreement(_Record):
    """How far coders agreed on one dimension, each on their own, in the whole study."""

    dimension: str
    alpha: float
    low: float
    high: float
    units: int


class Step(_Record):
    """The gap that an organization chose after a wave, the step it planned, and what came of it.

    The gap is a cell (`place` and `phase`) or a factor of Parity. `status`: *done*, *under_way*, *not_begun*, *dropped*.
    """

    wave: str
    place: str | None = None
    phase: str | None = None
    factor: str | None = None
    step: Naming
    by: date | None = None
    status: str | None = None
    came_of_it: Naming | None = None


class Advice(_Record):
    """What trusted patient advisors answered to a question after a wave, as a named person has approved it."""

    wave: str
    question: Naming
    answer: Naming


class PreparedFile(_Record):
    """What a report reads, as a file that `ppp prepare` made."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """What is in that file.

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


class Partition(PreparedFile):
    """What one organization's report reads.

    Attributes
    ----------
    tables
        The releasable tables as records, by the names in `RELEASED`; use `table`.
    fingerprint
        Hash of all that the partition shows: it stays the same when data change that this organization's report does
        not rest on.
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
    agreement: list[CodingAgreement] = []
    agreement_bar: float = 0.7
    steps: list[Step] = []
    advice: list[Advice] = []
    tables: dict[str, list[dict[str, Any]]]

    def table(self, name: str, wave: str | None = None) -> pd.DataFrame:
        """A releasable table, of one wave or of all; columns and types as in `RELEASED`."""
        columns = RELEASED[name]
        frame = pd.DataFrame.from_records(self.tables.get(name, []), columns=list(columns)).astype(columns)
        return frame if wave is None else frame[frame["wave"] == wave].reset_index(drop=True)

    def to_json(self) -> str:
        """The file's content: keys and rows in a fixed order, so that equal data gives equal bytes; a row a line."""
        whole = self.model_dump(mode="json", exclude={"tables"})
        lines = [f" {json.dumps(key)}: {plain(whole[key])}" for key in sorted(whole)]
        tables = []
        for name in sorted(self.tables):
            rows = ",\n".join(f"   {plain(row)}" for row in self.tables[name])
            tables.append(f"  {json.dumps(name)}: [\n{rows}\n  ]" if rows else f"  {json.dumps(name)}: []")
        lines.append(' "tables": {\n' + ",\n".join(tables) + "\n }")
        return "{\n" + ",\n".join(lines) + "\n}\n"


def plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def records(name: str, table: pd.DataFrame) -> list[dict[str, Any]]:
    """A releasable table as plain records; only the columns in `RELEASED` leave."""
    columns = RELEASED[name]
    frame = table.reindex(columns=list(columns)).astype(columns).astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


class Split:
    """A releasable table of all organizations, to be taken organization by organization.

    Sorted and made plain once: taking one organization's rows costs what they are, not what the table is. A table
    without a column ``organization`` is about the whole study and the same for each.
    """

    def __init__(self, name: str, table: pd.DataFrame) -> None:
        self.name = name
        self._columns: list[tuple] = []
        self._at: dict[str, tuple[int, int]] | None = None
        if "organization" in table:
            order = table["organization"].astype("object").to_numpy()
            table = table.iloc[np.argsort(order.astype(str), kind="stable")]
            names = table["organization"].astype("object").to_numpy().astype(str)
            starts = np.flatnonzero(np.r_[True, names[1:] != names[:-1]]) if len(names) else np.array([], dtype=int)
            ends = np.r_[starts[1:], len(names)] if len(names) else starts
            self._at = {names[a]: (int(a), int(b)) for a, b in zip(starts, ends, strict=True)}
        self._length = len(table)
        for column, kind in RELEASED[name].items():
            values = table[column].astype(kind) if column in table else pd.Series(pd.NA, table.index, dtype=kind)
            # Texts as numbers of few shared ones: a million rows of texts of their own would not fit.
            if kind not in ("string", "boolean"):
                gone = values.isna().to_numpy()
                self._columns.append((values.fillna(0).to_numpy(), gone, None))
            else:
                codes, known = pd.factorize(values)
                self._columns.append((codes, None, [*known.astype(object).tolist(), None]))

    def of(self, organization: str) -> list[dict[str, Any]]:
        """The rows about one organization, as plain records."""
        start, end = (0, self._length) if self._at is None else self._at.get(organization, (0, 0))
        names = list(RELEASED[self.name])
        lists = []
        for values, gone, known in self._columns:
            found = values[start:end].tolist()
            if known is not None:
                lists.append([known[code] for code in found])  # -1, no text, is the last
            else:
                lists.append([None if no else value for value, no in zip(found, gone[start:end], strict=True)])
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
