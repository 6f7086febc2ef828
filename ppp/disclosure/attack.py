"""An attack on one's own tables: what can be worked out about each number that is withheld?

The attacker holds every released table of an organization and wave, knows the rules by which they were made, and solves
for the least and the greatest value that each hidden number can have: mixed-integer linear programming over everything
that was published together. What is derived from released tables adds nothing to these constraints.

Used by the tests on random studies; a study's own people may run it on their partitions.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import csr_array

from ppp.framework import NOT_STATED, PHASES, PLACES
from ppp.measures import NOT_YET_CODED
from ppp.tables import INITIATORS

__all__ = ["attack_counts", "attack_people"]

_MOST = 10_000.0
_PARTS = ("skipped", "dont_know", "other")
_STATES = ("placed", NOT_STATED, NOT_YET_CODED)


class _Program:
    """Variables that are whole numbers, and linear constraints on them."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self._made: tuple | None = None

    def variable(self, low: float = 0, high: float = _MOST) -> int:
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add(self, terms: dict[int, float], low: float, high: float) -> None:
        self.rows.append((terms, low, high))

    def _whole(self) -> tuple[np.ndarray, LinearConstraint, Bounds]:
        """The constraints, with all variables that stand in the same of them taken together: sums of whole numbers."""
        if self._made is None or self._made[0] != len(self.rows):
            columns: list[list] = [[low, high] for low, high in zip(self.low, self.high, strict=True)]
            for at, (terms, _, _) in enumerate(self.rows):
                for variable, factor in terms.items():
                    if factor:
                        columns[variable].append((at, factor))
            kinds: dict[tuple, int] = {}
            group = np.array([kinds.setdefault(tuple(column), len(kinds)) for column in columns])
            entries = [(at, number, factor) for column, number in kinds.items() for at, factor in column[2:]]
            rows, numbers, factors = (list(part) for part in zip(*entries, strict=True))
            matrix = csr_array((factors, (rows, numbers)), shape=(len(self.rows), len(kinds)))
            made = LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows])
            members = np.bincount(group)
            ends = np.array([column[:2] for column in kinds], dtype=float) * members[:, None]
            self._made = len(self.rows), (group, made, Bounds(ends[:, 0], ends[:, 1]))
        return self._made[1]

    def ranges(self, sums: Sequence[dict[int, float]], wide: int = 13) -> list[tuple[int, int]]:
        """The least and the greatest value of each sum that stands in a constraint, over all that fits.

        A sum that is seen to take values that lie `wide` numbers apart is left at that: its range is as wide as that,
        or wider.
        """
        group, constraints, bounds = self._whole()
        goals = np.zeros((len(sums), len(bounds.lb)))
        for at, terms in enumerate(sums):
            for variable, factor in terms.items():
                goals[at, group[variable]] = factor
        least, most = np.full(len(sums), np.inf), np.full(len(sums), -np.inf)
        found = np.zeros((len(sums), 2), dtype=bool)

        def solve(at: int, end: int, *, whole: bool) -> None:
            sign = (1, -1)[end]
            solved = self._solve(sign * goals[at], whole, bounds, constraints)
            if np.abs(solved.x - np.round(solved.x)).max() < 1e-6:
                # What fits for one sum fits for all of them.
                values = goals @ np.round(solved.x)
                np.minimum(least, values, out=least)
                np.maximum(most, values, out=most)
                found[at, end] = True
            else:
                outer[at, end] = sign * solved.fun

        outer = np.full((len(sums), 2), np.nan)
        for at in range(len(sums)):
            # Fractions first: quick, and they bound the whole numbers from outside. Exactly where they leave it close.
            for whole in (False, True):
                for end in (0, 1):
                    if most[at] - least[at] + 1 < wide and not found[at, end]:
                        solve(at, end, whole=whole)
                low = outer[at, 0] if not found[at, 0] else least[at]
                high = outer[at, 1] if not found[at, 1] else most[at]
                if high - low + 1 >= wide and not np.isnan(high - low):
                    least[at], most[at] = min(least[at], math.ceil(low - 1e-6)), max(most[at], math.floor(high + 1e-6))
                    break
        return [(int(low), int(high)) for low, high in zip(least, most, strict=True)]

    @staticmethod
    def _solve(goal: np.ndarray, whole: bool, bounds: Bounds, constraints: LinearConstraint) -> OptimizeResult:
        found = milp(goal, integrality=np.full(len(goal), int(whole)), bounds=bounds, constraints=constraints)
        if found.status != 0:
            raise ValueError(f"The tables contradict each other, or the attack is at fault: {found.message}")
        return found


def attack_people(tables: Mapping[str, pd.DataFrame], *, threshold: int, everyone_asked: bool = False) -> pd.DataFrame:
    """What can be worked out about numbers of people, from everything that a study releases, all rounds together.

    Parameters
    ----------
    tables
        The released tables ``response_counts``, ``parity_ratings`` and, where there are any, ``missing_answers``,
        ``coverage_summary`` and ``item_reliability``, of one organization or of several.
    threshold
        The study's; the attacker reads it in every report.
    everyone_asked
        Whether the attacker is also granted that each respondent was asked about each leaf on one scale.

    Returns
    -------
    pandas.DataFrame
        One row a hidden number: ``organization``, ``wave``, ``role``, ``leaf`` (empty for all who answered),
        ``scale``, ``number``, ``low``, ``high``. The attacker is granted that every score is a whole number and that
        each leaf has one statement, which makes means tell the most.

    Notes
    -----
    Numbers of one role are tied to each other by who is asked, answers and does not; numbers of different roles,
    organizations and rounds by the tables that count across them: respondents who told of activities, and complete
    answers to an instrument.
    """
    program = _Program()
    keys = ["organization", "wave", "role"]
    counted, rated, missing = (
        tables[name].assign(organization=tables[name].get("organization", "")) if name in tables else None
        for name in ("response_counts", "parity_ratings", "missing_answers")
    )
    assert counted is not None  # these two are always released
    assert rated is not None
    by_role = {"rated": dict(list(rated.groupby(keys)))}
    by_role["missing"] = {} if missing is None else dict(list(missing.groupby(keys)))
    people: list[tuple[tuple, int]] = []
    answers: list[tuple[tuple, str, tuple, int]] = []
    targets: list[tuple] = []
    for key, row in zip(counted[keys].itertuples(index=False, name=None), counted.itertuples(), strict=True):
        shown = row.state == "shown"
        everyone = program.variable(*((row.respondents_from, row.respondents_to) if shown else (1, threshold - 1)))
        people.append((key, everyone))
        targets.append((*key, "", "", "respondents", everyone))
        told = by_role["missing"].get(key)
        for leaf, rows in by_role["rated"].get(key, pd.DataFrame(columns=["leaf"])).groupby("leaf"):
            asked_of_all = []
            for one in rows.itertuples():
                numbers = _answers(program, one, told)
                answers.append((key, leaf, (one.scale_low, one.scale_high), numbers["answered"]))
                asked_of_all.append(numbers["asked"])
                scale = f"{one.scale_low:g}-{one.scale_high:g}"
                targets += [(*key, leaf, scale, name, at) for name, at in numbers.items() if name != "asked"]
                if told is not None:
                    targets.append((*key, leaf, scale, "asked", numbers["asked"]))
            together = {everyone: 1.0} | dict.fromkeys(asked_of_all, -1.0)
            program.add(together, 0, 0 if everyone_asked else np.inf)
    _told_by(program, tables.get("coverage_summary"), people)
    _complete(program, tables.get("item_reliability"), answers, people)
    ranges = program.ranges([{at: 1.0} for *_, at in targets])
    found = [(*named, *ends) for (*named, _), ends in zip(targets, ranges, strict=True)]
    return pd.DataFrame(found, columns=[*keys, "leaf", "scale", "number", "low", "high"])


def _answers(program: _Program, row: Any, told: pd.DataFrame | None) -> dict[str, int]:
    """The numbers behind one mean: asked, answered, skipped, don't know, other."""
    scale = row.scale_low, row.scale_high
    shown = row.state == "shown"
    # withheld: too few, or all alike
    answered = program.variable(*((row.respondents_from, row.respondents_to) if shown else (0, _MOST)))
    asked = program.variable()
    parts = [program.variable() for _ in _PARTS]
    program.add({asked: 1.0, answered: -1.0} | dict.fromkeys(parts, -1.0), 0, 0)
    if shown:
        total = program.variable(-_MOST, _MOST)
        low, high = row.mean - row.step / 2, row.mean + row.step / 2
        low = scale[0] if row.mean <= scale[0] + row.step + 1e-9 else low
        high = scale[1] if row.mean >= scale[1] - row.step - 1e-9 else high
        program.add({total: 1, answered: -(low - 1e-9)}, 0, np.inf)
        program.add({total: 1, answered: -(high + 1e-9)}, -np.inf, 0)
    numbers = {"asked": asked, "answered": answered, **dict(zip(_PARTS, parts, strict=True))}
    open_ = {"asked", "answered"}
    if told is not None:
        same = told[(told["leaf"] == row.leaf) & (told["scale_low"] == scale[0]) & (told["scale_high"] == scale[1])]
        for line in same.itertuples():
            for name in ("asked", *_PARTS[:2]):
                if pd.notna(getattr(line, f"{name}_from")):
                    program.add({numbers[name]: 1}, getattr(line, f"{name}_from"), getattr(line, f"{name}_to"))
                    open_.add(name)
    return {name: at for name, at in numbers.items() if name in open_}


def _told_by(program: _Program, summary: pd.DataFrame | None, people: list[tuple[tuple, int]]) -> None:
    """Respondents who told of activities are among all who answered, whatever their role."""
    if summary is None:
        return
    rows = summary.assign(organization=summary.get("organization", ""))
    rows = rows[(rows["counted_by"] == "respondents") & (rows["state"] == "shown")]
    for row in rows.itertuples():
        all_roles = {at: 1.0 for key, at in people if key[:2] == (row.organization, row.wave)}
        if all_roles:
            program.add(all_roles, row.respondents_from, np.inf)


def _complete(
    program: _Program, table: pd.DataFrame | None, answers: list[tuple], people: list[tuple[tuple, int]]
) -> None:
    """Complete answers to an instrument are no more than the answers to any of its leaves, all organizations together."""
    if table is None:
        return
    shown = table[table["state"] == "shown"]
    scale = ["wave", "scale_low", "scale_high"]
    whole = shown[shown["leaf"] == "all"].set_index([*scale, "instrument"])["complete_from"].to_dict()
    own = shown.set_index([*scale, "instrument", "leaf"])["complete_from"].to_dict()
    for (wave, low, high, leaf), rows in table[table["leaf"] != "all"].groupby([*scale, "leaf"]):
        least = sum(
            max(own.get((wave, low, high, at, leaf), 0), whole.get((wave, low, high, at), 0))
            for at in rows["instrument"]
        )
        no_role = {at: 1.0 for key, at in people if key[1:] == (wave, "not_stated")}
        gave = {at: 1.0 for key, of, ends, at in answers if (key[1], of, ends) == (wave, leaf, (low, high))}
        if gave or no_role:
            program.add(gave | no_role, float(least), np.inf)


def attack_counts(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What can be worked out about counts of activities that individuals told of.

    Parameters
    ----------
    tables
        The released tables of one organization and wave: ``coverage``, ``phase_profile``, ``initiation``,
        ``coding_state``, ``parity_facts``; and where there are any ``formulation``, ``coded_evidence``,
        ``need_phrases``, ``coverage_summary``.

    Returns
    -------
    pandas.DataFrame
        One row a hidden count: ``table``, ``what``, ``low``, ``high``.

    Notes
    -----
    One variable for each kind of activity: place, phase in which it began, phases present, initiator. Every released
    number is a sum of them. A cell that is "some" holds one at the least, and one that is shown holds just that.
    """
    program = _Program()
    kinds = list(_kinds(tables))
    variables = [program.variable() for _ in kinds]
    all_of = dict.fromkeys(variables, 1.0)
    targets: list[tuple[str, str, dict[int, float]]] = []

    def told(name: str, what: str, row: Any, terms: dict[int, float]) -> None:
        if row.state == "some":
            program.add(terms, 1, np.inf)
            targets.append((name, what, terms))
        else:
            program.add(terms, row.activities_n, row.activities_n)

    def among(has) -> dict[int, float]:
        return {variable: 1.0 for variable, kind in zip(variables, kinds, strict=True) if has(*kind)}

    for row in tables["coverage"].itertuples():
        if row.basis == "began":
            terms = among(lambda place, began, present, by, row=row: (place, began) == (row.place, row.phase))
        else:
            terms = among(lambda place, began, present, by, row=row: place == row.place and row.phase in present)
        told("coverage", f"{row.basis} {row.place} {row.phase}", row, terms)
    for row in tables["phase_profile"].itertuples():
        told("phase_profile", row.phase, row, among(lambda place, began, present, by, row=row: began == row.phase))
    for row in tables["initiation"].itertuples():
        terms = among(lambda place, began, present, by, row=row: by == row.initiated_by and row.place in ("all", place))
        told("initiation", f"{row.place} {row.initiated_by}", row, terms)
    by_state: dict[str, list] = {}
    for row in tables["coding_state"].itertuples():
        by_state.setdefault(row.coding if row.coding in _STATES else "placed", []).append(row)
    for state, rows in by_state.items():
        if state != "placed":
            terms = among(lambda place, began, present, by, state=state: _state(place, began) == state)
            told("coding_state", state, rows[0], terms)
            continue
        parts = []
        for row in rows:
            part = program.variable()
            parts.append(part)
            told("coding_state", row.coding, row, {part: 1.0})
        terms = among(lambda place, began, present, by: _state(place, began) == "placed")
        program.add(terms | dict.fromkeys(parts, -1.0), 0, 0)
    for row in tables.get("formulation", pd.DataFrame()).itertuples():
        terms = among(
            lambda place, began, present, by, row=row: (place, began, by) == (row.place, row.phase, row.initiated_by)
        )
        told("formulation", f"{row.place} {row.phase} {row.initiated_by}", row, terms)
    formulation = tables.get("formulation")
    if formulation is not None and formulation.empty:
        # Where it is not there at all, each cell's initiators are what an attacker would like to know. At a place with
        # a single initiator the cell's own count says it.
        there = tables["initiation"][tables["initiation"]["state"] != "none"].groupby("place").size()
        several = [place for place in PLACES if there.get(place, 0) > 1]
        for place, began, by in itertools.product(several, PHASES, (*INITIATORS, NOT_STATED)):
            terms = among(lambda *kind, wanted=(place, began, by): (kind[0], kind[1], kind[3]) == wanted)
            if terms:
                program.add(terms, 0, np.inf)
                targets.append(("formulation", f"{place} {began} {by}", terms))
    for row in tables["parity_facts"].itertuples():
        parts = [program.variable() for _ in range(3)]
        program.add(all_of | dict.fromkeys(parts, -1.0), 0, 0)
        for name, part in zip(("yes_n", "no_n", "unknown_n"), parts, strict=True):
            if row.state == "withheld":
                program.add({part: 1.0}, 0, np.inf)
                targets.append(("parity_facts", f"{row.fact} {name}", {part: 1.0}))
            else:
                program.add({part: 1.0}, getattr(row, name), getattr(row, name))
    for name, of in (("coded_evidence", ("leaf", "polarity")), ("need_phrases", ("need",))):
        for row in tables.get(name, pd.DataFrame()).itertuples():
            what = " ".join(getattr(row, key) for key in of)
            part = program.variable()
            program.add(all_of | {part: -1.0}, 0, np.inf)
            if row.state == "withheld":
                targets.append((name, what, {part: 1.0}))
            else:
                told(name, what, row, {part: 1.0})
    _summary(program, tables.get("coverage_summary"), tables["coding_state"], variables, kinds)
    ranges = program.ranges([terms for _, _, terms in targets])
    found = [(name, what, *ends) for (name, what, _), ends in zip(targets, ranges, strict=True)]
    return pd.DataFrame(found, columns=["table", "what", "low", "high"])


def _summary(
    program: _Program, summary: pd.DataFrame | None, coding: pd.DataFrame, variables: list[int], kinds: list[tuple]
) -> None:
    if summary is None:
        return
    # Activities whose phase was suggested have that one phase, and are left out of the threads.
    guessed = program.variable()
    single = {at: 1.0 for at, kind in zip(variables, kinds, strict=True) if len(kind[2]) == 1}
    program.add(single | {guessed: -1.0}, 0, np.inf)
    maybe = coding[coding["coding"].isin(["placed_by_suggestion", NOT_STATED, NOT_YET_CODED])]
    if not maybe["state"].eq("some").any():
        program.add({guessed: 1.0}, 0, float(maybe["activities_n"].sum()))
    of = {
        "begins_in_design": lambda began, present: (began == "design", began in PHASES),
        "begins_in_evaluate": lambda began, present: (began == "evaluate", began in PHASES),
        "thread_length": lambda began, present: (len(present), bool(present)),
        "followed_across_phases": lambda began, present: (len(present) > 1, bool(present)),
    }
    shown = summary[(summary["state"] == "shown") & (summary["counted_by"] == "activities")]
    for row in shown[shown["indicator"].isin(list(of))].itertuples():
        pairs = [of[row.indicator](kind[1], kind[2]) for kind in kinds]
        for value, at in ((row.n, 0), (row.of_n, 1)):
            terms = {variable: float(pair[at]) for variable, pair in zip(variables, pairs, strict=True)}
            if row.indicator == "thread_length" or (row.indicator == "followed_across_phases" and at == 1):
                terms[guessed] = -1.0
            program.add(terms, value, value)


def _state(place: str, began: str) -> str:
    for state in (NOT_YET_CODED, NOT_STATED):
        if state in (place, began):
            return state
    return "placed"


def _kinds(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, frozenset[str], str]]:
    """Every kind of activity that no released zero rules out."""
    cells = tables["coverage"]
    empty = {(row.basis, row.place, row.phase) for row in cells[cells["state"] == "none"].itertuples()}
    profile, coding, initiators = tables["phase_profile"], tables["coding_state"], tables["initiation"]
    no_phase = set(profile.loc[profile["state"] == "none", "phase"])
    no_state = set(coding.loc[coding["state"] == "none", "coding"])
    nobody = {(row.place, row.initiated_by) for row in initiators[initiators["state"] == "none"].itertuples()}
    formulation = tables.get("formulation")
    held = None
    if formulation is not None and len(formulation):
        held = set(formulation[["place", "phase", "initiated_by"]].itertuples(index=False, name=None))
    presences = [frozenset(found) for size in range(len(PHASES) + 1) for found in itertools.combinations(PHASES, size)]
    for place, began in itertools.product((*PLACES, NOT_STATED, NOT_YET_CODED), (*PHASES, NOT_STATED, NOT_YET_CODED)):
        if began in no_phase or ("began", place, began) in empty or _state(place, began) in no_state:
            continue
        for present in presences:
            if began in PHASES and began not in present:
                continue
            if any(("present", place, phase) in empty for phase in present):
                continue
            for by in (*INITIATORS, NOT_STATED):
                if {(place, by), ("all", by)} & nobody:
                    continue
                if held is not None and place in PLACES and began in PHASES and (place, began, by) not in held:
                    continue
                yield place, began, present, by
