"""Sentences on what patients take part in."""

from __future__ import annotations

from ppp.framework import LEAVES, PHASES, PLACES
from ppp.reports.sentences.sentence import Sentence, of
from ppp.reports.view import View

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
        "Most of them are meant to change things at one level, {place}: {n} of {total}.",
        place=view.words.place[most].lower(), n=view.say.number(counts[most]), total=view.say.number(total),
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
    values = {"n": say.number(most), "total": say.number(total), "design": say.number(counts["design"])}
    top = [phase for phase in PHASES if counts[phase] == most]
    known = {"phase": view.words.phase[top[0]].lower(), **values}
    if len(top) > 1:
        text = say.gettext("In {design} of {total} activities patients were there from the start, in design.", **values)
    elif top[0] == "design":
        text = say.gettext("Most often patients are there from the start, in design: in {n} of {total}.", **values)
    elif counts["design"]:
        text = say.gettext(
            "Most often patients join in the {phase} phase: in {n} of {total}. In {design} they were there from the "
            "start, in design.",
            **known,
        )
    else:
        text = say.gettext(
            "Most often patients join in the {phase} phase: in {n} of {total}. In none were they there from the start.",
            **known,
        )
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
    values = {"shared": say.number(shared), "total": say.number(total)}
    values["professionals"] = say.number(counts["professionals"])
    if not shared:
        text = say.gettext(
            "Professionals ask all of the questions: they began all {total} activities whose initiator is known.",
            **values,
        )
    elif shared * 2 >= total:
        text = say.gettext(
            "Patients help to ask the questions: they began {shared} of {total} activities, alone or with professionals.",
            **values,
        )
    else:
        text = say.gettext(
            "Professionals ask most of the questions: they began {professionals} of {total} activities. Patients began "
            "{shared}, alone or with professionals.",
            **values,
        )
    return Sentence("asking", text, of("initiation", rows))


def following(view: View) -> Sentence | None:
    """Whether patients stay with an activity from one phase to the next."""
    row = view.one("coverage_summary", indicator="followed_across_phases", counted_by="activities", state="shown")
    if row is None or row["of_n"] < 5:
        return None
    n, of_n = int(row["n"]), int(row["of_n"])
    values = {"total": view.say.number(of_n)}
    if n * 2 >= of_n:
        text = view.say.gettext(
            "Patients often stay on: in {n} of {total} they take part in two phases or more.",
            n=view.say.number(n), **values,
        )  # fmt: skip
    elif n * 5 <= of_n:
        text = view.say.gettext(
            "Patients seldom stay on: in {n} of {total} they take part in one phase only.",
            n=view.say.number(of_n - n), **values,
        )  # fmt: skip
    else:
        return None
    return Sentence("following", text, of("coverage_summary", [row]))


def in_place(view: View) -> Sentence | None:
    """The condition of parity that is met most often, where it is met in most activities."""
    rows = [row for row in view.rows("parity_facts", state="shown") if row["yes_n"] + row["no_n"] >= 3]
    rows = [row for row in rows if row["yes_n"] * 3 >= 2 * (row["yes_n"] + row["no_n"])]
    if not rows:
        return None
    best = max(rows, key=lambda row: (row["yes_n"] / (row["yes_n"] + row["no_n"]), -LEAVES.index(row["leaf"])))
    text = view.say.gettext(
        "What is most often in place: {fact}, in {n} of {total}.",
        fact=view.words.met[best["fact"]],
        n=view.say.number(best["yes_n"]),
        total=view.say.number(best["yes_n"] + best["no_n"]),
    )
    return Sentence("in_place", text, of("parity_facts", [best]))


def alike(view: View) -> Sentence | None:
    """That both sides rate parity alike, where that can be told of most factors."""
    rows = view.rows("parity_gap", state="shown")
    if len(rows) < 4 or any(row["statement"] != "no_clear_gap" for row in rows):
        return None
    widths = sorted((row["high"] - row["low"]) / 2 for row in rows)
    text = view.say.gettext(
        "Patients and professionals rate parity alike: no clear gap on any of {n} factors. A gap of less than about "
        "{steps} steps would not show.",
        n=view.say.number(len(rows)), steps=view.say.number(widths[len(widths) // 2], 1),
    )  # fmt: skip
    return Sentence("alike", text, of("parity_gap", rows))


MAKERS = (reach, level, joining, asking, following, in_place, alike)
"""In the order of the page."""
