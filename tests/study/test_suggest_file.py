"""``ppp suggest``: any list of texts in, codes out, nothing half-written."""

import csv

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.coding.suggestions.model import PARITY, PHASE_CODES, PLACE_CODES
from ppp.errors import BadInput
from ppp.study import suggestions
from ppp.study.suggestions import OUTPUT_COLUMNS, suggest_file

TEXTS = [
    ("a1", "Patients sit on the hospital board and are paid.", "en"),
    ("a2", "Två patienter ingår i mottagningens förbättringsteam, utan arvode.", "sv"),
    ("=1+1", "@SUM(A1) -patients; +patients", ""),
    ("a4", "", ""),
    ("a5", "😀🎉", ""),
    ("a6", "patients", ""),
    ("a7", "Patients and staff, on the ward. " * 2_000, "en"),
    ("a8", "Die Patienten und das Personal haben gemeinsam etwas unternommen, glaube ich wenigstens.", ""),
    ("a9", "We had a fika with patienterna på the ward, jättebra 👍\nline two; with “quotes” and, commas", ""),
]


def _write(path, rows=TEXTS, *, header=("id", "text", "lang"), encoding="utf-8", delimiter=","):
    with path.open("w", encoding=encoding, newline="", errors="replace") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def coded(tmp_path):
    assert suggest_file(_write(tmp_path / "in.csv"), tmp_path / "out.csv")[0] == len(TEXTS)
    return _read(tmp_path / "out.csv")


def test_every_text_gets_its_row_with_legal_codes(coded):
    assert tuple(coded[0]) == OUTPUT_COLUMNS
    assert [row["id"].lstrip("'") for row in coded] == [key for key, _, _ in TEXTS]
    for row in coded:
        assert set(row["place"].split(";")) <= set(PLACE_CODES)
        assert set(row["phase"].split(";")) <= set(PHASE_CODES)
        assert set(filter(None, row["parity"].split(";"))) <= {f"{leaf}:{way}" for leaf, way in PARITY}
        assert 0 <= float(row["confidence"]) <= 1
        assert row["needs_review"] in ("true", "false")
        assert row["reason"] or row["needs_review"] == "false"


def test_codes_and_evidence_are_those_of_the_text(coded):
    first, second = coded[0], coded[1]
    assert (first["place"], first["phase"], first["parity"]) == ("organization", "design", "compensation:supports")
    assert "board" in first["evidence"]
    assert (second["place"], second["phase"], second["parity"]) == ("clinic", "implement", "compensation:barrier")
    assert "utan arvode" in second["evidence"]


def test_what_cannot_be_coded_says_why(coded):
    by_id = {row["id"]: row for row in coded}
    assert by_id["a4"]["reason"] == "not coded: it is empty"
    assert by_id["a5"]["reason"] == "not coded: it holds no words"
    assert by_id["a4"]["place"] == by_id["a4"]["phase"] == "none"
    assert by_id["a8"]["needs_review"] == "true"


def test_no_cell_is_a_formula_for_a_spreadsheet(coded):
    for row in coded:
        for column in ("id", "evidence", "reason"):
            assert row[column][:1] not in ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ";"), ("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_encoding_and_delimiter_are_found(tmp_path, encoding, delimiter):
    rows = [row for row in TEXTS[:2] for _ in range(3)]
    source = _write(tmp_path / "in.csv", rows, encoding=encoding, delimiter=delimiter)
    suggest_file(source, tmp_path / "out.csv")
    assert [row["place"] for row in _read(tmp_path / "out.csv")] == ["organization"] * 3 + ["clinic"] * 3


def test_the_language_is_told_from_the_words(tmp_path):
    without = [(key, text) for key, text, _ in TEXTS]
    suggest_file(_write(tmp_path / "in.csv"), tmp_path / "told.csv")
    suggest_file(_write(tmp_path / "without.csv", without, header=("ID", "Text")), tmp_path / "found.csv")
    assert _read(tmp_path / "told.csv")[:2] == _read(tmp_path / "found.csv")[:2]


def test_a_large_file_is_read_row_by_row_with_the_same_result(tmp_path, monkeypatch):
    source = _write(tmp_path / "in.csv", [row for row in TEXTS for _ in range(200)])
    suggest_file(source, tmp_path / "whole.csv")
    monkeypatch.setattr(suggestions, "_STREAMED_FROM", 0)
    suggest_file(source, tmp_path / "streamed.csv")
    assert (tmp_path / "whole.csv").read_bytes() == (tmp_path / "streamed.csv").read_bytes()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b"name,words\n1,patients\n", "column is missing"),
        (b"\x00\x01\x02", "not a text file"),
        (b"<html><body>id,text</body></html>", "web page"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(tmp_path, content, what):
    (tmp_path / "in.csv").write_bytes(content)
    with pytest.raises(BadInput, match=what):
        suggest_file(tmp_path / "in.csv", tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_file_that_breaks_off_leaves_the_old_output(tmp_path, monkeypatch):
    monkeypatch.setattr(suggestions, "_STREAMED_FROM", 0)
    source = _write(tmp_path / "in.csv", [("a", "Patients decide", "en")] * 100_000)
    with source.open("ab") as file:
        file.write(b"b,\xff\xfe,en\n")
    (tmp_path / "out.csv").write_text("old")
    with pytest.raises(BadInput, match="not UTF-8"):
        suggest_file(source, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_the_command_counts_and_fails_plainly(tmp_path):
    source, target = _write(tmp_path / "in.csv"), tmp_path / "out.csv"
    done = CliRunner().invoke(main, ["suggest", str(source), str(target)])
    assert done.exit_code == 0
    assert f"{len(TEXTS)} texts coded" in done.output
    for arguments in (["nowhere.csv", str(target)], [str(source), str(source)], [str(source), "/nowhere/out.csv"]):
        failed = CliRunner().invoke(main, ["suggest", *arguments])
        assert failed.exit_code == 2
        assert "Traceback" not in failed.output
