"""What the study says, computed on tidy tables: pandas in, pandas out, for every organization and wave at once.

Nothing here is fit to be shared: counts of two or three people stand in these tables. `ppp.disclosure` decides what
leaves.
"""

from ppp.measures.coverage import NOT_YET_CODED, coding_state, coverage, phase_profile, placements
from ppp.measures.gaps import gaps
from ppp.measures.initiation import initiation
from ppp.measures.parity import parity_facts, parity_ratings
from ppp.measures.responses import response_counts

__all__ = [
    "NOT_YET_CODED",
    "coding_state",
    "coverage",
    "gaps",
    "initiation",
    "parity_facts",
    "parity_ratings",
    "phase_profile",
    "placements",
    "response_counts",
]
