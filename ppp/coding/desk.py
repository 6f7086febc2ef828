"""A coder's desk: the texts assigned to them, and their own codes. Nobody else's codes can be seen from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ppp.coding.events import changes, held, standing
from ppp.coding.ledger import coder_ledger, now
from ppp.coding.legal import check_code
from ppp.coding.steps import Steps
from ppp.errors import BadInput, Problem
from ppp.framework import codebook

__all__ = ["Coding", "Desk"]


@dataclass(frozen=True)
class Coding:
    """What a coder gives one activity; see `Desk.code`. A dimension that is None stays as it is."""

    activity_id: str
    place: str | Sequence[str] | None = None
    phase_began: str | Sequence[str] | None = None
    phases: Sequence[str] | None = None
    parity: Mapping[str, str] | Sequence[tuple[str, str]] | None = None
    confidence: float | None = None
    evidence: Mapping[str, tuple[int, int]] | None = None
    memo: str = ""
    done: bool = True

    @property
    def dimensions(self) -> list[str]:
        """The dimensions that it speaks of."""
        given = {"place": self.place, "phase_began": self.phase_began, "phase": self.phases, "parity": self.parity}
        return [name for name, codes in given.items() if codes is not None]


class Desk:
    """Where one coder codes. Get one from `ppp.study.Study.desk`.

    Every step is on the disk when the call returns. How a respondent placed an activity is not shown either: it would
    lead the coder.

    Parameters
    ----------
    folder
        The study's ``codings/``.
    coder
        Whose desk it is; only their own file is read.
    texts
        Columns ``activity_id``, ``language``, ``title``, ``description`` and ``text`` (what is coded; evidence counts
        its code points): the activities assigned to the coder.
    suggestions
        What the program suggests for them; None where the study keeps suggestions from coders.

    Attributes
    ----------
    notes
        What was mended in the coder's file.
    """

    def __init__(self, folder: Path, coder: str, texts: pd.DataFrame, suggestions: pd.DataFrame | None) -> None:
        self.coder = coder
        self.notes: list[str] = []
        self._ledger = coder_ledger(folder, coder)
        self._texts = texts
        self._suggestions = suggestions
        self._steps = Steps(self._ledger.path)
        self._last = self._reserved = ""

    @property
    def path(self) -> Path:
        """The coder's file; it need not exist yet."""
        return self._ledger.path

    @property
    def shows_suggestions(self) -> bool:
        """Whether the study lets its coders see suggestions."""
        return self._suggestions is not None

    def activities(self) -> pd.DataFrame:
        """The texts assigned to the coder, with ``done``, ``skipped`` and ``flagged``."""
        state = standing(self.events())[["activity_id", "done", "skipped", "flagged"]]
        rows = self._texts.merge(state, on="activity_id", how="left")
        marks = ["done", "skipped", "flagged"]
        rows[marks] = rows[marks].astype("boolean").fillna(False).astype(bool)
        return rows

    def events(self) -> pd.DataFrame:
        """The coder's own events; columns of `ppp.tables.CODINGS`."""
        frame, notes = self._ledger.read()
        self.notes += [note for note in notes if note not in self.notes]
        return frame[frame["coder"] == self.coder].reset_index(drop=True)

    def codings(self) -> pd.DataFrame:
        """The codes that the coder holds now."""
        return held(self.events())

    def suggestions(self) -> pd.DataFrame:
        """What the program suggests for the coder's activities.

        Raises
        ------
        BadInput
            Where the study keeps suggestions from coders.
        """
        if self._suggestions is None:
            raise BadInput(
                Problem(
                    "This study does not show suggestions to coders.",
                    file="study.yaml",
                    column="coding.show_suggestions",
                    mend="Code from the text and the codebook alone.",
                )
            )
        return self._suggestions.copy()

    def code(
        self,
        activity_id: str,
        *,
        place: str | Sequence[str] | None = None,
        phase_began: str | Sequence[str] | None = None,
        phases: Sequence[str] | None = None,
        parity: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        confidence: float | None = None,
        evidence: Mapping[str, tuple[int, int]] | None = None,
        memo: str = "",
        done: bool = True,
    ) -> int:
        """Give an activity its codes; what was given before on the same dimensions and is not given now is taken back.

        Parameters
        ----------
        place, phase_began
            One code, or several, the main one first. A dimension that is left out stays as it is.
        phases
            Phases in which patients were present.
        parity
            Direction by factor, or pairs of them; empty for "no evidence".
        confidence
            From 0 to 1.
        evidence
            For a code, the first code point of its passage in ``text`` and the one after the last. Left out, a code
            that is given again keeps its passage.
        memo
            A note.
        done
            Whether all that the text holds is now coded.

        Returns
        -------
        int
            How many events were written; 0 where nothing changed.

        Raises
        ------
        BadInput
            Where the activity is not the coder's, or a code is not in the codebook. Nothing is written then.
        """
        given = Coding(activity_id, place, phase_began, phases, parity, confidence, evidence, memo, done)
        return self.code_all([given])

    def code_all(self, codings: Iterable[Coding], *, codebook_version: str | None = None) -> int:
        """Give many activities their codes, all or none of them; each is a step of its own for `undo`.

        Parameters
        ----------
        codings
            Each as the arguments of `code`.
        codebook_version
            Of the codebook that they were coded with; the present one where left out.

        Returns
        -------
        int
            How many events were written.

        Raises
        ------
        BadInput
            As `code`.
        """
        codings = list(codings)
        wanted = [self._wanted(one) for one in codings]
        events = self.events()
        mine = dict(iter(held(events).groupby("activity_id")))
        state = standing(events).set_index("activity_id")
        written: list[dict] = []
        for one, rows in zip(codings, wanted, strict=True):
            before = mine.get(one.activity_id, events.iloc[:0])
            before = before[before["dimension"].isin(one.dimensions)]
            if one.evidence is None:
                _keep_evidence(rows, before)
            steps = changes(before, pd.DataFrame(rows, columns=["dimension", "code", "polarity", *_SAID]))
            known = state.loc[one.activity_id] if one.activity_id in state.index else None
            if one.done and (known is None or not known["done"] or known["skipped"]):
                steps.append({"action": "done", "memo": None if rows else one.memo or None})
            written += self._events(one.activity_id, steps, codebook_version)
        return self._write(written)

    def take_rows(self, rows: pd.DataFrame, *, codebook_version: str | None = None) -> int:
        """Give activities the codes in a table, as another program kept them; all or none.

        Parameters
        ----------
        rows
            Columns ``activity_id``, ``dimension``, ``code``, ``polarity``, ``confidence``, ``evidence_start``,
            ``evidence_end`` and ``memo``. Dimensions that an activity has no row on stay as they are; a row with
            dimension "mark" and code "done", "skip" or "flag" sets that mark.

        Returns
        -------
        int
            How many events were written.

        Raises
        ------
        BadInput
            As `code`.
        """
        rows = rows.astype(object).where(rows.notna(), None)
        marks = rows["dimension"] == "mark"
        for row in rows[~marks].to_dict("records"):
            check_code(row["dimension"], row["code"], row["polarity"])
            span = (row["evidence_start"], row["evidence_end"])
            self._check(row["activity_id"], row["confidence"], {} if None in span else {row["code"]: span})
        events = self.events()
        mine = dict(iter(held(events).groupby("activity_id")))
        state = standing(events).set_index("activity_id")[["done", "skipped", "flagged"]]
        written: list[dict] = []
        for activity, own in rows.groupby("activity_id", sort=False):
            self._check(activity)
            codes = own[own["dimension"] != "mark"]
            before = mine.get(activity, events.iloc[:0])
            steps = changes(before[before["dimension"].isin(codes["dimension"])], codes)
            known = (
                state.loc[activity] if activity in state.index else {"done": False, "skipped": False, "flagged": False}
            )
            for mark in own[own["dimension"] == "mark"].to_dict("records"):
                name = {"done": "done", "skip": "skipped", "flag": "flagged"}.get(mark["code"])
                if name and not known[name]:
                    steps.append({"action": mark["code"], "memo": mark["memo"]})
            written += self._events(activity, steps, codebook_version)
        return self._write(written)

    def _wanted(self, one: Coding) -> list[dict]:
        rows: list[dict] = []
        for dimension, given in (("place", one.place), ("phase_began", one.phase_began), ("phase", one.phases)):
            if given is not None:
                codes = [given] if isinstance(given, str) else list(given)
                rows += [{"dimension": dimension, "code": code, "polarity": None} for code in codes]
        if one.parity is not None:
            pairs = list(one.parity.items()) if isinstance(one.parity, Mapping) else list(one.parity)
            rows += [{"dimension": "parity", "code": leaf, "polarity": way} for leaf, way in pairs]
        for row in rows:
            check_code(row["dimension"], row["code"], row["polarity"])
            start, end = (one.evidence or {}).get(row["code"], (None, None))
            row |= {
                "confidence": one.confidence,
                "evidence_start": start,
                "evidence_end": end,
                "memo": one.memo or None,
            }
        self._check(one.activity_id, one.confidence, one.evidence or {})
        return rows

    def skip(self, activity_id: str, memo: str = "") -> int:
        """Leave the activity out: it is not to be coded."""
        return self._mark(activity_id, "skip", memo)

    def flag(self, activity_id: str, memo: str = "") -> int:
        """Ask for a talk about the activity."""
        return self._mark(activity_id, "flag", memo)

    def unflag(self, activity_id: str) -> int:
        """No talk is needed any more."""
        return self._mark(activity_id, "unflag", "")

    def undo(self) -> int:
        """Take back the latest step that is not taken back yet; another call takes back the one before it."""
        return self._write(self._events(None, [{"action": "undo"}]))

    def once(self, step: str, act: Callable[[], int]) -> int:
        """Do one step that a browser asks for, once, however often it is asked for.

        Parameters
        ----------
        step
            The step's name: another step never has it.
        act
            Calls one of `code`, `skip`, `flag`, `unflag` and `undo`.

        Returns
        -------
        int
            How many events were written; 0 where the step had been done before.

        Raises
        ------
        BadInput
            As `act`.
        """

        def when() -> str:
            self._reserved = self._moment()
            return self._reserved

        try:
            return self._steps.once(step, when, lambda at: bool((self.events()["created_at"] == at).any()), act)
        finally:
            self._reserved = ""

    def _mark(self, activity_id: str, action: str, memo: str) -> int:
        self._check(activity_id)
        return self._write(self._events(activity_id, [{"action": action, "memo": memo or None}]))

    def _check(
        self, activity_id: str, confidence: float | None = None, evidence: Mapping[str, tuple[int, int]] | None = None
    ) -> None:
        own = self._texts[self._texts["activity_id"] == activity_id]
        if own.empty:
            raise BadInput(
                Problem(
                    f"This activity is not assigned to {self.coder}.", column="activity_id", mend="See `activities()`."
                )
            )
        if confidence is not None and not 0 <= confidence <= 1:
            raise BadInput(Problem("A confidence runs from 0 to 1.", column="confidence"))
        length = len(own["text"].iloc[0])
        for code, (start, end) in (evidence or {}).items():
            if not 0 <= start < end <= length:
                raise BadInput(Problem(f"The passage for “{code}” is not in the text.", column="evidence"))

    def _events(self, activity_id: str | None, steps: list[dict], codebook_version: str | None = None) -> list[dict]:
        common = {
            "activity_id": activity_id,
            "coder": self.coder,
            "codebook_version": codebook_version or codebook().version,
            "created_at": self._moment(),
        }
        return [{**common, **step} for step in steps]

    def _moment(self) -> str:
        """A time that no other step of this desk has: events that share it are one step."""
        if self._reserved:
            return self._reserved
        when = now()
        self._last = when if when > self._last else self._last[:-7] + f"{int(self._last[-7:-1]) + 1:06d}Z"
        return self._last

    def _write(self, events: list[dict]) -> int:
        self.notes += self._ledger.append(events)
        return len(events)


_SAID = ["confidence", "evidence_start", "evidence_end", "memo"]


def _keep_evidence(rows: list[dict], before: pd.DataFrame) -> None:
    spans = {(row.dimension, row.code): (row.evidence_start, row.evidence_end) for row in before.itertuples()}
    for row in rows:
        row["evidence_start"], row["evidence_end"] = spans.get((row["dimension"], row["code"]), (None, None))
