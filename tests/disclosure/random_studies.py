"""Random small studies, as tidy tables, to attack."""

import numpy as np
import pandas as pd

from ppp import measures
from ppp.coding import codes_in_force
from ppp.coding.suggest import SUGGESTION_COLUMNS
from ppp.disclosure import derive, release
from ppp.disclosure.attack import attack_counts, attack_people
from ppp.framework import LEAVES, PHASES, PLACES
from ppp.tables import ACTIVITIES, INITIATORS, RATINGS, RESPONSES

NO_SUGGESTIONS = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in SUGGESTION_COLUMNS.items()})


def _pick(rng, values, size, *, sharp):
    """Some values much more often than others, as in life."""
    return rng.choice(np.array(values, dtype=object), size, p=rng.dirichlet(np.full(len(values), sharp)))


def activities(rng, organization="a", wave="w", *, reporters=None, leaves=LEAVES, one_cell=False):
    """Tidy activities and their codes; each reporter tells of one to four."""
    reporters = reporters or int(rng.integers(3, 26))
    counts = rng.choice([1, 2, 3, 4], reporters, p=[0.6, 0.2, 0.1, 0.1])
    who = np.repeat(np.arange(reporters), counts)
    n = len(who)
    began = _pick(rng, ["plan"] if one_cell else [*PHASES, "not_stated", None], n, sharp=0.5)
    present = [";".join(p for p in PHASES if p == b or rng.random() < 0.15) or None for b in began]
    frame = pd.DataFrame(
        {
            "activity_id": [f"{wave}/{organization}/{i}" for i in range(n)],
            "response_id": [f"{wave}/{organization}/{i}" for i in who],
            "organization": organization,
            "wave": wave,
            "declared_place": _pick(rng, ["clinic"] if one_cell else [*PLACES, "not_stated", None], n, sharp=0.4),
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
    frame["description"] = _pick(
        rng, ["", "We had no time.", "Det fanns inga pengar.", "They already know."], n, sharp=0.5
    )
    table = ACTIVITIES.conform(frame)
    codes = codes_in_force(table, NO_SUGGESTIONS, sure_from=0.7)
    # Every third activity with a single phase has it from the program, not from a respondent.
    phases = codes[codes["dimension"] == "phase"].groupby("activity_id").size()
    single = [one for one in table["activity_id"] if phases.get(one, 0) == 1][::3]
    codes.loc[codes["activity_id"].isin(single) & codes["dimension"].str.startswith("phase"), "origin"] = "suggested"
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


def whole(rng, *, threshold=5):
    """(activities, codes) and (responses, ratings) of a small study: some organizations and waves, made to be difficult.

    Sizes lie on the edges of bands, some roles are all that there is, some ratings come on two scales, some respondents
    have no role, one may have told of nearly everything, and now and then nothing was told or rated at all.
    """
    names = [f"o{at}" for at in range(rng.choice([1, 1, 2, 3]))]
    waves = ("1", "2")[: rng.choice([1, 2])]
    told, answered = [], []
    for name in names:
        for wave in waves:
            one_cell = rng.random() < 0.15
            table, codes = activities(rng, name, wave, reporters=int(rng.choice([1, 3, 5, 9, 16])), one_cell=one_cell)
            if rng.random() < 0.2:  # one huge respondent
                table["response_id"] = table["response_id"].where(rng.random(len(table)) < 0.3, f"{wave}/{name}/0")
            told.append((table, codes))
            answered.append(_edgy(rng, name, wave, threshold))
    return tuple(
        tuple(pd.concat(parts, ignore_index=True) for parts in zip(*pairs, strict=True)) for pairs in (told, answered)
    )


def _edgy(rng, organization, wave, threshold):
    edges = [0, 1, threshold - 1, threshold, 2 * threshold - 1, 3 * threshold - 1, 7 * threshold, 7 * threshold + 3]
    roles = list(rng.permutation(["patient", "professional", "relative", None])[: rng.integers(1, 4)])
    sizes = {role: int(rng.choice(edges)) for role in roles}
    sizes[roles[0]] = sizes[roles[0]] or 1
    responses = pd.DataFrame(
        [(f"{wave}/{organization}/{role}{i}", role) for role, size in sizes.items() for i in range(size)],
        columns=["response_id", "role"],
    ).assign(organization=organization, wave=wave)
    n = len(responses)
    high = np.where(rng.random(n) < rng.choice([0.0, 0.5], p=[0.7, 0.3]), 6.0, 4.0)
    gone_from = rng.choice([0.0, 0.05, 0.5])
    parts = []
    for leaf, items in zip(LEAVES[:2], (1, 2), strict=True):
        middle = rng.choice([1.0, 2.0, 4.0])
        for item in range(items):
            scores = np.clip(np.round(rng.normal(middle, rng.choice([0.0, 0.4, 1.5]), n)), 1, high)
            part = responses.assign(leaf=leaf, item=f"{leaf} {item}", score=pd.array(scores, dtype="Float64"))
            gone = rng.random(n) < gone_from
            reasons = pd.array(rng.choice(["skipped", "dont_know", "not_applicable"], n), dtype="string")
            part["missing"] = reasons
            part.loc[gone, "score"] = pd.NA
            part.loc[~gone, "missing"] = pd.NA
            parts.append(part.assign(scale_low=1.0, scale_high=high))
    return RESPONSES.conform(responses), RATINGS.conform(pd.concat(parts, ignore_index=True))


def narrowed(tables, threshold, *, by_respondents, everyone_asked=True):
    """Hidden numbers that the released tables tell more narrowly than they should, and how many were attacked.

    A band keeps as many numbers as the threshold; a number of people that is only known to be below it, and a count
    that is "some", one less.
    """
    people = attack_people(tables, threshold=threshold, everyone_asked=everyone_asked)
    counted = tables["response_counts"]
    few = counted[counted["state"] == "withheld"]
    keys = ["organization", "wave", "role"]
    below = pd.MultiIndex.from_frame(people[keys]).isin(pd.MultiIndex.from_frame(few[keys]))
    below &= people["number"].isin(["respondents", "asked"]).to_numpy()
    people = people.assign(kind="people", needed=np.where(below, threshold - 1, threshold))
    # how many of a few people answered is in no table of its own
    within = pd.MultiIndex.from_frame(people[keys]).isin(pd.MultiIndex.from_frame(few[keys]))
    people = people[~within | (people["number"] == "respondents")]
    counts = []
    rounds = tables["coverage"][["organization", "wave"]].drop_duplicates()[: None if by_respondents else 0]
    for organization, wave in rounds.itertuples(index=False, name=None):
        mine = {
            name: table[(table["organization"] == organization) & (table["wave"] == wave)]
            for name, table in tables.items()
            if {"organization", "wave"} <= set(table.columns)
        }
        found = attack_counts(mine)
        counts.append(found.assign(organization=organization, wave=wave, kind="counts", needed=threshold - 1))
    found = pd.concat([people, *counts], ignore_index=True)
    found["width"] = found["high"] - found["low"] + 1
    return found[found["width"] < found["needed"]], found


def released(told, answered, *, threshold=5, by_respondents=False, waves=("w",), groups=None, derived=True):
    """All released tables of these (activities, codes) and (responses, ratings); what is derived adds nothing to them."""
    table, codes = told
    responses, ratings = answered
    placed = measures.placements(table, codes)
    kinds = table[["activity_id"]].assign(kind=np.resize(["teams", "councils", "training"], len(table)))
    bases = [measures.coverage(placed, basis=basis).assign(basis=basis) for basis in ("began", "present")]
    first = release(
        {
            "coverage": pd.concat(bases, ignore_index=True),
            "phase_profile": measures.phase_profile(placed),
            "initiation": measures.initiation(placed),
            "coding_state": measures.coding_state(placed),
            "formulation": measures.formulation(placed),
            "kinds": measures.kinds_in_cells(placed, kinds),
            "coverage_summary": measures.coverage_summary(placed),
            "cell_reliability": measures.cell_reliability(placed, bar=0.7),
            "coded_evidence": measures.coded_evidence(table, codes),
            "need_phrases": measures.need_phrases(table),
            "parity_facts": measures.parity_facts(table),
            "seats": measures.seats(table),
            "parity_ratings": measures.parity_ratings(ratings),
            "missing_answers": measures.missing_answers(ratings),
            "response_counts": measures.response_counts(responses),
            "item_reliability": measures.item_reliability(ratings),
        },
        threshold=threshold,
        by_respondents=by_respondents,
    )
    return derive(first, waves=list(waves), groups=groups or {}) if derived else first
