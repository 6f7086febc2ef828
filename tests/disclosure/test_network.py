"""What the network's report adds gives nothing away, beside organizations' own reports and over both rounds."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from ppp.disclosure.network import ALL, NETWORK, network
from ppp.disclosure.network_attack import attack_network

SOURCES = ("coverage", "phase_profile", "initiation", "parity_facts", "parity_ratings", "response_counts")


def _study(studies, seed, *, n=6, by_respondents=True, threshold=5):
    rng = np.random.default_rng(seed)
    names = [f"o{at}" for at in range(n)]
    told = [studies.activities(rng, name, wave) for name in names for wave in ("1", "2")]
    both = [studies.people(rng, name, wave) for name in names for wave in ("1", "2")]
    told = [pd.concat([pair[at] for pair in told], ignore_index=True) for at in (0, 1)]
    both = [pd.concat([pair[at] for pair in both], ignore_index=True) for at in (0, 1)]
    groups = {name: "g" if at < n // 2 else "h" for at, name in enumerate(names)}
    tables = studies.released(
        told, both, threshold=threshold, by_respondents=by_respondents, waves=("1", "2"), groups=groups
    )
    return tables, groups


@pytest.mark.parametrize("seed", range(3))
def test_nothing_hidden_is_narrowed_by_the_networks_tables(studies, seed):
    tables, groups = _study(studies, seed)
    made = network(tables, groups=groups, threshold=5)
    found = attack_network(tables, made, groups=groups, threshold=5)
    assert len(found) > 50
    assert found["table"].nunique() == 4
    narrowed = found[(found["low"] > found["own_low"]) | (found["high"] < found["own_high"])]
    assert narrowed.empty, narrowed.to_string()


def test_the_attack_finds_what_a_careless_total_gives_away(studies):
    tables, groups = _study(studies, 1)
    open_tables, _ = _study(studies, 1, by_respondents=False)
    made = network(tables, groups=groups, threshold=5)
    exact = network(open_tables, groups=groups, threshold=5)
    found = attack_network(tables, {**made, "cells": exact["cells"]}, groups=groups, threshold=5)
    recovered = found[(found["table"] == "coverage") & (found["high"] - found["low"] < 4)]
    assert len(recovered) > 10


def test_it_rests_on_what_organizations_show_and_on_nothing_else(studies):
    """The same tables come of released columns alone, whatever the hidden numbers were."""
    tables, groups = _study(studies, 2)
    made = network(tables, groups=groups, threshold=5)
    from ppp.disclosure import RELEASED
    from ppp.disclosure.partition import Split

    again = {}
    for name in SOURCES:
        split = Split(name, tables[name])
        rows = [{"organization": at, **row} for at in sorted(groups) for row in split.of(at)]
        again[name] = pd.DataFrame(rows, columns=["organization", *RELEASED[name]]).astype(RELEASED[name])
    remade = network(again, groups=groups, threshold=5)
    assert set(made) == set(NETWORK)
    for name, table in made.items():
        keys = [column for column, kind in NETWORK[name].items() if kind == "string" and column != "state"]
        ours, theirs = (
            one.sort_values([*keys, *[c for c in one if c not in keys]], ignore_index=True)
            for one in (table, remade[name])
        )
        assert_frame_equal(ours, theirs, obj=name)


def test_sums_are_sums_and_lower_bounds_are_below_the_truth(studies):
    hidden, groups = _study(studies, 3)
    truth, _ = _study(studies, 3, by_respondents=False)
    made, exact = (network(tables, groups=groups, threshold=5) for tables in (hidden, truth))
    both = made["cells"].merge(exact["cells"], on=["scope", "wave", "basis", "place", "phase"], suffixes=("", "_true"))
    assert len(both) == len(made["cells"])
    assert (both["state_true"] != "at_least").all()
    assert (both["activities_n"] <= both["activities_n_true"]).all()
    sure = both["state"] != "at_least"
    assert sure.any()
    assert (~sure).any()
    assert (both.loc[sure, "activities_n"] == both.loc[sure, "activities_n_true"]).all()
    assert (both["organizations_n"] == both["organizations_n_true"]).all(), "where patients are is no secret"
    own = truth["coverage"].groupby(["wave", "basis", "place", "phase"])["activities_n"].sum()
    whole = exact["cells"][exact["cells"]["scope"] == ALL].set_index(["wave", "basis", "place", "phase"])[
        "activities_n"
    ]
    assert (own.reindex(whole.index).to_numpy() == whole.to_numpy()).all()


@pytest.mark.parametrize("seed", range(6, 9))
def test_no_number_of_people_below_the_threshold_is_told(studies, seed):
    tables, groups = _study(studies, seed, n=5)
    told = network(tables, groups=groups, threshold=5)["respondents"]
    assert len(told)
    assert not told["respondents_from"].between(1, 4).any()


def test_no_table_of_the_network_names_an_organization_or_ranks_it(studies):
    tables, groups = _study(studies, 4, n=10, by_respondents=False)
    made = network(tables, groups=groups, threshold=5)
    for name, table in made.items():
        assert "organization" not in table, name
        assert not set(groups) & set(table.astype(str).to_numpy().ravel()), name
    shares = made["shares"]
    assert len(shares)
    assert shares["pooled"].between(0, 1).all()
    # drawn towards the centre
    assert ((shares["pooled"] - shares["centre"]).abs() <= (shares["share"] - shares["centre"]).abs() + 1e-3).all()


def test_too_few_organizations_make_no_group_and_no_distribution(studies):
    tables, groups = _study(studies, 5, n=4, by_respondents=False)
    made = network(tables, groups=groups, threshold=5)
    assert set(made["cells"]["scope"]) == {ALL}
    assert made["shares"].empty
    assert made["ratings"].empty
