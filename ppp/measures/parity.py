"""Parity: facts given about each activity, and ratings by role. Two strands, side by side, never one score."""

from __future__ import annotations

import pandas as pd

__all__ = ["FACTS", "parity_facts", "parity_ratings"]

FACTS = {
    "even_numbers": "numbers",
    "not_alone": "numbers",
    "compensated": "compensation",
    "expenses_paid": "compensation",
    "training_given": "training",
    "contact_named": "support",
    "lead_rotates": "leadership",
}
"""Each fact and the leaf of Parity that it speaks of. *even_numbers*: at least as many patients as professionals took
part; *not_alone*: more than one patient did. Both count people inside an activity; the others are stated as they
are."""


def parity_facts(activities: pd.DataFrame) -> pd.DataFrame:
    """In how many activities a condition of Parity was met.

    Returns
    -------
    pandas.DataFrame
        For each organization, wave and fact of `FACTS`: ``organization``, ``wave``, ``leaf``, ``fact``, ``yes_n``,
        ``no_n``, ``unknown_n`` (activities), ``yes_reporters_n``, ``no_reporters_n`` (respondents who said so).

    Notes
    -----
    The conditions are those that Lind (2014) names under Parity: an even balance of voices and no isolated patient,
    fair pay and no costs of one's own, preparation for all, at the very least a contact person, and rotating roles.
    """
    patients, professionals = activities["patients_n"], activities["professionals_n"]
    answers = activities[["organization", "wave", "response_id"]].assign(
        even_numbers=(patients >= professionals).astype("boolean"),
        not_alone=(patients > 1).where(patients > 0).astype("boolean"),
        **{fact: activities[fact].astype("boolean") for fact in FACTS if fact in activities},
    )
    long = answers.melt(["organization", "wave", "response_id"], list(FACTS), var_name="fact", value_name="answer")
    long = long.assign(
        yes=long["answer"].fillna(False).astype(bool),
        no=(~long["answer"].astype("boolean")).fillna(False).astype(bool),
        unknown=long["answer"].isna(),
    )
    long = long.assign(
        yes_reporter=long["response_id"].where(long["yes"]), no_reporter=long["response_id"].where(long["no"])
    )
    counted = (
        long.groupby(["organization", "wave", "fact"])
        .agg(
            yes_n=("yes", "sum"),
            no_n=("no", "sum"),
            unknown_n=("unknown", "sum"),
            yes_reporters_n=("yes_reporter", "nunique"),
            no_reporters_n=("no_reporter", "nunique"),
        )
        .astype("Int64")
        .reset_index()
    )
    counted.insert(2, "leaf", counted["fact"].map(FACTS).astype("string"))
    order = counted["fact"].map({fact: at for at, fact in enumerate(FACTS)})
    return (
        counted.assign(order=order)
        .sort_values(["organization", "wave", "order"], ignore_index=True)
        .drop(columns="order")
    )


def parity_ratings(ratings: pd.DataFrame) -> pd.DataFrame:
    """How each role rates each factor of Parity.

    Returns
    -------
    pandas.DataFrame
        For each organization, wave, leaf, role and scale: ``mean``, ``lowest`` and ``highest`` of the respondents' own
        means, ``respondents_n`` (with at least one score on the leaf), ``missing_n`` (without one), ``scale_low``,
        ``scale_high``. A respondent who answered several statements on a leaf counts once, with their mean.
        Scales of different range stay apart: nothing is rescaled.
    """
    known = ratings[ratings["role"].notna()]
    keys = ["organization", "wave", "leaf", "role", "scale_low", "scale_high"]
    persons = known.groupby([*keys, "response_id"], dropna=False)["score"].mean().reset_index()
    grouped = persons.groupby(keys, dropna=False)["score"]
    table = pd.DataFrame(
        {
            "mean": grouped.mean(),
            "lowest": grouped.min(),
            "highest": grouped.max(),
            "respondents_n": grouped.count().astype("Int64"),
            "missing_n": (grouped.size() - grouped.count()).astype("Int64"),
        }
    )
    return table.reset_index()
