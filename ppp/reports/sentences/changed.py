"""Sentences on what changed since the wave before."""

from __future__ import annotations

from collections.abc import Callable

from ppp.framework import LEAVES
from ppp.measures import share_change
from ppp.reports.sentences.sentence import Sentence, of
from ppp.reports.view import Row, View

__all__ = ["counted", "sentences"]


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


def shares(view: View) -> list[Sentence]:
    """Shares of activities that changed clearly, and how sure each is: what weighs most first, then the most certain."""
    found = []
    for indicator, told in _shares(view).items():
        rows = counted(view, indicator)
        change = share_change(*((int(row["n"]), int(row["of_n"])) for row in rows)) if rows else None
        if rows is None or change is None or change.statement == "no_clear_change":
            continue
        (then_n, then_of), (now_n, now_of) = ((int(row["n"]), int(row["of_n"])) for row in rows)
        values = {"now": view.count(now_n, now_of), "then": view.count(then_n, then_of), "before": view.before_name}
        near = min(abs(change.low), abs(change.high))
        found.append((near, Sentence(indicator, told(values), of("indicators", list(rows)))))
    # When patients join and who begins is what the framework is about; of the rest the most certain.
    found.sort(key=lambda one: (one[0] < _JUST, one[1].rule not in _FIRST, -one[0]))
    found = found[:_MOST]
    sure = [sentence for near, sentence in found if near >= _JUST]
    sentences = []
    for near, sentence in found:
        text = sentence.text
        if near < _JUST:
            text += " " + view.say.gettext("This may be more than chance, but only just.")
        elif sentence is sure[-1] and len(sure) > 1:
            text += " " + view.say.gettext("Each of these {n} changes is hardly chance.", n=view.say.number(len(sure)))
        elif sentence is sure[-1]:
            text += " " + view.say.gettext("So much is hardly chance.")
        # The last one speaks of all that are sure, and rests on all of their rows.
        rests_on = sum((one.evidence for one in sure), ()) if sure and sentence is sure[-1] else sentence.evidence
        sentences.append(Sentence(sentence.rule, text, rests_on))
    return sentences


_FIRST = ("begins_in_design", "initiated_with_patients")
_MOST = 4  # shares that the first page has room for
_JUST = 0.05  # an interval that comes closer to no change than this is told of with care


def _shares(view: View) -> dict[str, Callable[[dict[str, str]], str]]:
    say = view.say
    return {
        "begins_in_design": lambda values: say.gettext(
            "Patients were there from the start, in design, in {now} activities, against {then} in {before}.", **values
        ),
        "begins_in_evaluate": lambda values: say.gettext(
            "Patients joined only afterwards, in evaluate, in {now} activities, against {then} in {before}.", **values
        ),
        "initiated_with_patients": lambda values: say.gettext(
            "Patients, alone or with professionals, began {now} activities, against {then} in {before}.", **values
        ),
        "compensated": lambda values: say.gettext(
            "Patients were paid in {now} activities, against {then} in {before}.", **values
        ),
        "expenses_paid": lambda values: say.gettext(
            "Patients’ expenses were paid in {now} activities, against {then} in {before}.", **values
        ),
        "training_given": lambda values: say.gettext(
            "Training was given in {now} activities, against {then} in {before}.", **values
        ),
        "contact_named": lambda values: say.gettext(
            "Patients had a contact person in {now} activities, against {then} in {before}.", **values
        ),
        "lead_rotates": lambda values: say.gettext(
            "Leading roles went round in {now} activities, against {then} in {before}.", **values
        ),
    }


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
    values = {"before": view.before_name, "steps": say.number(view.furthest(rows), 1)}
    roles = {row["role"] for row in rows}
    if roles == {"professional"}:
        text = say.gettext(
            "Professionals’ ratings of parity: no clear change since {before}, though there may be changes of up to "
            "{steps} steps. Of patients’ ratings nothing can be said: too few answered, now or then.",
            **values,
        )
    elif roles == {"patient"}:
        text = say.gettext(
            "Patients’ ratings of parity: no clear change since {before}, though there may be changes of up to {steps} "
            "steps. Of professionals’ ratings nothing can be said: too few answered, now or then.",
            **values,
        )
    else:
        text = say.gettext(
            "Ratings of parity: no clear change since {before}. With so few answers there may still be changes of up to "
            "{steps} steps.",
            **values,
        )
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
    equals = [row for row in rows if round(abs(row["change"]), 1) == round(abs(top["change"]), 1)]
    if len(equals) > 1:
        # None of them is the one that moved most: their intervals differ, and each is in the table of changes.
        values = {
            "role": values["role"],
            "before": values["before"],
            "steps": values["steps"],
            "leaves": say.listing(view.words.leaf[row["leaf"]].lower() for row in equals),
        }
        if top["statement"] == "higher":
            return say.gettext(
                "{role} rate {n} factors higher than in {before}, most of all {leaves}: {steps} steps each.",
                n=say.number(len(rows)), **values,
            )  # fmt: skip
        return say.gettext(
            "{role} rate {n} factors lower than in {before}, most of all {leaves}: {steps} steps each.",
            n=say.number(len(rows)), **values,
        )  # fmt: skip
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


def sentences(view: View) -> list[Sentence]:
    """All that the data carry, in the order of the page."""
    found = [first(view), cells(view), ratings(view), *shares(view), else_(view)]
    return [sentence for sentence in found if sentence is not None]
