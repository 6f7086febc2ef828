"""Files as they come: any delimiter, any of the usual encodings, spreadsheets, and broken ones."""

import csv
import io
import zipfile
from datetime import datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.errors import BadInput
from ppp.study import open_study
from ppp.surveys import read_export

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
DELIMITERS = [",", ";", "\t", "|"]
AWKWARD = [
    "NA",
    "None",
    "n/a",
    "null",
    "0012",
    "1e5",
    "TRUE",
    "1,5",
    "2026-01-31",
    "å ä ö",
    'say "so"',
    "two\nlines",
    " ",
]


def _csv(rows, delimiter, newline="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_every_cell_comes_back_as_it_was_written(tmp_path, encoding, delimiter):
    rows = [["id", "fråga", "c; d, e | f"], *([str(n), value, "x"] for n, value in enumerate(AWKWARD))]
    path = tmp_path / "answers.csv"
    path.write_bytes(_csv(rows, delimiter).encode(encoding))
    export = read_export(path)
    assert export.answers.columns.tolist() == rows[0]
    assert export.answers.to_numpy().tolist() == rows[1:]
    assert export.source.delimiter == delimiter
    assert any("cp1252" in note for note in export.notes) == (encoding == "cp1252")


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    table=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(_TEXT, min_size=width, max_size=width), min_size=1, max_size=6)
    ),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_nothing_is_lost_from_any_table(tmp_path_factory, table, delimiter, encoding):
    header = [f"q{n}" for n in range(len(table[0]))]
    path = tmp_path_factory.mktemp("csv") / "answers.csv"
    path.write_bytes(_csv([header, *table], delimiter).encode(encoding))
    filled = [row for row in table if any(cell.strip() for cell in row)]
    if not filled:
        with pytest.raises(BadInput):
            read_export(path, delimiter=delimiter)
        return
    export = read_export(path, delimiter=delimiter)
    assert export.answers.to_numpy().tolist() == filled


def test_rows_are_numbered_as_in_the_file(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("id;a\n1;x\n;\n2;y\n", encoding="utf-8")
    assert read_export(path).answers.index.tolist() == [2, 4]


def test_a_spreadsheet_keeps_what_its_cells_are(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "when", "n", "share", "yes", "text"])
    sheet.append([1, datetime(2026, 3, 1, 14, 30), 3.0, 2.5, True, "0012"])
    sheet.append([2, datetime(2026, 3, 2), None, None, False, "NA"])
    path = tmp_path / "answers.xlsx"
    book.save(path)
    export = read_export(path)
    assert export.platform == "xlsx"
    assert export.answers.to_numpy().tolist() == [
        ["1", "2026-03-01 14:30:00", "3", "2.5", "TRUE", "0012"],
        ["2", "2026-03-02", "", "", "FALSE", "NA"],
    ]


def test_what_a_file_is_its_content_tells(tmp_path):
    path = tmp_path / "answers.xlsx"
    path.write_text("id;a\n1;x\n", encoding="utf-8")
    assert read_export(path).platform == "csv"


def test_columns_of_one_name_are_told_apart_and_a_mapping_must_say_which(tmp_path, small):
    path = tmp_path / "twice.csv"
    path.write_bytes(b"id;a;a\n1;x;y\n")
    export = read_export(path)
    assert export.answers.columns.tolist() == ["id", "a", "a (2)"]
    assert any("more than once" in note for note in export.notes)
    small.header += ";Roll"
    small.rows = [row + ";Patient" for row in small.rows]
    with pytest.raises(BadInput, match="Several columns"):
        open_study(small.write()).responses()


def _zip_bomb() -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/a.xml", "w", force_zip64=True) as member,
    ):
        for _ in range(1100):
            member.write(b"0" * 1_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\n \n", "empty"),
        ("only_headings.csv", b"id;a\n", "only headings"),
        ("ragged.csv", b"id;a;b\n1;x;y\n2;x\n", "row has 2 cells"),
        ("open_quote.csv", b'id;a\n1;"x\n2;y\n', "never closed"),
        ("web_page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("cut_off.xlsx", b"PK\x03\x04" + b"\x00" * 200, "broken"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text file"),
        ("neither.csv", b"id;a\n1;\x81\x8d\xff\n", "neither UTF-8 nor cp1252"),
    ],
)
def test_broken_files_are_told_plainly(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_export(path)
    assert says in str(caught.value)
    assert name in str(caught.value)
    assert "→" in str(caught.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(_zip_bomb())
    with pytest.raises(BadInput, match="unpacks to far more"):
        read_export(path)


def test_an_encoding_that_is_stated_is_obeyed_or_refused(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes("id;fråga\n1;ö\n".encode("mac-roman"))
    assert read_export(path, encoding="mac-roman").answers.columns.tolist() == ["id", "fråga"]
    with pytest.raises(BadInput, match="not utf-8"):
        read_export(path, encoding="utf-8")
    with pytest.raises(BadInput, match="not known"):
        read_export(path, encoding="klingon")
