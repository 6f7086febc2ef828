"""The 16 cells: how many activities, how that changed, how sure it is, and what each cell is."""

from __future__ import annotations

from typing import Any

from ppp.framework import PHASES, PLACES, codebook, figure_one
from ppp.reports.view import SAID, Row, View

__all__ = ["matrix"]


def matrix(view: View) -> dict[str, Any]:
    """Values of ``matrix.html.j2``."""
    say, language, book = view.say, view.say.code, codebook()
    present = {(row["place"], row["phase"]): row for row in view.rows("coverage", basis="present")}
    began = {(row["place"], row["phase"]): row for row in view.rows("coverage", basis="began")}
    before = {(row["place"], row["phase"]): row for row in view.earlier("coverage", basis="present")}
    unsure = {(row["place"], row["phase"]) for row in view.rows("cell_reliability", sure="below_bar", state="shown")}
    certainty = {
        (row["place"], row["phase"]): _certainty(view, row["certainty"])
        for row in view.rows("cell_reliability", state="shown")
        if row["certainty"] is not None
    }
    highest = max([4, *(row["activities_n"] for row in present.values() if row["state"] == "shown")])
    quotes = view.rows("quotes")
    rows: list[dict[str, Any]] = []
    for place in book.places:
        cells = []
        for phase in book.phases:
            key = (place.id, phase.id)
            here, start = present.get(key), began.get(key)
            cells.append(
                {
                    "label": view.words.cell(*key),
                    "phase": phase.label[language],
                    "state": here["state"] if here else "none",
                    "n": here["activities_n"] if here and here["state"] == "shown" else 0,
                    "began": start["activities_n"] if start and start["state"] == "shown" else 0,
                    "level": _level(here, highest),
                    "change": _change(before.get(key), here),
                    "is_sure": key not in unsure,
                    "definition": phase.definition[language],
                    "examples": [one.label[language] for one in figure_one().examples if (one.place, one.phase) == key],
                    "certainty": certainty.get(key, ""),
                    "kinds": _kinds(view, key),
                    "quotes": [
                        (row["quote"], row["language"] or language)
                        for row in quotes
                        if (row["place"], row["phase"]) == key
                    ],
                }
            )
        rows.append({"label": place.label[language], "definition": place.definition[language], "cells": cells})
    not_coded, not_stated, no_partnership, guessed = (
        _coding(view, coding) for coding in ("not_yet_coded", "not_stated", "no_partnership", "placed_by_suggestion")
    )
    return {
        "rows": rows,
        "phases": [phase.label[language] for phase in book.phases],
        "has_quotes": bool(quotes),
        "has_certainty": bool(certainty),
        "has_data": bool(present),
        "has_change": any(cell["change"] for row in rows for cell in row["cells"]),
        "has_unsure": any(not cell["is_sure"] for row in rows for cell in row["cells"]),
        "has_some": any(cell["state"] == "some" for row in rows for cell in row["cells"]),
        "before": view.before_name,
        "bar": say.share(view.partition.agreement_bar),
        "not_coded": not_coded,
        "not_stated": not_stated,
        "no_partnership": no_partnership,
        "guessed": guessed,
        "reading": _reading(view, present),
        "say": say,
    }


def _certainty(view: View, share: float) -> str:
    """How sure it is that the activities that began in a cell belong there."""
    if share == 1:
        return view.say.gettext(
            "The activities that began here were placed by those who told of them, or by coders who agreed."
        )
    if share >= _NEARLY:
        return view.say.gettext("Nearly all activities that began here would be placed here by another reader too.")
    return view.say.gettext(
        "Of the activities that began here, about {share} would be placed here by another reader too.",
        share=view.say.share(share),
    )


_NEARLY = 0.98


def _kinds(view: View, cell: tuple[str, str]) -> list[str]:
    """Kinds of activity in the cell, the most common first, each with its number."""
    rows = view.rows("kinds", place=cell[0], phase=cell[1])
    rows = sorted(rows, key=lambda row: (-row["activities_n"], row["kind"]))
    return [f"{view.words.kind[row['kind']]} ({view.say.number(row['activities_n'])})" for row in rows]


def _coding(view: View, coding: str) -> dict[str, Any]:
    row = view.one("coding_state", coding=coding)
    if row is None or row["state"] == "none":
        return {"state": "none", "n": 0}
    return {"state": row["state"], "n": row["activities_n"] or 0}


def _change(before: Row | None, now: Row | None) -> int | None:
    """Activities more or fewer than before, where both numbers are known and differ."""
    if before is None or now is None or "some" in (before["state"], now["state"]):
        return None
    return (now["activities_n"] - before["activities_n"]) or None


def _level(row: Row | None, highest: int) -> int:
    """Shade of a cell, from 0 (empty) to 4; withheld counts take one neutral shade."""
    if row is None or row["state"] == "none":
        return 0
    if row["state"] != "shown":
        return 1
    return 1 + min(3, int(3 * (row["activities_n"] - 1) / max(1, highest - 1) + 0.5))


def _reading(view: View, present: dict[tuple[str, str], Row]) -> str:
    """What the picture shows, in words: the fullest cell, and how many are empty."""
    say = view.say
    shown = {key: row["activities_n"] for key, row in present.items() if row["state"] == "shown"}
    said = sum(row["state"] in SAID for row in present.values())
    if not said:
        return ""
    cells = say.ngettext("{n} of 16 cells is filled.", "{n} of 16 cells are filled.", said)
    if len(shown) < said:
        return cells
    order = [(place, phase) for place in PLACES for phase in PHASES]
    fullest = max(order, key=lambda key: shown.get(key, 0))
    if list(shown.values()).count(shown[fullest]) > 1:
        return cells
    text = say.gettext("The fullest is {cell}, with {n}.", cell=view.words.cell(*fullest), n=say.number(shown[fullest]))
    return f"{cells} {text}"
