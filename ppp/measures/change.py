"""Change between two waves, and what else changed between them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ppp.measures.parity_gap import person_means, welch

__all__ = ["change", "coding_sources", "matched_pairs", "what_else_changed"]

_KEYS = ["organization", "leaf", "role", "scale_low", "scale_high"]


def change(
    ratings: pd.DataFrame, waves: Sequence[str], *, matched: bool = False, at_least: int = 5, level: float = 0.95
) -> pd.DataFrame:
    """Later minus earlier mean rating, for each pair of waves that follow each other.

    Parameters
    ----------
    ratings
        The tidy table `ppp.tables.RATINGS`.
    waves
        The waves in order of time.
    matched
        Whether the study's respondent ids stand for the same person in every wave. Then persons who answered in both
        waves are compared with themselves, where there are `at_least` of them; all others are compared as two groups.
    at_least
        With fewer persons than this in either wave the answer is "cannot say".
    level
        Of the interval.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``leaf``, ``role``, ``scale_low``, ``scale_high``, ``wave_before``, ``wave``, ``before_n``,
        ``after_n``, ``pairs_n``, ``design`` (*matched* or *unmatched*), ``change``, ``low``, ``high``, ``statement``:
        *higher*, *lower*, *no_clear_change* (the interval holds zero) or *cannot_say*.

    Notes
    -----
    Formula
        Unmatched: difference of the two waves' means of persons, with Welch's t interval. Matched: mean of the
        persons' own differences, with the paired t interval.
    Source
        Periodic assessment: Lind (2014), II, uses of the framework; Student (1908); Welch (1947).
    Reading
        "No clear change" is not "no change": with few answers only large changes are clear.
    Limits
        Unmatched waves may differ because other people answered. Read `what_else_changed` first. An id that a survey
        tool numbers from 1 in each wave is no person's: say ``matched`` only where the ids were kept.

    Examples
    --------
    >>> scores = {"2025": [1, 2, 1, 2, 1], "2026": [3, 4, 3, 4, 4]}
    >>> ratings = pd.DataFrame(
    ...     [(wave, f"{wave}/e/{n}", score) for wave, given in scores.items() for n, score in enumerate(given)],
    ...     columns=["wave", "response_id", "score"],
    ... ).assign(organization="a", leaf="numbers", item="q", role="patient", scale_low=1, scale_high=4)
    >>> change(ratings, ["2025", "2026"])[["change", "statement"]].round(1).values.tolist()
    [[2.2, 'higher']]
    """
    persons = person_means(ratings)
    persons["person"] = _person(persons)
    parts = [
        _between(persons, before, after, matched, max(2, at_least), level)
        for before, after in itertools.pairwise(waves)
    ]
    columns = [*_KEYS, "wave_before", "wave", "before_n", "after_n", "pairs_n", "design"]
    columns += ["change", "low", "high", "statement"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _between(
    persons: pd.DataFrame, before: str, after: str, matched: bool, at_least: int, level: float
) -> pd.DataFrame:
    one, two = (
        persons[persons["wave"] == wave]
        .groupby(_KEYS, dropna=False, observed=True)["score"]
        .agg(["count", "mean", "var"])
        for wave in (before, after)
    )
    both = one.merge(two, left_index=True, right_index=True, suffixes=("_before", "_after")).reset_index()
    difference = welch(
        both["mean_after"].to_numpy(), both["var_after"].to_numpy(), both["count_after"].to_numpy(),
        both["mean_before"].to_numpy(), both["var_before"].to_numpy(), both["count_before"].to_numpy(), level,
    )  # fmt: skip
    table = both[_KEYS].assign(
        wave_before=before,
        wave=after,
        before_n=both["count_before"],
        after_n=both["count_after"],
        pairs_n=0,
        design="unmatched",
        change=difference["difference"],
        low=difference["low"],
        high=difference["high"],
    )
    if matched:
        table = _with_pairs(table, persons, before, after, at_least, level)
    few = (table[["before_n", "after_n"]].min(axis=1) < at_least) & (table["design"] == "unmatched")
    few |= table["low"].isna()
    table[["change", "low", "high"]] = table[["change", "low", "high"]].mask(few)
    table["statement"] = "no_clear_change"
    table.loc[table["low"] > 0, "statement"] = "higher"
    table.loc[table["high"] < 0, "statement"] = "lower"
    table.loc[few, "statement"] = "cannot_say"
    return table


def _person(persons: pd.DataFrame) -> pd.Series:
    """A respondent's own id: what follows the wave and the export in ``response_id``."""
    return persons["response_id"].astype("string").str.split("/", n=2).str[-1]


def _pairs(persons: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    first, second = (persons[persons["wave"] == wave] for wave in (before, after))
    # An id that stands twice in one wave names nobody for sure.
    first, second = (half.drop_duplicates([*_KEYS, "person"], keep=False) for half in (first, second))
    return first.merge(second, on=[*_KEYS, "person"], suffixes=("_before", "_after"))


def matched_pairs(ratings: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """How many persons answered in both of two waves, and how alike they answered.

    Parameters
    ----------
    ratings
        The tidy table, of a study whose respondent ids stand for the same person in every wave.
    waves
        In order of time.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``leaf``, ``role``, ``scale_low``, ``scale_high``, ``wave_before``, ``wave``, ``pairs_n``,
        and sums of squares within them, to be pooled: ``squares_before``, ``squares_after``, ``products``.

    Notes
    -----
    Formula
        Persons with a score on the leaf in both waves; sums of squared deviations and of their products around the
        pairs' own means. Pooled over the study they give one correlation, products / √(before · after).
    Source
        The within-group correlation of analysis of covariance; Fisher (1925).
    Reading
        The more alike people answer twice, the surer a change of the mean is.
    Limits
        Rests on ids that were kept: see `change`.

    Examples
    --------
    >>> ratings = pd.DataFrame({"wave": ["2025", "2026"], "response_id": ["2025/e/7", "2026/e/7"], "score": [1, 3],
    ...     "organization": "a", "leaf": "numbers", "item": "q", "role": "patient", "scale_low": 1, "scale_high": 4})
    >>> int(matched_pairs(ratings, ["2025", "2026"])["pairs_n"].iloc[0])
    1
    """
    persons = person_means(ratings)
    persons["person"] = _person(persons)
    parts = []
    for before, after in itertools.pairwise(waves):
        pairs = _pairs(persons, before, after)
        grouped = pairs.groupby(_KEYS, dropna=False, observed=True)
        for side in ("before", "after"):
            pairs[f"d_{side}"] = pairs[f"score_{side}"] - grouped[f"score_{side}"].transform("mean")
        pairs["pairs_n"] = 1
        pairs["squares_before"], pairs["squares_after"] = pairs["d_before"] ** 2, pairs["d_after"] ** 2
        pairs["products"] = pairs["d_before"] * pairs["d_after"]
        sums = ["pairs_n", "squares_before", "squares_after", "products"]
        found = pairs.groupby(_KEYS, dropna=False, observed=True)[sums].sum().reset_index()
        parts.append(found.assign(wave_before=before, wave=after))
    columns = [*_KEYS, "wave_before", "wave", "pairs_n", "squares_before", "squares_after", "products"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _with_pairs(
    table: pd.DataFrame, persons: pd.DataFrame, before: str, after: str, at_least: int, level: float
) -> pd.DataFrame:
    from scipy import stats  # here, as reports that only read need not wait for it

    pairs = _pairs(persons, before, after)
    own = (pairs["score_after"] - pairs["score_before"]).groupby([pairs[key] for key in _KEYS], dropna=False)
    found = own.agg(pairs="count", own_mean="mean", own_var="var").reset_index()
    table = table.merge(found, how="left", on=_KEYS)
    table["pairs_n"] = table["pairs"].fillna(0).astype("int64")
    use = table["pairs_n"] >= at_least
    half = stats.t.ppf(0.5 + level / 2, table["pairs_n"].clip(lower=2) - 1) * np.sqrt(
        table["own_var"] / table["pairs_n"].clip(lower=1)
    )
    table["design"] = table["design"].mask(use, "matched")
    table["change"] = table["change"].mask(use, table["own_mean"])
    table["low"] = table["low"].mask(use, table["own_mean"] - half)
    table["high"] = table["high"].mask(use, table["own_mean"] + half)
    # A difference that is the same for everybody has no spread to make an interval from.
    still = use & ~(table["own_var"] > 0)
    table[["low", "high"]] = table[["low", "high"]].mask(still)
    return table.drop(columns=["pairs", "own_mean", "own_var"])


def what_else_changed(
    ratings: pd.DataFrame,
    responses: pd.DataFrame,
    waves: Sequence[str],
    coding: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What differs between two waves besides what they found: to be read before a word about progress.

    Parameters
    ----------
    ratings, responses
        The tidy tables.
    waves
        The waves in order of time.
    coding
        Where codings are: ``organization``, ``wave``, ``codebook_versions`` and ``origins`` (each a sorted text such as
        "1.0;1.1"). Left out where the study has none.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave_before``, ``wave`` and for each of *instrument* (other statements or another scale),
        *who_answered* (a role whose share of the respondents moved by a quarter of all or more), *codebook* and
        *coders*: one row with ``what`` and ``has_changed`` (missing where the data do not tell).

    Notes
    -----
    Formula
        instrument: the sets of (leaf, item, scale_low, scale_high) that a role was asked differ, for any role that
        answered in both waves. who_answered: largest change of a role's share of the respondents ≥ 0.25. codebook,
        coders: the sets differ.
    Source
        Domain decision 12: honest change.
    Reading
        Where something else changed, a change of the figure may come from that.
    Limits
        Statements that were reworded under the same name are not seen. The limit of 0.25 is ours.

    Examples
    --------
    >>> ratings = pd.DataFrame({"organization": "a", "wave": ["2025", "2026"], "role": "patient", "leaf": "numbers",
    ...     "item": ["q1", "q2"], "scale_low": 1.0, "scale_high": 4.0})
    >>> responses = pd.DataFrame({"organization": "a", "wave": ["2025", "2026"], "role": "patient"})
    >>> what_else_changed(ratings, responses, ["2025", "2026"])[["what", "has_changed"]].values.tolist()
    [['instrument', True], ['who_answered', False]]
    """
    shares = (
        responses.groupby(["organization", "wave", "role"], dropna=False, observed=True)
        .size()
        .rename("n")
        .reset_index()
    )
    shares["share"] = shares["n"] / shares.groupby(["organization", "wave"])["n"].transform("sum")
    instrument = ratings[["organization", "role", "wave", "leaf", "item", "scale_low", "scale_high"]].drop_duplicates()
    instrument = instrument.astype("string").fillna("")
    name = instrument["leaf"] + "|" + instrument["item"]
    name = name + "|" + instrument["scale_low"] + "|" + instrument["scale_high"]
    asked = instrument.assign(name=name).sort_values("name").groupby(["organization", "role", "wave"])["name"]
    asked = asked.agg("\n".join).unstack("wave").reindex(columns=list(waves))
    sources = {}
    if coding is not None:
        sources["codebook"] = coding[["organization", "wave", "codebook_versions"]].set_axis(
            ["organization", "wave", "value"], axis=1
        )
        sources["coders"] = coding[["organization", "wave", "origins"]].set_axis(
            ["organization", "wave", "value"], axis=1
        )
    parts = []
    for before, after in itertools.pairwise(waves):
        there = [set(responses.loc[responses["wave"] == wave, "organization"]) for wave in (before, after)]
        both = pd.DataFrame({"organization": sorted(there[0] & there[1])}, dtype="string")
        for what, values in sources.items():
            one, two = (
                both["organization"].map(values[values["wave"] == wave].set_index("organization")["value"])
                for wave in (before, after)
            )
            differs = (one != two).astype("boolean").mask(one.isna() | two.isna())
            parts.append(both.assign(wave_before=before, wave=after, what=what, has_changed=differs))
        # A statement that only relatives are asked is no other instrument where no relative answered.
        by_role = asked[[before, after]].dropna()
        other = (by_role[before] != by_role[after]).groupby(level="organization").any()
        differs = both["organization"].map(other).astype("boolean")
        parts.append(both.assign(wave_before=before, wave=after, what="instrument", has_changed=differs))
        moved = _moved(shares, before, after)
        differs = both["organization"].map(moved).astype("boolean")
        parts.append(both.assign(wave_before=before, wave=after, what="who_answered", has_changed=differs))
    columns = ["organization", "wave_before", "wave", "what", "has_changed"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns].sort_values(columns[:4], ignore_index=True)


def _moved(shares: pd.DataFrame, before: str, after: str) -> pd.Series:
    wide = shares[shares["wave"].isin([before, after])].pivot_table(
        index=["organization", "role"], columns="wave", values="share", dropna=False
    )
    wide = wide.reindex(columns=[before, after])
    step = (wide[after].fillna(0).astype(float) - wide[before].fillna(0).astype(float)).abs()
    return (step >= 0.25).groupby(level="organization").any()


def coding_sources(placed: pd.DataFrame, codebook_version: str, codings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Which codebook and whose reading each organization's activities were placed with, by wave.

    Parameters
    ----------
    placed
        What `ppp.measures.placements` returns.
    codebook_version
        Of the program, which suggestions rest on.
    codings
        The coders' events, `ppp.tables.CODINGS`; none where left out.

    Returns
    -------
    pandas.DataFrame
        ``organization``, ``wave``, ``codebook_versions``, ``origins`` (origins and coders, joined by ``;``), as
        `what_else_changed` takes them.

    Examples
    --------
    >>> placed = pd.DataFrame({"organization": "a", "wave": "w", "activity_id": ["1", "2"], "response_id": ["r", "s"],
    ...     "place": "clinic", "phase_began": ["design", "evaluate"], "phases": ["design;plan", "evaluate"],
    ...     "initiated_by": ["patients", None], "origin": ["respondent", "suggested"]})
    >>> coding_sources(placed, "1.0").values.tolist()
    [['a', 'w', 'respondent;suggested', '1.0']]
    """
    keys = ["organization", "wave"]
    known = placed.loc[placed["origin"].notna(), [*keys, "origin"]].drop_duplicates()
    versions = known[keys].drop_duplicates().assign(version=codebook_version)
    if codings is not None and len(codings):
        by = codings[["activity_id", "coder", "codebook_version"]].merge(
            placed[["activity_id", *keys]], on="activity_id"
        )
        known = pd.concat([known, by[[*keys, "coder"]].rename(columns={"coder": "origin"})])
        own = by[[*keys, "codebook_version"]].rename(columns={"codebook_version": "version"})
        # Where coders have coded, it is the book they coded with that counts.
        versions = pd.concat([versions[~_among(versions, own, keys)], own])
    texts = {
        name: rows.dropna().drop_duplicates().sort_values(column).groupby(keys)[column].agg(";".join)
        for name, rows, column in (("origins", known, "origin"), ("codebook_versions", versions, "version"))
    }
    return pd.DataFrame(texts).reset_index()


def _among(rows: pd.DataFrame, others: pd.DataFrame, keys: list[str]) -> pd.Series:
    found = pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(others[keys].drop_duplicates()))
    return pd.Series(found, index=rows.index)
