"""A workbook as bytes that are the same on every machine.

Libraries write the time, and compress as the machine's zlib does; so the few parts that a workbook needs are written here,
with fixed times and stored as they are.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

__all__ = ["workbook"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGED = "application/vnd.openxmlformats-package"
_DAY_ONE = datetime(1899, 12, 30)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def workbook(sheets: dict[str, list[list[Any]]], *, made: datetime) -> bytes:
    """The workbook.

    Parameters
    ----------
    sheets
        For each sheet its rows of texts, whole numbers and times; None and empty texts are empty cells.
    made
        The time that stands as created and modified.
    """
    shared: dict[str, int] = {}
    drawn = {f"worksheets/sheet{n}": _sheet(rows, shared) for n, rows in enumerate(sheets.values(), 1)}
    strings = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    parts = {
        **drawn,
        "sharedStrings": f'<sst xmlns="{_MAIN}" uniqueCount="{len(shared)}">{strings}</sst>',
        "styles": _STYLES,
    }
    kinds = {part: part.split("/")[0].removesuffix("s") if part in drawn else part for part in parts}
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    types = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_SHEET}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{_PACKAGED}.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>{types}'
        f'<Override PartName="/docProps/core.xml" ContentType="{_PACKAGED}.core-properties+xml"/></Types>',
        "_rels/.rels": _links(
            [
                (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
                (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _links([(f"{_OFFICE}/{kind}", f"{part}.xml") for part, kind in kinds.items()]),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made:%Y-%m-%dT%H:%M:%SZ}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>'
        "</cp:coreProperties>",
        **{f"xl/{part}.xml": content for part, content in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 0  # else the operating system is written
            archive.writestr(entry, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}')
    return buffer.getvalue()


def _links(targets: list[tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _sheet(rows: list[list[Any]], shared: dict[str, int]) -> str:
    lines = []
    for at, row in enumerate(rows, 1):
        cells = "".join(_cell(f"{_letters(column)}{at}", value, shared) for column, value in enumerate(row, 1))
        lines.append(f'<row r="{at}">{cells}</row>')
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _cell(at: str, value: Any, shared: dict[str, int]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        since = value - _DAY_ONE
        return f'<c r="{at}" s="1"><v>{since.days + round(since.seconds / 86400, 10)}</v></c>'
    if isinstance(value, int):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>'


def _letters(column: int) -> str:
    """A column's name in a spreadsheet: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
