"""Random small studies, as tidy tables, to attack."""

import numpy as np
import pandas as pd

from ppp import measures
from ppp.coding import codes_in_force
from ppp.coding.suggest import SUGGESTION_COLUMNS
from ppp.disclosure import derive, release
from ppp.framework import LEAVES, PHASES, PLACES
from ppp.tables import ACTIVITIES, INITIATORS, RATINGS, RESPONSES

NO_SUGGESTIONS = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in SUGGESTION_COLUMNS.items()})


def _pick(rng, values, size, *, sharp):
    """Some values much more often than others, as in life."""
    return rng.choice(np.array(values, dtype=object), size, p=rng.dirichlet(np.full(len(values), sharp)))


def activities(rng, organization="a", wave="w", *, reporters=None, leaves=LEAVES):
    """Tidy activities and their codes; each reporter tells of one to four."""
    reporters = reporters or int(rng.integers(3, 26))
    counts = rng.choice([1, 2, 3, 4], reporters, p=[0.6, 0.2, 0.1, 0.1])
    who = np.repeat(np.arange(reporters), counts)
    n = len(who)
    began = _pick(rng, [*PHASES, "not_stated", None], n, sharp=0.5)
    present = [";".join(p for p in PHASES if p == b or rng.random() < 0.15) or None for b in began]
    frame = pd.DataFrame(
        {
            "activity_id": [f"{wave}/{organization}/{i}" for i in range(n)],
            "response_id": [f"{wave}/{organization}/{i}" for i in who],
            "organization": organization,
            "wave": wave,
            "declared_place": _pick(rng, [*PLACES, "not_stated", None], n, sharp=0.4),
            "declared_phase_began": began,
            "declared_phases": present,
            "initiated_by": _pick(rng, [*INITIATORS, None], n, sharp=0.6),
            "patients_n": rng.integers(1, 5, n),
            "professionals_n": rng.integers(1, 9, n),
            **{
                fact: _pick(rng, [True, False, None], n, sharp=0.6)
                for fact in ("compensated", "expenses_paid", "training_given", "contact_named", "lead_rotates")
            },
        }
    )
    table = ACTIVITIES.conform(frame)
    codes = codes_in_force(table, NO_SUGGESTIONS, sure_from=0.7)
    marks = pd.DataFrame({"activity_id": table["activity_id"], "dimension": "parity"})
    marks = marks.assign(code=rng.choice(leaves[:3], n), polarity=rng.choice(["supports", "barrier"], n))
    marks = marks[rng.random(n) < 0.4].assign(origin="suggested")
    return table, pd.concat([codes, marks.astype(dict.fromkeys(marks, "string"))], ignore_index=True)


def people(rng, organization="a", wave="w", *, roles=("patient", "professional", "relative"), leaves=LEAVES[:3]):
    """Tidy responses and ratings; one statement a leaf, some of it not answered."""
    sizes = {role: int(rng.integers(0, 19)) for role in roles}
    sizes[roles[0]] += sum(sizes.values()) == 0
    responses = pd.DataFrame(
        [(f"{wave}/{organization}/{role}{i}", role) for role, size in sizes.items() for i in range(size)],
        columns=["response_id", "role"],
    ).assign(organization=organization, wave=wave)
    parts = []
    for leaf in leaves:
        mass = rng.dirichlet(np.full(4, 0.7))
        scores = pd.array(rng.choice([1.0, 2.0, 3.0, 4.0], len(responses), p=mass), dtype="Float64")
        reasons = rng.choice(["skipped", "dont_know", "not_applicable"], len(responses))
        gone = rng.random(len(responses)) < rng.choice([0.0, 0.1, 0.4])
        part = responses.assign(leaf=leaf, item=f"q {leaf}", score=scores, missing=pd.array(reasons, dtype="string"))
        part.loc[gone, "score"] = pd.NA
        part.loc[~gone, "missing"] = pd.NA
        parts.append(part)
    ratings = pd.concat(parts, ignore_index=True).assign(scale_low=1.0, scale_high=4.0)
    return RESPONSES.conform(responses), RATINGS.conform(ratings)


def released(told, answered, *, threshold=5, by_respondents=False, waves=("w",), groups=None):
    """All released tables of these (activities, codes) and (responses, ratings)."""
    table, codes = told
    responses, ratings = answered
    placed = measures.placements(table, codes)
    bases = [measures.coverage(placed, basis=basis).assign(basis=basis) for basis in ("began", "present")]
    first = release(
        {
            "coverage": pd.concat(bases, ignore_index=True),
            "phase_profile": measures.phase_profile(placed),
            "initiation": measures.initiation(placed),
            "coding_state": measures.coding_state(placed),
            "formulation": measures.formulation(placed),
            "coverage_summary": measures.coverage_summary(placed),
            "cell_reliability": measures.cell_reliability(placed, bar=0.7),
            "coded_evidence": measures.coded_evidence(table, codes),
            "parity_facts": measures.parity_facts(table),
            "seats": measures.seats(table),
            "parity_ratings": measures.parity_ratings(ratings),
            "missing_answers": measures.missing_answers(ratings),
            "response_counts": measures.response_counts(responses),
        },
        threshold=threshold,
        by_respondents=by_respondents,
    )
    return derive(first, waves=list(waves), groups=groups or {})
