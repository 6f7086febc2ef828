"""`ppp exchange` takes what is the coder's and sound, tells the rest row by row, and quotes nothing of it."""

import pandas as pd
import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.study import open_study


@pytest.fixture
def study(small):
    small.settings["coders"] = ["anna", "bo"]
    opened = open_study(small.write())
    return opened, opened.activities()["activity_id"].tolist()


def _exchange(study, *options):
    return CliRunner().invoke(main, ["exchange", str(study.path), *map(str, options)])


def _table(path, rows):
    columns = ["activity_id", "coder", "dimension", "code", "polarity", "confidence", "evidence_start", "evidence_end"]
    pd.DataFrame(rows).reindex(columns=columns).to_csv(path, index=False)
    return path


def test_sound_rows_are_taken_and_the_others_told(study, tmp_path):
    opened, ids = study
    sound = {"coder": "anna", "dimension": "place", "code": "clinic"}
    file = _table(
        tmp_path / "codings.csv",
        [
            {"activity_id": ids[0], **sound},
            {"activity_id": "HEMLIG", **sound},
            {"activity_id": ids[1], **sound, "code": "HEMLIG"},
            {"activity_id": ids[2], **sound, "confidence": 7},
            {"activity_id": ids[3], **sound, "evidence_start": 5, "evidence_end": 5000},
            {"activity_id": ids[4], "coder": "anna", "dimension": "mark", "code": "HEMLIG"},
        ],
    )
    said = _exchange(opened, "--in", file, "--coder", "anna")
    assert said.exit_code == 2
    assert "Took 1 codings of 1 activities" in said.output
    for line, what in (
        (3, "no such activity"),
        (4, "no such code"),
        (5, "runs from 0 to 1"),
        (6, "lies outside"),
        (7, "no such mark"),
    ):
        assert f"codings.csv, line {line}" in said.output
        assert what in said.output
    assert "HEMLIG" not in said.output
    taken = open_study(opened.path).codings()
    assert taken[taken["dimension"] == "place"]["activity_id"].tolist() == [ids[0]]


def test_whose_codings_they_are_is_never_guessed_among_several(study, tmp_path):
    opened, ids = study
    row = {"activity_id": ids[0], "dimension": "place", "code": "clinic"}
    both = _table(tmp_path / "both.csv", [{**row, "coder": "carl"}, {**row, "coder": "dora"}])
    one = _table(tmp_path / "one.csv", [{**row, "coder": "carl"}])
    assert "--coder NAME" in _exchange(opened, "--in", one).output
    said = _exchange(opened, "--in", both, "--coder", "anna")
    assert said.exit_code == 2
    assert "It knows these coders: carl, dora" in said.output
    assert open_study(opened.path).codings().empty
    # a file that knows one coder is that coder's, whatever the other program called them
    assert _exchange(opened, "--in", one, "--coder", "anna").exit_code == 0
    assert set(open_study(opened.path).codings()["coder"]) == {"anna"}


def test_a_codebook_of_another_program_is_compared_and_not_taken(study, tmp_path):
    opened, _ = study
    book = tmp_path / "book.qdc"
    assert _exchange(opened, "--out", book).exit_code == 0
    assert "not ours" not in _exchange(opened, "--in", book).output
    text = book.read_text(encoding="utf-8")
    new = '<Code guid="11111111-2222-3333-4444-555555555555" name="Humour" isCodable="true"/></Codes>'
    book.write_text(text.replace("</Codes>", new), encoding="utf-8")
    said = _exchange(opened, "--in", book)
    assert said.exit_code == 0
    assert "not ours: Humour" in said.output
    assert "Our codebook stays as it is" in said.output


def test_files_that_cannot_be_are_told(study, tmp_path):
    opened, _ = study
    for options, says in (
        (["--out", tmp_path / "x.docx"], "A file of this kind is not known"),
        ([], "Give one of --out and --in"),
        (["--out", tmp_path / "study.csv" / "codings.csv"], "cannot be written"),
    ):
        (tmp_path / "study.csv").touch()
        said = _exchange(opened, *options)
        assert said.exit_code == 2
        assert says in said.output
    assert not list(tmp_path.glob(".exchange-*"))
