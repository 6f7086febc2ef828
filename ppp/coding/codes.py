"""The codes in force: for each activity the code that counts, and where it comes from."""

from __future__ import annotations

import pandas as pd

from ppp.coding.events import held, standing
from ppp.framework import PHASES

__all__ = ["CODES", "NO_CODE", "ORIGINS", "coder_codes", "codes_in_force"]

ORIGINS = ("settled", "double_coded", "single_coded", "respondent", "suggested")
"""Where a code comes from, the strongest first. *settled*: coders differed or talked it over, and agreed on it;
*double_coded*: all who coded it, two at least, gave the same codes; *single_coded*: one coder did."""

NO_CODE = "none"
"""Of a place or phase: not a partnership activity. Of Parity: coded, and no evidence found."""

CODES = {
    "activity_id": "string",
    "dimension": "string",
    "code": "string",
    "polarity": "string",
    "confidence": "Float64",
    "evidence_start": "Int64",
    "evidence_end": "Int64",
    "origin": "string",
}


def codes_in_force(
    activities: pd.DataFrame,
    suggestions: pd.DataFrame,
    *,
    sure_from: float,
    codings: pd.DataFrame | None = None,
    consensus: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The codes that measures count.

    Parameters
    ----------
    activities
        The tidy table `ppp.tables.ACTIVITIES`.
    suggestions
        What `ppp.coding.suggest` returns.
    sure_from
        Suggestions below this confidence are left out: those activities are "not yet coded" on that dimension.
    codings, consensus
        Coders' events and what they settled on, `ppp.tables.CODINGS` and ``CONSENSUS``; none where left out.

    Returns
    -------
    pandas.DataFrame
        Columns of `CODES`, one row a code. Dimensions: *place* (the level to be changed), *meeting_place*,
        *phase_began*, *phase* (one row for each phase in which patients were present) and *parity*.

    Notes
    -----
    On each dimension of an activity one origin speaks: what was settled, else what its coders agree on, else its only
    coder, else the respondent's own placing, else a suggestion that is sure enough. Where coders differ and have not
    settled it, the respondent's placing stands, and without one the activity is not yet coded: a suggestion is no
    umpire. On Parity, coders are compared factor by factor: what all of them found counts.

    Where a respondent named the phases in which patients were present but not the one they joined in, the earliest of
    them is the phase in which it began. The phase in which collaboration began is also a phase in which it was present.
    """
    declared = [
        _declared(activities, "declared_place", "place"),
        _declared(activities, "declared_meeting_place", "meeting_place"),
        _declared(activities.assign(began=_began(activities)), "began", "phase_began"),
        _declared(
            activities.assign(each=activities["declared_phases"].str.split(";")).explode("each"), "each", "phase"
        ),
    ]
    respondent = pd.concat(declared, ignore_index=True).assign(origin="respondent")
    by_coders, decided, disputed = coder_codes(codings, consensus)
    known = set(activities["activity_id"])
    by_coders = by_coders[by_coders["activity_id"].isin(known)]
    respondent = respondent[~_pairs(respondent).isin(decided)]
    sure = suggestions[suggestions["confidence"] >= sure_from].assign(origin="suggested")
    sure = sure[~_pairs(sure).isin(decided.union(disputed).union(_pairs(respondent)))]
    codes = pd.concat([by_coders, respondent, sure], ignore_index=True).reindex(columns=list(CODES)).astype(CODES)

    began = codes[(codes["dimension"] == "phase_began") & codes["code"].isin(PHASES)].assign(dimension="phase")
    codes = pd.concat([codes, began], ignore_index=True)
    return codes.drop_duplicates(["activity_id", "dimension", "code", "polarity"], ignore_index=True)


def coder_codes(
    codings: pd.DataFrame | None, consensus: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.MultiIndex, pd.MultiIndex]:
    """What coders say, before respondents and suggestions are asked.

    Returns
    -------
    (pandas.DataFrame, pandas.MultiIndex, pandas.MultiIndex)
        Columns of `CODES`, from what was settled, double-coded and single-coded; the (activity_id, dimension) pairs
        that are decided by them (some may hold no code: no evidence on Parity); and the pairs on which coders differ.
    """
    names = ["activity_id", "dimension"]
    parts, decided, disputed = [], _none(names), _none(names)
    if consensus is not None and len(consensus):
        agreed = held(consensus, together=True)
        parts.append(agreed.assign(origin="settled"))
        decided = _pairs(agreed)
    if codings is not None and len(codings):
        found = _what_coders_say(codings)
        found = found[~_pairs(found).isin(decided)]
        keys = [found["activity_id"], found["dimension"]]
        coders = found.groupby(names)["coder"].transform("nunique")
        rows = found[found["code"].notna()]
        saying = rows.groupby([*names, "code", "polarity"], dropna=False)["coder"].transform("nunique")
        agreed_by_all = saying == coders.loc[rows.index]
        whole = agreed_by_all.groupby([key.loc[rows.index] for key in keys]).transform("all")
        taken = rows[(whole | (rows["dimension"] == "parity")) & agreed_by_all]
        origin = coders.loc[taken.index].map(lambda n: "single_coded" if n == 1 else "double_coded")
        parts.append(taken.assign(origin=origin))
        disputed = _pairs(rows[~whole & (rows["dimension"] != "parity")]).unique()
        decided = decided.union(_pairs(found).unique().difference(disputed))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CODES))
    frame = frame.reindex(columns=list(CODES)).astype(CODES)
    frame = frame.drop_duplicates([*names, "code", "polarity"])
    return frame[~((frame["dimension"] == "parity") & (frame["code"] == NO_CODE))], decided, disputed


def _what_coders_say(codings: pd.DataFrame) -> pd.DataFrame:
    """Held codes, and for who is done with an activity but found no evidence on Parity, one row without a code."""
    state = standing(codings)
    state = state[~state["skipped"]]
    working = pd.MultiIndex.from_frame(state[["coder", "activity_id"]])
    codes = held(codings)
    codes = codes[pd.MultiIndex.from_frame(codes[["coder", "activity_id"]]).isin(working)]
    codes = codes[~((codes["dimension"] == "parity") & (codes["code"] == NO_CODE))]
    done = state.loc[state["done"], ["coder", "activity_id"]]
    parity = codes[codes["dimension"] == "parity"]
    silent = done[~pd.MultiIndex.from_frame(done).isin(pd.MultiIndex.from_frame(parity[["coder", "activity_id"]]))]
    return pd.concat([codes, silent.assign(dimension="parity").astype("string")], ignore_index=True)


def _pairs(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["activity_id", "dimension"]].astype("string"))


def _none(names: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([pd.array([], dtype="string")] * 2, names=names)


def _declared(activities: pd.DataFrame, column: str, dimension: str) -> pd.DataFrame:
    given = activities.loc[activities[column].notna(), ["activity_id", column]]
    return given.rename(columns={column: "code"}).assign(dimension=dimension, confidence=1.0)


def _began(activities: pd.DataFrame) -> pd.Series:
    present = activities["declared_phases"].fillna("").str.split(";")
    earliest = present.map(lambda phases: next((phase for phase in PHASES if phase in phases), pd.NA))
    return activities["declared_phase_began"].astype("string").fillna(earliest.astype("string"))
