"""What the coding bench answers a browser: every step is in the coder's file once, and nothing else is told."""

import json

import nbformat
import pandas as pd
import pytest

from ppp.bench import CodingBench
from ppp.bench.codebook import codebook_in, words_in
from ppp.coding.events import held
from ppp.language import available, speak
from ppp.study import open_study


@pytest.fixture
def open_bench(coded, browse):
    """A coder's bench in the small study, asked by a browser."""

    def opened(coder="anna", **settings):
        return browse(CodingBench(open_study(coded.folder).desk(coder), **settings))

    return opened


def lines(study, coder="anna"):
    return pd.read_csv(study.folder / "codings" / f"{coder}.csv", dtype=str, keep_default_na=False)


def test_each_step_is_written_once_however_often_it_is_asked_for(coded, open_bench):
    browser = open_bench()
    first, second = (one["id"] for one in browser.ask(ask="everything")["activities"][:2])
    for _ in range(2):
        answer = browser.step("s1", do="code", activity=first, place=["clinic"], phase=["plan"], memo="")
    assert answer["written"] == 0
    browser.step("s2", do="code", activity=second, place=["system"], phase=["design"], memo="")
    # After a restart a new kernel is asked again for the first step, and for an undo that it has not heard of.
    again = open_bench()
    again.step("s1", do="code", activity=first, place=["clinic"], phase=["plan"], memo="")
    undone = again.step("s3", do="undo")
    assert undone["undone"] == second
    assert again.step("s3", do="undo")["written"] == 0
    rows = lines(coded)
    assert rows["action"].tolist() == ["set", "set", "set", "set", "undo"]
    assert rows["activity_id"].tolist() == [first, first, second, second, ""]


def test_a_step_whose_events_were_written_before_the_kernel_stopped_is_not_written_again(coded, open_bench):
    browser = open_bench()
    first = browser.ask(ask="everything")["activities"][0]["id"]
    browser.step("s1", do="code", activity=first, place=["clinic"], phase=["plan"], memo="")
    steps = coded.folder / "codings" / "anna.steps"
    steps.write_text("".join(steps.read_text().splitlines(keepends=True)[:-1]))  # "finished" did not get there
    open_bench().step("s1", do="code", activity=first, place=["clinic"], phase=["plan"], memo="")
    assert len(lines(coded)) == 2
    # And one that was begun, but whose events were not written, is.
    (coded.folder / "codings" / "anna.csv").unlink()
    open_bench().step("s1", do="code", activity=first, place=["clinic"], phase=["plan"], memo="")
    assert len(lines(coded)) == 2


def test_a_second_bench_sees_what_the_first_wrote(coded, open_bench):
    one, other = open_bench(), open_bench()
    first = one.ask(ask="everything")["activities"][0]["id"]
    other.ask(ask="everything")
    assert other.ask(ask="news")["states"] == {}
    one.step(
        "s1", do="code", activity=first, place=["clinic"], phase=["plan"], parity=[["numbers", "barrier"]], memo="x"
    )
    told = other.ask(ask="news")["states"]
    assert told == {
        first: {
            "place": ["clinic"], "phase": ["plan"], "parity": [["numbers", "barrier"]], "memo": "x",
            "done": True, "skipped": False, "flagged": False,
        }
    }  # fmt: skip
    one.step("s2", do="undo")
    assert other.ask(ask="news")["states"] == {first: None}


def test_another_coders_codes_and_hidden_suggestions_are_never_sent(coded, open_bench):
    coded.settings["coding"]["show_suggestions"] = False
    coded.write()
    study = open_study(coded.folder)
    activity = study.activities()["activity_id"][0]
    study.desk("bo").code(activity, place="system", phase_began="evaluate", memo="only for Bo")
    browser = open_bench()
    sent = browser.ask(ask="everything")
    assert not sent["suggests"]
    assert all(one["suggested"] is None for one in sent["activities"])
    assert sent["states"] == {}
    assert "only for Bo" not in json.dumps(browser.heard)
    assert browser.ask(ask="news")["states"] == {}


def test_what_the_codebook_does_not_hold_is_refused_and_nothing_is_written(coded, open_bench):
    browser = open_bench()
    first = browser.ask(ask="everything")["activities"][0]["id"]
    for name, wrong in (
        ("s1", {"activity": first, "place": ["clinik"], "phase": ["plan"]}),
        ("s2", {"activity": "somebody else's", "place": ["clinic"], "phase": ["plan"]}),
    ):
        answer = browser.step(name, do="code", memo="", **wrong)
        assert answer["say"] == "refused"
        assert answer["id"] == name
        assert answer["why"]
    assert not (coded.folder / "codings" / "anna.csv").exists()
    assert browser.step("s3", do="undo")["written"] == 0
    assert not (coded.folder / "codings" / "anna.csv").exists(), "there was nothing to undo"


def test_marks_notes_and_what_was_left_out_come_back(coded, open_bench):
    browser = open_bench()
    one, two, three = (row["id"] for row in browser.ask(ask="everything")["activities"][:3])
    browser.step("s1", do="skip", activity=one, memo="no activity")
    browser.step("s2", do="flag", activity=two, memo="")
    found = open_bench().ask(ask="everything")["states"]
    assert found[one]["skipped"]
    assert found[one]["memo"] == "no activity"
    assert found[two]["flagged"]
    assert not found[two]["done"]
    assert three not in found
    # One that was left out is back once it is coded.
    browser.step("s4", do="code", activity=one, place=["none"], phase=["none"], memo="", again=True)
    found = browser.heard[-1]["states"][one]
    assert found["done"]
    assert not found["skipped"]


def test_taking_a_place_back_takes_its_codes_back(coded, open_bench):
    browser = open_bench()
    first = browser.ask(ask="everything")["activities"][0]["id"]
    browser.step("s1", do="code", activity=first, place=["clinic", "system"], phase=["plan"], memo="")
    assert browser.heard[-1]["states"][first]["place"] == ["clinic", "system"]
    browser.step("s2", do="code", activity=first, place=[], phase=[], memo="")
    assert held(open_study(coded.folder).desk("anna").events()).empty


def test_what_people_wrote_never_becomes_part_of_the_notebook(coded, open_bench):
    browser = open_bench()
    browser.ask(ask="everything")
    assert "HEMLIG" in json.dumps(browser.heard)
    assert "HEMLIG" not in json.dumps(browser.bench.get_state(), default=str)
    assert "HEMLIG" not in json.dumps(browser.bench._repr_mimebundle_())


@pytest.mark.parametrize("language", available())
def test_every_word_and_code_is_there_in_every_language(language):
    said = speak(language)
    assert all(words_in(said).values())
    book = codebook_in(said)
    assert [len(book[name]) for name in ("places", "phases", "leaves", "special")] == [4, 4, 8, 2]
    assert all(code["label"] and code["definition"] for codes in book.values() for code in codes)


def test_the_notebook_runs_and_keeps_no_text(root, small, tmp_path):
    import subprocess
    import sys

    notebook = root / "notebooks" / "2_code_activities.ipynb"
    [cell] = [c for c in nbformat.read(notebook, as_version=4).cells if "parameters" in c.metadata.get("tags", [])]
    given: dict = {}
    exec(cell.source, {}, given)
    assert set(given) == {"study", "coder", "language"}
    small.settings["coders"] = ["anna"]
    small.write()
    for study, coder in ((root / "data" / "demo", "astrid"), (small.folder, "anna")):
        out = tmp_path / f"{coder}.ipynb"
        ran = subprocess.run(
            [sys.executable, "-m", "papermill", notebook, out, "-p", "study", study, "-p", "coder", coder],
            capture_output=True, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr[-2000:]
        done = out.read_text(encoding="utf-8")
        outputs = [o for c in nbformat.reads(done, as_version=4).cells for o in c.get("outputs", [])]
        assert any("application/vnd.jupyter.widget-view+json" in o.get("data", {}) for o in outputs)
        assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
        assert "HEMLIG" not in done
