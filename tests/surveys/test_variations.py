"""Files are rarely untouched: each platform's export, bent in the ways that people and programs bend them.

Whatever was done to a file, it reads as what it was, or it is refused, or it asks: never a silent wrong value.
"""

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ppp.surveys import read_export


@dataclass(frozen=True)
class Base:
    """A platform's export as it comes: its rows, how many of them are headings, and what must be read."""

    platform: str
    rows: list
    key: str
    """A question, as it is called in the export object."""
    said: list
    headings: int = 1
    own: tuple = ()
    """Columns of the platform, by which it is known."""
    several: str = ""
    ticks: list = field(default_factory=list)
    dates: tuple = ()


def _q(name):
    return json.dumps({"ImportId": name})


BASES = [
    Base(
        "qualtrics",
        [
            ["StartDate", "EndDate", "Status", "Progress", "Finished", "ResponseId", "DistributionChannel", "UserLanguage", "Q1", "Q2_1", "Q2_2", "Q5"],
            ["Start Date", "End Date", "Response Type", "Progress", "Finished", "Response ID", "Distribution Channel", "User Language", "Din roll?", "Faser - Selected Choice - Design", "Faser - Selected Choice - Plan", "Berätta"],
            [_q(one) for one in ("startDate", "endDate", "status", "progress", "finished", "_recordId", "distributionChannel", "userLanguage", "QID1", "QID2_1", "QID2_2", "QID5_TEXT")],
            ["2026-03-01 10:00:00", "2026-03-01 10:09:00", "IP Address", "100", "True", "R_1aB", "anonymous", "SV", "Närstående", "Design", "", "NA"],
            ["2026-03-02 10:00:00", "2026-03-02 10:09:00", "IP Address", "100", "True", "R_2aB", "anonymous", "SV", "Patient", "Design", "Plan", "två rader, å"],
            ["2026-03-03 10:00:00", "2026-03-03 10:09:00", "IP Address", "40", "False", "R_3aB", "anonymous", "EN", "Patient", "", "Plan", "0012"],
        ],
        "Q1", ["Närstående", "Patient", "Patient"], 3, (0, 1, 2, 3, 4, 6, 7), "Q2", [[True, None], [True, True], [None, True]], (0, 1),
    ),
    Base(
        "redcap",
        [
            ["record_id", "redcap_event_name", "redcap_survey_identifier", "partnership_timestamp", "role", "phases___1", "phases___2", "story", "partnership_complete"],
            ["1", "first_arm_1", "", "2026-03-01 10:00:00", "2", "1", "0", "NA", "2"],
            ["2", "first_arm_1", "", "2026-03-02 10:00:00", "1", "1", "1", "två rader, å", "2"],
            ["3", "first_arm_1", "", "2026-03-03 10:00:00", "1", "0", "1", "0012", "2"],
        ],
        "role", ["2", "1", "1"], 1, (1, 2, 3, 8), "phases", [[True, False], [True, True], [False, True]], (3,),
    ),
    Base(
        "limesurvey",
        [
            ["id. Svars-ID", "submitdate. Datum inskickat", "lastpage. Sista sidan", "startlanguage. Startspråk", "seed. Frö", "G1Q1. Din roll?", "G1Q2[SQ001]. Faser? [Design]", "G1Q2[SQ002]. Faser? [Plan]", "G2Q1. Berätta"],
            ["5", "2026-03-01 10:00:00", "3", "sv", "8812", "Närstående", "Ja", "Nej", "NA"],
            ["6", "2026-03-02 10:00:00", "3", "sv", "8813", "Patient", "Ja", "Ja", "två rader, å"],
            ["9", "2026-03-03 10:00:00", "3", "sv", "8814", "Patient", "Nej", "Ja", "0012"],
        ],
        "G1Q1", ["Närstående", "Patient", "Patient"], 1, (1, 2, 3, 4), "G1Q2", [[True, False], [True, True], [False, True]], (1,),
    ),
    Base(
        "surveymonkey",
        [
            ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Din roll?", "Vilka faser?", "", "Berätta"],
            ["", "", "", "", "", "Response", "Design", "Plan", "Open-Ended Response"],
            ["11402233001", "40012", "2026-03-01 10:00:00", "2026-03-01 10:09:00", "", "Närstående", "Design", "", "NA"],
            ["11402233002", "40012", "2026-03-02 10:00:00", "2026-03-02 10:09:00", "", "Patient", "Design", "Plan", "två rader, å"],
            ["11402233003", "40012", "2026-03-03 10:00:00", "2026-03-03 10:09:00", "", "Patient", "", "Plan", "0012"],
        ],
        "Din roll?", ["Närstående", "Patient", "Patient"], 2, (1, 2, 3, 4), "Vilka faser?", [[True, False], [True, True], [False, True]], (2, 3),
    ),
    Base(
        "googleforms",
        [
            ["Tidstämpel", "Vad är din roll?", "Vilka faser var ni med i?", "Hur väl stämmer det? [Vi blir hörda]", "Berätta gärna mer"],
            ["2026-03-01 10:00:00", "Närstående", "Design", "Helt", "NA"],
            ["2026-03-02 10:00:00", "Patient", "Design;Plan", "Lite", "två rader, å"],
            ["2026-03-03 10:00:00", "Patient", "Plan", "Lite", "0012"],
            ["2026-03-04 10:00:00", "Patient", "Design;Plan", "Lite", "1e5"],
        ],
        "Vad är din roll?", ["Närstående", "Patient", "Patient", "Patient"], 1, (0,), "Vilka faser var ni med i?", [[True, False], [True, True], [False, True], [True, True]], (0,),
    ),
    Base(
        "msforms",
        [
            ["ID", "Starttid", "Slutförandetid", "E-post", "Namn", "Vad är din roll?", "Vilka faser var ni med i?", "Berätta gärna mer"],
            ["1", "2026-03-01 10:00:00", "2026-03-01 10:09:00", "anonymous", "", "Närstående", "Design;", "NA"],
            ["2", "2026-03-02 10:00:00", "2026-03-02 10:09:00", "anonymous", "", "Patient", "Design;Plan;", "två rader, å"],
            ["4", "2026-03-03 10:00:00", "2026-03-03 10:09:00", "anonymous", "", "Patient", "Plan;", "0012"],
        ],
        "Vad är din roll?", ["Närstående", "Patient", "Patient"], 1, (1, 2, 3, 4), "Vilka faser var ni med i?", [[True, False], [True, True], [False, True]], (1, 2),
    ),
    Base(
        "kobo",
        [
            ["start", "end", "about/role", "about/phases", "about/phases/design", "about/phases/plan", "story", "_id", "_uuid", "_submission_time", "_validation_status", "_index"],
            ["2026-03-01T10:00:00.000+01:00", "2026-03-01T10:09:00.000+01:00", "rel", "design", "1", "0", "NA", "71", "a-1", "2026-03-01T09:10:00", "", "1"],
            ["2026-03-02T10:00:00.000+01:00", "2026-03-02T10:09:00.000+01:00", "pat", "design plan", "1", "1", "två rader, å", "72", "a-2", "2026-03-02T09:10:00", "", "2"],
            ["2026-03-03T10:00:00.000+01:00", "2026-03-03T10:09:00.000+01:00", "pat", "plan", "0", "1", "0012", "73", "a-3", "2026-03-03T09:10:00", "", "3"],
        ],
        "role", ["rel", "pat", "pat"], 1, (0, 1, 7, 8, 9, 10, 11), "phases", [[True, False], [True, True], [False, True]],
    ),
    Base(
        "alchemer",
        [
            ["Response ID", "Time Started", "Date Submitted", "Status", "Contact ID", "Language", "Country", "Din roll?", "Design:Vilka faser?", "Plan:Vilka faser?", "Berätta"],
            ["3", "2026-03-01 10:00:00", "2026-03-01 10:09:00", "Complete", "", "Swedish", "Sweden", "Närstående", "Design", "", "NA"],
            ["4", "2026-03-02 10:00:00", "2026-03-02 10:09:00", "Complete", "", "Swedish", "Sweden", "Patient", "Design", "Plan", "två rader, å"],
            ["8", "2026-03-03 10:00:00", "2026-03-03 10:09:00", "Partial", "", "Swedish", "Sweden", "Patient", "", "Plan", "0012"],
        ],
        "Din roll?", ["Närstående", "Patient", "Patient"], 1, (1, 2, 3, 4, 5, 6), "Vilka faser?", [[True, False], [True, True], [False, True]], (1, 2),
    ),
    Base(
        "surveyxact",
        [
            ["respondent", "stato_1", "stato_2", "stato_3", "stato_4", "s_1", "s_2_1", "s_2_2", "s_3"],
            ["9001", "0", "0", "0", "1", "2", "1", "0", "NA"],
            ["9002", "0", "0", "0", "1", "1", "1", "1", "två rader, å"],
            ["9003", "0", "1", "0", "0", "1", "0", "1", "0012"],
        ],
        "s_1", ["2", "1", "1"], 1, (1, 2, 3, 4),
    ),
]  # fmt: skip


def _text(rows, delimiter=",", newline="\r\n", quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return text.getvalue()


def _book(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _as_a_spreadsheet_types(base):
    """Numbers as numbers and dates as dates, as a spreadsheet program guesses them on opening a CSV; ids as text."""

    def cell(text):
        if text.isdigit() and not text.startswith("0") and len(text) < 10:
            return int(text)
        try:
            return datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
        except ValueError:
            return text

    return [row if at < base.headings else [cell(each) for each in row] for at, row in enumerate(base.rows)]


def _columns(base, order):
    return [[row[at] for at in order] for row in base.rows]


def _without(base, gone):
    return _columns(base, [at for at in range(len(base.rows[0])) if at not in gone])


def _serials(base):
    def serial(text):
        days = datetime.strptime(text, "%Y-%m-%d %H:%M:%S") - datetime(1899, 12, 30)
        return f"{days / timedelta(days=1):.5f}"

    return [
        row if at < base.headings else [serial(cell) if to in base.dates else cell for to, cell in enumerate(row)]
        for at, row in enumerate(base.rows)
    ]


def _with(base, *, before=(), after=(), heading=()):
    """More columns: before and after the others, each an (heading, cell) pair."""
    found = []
    for at, row in enumerate(base.rows):
        is_first = at == 0
        lead = [head if is_first else "" if at < base.headings else cell for head, cell in before]
        tail = [head if is_first else "" if at < base.headings else cell for head, cell in after]
        found.append([*lead, *row, *tail])
    return found


def _utf8(rows, **how):
    return _text(rows, **how).encode("utf-8")


def _zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _index(base):
    rows = [list(row) for row in base.rows]
    return [
        ["" if at == 0 else str(at - base.headings) if at >= base.headings else "", *row] for at, row in enumerate(rows)
    ]


def _floats(base):
    """Whole numbers with a point, as pandas saves columns that have gaps."""
    return [
        row if at < base.headings else [f"{cell}.0" if cell.isdigit() and len(cell) == 1 else cell for cell in row]
        for at, row in enumerate(base.rows)
    ]


VARIATIONS = {
    "untouched": lambda b: _utf8(b.rows),
    "semicolons": lambda b: _utf8(b.rows, delimiter=";"),
    "tabs": lambda b: _utf8(b.rows, delimiter="\t"),
    "bars": lambda b: _utf8(b.rows, delimiter="|"),
    "byte order mark": lambda b: _text(b.rows).encode("utf-8-sig"),
    "UTF-16 with tabs, as Excel saves Unicode text": lambda b: _text(b.rows, delimiter="\t").encode("utf-16"),
    "UTF-16, big end first": lambda b: b"\xfe\xff" + _text(b.rows, delimiter=";").encode("utf-16-be"),
    "cp1252 with semicolons": lambda b: _text(b.rows, delimiter=";").encode("cp1252"),
    "line ends of an old Mac": lambda b: _utf8(b.rows, newline="\r"),
    "everything in quotes": lambda b: _utf8(b.rows, quoting=csv.QUOTE_ALL),
    "the line that tells Excel the delimiter": lambda b: b"sep=;\r\n" + _utf8(b.rows, delimiter=";"),
    "gzipped": lambda b: gzip.compress(_utf8(b.rows)),
    "zipped": lambda b: _zipped("export.csv", _utf8(b.rows)),
    "a spreadsheet, all text": lambda b: _book({"Sheet1": b.rows}),
    "a spreadsheet with typed cells": lambda b: _book({"Sheet1": _as_a_spreadsheet_types(b)}),
    "a spreadsheet with a sheet of notes behind": lambda b: _book({"Data": b.rows, "Notes": [["To do"], ["ask Kim"]]}),
    "a spreadsheet with a sheet of notes before": lambda b: _book({"Read me": [["To do"], ["ask Kim"]], "Data": b.rows}),
    "a zipped spreadsheet": lambda b: _zipped("export.xlsx", _book({"Sheet1": b.rows})),
    "empty columns at the end": lambda b: _utf8([[*row, "", ""] for row in b.rows]),
    "empty cells at the end of answers only": lambda b: _utf8([row if at < b.headings else [*row, "", ""] for at, row in enumerate(b.rows)]),
    "empty rows at the end": lambda b: _utf8([*b.rows, *[[""] * len(b.rows[0])] * 3]),
    "empty rows between": lambda b: _utf8([*b.rows[:-1], [""] * len(b.rows[0]), b.rows[-1]]),
    "a title above, in a spreadsheet": lambda b: _book({"Sheet1": [["Enkät om partnerskap 2026"], [], *b.rows]}),
    "a title above, with all its delimiters": lambda b: _utf8([["Enkät om partnerskap 2026", *[""] * (len(b.rows[0]) - 1)], *b.rows]),
    "a title above, alone on its line": lambda b: "Enkät om partnerskap 2026\r\n\r\n".encode() + _utf8(b.rows),
    "an empty row above": lambda b: _book({"Sheet1": [[""], *b.rows]}),
    "an index column": lambda b: _utf8(_index(b)),
    "whole numbers with a point": lambda b: _utf8(_floats(b)),
    "dates as a spreadsheet's numbers": lambda b: _utf8(_serials(b)),
    "a column of one's own behind": lambda b: _utf8(_with(b, after=[("Egen kommentar", "ok")])),
    "two columns of one's own with one name": lambda b: _utf8(_with(b, after=[("Egen", "ok"), ("Egen", "nej")])),
    "blanks at the ends of headings": lambda b: _utf8([[f" {cell} " if cell and at == 0 else cell for cell in row] for at, row in enumerate(b.rows)]),
    "no-break blanks in headings": lambda b: _utf8([[cell.replace(" ", "\u00a0") if at == 0 else cell for cell in row] for at, row in enumerate(b.rows)]),
    "the platform's columns moved behind": lambda b: _utf8(_columns(b, [*(at for at in range(len(b.rows[0])) if at not in b.own), *b.own])),
    "the platform's columns cut off": lambda b: _utf8(_without(b, b.own)),
    "one respondent": lambda b: _utf8(b.rows[: b.headings + 1]),
}  # fmt: skip
CUT = {"the platform's columns cut off", "the platform's columns moved behind"}


@pytest.mark.parametrize("variation", VARIATIONS)
@pytest.mark.parametrize("base", BASES, ids=lambda base: base.platform)
def test_a_bent_export_reads_as_what_it_was_or_asks(tmp_path, base, variation):
    content = VARIATIONS[variation](base)
    path = tmp_path / "export.dat"
    path.write_bytes(content)
    export = read_export(path)
    rows = base.rows[: base.headings + 1] if variation == "one respondent" else base.rows
    if export.platform != base.platform:
        # Nothing that tells the platform is left: then it is a plain table, and a person is asked where there is a guess.
        assert variation in CUT or variation == "one respondent", (export.platform, export.certainty, export.guess)
        assert export.platform in ("csv", "xlsx")
        return
    key = next(name for name in export.answers if " ".join(str(name).split()) == base.key)
    expected = base.said[: len(rows) - base.headings]
    assert [cell.removesuffix(".0") for cell in export.answers[key]] == expected
    story = export.answers[next(name for name in export.answers if str(export.answers[name].iloc[0]) == "NA")]
    assert story.tolist()[: len(expected)] == [row[_story(base)] for row in rows[base.headings :]][: len(expected)]
    if variation != "one respondent" and base.several:
        question = next(name for name in export.choices["question"].unique() if " ".join(name.split()) == base.several)
        ticked = export.ticks(question)
        found = [[bool(cell) if cell is not None else None for cell in row] for row in ticked.astype(object).where(ticked.notna(), None).to_numpy()]  # fmt: skip
        assert [[bool(cell) for cell in row] for row in found] == [[bool(cell) for cell in row] for row in base.ticks]
    _nothing_lost(export, rows, variation)


def _story(base):
    return next(at for at, cell in enumerate(base.rows[base.headings]) if cell == "NA")


def _nothing_lost(export, rows, variation):
    """Every cell is somewhere in the export, but for those that the variation itself rewrote."""
    there = Counter(" ".join(cell.split()).removesuffix(".0") for cell in export.cells())
    if "spreadsheet's numbers" in variation or "typed" in variation:
        rows = [[cell for cell in row if not cell.startswith("2026-03")] for row in rows]
    if variation in CUT and "cut" in variation:
        return
    lost = Counter(" ".join(cell.split()) for row in rows for cell in row if cell.strip()) - there
    assert not lost, lost


AWKWARD = ["NA", "None", "null", "nan", "0012", "1e5", "TRUE", "2026-01-31", "43290.5", "-99", "n/a", "a;b", "a, b", "Design;Plan;", "two\nlines", 'say "so"', "å\u00a0ö", "=1+1", "{x}", "<b>x</b>", "[x]", "ImportId", "Response", "1", "0", ""]  # fmt: skip
CELL = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=8))  # fmt: skip


@pytest.mark.parametrize("base", BASES, ids=lambda base: base.platform)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_cell_is_found_again_whatever_was_answered(tmp_path, base, data):
    asked = [at for at in range(len(base.rows[0])) if at not in base.own and at > 0]
    rows = [list(row) for row in base.rows]
    for row in rows[base.headings :]:
        for at in asked:
            if data.draw(st.booleans()):
                row[at] = data.draw(CELL)
    path = tmp_path / "export.csv"
    path.write_bytes(_utf8(rows))
    export = read_export(path, platform=base.platform)
    there = Counter(cell.strip() for cell in export.cells())
    lost = Counter(str(cell).strip() for row in rows for cell in row if str(cell).strip()) - there
    # A heading's blanks may be tidied; an answer's may not.
    assert not Counter({cell: n for cell, n in lost.items() if cell not in base.rows[0] and cell not in base.rows[base.headings - 1]}), lost  # fmt: skip
    assert len(export.answers) == len(rows) - base.headings
    export.typed(), export.missing(), export.ticks()
