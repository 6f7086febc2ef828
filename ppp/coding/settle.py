"""Settling differences: what counts from now on, who says so, when, and why the coders had differed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ppp.coding.events import changes, held
from ppp.coding.ledger import coder_fault, consensus_ledger, now
from ppp.coding.legal import check_code
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.framework import codebook
from ppp.tables import DIMENSIONS, KINDS

__all__ = ["Decision", "for_the_codebook", "settle"]

_NEEDS_A_REASON = ("ambiguous_text", "gap_in_rules", "true_edge")


@dataclass(frozen=True)
class Decision:
    """What was settled about one dimension of one activity.

    Attributes
    ----------
    activity_id, dimension
        Of what.
    codes
        The codes with their direction (None but on Parity); the main one first. Empty on Parity: no evidence.
    kind
        One of `ppp.tables.KINDS`: why the coders differed.
    why
        The reason, in words; a slip and an agreement need none.
    """

    activity_id: str
    dimension: str
    codes: tuple[tuple[str, str | None], ...]
    kind: str
    why: str = ""

    def check(self) -> None:
        """Nothing, where the decision can be kept.

        Raises
        ------
        BadInput
            Where it cannot; the message says what to do.
        """
        if self.dimension not in DIMENSIONS:
            mend = did_you_mean(self.dimension, DIMENSIONS)
            raise BadInput(Problem("There is no such dimension.", column="dimension", mend=mend))
        if self.kind not in KINDS:
            raise BadInput(Problem("The kind of difference is missing.", column="kind", mend=", ".join(KINDS)))
        if self.kind in _NEEDS_A_REASON and not self.why.strip():
            raise BadInput(
                Problem("The reason is missing.", column="why", mend="Say in a sentence why this was settled so.")
            )
        if not self.codes and self.dimension != "parity":
            raise BadInput(Problem("No code is given.", column=self.dimension, mend="Give the code that counts."))
        for code, polarity in self.codes:
            check_code(self.dimension, code, polarity)


def settle(
    folder: Path,
    by: str,
    decisions: Iterable[Decision],
    *,
    known: Iterable[str] | None = None,
    when: str | None = None,
) -> int:
    """Write what was settled into ``consensus.csv``; earlier decisions on the same stay in the file, and count no more.

    Parameters
    ----------
    folder
        The study's ``codings/``.
    by
        Who settled it: one name, or several joined by a hyphen.
    decisions
        All or none of them are written.
    known
        The study's activities; left out, any id is taken.
    when
        The time that the events carry; left out, this moment.

    Returns
    -------
    int
        How many events were written; what is settled so already is not written again.

    Raises
    ------
    BadInput
        Where a decision cannot be kept.
    """
    fault = coder_fault(by)
    if fault:
        raise BadInput(Problem(fault, column="by", mend="Say who settled it, as in anna or anna-bo."))
    decisions = list(decisions)
    activities = None if known is None else set(known)
    for decision in decisions:
        decision.check()
        if activities is not None and decision.activity_id not in activities:
            raise BadInput(Problem("There is no such activity.", column="activity_id"))
    ledger = consensus_ledger(folder)
    before = held(ledger.read()[0], together=True)
    events, when = [], when or now()
    for decision in decisions:
        codes = decision.codes or (("none", None),)
        wanted = pd.DataFrame(
            [(decision.dimension, code, polarity, decision.why or None, decision.kind) for code, polarity in codes],
            columns=["dimension", "code", "polarity", "memo", "kind"],
        )
        own = before[(before["activity_id"] == decision.activity_id) & (before["dimension"] == decision.dimension)]
        steps = changes(own.assign(confidence=None, evidence_start=None, evidence_end=None), wanted)
        same_kind = set(own["kind"].dropna()) == {decision.kind}
        if not steps and not same_kind:
            steps = [{**row, "action": "set"} for row in wanted.to_dict("records")]
        common = {"activity_id": decision.activity_id, "coder": by, "created_at": when}
        common |= {"kind": decision.kind, "codebook_version": codebook().version}
        events += [{**step, **common} for step in steps]
    ledger.append(events)
    return len(events)


def for_the_codebook(consensus: pd.DataFrame) -> pd.DataFrame:
    """What the settled differences say about the codebook: where it was silent, and where texts sit on an edge.

    Returns
    -------
    pandas.DataFrame
        One row a dimension, settled code and kind, most frequent first: ``dimension``, ``code``, ``kind``, ``n``
        (activities) and ``reasons``, each once. The reasons are coders' words about texts: not fit to be shared.
    """
    agreed = held(consensus, together=True)
    agreed = agreed[agreed["kind"].isin(["gap_in_rules", "true_edge", "ambiguous_text"])]
    table = agreed.groupby(["dimension", "code", "kind"], as_index=False).agg(
        n=("activity_id", "nunique"), reasons=("memo", lambda said: list(dict.fromkeys(said.dropna())))
    )
    return table.sort_values(["n", "dimension", "code"], ascending=[False, True, True], ignore_index=True)
