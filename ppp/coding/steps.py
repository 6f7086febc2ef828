"""Steps that a browser asks for: each is done once, however often it is asked for.

A browser that gets no answer cannot know whether a step was written before the kernel stopped, so it asks again. Every
step has a name of its own. The name is written down before the step's events, with the time that they will carry, and
once more after them; so a stop between any two of these lines is told from a step that is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from filelock import FileLock

from ppp.coding.ledger import Ledger
from ppp.tables import Column, Table

__all__ = ["STEPS", "Steps"]

STEPS = Table(
    "steps",
    (
        Column("step", "text", "The step's name, given by who asks for it.", True),
        Column("created_at", "text", "The time that its events carry.", True),
        Column("action", "category", "How far it has come.", True, ("begun", "finished")),
    ),
    key=(),
)


class Steps:
    """The steps asked of one file of events.

    Parameters
    ----------
    events
        The file of events; the names of steps are kept beside it, in ``.steps``.
    """

    def __init__(self, events: Path) -> None:
        self._ledger = Ledger(events.with_suffix(".steps"), STEPS)
        self._lock = events.with_name(f".{events.stem}.lock")

    def once(self, step: str, when: Callable[[], str], known: Callable[[str], bool], act: Callable[[], int]) -> int:
        """Do it, unless it is done.

        Parameters
        ----------
        step
            Its name.
        when
            Gives the time that its events will carry.
        known
            Whether events with that time are written.
        act
            Writes them; returns how many.

        Returns
        -------
        int
            How many events were written; 0 where the step had been done before.

        Raises
        ------
        BadInput
            As `act`. The step may be asked for again then.
        """
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._lock):  # two kernels may be asked for the same step at once
            before = self._before(step)
            if (before["action"] == "finished").any() or any(known(moment) for moment in before["created_at"]):
                return 0
            moment = when()
            self._ledger.append([{"step": step, "created_at": moment, "action": "begun"}])
            written = act()
            self._ledger.append([{"step": step, "created_at": moment, "action": "finished"}])
            return written

    def _before(self, step: str) -> pd.DataFrame:
        frame = self._ledger.read()[0]
        return frame[frame["step"] == step]
