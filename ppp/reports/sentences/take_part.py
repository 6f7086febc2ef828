"""Sentences on what patients take part in."""

from __future__ import annotations

from ppp.framework import LEAVES, PHASES, PLACES
from ppp.reports.sentences.sentence import Sentence, of
from ppp.reports.view import Row, View

__all__ = ["MAKERS"]


def reach(view: View) -> Sentence | None:
    """How many activities, and how much of the map they reach."""
    say = view.say
    present, state = view.rows("coverage", basis="present"), view.rows("coding_state")
    if not present:
        text = say.gettext("No activity was reported for {wave}.", wave=view.wave_name)
        return Sentence("reach", text, of("response_counts", view.rows("response_counts")))
    cells = say.ngettext(
        "{n} of the 16 cells of the map holds an activity.",
        "{n} of the 16 cells of the map hold activities.",
        len(view.filled),
    )
    evidence = of("coverage", present)
    if any(row["state"] == "some" for row in state):
        return Sentence("reach", cells, evidence)
    total = sum(row["activities_n"] for row in state)
    reported = say.ngettext(
        "{n} activity was reported for {wave}.",
        "{n} activities were reported for {wave}.",
        total,
        wave=view.wave_name,
    )
    return Sentence("reach", f"{reported} {cells}", evidence + of("coding_state", state))


def level(view: View) -> Sentence | None:
    """The one level that most activities aim at."""
    rows = view.rows("coverage", basis="began")
    if not rows or any(row["state"] == "some" for row in rows):
        return None
    counts = {place: sum(row["activities_n"] for row in rows if row["place"] == place) for place in PLACES}
    total = sum(counts.values())
    most = max(PLACES, key=lambda place: counts[place])
    if total < 3 or counts[most] * 2 <= total:
        return None
    text = view.say.gettext(
        "Most of those on the map are meant to change things at one level, {place}: {count}.",
        place=view.words.place[most].lower(), count=view.count(counts[most], total),
    )  # fmt: skip
    return Sentence("level", text, of("coverage", rows))


def joining(view: View) -> Sentence | None:
    """The phase in which patients join, and whether they are there from the start."""
    say, rows = view.say, view.rows("phase_profile")
    if not rows or any(row["state"] == "some" for row in rows):
        return None
    counts = {row["phase"]: row["activities_n"] for row in rows}
    total, most = sum(counts.values()), max(counts.values())
    if not total:
        return None
    top = [phase for phase in PHASES if counts[phase] == most]
    values = {"phase": view.words.phase[top[0]].lower(), "n": say.number(most), "total": say.number(total)}
    if len(top) > 1 or (top[0] == "design" and most == total):
        count = view.count(counts["design"], total, known=True)
        text = say.gettext(
            "In {count} activities whose phase is known, patients were there from the start, in design.", count=count
        )
        return Sentence("joining", text, of("phase_profile", rows))
    if most == total:
        text = say.gettext("In {count} activities whose phase is known, patients joined in one phase: {phase}.",
                           count=view.count(most, total, known=True), phase=values["phase"])  # fmt: skip
    elif top[0] == "design":
        text = say.gettext("The most common phase for patients to join is the first, design: {n} of {total}.", **values)
    else:
        text = say.gettext("The most common phase for patients to join is {phase}: {n} of {total}.", **values)
    if top[0] != "design" and counts["design"]:
        text += " " + say.gettext(
            "In {design} they were there from the start, in design.", design=say.number(counts["design"])
        )
    elif top[0] != "design" and most < total:
        text += " " + say.gettext("In none were they there from the start.")
    return Sentence("joining", text, of("phase_profile", rows))


def asking(view: View) -> Sentence | None:
    """Who took the initiative."""
    say = view.say
    rows = [row for row in view.rows("initiation", place="all") if row["initiated_by"] != "not_stated"]
    if not rows or any(row["state"] == "some" for row in rows):
        return None
    counts = {row["initiated_by"]: row["activities_n"] for row in rows}
    total = sum(counts.values())
    if not total:
        return None
    shared = total - counts["professionals"]
    if not shared:
        text = say.gettext(
            "Professionals ask all of the questions: they began {count} activities whose initiator is known.",
            count=view.count(total, total, known=True),
        )
    elif shared * 2 >= total:
        text = say.gettext(
            "Patients help to ask the questions: they began {count} activities whose initiator is known, {how}.",
            count=view.count(shared, total, known=True), how=_with_whom(view, counts),
        )  # fmt: skip
    else:
        text = say.gettext(
            "Professionals ask most of the questions: they began {count} activities whose initiator is known. Patients "
            "began {shared}, {how}.",
            count=view.count(counts["professionals"], total, known=True), shared=say.number(shared),
            how=_with_whom(view, counts),
        )  # fmt: skip
    return Sentence("asking", text, of("initiation", rows))


def _with_whom(view: View, counts: dict[str, int]) -> str:
    """How patients began what they did: alone, together with professionals, or now the one and now the other."""
    if not counts["patients"]:
        return view.say.gettext("together with professionals")
    return view.say.gettext("alone or with professionals") if counts["jointly"] else view.say.gettext("on their own")


def following(view: View) -> Sentence | None:
    """Whether patients stay with an activity from one phase to the next; only where people told of all its phases."""
    row = view.one("coverage_summary", indicator="followed_across_phases", counted_by="activities", state="shown")
    if row is None or row["of_n"] < 5:
        return None
    n, of_n = int(row["n"]), int(row["of_n"])
    if n * 2 >= of_n:
        text = view.say.gettext(
            "In {count} activities where people told of all phases, patients were in two phases or more.",
            count=view.count(n, of_n, known=True),
        )
    elif n * 5 <= of_n:
        text = view.say.gettext(
            "In {count} activities where people told of all phases, patients were in one phase only.",
            count=view.count(of_n - n, of_n, known=True),
        )
    else:
        return None
    return Sentence("following", text, of("coverage_summary", [row]))


def in_place(view: View) -> Sentence | None:
    """The condition of parity that is met most often, where it is met in most activities."""
    rows = [row for row in view.rows("parity_facts", state="shown") if row["yes_n"] + row["no_n"] >= 3]
    rows = [row for row in rows if row["yes_n"] * 3 >= 2 * (row["yes_n"] + row["no_n"])]
    if not rows:
        return None
    best = max(rows, key=lambda row: (_met(row), -LEAVES.index(row["leaf"])))
    values = {
        "fact": view.words.met[best["fact"]],
        "count": view.count(best["yes_n"], best["yes_n"] + best["no_n"]),
    }
    if sum(_met(row) == _met(best) for row in rows) > 1:
        text = view.say.gettext("Among what is most often in place: {fact}, in {count}.", **values)
    else:
        text = view.say.gettext("What is most often in place: {fact}, in {count}.", **values)
    return Sentence("in_place", text, of("parity_facts", [best]))


def _met(row: Row) -> float:
    return row["yes_n"] / (row["yes_n"] + row["no_n"])


def alike(view: View) -> Sentence | None:
    """That no factor is clearly rated otherwise by one side, where that can be told of most; and how far it reaches."""
    rows = view.rows("parity_gap", state="shown")
    if len(rows) < 4 or any(row["statement"] != "no_clear_gap" for row in rows):
        return None
    text = view.say.gettext(
        "No clear gap between patients’ and professionals’ ratings on any of {n} factors. With so few answers there may "
        "still be gaps of up to {steps} steps.",
        n=view.say.number(len(rows)), steps=view.say.number(view.furthest(rows), 1),
    )  # fmt: skip
    return Sentence("alike", text, of("parity_gap", rows))


MAKERS = (reach, level, joining, asking, following, in_place, alike)
"""In the order of the page."""
