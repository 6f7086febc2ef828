"""What changed since the wave before, with intervals, and what else changed."""

from __future__ import annotations

from typing import Any

from ppp import figures
from ppp.framework import LEAVES, indicators
from ppp.measures import share_change
from ppp.reports.sentences.changed import counted
from ppp.reports.view import Row, View

__all__ = ["progress"]

_SIDES = ("patient", "professional")


def progress(view: View) -> dict[str, Any]:
    """Values of ``progress.html.j2``."""
    now, before = view.rows("coverage", basis="present"), view.earlier("coverage", basis="present")
    new, left = view.filled - view.filled_before, view.filled_before - view.filled
    return {
        "before": view.before_name,
        "has_before": bool(view.earlier("response_counts") or before),
        "changed": _else(view, True),
        "same": _else(view, False),
        "unknown": _else(view, None),
        "new": [view.words.cell(*cell) for cell in _sorted(view, new)] if now and before else [],
        "left": [view.words.cell(*cell) for cell in _sorted(view, left)] if now and before else [],
        "shares": _shares(view),
        "scales": _ratings(view),
        "is_matched": any(row["design"] == "matched" for row in view.rows("change", state="shown")),
    }


def _else(view: View, has_changed: bool | None) -> list[str]:
    """What else changed, or did not, or of which it cannot be told."""
    return [view.words.else_changed[row["what"]] for row in view.rows("what_else_changed", has_changed=has_changed)]


def _sorted(view: View, cells: set[tuple[str, str]]) -> list[tuple[str, str]]:
    places, phases = list(view.words.place), list(view.words.phase)
    return sorted(cells, key=lambda cell: (places.index(cell[0]), phases.index(cell[1])))


def _shares(view: View) -> list[dict[str, Any]]:
    """Shares of activities before and now."""
    rows = []
    for one in indicators().indicators:
        pair = counted(view, one.id)
        # Of factors there are eight at the most, and each is itself an estimate: no interval fits them.
        if pair is None or one.id == "leaves_without_clear_gap":
            continue
        change = share_change(*((int(row["n"]), int(row["of_n"])) for row in pair))
        if change is None:
            continue
        is_clear = change.statement != "no_clear_change"
        ends = 100 * change.low, 100 * change.high
        # A clear change keeps clear of zero: not "0 to +43" for want of a decimal.
        decimals = 1 if is_clear and any(round(end) == 0 for end in ends) else 0
        low, high = (view.say.signed(end, decimals) for end in ends)
        rows.append(
            {
                "label": one.label[view.say.code],
                "then": _of(view, pair[0]),
                "now": _of(view, pair[1]),
                "interval": view.say.gettext("{low} to {high} points", low=low, high=high),
                "words": view.words.change[change.statement],
                "is_clear": is_clear,
            }
        )
    return rows


def _of(view: View, row: Row) -> str:
    n, of_n = (view.say.number(int(row[name])) for name in ("n", "of_n"))
    return view.say.gettext("{n} of {total}", n=n, total=of_n)


def _ratings(view: View) -> list[dict[str, Any]]:
    """Changes of ratings, scale by scale."""
    table = [row for row in view.rows("change") if row["role"] in _SIDES]
    found = []
    for low, high in sorted({(row["scale_low"], row["scale_high"]) for row in table}):
        one = [row for row in table if (row["scale_low"], row["scale_high"]) == (low, high)]
        shown = [row for row in one if row["state"] == "shown"]
        cells = {(row["leaf"], row["role"]): row for row in one}
        svg = None
        if shown:
            frame = view.frame("change")
            frame = frame[(frame["scale_low"] == low) & (frame["scale_high"] == high) & frame["role"].isin(_SIDES)]
            svg = figures.to_svg(
                figures.change(frame, language=view.say.code),
                name=f"change-{low:g}-{high:g}",
                alternative=_alternative(view, shown),
            )
        rows = [
            {"label": view.words.leaf[leaf], "cells": [_cell(view, cells.get((leaf, role))) for role in _SIDES]}
            for leaf in LEAVES
            if any(row["leaf"] == leaf for row in one)
        ]
        found.append({"svg": svg, "rows": rows, "roles": [(role, view.words.role[role]) for role in _SIDES]})
    return found


def _cell(view: View, row: Row | None) -> dict[str, str]:
    if row is None or row["state"] != "shown":
        return {"words": view.words.change["cannot_say"], "number": ""}
    say = view.say
    number = say.gettext(
        "{gap} ({low} to {high})",
        gap=say.signed(row["change"], 1), low=say.signed(row["low"], 1), high=say.signed(row["high"], 1),
    )  # fmt: skip
    return {"words": view.words.change[row["statement"]], "number": number}


def _alternative(view: View, shown: list[Row]) -> str:
    """The clear changes, or that there are none."""
    shown = sorted(shown, key=lambda row: (LEAVES.index(row["leaf"]), row["role"]))
    clear = [row for row in shown if row["statement"] != "no_clear_change"]
    if not clear:
        most = max(shown, key=lambda row: abs(row["change"]))
        return view.say.gettext(
            "Change of each mean rating with its interval. No change is clear; none is larger than {value}.",
            value=_told(view, most),
        )
    values = "; ".join(_told(view, row) for row in clear)
    return view.say.gettext("Change of each mean rating with its interval. Clear changes: {values}.", values=values)


def _told(view: View, row: Row) -> str:
    role = view.words.role[row["role"]].lower()
    return f"{view.words.leaf[row['leaf']]}, {role} {view.say.signed(row['change'], 1)}"
