"""When patients join, and in which phases they are present."""

from __future__ import annotations

from typing import Any

from ppp import figures
from ppp.framework import PHASES
from ppp.measures import share_change
from ppp.reports.sentences.changed import counted
from ppp.reports.view import View

__all__ = ["joining"]


def joining(view: View) -> dict[str, Any]:
    """Values of ``joining.html.j2``."""
    say = view.say
    profile = {row["phase"]: row for row in view.rows("phase_profile")}
    earlier = {row["phase"]: row for row in view.earlier("phase_profile")}
    known = any(row["state"] in ("shown", "some") for row in profile.values())
    rows: list[dict[str, Any]] = []
    for phase in PHASES:
        if phase not in profile:
            continue
        on_map = view.rows("coverage", basis="present", phase=phase)
        hidden = any(row["state"] == "some" for row in on_map)
        rows.append(
            {
                "label": view.words.phase[phase],
                "began": profile[phase],
                "before": earlier.get(phase),
                "present": None if hidden else sum(row["activities_n"] for row in on_map),
            }
        )
    svg = None
    if known:
        values = say.listing(f"{row['label']} {_count(view, row['began'])}" for row in rows)
        alternative = say.gettext("Bars, one a phase, for where patients joined: {values}.", values=values)
        if all(row["present"] is not None for row in rows):
            values = say.listing(f"{row['label']} {say.number(row['present'])}" for row in rows)
            alternative += " " + say.gettext(
                "A thinner bar beside it, for where they were present: {values}.", values=values
            )
        present = {phase: row["present"] for phase, row in zip(profile, rows, strict=True)}
        drawn = figures.phase_profile(view.frame("phase_profile"), present=present, language=say.code)
        svg = figures.to_svg(drawn, name="phase-profile", alternative=alternative)
    return {"rows": rows, "svg": svg, "before": view.before_name, "from_start": _from_start(view)}


def _count(view: View, row: dict[str, Any]) -> str:
    if row["state"] == "some":
        return view.say.gettext("some")
    return view.say.number(row["activities_n"])


def _from_start(view: View) -> str:
    """How the share that begins in Design changed, whether clearly or not."""
    rows = counted(view, "begins_in_design")
    if rows is None:
        return ""
    change = share_change(*((int(row["n"]), int(row["of_n"])) for row in rows))
    if change is None or rows[0]["value"] == rows[1]["value"]:
        return ""
    values = {
        "before": view.before_name,
        "then": view.say.share(rows[0]["value"]),
        "now": view.say.share(rows[1]["value"]),
    }
    if change.statement == "no_clear_change":
        return view.say.gettext(
            "From the start: {now}, against {then} in {before}. With so few activities that is no clear change.",
            **values,
        )
    return view.say.gettext("From the start: {now}, against {then} in {before}. That is a clear change.", **values)
