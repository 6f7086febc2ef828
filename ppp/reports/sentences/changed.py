"""Sentences on what changed since the wave before."""

from __future__ import annotations

from ppp.framework import LEAVES
from ppp.measures import share_change
from ppp.reports.sentences.sentence import Sentence, of
from ppp.reports.view import Row, View

__all__ = ["MAKERS", "counted"]


def first(view: View) -> Sentence | None:
    """That there is nothing to compare with."""
    now = view.rows("response_counts") or view.rows("coverage")
    before = view.earlier("response_counts") or view.earlier("coverage")
    if before or not now:
        return None
    text = view.say.gettext("This is the first round with answers: nothing can be said yet about change.")
    table = "response_counts" if view.rows("response_counts") else "coverage"
    return Sentence("first", text, of(table, now))


def cells(view: View) -> Sentence | None:
    """Cells that are new, and cells that are left."""
    now, before = view.rows("coverage", basis="present"), view.earlier("coverage", basis="present")
    if not now or not before:
        return None
    new, left = len(view.filled - view.filled_before), len(view.filled_before - view.filled)
    if not new and not left:
        return None
    parts = []
    if new:
        more = view.say.ngettext(
            "On the map {n} cell is new since {before}.", "On the map {n} cells are new since {before}.",
            new, before=view.before_name,
        )  # fmt: skip
        parts.append(more)
    if left:
        fewer = view.say.ngettext(
            "{n} cell that was filled in {before} is empty now.", "{n} cells that were filled in {before} are empty now.",
            left, before=view.before_name,
        )  # fmt: skip
        parts.append(fewer)
    return Sentence("cells", " ".join(parts), of("coverage", now + before))


def counted(view: View, indicator: str) -> tuple[Row, Row] | None:
    """An indicator's row before and now, where both are shares that are shown."""
    now = view.one("indicators", indicator=indicator, state="shown")
    before = next(iter(view.earlier("indicators", indicator=indicator, state="shown")), None)
    if now is None or before is None or not now["of_n"] or not before["of_n"]:
        return None
    return before, now


def _clearly(view: View, indicator: str) -> tuple[dict[str, str], list[Row]] | None:
    """Numbers and rows of a share that changed clearly."""
    rows = counted(view, indicator)
    if rows is None:
        return None
    before, now = rows
    change = share_change(*((int(row["n"]), int(row["of_n"])) for row in rows))
    if change is None or change.statement == "no_clear_change":
        return None
    numbers = {"then_n": before["n"], "then_of": before["of_n"], "now_n": now["n"], "now_of": now["of_n"]}
    values = {name: view.say.number(int(value)) for name, value in numbers.items()}
    return values | {"before": view.before_name}, list(rows)


def begins(view: View) -> Sentence | None:
    """Whether patients are there from the start clearly more, or less, often."""
    found = _clearly(view, "begins_in_design")
    if found is None:
        return None
    text = view.say.gettext(
        "From the start, in design: {now_n} of {now_of} activities, against {then_n} of {then_of} in {before}. So "
        "much is hardly chance.",
        **found[0],
    )
    return Sentence("begins", text, of("indicators", found[1]))


def shared(view: View) -> Sentence | None:
    """Whether patients clearly more, or less, often take the initiative."""
    found = _clearly(view, "initiated_with_patients")
    if found is None:
        return None
    text = view.say.gettext(
        "Begun by patients, alone or jointly: {now_n} of {now_of}, against {then_n} of {then_of} in {before}. So "
        "much is hardly chance.",
        **found[0],
    )
    return Sentence("shared", text, of("indicators", found[1]))


def paid(view: View) -> Sentence | None:
    """Whether patients are clearly more, or less, often paid."""
    found = _clearly(view, "compensated")
    if found is None:
        return None
    text = view.say.gettext(
        "Patients were paid in {now_n} of {now_of} activities, against {then_n} of {then_of} in {before}. So much is "
        "hardly chance.",
        **found[0],
    )
    return Sentence("paid", text, of("indicators", found[1]))


def ratings(view: View) -> Sentence | None:
    """Factors that a role rates clearly higher or lower, or that none does."""
    say = view.say
    rows = [row for row in view.rows("change", state="shown") if row["role"] in ("patient", "professional")]
    if not rows:
        return None
    clear = [row for row in rows if row["statement"] != "no_clear_change"]
    if clear:
        parts = []
        for role in ("patient", "professional"):
            for statement in ("higher", "lower"):
                found = [row for row in clear if (row["role"], row["statement"]) == (role, statement)]
                if found:
                    parts.append(_moved(view, found))
        return Sentence("ratings", " ".join(parts), of("change", clear))
    widths = sorted((row["high"] - row["low"]) / 2 for row in rows)
    text = say.gettext(
        "Ratings of parity: no clear change since {before}. A change of less than about {steps} steps would not show.",
        before=view.before_name, steps=say.number(widths[len(widths) // 2], 1),
    )  # fmt: skip
    return Sentence("ratings", text, of("change", rows))


def _moved(view: View, rows: list[Row]) -> str:
    """One role's clear changes in one direction: how many, and the largest."""
    say = view.say
    top = min(rows, key=lambda row: (-abs(row["change"]), LEAVES.index(row["leaf"])))
    ends = sorted((abs(top["low"]), abs(top["high"])))
    values = {
        "role": view.words.role[top["role"]],
        "leaf": view.words.leaf[top["leaf"]].lower(),
        "before": view.before_name,
        "steps": say.number(abs(top["change"]), 1),
        "low": say.number(ends[0], 1),
        "high": say.number(ends[1], 1),
    }
    if top["statement"] == "higher":
        return say.ngettext(
            "{role} rate parity in {leaf} higher than in {before}: up {steps} steps, likely between {low} and {high}.",
            "{role} rate {n} factors higher than in {before}. Parity in {leaf} is up most: {steps} steps, likely between "
            "{low} and {high}.",
            len(rows), **values,
        )  # fmt: skip
    return say.ngettext(
        "{role} rate parity in {leaf} lower than in {before}: down {steps} steps, likely between {low} and {high}.",
        "{role} rate {n} factors lower than in {before}. Parity in {leaf} is down most: {steps} steps, likely between "
        "{low} and {high}.",
        len(rows), **values,
    )  # fmt: skip


def else_(view: View) -> Sentence | None:
    """What else changed between the waves, and so could be behind a difference."""
    rows = [row for row in view.rows("what_else_changed") if row["has_changed"]]
    if not rows:
        return None
    what = view.say.listing(view.words.else_changed[row["what"]] for row in rows)
    text = view.say.gettext("Be careful with comparisons: other things changed too, namely {what}.", what=what)
    return Sentence("else", text, of("what_else_changed", rows))


MAKERS = (first, cells, ratings, begins, shared, paid, else_)
"""In the order of the page."""
