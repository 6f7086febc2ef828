"""Parity in three strands: what was in place, how it is rated, and what the texts tell; and where they disagree."""

from __future__ import annotations

from typing import Any

from ppp import figures
from ppp.framework import LEAVES, codebook
from ppp.reports.sentences import lowest, questions
from ppp.reports.view import Row, View
from ppp.tables import ROLES

__all__ = ["parity"]


def parity(view: View) -> dict[str, Any]:
    """Values of ``parity.html.j2``."""
    return {
        "disagreements": [one for one in questions(view) if one.rule == "strand"],
        "scales": _scales(view),
        "facts": _facts(view),
        "texts": _texts(view),
        "side_by_side": _side_by_side(view),
        "reflect": _reflect(view),
        "threshold": view.partition.threshold,
        "factors": [
            (leaf.label[view.say.code], leaf.definition[view.say.code])
            for leaf in codebook().leaves
            if view.rows("parity_ratings", leaf=leaf.id)
        ],
    }


def parity_in_a_word(view: View) -> str:
    """What Parity is, and between which numbers it is rated."""
    say = view.say
    means = say.gettext("Parity: that all can take part as equals.")
    scales = {(row["scale_low"], row["scale_high"]) for row in view.rows("parity_ratings")}
    if len(scales) != 1:
        return means
    [(low, high)] = scales
    rated = say.gettext(
        "It is rated from {low} to {high}; higher means more parity.", low=say.number(low), high=say.number(high)
    )
    return f"{means} {rated}"


def _scales(view: View) -> list[dict[str, Any]]:
    """Ratings, scale by scale: a figure, and its numbers."""
    table = view.rows("parity_ratings")
    found = []
    for low, high in sorted({(row["scale_low"], row["scale_high"]) for row in table}):
        one = [row for row in table if (row["scale_low"], row["scale_high"]) == (low, high)]
        gaps = {row["leaf"]: row for row in view.rows("parity_gap", scale_low=low, scale_high=high)}
        shown = [row for row in one if row["state"] == "shown"]
        cells = {(row["leaf"], row["role"]): row for row in one}
        roles = [role for role in ROLES if any(row["role"] == role for row in one)]
        svg = None
        if shown:
            frame = view.frame("parity_ratings")
            frame = frame[(frame["scale_low"] == low) & (frame["scale_high"] == high)]
            svg = figures.to_svg(
                figures.parity_ratings(frame, language=view.say.code),
                name=f"parity-ratings-{low:g}-{high:g}",
                alternative=_alternative(view, shown),
            )
        found.append(
            {
                "low": view.say.number(low),
                "high": view.say.number(high),
                "roles": [(role, view.words.role[role]) for role in roles],
                "shown_roles": [
                    (role, view.words.role[role]) for role in roles if any(row["role"] == role for row in shown)
                ],
                "rows": [
                    {
                        "label": view.words.leaf[leaf],
                        "cells": [cells.get((leaf, role)) for role in roles],
                        "gap": _gap(view, gaps.get(leaf)),
                    }
                    for leaf in LEAVES
                    if any(row["leaf"] == leaf for row in one)
                ],
                "svg": svg,
            }
        )
    return found


def _gap(view: View, row: Row | None) -> dict[str, str]:
    """The gap in words, and its number with the interval where it can be told."""
    words = view.words.gap
    if row is None or row["state"] != "shown":
        return {"words": words["cannot_say"], "number": ""}
    say = view.say
    number = say.gettext(
        "{gap} ({low} to {high})",
        gap=say.signed(row["gap"], 1), low=say.signed(row["low"], 1), high=say.signed(row["high"], 1),
    )  # fmt: skip
    return {"words": words[row["statement"]], "number": number}


def _alternative(view: View, shown: list[Row]) -> str:
    parts = []
    for leaf in LEAVES:
        rows = [row for row in shown if row["leaf"] == leaf]
        rows.sort(key=lambda row: ROLES.index(row["role"]))
        if rows:
            means = view.say.listing(
                f"{view.words.role[row['role']].lower()} {view.say.number(row['mean'], 1)}" for row in rows
            )
            parts.append(f"{view.words.leaf[leaf]}: {means}")
    return view.say.gettext("Mean rating of each factor by role. {values}.", values="; ".join(parts))


def _facts(view: View) -> list[dict[str, Any]]:
    """What was in place, activity by activity."""
    rows = []
    for row in view.rows("parity_facts"):
        shown = row["state"] == "shown"
        rows.append(
            {
                "leaf": view.words.leaf[row["leaf"]],
                "fact": view.words.fact[row["fact"]],
                "state": row["state"],
                "yes": row["yes_n"] if shown else 0,
                "no": row["no_n"] if shown else 0,
                "unknown": row["unknown_n"] if shown else 0,
            }
        )
    return rows


def _texts(view: View) -> dict[str, Any]:
    """What the coded texts tell of each factor, for and against."""
    table = view.rows("coded_evidence")
    cells = {(row["leaf"], row["polarity"]): row for row in table}
    known = [row for row in table if row["state"] in ("shown", "none")]
    rows = []
    for leaf in LEAVES if known else ():
        supports, barrier = cells.get((leaf, "supports")), cells.get((leaf, "barrier"))
        if supports and barrier and (supports["activities_n"] or barrier["activities_n"]):
            rows.append(
                {
                    "label": view.words.leaf[leaf],
                    "supports": supports["activities_n"],
                    "barrier": barrier["activities_n"],
                }
            )
    silent = [view.words.leaf[leaf].lower() for leaf in LEAVES if known and not _told(cells, leaf)]
    highest = max([1, *(max(row["supports"], row["barrier"]) for row in rows)])
    return {"rows": rows, "silent": silent, "highest": highest, "is_withheld": bool(table) and not known}


def _told(cells: dict[tuple[str, str], Row], leaf: str) -> bool:
    return any((cells.get((leaf, way)) or {"activities_n": 0})["activities_n"] for way in ("supports", "barrier"))


def _side_by_side(view: View) -> list[dict[str, Any]]:
    """One row a factor, one column a strand."""
    evidence = {(row["leaf"], row["polarity"]): row for row in view.rows("coded_evidence")}
    strands = view.rows("strands", statement=("ratings_above_facts", "ratings_below_facts"))
    disagree = {row["leaf"] for row in strands}
    rows = []
    for leaf in LEAVES:
        facts = list(view.rows("parity_facts", leaf=leaf))
        ratings = view.rows("parity_ratings", leaf=leaf, role=("patient", "professional"), state="shown")
        texts = [evidence.get((leaf, way)) for way in ("supports", "barrier")]
        rows.append(
            {
                "label": view.words.leaf[leaf],
                "facts": [
                    (view.words.fact[row["fact"]], row["state"], row["yes_n"], (row["yes_n"] or 0) + (row["no_n"] or 0))
                    for row in facts
                ],
                "ratings": [(view.words.role[row["role"]], view.say.number(row["mean"], 1)) for row in ratings],
                "texts": [None if row is None or row["activities_n"] is None else row["activities_n"] for row in texts],
                "disagree": leaf in disagree,
            }
        )
    return rows


def weakest(view: View) -> tuple[str, str] | None:
    """A factor than which none looks weaker, and why it is this one; nothing where nothing is shown of any."""
    say = view.say
    for role in ("patient", "professional"):
        rows = lowest(view, role)
        if rows:
            low = rows[0]
            values = {"role": view.words.role[role], "mean": say.number(low["mean"], 1), "scale": view.scale(low)}
            if len(rows) == 1:
                return low["leaf"], say.gettext("{role} rate it lowest of all factors, {mean} {scale}.", **values)
            if len(rows) > _NAMED:
                return low["leaf"], say.gettext(
                    "{role} rate no factor lower, {mean} {scale}, and several others the same.", **values
                )
            others = say.listing(view.words.leaf[row["leaf"]].lower() for row in rows[1:])
            return low["leaf"], say.gettext(
                "{role} rate no factor lower, {mean} {scale}, and the same goes for {others}.", others=others, **values
            )
    rows = [row for row in view.rows("parity_facts", state="shown") if row["yes_n"] + row["no_n"] >= 3]
    if rows:
        low = min(rows, key=lambda row: (row["yes_n"] / (row["yes_n"] + row["no_n"]), LEAVES.index(row["leaf"])))
        return low["leaf"], say.gettext(
            "No condition is met less often than this: {fact}, in {n} of {total} activities.",
            fact=view.words.met[low["fact"]],
            n=say.number(low["yes_n"]),
            total=say.number(low["yes_n"] + low["no_n"]),
        )
    return None


_NAMED = 3  # factors that a sentence names; where more tie, it says that there are several


def _reflect(view: View) -> dict[str, Any] | None:
    found = weakest(view)
    if found is None:
        return None
    leaf = next(one for one in codebook().leaves if one.id == found[0])
    language = view.say.code
    return {
        "label": leaf.label[language],
        "definition": leaf.definition[language],
        "why": found[1],
        "questions": [question[language] for question in leaf.questions],
    }
