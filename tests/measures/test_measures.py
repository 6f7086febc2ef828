"""Measures against a study of six activities, worked out by hand.

Organization "a", wave "w":
  1  clinic        began design     present design, plan      initiated by patients       reported by r1
  2  clinic        began evaluate   present evaluate          initiated by professionals  reported by r1
  3  organization  began design     present design            initiated by professionals  reported by r2
  4  clinic        phase not stated                           initiator unknown           reported by r2
  5  not yet coded                                            initiated by jointly        reported by r3
Organization "b", wave "w":
  6  system        began plan       present plan, implement   initiated by jointly        reported by r4
"""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from ppp import measures
from ppp.coding import codes_in_force
from ppp.coding.suggest import SUGGESTION_COLUMNS
from ppp.tables import ACTIVITIES, RATINGS

NO_SUGGESTIONS = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in SUGGESTION_COLUMNS.items()})


@pytest.fixture
def activities():
    rows = [
        ("1", "r1", "a", "patients", "clinic", "design", "design;plan"),
        ("2", "r1", "a", "professionals", "clinic", "evaluate", "evaluate"),
        ("3", "r2", "a", "professionals", "organization", None, "design"),
        ("4", "r2", "a", None, "clinic", "not_stated", None),
        ("5", "r3", "a", "jointly", None, None, None),
        ("6", "r4", "b", "jointly", "system", "plan", "implement"),
    ]
    names = ["activity_id", "response_id", "organization", "initiated_by", "declared_place", "declared_phase_began"]
    frame = pd.DataFrame(rows, columns=[*names, "declared_phases"]).assign(wave="w")
    facts = {
        "patients_n": [2, 1, 5, None, 3, 4],
        "professionals_n": [10, 4, 5, None, 1, None],
        "compensated": [True, False, False, None, None, True],
    }
    return ACTIVITIES.conform(frame.assign(**facts))


@pytest.fixture
def placed(activities):
    return measures.placements(activities, codes_in_force(activities, NO_SUGGESTIONS, sure_from=0.7))


def _cells(table, organization="a"):
    filled = table[(table["organization"] == organization) & (table["activities_n"] > 0)]
    return {(row.place, row.phase): row.activities_n for row in filled.itertuples()}


def test_coverage_by_phases_present(placed):
    table = measures.coverage(placed, basis="present")
    assert len(table) == 2 * 16
    assert _cells(table) == {
        ("clinic", "design"): 1,
        ("clinic", "plan"): 1,
        ("clinic", "evaluate"): 1,
        ("organization", "design"): 1,
    }
    # the phase where it began is also a phase in which it is present
    assert _cells(table, "b") == {("system", "plan"): 1, ("system", "implement"): 1}


def test_coverage_by_where_collaboration_began_counts_each_activity_once(placed):
    table = measures.coverage(placed, basis="began")
    assert _cells(table) == {("clinic", "design"): 1, ("clinic", "evaluate"): 1, ("organization", "design"): 1}
    assert table["activities_n"].sum() == 4


def test_the_earliest_phase_present_is_where_it_began_if_nothing_else_is_said(placed):
    assert placed.set_index("activity_id").loc["3", "phase_began"] == "design"


def test_phase_profile_and_its_shares(placed):
    profile = measures.phase_profile(placed).set_index(["organization", "phase"])
    assert profile.loc[("a", "design"), "activities_n"] == 2
    assert profile.loc[("a", "design"), "share"] == pytest.approx(2 / 3)
    assert profile.loc[("b", "plan"), "share"] == 1


def test_coding_states_add_up_to_all_activities(placed):
    state = measures.coding_state(placed).set_index(["organization", "state"])["activities_n"]
    assert state["a"].to_dict() == {
        "placed_by_respondent": 3,
        "placed_by_suggestion": 0,
        "not_stated": 1,
        "not_yet_coded": 1,
    }


def test_initiation_by_place_and_overall(placed):
    table = measures.initiation(placed).set_index(["organization", "place", "initiated_by"])["activities_n"]
    assert table[("a", "all", "professionals")] == 2
    assert table[("a", "clinic", "patients")] == 1
    assert table[("a", "clinic", "not_stated")] == 1
    assert table[("a", "all", "jointly")] == 1
    assert table["a"]["system"].sum() == 0


def test_parity_facts(activities):
    facts = measures.parity_facts(activities).set_index(["organization", "fact"])
    assert facts.loc[("a", "compensated"), ["yes_n", "no_n", "unknown_n"]].tolist() == [1, 2, 2]
    # as many patients as professionals: activities 3 (5 of each) and 5 (3 and 1), not 1 and 2
    assert facts.loc[("a", "even_numbers"), ["yes_n", "no_n", "unknown_n"]].tolist() == [2, 2, 1]
    assert facts.loc[("a", "not_alone"), ["yes_n", "no_n", "unknown_n"]].tolist() == [3, 1, 1]
    # both of b's answers on numbers: 4 patients are known, the professionals are not
    assert facts.loc[("b", "even_numbers"), "unknown_n"] == 1
    assert facts.loc[("b", "not_alone"), "yes_n"] == 1


def test_a_respondent_counts_once_however_many_statements_they_rate():
    # r1 answers 4 and 2 on numbers (own mean 3), r2 answers 1, r3 skips: the mean of persons is (3 + 1) / 2 = 2
    rows = [("r1", "q1", 4, None), ("r1", "q2", 2, None), ("r2", "q1", 1, None), ("r3", "q1", None, "skipped")]
    frame = pd.DataFrame(rows, columns=["response_id", "item", "score", "missing"])
    frame = frame.assign(wave="w", organization="a", role="patient", leaf="numbers", scale_low=1, scale_high=4)
    [row] = measures.parity_ratings(RATINGS.conform(frame)).to_dict("records")
    assert (row["mean"], row["respondents_n"], row["missing_n"]) == (2, 2, 1)


def test_scales_of_different_range_stay_apart():
    frame = pd.DataFrame({"response_id": ["r1", "r2"], "item": "q", "score": [4, 4], "scale_high": [4, 10]})
    frame = frame.assign(wave="w", organization="a", role="patient", leaf="numbers", scale_low=1)
    assert len(measures.parity_ratings(RATINGS.conform(frame))) == 2


def test_one_more_activity_in_an_empty_cell_raises_the_cells_reached_by_one(activities):
    def reached(table):
        placed = measures.placements(table, codes_in_force(table, NO_SUGGESTIONS, sure_from=0.7))
        coverage = measures.coverage(placed, basis="present")
        return int((coverage.loc[coverage["organization"] == "a", "activities_n"] > 0).sum())

    more = activities.iloc[[0]].assign(activity_id="7", declared_place="system", declared_phases="design")
    assert reached(pd.concat([activities, more], ignore_index=True)) == reached(activities) + 1


def test_the_order_of_rows_never_matters_and_nothing_is_changed(activities):
    before = activities.copy()

    def measure(table):
        placed = measures.placements(table, codes_in_force(table, NO_SUGGESTIONS, sure_from=0.7))
        return measures.coverage(placed).sort_values(["organization", "place", "phase"], ignore_index=True)

    assert_frame_equal(measure(activities), measure(activities.sample(frac=1, random_state=1)))
    assert_frame_equal(activities, before)


def test_a_sure_suggestion_fills_what_the_respondent_left_open_and_never_more(activities):
    suggestions = pd.DataFrame(
        [
            ("5", "place", "system", pd.NA, 0.9, 0, 4),
            ("5", "phase_began", "plan", pd.NA, 0.5, 0, 4),
            ("1", "place", "system", pd.NA, 1.0, 0, 4),
        ],
        columns=list(SUGGESTION_COLUMNS),
    ).astype(SUGGESTION_COLUMNS)
    codes = codes_in_force(activities, suggestions, sure_from=0.7)
    placed = measures.placements(activities, codes).set_index("activity_id")
    assert placed.loc["5", ["place", "phase_began"]].tolist() == ["system", measures.NOT_YET_CODED]
    assert placed.loc["1", "place"] == "clinic"


def test_phrases_that_tell_of_a_need_are_counted_as_whole_words_once_an_activity(activities):
    activities["description"] = pd.array(
        [
            "We had no time, and there was no time for training.",  # time, and the excuse; once each
            "They didn't have the money. Ont om tid.",  # in either language
            "A sometime colleague's notimetable",  # no whole words
            "Eldsjälarna slutade; motstånd mot förändring.",  # a cue that ends in * and one that does not
            "Antibiotic resistance and the culture of the area.",  # other senses
            None,
        ],
        dtype="string",
    )
    table = measures.need_phrases(activities)
    found = table[table["activities_n"] > 0].set_index(["organization", "need"])["activities_n"].to_dict()
    assert found == {
        ("a", "time"): 2,
        ("a", "no_time_or_money"): 1,
        ("a", "supportive_systems"): 1,
        ("a", "culture_change"): 1,
    }
    assert len(table) == 2 * 7
