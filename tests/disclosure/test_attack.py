"""Nobody's number is recovered: an attacker with all tables and the rules solves for every hidden number.

Here some random studies; ``tests/benchmarks/attack_disclosure.py`` tries thousands.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from ppp.disclosure import RELEASED, derive
from ppp.disclosure.attack import attack_counts, attack_people
from ppp.disclosure.partition import Split
from ppp.disclosure.people import step


def _recovered(found, needed):
    width = found["high"] - found["low"] + 1
    return found[width < needed].to_dict("records")


# The last four are studies in which earlier rules gave something away.
@pytest.mark.parametrize("seeds", [range(8), range(8, 16), range(16, 20), (1080, 1245, 5087, 5267)])
def test_no_count_that_rests_on_few_reporters_is_recovered(studies, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        told, answered = studies.activities(rng), studies.people(rng)
        tables = studies.released(told, answered, by_respondents=True)
        found = attack_counts(tables)
        # "some" is one at the least: as many numbers as there are below the threshold stay possible
        assert not _recovered(found, 4), seed


@pytest.mark.parametrize(("threshold", "n"), [(3, 30), (5, 80), (10, 30)])
def test_no_number_of_people_is_narrowed_below_its_band(studies, threshold, n):
    rng = np.random.default_rng(threshold)
    told = studies.activities(rng, reporters=3)
    both = [studies.people(rng, f"o{at}", roles=("patient",)) for at in range(n)]
    answered = [pd.concat([pair[at] for pair in both], ignore_index=True) for at in (0, 1)]
    tables = studies.released(told, answered, threshold=threshold)
    names = ("response_counts", "parity_ratings", "missing_answers")
    hidden = 0
    for at in range(n):
        mine = {name: tables[name][tables[name]["organization"] == f"o{at}"] for name in names}
        found = attack_people(mine, threshold=threshold)
        withheld = mine["response_counts"]["state"].eq("withheld").all()
        alone = found["number"].eq("respondents") & withheld
        assert not _recovered(found[~alone], threshold), at
        assert not _recovered(found[alone], threshold - 1), at
        hidden += len(found)
    assert hidden > 3 * n


@pytest.mark.parametrize("threshold", [3, 5])
def test_every_mean_that_is_shown_fits_every_number_in_its_band_without_unanimity(threshold):
    """By all answers that there could be to one statement of four steps: the mean does not tell the number of people."""
    size = step(threshold)
    means = {}
    for n in range(threshold, 2 * threshold):
        scores = np.array(list(itertools.combinations_with_replacement((1, 2, 3, 4), n)))
        scores = scores[scores[:, 0] != scores[:, -1]]
        stepped = np.clip(np.round(scores.mean(axis=1) / size) * size, 1 + size, 4 - size).round(6)
        means[n] = {mean: np.unique(scores[stepped == mean], axis=0) for mean in np.unique(stepped)}
    assert len({frozenset(found) for found in means.values()}) == 1, "the same means for every number of people"
    for found in means.values():
        for answers in found.values():
            # nobody's own answer follows: for each step some set of answers holds somebody who gave another
            assert len(answers) > 1 or len(np.unique(answers)) > 1


def test_the_attack_finds_what_a_careless_table_gives_away(studies):
    """An attack that finds nothing in open tables would prove nothing."""
    rng = np.random.default_rng(3)
    tables = studies.released(studies.activities(rng, reporters=12), studies.people(rng), by_respondents=True)
    hidden = tables["coverage"][tables["coverage"]["state"] == "some"]
    assert len(hidden)
    open_tables = studies.released(studies.activities(np.random.default_rng(3), reporters=12), studies.people(rng))
    careless = {**open_tables, "coverage": tables["coverage"]}
    found = attack_counts(careless)
    assert len(_recovered(found, 2)) > 0, "the totals beside a hidden cell give it away"


def test_what_is_derived_rests_on_what_a_partition_shows(studies):
    """Computed anew from the JSON of partitions, the derived tables are the same: they can tell nothing more."""
    rng = np.random.default_rng(11)
    names = [f"o{at}" for at in range(6)]
    told = [studies.activities(rng, name, wave) for name in names for wave in ("1", "2")]
    both = [studies.people(rng, name, wave) for name in names for wave in ("1", "2")]
    told = [pd.concat([pair[at] for pair in told], ignore_index=True) for at in (0, 1)]
    both = [pd.concat([pair[at] for pair in both], ignore_index=True) for at in (0, 1)]
    groups = dict.fromkeys(names, "g")
    tables = studies.released(told, both, waves=("1", "2"), groups=groups)
    first = {}
    for name in ("parity_gap", "change", "benchmark", "indicators", "signals", "strands", "group_coverage"):
        tables[name] = tables[name].reset_index(drop=True)
    for name in [name for name in tables if name in RELEASED]:
        split = Split(name, tables[name])
        rows = [{"organization": at, **row} for at in names for row in split.of(at)]
        first[name] = pd.DataFrame(rows, columns=["organization", *RELEASED[name]]).astype(RELEASED[name])
    base = {
        name: first[name]
        for name in (
            "coverage",
            "phase_profile",
            "initiation",
            "coding_state",
            "formulation",
            "coded_evidence",
            "parity_facts",
            "seats",
            "parity_ratings",
            "response_counts",
        )
    }
    again = derive(base, waves=["1", "2"], groups=groups)
    for name in ("parity_gap", "change", "benchmark", "indicators", "signals", "strands", "group_coverage"):
        columns = ["organization", *RELEASED[name]]
        ours, theirs = (
            table.reindex(columns=columns).astype({"organization": "string", **RELEASED[name]}).sort_values(
                [c for c in columns if RELEASED[name].get(c, "string") == "string"], ignore_index=True
            )
            for table in (tables[name], again[name])
        )  # fmt: skip
        assert_frame_equal(ours, theirs, obj=name)
