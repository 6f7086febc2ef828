"""What a file may hold: traps are refused before they are parsed, and a study can raise the limits."""

import gzip
import io
import tracemalloc
import zipfile

import pytest

from ppp.errors import BadInput
from ppp.study import open_study
from ppp.surveys import read_export
from ppp.surveys.limits import Limits

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row>'
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _zip(parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _xlsx(rows, *, more=None, at="worksheets/sheet1.xml"):
    package = "http://schemas.openxmlformats.org/package/2006"
    return _zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/><Override PartName="/xl/{at}" ContentType="{KIND}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="{at}"/></Relationships>',
            f"xl/{at}": SHEET % (HEAD + rows),
            **(more or {}),
        }
    )  # fmt: skip


def _ods(rows):
    spaces = "".join(f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text"))  # fmt: skip
    return _zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "content.xml": f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>',
        }
    )  # fmt: skip


def _ods_row(cell="", row=""):
    one = f'<table:table-cell office:value-type="string"{cell}><text:p>x</text:p></table:table-cell>'
    return f"<table:table-row{row}>{one}{one}</table:table-row>"


REPEATED = ' table:number-%s-repeated="1000000000"'
ENTITIES = (
    "<!DOCTYPE x [" + "".join(f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "ha") * 10}">' for n in range(10)) + "]>"
)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        # The reader makes room from the first cell to the last: 17 thousand million cells here.
        ("cell_far_out.xlsx", _xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "far beyond"),
        ("in_single_quotes.xlsx", _xlsx("<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"), "far beyond"),
        ("places_unsaid.xlsx", _xlsx('<row r="1048576">' + "<c><v>1</v></c>" * 16384 + "</row>"), "far beyond"),
        ("elsewhere.xlsx", _xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', at="pages/a.xml"), "far beyond"),
        ("cell_repeated.ods", _ods(_ods_row(REPEATED % "columns")), "far beyond"),
        ("row_repeated.ods", _ods(_ods_row(row=REPEATED % "rows")), "far beyond"),
        ("bomb.xlsx", _xlsx("", more={"xl/sharedStrings.xml": b" " * 30_000_000}), "may be a trap"),
        ("bomb.zip", _zip({"a.csv": b"a,b\n" + b"0" * 30_000_000}), "may be a trap"),
        ("bomb.csv.gz", gzip.compress(b"a,b\n" + b"0,0\n" * 8_000_000), "may be a trap"),
        ("binary.xlsb", _zip({"xl/workbook.bin": b"x", "[Content_Types].xml": b"<x/>"}), "XLSB"),
        ("laughs.xlsx", _zip({"xl/workbook.xml": ENTITIES + "<x>&a9;</x>"}), "broken"),
        ("one_endless_line.csv", b"a,b\n1," + b"x" * 11_000_000 + b"\n", "11,000,002 letters"),
        ("packed_endless_line.csv.gz", gzip.compress(b"a,b\n" + b"0123456789" * 2_500_000, 1), "A line of the packed file"),
        ("one_wide_heading.csv", b",".join([b"q"] * 25_000) + b"\n" + b"1," * 24_999 + b"1\n", "more than 20000 columns"),
        ("wide_in_the_body.csv", b"a,b,c\n1,2,3\n" + b",".join([b"x"] * 300_000) + b"\n", "row has 300000 cells"),
    ],
)  # fmt: skip
def test_traps_are_refused_in_plain_words(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(BadInput) as caught:
            read_export(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000, "refused before it is parsed"
    assert says in str(caught.value)
    assert "→" in str(caught.value)


def test_what_spreadsheet_programs_write_is_no_trap(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(_xlsx('<row r="2"><c r="A2"><v>1</v></c><c><v>2</v></c></row>'))
    assert read_export(path).answers.to_numpy().tolist() == [["1", "2"]]
    # LibreOffice fills a sheet up to its end with one repeated row of one repeated empty cell.
    rest = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'  # fmt: skip
    path = tmp_path / "a.ods"
    path.write_bytes(_ods(_ods_row() + _ods_row() + rest))
    assert read_export(path).answers.to_numpy().tolist() == [["x", "x"]]
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"id;a\n" + b"1;0\n" * 400_000))
    assert len(read_export(path).answers) == 400_000


def test_a_study_can_raise_the_limits(small, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a;b;c\n1;2;3\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"limits: \{columns: …\}"):
        read_export(path, limits=Limits(columns=2))
    small.settings["limits"] = {"columns": 9}
    with pytest.raises(BadInput, match="more than 9 columns"):
        open_study(small.write()).responses()
    small.settings["limits"] = {"columns": 10}
    assert len(open_study(small.write()).responses()) == 9
