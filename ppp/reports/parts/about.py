"""Where the numbers come from: who answered, how activities were placed, what is withheld, and how it was made."""

from __future__ import annotations

from typing import Any

from ppp.framework import LEAVES
from ppp.reports.view import View
from ppp.tables import ROLES

__all__ = ["about"]

_PLATFORM_NAMES = {"csv": "CSV", "xlsx": "Excel", "redcap": "REDCap"}
_HIDDEN = ("some", "withheld")


def about(view: View) -> dict[str, Any]:
    """Values of ``about.html.j2``."""
    partition, say = view.partition, view.say
    order = {role: at for at, role in enumerate((*ROLES, "not_stated"))}
    counts = sorted(view.rows("response_counts"), key=lambda row: order[row["role"]])
    coding = view.rows("coding_state")
    platforms = sorted({note.platform for note in partition.exports if note.wave == view.wave and note.platform})
    return {
        "roles": [(view.words.role[row["role"]], row) for row in counts],
        "coding": [(view.words.coding[row["coding"]], row, _share(view, row, coding)) for row in coding],
        "answers": _answers(view),
        "agreement": _agreement(view),
        "reliability": _reliability(view),
        "withheld": _withheld(view),
        "platforms": say.listing(_PLATFORM_NAMES.get(name, name) for name in platforms) if platforms else "",
        "partition": partition,
        "command": f"ppp report {partition.study.id} --organization {partition.organization.id} --wave {view.wave}",
        "sure_from": say.share(partition.sure_from),
    }


def _share(view: View, row: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """What share of all activities it is; empty where any of their numbers is withheld."""
    if any(one["activities_n"] is None for one in rows):
        return ""
    total = sum(one["activities_n"] for one in rows)
    return view.say.share(row["activities_n"] / total) if total else ""


def _answers(view: View) -> list[tuple[str, list[str]]]:
    """Of those who were asked about a factor, how many rated it, by role."""
    rows = []
    for leaf in LEAVES:
        cells = []
        for role in ("patient", "professional"):
            found = view.rows("missing_answers", leaf=leaf, role=role, state="shown")
            cells.append(" + ".join(_answered(view, row) for row in found))
        rows.append((view.words.leaf[leaf], cells))
    return rows if any(cell for _, cells in rows for cell in cells) else []


def _answered(view: View, row: dict[str, Any]) -> str:
    answered = view.words.people(row["answered_from"], row["answered_to"])
    if row["asked_from"] is None:
        return answered
    asked = view.words.people(row["asked_from"], row["asked_to"])
    return view.say.gettext("{answered} of {asked}", answered=answered, asked=asked)


def _agreement(view: View) -> list[dict[str, Any]]:
    """Agreement between coders in the whole study, before they settled."""
    say = view.say
    found = []
    for one in view.partition.agreement:
        values = {"alpha": say.number(one.alpha, 2), "low": say.number(one.low, 2), "high": say.number(one.high, 2)}
        found.append(
            {
                "label": view.words.dimension[one.dimension],
                "number": say.gettext("{alpha} ({low} to {high})", **values),
                "units": say.number(one.units),
                "is_enough": one.alpha >= view.partition.agreement_bar,
            }
        )
    return found


def _reliability(view: View) -> list[dict[str, str]]:
    """How well the statements of the instrument hold together, over the whole study."""
    say = view.say
    rows = list(view.rows("item_reliability", leaf="all", state="shown"))
    return [
        {
            # survey tools name statements each in its way: what was asked in several forms is told of each
            "form": say.gettext("Form {n} of {total}:", n=say.number(at), total=say.number(len(rows)))
            if rows[1:]
            else "",
            "items_n": say.number(row["items_n"]),
            "alpha": "–" if row["alpha"] is None else say.number(row["alpha"], 2),
            "omega": "–" if row["omega"] is None else say.number(row["omega"], 2),
            "people": say.number(row["complete_from"]),
        }
        for at, row in enumerate(rows, start=1)
    ]


def _withheld(view: View) -> list[str]:
    """How many numbers of each kind are withheld in this report."""
    say = view.say
    means = list(view.rows("parity_ratings"))
    cells = view.rows("coverage", basis="present")
    facts = view.rows("parity_facts")
    found = []
    for rows, text in (
        (means, say.gettext("Means of ratings: {n} of {total}", **_counted(view, means))),
        (cells, say.gettext("Cells of the map: {n} of {total}", **_counted(view, cells))),
        (facts, say.gettext("Conditions of parity: {n} of {total}", **_counted(view, facts))),
    ):
        if any(row["state"] in _HIDDEN for row in rows):
            found.append(text)
    return found


def _counted(view: View, rows: list[dict[str, Any]]) -> dict[str, str]:
    hidden = sum(row["state"] in _HIDDEN for row in rows)
    return {"n": view.say.number(hidden), "total": view.say.number(len(rows))}
