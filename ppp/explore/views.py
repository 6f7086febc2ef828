"""What can be looked at: each view a measure, its figure, and what the figure shows in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

import pandas as pd
from matplotlib.figure import Figure

from ppp import figures, measures
from ppp.explore.choice import Chosen
from ppp.explore.words import Words
from ppp.framework import LEAVES, PHASES, PLACES
from ppp.language import Language
from ppp.measures.coverage import Basis
from ppp.tables import ROLES

__all__ = ["VIEWS", "View", "view"]

VIEWS = ("matrix", "parity", "gap", "change")
"""The matrix of Place and Phase; ratings of Parity by role; the gap between patients and professionals; what changed."""


@dataclass(frozen=True)
class View:
    """One view of those who were chosen.

    Parameters
    ----------
    name
        Of `VIEWS`.
    table
        The measure that is drawn, as `ppp.measures` returns it; empty where there is nothing to draw.
    figure
        The picture; None where there is nothing to draw.
    alternative
        What the picture shows, in words.
    note
        What should be known of it; empty where there is nothing.
    scale
        The scale that ratings were given on; None of the matrix.
    """

    name: str
    table: pd.DataFrame
    figure: Figure | None
    alternative: str
    note: str = ""
    scale: tuple[float, float] | None = None


def view(name: str, of: Chosen, *, basis: Basis = "began", language: str = "en", matched: bool = False) -> View:
    """A view of those who were chosen, all taken together.

    Parameters
    ----------
    name
        Of `VIEWS`.
    of
        What `chosen` returns.
    basis
        Of the matrix: the phase in which collaboration "began", or every phase in which patients were "present".
    language
        Of the labels: "en" or "sv".
    matched
        Of change: whether respondents' ids stand for the same person in every wave.

    Returns
    -------
    View
        Everybody's numbers are measured together: organizations, and waves but for a change, count as one.

    Examples
    --------
    >>> import ppp
    >>> from ppp.explore import Choice, chosen
    >>> study = ppp.open_study("data/lind2014")
    >>> int(view("matrix", chosen(study, Choice())).table["activities_n"].sum()) > 0
    True
    """
    return _MAKE[name](of, Words(language), basis, matched)


def _matrix(of: Chosen, words: Words, basis: Basis, matched: bool) -> View:
    table = measures.coverage(of.placed.assign(organization="all", wave="all"), basis=basis)
    say = words.say
    total = int(table["activities_n"].sum())
    if not total:
        return View(
            "matrix", table.iloc[:0], None, "", say.gettext("No activity of this choice has a place and a phase.")
        )
    counts = table.set_index(["place", "phase"])["activities_n"]
    rows = [
        f"{words.place[place]}: "
        + ", ".join(f"{words.phase[phase]} {say.number(int(counts[place, phase]))}" for phase in PHASES)
        for place in PLACES
    ]
    outside = len(of.placed) - int((of.placed["place"].isin(PLACES) & of.placed["phase_began"].isin(PHASES)).sum())
    note = say.ngettext(
        "{n} activity has no place or no phase, and is in no cell.",
        "{n} activities have no place or no phase, and are in no cell.",
        outside,
    )
    figure = figures.matrix(table, language=say.code)
    return View("matrix", table, figure, _sentence(rows), note if outside and basis == "began" else "")


def _parity(of: Chosen, words: Words, basis: Basis, matched: bool) -> View:
    table = measures.parity_ratings(of.ratings.assign(organization="all", wave="all"))
    table, scale, note = _one_scale(table[table["mean"].notna()], "respondents_n", words.say)
    if table.empty:
        return View("parity", table, None, "", words.say.gettext("Nobody of this choice has rated Parity."))
    rows = [
        f"{words.leaf[leaf]}: "
        + ", ".join(f"{words.role[row.role]} {words.say.number(row.mean, 1)}" for row in of_leaf)
        for leaf, of_leaf in groupby(_in_order(table), key=lambda row: row.leaf)
    ]
    return View("parity", table, figures.parity_ratings(table, language=words.say.code), _sentence(rows), note, scale)


def _gap(of: Chosen, words: Words, basis: Basis, matched: bool) -> View:
    table = measures.parity_gap(of.ratings.assign(organization="all", wave="all"))
    table = table.assign(respondents_n=table["patients_n"] + table["professionals_n"]) if len(table) else table
    table, scale, note = _one_scale(table, "respondents_n", words.say)
    table = table.drop(columns="respondents_n", errors="ignore")
    if table.empty or table["gap"].isna().all():
        why = words.say.gettext("Too few patients or professionals of this choice have rated Parity.")
        return View("gap", table.iloc[:0], None, "", why)
    rows = [_difference(words, words.leaf[row.leaf], row.gap, row.low, row.high) for row in _in_order(table)]
    return View("gap", table, figures.parity_gap(table, language=words.say.code), _sentence(rows), note, scale)


def _change(of: Chosen, words: Words, basis: Basis, matched: bool) -> View:
    say = words.say
    if len(of.waves) < 2:
        return View("change", pd.DataFrame(), None, "", say.gettext("Change needs two waves: choose both, or none."))
    # The last step of those chosen: a figure of several would be many figures.
    table = measures.change(of.ratings.assign(organization="all"), of.waves[-2:], matched=matched)
    table, scale, note = _one_scale(table[table["change"].notna()], "after_n", say)
    if table.empty:
        why = say.gettext("Too few of this choice have rated Parity in both waves.")
        return View("change", table, None, "", why)
    rows = [
        _difference(words, f"{words.leaf[row.leaf]}, {words.role[row.role]}", row.change, row.low, row.high)
        for row in _in_order(table)
    ]
    figure = figures.change(table, language=say.code)
    return View("change", table, figure, _sentence(rows), note, scale)


_MAKE: dict[str, Callable[[Chosen, Words, Basis, bool], View]] = {
    "matrix": _matrix,
    "parity": _parity,
    "gap": _gap,
    "change": _change,
}


def _one_scale(table: pd.DataFrame, number: str, say: Language) -> tuple[pd.DataFrame, tuple[float, float] | None, str]:
    """The rows of the scale that most answers were given on: scales are never mixed, and nothing is rescaled."""
    if table.empty:
        return table, None, ""
    scales = ["scale_low", "scale_high"]
    sizes = table.groupby(scales)[number].sum().sort_values(ascending=False, kind="stable")
    low, high = (float(end) for end in sizes.index[0])
    note = ""
    if len(sizes) > 1:
        others = say.listing(f"{say.number(one)}–{say.number(two)}" for one, two in sizes.index[1:])
        note = say.gettext(
            "Answers on other scales are not drawn here: {others}. Scales are never mixed.", others=others
        )
    return table[(table["scale_low"] == low) & (table["scale_high"] == high)], (low, high), note


def _in_order(table: pd.DataFrame) -> list:
    """The rows in the codebook's order of factors, and of roles within one."""
    rows = sorted(table.itertuples(), key=lambda row: ROLES.index(row.role) if "role" in table else 0)
    return sorted(rows, key=lambda row: LEAVES.index(row.leaf))


def _difference(words: Words, what: str, value: float, low: float, high: float) -> str:
    say = words.say
    if pd.isna(value):
        return f"{what}: {say.gettext('cannot say')}"
    return f"{what}: {say.number(value, 1)} ({say.number(low, 1)} – {say.number(high, 1)})"


def _sentence(rows: list[str]) -> str:
    return ". ".join(rows) + "."
