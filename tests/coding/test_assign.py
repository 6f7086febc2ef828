"""Assignment: deterministic, spread over organizations and languages, and stable when the study grows."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.coding.assign import assign


def activities(n, prefix="a"):
    frame = pd.DataFrame({"activity_id": [f"{prefix}{i}" for i in range(n)]})
    return frame.assign(
        organization=[f"o{i % 3}" for i in range(n)], wave="w", language=[["sv", "en", None][i % 2] for i in range(n)]
    )


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 80), more=st.integers(0, 40), coders=st.integers(1, 4), overlap=st.floats(0, 1))
def test_everything_is_assigned_once_and_stays(n, more, coders, overlap):
    names = ["anna", "bo", "cia", "dan"][:coders]
    first = assign(activities(n), names, overlap=overlap)
    shuffled = assign(activities(n).sample(frac=1, random_state=1), names, overlap=overlap)
    key = ["activity_id", "coder", "coded_by"]
    assert first[key].values.tolist() == shuffled[key].values.tolist()
    counts = first["activity_id"].value_counts()
    assert set(counts.index) == set(activities(n)["activity_id"])
    assert counts.max() <= 2 if n else True
    assert not first.duplicated(["activity_id", "coder"]).any()
    grown = pd.concat([activities(more, "b"), activities(n)], ignore_index=True)
    later = assign(grown, names, overlap=overlap, given=first)
    assert later.iloc[: len(first)][key].values.tolist() == first[key].values.tolist()
    assert later["activity_id"].nunique() == n + more


def test_the_overlap_is_met_in_every_stratum_and_coders_carry_alike():
    rows = assign(activities(600), ["anna", "bo", "cia"], overlap=0.25)
    both = rows.drop_duplicates("activity_id").merge(activities(600), on="activity_id")
    by_stratum = both.groupby(["organization", "language"])["coded_by"].agg(lambda c: (c == "two").sum())
    assert np.allclose(by_stratum, 25, atol=1)
    load = rows["coder"].value_counts()
    assert load.max() - load.min() <= 6


def test_small_strata_get_their_share_over_all():
    many = pd.DataFrame({"activity_id": [f"x{i}" for i in range(400)], "organization": [f"o{i}" for i in range(400)]})
    rows = assign(many.assign(wave="w", language="sv"), ["anna", "bo"], overlap=0.3)
    share = (rows.drop_duplicates("activity_id")["coded_by"] == "two").mean()
    assert 0.22 < share < 0.38


def test_one_coder_codes_all_alone_and_none_codes_nothing():
    assert (assign(activities(9), ["anna"], overlap=1)["coded_by"] == "one").all()
    assert assign(activities(9), [], overlap=1).empty


def test_what_a_coder_who_left_had_not_coded_goes_to_the_others_and_nothing_else_moves():
    first = assign(activities(60), ["anna", "bo", "cia"], overlap=0.5)
    own = first.loc[first["coder"] == "bo", "activity_id"].tolist()
    coded = set(own[:7])
    later = assign(activities(60), ["anna", "cia"], overlap=0.5, given=first, done={(name, "bo") for name in coded})
    pd.testing.assert_frame_equal(later.iloc[: len(first)], first)  # the record keeps what it held
    added = later.iloc[len(first) :]
    assert sorted(added["activity_id"]) == sorted(set(own) - coded)
    assert not later.duplicated(["activity_id", "coder"]).any()
    active = later[later["coder"].isin(["anna", "cia"]) | later["activity_id"].isin(coded)]
    wanted = first.drop_duplicates("activity_id").set_index("activity_id")["coded_by"].map({"one": 1, "two": 2})
    assert (active["activity_id"].value_counts().reindex(wanted.index) == wanted).all()
    again = assign(activities(60), ["anna", "cia"], overlap=0.5, given=later, done={(name, "bo") for name in coded})
    assert len(again) == len(later)


def test_where_one_coder_is_left_pairs_become_one():
    first = assign(activities(10), ["anna", "bo"], overlap=1)
    later = assign(activities(10), ["anna"], overlap=1, given=first)
    assert len(later) == len(first)
