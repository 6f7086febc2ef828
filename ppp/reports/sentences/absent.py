"""Sentences on where patients are absent, from the map and among those who answered."""

from __future__ import annotations

from ppp.framework import PHASES, PLACES
from ppp.measures import gaps
from ppp.reports.sentences.sentence import Sentence, of
from ppp.reports.view import View

__all__ = ["MAKERS"]


def places(view: View) -> Sentence | None:
    """Levels without any activity, on the map or among those whose phase is not known."""
    rows, told = view.rows("coverage", basis="present"), view.rows("initiation", place=PLACES)
    there = {place for place, _ in view.filled} | {row["place"] for row in told if row["state"] != "none"}
    empty = [place for place in PLACES if place not in there]
    if not rows or not empty or not view.filled:
        return None
    names = view.say.listing(view.words.place[place].lower() for place in empty)
    text = view.say.ngettext(
        "On the map, one level has no activity: {places}.", "On the map, {n} levels have no activity: {places}.",
        len(empty), places=names,
    )  # fmt: skip
    evidence = of("coverage", [row for row in rows if row["place"] in empty])
    return Sentence("places", text, evidence + of("initiation", [row for row in told if row["place"] in empty]))


def phases(view: View) -> Sentence | None:
    """Phases in which patients are present at no level, nor joined in an activity whose level is not known."""
    rows, told = view.rows("coverage", basis="present"), view.rows("phase_profile")
    there = {phase for _, phase in view.filled} | {row["phase"] for row in told if row["state"] != "none"}
    empty = [phase for phase in PHASES if phase not in there]
    if not rows or not empty or not view.filled:
        return None
    names = view.say.listing(view.words.phase[phase].lower() for phase in empty)
    text = view.say.ngettext(
        "On the map, no activity has patients in this phase: {phases}.",
        "On the map, no activity has patients in these phases: {phases}.",
        len(empty), phases=names,
    )  # fmt: skip
    evidence = of("coverage", [row for row in rows if row["phase"] in empty])
    return Sentence("phases", text, evidence + of("phase_profile", [row for row in told if row["phase"] in empty]))


def nearest(view: View) -> Sentence | None:
    """How many cells are empty, and which of them lies nearest to what is done already."""
    rows = view.rows("coverage", basis="present")
    empty = gaps(view.filled) if rows and view.filled else None
    if empty is None:
        return None
    evidence = of("coverage", rows)
    if not len(empty):
        return Sentence("nearest", view.say.gettext("No cell of the map is empty."), evidence)
    first = empty.iloc[0]
    cell = view.words.cell(first["place"], first["phase"])
    if len(empty) > 1 and (empty["neighbours_n"] == first["neighbours_n"]).sum() > 1:
        text = view.say.ngettext(
            "{n} cell is empty. Among the nearest to what you already do is {cell}.",
            "{n} cells are empty. Among the nearest to what you already do is {cell}.",
            len(empty), cell=cell,
        )  # fmt: skip
    else:
        text = view.say.ngettext(
            "One cell is empty: {cell}.", "{n} cells are empty. The one nearest to what you already do is {cell}.",
            len(empty), cell=cell,
        )  # fmt: skip
    return Sentence("nearest", text, evidence)


def voices(view: View) -> Sentence | None:
    """Patients or professionals whose ratings cannot be shown, as too few of them answered or rated."""
    ratings = view.rows("parity_ratings")
    counts = {row["role"]: row for row in view.rows("response_counts", role=("patient", "professional"))}
    few = [role for role in ("patient", "professional") if counts.get(role, {"state": "withheld"})["state"] != "shown"]
    if not view.rows("response_counts") or not few:
        return None
    if any(row["state"] == "shown" for row in ratings if row["role"] in few):
        return None
    text = view.say.gettext(
        "Some voices are too few to be shown. Fewer than {threshold} answered as: {roles}.",
        threshold=view.say.number(view.partition.threshold),
        roles=view.say.listing(view.words.role[role].lower() for role in few),
    )
    return Sentence("voices", text, of("response_counts", view.rows("response_counts")))


def not_placed(view: View) -> Sentence | None:
    """Activities that are on no cell, where they are many enough to change the picture."""
    unplaced, some = view.unplaced()
    state = view.rows("coding_state")
    if some or not unplaced or any(row["state"] == "some" for row in state):
        return None
    total = sum(row["activities_n"] for row in state)
    if unplaced * 10 < total:
        return None
    text = view.say.ngettext(
        "But {n} of {total} activities has no place on the map yet: a cell may look emptier than it is.",
        "But {n} of {total} activities have no place on the map yet: a cell may look emptier than it is.",
        unplaced, total=view.say.number(total),
    )  # fmt: skip
    return Sentence("not_placed", text, of("coding_state", state))


MAKERS = (places, phases, nearest, voices, not_placed)
"""In the order of the page."""
