"""The coding bench: one activity at a time, its text, the matrix and the Parity factors, by mouse or by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from ppp.bench.bench import Bench
from ppp.bench.sources import sources
from ppp.coding.desk import Desk
from ppp.coding.events import held, standing, without_undone

__all__ = ["CodingBench", "states"]


class CodingBench(Bench):
    """A widget to code at; see `ppp.study.Study.desk` for what lies on a desk and what does not.

    Every decision is a step in the coder's append-only file before the widget says "saved". The browser keeps a step
    until then, gives it a name, and asks again when no answer comes: a step is neither lost nor done twice, whether the
    kernel is restarted, the tab closed, or a second tab opened.

    Parameters
    ----------
    desk
        The coder's desk.
    language
        "en", "sv", or any other language that there is a catalogue for: of the widget, not of the texts.

    Raises
    ------
    BadInput
        Where there is no catalogue for the language.

    Examples
    --------
    >>> from ppp.study import open_study
    >>> bench = CodingBench(open_study("data/demo").desk("astrid"), language="sv")
    """

    _esm = sources("common.js", "coding.js")
    _css = sources("bench.css")
    _title = "Coding bench"

    def __init__(self, desk: Desk, *, language: str = "en") -> None:
        super().__init__(desk.path, language)
        self._desk = desk

    def _data(self) -> dict:
        desk = self._desk
        suggested = _suggested(desk.suggestions()) if desk.shows_suggestions else None
        rows = [
            {
                "id": row.activity_id,
                "language": None if pd.isna(row.language) else row.language,
                "title": 0 if pd.isna(row.title) else len(row.title),
                "text": row.text,
                "suggested": None if suggested is None else suggested.get(row.activity_id),
            }
            for row in desk.activities().itertuples()
        ]
        return {"activities": rows, "suggests": suggested is not None}

    def _states(self) -> dict[str, dict]:
        return states(self._desk.events())

    def _once(self, step: str, act: Callable[[], int]) -> int:
        return self._desk.once(step, act)

    def _can_undo(self) -> bool:
        return len(without_undone(self._desk.events())) > 0

    def _act(self, asked: Mapping) -> Callable[[], int]:
        desk, do, activity = self._desk, asked.get("do"), str(asked.get("activity", ""))
        memo = str(asked.get("memo") or "")
        if do == "undo":
            return desk.undo
        if do == "skip":
            return lambda: desk.skip(activity, memo)
        if do == "flag":
            return lambda: desk.flag(activity, memo)
        if do == "unflag":
            return lambda: desk.unflag(activity)
        given: dict = {}
        if asked.get("place") is not None:
            given |= {"place": [str(code) for code in asked["place"]]}
        if asked.get("phase") is not None:
            given |= {"phase_began": [str(code) for code in asked["phase"]]}
        if asked.get("parity") is not None:
            given |= {"parity": [(str(leaf), str(way)) for leaf, way in asked["parity"]]}
        # Place and phase together make an activity done; only one that was left out must be said to be back.
        return lambda: desk.code(activity, **given, memo=memo, done=bool(asked.get("again")))


def states(events: pd.DataFrame) -> dict[str, dict]:
    """What a coder holds, activity by activity.

    Parameters
    ----------
    events
        One coder's events; columns of `ppp.tables.CODINGS`.

    Returns
    -------
    dict of dict
        By activity: ``place`` and ``phase`` (the phase in which it began), lists of codes with the main one first;
        ``parity``, a list of factor and direction; ``memo``; and whether it is ``done``, ``skipped`` and ``flagged``.
        Activities without a step that counts are left out.
    """
    counting = without_undone(events)
    found: dict[str, dict] = {}
    for row in standing(counting).itertuples():
        found[row.activity_id] = {
            "place": [],
            "phase": [],
            "parity": [],
            "memo": "",
            "done": bool(row.done),
            "skipped": bool(row.skipped),
            "flagged": bool(row.flagged),
        }
    for row in held(counting).itertuples():
        one = found[row.activity_id]
        if row.dimension == "parity":
            one["parity"] += [] if pd.isna(row.polarity) else [[row.code, row.polarity]]
        elif row.dimension in ("place", "phase_began"):
            one["phase" if row.dimension == "phase_began" else "place"].append(row.code)
        if not pd.isna(row.memo):
            one["memo"] = row.memo
    marks = counting[counting["action"].isin(["done", "skip", "flag"]) & counting["memo"].notna()]
    for row in marks.itertuples():
        one = found[row.activity_id]
        one["memo"] = one["memo"] or row.memo
    return found


def _suggested(suggestions: pd.DataFrame) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for row in suggestions.itertuples():
        one = found.setdefault(row.activity_id, {"place": None, "phase": None, "parity": [], "marks": [], "sure": None})
        if row.dimension == "parity":
            one["parity"].append([row.code, row.polarity])
        else:
            one["phase" if row.dimension == "phase_began" else "place"] = row.code
            sure = float(row.confidence)
            one["sure"] = sure if one["sure"] is None else min(one["sure"], sure)
        if not pd.isna(row.evidence_start):
            kind = {"phase_began": "phase"}.get(row.dimension, row.dimension)
            one["marks"].append([int(row.evidence_start), int(row.evidence_end), kind])
    return found
