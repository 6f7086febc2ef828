"""Six shifts and five needs, with the figures that speak of them; what stands in the way; and patterns to ask about."""

from __future__ import annotations

from typing import Any

from ppp.framework import indicators as definitions
from ppp.framework import progress
from ppp.reports.sentences import raised
from ppp.reports.view import Row, View

__all__ = ["shifts"]

_WHOLE = ("system_level", "places_reached")
_TEXTS = ("training_barriers", "compensation_barriers", "support_barriers", "power_balance_barriers")


def shifts(view: View) -> dict[str, Any]:
    """Values of ``shifts.html.j2``."""
    language = view.say.code
    known = {shift.id: shift.label[language] for shift in progress().shifts}
    missing = {one.id: one.definition[language] for one in definitions().not_measured}
    return {
        "shifts": [
            {
                "label": shift.label[language],
                "from_": shift.from_[language],
                "to": shift.to[language],
                "figures": _figures(view, shift.id),
            }
            for shift in progress().shifts
        ],
        "needs": [
            {
                "label": need.label[language],
                "definition": need.definition[language],
                "blocks": [known[one] for one in need.blocks],
                "figures": _figures(view, need.id),
                "not_measured": missing.get(need.id, ""),
            }
            for need in progress().needs
        ],
        "before": view.before_name if view.earlier("indicators", state="shown") else "",
        "signals": raised(view),
        "unsure": [one.label[language] for one in definitions().signals if _cannot_say(view, one.id)],
    }


def _cannot_say(view: View, signal: str) -> bool:
    row = view.one("signals", signal=signal)
    return row is not None and row["state"] == "cannot_say"


def _figures(view: View, about: str) -> list[dict[str, Any]]:
    """The figures that speak of a shift or need, now and before."""
    found = []
    for one in definitions().indicators:
        if about not in one.speaks_of:
            continue
        now = view.one("indicators", indicator=one.id)
        before = next(iter(view.earlier("indicators", indicator=one.id)), None)
        found.append(
            {
                "label": one.label[view.say.code],
                "is_barrier": one.id in _TEXTS,
                "now": _value(view, one.id, now),
                "before": _value(view, one.id, before) if before and before["state"] == "shown" else "",
                "towards": one.towards,
                "cannot_say": one.cannot_say[view.say.code],
            }
        )
    return found


def _value(view: View, indicator: str, row: Row | None) -> str:
    """The figure as people say it: "6 of 34", "3 of 4 levels", "0.4 steps"; empty where it cannot be told."""
    if row is None or row["state"] != "shown":
        return ""
    say = view.say
    if row["of_n"] is not None and indicator not in _WHOLE:
        return say.gettext("{n} of {total}", n=say.number(int(row["n"])), total=say.number(int(row["of_n"])))
    if indicator == "places_reached":
        return say.gettext("{n} of {total}", n=say.number(int(row["value"])), total=say.number(4))
    if indicator == "power_balance_gap":
        return say.gettext("{steps} steps", steps=say.number(row["value"], 1))
    return say.number(int(row["value"]))
