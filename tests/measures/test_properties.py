"""What holds for any study: the order of rows, the names of organizations, one more activity, both groupings."""

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from ppp import measures
from ppp.coding import codes_in_force
from ppp.coding.suggest import SUGGESTION_COLUMNS
from ppp.framework import LEAVES, PHASES, PLACES
from ppp.measures.evidence import POLARITIES
from ppp.tables import ACTIVITIES, RATINGS, RESPONSES

NO_SUGGESTIONS = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in SUGGESTION_COLUMNS.items()})

_activity = st.tuples(
    st.integers(0, 5),
    st.sampled_from(["a", "b"]),
    st.sampled_from([*PLACES, "not_stated", None]),
    st.sampled_from([*PHASES, "not_stated", None]),
    st.lists(st.sampled_from(PHASES), unique=True).map(lambda found: ";".join(found) or None),
    st.sampled_from(["patients", "professionals", "jointly", None]),
    st.sampled_from([None, 0, 1, 2, 5]),
    st.sampled_from([None, 0, 1, 3, 10]),
)
_rating = st.tuples(
    st.integers(0, 9),
    st.sampled_from(["a", "b"]),
    st.sampled_from(["1", "2"]),
    st.sampled_from(["patient", "professional", "relative", None]),
    st.sampled_from([1, 2, 3, 4, None]),
)


def _activities(rows):
    names = ["who", "organization", "declared_place", "declared_phase_began", "declared_phases", "initiated_by"]
    frame = pd.DataFrame(rows, columns=[*names, "patients_n", "professionals_n"])
    frame["response_id"] = "w/" + frame["organization"] + "/" + frame["who"].astype(str)
    frame["activity_id"] = [f"{n}" for n in range(len(frame))]
    return ACTIVITIES.conform(frame.assign(wave="w"))


def _ratings(rows):
    frame = pd.DataFrame(rows, columns=["who", "organization", "wave", "role", "score"])
    frame["role"] = frame["role"].where(frame["role"].notna())
    frame["response_id"] = frame["wave"] + "/" + frame["organization"] + "/" + frame["who"].astype(str)
    frame["item"] = [f"q{n}" for n in range(len(frame))]
    roles = frame.drop_duplicates("response_id").set_index("response_id")["role"]
    frame["role"] = frame["response_id"].map(roles)
    return RATINGS.conform(frame.assign(leaf="numbers", scale_low=1, scale_high=4))


def _all(activities, ratings):
    placed = measures.placements(activities, codes_in_force(activities, NO_SUGGESTIONS, sure_from=0.7))
    responses = RESPONSES.conform(ratings[["response_id", "wave", "organization", "role"]].drop_duplicates())
    return {
        "coverage_summary": measures.coverage_summary(placed),
        "formulation": measures.formulation(placed),
        "cell_reliability": measures.cell_reliability(placed, bar=0.7),
        "seats": measures.seats(activities),
        "parity_gap": measures.parity_gap(ratings, at_least=2),
        "missing_answers": measures.missing_answers(ratings),
        "change": measures.change(ratings, ["1", "2"], at_least=2),
        "what_else_changed": measures.what_else_changed(ratings, responses, ["1", "2"]),
    }


def _sorted(table):
    keys = [name for name in table if name not in ("value",) and table[name].dtype.kind not in "fF"]
    return table.sort_values(keys, ignore_index=True)


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(st.lists(_activity, min_size=1, max_size=12), st.lists(_rating, min_size=1, max_size=40), st.randoms())
def test_the_order_of_rows_never_matters_and_nothing_is_changed(activity_rows, rating_rows, random):
    activities, ratings = _activities(activity_rows), _ratings(rating_rows)
    before = activities.copy(), ratings.copy()
    straight = _all(activities, ratings)
    seed = random.randrange(1000)
    mixed = _all(activities.sample(frac=1, random_state=seed), ratings.sample(frac=1, random_state=seed))
    for name, table in straight.items():
        assert_frame_equal(_sorted(table), _sorted(mixed[name]), check_dtype=False, obj=name)
    assert_frame_equal(activities, before[0])
    assert_frame_equal(ratings, before[1])


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(st.lists(_activity, min_size=1, max_size=12), st.lists(_rating, min_size=1, max_size=40))
def test_renaming_an_organization_changes_nothing_else(activity_rows, rating_rows):
    names = {"a": "zz", "b": "aa"}
    activities, ratings = _activities(activity_rows), _ratings(rating_rows)
    plain = _all(activities, ratings)
    renamed = _all(
        activities.assign(organization=activities["organization"].map(names).astype("string")),
        ratings.assign(organization=ratings["organization"].map(names).astype("string")),
    )
    for name, table in plain.items():
        table = table.assign(organization=table["organization"].map(names).astype("string"))
        theirs = renamed[name].assign(organization=renamed[name]["organization"].astype("string"))
        assert_frame_equal(_sorted(table), _sorted(theirs), check_dtype=False, obj=name)


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(st.lists(_activity, max_size=12), st.sampled_from(PLACES), st.sampled_from(PHASES))
def test_one_more_activity_in_an_empty_cell_raises_the_cells_reached_by_one(rows, place, phase):
    def summary(rows):
        activities = _activities(rows)
        placed = measures.placements(activities, codes_in_force(activities, NO_SUGGESTIONS, sure_from=0.7))
        table = measures.coverage_summary(placed)
        table = table[(table["organization"] == "a") & (table["counted_by"] == "activities")]
        cells = measures.coverage(placed)
        cells = cells[(cells["organization"] == "a") & (cells["place"] == place) & (cells["phase"] == phase)]
        return table.set_index("indicator")["n"].get("cells_reached", 0), int(cells["activities_n"].sum())

    before, held = summary(rows)
    after, _ = summary([*rows, (0, "a", place, phase, None, None, None, None)])
    assert after == before + (held == 0)


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(LEAVES), st.sampled_from(POLARITIES)), max_size=30))
def test_both_groupings_of_parity_have_the_same_total(rows):
    activities = _activities([(n, "a", None, None, None, None, None, None) for n in range(7)])
    codes = pd.DataFrame(rows, columns=["at", "code", "polarity"]).drop_duplicates()
    codes = codes.assign(activity_id=codes["at"].astype("string"), dimension="parity")
    evidence = measures.coded_evidence(activities, codes)
    assert evidence["activities_n"].sum() == len(codes)
    for grouping in ("text", "figure"):
        factors = measures.by_grouping(evidence, grouping, column="activities_n")
        assert factors["factor"].nunique() == 7
        assert factors["activities_n"].sum() == len(codes)


def test_a_withheld_part_makes_its_factor_missing_not_zero():
    counts = pd.DataFrame({"leaf": ["preparation", "training", "support"], "n": pd.array([pd.NA, 2, 4], dtype="Int64")})
    text = measures.by_grouping(counts, "text", column="n").set_index("factor")["n"]
    assert text.isna().sum() == 1
    assert text.dropna().tolist() == [4]


def test_coverage_summary_by_activity_and_by_respondent():
    # r0 tells of three activities that begin in Design, r1 of one in Evaluate: 3 of 4 activities, 1 of 2 respondents
    rows = [(0, "a", "clinic", "design", "design;plan;evaluate", None, None, None)] * 3
    rows.append((1, "a", "system", "evaluate", None, None, None, None))
    activities = _activities(rows)
    placed = measures.placements(activities, codes_in_force(activities, NO_SUGGESTIONS, sure_from=0.7))
    table = measures.coverage_summary(placed).set_index(["indicator", "counted_by"])["value"]
    assert table[("cells_reached", "activities")] == 4
    assert table[("places_reached", "activities")] == 2
    assert table[("phases_reached", "activities")] == 3
    assert table[("begins_in_design", "activities")] == 0.75
    assert table[("begins_in_design", "respondents")] == 0.5
    assert table[("begins_in_evaluate", "activities")] == 0.25
    assert table[("only_in_evaluate", "respondents")] == 0.5
    assert table[("thread_length", "activities")] == pytest.approx((3 * 3 + 1) / 4)
    assert table[("followed_across_phases", "activities")] == 0.75


def test_threads_are_told_of_activities_whose_phases_are_known_only():
    """The program suggests the phase in which an activity began, and no other: it says nothing of how long it went on."""
    rows = [(0, "a", "clinic", "design", "design;plan", None, None, None)]
    rows += [(n, "a", "clinic", None, None, None, None, None) for n in (1, 2, 3)]
    activities = _activities(rows)
    guess = {"confidence": 0.9, "dimension": "phase_began", "code": "evaluate"}
    suggestions = activities[["activity_id"]].iloc[1:].assign(**guess).reindex(columns=list(NO_SUGGESTIONS))
    suggestions = suggestions.astype(NO_SUGGESTIONS.dtypes.to_dict())
    placed = measures.placements(activities, codes_in_force(activities, suggestions, sure_from=0.7))
    table = measures.coverage_summary(placed).set_index(["indicator", "counted_by"])
    assert placed["phases"].tolist() == ["design;plan", "evaluate", "evaluate", "evaluate"]
    assert table.loc[("cells_reached", "activities"), "n"] == 3, "the map shows them all"
    assert table.loc[("begins_in_evaluate", "activities"), "value"] == 0.75
    assert table.loc[("thread_length", "activities"), ["n", "of_n", "value"]].tolist() == [2, 1, 2]
    assert table.loc[("followed_across_phases", "activities"), ["n", "of_n", "value"]].tolist() == [1, 1, 1]


def test_what_else_changed_sees_another_scale_and_other_people():
    ratings = _ratings([(n, "a", wave, "patient", 2) for wave in ("1", "2") for n in range(4)])
    ratings["item"] = "q"
    responses = RESPONSES.conform(ratings[["response_id", "wave", "organization", "role"]].drop_duplicates())
    same = measures.what_else_changed(ratings, responses, ["1", "2"]).set_index("what")["has_changed"]
    assert not same.any()
    ratings.loc[ratings["wave"] == "2", "scale_high"] = 5.0
    responses.loc[responses["wave"] == "2", "role"] = ["patient", "patient", "professional", "professional"]
    other = measures.what_else_changed(ratings, responses, ["1", "2"]).set_index("what")["has_changed"]
    assert other.all()


def test_other_coders_and_another_codebook_are_told():
    activities = _activities([(0, "a", "clinic", "design", None, None, None, None)] * 2)
    activities["wave"] = pd.array(["1", "2"], dtype="string")
    placed = measures.placements(activities, codes_in_force(activities, NO_SUGGESTIONS, sure_from=0.7))
    ratings = _ratings([(0, "a", wave, "patient", 2) for wave in ("1", "2")])
    responses = RESPONSES.conform(ratings[["response_id", "wave", "organization", "role"]])

    def told(codings):
        coding = measures.coding_sources(placed, "2.0", codings)
        table = measures.what_else_changed(ratings, responses, ["1", "2"], coding)
        return table.set_index("what")["has_changed"][["codebook", "coders"]].tolist()

    assert told(None) == [False, False]
    events = pd.DataFrame(
        {"activity_id": activities["activity_id"], "coder": ["anna", "bo"], "codebook_version": "1.0"}
    )
    assert told(events) == [False, True]
    assert told(events.assign(coder="anna", codebook_version=["1.0", "2.0"])) == [True, False]


def test_another_instrument_is_told_of_roles_that_answered_twice():
    rows = [(n, "a", wave, role, 2) for wave in ("1", "2") for n, role in enumerate(["patient", "patient", "relative"])]
    ratings = _ratings(rows)
    ratings["item"] = ratings["role"] + " q"
    responses = RESPONSES.conform(ratings[["response_id", "wave", "organization", "role"]].drop_duplicates())

    def changed(table):
        return (
            measures.what_else_changed(table, responses, ["1", "2"]).set_index("what").loc["instrument", "has_changed"]
        )

    assert not changed(ratings)
    # no relative answers in the second round: what only they are asked is not missed
    assert not changed(ratings[(ratings["wave"] == "1") | (ratings["role"] == "patient")])
    assert changed(ratings.assign(item=ratings["item"] + ratings["wave"]))
    assert pd.isna(changed(ratings[(ratings["wave"] == "1") == (ratings["role"] == "relative")]))
