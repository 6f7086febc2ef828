"""What is said from released tables: gap, change, benchmark, indicators, signals and strands, on studies made by hand."""

import numpy as np
import pandas as pd
import pytest

from ppp import measures
from ppp.coding import codes_in_force
from ppp.coding.suggest import SUGGESTION_COLUMNS
from ppp.disclosure import derive, derived, people, release
from ppp.framework import indicators, progress
from ppp.tables import ACTIVITIES, RATINGS, RESPONSES

NO_SUGGESTIONS = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in SUGGESTION_COLUMNS.items()})


def _derived(activities=(), ratings=(), *, groups=None, waves=("1", "2")):
    """All released tables; activities as (organization, wave, place, began, initiated_by, compensated, patients,
    professionals), ratings as (organization, wave, role, leaf, scores)."""
    names = ["organization", "wave", "declared_place", "declared_phase_began", "initiated_by", "compensated"]
    table = pd.DataFrame(list(activities), columns=[*names, "patients_n", "professionals_n"])
    table["activity_id"] = table["response_id"] = [f"{n}" for n in range(len(table))]
    table = ACTIVITIES.conform(table)
    codes = codes_in_force(table, NO_SUGGESTIONS, sure_from=0.7)
    placed = measures.placements(table, codes)
    rows = [
        (f"{wave}/{organization}/{role}{n}", organization, wave, role, leaf, score)
        for organization, wave, role, leaf, scores in ratings
        for n, score in enumerate(scores)
    ]
    rated = pd.DataFrame(rows, columns=["response_id", "organization", "wave", "role", "leaf", "score"])
    rated = RATINGS.conform(rated.assign(item=rated["leaf"], scale_low=1, scale_high=4))
    responses = RESPONSES.conform(rated[["response_id", "organization", "wave", "role"]].drop_duplicates())
    bases = [measures.coverage(placed, basis=basis).assign(basis=basis) for basis in ("began", "present")]
    first = release(
        {
            "coverage": pd.concat(bases, ignore_index=True),
            "phase_profile": measures.phase_profile(placed),
            "initiation": measures.initiation(placed),
            "coding_state": measures.coding_state(placed),
            "formulation": measures.formulation(placed),
            "coded_evidence": measures.coded_evidence(table, codes),
            "parity_facts": measures.parity_facts(table),
            "seats": measures.seats(table),
            "parity_ratings": measures.parity_ratings(rated),
            "response_counts": measures.response_counts(responses),
        },
        threshold=5,
        by_respondents=False,
    )
    return derive(first, waves=list(waves), groups=groups or {})


def _signals(activities, wave="2"):
    table = _derived(activities)["signals"]
    table = table[(table["organization"] == "a") & (table["wave"] == wave)]
    return table.set_index("signal")["state"].to_dict()


def _activity(place="clinic", began="design", by="jointly", paid=True, patients=2, professionals=2, wave="2"):
    return ("a", wave, place, began, by, paid, patients, professionals)


def test_a_broad_partnership_raises_no_signal():
    kinds = [("clinic", "design"), ("clinic", "plan"), ("organization", "design"), ("system", "plan")] * 2
    found = _signals([_activity(place, began) for place, began in kinds])
    assert set(found.values()) <= {"not_raised", "cannot_say"}
    assert found["only_in_evaluate"] == "not_raised"


@pytest.mark.parametrize(
    ("signal", "activities"),
    [
        ("only_in_evaluate", [_activity(began="evaluate")] * 2),
        ("alone_among_many", [_activity()] * 4 + [_activity(patients=1, professionals=9)]),
        ("unpaid_while_others_are_paid", [_activity(paid=False), _activity(paid=True)]),
        ("added_late", [_activity(began="implement", by="professionals")] * 2 + [_activity(by="professionals")]),
        ("front_line_not_governance", [_activity("direct_care"), _activity("clinic")]),
        ("asked_again", [_activity(began="evaluate", wave="1"), _activity(began="evaluate", wave="2")]),
    ],
)
def test_each_signal_is_raised_by_its_rule(signal, activities):
    assert _signals(activities)[signal] == "raised"


@pytest.mark.parametrize(
    ("signal", "activities"),
    [
        ("only_in_evaluate", [_activity(began="evaluate")] * 2 + [_activity(began="plan")]),
        ("only_in_evaluate", [_activity(began="evaluate")]),
        ("alone_among_many", [_activity(patients=1, professionals=1)] * 5),
        ("unpaid_while_others_are_paid", [_activity(paid=False)] * 3),
        ("added_late", [_activity(began="implement", by="professionals")] + [_activity(by="professionals")] * 2),
        ("front_line_not_governance", [_activity()] * 2 + [_activity("organization", "design")]),
        ("asked_again", [_activity(began="evaluate", wave="1"), _activity("system", "evaluate", wave="2")]),
        (
            "asked_again",
            [_activity(began="evaluate", wave="1"), _activity(began="evaluate"), _activity(began="design")],
        ),
    ],
)
def test_what_just_misses_a_rule_raises_nothing(signal, activities):
    assert _signals(activities)[signal] == "not_raised"


def test_an_empty_cell_says_nothing_while_most_activities_are_not_placed():
    found = _signals([_activity()] * 2 + [_activity(None, None)] * 5)
    assert found["front_line_not_governance"] == "cannot_say"
    assert found["only_in_evaluate"] == "cannot_say"


def test_isolation_is_not_told_from_few_activities():
    assert _signals([_activity(patients=1, professionals=9)] * 4)["alone_among_many"] == "cannot_say"


def test_rated_fair_but_one_of_six_paid():
    activities = [_activity(paid=n == 0) for n in range(6)]
    scores = [4, 4, 3, 4, 3] * 6
    other = [1, 2, 2, 1, 2] * 6
    table = _derived(
        activities, [("a", "2", "patient", "compensation", scores), ("a", "2", "professional", "compensation", other)]
    )["strands"]
    row = table[table["role"] == "patient"].iloc[0]
    assert (row["yes_n"], row["known_n"], row["statement"]) == (1, 6, "ratings_above_facts")
    assert table[table["role"] == "professional"]["statement"].tolist() == ["no_disagreement"]


def test_a_gap_and_a_change_are_clear_only_where_their_intervals_leave_zero_out():
    low, high = [1, 2, 1, 2, 2] * 8, [4, 3, 4, 3, 3] * 8
    tables = _derived(
        [],
        [
            ("a", "1", "patient", "numbers", low),
            ("a", "2", "patient", "numbers", high),
            ("a", "2", "professional", "numbers", low),
            ("b", "2", "patient", "numbers", low),
            ("b", "2", "professional", "numbers", low[:4]),
        ],
    )
    gaps = tables["parity_gap"].set_index(["organization", "wave"])
    assert gaps.loc[("a", "2"), "statement"] == "patients_higher"
    assert gaps.loc[("a", "2"), "p_low"] > 0.5
    assert gaps.loc[("b", "2"), "statement"] == "cannot_say"
    assert pd.isna(gaps.loc[("b", "2"), "gap"])
    changes = tables["change"]
    assert changes[["organization", "role", "statement"]].values.tolist() == [["a", "patient", "higher"]]


def test_the_released_interval_holds_the_true_gap_at_least_as_often_as_it_says():
    rng = np.random.default_rng(5)
    rows, truth = [], {}
    for at in range(400):
        # scores of four steps; patients' chances differ from professionals' by as much as chance has it
        means = []
        for role in ("patient", "professional"):
            mass = rng.dirichlet([4, 6, 6, 4])
            means.append(mass @ [1, 2, 3, 4])
            scores = rng.choice([1, 2, 3, 4], int(rng.integers(5, 30)), p=mass)
            rows += [(f"o{at}", role, f"{at}{role}{n}", float(score)) for n, score in enumerate(scores)]
        truth[f"o{at}"] = means[0] - means[1]
    frame = pd.DataFrame(rows, columns=["organization", "role", "response_id", "score"])
    frame = RATINGS.conform(frame.assign(wave="w", leaf="numbers", item="q", scale_low=1, scale_high=4))
    gaps = derived.parity_gap(people.ratings(measures.parity_ratings(frame), 5))
    gaps = gaps[gaps["state"] == "shown"]
    true = gaps["organization"].map(truth)
    assert len(gaps) > 380
    assert ((gaps["low"] <= true) & (true <= gaps["high"])).mean() >= 0.95


def test_a_benchmark_ranks_nobody_and_draws_the_small_in():
    names = [f"o{n}" for n in range(6)]
    rows = [(name, "1", "patient", "numbers", [2, 3, 2, 3, 2] * 9) for name in names[:5]]
    rows.append(("o5", "1", "patient", "numbers", [4, 4, 4, 4, 3]))
    table = _derived([], rows, groups=dict.fromkeys(names, "g"))["benchmark"]
    table = table[table["measure"] == "mean_rating"].set_index("organization")
    assert (table["organizations_n"] == 6).all()
    small = table.loc["o5"]
    assert abs(small["pooled"] - small["centre"]) < abs(small["own"] - small["centre"])
    assert not {"rank", "peer", "organization_name"} & set(table.columns)
    few = _derived([], rows[:4], groups=dict.fromkeys(names, "g"))["benchmark"]
    assert (few["state"] == "cannot_say").all()
    assert few["own"].isna().all()


def test_every_shift_and_need_has_an_indicator_or_a_reason_for_none():
    known = {one.id for one in (*progress().shifts, *progress().needs)}
    book = indicators()
    told = {name for one in book.indicators for name in one.speaks_of} | {one.id for one in book.not_measured}
    assert told == known
    assert all(one.question[language].endswith("?") for one in book.signals for language in ("en", "sv"))


def test_indicators_are_sums_of_what_is_shown():
    activities = [
        _activity("system", "design", "patients", True),
        _activity("clinic", "evaluate", "professionals", False),
    ]
    table = _derived(activities)["indicators"]
    values = table[table["organization"] == "a"].set_index("indicator")
    assert values.loc["begins_in_design", "value"] == 0.5
    assert values.loc["initiated_with_patients", "value"] == 0.5
    assert values.loc["system_level", "value"] == 1
    assert values.loc["places_reached", "value"] == 2
    assert values.loc["compensated", ["n", "of_n", "value"]].tolist() == [1, 2, 0.5]
    assert values.loc["power_balance_gap", "state"] == "cannot_say"
    assert set(table["indicator"]) == {one.id for one in indicators().indicators}


def _waves(rng, n, *, alike):
    """Ratings of n persons in 60 organizations, twice; the second time `alike` as the first, or as strangers."""
    rows = []
    for at in range(60):
        shift = rng.choice([0.0, 0.3])
        for person in range(n):
            first = rng.normal(2.5, 0.8)
            second = (first if alike else rng.normal(2.5, 0.8)) + shift + rng.normal(0, 0.3)
            for wave, score in (("1", first), ("2", second)):
                rows.append((f"o{at}", wave, f"{wave}/x/{at}-{person}", float(np.clip(round(score), 1, 4))))
    frame = pd.DataFrame(rows, columns=["organization", "wave", "response_id", "score"])
    return RATINGS.conform(frame.assign(role="patient", leaf="numbers", item="q", scale_low=1, scale_high=4))


def test_change_is_told_more_surely_where_persons_answered_twice():
    ratings = _waves(np.random.default_rng(2), 22, alike=True)
    means = people.ratings(measures.parity_ratings(ratings), 5)
    pairs = people.pairs(measures.matched_pairs(ratings, ["1", "2"]), 5)
    matched, unmatched = derived.change(means, ["1", "2"], pairs), derived.change(means, ["1", "2"])
    assert (matched["design"] == "matched").all()
    assert (unmatched["design"] == "unmatched").all()
    assert (matched["high"] - matched["low"] < unmatched["high"] - unmatched["low"] - 0.1).all()
    exact = measures.change(ratings, ["1", "2"], matched=True)
    both = matched.merge(exact, on=["organization"], suffixes=("", "_exact"))
    assert ((both["low"] <= both["change_exact"]) & (both["change_exact"] <= both["high"])).all()
    # not narrower than the interval that the persons' own differences give
    assert ((both["high"] - both["low"]) >= (both["high_exact"] - both["low_exact"])).mean() > 0.95


def test_strangers_under_the_same_ids_gain_nothing():
    ratings = _waves(np.random.default_rng(3), 22, alike=False)
    pairs = people.pairs(measures.matched_pairs(ratings, ["1", "2"]), 5)
    assert (pairs["common_r"] <= 0.1).all()


def test_pairs_in_another_band_than_the_waves_are_not_compared_with_themselves():
    ratings = _waves(np.random.default_rng(4), 22, alike=True)
    gone = ratings["response_id"].str.match(r"2/x/\d+-[0-3]$")
    ratings.loc[gone, "response_id"] = ratings["response_id"] + "new"
    pairs = people.pairs(measures.matched_pairs(ratings, ["1", "2"]), 5)
    table = derived.change(people.ratings(measures.parity_ratings(ratings), 5), ["1", "2"], pairs)
    assert (table["design"] == "unmatched").all()


def test_nobody_is_added_late_where_professionals_began_nothing():
    assert _signals([_activity(by="patients")] * 3)["added_late"] == "not_raised"
    assert _signals([_activity(None, None, by="professionals")] * 3)["added_late"] == "cannot_say"


def test_asked_again_needs_both_rounds_to_be_placed():
    now = [_activity(began="evaluate", wave="2")] * 3
    assert _signals([_activity(began="evaluate", wave="1"), *now])["asked_again"] == "raised"
    unplaced = [_activity(None, None, wave="1")] * 3
    assert _signals([_activity(began="evaluate", wave="1"), *unplaced, *now])["asked_again"] == "cannot_say"


def _counted(*rows):
    """Released response counts: (wave, role, from), withheld where that is missing; bands of five."""
    frame = pd.DataFrame(rows, columns=["wave", "role", "respondents_from"]).astype({"respondents_from": "Int64"})
    shown = frame["respondents_from"].notna()
    state = pd.Series("withheld", index=frame.index).mask(shown, "shown")
    return frame.assign(organization="a", respondents_to=frame["respondents_from"] + 4, state=state)


@pytest.mark.parametrize(
    ("rows", "changed"),
    [
        # a few others who came and went do not make it another round
        ([("1", "patient", 20), ("1", "other", None), ("2", "patient", 20)], False),
        ([("1", "patient", 20), ("1", "professional", 5), ("2", "patient", 5), ("2", "professional", 20)], True),
        ([("1", "patient", 20), ("2", "professional", 20)], True),
        ([("1", "patient", None), ("1", "professional", None), ("2", "patient", 5)], None),
    ],
)
def test_who_answered_is_told_from_bands(rows, changed):
    [row] = derived.who_answered(_counted(*rows), ["1", "2"]).to_dict("records")
    assert (None if pd.isna(row["has_changed"]) else row["has_changed"]) == changed


def test_the_chance_to_rate_higher_comes_near_the_ordinal_one_for_answers_of_four_steps():
    rng = np.random.default_rng(8)
    rows = []
    for at in range(60):
        for role in ("patient", "professional"):
            for n, score in enumerate(rng.choice([1, 2, 3, 4], 40, p=rng.dirichlet([4, 6, 6, 4]))):
                rows.append((f"o{at}", role, f"{at}{role}{n}", float(score)))
    frame = pd.DataFrame(rows, columns=["organization", "role", "response_id", "score"])
    frame = RATINGS.conform(frame.assign(wave="w", leaf="numbers", item="q", scale_low=1, scale_high=4))
    ours = derived.parity_gap(people.ratings(measures.parity_ratings(frame), 5)).set_index("organization")["p_superior"]
    ordinal = measures.parity_gap(frame).set_index("organization")["p_superior"]
    apart = (ours - ordinal).abs()
    assert apart.mean() < 0.03
    assert apart.max() < 0.1


def test_a_group_of_two_is_told_nothing_of_each_other():
    activities = [_activity(), _activity("system", "plan")]
    activities.append(("b", *activities[0][1:]))
    assert _derived(activities, groups={"a": "g", "b": "g"})["group_coverage"].empty
    activities.append(("c", *activities[1][1:]))
    table = _derived(activities, groups=dict.fromkeys("abc", "g"))["group_coverage"]
    told = table[table["organizations_n"] > 0].set_index(["organization", "place", "phase"])["organizations_n"]
    assert told["a"].to_dict() == {("clinic", "design"): 2, ("system", "plan"): 2}
    assert (table["of_n"] == 3).all()
