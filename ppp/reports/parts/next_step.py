"""The step that the organization plans, what came of the one before, and questions for trusted patient advisors."""

from __future__ import annotations

from typing import Any

from ppp.disclosure.partition import Naming, Step
from ppp.framework import codebook
from ppp.reports.parts.parity import weakest
from ppp.reports.sentences import first_page
from ppp.reports.view import View

__all__ = ["last_step", "next_step"]

_QUESTIONS, _FEWEST = 5, 3  # what fits a page with room for answers


def last_step(view: View) -> dict[str, Any] | None:
    """Values of ``last_step.html.j2``: what the wave before planned and what came of it; None where nothing is told."""
    step = next((one for one in view.partition.steps if one.wave == view.wave_before), None)
    advice = [one for one in view.partition.advice if one.wave == view.wave_before]
    if step is None and not advice:
        return None
    return {
        "before": view.before_name,
        "step": _step(view, step) if step else None,
        "advice": [(view.words.name(one.question), view.words.name(one.answer)) for one in advice],
    }


def next_step(view: View) -> dict[str, Any]:
    """Values of ``next_step.html.j2``."""
    step = next((one for one in view.partition.steps if one.wave == view.wave), None)
    return {"step": _step(view, step) if step else None, "questions": _questions(view)}


def _step(view: View, step: Step) -> dict[str, Any]:
    def told(text: Naming | None) -> str:
        return view.words.name(text) if text else ""

    gap = ""
    if step.place and step.phase:
        gap = view.words.cell(step.place, step.phase)
    elif step.factor:
        gap = view.say.gettext("parity in {leaf}", leaf=view.words.leaf[step.factor].lower())
    return {
        "gap": gap,
        "now": _now(view, step),
        "text": told(step.step),
        "by": view.say.date(step.by) if step.by else "",
        "status": view.words.status[step.status] if step.status else "",
        "came_of_it": told(step.came_of_it),
    }


def _now(view: View, step: Step) -> str:
    """What the chosen cell holds in this wave."""
    if not (step.place and step.phase):
        return ""
    row = view.one("coverage", basis="present", place=step.place, phase=step.phase)
    if row is None:
        return ""
    if row["state"] == "none":
        return view.say.gettext("The cell is still empty on this round’s map.")
    if row["state"] == "some":
        return view.say.gettext("The cell now holds some activity.")
    return view.say.ngettext(
        "The cell now holds {n} activity.", "The cell now holds {n} activities.", row["activities_n"]
    )


def _questions(view: View) -> list[tuple[str, str]]:
    """Questions for the advisors, each with what gave rise to it; none twice.

    Those of the first page, then those on the weakest factor. Whoever holds the printed page has not read the report.
    """
    found = {one.question: one.text for one in first_page(view).talk}
    leaf = weakest(view)
    if leaf is not None:
        code = next(one for one in codebook().leaves if one.id == leaf[0])
        about = f"{code.label[view.say.code]}: {code.definition[view.say.code]}"
        for question in code.questions:
            if question[view.say.code] not in found:
                # What the factor means is told once.
                found[question[view.say.code]], about = about, ""
    standing = [
        view.say.gettext("What does this report not see?"),
        view.say.gettext("Were you told what became of what you said?"),
        view.say.gettext("What would have made it easier for you to take part?"),
    ]
    pairs = [(claim, question) for question, claim in found.items()][: _QUESTIONS - 1]
    return [*pairs, *(("", question) for question in standing[: max(1, _FEWEST - len(pairs))])]
