"""Which codes there are on each dimension."""

from __future__ import annotations

from ppp.errors import BadInput, Problem, did_you_mean
from ppp.framework import LEAVES, NOT_STATED, PHASES, PLACES

__all__ = ["LEGAL", "check_code"]

LEGAL = {
    "place": (*PLACES, NOT_STATED, "none"),
    "meeting_place": PLACES,
    "phase": PHASES,
    "phase_began": (*PHASES, NOT_STATED, "none"),
    "parity": (*LEAVES, "none"),
}
"""*none*: of a place or phase, not a partnership activity; of Parity, no evidence on any factor."""


def check_code(dimension: str, code: str, polarity: str | None) -> None:
    """Nothing, where the codebook has that code there.

    Raises
    ------
    BadInput
        Where it has not, or a factor of Parity has no direction, or anything else has one.
    """
    if dimension not in LEGAL:
        raise BadInput(Problem(f"There is no dimension “{dimension}”.", mend=did_you_mean(dimension, LEGAL)))
    if code not in LEGAL[dimension]:
        raise BadInput(
            Problem(f"“{code}” is no code of {dimension}.", column=dimension, mend=did_you_mean(code, LEGAL[dimension]))
        )
    needs = dimension == "parity" and code != "none"
    if needs and polarity not in ("supports", "barrier"):
        raise BadInput(Problem("A factor of Parity needs a direction.", column=code, mend="supports or barrier"))
    if not needs and polarity is not None:
        raise BadInput(Problem("Only a factor of Parity has a direction.", column=dimension))
