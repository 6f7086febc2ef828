"""Who took the initiative, by level and by phase."""

from __future__ import annotations

from typing import Any

from ppp import figures
from ppp.framework import PHASES, PLACES
from ppp.reports.view import View
from ppp.tables import INITIATORS

__all__ = ["asking"]


def asking(view: View) -> dict[str, Any]:
    """Values of ``initiation.html.j2``."""
    say = view.say
    order = [*(name for name in ("patients", "jointly", "professionals") if name in INITIATORS), "not_stated"]
    rows: list[dict[str, Any]] = []
    for place in ("all", *PLACES):
        cells = {row["initiated_by"]: row for row in view.rows("initiation", place=place)}
        if cells:
            label = say.gettext("All activities") if place == "all" else view.words.place[place]
            rows.append({"label": label, "cells": [cells[name] for name in order]})
    svg = None
    known = [row for row in view.rows("initiation") if row["initiated_by"] != "not_stated"]
    if any(row["state"] in ("shown", "some") for row in known):
        values = say.listing(
            f"{view.words.initiator[cell['initiated_by']]} "
            f"{say.gettext('some') if cell['state'] == 'some' else say.number(cell['activities_n'])}"
            for cell in rows[0]["cells"][:3]
        )
        svg = figures.to_svg(
            figures.initiation(view.frame("initiation"), language=say.code),
            name="initiation",
            alternative=say.gettext("Stacked bars, one a place. All activities: {values}", values=values) + ".",
        )
    return {
        "rows": rows,
        "by_phase": _by_phase(view, order[:3]),
        "svg": svg,
        "legend": [(name, view.words.initiator[name]) for name in order[:3]],
        "columns": [view.words.initiator[name] for name in order],
    }


def _by_phase(view: View, order: list[str]) -> list[dict[str, Any]]:
    """Initiators by the phase in which collaboration began; only of activities that are on the map."""
    rows = view.rows("formulation")
    if not rows:
        return []
    table = []
    for phase in PHASES:
        counts = dict.fromkeys(order, 0)
        for row in rows:
            if row["phase"] == phase and row["initiated_by"] in counts:
                counts[row["initiated_by"]] += row["activities_n"]
        table.append({"label": view.words.phase[phase], "counts": [counts[name] for name in order]})
    return table
