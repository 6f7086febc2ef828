"""Counts of activities: facts that an organization states about itself, unless individuals told of them.

Then a count that rests on fewer reporters than the threshold says only that there are some. The tables of one
organization and wave are sums of the same activities, so each could give away what another hides: where any of them
hides a count, all but the matrix are hidden whole, and the matrix hides the cells that rest on few, or all of them where
the activities are so few that "some" would tell too much.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ppp.disclosure.people import band

__all__ = [
    "coverage",
    "coverage_summary",
    "facts",
    "is_among",
    "rounds_with_few",
    "seats",
    "show_what_is_told",
    "small_rounds",
    "sure_cells",
    "whole_table",
]

_ROUND = ["organization", "wave"]
_PLACED = ("settled", "double_coded", "single_coded", "placed_by_respondent", "placed_by_suggestion")


def coverage(table: pd.DataFrame, few: int, small: pd.DataFrame) -> pd.DataFrame:
    """The matrix, cell by cell: *shown*, *some* or *none*.

    Parameters
    ----------
    table
        `ppp.measures.coverage`.
    few
        Reporters below which a count is hidden; 0 for none.
    small
        Organizations and waves in which every cell is hidden: see `small_rounds`.
    """
    return _stated(table, (table["reporters_n"] < few) | is_among(table, small))


def rounds_with_few(tables: Iterable[pd.DataFrame], few: int) -> pd.DataFrame:
    """Organizations and waves in which any of these counts rests on few reporters."""
    found = [table.loc[(table["activities_n"] > 0) & (table["reporters_n"] < few), _ROUND] for table in tables]
    return pd.concat(found, ignore_index=True).drop_duplicates()


def small_rounds(cells: pd.DataFrame, initiation: pd.DataFrame, hidden: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Of the hidden rounds those in which a place holds so few activities that "some" of each initiator tells too much.

    With six activities at a place and four initiators that are each "some", none can be more than three. There no cell
    of the matrix is shown either, so that nobody knows that there are six.
    """
    began = cells[cells["basis"] == "began"].groupby([*_ROUND, "place"])["activities_n"].sum().rename("total")
    everywhere = began.groupby(_ROUND).sum().reset_index().assign(place="all")
    totals = pd.concat([began.reset_index(), everywhere], ignore_index=True)
    kinds = (initiation["activities_n"] > 0).groupby([initiation[key] for key in (*_ROUND, "place")]).sum()
    totals = totals.merge(kinds.rename("kinds").reset_index(), how="left", on=[*_ROUND, "place"])
    left = totals["total"] - (totals["kinds"] - 1)
    close = totals[(totals["total"] > 0) & (totals["kinds"] > 1) & (left < threshold)]
    return close.loc[is_among(close, hidden), _ROUND].drop_duplicates()


def whole_table(table: pd.DataFrame, few: int, elsewhere: pd.DataFrame, *, zeros_hidden: bool = False) -> pd.DataFrame:
    """A table of counts that is shown whole, or hidden whole for each organization and wave.

    Parameters
    ----------
    table
        Counts: ``organization``, ``wave``, ``activities_n``, ``reporters_n`` and what they are of.
    few
        Reporters below which a count is hidden; 0 for none.
    elsewhere
        Organizations and waves in which another table hides a count.
    zeros_hidden
        Whether a hidden table says *withheld* of every row, its zeros too, in place of *some* and *none*. For tables
        whose rows part a count that is shown elsewhere: "some" three times in a cell of five would leave little open.
    """
    own = table[(table["activities_n"] > 0) & (table["reporters_n"] < few)][_ROUND]
    hidden = is_among(table, pd.concat([own, elsewhere]))
    stated = _stated(table, hidden)
    if zeros_hidden:
        stated.loc[hidden, "state"] = "withheld"
        stated["activities_n"] = stated["activities_n"].mask(hidden)
    return stated


def show_what_is_told(
    cells: pd.DataFrame, profile: pd.DataFrame, coding: pd.DataFrame, initiation: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The three tables with every hidden count shown that is a sum of shown cells of the matrix.

    A table is hidden whole, so that it gives no cell away. Where all cells of a phase are shown and nothing stands
    outside the matrix, hiding their sum would hide nothing, and only look as if it did. The same for a place, or for
    all placed activities, with a single initiator or origin.
    """
    began = cells[cells["basis"] == "began"]
    some = began.assign(some=began["state"] == "some")
    outside = coding[~coding["coding"].isin(_PLACED)]
    all_placed = (outside["state"] == "none").groupby([outside[key] for key in _ROUND]).all()

    def told(table: pd.DataFrame, by: list[str], only_one: pd.Series | None, needs_all_placed: bool) -> pd.DataFrame:
        keys = [*_ROUND, *by]
        sums = some.groupby(keys).agg(sum=("activities_n", "sum"), some=("some", "any"))
        at = pd.MultiIndex.from_frame(table[keys])
        known = sums.reindex(at)
        open_ = (table["state"] == "some") & (known["some"] == False).to_numpy()  # noqa: E712
        if only_one is not None:
            open_ &= only_one
        if needs_all_placed:
            open_ &= all_placed.reindex(pd.MultiIndex.from_frame(table[_ROUND])).eq(True).to_numpy()
        table = table.copy()
        values = pd.Series(known["sum"].to_numpy(), index=table.index).astype("Int64")
        table["activities_n"] = table["activities_n"].astype("Int64").mask(open_, values)
        table["state"] = table["state"].mask(open_, "shown")
        return table

    def single(table: pd.DataFrame, within: list[str]) -> pd.Series:
        there = table["state"] != "none"
        return there & (there.groupby([table[key] for key in within]).transform("sum") == 1)

    profile = told(profile, ["phase"], None, True)
    placed = coding["coding"].isin(_PLACED)
    placed_only = coding[placed]
    placed_only = told(placed_only, [], single(placed_only, _ROUND), False)
    coding = pd.concat([placed_only, coding[~placed]]).sort_index()
    one = single(initiation, [*_ROUND, "place"])
    everywhere = initiation["place"] == "all"
    parts = [
        told(initiation[everywhere], [], one[everywhere], True),
        told(initiation[~everywhere], ["place"], one[~everywhere], True),
    ]
    return profile, coding, pd.concat(parts).sort_index()


def _stated(table: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    table = table.copy()
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    table.loc[hidden, "state"] = "some"
    table.loc[table["activities_n"] == 0, "state"] = "none"
    table["activities_n"] = table["activities_n"].mask(table["state"] == "some")
    return table.drop(columns="reporters_n")


def facts(table: pd.DataFrame, threshold: int, by_respondents: bool, elsewhere: pd.DataFrame) -> pd.DataFrame:
    """Facts of Parity: yes, no and not known together, or none of the three."""
    table = table.copy()
    known = table["yes_n"] + table["no_n"]
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    table.loc[known == 0, "state"] = "none"
    # These two count people inside each activity: a single activity would show two patients among ten professionals.
    counts_people = table["fact"].isin(["even_numbers", "not_alone"])
    table.loc[counts_people & (known < threshold) & (known > 0), "state"] = "withheld"
    if by_respondents:
        for side in ("yes_reporters_n", "no_reporters_n", "unknown_reporters_n"):
            table.loc[table[side].between(1, threshold - 1), "state"] = "withheld"
        table.loc[is_among(table, elsewhere), "state"] = "withheld"
    numbers = ["yes_n", "no_n", "unknown_n"]
    table[numbers] = table[numbers].mask(table["state"] == "withheld")
    return table.drop(columns=["yes_reporters_n", "no_reporters_n", "unknown_reporters_n"])


def seats(table: pd.DataFrame, threshold: int, by_respondents: bool) -> pd.DataFrame:
    """Patients for each professional, in bands and over enough activities; nothing where individuals reported."""
    table = table.copy()
    enough = (table["activities_n"] >= threshold) & (not by_respondents)
    table["state"] = pd.Series("withheld", index=table.index, dtype="string").mask(enough, "shown")
    for column in ("activities_n", "alone_n", "ratio_band"):
        table[column] = table[column].where(enough)
    return table.drop(columns=["ratio", "patients_n", "professionals_n"])


def coverage_summary(
    table: pd.DataFrame, threshold: int, by_respondents: bool, elsewhere: pd.DataFrame, answered: pd.DataFrame
) -> pd.DataFrame:
    """Reach and threads; shares of respondents in thirds, over at least three times the threshold of them.

    A third of so many people holds at least as many numbers as the threshold: which of them it is, is not told. Nor is
    a third told of so many that the bands of the roles (`answered`, the released response counts), which they are
    part of, would become narrower.
    """
    table = table.copy()
    table["state"] = pd.Series("shown", index=table.index, dtype="string")
    if by_respondents:
        table.loc[is_among(table, elsewhere), "state"] = "withheld"
        few = (table["n"] > 0) & (table["reporters_n"] < threshold)
        few |= (table["others_n"] > 0) & (table["others_n"] < threshold)
        table.loc[few, "state"] = "withheld"
    people = table["counted_by"] == "respondents"
    table.loc[people, "state"] = "shown"
    ends = answered["respondents_to"].fillna(threshold - 1).astype("int64")
    room = ends.groupby([answered[key] for key in _ROUND]).sum().reindex(pd.MultiIndex.from_frame(table[_ROUND]))
    too_many = (table["of_n"] // threshold * threshold) > room.fillna(0).to_numpy() - (threshold - 1)
    table.loc[people & ((table["of_n"] < 3 * threshold) | too_many), "state"] = "withheld"
    table.loc[table["of_n"] == 0, "state"] = "none"
    third = pd.cut(table["value"].astype("float64"), [-1, 1 / 3, 2 / 3, 2], labels=["under_a_third", "middle", "most"])
    table["third"] = third.astype("string").where(people & (table["state"] == "shown"))
    bands = band(table["of_n"], threshold, "respondents").where(people & (table["state"] == "shown"))
    table = table.join(bands)
    plain = ~people & (table["state"] == "shown")
    for column in ("n", "of_n", "value"):
        table[column] = table[column].astype("Float64").where(plain)
    return table.drop(columns=["reporters_n", "others_n"])


def sure_cells(table: pd.DataFrame, elsewhere: pd.DataFrame) -> pd.DataFrame:
    """How sure each cell's coding is: *sure* or *below_bar*, and its certainty; withheld where the matrix hides a cell."""
    table = table[table["activities_n"] > 0].copy()
    table["sure"] = table["is_sure"].map({True: "sure", False: "below_bar"}).astype("string")
    hidden = is_among(table, elsewhere)
    table["state"] = pd.Series("shown", index=table.index, dtype="string").mask(hidden, "withheld")
    table["sure"] = table["sure"].mask(hidden)
    # 1 is kept for what nobody guessed: a share that only rounds to it says so.
    rounded = table["certainty"].round(2)
    table["certainty"] = rounded.mask((rounded == 1) & (table["certainty"] < 1), 0.99).mask(hidden)
    return table[[*_ROUND, "place", "phase", "sure", "certainty", "state"]]


def is_among(table: pd.DataFrame, rounds: Iterable) -> pd.Series:
    """Whether each row's organization and wave is one of these."""
    wanted = pd.DataFrame(rounds, columns=_ROUND).drop_duplicates()
    keys = table["organization"].astype("object"), table["wave"].astype("object")
    found = pd.MultiIndex.from_arrays(keys).isin(pd.MultiIndex.from_frame(wanted.astype("object")))
    return pd.Series(found, index=table.index)
