"""The coding bench: one activity at a time, its text, the matrix and the Parity factors, by mouse or by keyboard."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import anywidget
import pandas as pd

from ppp.bench.codebook import codebook_in, words_in
from ppp.bench.sources import sources
from ppp.coding.desk import Desk
from ppp.coding.events import held, standing, without_undone
from ppp.errors import BadInput
from ppp.language import speak

__all__ = ["CodingBench", "states"]


class CodingBench(anywidget.AnyWidget):
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

    def __init__(self, desk: Desk, *, language: str = "en") -> None:
        super().__init__()
        self._desk = desk
        self._speaks = speak(language)
        self._found: dict[str, dict] = {}
        self._told: dict[str, dict] = {}
        self._size: tuple[int, int] | None = None
        self.on_msg(self._heard)

    def _repr_mimebundle_(self, **asked):
        """As any widget, but with words for where no widget can be shown."""
        bundle = super()._repr_mimebundle_(**asked)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = f"Coding bench of {self._desk.coder}: run this cell in JupyterLab to use it."
        return bundle

    # -- what the browser asks ---------------------------------------------------------------------------------------

    def _heard(self, _widget: object, content: Mapping, _buffers: object) -> None:
        what = content.get("ask")
        try:
            if what == "everything":
                self.send(self._everything())
            elif what == "news":
                self.send({"say": "news", "states": self._news()})
            elif what == "step":
                self._step(content)
        except BadInput as error:
            why = " ".join(problem.what for problem in error.problems)
            self.send({"say": "refused", "id": content.get("id", ""), "why": why, "states": self._news()})

    def _everything(self) -> dict:
        desk = self._desk
        texts = desk.activities()
        suggested = _suggested(desk.suggestions()) if desk.shows_suggestions else None
        self._told = self._look()
        return {
            "say": "everything",
            "key": hashlib.sha256(f"{desk.path.resolve()}".encode()).hexdigest()[:16],
            "words": words_in(self._speaks),
            "codebook": codebook_in(self._speaks),
            "language": self._speaks.code,
            "activities": [
                {
                    "id": row.activity_id,
                    "language": None if pd.isna(row.language) else row.language,
                    "title": 0 if pd.isna(row.title) else len(row.title),
                    "text": row.text,
                    "suggested": None if suggested is None else suggested.get(row.activity_id),
                    "state": self._told.get(row.activity_id),
                }
                for row in texts.itertuples()
            ],
            "suggests": suggested is not None,
        }

    def _step(self, asked: Mapping) -> None:
        before, written = self._look(), 0
        if asked.get("do") != "undo" or len(without_undone(self._desk.events())):
            written = self._desk.once(str(asked["id"]), self._act(asked))
        after = self._look()
        changed = _changes(before, after)
        undone = next(iter(changed)) if asked.get("do") == "undo" and len(changed) == 1 else None
        self.send({"say": "saved", "id": asked["id"], "written": written, "undone": undone, "states": self._news()})

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

    # -- what is in the file -----------------------------------------------------------------------------------------

    def _look(self) -> dict[str, dict]:
        """The coder's codes by activity; the file is read anew only where it has changed."""
        try:
            found = self._desk.path.stat()
            size = (found.st_size, found.st_mtime_ns)
        except FileNotFoundError:
            size = (0, 0)
        if size != self._size:
            self._found, self._size = states(self._desk.events()), size
        return self._found

    def _news(self) -> dict[str, dict | None]:
        """What has changed since the browser was last told; None where an activity holds nothing any more."""
        found = self._look()
        news, self._told = _changes(self._told, found), found
        return news


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
    found: dict[str, dict] = {}
    for row in standing(events).itertuples():
        found[row.activity_id] = {
            "place": [],
            "phase": [],
            "parity": [],
            "memo": "",
            "done": bool(row.done),
            "skipped": bool(row.skipped),
            "flagged": bool(row.flagged),
        }
    for row in held(events).itertuples():
        one = found[row.activity_id]
        if row.dimension == "parity":
            one["parity"] += [] if pd.isna(row.polarity) else [[row.code, row.polarity]]
        elif row.dimension in ("place", "phase_began"):
            one["phase" if row.dimension == "phase_began" else "place"].append(row.code)
        if not pd.isna(row.memo):
            one["memo"] = row.memo
    marks = without_undone(events)
    marks = marks[marks["action"].isin(["done", "skip", "flag"]) & marks["memo"].notna()]
    for row in marks.itertuples():
        one = found[row.activity_id]
        one["memo"] = one["memo"] or row.memo
    return found


def _changes(before: Mapping[str, dict], after: Mapping[str, dict]) -> dict[str, dict | None]:
    return {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)}


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
