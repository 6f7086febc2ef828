"""Files as they come: any delimiter, any of the usual encodings, spreadsheets, and broken ones."""

import csv
import gzip
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


NUMBERS = [["id", "fråga", "vikt"], ["1", "Stämmer helt", 0.5], ["2", "Vet ej", 12.25], ["0012", "NA", -3.0]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [".", ","])
def test_the_matrix_of_encodings_delimiters_and_decimal_marks(tmp_path, encoding, delimiter, mark):
    rows = [[str(cell).replace(".", mark) for cell in row] for row in NUMBERS]
    path = tmp_path / "answers.csv"
    path.write_bytes(_csv(rows, delimiter).encode(encoding))
    export = read_export(path)
    assert export.answers.to_numpy().tolist() == rows[1:]
    typed = export.typed()
    assert typed["vikt"].tolist() == [0.5, 12.25, -3.0]
    assert typed["id"].tolist() == ["1", "2", "0012"], "leading zeros make it no number"


def test_thousands_or_decimals_is_never_guessed(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("id;n\n1;1,234\n2;2,345\n", encoding="utf-8")
    assert read_export(path).typed()["n"].tolist() == ["1,234", "2,345"]
    assert read_export(path, decimal=",").typed()["n"].tolist() == [1.234, 2.345]


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
        ("half_a_letter.csv", "id;a\n1;å".encode()[:-1], "cut off"),
        ("mixed_encodings.csv", "id;a\n1;å\n".encode() + "2;ö\n".encode("cp1252"), "mixes UTF-8"),
        ("two_columns_ragged.csv", b"id;a\n1;x\n2;x;y\n", "row has 3 cells"),
        ("cut_off_row.csv", b"id;a;b\n1;x;y\n2;x", "may be cut off"),
        ("utf16_without_mark.csv", "id;a\n1;x\n".encode("utf-16-le"), "not a text file"),
        ("json.csv", b'{"answers": []}', "JSON"),
        ("cut_off.csv.gz", gzip.compress(b"id;a\n1;x\n" * 100)[:-20], "cut off or broken"),
        ("sav_of_nothing.sav", b"$FL2@(#) SPSS" + b"\x00" * 300, "cut off or broken"),
        ("stata_of_nothing.dta", b"<stata_dta><header>", "cut off or broken"),
        ("old_excel_of_nothing.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "broken"),
        (
            "million_columns.csv",
            b",".join([b"q"] * 1_000_000) + b"\n" + b"," * 999_999 + b"\n",
            "more than 20000 columns",
        ),
        (
            "thirty_thousand_columns.csv",
            b";".join([b"q"] * 30_000) + b"\n" + b"1" + b";" * 29_999 + b"\n",
            "more than 20000 columns",
        ),
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


def test_a_last_column_of_nothing_and_old_mac_line_ends_are_no_trouble(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes("id;fråga\r1;ö\r2;å;;\r".encode())
    export = read_export(path)
    assert export.answers.to_numpy().tolist() == [["1", "ö"], ["2", "å"]]


def test_the_delimiter_that_excel_is_told_is_obeyed(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes(b"sep=;\r\nid;a\r\n1;x,y\r\n")
    assert read_export(path).answers.to_numpy().tolist() == [["1", "x,y"]]


def test_a_cell_of_a_hundred_thousand_letters_is_read_whole(tmp_path):
    path = tmp_path / "answers.csv"
    long = "ö;\n" * 40_000
    path.write_bytes(_csv([["id", "text"], ["1", long], ["2", "x"]], ";").encode())
    assert read_export(path).answers["text"].tolist() == [long, "x"]


def test_letters_that_look_wrong_are_told(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_bytes("id;fråga\n1;på\n2;älvå\n".encode("mac-roman"))
    assert any("old Mac" in note for note in read_export(path).notes)
    path.write_bytes("id;fråga\n1;på\n2;älvå\n".encode("cp1252"))
    assert not any("old Mac" in note for note in read_export(path).notes)


def _workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_formulas_never_computed_are_refused_and_computed_ones_told(tmp_path):
    path = tmp_path / "answers.xlsx"
    data = _workbook([["id", "n"], [1, "=1+1"]])
    path.write_bytes(data)
    with pytest.raises(BadInput, match="never computed"):
        read_export(path)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            if entry.startswith("xl/worksheets"):
                assert b"<v" in content
                content = content.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")  # fmt: skip
            new.writestr(entry, content)
    path.write_bytes(packed.getvalue())
    export = read_export(path)
    assert export.answers["n"].tolist() == ["2"]
    assert any("formulas" in note for note in export.notes)


def test_a_stray_cell_far_out_is_refused_before_it_fills_the_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "a"])
    book.active.append([1, "x"])
    book.active["XFD1048576"] = "stray"
    path = tmp_path / "answers.xlsx"
    book.save(path)
    with pytest.raises(BadInput, match="far beyond"):
        read_export(path)


def test_an_excel_serial_number_stays_a_number(tmp_path):
    path = tmp_path / "answers.xlsx"
    path.write_bytes(_workbook([["id", "start", "share"], ["0012", 43290.53487, 0.1], ["1e5", 43291, 1e-7]]))
    assert read_export(path).answers.to_numpy().tolist() == [
        ["0012", "43290.53487", "0.1"],
        ["1e5", "43291", "1e-07"],
    ]


@settings(max_examples=25, deadline=None)
@given(
    table=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(
                st.one_of(
                    st.sampled_from(["NA", "None", "0012", "1e5", "TRUE", "2026-01-31"]),
                    st.integers(-(10**9), 10**9),
                    st.floats(allow_nan=False, allow_infinity=False, width=32),
                    st.booleans(),
                ),
                min_size=width,
                max_size=width,
            ),
            min_size=1,
            max_size=5,
        )
    )
)
def test_every_cell_of_a_spreadsheet_is_found_again(tmp_path_factory, table):
    path = tmp_path_factory.mktemp("xlsx") / "answers.xlsx"
    path.write_bytes(_workbook([[f"q{n}" for n in range(len(table[0]))], *table]))
    there = read_export(path).answers.to_numpy().tolist()
    for given_row, read_row in zip(table, there, strict=True):
        for given_cell, read_cell in zip(given_row, read_row, strict=True):
            if isinstance(given_cell, bool):
                assert read_cell == str(given_cell).upper()
            elif isinstance(given_cell, int | float):
                assert float(read_cell) == pytest.approx(given_cell, rel=1e-12)
            else:
                assert read_cell == given_cell


@settings(max_examples=60, deadline=None)
@given(data=st.binary(min_size=1, max_size=400), head=st.sampled_from([b"", b"id;a\n", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"$FL2@(#)", b"<stata_dta>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"]))  # fmt: skip
def test_any_bytes_are_read_or_refused_in_plain_words(tmp_path_factory, data, head):
    path = tmp_path_factory.mktemp("any") / "answers.csv"
    path.write_bytes(head + data)
    told = []
    try:
        read_export(path).typed()
    except BadInput as error:
        told = list(error.problems)
    assert all(problem.mend for problem in told)
