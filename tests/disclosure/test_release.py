"""What leaves, and what does not."""

import pandas as pd
import pytest

from ppp import measures
from ppp.coding import codes_in_force
from ppp.coding.suggest import SUGGESTION_COLUMNS
from ppp.disclosure import RELEASED, counts, people, release
from ppp.disclosure.partition import records
from ppp.tables import ACTIVITIES, RATINGS, RESPONSES

NO_SUGGESTIONS = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in SUGGESTION_COLUMNS.items()})


def _measures(activities=(), ratings=(), responses=()):
    """Measures of small tables; activities as (reporter, place, phase, compensated, patients, professionals)."""
    columns = ["response_id", "declared_place", "declared_phase_began", "compensated", "patients_n", "professionals_n"]
    table = pd.DataFrame(list(activities), columns=columns).assign(wave="w", organization="a")
    table = ACTIVITIES.conform(table.assign(activity_id=[str(n) for n in range(len(table))]))
    placed = measures.placements(table, codes_in_force(table, NO_SUGGESTIONS, sure_from=0.7))
    coverage = [measures.coverage(placed, basis=basis).assign(basis=basis) for basis in ("began", "present")]
    rated = pd.DataFrame(list(ratings), columns=["response_id", "role", "score"])
    rated = rated.assign(wave="w", organization="a", leaf="numbers", item="q", scale_low=1, scale_high=4)
    answered = pd.DataFrame(list(responses), columns=["response_id", "role"]).assign(wave="w", organization="a")
    return {
        "coverage": pd.concat(coverage, ignore_index=True),
        "phase_profile": measures.phase_profile(placed),
        "initiation": measures.initiation(placed),
        "coding_state": measures.coding_state(placed),
        "parity_facts": measures.parity_facts(table),
        "parity_ratings": measures.parity_ratings(RATINGS.conform(rated)),
        "response_counts": measures.response_counts(RESPONSES.conform(answered)),
    }


def _release(by_respondents=False, threshold=5, **tables):
    return release(_measures(**tables), threshold=threshold, by_respondents=by_respondents)


def test_means_of_fewer_people_than_the_threshold_are_withheld():
    people = [(f"p{n}", "patient", 1 + n % 4) for n in range(4)] + [
        (f"q{n}", "professional", 1 + n % 4) for n in range(5)
    ]
    table = _release(ratings=people)["parity_ratings"].set_index("role")
    assert table.loc["patient", "state"] == "withheld"
    assert table.loc["patient", ["mean", "respondents_from", "respondents_to"]].isna().all()
    assert table.loc["professional", "state"] == "shown"
    assert (table.loc["professional", "respondents_from"], table.loc["professional", "respondents_to"]) == (5, 9)


def test_a_mean_that_tells_what_each_one_said_is_withheld():
    table = _release(ratings=[(f"p{n}", "patient", 4) for n in range(9)])["parity_ratings"]
    assert table["state"].tolist() == ["withheld"]


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_numbers_of_people_leave_only_in_bands_as_wide_as_the_threshold(threshold):
    for n in (1, threshold - 1, threshold, 2 * threshold - 1, 2 * threshold, 3 * threshold + 1):
        [row] = _release(threshold=threshold, responses=[(f"p{i}", "patient") for i in range(n)])[
            "response_counts"
        ].to_dict("records")
        if n < threshold:
            assert row["state"] == "withheld"
            assert pd.isna(row["respondents_from"])
        else:
            assert row["respondents_from"] <= n <= row["respondents_to"]
            assert row["respondents_to"] - row["respondents_from"] == threshold - 1


def test_activities_are_facts_about_the_organization_and_are_counted():
    table = _release(activities=[("r1", "clinic", "design", True, 2, 10)])["coverage"]
    row = table[(table["basis"] == "began") & (table["activities_n"] > 0)].iloc[0]
    assert (row["place"], row["phase"], row["state"]) == ("clinic", "design", "shown")


def test_facts_that_count_people_inside_an_activity_need_several_activities():
    few = _release(activities=[(f"r{n}", "clinic", "design", True, 2, 10) for n in range(4)])["parity_facts"]
    state = few.set_index("fact")["state"]
    assert state["even_numbers"] == "withheld"
    assert state["not_alone"] == "withheld"
    assert state["compensated"] == "shown"
    many = _release(activities=[(f"r{n}", "clinic", "design", True, 2, 10) for n in range(5)])["parity_facts"]
    assert many.set_index("fact").loc["even_numbers", ["yes_n", "no_n", "state"]].tolist() == [0, 5, "shown"]


def test_where_individuals_report_few_reporters_say_some_and_no_total_gives_them_away():
    activities = [(f"r{n}", "clinic", "design", True, 2, 2) for n in range(6)]
    activities += [("r0", "clinic", "evaluate", False, 2, 2), ("r1", "system", "evaluate", False, 2, 2)]
    released = _release(by_respondents=True, activities=activities)
    cells = released["coverage"].set_index(["basis", "place", "phase"])
    assert cells.loc[("began", "clinic", "design"), "activities_n"] == 6
    assert cells.loc[("began", "clinic", "evaluate"), "state"] == "some"
    assert pd.isna(cells.loc[("began", "clinic", "evaluate"), "activities_n"])
    assert cells.loc[("began", "clinic", "plan"), "state"] == "none"
    profile = released["phase_profile"].set_index("phase")
    assert profile.loc["evaluate", "state"] == "some"
    assert profile["share"].isna().all(), "shares would give the hidden count"
    assert released["coding_state"].set_index("coding").loc["placed_by_respondent", "state"] == "some"
    assert (released["initiation"].query("place == 'all' and activities_n != 0")["state"] == "some").all()
    assert released["parity_facts"].set_index("fact").loc["compensated", "state"] == "withheld"


def test_nothing_but_the_listed_columns_gets_into_a_partition():
    released = _release(activities=[("r1", "clinic", "design", True, 2, 10)], ratings=[("p", "patient", 1)])
    for name, table in released.items():
        for record in records(name, table.assign(response_id="r1", description="words")):
            assert list(record) == list(RELEASED[name])


def test_a_hidden_table_shows_what_its_shown_cells_add_up_to_and_nothing_more():
    activities = [(f"r{n}", "clinic", "design", True, 2, 2) for n in range(6)]
    activities.append(("r0", "system", "evaluate", False, 2, 2))
    released = _release(by_respondents=True, activities=activities)
    profile = released["phase_profile"].set_index("phase")
    assert profile["state"].to_dict() == {"design": "shown", "plan": "none", "implement": "none", "evaluate": "some"}
    assert profile.loc["design", "activities_n"] == 6
    who = released["initiation"].set_index(["place", "initiated_by"])
    assert who.loc[("clinic", "not_stated"), ["state", "activities_n"]].tolist() == ["shown", 6]
    assert who.loc[("system", "not_stated"), "state"] == "some"
    assert who.loc[("all", "not_stated"), "state"] == "some"
    assert released["coding_state"].set_index("coding").loc["placed_by_respondent", "state"] == "some"
    # where something stands outside the matrix, a phase may hold more than its cells do
    outside = _release(by_respondents=True, activities=[*activities, ("r1", None, None, None, 2, 2)])
    assert outside["phase_profile"].set_index("phase").loc["design", "state"] == "some"
    assert outside["phase_profile"]["activities_n"].max() == 0


def test_seats_of_few_activities_are_withheld():
    few, many = ([(f"r{n}", "clinic", "design", True, 1, 4) for n in range(size)] for size in (4, 5))
    told = [measures.seats(_table(rows)) for rows in (few, many)]
    hidden, shown = (counts.seats(table, 5, False).iloc[0] for table in told)
    assert (hidden["state"], shown["state"]) == ("withheld", "shown")
    assert pd.isna(hidden[["activities_n", "alone_n", "ratio_band"]].astype(object)).all()
    assert shown[["activities_n", "alone_n", "ratio_band"]].tolist() == [5, 5, "quarter_to_half"]
    assert counts.seats(told[1], 5, True).iloc[0]["state"] == "withheld"


@pytest.mark.parametrize(("n", "products", "r"), [(52, 77.0, 0.7), (52, -30.0, 0.0), (49, 77.0, 0.0), (50, 80.0, 0.8)])
def test_the_common_correlation_of_those_who_answered_twice(n, products, r):
    """77 / √(100 · 100) = 0.77, rounded down; from 50 pairs by their band, and never below zero."""
    row = {"organization": "a", "leaf": "numbers", "role": "patient", "scale_low": 1.0, "scale_high": 4.0}
    row |= {"pairs_n": n, "squares_before": 100.0, "squares_after": 100.0, "products": products}
    [found] = people.pairs(pd.DataFrame([row]), 5).to_dict("records")
    assert found["common_r"] == pytest.approx(r)
    assert (found["pairs_from"], found["pairs_to"]) == (n // 5 * 5, n // 5 * 5 + 4)


def _table(activities):
    columns = ["response_id", "declared_place", "declared_phase_began", "compensated", "patients_n", "professionals_n"]
    table = pd.DataFrame(activities, columns=columns).assign(wave="w", organization="a")
    return ACTIVITIES.conform(table.assign(activity_id=[str(n) for n in range(len(table))]))
