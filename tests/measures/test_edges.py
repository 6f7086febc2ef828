"""The edges of measures: none, one, two, not known, at the rim of the map."""

import pandas as pd
import pytest
from scipy import stats

from ppp import measures
from ppp.measures.shares import share_change
from ppp.tables import RATINGS


def test_a_cell_at_the_rim_has_neighbours_too():
    found = measures.gaps({("direct_care", "design"): True}).set_index(["place", "phase"])["neighbours_n"]
    assert found["clinic", "design"] == found["direct_care", "plan"] == 1
    assert found.sum() == 2
    found = measures.gaps({("system", "evaluate"): True}).set_index(["place", "phase"])["neighbours_n"]
    assert found["organization", "evaluate"] == found["system", "implement"] == 1
    assert found.sum() == 2


@pytest.mark.parametrize(
    ("patients", "professionals", "known", "alone"),
    [(1, 1, 1, 0), (1, 2, 1, 1), (2, 9, 1, 0), (0, 9, 1, 0), (1, 0, 0, 0), (None, 5, 0, 0), (1, None, 0, 0)],
)
def test_seats_count_where_both_sides_are_known_and_alone_is_one_among_several(patients, professionals, known, alone):
    told = pd.DataFrame(
        {"organization": "a", "wave": "w", "patients_n": [patients], "professionals_n": [professionals]}
    ).astype({"patients_n": "Int64", "professionals_n": "Int64"})
    [row] = measures.seats(told).to_dict("records")
    assert (row["activities_n"], row["alone_n"]) == (known, alone)
    assert pd.isna(row["ratio"]) != bool(known)


def _ratings(**columns):
    base = {"organization": "a", "wave": "1", "leaf": "support", "role": "patient", "item": "q"}
    table = pd.DataFrame(base | {"scale_low": 1.0, "scale_high": 4.0} | columns)
    return RATINGS.conform(table)


def test_why_an_answer_is_missing_is_counted_once_for_a_person():
    ratings = _ratings(
        response_id=["r1", "r2", "r3", "r4", "r5", "r5"],
        score=[3.0, None, None, None, None, 2.0],
        missing=[None, "skipped", "dont_know", "not_applicable", "dont_know", None],
    )
    [row] = measures.missing_answers(ratings).to_dict("records")
    counted = {name: row[f"{name}_n"] for name in ("asked", "answered", "skipped", "dont_know", "other")}
    assert counted == {"asked": 5, "answered": 2, "skipped": 1, "dont_know": 1, "other": 1}


def test_ratings_on_a_scale_that_is_not_known_are_counted_and_compared_all_the_same():
    scores = [1.0, 2.0, 2.0, 3.0, 3.0, 2.0, 3.0, 3.0, 4.0, 3.0]
    ratings = _ratings(
        response_id=[f"{wave}/x/{n}" for wave in "12" for n in range(5)],
        score=scores,
        missing=None,
        scale_low=None,
        scale_high=None,
        wave=list("1111122222"),
    )
    assert measures.missing_answers(ratings)["answered_n"].tolist() == [5, 5]
    [row] = measures.change(ratings, ["1", "2"], matched=True).to_dict("records")
    assert (row["pairs_n"], row["design"], row["change"]) == (5, "matched", pytest.approx(0.8))
    assert measures.matched_pairs(ratings, ["1", "2"])["pairs_n"].tolist() == [5]
    [row] = measures.change(ratings, ["1", "2"]).to_dict("records")
    assert (row["pairs_n"], row["design"]) == (0, "unmatched")


def test_two_pairs_have_the_interval_of_one_degree_of_freedom():
    ratings = _ratings(
        response_id=["1/x/0", "1/x/1", "2/x/0", "2/x/1"], score=[1.0, 2.0, 3.0, 3.0], missing=None, wave=list("1122")
    )
    [row] = measures.change(ratings, ["1", "2"], matched=True, at_least=2).to_dict("records")
    expected = stats.ttest_rel([3.0, 3.0], [1.0, 2.0]).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high))


def test_one_side_alone_is_no_gap():
    ratings = _ratings(
        response_id=[f"r{n}" for n in range(9)], score=[float(n % 4 + 1) for n in range(9)], missing=None
    )
    [row] = measures.parity_gap(ratings).to_dict("records")
    assert (row["patients_n"], row["professionals_n"], row["statement"]) == (9, 0, "cannot_say")


def test_the_interval_of_superiority_ends_at_one_half_where_brunner_and_munzel_find_just_that_much():
    patients, professionals = [3.0, 4.0, 4.0, 2.0, 4.0, 3.0, 4.0], [2.0, 3.0, 1.0, 2.0, 3.0, 2.0, 4.0, 1.0]
    ratings = _ratings(
        response_id=[f"r{n}" for n in range(15)],
        score=patients + professionals,
        role=["patient"] * 7 + ["professional"] * 8,
        missing=None,
    )
    chance = stats.brunnermunzel(patients, professionals).pvalue
    [row] = measures.parity_gap(ratings, level=1 - chance).to_dict("records")
    assert row["p_low"] == pytest.approx(0.5)


def test_a_share_of_one_is_a_share_and_a_share_of_none_is_not():
    assert share_change((0, 1), (1, 1)) is not None
    assert share_change((0, 0), (1, 2)) is None
    assert share_change((1, 2), (0, 0)) is None


def test_evidence_counts_what_is_said_of_parity_with_a_direction_and_nothing_else():
    activities = pd.DataFrame({"activity_id": ["1"], "response_id": ["r"], "organization": "a", "wave": "w"})
    codes = pd.DataFrame(
        [
            ("1", "parity", "support", "supports"),
            ("1", "parity", "training", None),
            ("1", "parity", "none", "barrier"),
            ("1", "place", "clinic", None),
            ("1", "place", "numbers", "supports"),
        ],
        columns=["activity_id", "dimension", "code", "polarity"],
    )
    found = measures.coded_evidence(activities, codes)
    assert found[found["activities_n"] > 0][["leaf", "polarity"]].to_numpy().tolist() == [["support", "supports"]]
    assert found["activities_n"].sum() == 1


def test_of_how_many_is_the_whole_map_and_nothing_is_reached_where_nothing_is_placed():
    placed = pd.DataFrame(
        {
            "organization": "a",
            "wave": "w",
            "activity_id": ["1", "2", "3"],
            "response_id": ["r", "r", "s"],
            "place": ["not_stated", "clinic", "not_stated"],
            "phase_began": ["evaluate", "not_stated", "evaluate"],
            "phases": ["evaluate", "not_stated", "evaluate"],
            "initiated_by": None,
            "origin": "respondent",
            "thread": None,
        }
    )
    rows = measures.coverage_summary(placed).set_index(["indicator", "counted_by"])
    for indicator, most in (("cells_reached", 16), ("places_reached", 4), ("phases_reached", 4)):
        assert rows.loc[(indicator, "activities"), ["n", "of_n"]].tolist() == [0, most]
    assert rows.loc[("begins_in_evaluate", "activities"), ["n", "of_n"]].tolist() == [2, 2]
    assert rows.loc[("only_in_evaluate", "respondents"), ["n", "of_n"]].tolist() == [2, 2]
    assert rows.loc[("begins_in_design", "respondents"), ["n", "of_n"]].tolist() == [0, 2]
