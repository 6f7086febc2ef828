"""One organization's partition as a report reads it: rows of one wave, and of the wave before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from ppp.disclosure import Partition
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.language import Language
from ppp.reports.words import Words

__all__ = ["SAID", "View", "latest_wave", "must_be_a_wave"]

Row = dict[str, Any]

SAID = ("shown", "some")
"""States of a count that is more than zero."""


def must_be_a_wave(wave: str, known: Sequence[str]) -> None:
    """Raise `BadInput`, with the nearest name, where the study has no such wave."""
    if wave not in known:
        told = f"The study has no wave “{wave}”."
        raise BadInput(Problem(told, file="study.yaml", column="waves", mend=did_you_mean(wave, known)))


def latest_wave(partition: Partition) -> str:
    """The id of the latest wave with anything in it; of the last one where there is none."""
    known = [item.id for item in partition.waves]
    present = {row["wave"] for name in ("response_counts", "coverage") for row in partition.tables.get(name, [])}
    return next((wave for wave in reversed(known) if wave in present), known[-1])


@dataclass(frozen=True)
class View:
    """A partition, the wave that is reported on, and the language it is told in.

    Attributes
    ----------
    partition
        The organization's releasable data.
    wave
        The id of the wave.
    say, words
        Language and labels.
    """

    partition: Partition
    wave: str
    say: Language
    words: Words
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    @cached_property
    def wave_name(self) -> str:
        """The wave's name."""
        return self._named(self.wave)

    @cached_property
    def wave_before(self) -> str | None:
        """The wave before this one in the study; None for the first."""
        known = [wave.id for wave in self.partition.waves]
        at = known.index(self.wave)
        return known[at - 1] if at else None

    @cached_property
    def before_name(self) -> str:
        """The name of the wave before; empty for the first."""
        return self._named(self.wave_before) if self.wave_before else ""

    @cached_property
    def name(self) -> str:
        """The organization's name."""
        return self.words.name(self.partition.organization)

    def _named(self, wave: str) -> str:
        return self.words.name(next(item for item in self.partition.waves if item.id == wave))

    @cached_property
    def _by_wave(self) -> dict[str, dict[str, list[Row]]]:
        split: dict[str, dict[str, list[Row]]] = {}
        for name, rows in self.partition.tables.items():
            waves = split.setdefault(name, {})
            for row in rows:
                waves.setdefault(row["wave"], []).append(row)
        return split

    def rows(self, table: str, **where: Any) -> list[Row]:
        """Rows of a releasable table in this wave; `where` names values, or tuples of values, that columns must have."""
        return self._of(table, self.wave, where)

    def earlier(self, table: str, **where: Any) -> list[Row]:
        """The same of the wave before; nothing where there is none."""
        return self._of(table, self.wave_before, where) if self.wave_before else []

    def one(self, table: str, **where: Any) -> Row | None:
        """The one row of this wave like that, if there is one."""
        return next(iter(self.rows(table, **where)), None)

    def _of(self, table: str, wave: str, where: dict[str, Any]) -> list[Row]:
        rows = self._by_wave.get(table, {}).get(wave, [])
        for column, wanted in where.items():
            chosen = wanted if isinstance(wanted, tuple) else (wanted,)
            rows = [row for row in rows if row[column] in chosen]
        return rows

    def frame(self, table: str) -> pd.DataFrame:
        """A releasable table of this wave as a data frame, for figures."""
        if table not in self._frames:
            self._frames[table] = self.partition.table(table, self.wave)
        return self._frames[table]

    @cached_property
    def filled(self) -> set[tuple[str, str]]:
        """Cells, as (place, phase), in which patients are present."""
        return {(row["place"], row["phase"]) for row in self.rows("coverage", basis="present", state=SAID)}

    @cached_property
    def filled_before(self) -> set[tuple[str, str]]:
        """The same of the wave before."""
        return {(row["place"], row["phase"]) for row in self.earlier("coverage", basis="present", state=SAID)}

    def unplaced(self) -> tuple[int, bool]:
        """Activities that are not on the map, and whether there are some whose number is withheld."""
        rows = self.rows("coding_state", coding=("not_yet_coded", "not_stated"))
        return sum(row["activities_n"] or 0 for row in rows), any(row["state"] == "some" for row in rows)

    # -- small phrases -------------------------------------------------------------------------------------------------

    def count(self, n: int, total: int, *, known: bool = False) -> str:
        """How many of how many: "6 of 21", "6 of the 21" where only what is known is counted, "all 21" where it is all."""
        say = self.say
        if n == total and total > 2:
            return say.gettext("all {total}", total=say.number(total))
        values = {"n": say.number(n), "total": say.number(total)}
        return say.gettext("{n} of the {total}", **values) if known else say.gettext("{n} of {total}", **values)

    def scale(self, row: Row) -> str:
        """The scale of a rating: "on a scale from 1 to 4"."""
        low, high = self.say.number(row["scale_low"]), self.say.number(row["scale_high"])
        return self.say.gettext("on a scale from {low} to {high}", low=low, high=high)

    @staticmethod
    def furthest(rows: list[Row]) -> float:
        """How far from zero the intervals of these differences reach."""
        return max(max(abs(row["low"]), abs(row["high"])) for row in rows)

    def people(self, row: Row) -> str:
        """The band of respondents of a row: "20 to 24"."""
        return self.words.people(row["respondents_from"], row["respondents_to"])
