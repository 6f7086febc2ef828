"""Coding in a study: desks that see only their own, and codes that count by who stands behind them."""

import pandas as pd
import pytest

from ppp import measures
from ppp.coding import codes_in_force
from ppp.coding.codes import coder_codes
from ppp.coding.suggest import SUGGESTION_COLUMNS
from ppp.errors import BadInput
from ppp.study import open_study
from ppp.study import prepare as prepare_study
from ppp.tables import ACTIVITIES, CODINGS, CONSENSUS


@pytest.fixture
def coded(small):
    """A small study with two coders who code everything."""
    small.settings["coders"] = ["anna", "bo"]
    small.settings["coding"] = {"overlap": 1}
    small.write()
    return small


def _ids(study):
    return study.activities()["activity_id"].tolist()


def test_a_desk_shows_own_texts_and_own_codes_and_nothing_else(coded):
    study = open_study(coded.folder)
    first = _ids(study)[0]
    study.desk("anna").code(first, place="system", phase_began="plan", parity={"numbers": "barrier"}, memo="only mine")
    anna, bo = study.desk("anna"), study.desk("bo")
    assert anna.codings()["code"].tolist() == ["system", "plan", "numbers"]
    assert bo.codings().empty
    assert bo.events().empty
    shown = bo.activities()
    assert not shown["done"].any()
    assert not [name for name in shown.columns if "declared" in name]
    assert anna.activities().set_index("activity_id").loc[first, "done"]


def test_suggestions_are_kept_from_coders_where_the_study_says_so(coded):
    coded.settings["coding"]["show_suggestions"] = False
    coded.write()
    desk = open_study(coded.folder).desk("anna")
    with pytest.raises(BadInput, match="does not show suggestions"):
        desk.suggestions()
    assert not [name for name, value in vars(desk).items() if "suggest" in name and value is not None]


def test_another_coders_activity_cannot_be_coded(coded):
    coded.settings["coding"]["overlap"] = 0
    coded.write()
    study = open_study(coded.folder)
    anna, bo = (set(study.desk(name).activities()["activity_id"]) for name in ("anna", "bo"))
    assert not anna & bo
    assert anna | bo == set(_ids(study))
    with pytest.raises(BadInput, match="not assigned"):
        study.desk("anna").code(next(iter(bo)), place="clinic")
    with pytest.raises(BadInput, match="no coder"):
        study.desk("ana")


def test_nothing_is_written_for_a_code_that_does_not_exist(coded):
    study = open_study(coded.folder)
    desk = study.desk("anna")
    for wrong in ({"place": "clinik"}, {"parity": {"numbers": "up"}}, {"confidence": 2}, {"phases": ["none"]}):
        with pytest.raises(BadInput):
            desk.code(_ids(study)[0], **wrong)
    with pytest.raises(BadInput, match="passage"):
        desk.code(_ids(study)[0], place="clinic", evidence={"clinic": (0, 10_000)})
    assert desk.events().empty


def test_coding_the_same_again_writes_nothing_and_undo_brings_back_what_was(coded):
    study = open_study(coded.folder)
    desk, first = study.desk("anna"), _ids(study)[0]
    assert desk.code(first, place="clinic", phase_began="plan") == 3
    assert desk.code(first, place="clinic", phase_began="plan") == 0
    desk.code(first, place="system")
    assert desk.codings()["code"].tolist() == ["plan", "system"]
    desk.undo()
    assert sorted(desk.codings()["code"]) == ["clinic", "plan"]


def test_coding_changes_the_placement_and_makes_the_report_out_of_date(coded):
    study = open_study(coded.folder)
    prepare_study(study)
    assert prepare_study(open_study(coded.folder)).was_fresh
    first = _ids(study)[0]
    assert study.placements().set_index("activity_id").loc[first, ["place", "origin"]].tolist() == [
        "clinic",
        "respondent",
    ]
    study.desk("anna").code(first, place="system", phase_began="plan")
    placed = study.placements().set_index("activity_id").loc[first]
    assert placed[["place", "phase_began", "origin"]].tolist() == ["system", "plan", "single_coded"]
    assert not prepare_study(open_study(coded.folder)).was_fresh


def test_names_of_coders_are_checked(coded):
    for names, told in ((["../x"], "letters"), (["Anna", "anna"], "same name")):
        coded.settings["coders"] = names
        coded.write()
        with pytest.raises(BadInput, match=told):
            open_study(coded.folder)


# -- who counts before whom ------------------------------------------------------------------------------------------------


def event(activity, coder, dimension, code, polarity=None, action="set"):
    return {
        "activity_id": activity, "coder": coder, "dimension": dimension, "code": code, "polarity": polarity,
        "created_at": "2026-01-01T00:00:00.000000Z", "action": action,
    }  # fmt: skip


def activities(**declared):
    frame = pd.DataFrame(
        {"activity_id": list("abcde"), "response_id": "r", "wave": "w", "organization": "o", **declared}
    )
    return ACTIVITIES.conform(frame)


SUGGESTED = pd.DataFrame(
    [(activity, "place", "organization", None, 0.9, 0, 4) for activity in "abcde"], columns=list(SUGGESTION_COLUMNS)
).astype(SUGGESTION_COLUMNS)


def place_of(codings=(), consensus=(), **declared):
    codes = codes_in_force(
        activities(**declared), SUGGESTED, sure_from=0.7,
        codings=CODINGS.conform(pd.DataFrame(list(codings), columns=CODINGS.names)),
        consensus=CONSENSUS.conform(pd.DataFrame(list(consensus), columns=CONSENSUS.names)),
    )  # fmt: skip
    rows = codes[codes["dimension"] == "place"]
    return {row.activity_id: (row.code, row.origin) for row in rows.itertuples()}


def test_settled_before_double_before_single_before_respondent_before_suggested():
    codings = [
        event("b", "anna", "place", "system"), event("c", "anna", "place", "system"), event("c", "bo", "place", "system"),
        event("d", "anna", "place", "system"), event("d", "bo", "place", "clinic"),
        event("e", "anna", "place", "system"), event("e", "bo", "place", "clinic"),
    ]  # fmt: skip
    found = place_of(codings, [event("e", "cia", "place", "direct_care")], declared_place=["clinic", *["clinic"] * 4])
    assert found == {
        "a": ("clinic", "respondent"),
        "b": ("system", "single_coded"),
        "c": ("system", "double_coded"),
        "d": ("clinic", "respondent"),  # they differ, and have not settled it
        "e": ("direct_care", "settled"),
    }
    found = place_of(codings)
    assert found["a"] == ("organization", "suggested")
    assert "d" not in found, "a suggestion is no umpire between two coders"


def test_on_parity_what_all_found_counts_and_silence_is_an_answer():
    codings = [
        event("a", "anna", "parity", "numbers", "barrier"), event("a", "bo", "parity", "numbers", "barrier"),
        event("a", "bo", "parity", "support", "supports"), event("a", "anna", None, None, action="done"),
        event("b", "anna", "parity", "numbers", "barrier"), event("b", "bo", None, None, action="done"),
    ]  # fmt: skip
    codes, decided, disputed = coder_codes(CODINGS.conform(pd.DataFrame(codings)), None)
    assert codes[["activity_id", "code", "origin"]].values.tolist() == [["a", "numbers", "double_coded"]]
    assert ("b", "parity") in decided
    assert len(disputed) == 0


def test_a_skipped_activity_is_not_coded_and_the_last_to_settle_counts():
    codings = [event("a", "anna", "place", "system"), event("a", "anna", None, None, action="skip")]
    assert place_of(codings)["a"] == ("organization", "suggested")
    settled = [
        event("a", "bo", "place", "clinic"), event("a", "anna", "place", "clinic", action="unset"),
        event("a", "anna", "place", "system"),
    ]  # fmt: skip
    assert place_of((), settled)["a"] == ("system", "settled")


def test_the_coding_state_tells_each_origin_and_adds_up():
    codings = [
        event(a, c, d, code)
        for a, c, d, code in [
            ("a", "anna", "place", "clinic"), ("a", "anna", "phase_began", "plan"),
            ("b", "anna", "place", "none"), ("b", "anna", "phase_began", "none"),
            ("c", "anna", "place", "clinic"), ("c", "anna", "phase_began", "plan"),
            ("c", "bo", "place", "clinic"), ("c", "bo", "phase_began", "plan"),
        ]
    ]  # fmt: skip
    settled = [event("d", "anna", "place", "system"), event("d", "anna", "phase_began", "design")]
    table = activities(declared_phase_began="plan", declared_place=[None] * 4 + ["clinic"])
    codes = codes_in_force(
        table, SUGGESTED, sure_from=0.7, codings=CODINGS.conform(pd.DataFrame(codings)),
        consensus=CONSENSUS.conform(pd.DataFrame(settled)),
    )  # fmt: skip
    state = measures.coding_state(measures.placements(table, codes)).set_index("state")["activities_n"]
    assert state[state > 0].to_dict() == {
        "settled": 1, "double_coded": 1, "single_coded": 1, "placed_by_respondent": 1, "no_partnership": 1,
    }  # fmt: skip
    assert state.sum() == 5
