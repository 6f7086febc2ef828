"""What the settling bench answers a browser: what coders gave side by side, and every decision kept once."""

import json

import pandas as pd
import pytest

from ppp.bench import SettlingBench
from ppp.coding.compare import differences, units
from ppp.study import open_study


@pytest.fixture
def differing(coded):
    """Anna and Bo differ on the place of the first activity, on its Parity, and on the phase of the second."""
    study = open_study(coded.folder)
    one, two = study.activities()["activity_id"][:2]
    anna, bo = study.desk("anna"), study.desk("bo")
    anna.code(one, place="clinic", phase_began="plan", parity={"numbers": "barrier"}, memo="one ward")
    bo.code(one, place="organization", phase_began="plan", parity={})
    anna.code(two, place="clinic", phase_began="plan")
    bo.code(two, place="clinic", phase_began="design")
    return coded, one, two


@pytest.fixture
def open_meeting(differing, browse):
    """A settling bench in that study, asked by a browser."""
    return lambda: browse(SettlingBench(open_study(differing[0].folder).meeting()))


def consensus(study):
    return pd.read_csv(study.folder / "codings" / "consensus.csv", dtype=str, keep_default_na=False)


def test_what_each_gave_stands_side_by_side(differing, open_meeting):
    _, one, two = differing
    sent = open_meeting().ask(ask="everything")
    assert {item["id"] for item in sent["items"]} == {f"{one}|place", f"{one}|parity", f"{two}|phase_began"}
    given = {item["id"]: item["given"] for item in sent["items"]}
    assert given[f"{one}|place"] == [
        {"coder": "anna", "codes": [["clinic", None]], "memo": "one ward", "marks": []},
        {"coder": "bo", "codes": [["organization", None]], "memo": "", "marks": []},
    ]
    assert [person["codes"] for person in given[f"{one}|parity"]] == [[["numbers", "barrier"]], []]


def test_a_decision_is_kept_once_and_can_be_taken_back(differing, open_meeting):
    study, one, _ = differing
    wanted = {"do": "settle", "activity": one, "dimension": "place", "codes": [["clinic", None]], "kind": "slip"}
    assert open_meeting().step("s1", **wanted)["written"] == 1
    again = open_meeting()
    assert again.step("s1", **wanted)["written"] == 0
    assert again.bench._meeting.settled()["code"].tolist() == ["clinic"]
    assert len(consensus(study)) == 1
    opened = open_study(study.folder)
    assert "place" not in set(differences(opened.codings(), consensus=opened.consensus())["dimension"])
    # Taken back, it is a difference again, and nothing of it is left in what counts "after".
    answer = again.step("s2", do="undo")
    assert answer["undone"] == f"{one}|place"
    assert again.step("s3", do="undo")["written"] == 0
    opened = open_study(study.folder)
    assert "place" in set(differences(opened.codings(), consensus=opened.consensus())["dimension"])
    after = units(opened.codings(), "place", consensus=opened.consensus(), when="after")
    assert set(after.loc[after["unit"] == one, "value"]) == {frozenset({"clinic"}), frozenset({"organization"})}


def test_no_evidence_and_both_can_be_settled_on(differing, open_meeting):
    _, one, two = differing
    browser = open_meeting()
    browser.step("s1", do="settle", activity=one, dimension="parity", codes=[], kind="true_edge", why="Not said.")
    codes = [["plan", None], ["design", None]]
    browser.step("s2", do="settle", activity=two, dimension="phase_began", codes=codes, kind="true_edge", why="Both.")
    told = open_meeting().ask(ask="everything")["states"]
    assert told[f"{one}|parity"]["codes"] == []
    assert told[f"{one}|parity"]["why"] == "Not said."
    assert told[f"{two}|phase_began"]["codes"] == codes


def test_without_a_reason_or_a_code_nothing_is_kept(differing, open_meeting):
    study, one, _ = differing
    browser = open_meeting()
    place = {"do": "settle", "activity": one, "dimension": "place"}
    for name, wrong in (
        ("s1", {"codes": [["clinic", None]], "kind": "true_edge", "why": " "}),
        ("s2", {"codes": [], "kind": "slip"}),
        ("s3", {"codes": [["clinic", None]], "kind": "whim"}),
        ("s4", {"codes": [["clinik", None]], "kind": "slip"}),
    ):
        assert browser.step(name, **place, **wrong)["say"] == "refused"
    assert not (study.folder / "codings" / "consensus.csv").exists()


def test_what_people_wrote_never_becomes_part_of_the_notebook(open_meeting):
    browser = open_meeting()
    browser.ask(ask="everything")
    assert "HEMLIG" in json.dumps(browser.heard)
    assert "HEMLIG" not in json.dumps(browser.bench.get_state(), default=str)
