"""What the study says, computed on tidy tables: pandas in, pandas out, for every organization and wave at once.

Nothing here is fit to be shared: counts of two or three people stand in these tables. `ppp.disclosure` decides what
leaves.
"""

from ppp.measures.benchmark import funnel_limits, pool_means, pool_shares
from ppp.measures.change import change, coding_sources, matched_pairs, what_else_changed
from ppp.measures.coverage import NOT_YET_CODED, coding_state, coverage, phase_profile, placements
from ppp.measures.evidence import by_grouping, coded_evidence
from ppp.measures.gaps import gaps
from ppp.measures.initiation import formulation, initiation
from ppp.measures.kinds import kinds_in_cells
from ppp.measures.missing import missing_answers
from ppp.measures.needs import need_phrases
from ppp.measures.parity import parity_facts, parity_ratings, seats
from ppp.measures.parity_gap import parity_gap
from ppp.measures.reach import coverage_summary
from ppp.measures.reliability import (
    cell_reliability,
    code_agreement,
    cronbach_alpha,
    item_reliability,
    mcdonald_omega,
)
from ppp.measures.responses import response_counts
from ppp.measures.shares import ShareChange, share_change, share_interval

__all__ = [
    "NOT_YET_CODED",
    "ShareChange",
    "by_grouping",
    "cell_reliability",
    "change",
    "code_agreement",
    "coded_evidence",
    "coding_sources",
    "coding_state",
    "coverage",
    "coverage_summary",
    "cronbach_alpha",
    "formulation",
    "funnel_limits",
    "gaps",
    "initiation",
    "item_reliability",
    "kinds_in_cells",
    "matched_pairs",
    "mcdonald_omega",
    "missing_answers",
    "need_phrases",
    "parity_facts",
    "parity_gap",
    "parity_ratings",
    "phase_profile",
    "placements",
    "pool_means",
    "pool_shares",
    "response_counts",
    "seats",
    "share_change",
    "share_interval",
    "what_else_changed",
]


def __dir__() -> list[str]:
    return sorted(__all__)  # what can be called, not the modules that it stands in
