"""The append-only files: nothing lost, nothing doubled, nothing overwritten, whatever stops in the middle."""

import csv
import multiprocessing
import string

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.coding import events as coding_events
from ppp.coding.ledger import Ledger, coder_fault, coder_ledger, read_codings
from ppp.errors import BadInput
from ppp.tables import CODINGS


def event(code="clinic", action="set", activity="a1", coder="anna", when="2026-01-01T00:00:00.000001Z", **more):
    return {
        "activity_id": activity, "coder": coder, "dimension": "place", "code": code, "codebook_version": "1.0",
        "created_at": when, "action": action, **more,
    }  # fmt: skip


def test_what_is_appended_is_read_back(tmp_path):
    ledger = coder_ledger(tmp_path, "anna")
    assert ledger.append([event(confidence=0.5, evidence_start=2, evidence_end=9)]) == []
    before = ledger.path.read_bytes()
    ledger.append([event("system", when="2")])
    assert ledger.path.read_bytes().startswith(before)
    frame, notes = ledger.read()
    assert notes == []
    assert frame["code"].tolist() == ["clinic", "system"]
    assert frame.loc[0, ["confidence", "evidence_start", "evidence_end"]].tolist() == [0.5, 2, 9]


# A cell that is empty and one that is missing are the same in a CSV file.
MEMOS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(memos=st.lists(MEMOS, min_size=1, max_size=5))
def test_any_memo_survives_on_one_line_and_no_spreadsheet_runs_it(tmp_path_factory, memos):
    ledger = Ledger(tmp_path_factory.mktemp("memo") / "anna.csv", CODINGS)
    ledger.append([event(memo=memo) for memo in memos])
    content = ledger.path.read_bytes()
    assert content.count(b"\n") == len(memos) + 1
    assert ledger.read()[0]["memo"].tolist() == memos
    for row in csv.reader(content.decode().split("\n")[1:-1]):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_line_torn_anywhere_loses_only_itself(tmp_path_factory, data):
    ledger = Ledger(tmp_path_factory.mktemp("torn") / "anna.csv", CODINGS)
    ledger.append([event("clinic", memo="first")])
    whole = ledger.path.read_bytes()
    ledger.append([event("system", memo="skör, åäö 🙂")])
    complete = ledger.path.read_bytes()
    cut = data.draw(st.integers(len(whole) + 1, len(complete) - 1))
    ledger.path.write_bytes(complete[:cut])
    was_whole = cut == len(complete) - 1

    frame, notes = ledger.read()
    assert frame["code"].tolist() == (["clinic", "system"] if was_whole else ["clinic"])
    assert bool(notes) != was_whole
    assert ledger.path.read_bytes() == complete[:cut], "reading writes nothing"

    [said] = ledger.append([event("organization")])
    assert "torn" in said or "whole" in said
    frame, notes = ledger.read()
    assert notes == []
    assert frame["code"].tolist() == (["clinic", "system"] if was_whole else ["clinic"]) + ["organization"]
    if not was_whole:
        assert complete[len(whole) : cut] in ledger.path.with_suffix(".torn").read_bytes()


def test_a_torn_header_is_mended(tmp_path):
    ledger = Ledger(tmp_path / "anna.csv", CODINGS)
    ledger.path.write_bytes(b"activity_id,cod")
    assert ledger.read()[0].empty
    ledger.append([event()])
    assert len(ledger.read()[0]) == 1


def _write_many(folder, who):
    ledger = coder_ledger(folder, "anna")
    for n in range(40):
        ledger.append([event(activity=f"{who}-{n}", memo="x" * 200), event("system", activity=f"{who}-{n}")])


def test_two_programs_at_once_neither_lose_nor_double_nor_mix(tmp_path):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_many, args=(tmp_path, who)) for who in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    frame, notes = coder_ledger(tmp_path, "anna").read()
    assert notes == []
    assert len(frame) == 240
    assert not frame.duplicated(["activity_id", "code"]).any()
    assert (frame["activity_id"].iloc[::2].to_numpy() == frame["activity_id"].iloc[1::2].to_numpy()).all()


def test_files_of_several_people_merge_by_copying(tmp_path):
    coder_ledger(tmp_path, "anna").append([event(when="1"), event("system", when="3")])
    coder_ledger(tmp_path, "bo").append([event(coder="bo")])
    # the file that anna wrote on her other computer, which began as a copy of the first
    other = Ledger(tmp_path / "anna-laptop.csv", CODINGS)
    other.append([event(when="1"), event("organization", when="2")])
    events, notes = read_codings(tmp_path)
    assert notes == []
    assert events.loc[events["coder"] == "anna", "code"].tolist() == ["clinic", "organization", "system"]
    assert (events["coder"] == "bo").sum() == 1


@pytest.mark.parametrize(
    "name", ["", "../anna", "a/b", "con", "COM1.x", "consensus", "anna ", ".x", "x" * 41, "a\u0308"]
)
def test_names_that_cannot_be_files_are_refused(tmp_path, name):
    assert coder_fault(name)
    with pytest.raises(BadInput, match="coder"):
        coder_ledger(tmp_path, name)


def test_a_file_changed_by_another_program_is_told_and_left_alone(tmp_path):
    ledger = coder_ledger(tmp_path, "anna")
    ledger.append([event()])
    changed = ledger.path.read_text().replace(",", ";")
    ledger.path.write_text(changed)
    with pytest.raises(BadInput, match="columns"):
        ledger.append([event()])
    with pytest.raises(BadInput, match="missing"):
        ledger.read()
    assert ledger.path.read_text() == changed


def test_a_damaged_line_is_named_without_its_content(tmp_path):
    ledger = coder_ledger(tmp_path, "anna")
    ledger.append([event(), event(memo="HEMLIG"), event()])
    lines = ledger.path.read_text().splitlines(keepends=True)
    lines[2] = "HEMLIG,half\n"
    ledger.path.write_text("".join(lines))
    with pytest.raises(BadInput) as caught:
        ledger.read()
    assert "line 3" in str(caught.value)
    assert "HEMLIG" not in str(caught.value)


# -- what events leave ---------------------------------------------------------------------------------------------------


def frame_of(*rows):
    return CODINGS.conform(pd.DataFrame(list(rows)))


def test_undo_takes_back_whole_steps_one_by_one():
    rows = [
        event("clinic", when="1"), event("design", when="1", dimension="phase_began"), event("system", when="2"),
        event(None, "undo", None, when="3"), event(None, "undo", None, when="4"),
    ]  # fmt: skip
    assert coding_events.held(frame_of(*rows[:4]))["code"].tolist() == ["clinic", "design"]
    assert coding_events.held(frame_of(*rows)).empty
    again = [*rows, event("organization", when="5"), event(None, "undo", None, when="6", coder="bo")]
    assert coding_events.held(frame_of(*again))["code"].tolist() == ["organization"], "nobody undoes another's step"


def test_standing_says_done_skipped_and_flagged():
    rows = [
        event(activity="a"), event("design", activity="a", dimension="phase_began"), event(activity="b"),
        event(None, "skip", "c"), event(None, "flag", "b"), event(None, "done", "d"), event(None, "flag", "d"),
        event(None, "unflag", "d"),
    ]  # fmt: skip
    table = coding_events.standing(frame_of(*rows)).set_index("activity_id")
    assert table["done"].to_dict() == {"a": True, "b": False, "c": False, "d": True}
    assert table.index[table["skipped"]].tolist() == ["c"]
    assert table.index[table["flagged"]].tolist() == ["b"]


CODES = st.lists(st.sampled_from(string.ascii_lowercase[:4]), unique=True, max_size=4)


@settings(max_examples=50, deadline=None)
@given(steps=st.lists(CODES, max_size=6))
def test_changes_lead_exactly_to_what_is_wanted(steps):
    events, last = frame_of(event())[:0], []
    for n, wanted in enumerate(steps):
        frame = pd.DataFrame({"dimension": "place", "code": wanted, "polarity": None})
        new = coding_events.changes(coding_events.held(events), frame)
        assert bool(new) == (wanted != last), "nothing is written for what stays as it is"
        rows = [event(**{**change, "when": str(n)}) for change in new]
        events = pd.concat([events, frame_of(*rows)], ignore_index=True) if rows else events
        assert coding_events.held(events)["code"].tolist() == wanted
        last = wanted
