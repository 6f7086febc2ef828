"""What may leave: each measure with a ``state`` in place of the numbers that may not.

States: *shown* (the numbers are there), *none* (a true zero), *some* (more than zero; how many is withheld),
*withheld* (nothing may be said) and *cannot_say* (too little to say it from).

`release` makes the first tables; what is computed from several of them is computed from what they show
(`ppp.disclosure.derived`), so that it can tell nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ppp.disclosure import counts, people

__all__ = ["SHOWN_STATES", "release"]

SHOWN_STATES = ("shown", "none")


def release(measures: Mapping[str, pd.DataFrame], *, threshold: int, by_respondents: bool) -> dict[str, pd.DataFrame]:
    """The measures made releasable.

    Parameters
    ----------
    measures
        By name, what `ppp.measures` returns: ``coverage`` (with a column ``basis``), ``phase_profile``, ``initiation``,
        ``coding_state``, ``parity_facts``, ``parity_ratings`` and ``response_counts``; and where they are wanted
        ``formulation``, ``kinds``, ``coded_evidence``, ``need_phrases``, ``coverage_summary``, ``cell_reliability``, ``seats``,
        ``missing_answers``, ``matched_pairs`` and ``item_reliability``.
    threshold
        No number about fewer people than this leaves.
    by_respondents
        Whether activities were told by individual respondents: then a count that rests on fewer reporters than the
        threshold says only that there are some, and so does every table that would give it away.

    Returns
    -------
    dict of pandas.DataFrame
        Tables with the columns of `ppp.disclosure.RELEASED`, and ``organization`` beside them.
    """
    few = threshold if by_respondents else 0
    coding = measures["coding_state"].rename(columns={"state": "coding"})
    tables = {name: measures[name] for name in ("coverage", "phase_profile", "initiation")} | {"coding_state": coding}
    # What one of them hides, another's exact sums could give away, and the number of all activities most of all.
    hidden = counts.rounds_with_few(tables.values(), few)
    cells = counts.coverage(
        measures["coverage"], few, counts.small_rounds(measures["coverage"], measures["initiation"], hidden, threshold)
    )
    profile = counts.whole_table(measures["phase_profile"], few, hidden)
    profile["share"] = profile["share"].mask(counts.is_among(profile, hidden))
    coding = counts.whole_table(coding, few, hidden)
    initiation = counts.whole_table(measures["initiation"], few, hidden)
    if by_respondents:
        profile, coding, initiation = counts.show_what_is_told(cells, profile, coding, initiation)
    released = {
        "coverage": cells,
        "phase_profile": profile,
        "initiation": initiation,
        "coding_state": coding,
        "parity_facts": counts.facts(measures["parity_facts"], threshold, by_respondents, hidden),
        "parity_ratings": people.ratings(measures["parity_ratings"], threshold),
        "response_counts": people.responses(measures["response_counts"], threshold),
    }
    if "formulation" in measures:
        table = counts.whole_table(measures["formulation"], few, hidden, zeros_hidden=True)
        # 64 rows, nearly all of them zero: what is not there is none, and where it is hidden nothing is there.
        released["formulation"] = table[table["state"] == "shown"].reset_index(drop=True)
    for name in ("coded_evidence", "need_phrases"):
        if name in measures:
            released[name] = counts.whole_table(measures[name], few, hidden, zeros_hidden=True)
    if "coverage_summary" in measures:
        table = measures["coverage_summary"]
        released["coverage_summary"] = counts.coverage_summary(
            table, threshold, by_respondents, hidden, released["response_counts"]
        )
    if "cell_reliability" in measures:
        released["cell_reliability"] = counts.sure_cells(measures["cell_reliability"], hidden)
    if "kinds" in measures:
        # A kind told by one person would say what that person wrote of: facts of organizations only.
        released["kinds"] = measures["kinds"].head(0) if by_respondents else measures["kinds"]
    if "seats" in measures:
        released["seats"] = counts.seats(measures["seats"], threshold, by_respondents)
    if "missing_answers" in measures:
        table = measures["missing_answers"]
        released["missing_answers"] = people.missing_answers(table, released["parity_ratings"], threshold)
    if "matched_pairs" in measures:
        released["matched_pairs"] = people.pairs(measures["matched_pairs"], threshold)
    if "item_reliability" in measures:
        released["item_reliability"] = people.reliability(
            measures["item_reliability"], released["parity_ratings"], released["response_counts"], threshold
        )
    return released
