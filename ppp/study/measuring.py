"""From tidy tables to what may leave: measured some organizations at a time, released all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ppp import measures
from ppp.coding.kinds import kinds_of
from ppp.disclosure.derive import derive
from ppp.disclosure.release import release
from ppp.framework import codebook
from ppp.study.folder import activity_text
from ppp.study.settings import StudySettings

__all__ = ["AT_ONCE", "released_tables"]

AT_ONCE = 250
"""Organizations measured at a time: what is held in between stays as small for ten thousand as for one."""


def released_tables(
    tables: Mapping[str, pd.DataFrame],
    settings: StudySettings,
    codings: pd.DataFrame | None = None,
    consensus: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Everything that may leave, of all organizations.

    Parameters
    ----------
    tables
        Tidy ``responses``, ``activities`` and ``ratings``, and ``codes`` in force.
    settings
        Of the study: its waves, groups, threshold, who told of activities, and its bar for coding.
    codings, consensus
        The coders' events and what they settled on: to tell how far coders agree, and whether other coders or another
        codebook placed the activities of two waves.

    Returns
    -------
    dict of pandas.DataFrame
        By the names in `ppp.disclosure.RELEASED`, but for the quotes.
    """
    waves = [wave.id for wave in settings.waves]
    agreement = measures.code_agreement(codings, consensus)
    parts: dict[str, list[pd.DataFrame]] = {}
    for some in _some_at_a_time(tables):
        measured = _measured(some, waves, settings.coding.agreement_bar, codings, agreement)
        if settings.respondents.same_ids:
            measured["matched_pairs"] = measures.matched_pairs(some["ratings"], waves)
        if settings.activities.reported_by == "organizations":
            measured["kinds"] = _kinds(some)
        for name, table in measured.items():
            parts.setdefault(name, []).append(table)
    measured = {name: pd.concat(found, ignore_index=True) for name, found in parts.items()}
    # An instrument is looked at over the whole study: one organization has too few answers.
    measured["item_reliability"] = measures.item_reliability(tables["ratings"])
    what_else = measured.pop("what_else_changed")
    released = release(
        measured,
        threshold=settings.disclosure.threshold,
        by_respondents=settings.activities.reported_by == "respondents",
    )
    groups = {item.id: item.group for item in settings.organizations if item.group is not None}
    released = derive(released, waves=waves, groups=groups)
    # Who answered is told from the bands that are shown, not from the numbers behind them.
    what_else = what_else[what_else["what"] != "who_answered"]
    released["what_else_changed"] = pd.concat([what_else, released.pop("who_answered")], ignore_index=True)
    return released


def _measured(
    tables: Mapping[str, pd.DataFrame],
    waves: list[str],
    bar: float,
    codings: pd.DataFrame | None,
    agreement: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    activities, ratings, responses = tables["activities"], tables["ratings"], tables["responses"]
    placed = measures.placements(activities, tables["codes"])
    bases = [measures.coverage(placed, basis=basis).assign(basis=basis) for basis in ("began", "present")]
    coding = measures.coding_sources(placed, codebook().version, codings)
    return {
        "coverage": pd.concat(bases, ignore_index=True),
        "phase_profile": measures.phase_profile(placed),
        "initiation": measures.initiation(placed),
        "coding_state": measures.coding_state(placed),
        "formulation": measures.formulation(placed),
        "coverage_summary": measures.coverage_summary(placed),
        "cell_reliability": measures.cell_reliability(placed, bar=bar, agreement=agreement),
        "coded_evidence": measures.coded_evidence(activities, tables["codes"]),
        "need_phrases": measures.need_phrases(activities),
        "parity_facts": measures.parity_facts(activities),
        "seats": measures.seats(activities),
        "parity_ratings": measures.parity_ratings(ratings),
        "missing_answers": measures.missing_answers(ratings),
        "response_counts": measures.response_counts(responses),
        "what_else_changed": measures.what_else_changed(ratings, responses, waves, coding),
    }


def _kinds(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    activities = tables["activities"]
    texts = activities[["activity_id", "language"]].assign(text=activity_text(activities))
    return measures.kinds_in_cells(measures.placements(activities, tables["codes"]), kinds_of(texts))


def _some_at_a_time(tables: Mapping[str, pd.DataFrame]) -> Iterator[dict[str, pd.DataFrame]]:
    """The tables of `AT_ONCE` organizations after another, in the order of their ids."""
    names = sorted(set(tables["responses"]["organization"]) | set(tables["activities"]["organization"]))
    number = {name: at // AT_ONCE for at, name in enumerate(names)}
    chunk = {}
    for name in ("responses", "activities", "ratings"):
        codes, known = pd.factorize(tables[name]["organization"])
        chunk[name] = np.array([number[one] for one in known], dtype=np.int16)[codes]
    ids = (pa.array(tables[name]["activity_id"], pa.large_string()) for name in ("codes", "activities"))
    at = pc.fill_null(pc.index_in(next(ids), value_set=next(ids)), -1).to_numpy(zero_copy_only=False)
    # The last place, where -1 looks, is for codes of activities that are not there.
    chunk["codes"] = np.append(chunk["activities"], np.int16(-1))[at]
    del at, ids
    # Numbers of rows as they come in the order of chunks; 32 bits hold more rows than will ever be.
    ordered = {name: np.argsort(numbers, kind="stable").astype(np.uint32) for name, numbers in chunk.items()}
    sizes = {name: np.bincount(numbers[numbers >= 0]) for name, numbers in chunk.items()}
    start = {name: int((numbers < 0).sum()) for name, numbers in chunk.items()}
    del chunk
    for one in range(max(1, -(-len(names) // AT_ONCE))):
        some = {}
        for name, order in ordered.items():
            size = int(sizes[name][one]) if one < len(sizes[name]) else 0
            some[name] = tables[name].iloc[order[start[name] : start[name] + size]].reset_index(drop=True)
            start[name] += size
        yield some
