"""A coder's desk: the texts assigned to them, and their own codes. Nobody else's codes can be seen from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ppp.coding.events import changes, held, standing
from ppp.coding.ledger import coder_ledger, now
from ppp.coding.legal import check_code
from ppp.errors import BadInput, Problem
from ppp.framework import codebook

__all__ = ["Desk"]


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
            For a code, the first code point of its passage in ``text`` and the one after the last.
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
        wanted: list[dict] = []
        for dimension, given in (("place", place), ("phase_began", phase_began), ("phase", phases)):
            if given is not None:
                codes = [given] if isinstance(given, str) else list(given)
                wanted += [{"dimension": dimension, "code": code, "polarity": None} for code in codes]
        if parity is not None:
            pairs = list(parity.items()) if isinstance(parity, Mapping) else list(parity)
            wanted += [{"dimension": "parity", "code": leaf, "polarity": way} for leaf, way in pairs]
        for row in wanted:
            check_code(row["dimension"], row["code"], row["polarity"])
            start, end = (evidence or {}).get(row["code"], (None, None))
            row |= {"confidence": confidence, "evidence_start": start, "evidence_end": end, "memo": memo or None}
        self._check(activity_id, confidence, evidence or {})
        looked_at = {
            name
            for name, given in (("place", place), ("phase_began", phase_began), ("phase", phases), ("parity", parity))
            if given is not None
        }
        events = self.events()
        mine = held(events)
        before = mine[(mine["activity_id"] == activity_id) & mine["dimension"].isin(looked_at)]
        steps = changes(before, pd.DataFrame(wanted, columns=["dimension", "code", "polarity", *_SAID]))
        said = events.loc[(events["activity_id"] == activity_id) & (events["action"] != "undo"), "action"]
        if (done and "done" not in set(said)) or (done and "skip" in set(said)):
            steps.append({"action": "done", "memo": memo or None if not wanted else None})
        return self._write(activity_id, steps)

    def skip(self, activity_id: str, memo: str = "") -> int:
        """Leave the activity out: it is not to be coded."""
        self._check(activity_id)
        return self._write(activity_id, [{"action": "skip", "memo": memo or None}])

    def flag(self, activity_id: str, memo: str = "") -> int:
        """Ask for a talk about the activity."""
        self._check(activity_id)
        return self._write(activity_id, [{"action": "flag", "memo": memo or None}])

    def unflag(self, activity_id: str) -> int:
        """No talk is needed any more."""
        self._check(activity_id)
        return self._write(activity_id, [{"action": "unflag"}])

    def undo(self) -> int:
        """Take back the latest step that is not taken back yet; another call takes back the one before it."""
        return self._write(None, [{"action": "undo"}])

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

    def _write(self, activity_id: str | None, steps: list[dict]) -> int:
        common = {
            "activity_id": activity_id,
            "coder": self.coder,
            "codebook_version": codebook().version,
            "created_at": now(),
        }
        self.notes += self._ledger.append({**common, **step} for step in steps)
        return len(steps)


_SAID = ["confidence", "evidence_start", "evidence_end", "memo"]
