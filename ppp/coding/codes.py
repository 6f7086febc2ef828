"""The codes in force: for each activity the code that counts, and where it comes from."""

from __future__ import annotations

import pandas as pd

from ppp.framework import PHASES

__all__ = ["CODES", "ORIGINS", "codes_in_force"]

ORIGINS = ("respondent", "suggested")
"""Where a code comes from, the strongest first."""

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


def codes_in_force(activities: pd.DataFrame, suggestions: pd.DataFrame, *, sure_from: float) -> pd.DataFrame:
    """The codes that measures count.

    Parameters
    ----------
    activities
        The tidy table `ppp.tables.ACTIVITIES`.
    suggestions
        What `ppp.coding.suggest` returns.
    sure_from
        Suggestions below this confidence are left out: those activities are "not yet coded" on that dimension.

    Returns
    -------
    pandas.DataFrame
        Columns of `CODES`, one row a code. Dimensions: *place* (the level to be changed), *meeting_place*,
        *phase_began*, *phase* (one row for each phase in which patients were present) and *parity*.

    Notes
    -----
    A respondent's own placing always counts before a suggestion. Where a respondent named the phases in which patients
    were present but not the one they joined in, the earliest of them is the phase in which it began. The phase in which
    collaboration began is also a phase in which it was present.
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
    sure = suggestions[suggestions["confidence"] >= sure_from].assign(origin="suggested")
    answered = pd.MultiIndex.from_frame(respondent[["activity_id", "dimension"]])
    sure = sure[~pd.MultiIndex.from_frame(sure[["activity_id", "dimension"]]).isin(answered)]
    codes = pd.concat([respondent, sure], ignore_index=True).reindex(columns=list(CODES)).astype(CODES)

    began = codes[(codes["dimension"] == "phase_began") & codes["code"].isin(PHASES)].assign(dimension="phase")
    codes = pd.concat([codes, began], ignore_index=True)
    return codes.drop_duplicates(["activity_id", "dimension", "code", "polarity"], ignore_index=True)


def _declared(activities: pd.DataFrame, column: str, dimension: str) -> pd.DataFrame:
    given = activities.loc[activities[column].notna(), ["activity_id", column]]
    return given.rename(columns={column: "code"}).assign(dimension=dimension, confidence=1.0)


def _began(activities: pd.DataFrame) -> pd.Series:
    present = activities["declared_phases"].fillna("").str.split(";")
    earliest = present.map(lambda phases: next((phase for phase in PHASES if phase in phases), pd.NA))
    return activities["declared_phase_began"].astype("string").fillna(earliest.astype("string"))
