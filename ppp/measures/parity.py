"""Parity: facts given about each activity, and ratings by role. Two strands, side by side, never one score."""

from __future__ import annotations

import pandas as pd

__all__ = ["FACTS", "RATIO_BANDS", "parity_facts", "parity_ratings", "seats"]

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

    Parameters
    ----------
    activities
        The tidy table `ppp.tables.ACTIVITIES`.

    Returns
    -------
    pandas.DataFrame
        For each organization, wave and fact of `FACTS`: ``organization``, ``wave``, ``leaf``, ``fact``, ``yes_n``,
        ``no_n``, ``unknown_n`` (activities), ``yes_reporters_n``, ``no_reporters_n``, ``unknown_reporters_n``
        (respondents who told of them).

    Notes
    -----
    Formula
        Activities where the condition was met, was not, or is not known, counted.
    Source
        The conditions are those that Lind (2014) names under Parity: an even balance of voices and no isolated patient,
        fair pay and no costs of one's own, preparation for all, at the very least a contact person, and rotating roles.
    Reading
        "2 of 6 paid" is a fact about activities, to be set beside how people rate compensation.
    Limits
        As stated by one respondent about each activity. *Not known* is neither yes nor no. Activities that coders judged
        not to be partnership count too.

    Examples
    --------
    >>> activities = pd.DataFrame({"organization": "a", "wave": "w", "response_id": ["r", "s"], "patients_n": [2, 1],
    ...     "professionals_n": [2, 5], "compensated": [True, None], "expenses_paid": None, "training_given": None,
    ...     "contact_named": None, "lead_rotates": False})
    >>> parity_facts(activities)[["fact", "yes_n", "no_n", "unknown_n"]].values.tolist()[:3]
    [['even_numbers', 1, 1, 0], ['not_alone', 1, 1, 0], ['compensated', 1, 0, 1]]
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
        yes_reporter=long["response_id"].where(long["yes"]),
        no_reporter=long["response_id"].where(long["no"]),
        unknown_reporter=long["response_id"].where(long["unknown"]),
    )
    counted = (
        long.groupby(["organization", "wave", "fact"])
        .agg(
            yes_n=("yes", "sum"),
            no_n=("no", "sum"),
            unknown_n=("unknown", "sum"),
            yes_reporters_n=("yes_reporter", "nunique"),
            no_reporters_n=("no_reporter", "nunique"),
            unknown_reporters_n=("unknown_reporter", "nunique"),
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

    Parameters
    ----------
    ratings
        The tidy table `ppp.tables.RATINGS`.

    Returns
    -------
    pandas.DataFrame
        For each organization, wave, leaf, role and scale: ``mean``, ``sd`` (of the sample), ``lowest`` and ``highest``
        of the respondents' own means, ``respondents_n`` (with at least one score on the leaf), ``missing_n`` (without one), ``scale_low``,
        ``scale_high``. A respondent who answered several statements on a leaf counts once, with their mean.
        Scales of different range stay apart: nothing is rescaled.

    Notes
    -----
    Formula
        Mean over respondents of each one's own mean over the statements on the leaf.
    Source
        The leaves of Parity: Lind (2014), II, Factor 3.
    Reading
        How equal each side feels that it was, on the scale's own steps.
    Limits
        Takes the steps of the scale as equally long; `parity_gap` gives an ordinal measure beside it.

    Examples
    --------
    >>> ratings = pd.DataFrame({"organization": "a", "wave": "w", "leaf": "numbers", "item": ["q1", "q2", "q1"],
    ...     "role": "patient", "response_id": ["r", "r", "s"], "score": [1, 3, 4], "scale_low": 1, "scale_high": 4})
    >>> parity_ratings(ratings)[["leaf", "role", "mean", "respondents_n"]].values.tolist()
    [['numbers', 'patient', 3.0, 2]]
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
            "sd": grouped.std(ddof=1),
            "respondents_n": grouped.count().astype("Int64"),
            "missing_n": (grouped.size() - grouped.count()).astype("Int64"),
        }
    )
    return table.reset_index()


RATIO_BANDS = ("under_a_quarter", "quarter_to_half", "half_to_even", "even_or_more")
"""Patients for each professional: below 0.25, from 0.25, from 0.5, and from 1."""


def seats(activities: pd.DataFrame) -> pd.DataFrame:
    """Patients for each professional, and how often a patient sits alone.

    Parameters
    ----------
    activities
        The tidy table `ppp.tables.ACTIVITIES`.

    Returns
    -------
    pandas.DataFrame
        For each organization and wave with activities: ``activities_n`` (where both numbers are known and at least one
        professional took part), ``patients_n`` and ``professionals_n`` summed over them, ``ratio`` (missing where
        there is none), ``ratio_band`` (of `RATIO_BANDS`), ``alone_n`` (one patient among two professionals or more).

    Notes
    -----
    Formula
        ratio = sum of patients / sum of professionals, over activities where both are known; alone: one patient and
        at least two professionals.
    Source
        Lind (2014), II, Factor 3, numbers: votes, isolation of a single patient, who replaces them.
    Reading
        Below 1 patients are outnumbered; a lone patient carries a whole perspective and has nobody to lean on.
    Limits
        Large activities weigh more. Two numbers say nothing about who is heard. Counts of people inside activities:
        never shown for few activities, and only in bands.

    Examples
    --------
    >>> activities = pd.DataFrame({"organization": "a", "wave": "w", "patients_n": [1, 5], "professionals_n": [9, 3]})
    >>> seats(activities)[["ratio", "ratio_band", "alone_n"]].values.tolist()
    [[0.5, 'half_to_even', 1]]
    """
    keys = ["organization", "wave"]
    rows = activities[[*keys, "patients_n", "professionals_n"]]
    known = (rows["patients_n"].notna() & (rows["professionals_n"] > 0)).fillna(False).astype(bool)
    rows = rows.assign(
        known=known,
        patients_n=rows["patients_n"].where(known),
        professionals_n=rows["professionals_n"].where(known),
        alone=known & ((rows["patients_n"] == 1) & (rows["professionals_n"] > 1)).fillna(False).astype(bool),
    )
    table = (
        rows.groupby(keys)
        .agg(
            activities_n=("known", "sum"),
            patients_n=("patients_n", "sum"),
            professionals_n=("professionals_n", "sum"),
            alone_n=("alone", "sum"),
        )
        .astype("Int64")
        .reset_index()
    )
    ratio = (table["patients_n"] / table["professionals_n"].where(table["professionals_n"] > 0)).astype("Float64")
    bands = pd.cut(ratio.astype("float64"), [-1, 0.25, 0.5, 1, float("inf")], right=False, labels=list(RATIO_BANDS))
    table["ratio"], table["ratio_band"] = ratio, bands.astype("string")
    return table
