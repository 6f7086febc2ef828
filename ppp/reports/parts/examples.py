"""What others do: empty and thin cells, each with the framework's nearest real example, and what peers do there."""

from __future__ import annotations

from typing import Any

from ppp.framework import PHASES, PLACES, figure_one, initiatives
from ppp.measures import gaps
from ppp.reports.view import View

__all__ = ["examples"]

_FIRST = 3


def examples(view: View) -> dict[str, Any]:
    """Values of ``examples.html.j2``."""
    present = view.rows("coverage", basis="present")
    empty = [_card(view, row) for row in gaps(view.filled if present else set()).itertuples()]
    thin = [
        (row["place"], row["phase"]) for row in present if row["state"] == "shown" and row["activities_n"] == 1
    ]  # fmt: skip
    everywhere = {(place, phase) for place in PLACES for phase in PHASES}
    thin_cards = [_card(view, row) for row in gaps(everywhere - set(thin)).itertuples()]
    _tell_once([*empty, *thin_cards])
    not_coded = view.one("coding_state", coding="not_yet_coded")
    return {
        "first": empty[:_FIRST],
        "rest": empty[_FIRST:],
        "thin": thin_cards,
        "has_unplaced": not_coded is not None and not_coded["state"] in ("shown", "some"),
        "source": figure_one().source,
        "sources": initiatives().source,
    }


def _tell_once(cards: list[dict[str, Any]]) -> None:
    """An example is nearest to several cells: it is described in the first of them, and the others point there."""
    told: dict[str, str] = {}
    for card in cards:
        card["told_at"] = told.get(card["initiative"], "")
        told.setdefault(card["initiative"], card["label"])


def _card(view: View, row: Any) -> dict[str, Any]:
    language = view.say.code
    here = {one.id: one.label[language] for one in figure_one().examples}
    initiative = next(one for one in initiatives().initiatives if one.id == row.initiative)
    why = next(
        cell.why[language]
        for cell in initiative.cells
        if (cell.place, cell.phase) == (row.initiative_place, row.initiative_phase)
    )
    peers = view.one("group_coverage", place=row.place, phase=row.phase)
    return {
        "label": view.words.cell(row.place, row.phase),
        "examples": [here[example] for example in row.examples],
        "initiative": initiative.name,
        "where": initiative.where[language],
        "since": initiative.since,
        "summary": initiative.summary[language],
        "facts": [fact[language] for fact in initiative.facts],
        "check": initiative.check[language] if initiative.check else "",
        "source": initiative.seed,
        "why": why,
        "distance": _distance(view, row),
        "peers": _peers(view, peers),
        "kinds": [view.words.kind[one["kind"]] for one in view.rows("group_kinds", place=row.place, phase=row.phase)],
    }


def _peers(view: View, row: dict[str, Any] | None) -> str:
    """How many organizations of the group hold an activity in the cell."""
    if row is None or row["of_n"] < 3 or not row["organizations_n"]:
        return ""
    return view.say.ngettext(
        "{n} of {total} organizations in the group has an activity here.",
        "{n} of {total} organizations in the group have an activity here.",
        row["organizations_n"], total=view.say.number(row["of_n"]),
    )  # fmt: skip


def _distance(view: View, row: Any) -> str:
    """Why this initiative: it sits in the cell, or how it lies nearest."""
    say = view.say
    cell = view.words.cell(row.initiative_place, row.initiative_phase)
    if row.places_away == 0 and row.phases_away == 0:
        return say.gettext("A real example from this very cell.")
    if row.places_away == 0:
        steps = say.ngettext("{n} phase away", "{n} phases away", abs(row.phases_away))
        return say.gettext(
            "No real example of the framework sits in this cell. This is the nearest: the same level, {steps} ({cell}).",
            steps=steps, cell=cell,
        )  # fmt: skip
    steps = say.ngettext("{n} level away", "{n} levels away", abs(row.places_away))
    if row.phases_away == 0:
        return say.gettext(
            "No real example of the framework sits in this cell. This is the nearest: the same phase, {steps} ({cell}).",
            steps=steps, cell=cell,
        )  # fmt: skip
    return say.gettext(
        "No real example of the framework sits in this cell. This is the nearest: {steps} and {more} ({cell}).",
        steps=steps, more=say.ngettext("{n} phase away", "{n} phases away", abs(row.phases_away)), cell=cell,
    )  # fmt: skip
