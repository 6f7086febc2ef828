"""Where coders meet to settle what they differ on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ppp.coding.compare import differences, given_codes
from ppp.coding.events import held, without_undone
from ppp.coding.ledger import coder_fault, consensus_ledger, now, read_codings
from ppp.coding.settle import Decision, settle
from ppp.coding.steps import Steps
from ppp.errors import BadInput, Problem
from ppp.framework import codebook

__all__ = ["Meeting"]


class Meeting:
    """What coders differ on, what each of them gave, and what was settled. Get one from `ppp.study.Study.meeting`.

    Every decision is on the disk when the call returns.

    Parameters
    ----------
    folder
        The study's ``codings/``.
    by
        Who settles: one name, or several joined by a hyphen.
    texts
        Columns ``activity_id``, ``language``, ``title``, ``description`` and ``text`` of the study's activities.

    Raises
    ------
    BadInput
        Where `by` cannot be a name.
    """

    def __init__(self, folder: Path, by: str, texts: pd.DataFrame) -> None:
        fault = coder_fault(by)
        if fault:
            raise BadInput(Problem(fault, column="by", mend="Say who settles, as in anna or anna-bo."))
        self.by = by
        self._folder = folder
        self._texts = texts
        self._ledger = consensus_ledger(folder)
        self._steps = Steps(self._ledger.path)
        self._reserved = ""

    @property
    def path(self) -> Path:
        """The file of what was settled; it need not exist yet."""
        return self._ledger.path

    def texts(self) -> pd.DataFrame:
        """The study's activities."""
        return self._texts.copy()

    def differences(self) -> pd.DataFrame:
        """Where coders differ and nothing is settled yet, the least agreed first; see `ppp.coding.compare.differences`."""
        known = self._texts["activity_id"]
        found = differences(read_codings(self._folder)[0], consensus=self.events())
        return found[found["activity_id"].isin(known)].reset_index(drop=True)

    def given(self) -> pd.DataFrame:
        """What each coder gave, with its note and its passage; see `ppp.coding.compare.given_codes`."""
        return given_codes(read_codings(self._folder)[0])

    def events(self) -> pd.DataFrame:
        """What was settled, as events; columns of `ppp.tables.CONSENSUS`."""
        return self._ledger.read()[0]

    def settled(self) -> pd.DataFrame:
        """What is settled now: one row a code; columns of `ppp.tables.CONSENSUS`."""
        return held(self.events(), together=True)

    def settle(self, decision: Decision) -> int:
        """Keep a decision; returns how many events were written.

        Raises
        ------
        BadInput
            Where it cannot be kept; see `Decision.check`.
        """
        known = self._texts["activity_id"]
        return settle(self._folder, self.by, [decision], known=known, when=self._reserved or None)

    def can_undo(self) -> bool:
        """Whether `by` has settled something that is not taken back."""
        counting = without_undone(self.events())
        return bool((counting["coder"] == self.by).any())

    def undo(self) -> int:
        """Take back the latest thing that `by` settled and has not taken back yet."""
        step = {"coder": self.by, "action": "undo", "created_at": self._reserved or now()}
        self._ledger.append([{**step, "codebook_version": codebook().version}])
        return 1

    def once(self, step: str, act: Callable[[], int]) -> int:
        """Do one step that a browser asks for, once, however often it is asked for; see `ppp.coding.desk.Desk.once`."""

        def when() -> str:
            self._reserved = now()
            return self._reserved

        try:
            return self._steps.once(step, when, lambda at: bool((self.events()["created_at"] == at).any()), act)
        finally:
            self._reserved = ""
