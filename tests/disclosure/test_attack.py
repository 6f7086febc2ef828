"""Nobody's number is recovered: an attacker with all tables and the rules solves for every hidden number.

Here some random studies; ``tests/benchmarks/attack_disclosure.py`` tries thousands.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from ppp import measures
from ppp.disclosure import RELEASED, counts, derive
from ppp.disclosure.attack import attack_counts
from ppp.disclosure.partition import Split
from ppp.disclosure.people import step
from ppp.tables import RATINGS, RESPONSES


def _recovered(found, needed):
    width = found["high"] - found["low"] + 1
    return found[width < needed].to_dict("records")


# The last three are studies in which earlier rules gave something away.
@pytest.mark.parametrize("seeds", [range(4), (1080, 1245, 5267)])
def test_no_count_that_rests_on_few_reporters_is_recovered(studies, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        told, answered = studies.activities(rng), studies.people(rng)
        tables = studies.released(told, answered, by_respondents=True, derived=False)
        found = attack_counts(tables)
        # "some" is one at the least: as many numbers as there are below the threshold stay possible
        assert not _recovered(found, 4), seed


@pytest.mark.parametrize(("threshold", "by_respondents"), [(3, True), (5, False), (5, True), (10, True)])
def test_no_number_is_recovered_from_all_organizations_and_rounds_together(studies, threshold, by_respondents):
    attacked = 0
    for seed in range(3):
        told, answered = studies.whole(np.random.default_rng(100 * threshold + seed), threshold=threshold)
        tables = studies.released(
            told, answered, threshold=threshold, by_respondents=by_respondents, waves=("1", "2"), derived=False
        )
        narrow, found = studies.narrowed(tables, threshold, by_respondents=by_respondents)
        assert narrow.empty, seed
        attacked += len(found)
    assert attacked > 40


def _two_roles(studies, patients, relatives, *, scale=lambda at: 4.0):
    """Released tables about patients and relatives who all answered two statements on each of two leaves."""
    rng = np.random.default_rng(1)
    who = [("patient", at) for at in range(patients)] + [("relative", at) for at in range(relatives)]
    rows = [
        (f"w/a/{role}{at}", role, leaf, f"{leaf}{item}", rng.integers(1, 5), scale(at))
        for role, at in who
        for leaf in ("numbers", "support")
        for item in (1, 2)
    ]
    frame = pd.DataFrame(rows, columns=["response_id", "role", "leaf", "item", "score", "scale_high"])
    ratings = RATINGS.conform(frame.assign(organization="a", wave="w", scale_low=1.0))
    responses = RESPONSES.conform(ratings[["response_id", "organization", "wave", "role"]].drop_duplicates())
    return studies.released(studies.activities(rng, reporters=5), (responses, ratings), derived=False)


def test_complete_answers_beside_the_bands_of_two_roles_narrow_neither(studies):
    tables = _two_roles(studies, 33, 4)  # 37 in all: told as such, they were 33 and 4, or 34 and 3
    table = tables["item_reliability"]
    assert (table["state"] == "shown").all()
    assert (table["complete_from"] == 30).all()
    assert studies.narrowed(tables, 5, by_respondents=False)[0].empty
    # 25 to 29 and up to 4: that 30 were complete would tell it already
    few = _two_roles(studies, 28, 4)["item_reliability"]
    assert (few["state"] == "cannot_say").all()


def test_a_role_asked_on_two_scales_is_not_told_how_many_on_each(studies):
    tables = _two_roles(studies, 22, 0, scale=lambda at: 4.0 if at < 13 else 6.0)
    assert (tables["missing_answers"]["state"] == "shown").all()
    assert tables["missing_answers"]["asked_from"].isna().all()
    assert studies.narrowed(tables, 5, by_respondents=False)[0].empty


def test_the_common_spread_is_pooled_by_what_the_bands_tell(studies):
    # 2 · (27 - 1) = 52 degrees of freedom, but 2 · (25 - 1) = 48 by the band: pooled, it would tell 26 or more
    assert (_two_roles(studies, 27, 0)["parity_ratings"]["common_sd"] == 1.5).all()
    assert (_two_roles(studies, 30, 0)["parity_ratings"]["common_sd"] < 1.5).all()


def test_thirds_of_those_who_told_narrow_no_role(studies):
    """15 or more told of activities: beside 10 to 14 patients and fewer than 5 relatives, it would tell of both."""
    rng = np.random.default_rng(2)
    told = studies.activities(rng, reporters=16, one_cell=True)
    tables = _two_roles(studies, 14, 4)
    people = tables["response_counts"]
    table = counts.coverage_summary(
        measures.coverage_summary(measures.placements(*told)).assign(wave="w"), 5, False, people[[]], people
    )
    assert (table.loc[table["counted_by"] == "respondents", "state"] == "withheld").all()
    many = _two_roles(studies, 24, 4)["response_counts"]
    table = counts.coverage_summary(
        measures.coverage_summary(measures.placements(*told)).assign(wave="w"), 5, False, many[[]], many
    )
    assert (table.loc[table["counted_by"] == "respondents", "state"] == "shown").all()


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
    derived = ("parity_gap", "change", "benchmark", "group_coverage", "group_kinds")
    derived += ("indicators", "signals", "strands")
    first = {}
    for name in derived:
        tables[name] = tables[name].reset_index(drop=True)
    for name in [name for name in tables if name in RELEASED]:
        split = Split(name, tables[name])
        rows = [{"organization": at, **row} for at in names for row in split.of(at)]
        first[name] = pd.DataFrame(rows, columns=["organization", *RELEASED[name]]).astype(RELEASED[name])
    base = {name: table for name, table in first.items() if name not in derived}
    again = derive(base, waves=["1", "2"], groups=groups)
    for name in derived:
        columns = ["organization", *RELEASED[name]]
        ours, theirs = (
            table.reindex(columns=columns).astype({"organization": "string", **RELEASED[name]}).sort_values(
                [c for c in columns if RELEASED[name].get(c, "string") == "string"], ignore_index=True
            )
            for table in (tables[name], again[name])
        )  # fmt: skip
        assert_frame_equal(ours, theirs, obj=name)
