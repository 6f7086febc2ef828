"""Each platform's shapes, in small made-up files: also those that no real file at hand shows."""

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from datetime import datetime

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from ppp.surveys import read_export


def _csv(rows, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _write_csv(path, rows, *, delimiter=",", encoding="utf-8"):
    path.write_bytes(_csv(rows, delimiter).encode(encoding))
    return path


def _write_xlsx(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def _nothing_lost(export, rows):
    there = Counter(cell for cell in export.cells() if cell.strip())
    assert not Counter(str(cell) for row in rows for cell in row if str(cell or "").strip()) - there


# -- Qualtrics ---------------------------------------------------------------------------------------------------------

QSF = {
    "SurveyEntry": {},
    "SurveyElements": [
        {
            "Element": "SQ",
            "Payload": {
                "QuestionID": "QID1", "DataExportTag": "Q1", "QuestionText": "Your <b>role</b>", "QuestionType": "MC",
                "Selector": "SAVR", "Choices": {"1": {"Display": "Patient"}, "4": {"Display": "Professional"}},
                "RecodeValues": {"1": "1", "4": "2"},
            },
        },
        {
            "Element": "SQ",
            "Payload": {
                "QuestionID": "QID2", "DataExportTag": "Q2", "QuestionText": "Phases", "QuestionType": "MC",
                "Selector": "MAVR", "Choices": {"1": {"Display": "Design"}, "399": {"Display": "Plan, with others"}},
            },
        },
        {
            "Element": "SQ",
            "Payload": {
                "QuestionID": "QID3", "DataExportTag": "Q3", "QuestionText": "How much?", "QuestionType": "Matrix",
                "Selector": "Likert", "SubSelector": "SingleAnswer", "Choices": {"1": {"Display": "We are heard"}},
                "Answers": {"1": {"Display": "Not at all"}, "2": {"Display": "Entirely"}},
                "RecodeValues": {"1": "10", "2": "20"},
            },
        },
    ],
}  # fmt: skip
QUALTRICS = [
    ["StartDate", "Status", "IPAddress", "Finished", "ResponseId", "UserLanguage", "Q1", "Q2_1", "Q2_2", "Q3_1", "Q2_2_TEXT"],
    ["Start Date", "Response Type", "IP Address", "Finished", "Response ID", "User Language", "Your role", "Phases - Selected Choice - Design", "Phases - Selected Choice - Plan, with others", "How much? - We are heard", "Other text"],
    [json.dumps({"ImportId": each}) for each in ("startDate", "status", "ipAddress", "finished", "_recordId", "userLanguage", "QID1", "QID2_1", "QID2_399", "QID3_1", "QID2_399_TEXT")],
    ["2026-01-01 10:00:00", "0", "1.2.3.4", "1", "R_1", "SV", "2", "1", "", "20", "0012"],
    ["2026-01-01 11:00:00", "1", "1.2.3.5", "0", "R_2", "EN", "1", "", "399", "-99", "1e5"],
]  # fmt: skip


def test_qualtrics_in_numbers_with_its_survey(tmp_path):
    (tmp_path / "survey.qsf").write_text(json.dumps(QSF), encoding="utf-8")
    export = read_export(_write_csv(tmp_path / "a.csv", QUALTRICS), dictionary=tmp_path / "survey.qsf")
    assert (export.platform, export.certainty) == ("qualtrics", 1.0)
    assert export.labels("Q1") == {"1": "Patient", "2": "Professional"}
    assert export.labels("Q3_1") == {"10": "Not at all", "20": "Entirely"}
    assert export.choices.set_index("column").loc["Q2_2", "label"] == "Plan, with others", "joined by ImportId"
    assert export.ticks("Q2").to_numpy().tolist() == [[True, False], [False, True]]
    assert export.is_test.tolist() == [False, True]
    assert export.is_complete.tolist() == [True, False]
    assert export.missing().loc[5, "Q3_1"] == "skipped"
    assert "IPAddress" in export.identifiers
    assert "IPAddress" not in export.metadata
    assert export.typed()["Q1"].tolist() == ["Professional", "Patient"]
    _nothing_lost(export, QUALTRICS)


def test_qualtrics_in_words_with_choices_in_one_cell(tmp_path):
    cells = ["Q2", "Phases", '{"ImportId":"QID2"}', "Design,Plan, with others", "Plan, with others"]
    rows = [[*row[:6], cell] for row, cell in zip(QUALTRICS, cells, strict=True)]
    (tmp_path / "survey.qsf").write_text(json.dumps(QSF), encoding="utf-8")
    export = read_export(_write_csv(tmp_path / "a.csv", rows), dictionary=tmp_path / "survey.qsf")
    assert export.ticks("Q2").to_numpy().tolist() == [[True, True], [False, True]]


def test_qualtrics_without_its_upper_rows_is_still_known_and_says_so(tmp_path):
    export = read_export(_write_csv(tmp_path / "a.csv", [QUALTRICS[0], *QUALTRICS[3:]]))
    assert export.platform == "qualtrics"
    assert len(export.answers) == 2
    assert any("missing from the file" in note for note in export.notes)


def test_qualtrics_zipped_as_it_is_downloaded(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("survey.csv", _csv(QUALTRICS))
    assert len(read_export(tmp_path / "a.zip").answers) == 2


def test_qualtrics_through_spss(tmp_path):
    table = pd.DataFrame(
        {"ResponseId": ["R_1"], "StartDate": ["2026"], "Finished": [1.0], "Q1": [2.0], "IPAddress": ["1"]}
    )
    pyreadstat.write_sav(
        table,
        str(tmp_path / "a.sav"),
        column_labels={"Q1": "Your role"},
        variable_value_labels={"Q1": {1: "Patient", 2: "Professional"}},
    )
    export = read_export(tmp_path / "a.sav")
    assert export.platform == "qualtrics"
    assert export.labels("Q1") == {"1": "Patient", "2": "Professional"}
    assert export.answers.columns.tolist() == ["Q1"]
    assert "IPAddress" in export.identifiers
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.sav", "a.sav")
    assert read_export(tmp_path / "a.zip").answers.equals(export.answers)


# -- REDCap ------------------------------------------------------------------------------------------------------------

DICTIONARY = [
    ["Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels", "Identifier?", "Branching Logic (Show field only if...)"],
    ["record_id", "main", "", "text", "Record ID", "", "", ""],
    ["role", "main", "", "radio", "Your role", "1, Patient | 2, Staff | 9, Vet inte", "", ""],
    ["ward", "main", "", "text", "Which ward?", "", "", "[role] = '2'"],
    ["title", "activity", "", "text", "What was done", "", "", ""],
    ["phases", "activity", "", "checkbox", "When", "1, Design | 2, Plan", "", ""],
]  # fmt: skip
REDCAP_LABELS = [
    ["Record ID", "Repeat Instrument", "Repeat Instance", "Your role", "Which ward?", "Complete?", "What was done", "When (choice=Design)", "When (choice=Plan)", "Complete?"],
    ["1", "", "", "Patient", "", "Complete", "", "", "", ""],
    ["1", "Activity", "1", "", "", "", "A board", "Checked", "Unchecked", "Complete"],
    ["2", "", "", "Staff", "7", "Complete", "", "", "", ""],
]  # fmt: skip


@pytest.mark.parametrize("with_dictionary", [True, False])
def test_redcap_with_labels(tmp_path, with_dictionary):
    dictionary = _write_csv(tmp_path / "dictionary.csv", DICTIONARY) if with_dictionary else None
    export = read_export(_write_csv(tmp_path / "a.csv", REDCAP_LABELS), dictionary=dictionary)
    assert export.platform == "redcap"
    role = "role" if with_dictionary else "Your role"
    assert export.answers[role].tolist() == ["Patient", "Staff"]
    child = export.repeats["Activity"]
    assert child["respondent"].tolist() == [2]
    own = export.choices[export.choices["label"] == "Design"].iloc[0]
    assert child[own["column"]].tolist() == ["Checked"]
    assert own["question"] == ("phases" if with_dictionary else "When")
    _nothing_lost(export, [row[1:] for row in REDCAP_LABELS])


def test_redcap_fields_that_were_not_shown(tmp_path):
    rows = [
        ["record_id", "role", "ward", "main_complete"],
        ["1", "1", "", "2"],
        ["2", "2", "", "2"],
        ["3", "9", "", "2"],
    ]
    export = read_export(
        _write_csv(tmp_path / "a.csv", rows), dictionary=_write_csv(tmp_path / "dictionary.csv", DICTIONARY)
    )
    assert export.missing()["ward"].tolist() == ["not_shown", "skipped", "not_shown"]
    assert export.missing()["role"].tolist()[2] == "dont_know", "the choice's label says so"


def test_redcap_repeats_of_a_record_that_is_not_there_are_kept_apart(tmp_path):
    rows = [
        ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance", "role", "title"],
        ["1", "", "", "1", ""],
        ["7", "activity", "1", "", "Lost and found"],
    ]
    export = read_export(_write_csv(tmp_path / "a.csv", rows))
    assert "Lost and found" in set(export.cells())
    assert any("set aside 1 rows" in note for note in export.notes)


# -- LimeSurvey --------------------------------------------------------------------------------------------------------

LSS = """<?xml version="1.0" encoding="UTF-8"?>
<document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<groups><rows><row><gid>1</gid><group_name><![CDATA[About you]]></group_name></row></rows></groups>
<questions><rows>
<row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><type>L</type><title>role</title><question><![CDATA[<p>Din roll?</p>]]></question></row>
<row><qid>2</qid><parent_qid>0</parent_qid><gid>1</gid><type>M</type><title>when</title><question>N&#228;r?</question></row>
</rows></questions>
<subquestions><rows>
<row><qid>3</qid><parent_qid>2</parent_qid><gid>1</gid><title>SQ1</title><question>Planering</question></row>
<row><qid>4</qid><parent_qid>2</parent_qid><gid>1</gid><title>SQ2</title><question>Genomf&#246;rande</question></row>
</rows></subquestions>
<answers><rows><row><qid>1</qid><code>A1</code><answer>Patient</answer></row><row><qid>1</qid><code>A2</code><answer>Personal</answer></row></rows></answers>
</document>"""
STRUCTURE = (
    "class\ttype/scale\tname\trelevance\ttext\n"
    "G\t0\tAbout you\t1\t\nQ\tL\trole\t1\tDin roll?\nA\t0\tA1\t\tPatient\nA\t0\tA2\t\tPersonal\n"
    "Q\tM\twhen\t1\tNär?\nSQ\t0\tSQ1\t1\tPlanering\nSQ\t0\tSQ2\t1\tGenomförande\n"
)
LIME_CODES = [
    ["id", "submitdate", "lastpage", "startlanguage", "seed", "role", "when[SQ1]", "when[SQ2]", "when[other]"],
    ["1", "2026-01-01 10:00:00", "2", "sv", "123", "A1", "Y", "", "0012"],
    ["2", "", "1", "sv", "124", "A2", "", "", ""],
]


@pytest.mark.parametrize(("name", "content"), [("survey.lss", LSS), ("survey.txt", STRUCTURE)])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_limesurvey_in_codes_with_its_structure(tmp_path, name, content, delimiter):
    (tmp_path / name).write_text(content, encoding="utf-8")
    path = _write_csv(tmp_path / "a.csv", LIME_CODES, delimiter=delimiter, encoding="utf-8-sig")
    export = read_export(path, dictionary=tmp_path / name)
    assert (export.platform, export.certainty) == ("limesurvey", 1.0)
    assert export.labels("role") == {"A1": "Patient", "A2": "Personal"}
    assert export.questions.set_index("name").loc["role", ["text", "group"]].tolist() == ["Din roll?", "About you"]
    assert export.choices.set_index("column").loc["when[SQ2]", "label"] == "Genomförande"
    assert export.ticks("when").iloc[0].tolist() == [True, False]
    assert export.ticks("when").iloc[1].isna().all()
    assert export.is_complete.tolist() == [True, False]
    _nothing_lost(export, LIME_CODES)


def test_limesurvey_in_full_in_another_language_with_headings_that_repeat(tmp_path):
    rows = [
        ["Svars-ID", "Datum inskickat", "Sista sidan", "Startspråk", "När? [Planering]", "När? [Genomförande]", "Hur? []", "Hur? []"],
        ["1", "2026-01-01 10:00:00", "2", "sv", "Ja", "Nej", "bra", "väl"],
        ["2", "2026-01-01 10:00:00", "2", "sv", "Nej", "Nej", "", "väl"],
    ]  # fmt: skip
    export = read_export(_write_csv(tmp_path / "a.csv", rows, delimiter=";", encoding="cp1252"))
    assert export.platform == "limesurvey"
    assert export.ticks("När?").to_numpy().tolist() == [[True, False], [False, False]]
    _nothing_lost(export, rows)
    # Headings in a language that is not known here are told by what the columns hold.
    rows[0][:4] = ["a", "b", "c", "d"]
    assert (
        read_export(_write_csv(tmp_path / "b.csv", [*rows, ["3", "", "1", "sv", "", "", "", ""]])).platform
        == "limesurvey"
    )


# -- SurveyMonkey ------------------------------------------------------------------------------------------------------

MONKEY = [
    ["Respondent ID", "Collector ID", "Start Date", "IP Address", "Which phases?", None, None, "Your role", "How much?", None],
    [None, None, None, None, "Design", "Plan", "Other (please specify)", "Response", "We are heard", "We are paid"],
    ["10103000748", "99", "43290.53487", "1.2.3.4", "Design", None, "0012", "N/A", "None", "TRUE"],
    ["10103000749", "99", "43291", "1.2.3.4", None, "Plan", None, "Patient", "A lot", "A little"],
    ["10103000750", "99", "43291", "1.2.3.4", "Design", "Plan", "Later", "Patient", "A lot", "A lot"],
]  # fmt: skip


@pytest.mark.parametrize("shape", ["csv", "xlsx", "repeated metadata"])
def test_surveymonkey_with_two_heading_rows(tmp_path, shape):
    rows = [list(row) for row in MONKEY]
    if shape == "repeated metadata":
        rows[1][:4] = rows[0][:4]
    if shape == "xlsx":
        path = _write_xlsx(tmp_path / "a.xlsx", {"Sheet": rows})
    else:
        path = _write_csv(tmp_path / "a.csv", rows)
    export = read_export(path)
    assert (export.platform, len(export.answers)) == ("surveymonkey", 3)
    assert export.ticks("Which phases?").to_numpy().tolist() == [[True, False], [False, True], [True, True]]
    assert export.answers["Which phases? [Other (please specify)]"].tolist() == ["0012", "", "Later"]
    assert export.answers["Your role"].tolist() == ["N/A", "Patient", "Patient"]
    assert export.answers["How much? [We are heard]"].iloc[0] == "None"
    assert export.metadata["Respondent ID"].iloc[0] == "10103000748"
    assert any("serial numbers" in note for note in export.notes)
    _nothing_lost(export, rows)


def test_surveymonkey_made_flat(tmp_path):
    rows = [
        ["Respondent ID", "Start Date", "End Date", "Which phases? - Design", "Which phases? - Plan", "Your role"],
        ["10103000748", "2026-01-01", "2026-01-01", "Design", "", "Patient"],
        ["10103000749", "2026-01-01", "2026-01-01", "", "Plan", "Patient"],
    ]
    export = read_export(_write_csv(tmp_path / "a.csv", rows))
    assert export.platform == "surveymonkey"
    assert export.ticks("Which phases?").to_numpy().tolist() == [[True, False], [False, True]]


def _resaved(rows):
    """As pandas saves a file anew: an index first, empty headings named, copies numbered."""
    table = pd.read_csv(io.StringIO(_csv(rows)), dtype=str)
    return [row.split("\x1f") for row in table.to_csv(sep="\x1f").splitlines()]


@pytest.mark.parametrize(
    ("platform", "rows", "question"),
    [
        ("surveymonkey", MONKEY, "Which phases?"),
        ("qualtrics", QUALTRICS, "Q2"),
        ("limesurvey", LIME_CODES, None),
        ("redcap", [["record_id", "redcap_event_name", "p___1", "p___2", "q"], ["1", "a", "1", "0", "x"], ["1", "b", "", "", "y"]], "p"),
    ],
)  # fmt: skip
def test_a_file_that_was_saved_anew_with_an_index_is_still_known(tmp_path, platform, rows, question):
    path = tmp_path / "a.csv"
    path.write_text(_csv(_resaved(rows)), encoding="utf-8")
    export = read_export(path)
    assert export.platform == platform
    assert "column 1" not in export.answers
    original = read_export(_write_csv(tmp_path / "b.csv", rows))
    assert len(export.answers) == len(original.answers)
    assert export.answers.shape[1] == original.answers.shape[1]
    if question:
        assert export.ticks(question).to_numpy().tolist() == original.ticks(question).to_numpy().tolist()


# -- Google and Microsoft Forms ----------------------------------------------------------------------------------------

GOOGLE = [["Timestamp", "Which phases?", "How much?  [We are heard]", " Why? "]] + [
    ["2026-01-01 10:00:00", phases, "A lot", why]
    for phases, why in [
        ("Design;Plan", "two\nlines"),
        ("Plan", "NA"),
        ("Design", "=1+1"),
        ("Design;Plan;Later, maybe", ""),
    ]
]


@pytest.mark.parametrize("shape", ["csv", "gz", "xlsx"])
@pytest.mark.parametrize("separator", [";", ", "])
def test_google_forms(tmp_path, shape, separator):
    rows = [[cell.replace(";", separator) for cell in row] for row in GOOGLE]
    if shape == "xlsx":
        rows[3][3] = "+1"  # a cell that begins with = would be a formula
        path = _write_xlsx(tmp_path / "a.xlsx", {"Form Responses 1": rows})
    else:
        path = tmp_path / "a.csv"
        data = _csv(rows).encode()
        path.write_bytes(gzip.compress(data) if shape == "gz" else data)
    export = read_export(path)
    assert export.platform == "googleforms"
    question = export.questions.set_index("name").loc["Which phases?"]
    assert (question["kind"], question["separator"]) == ("multiple", separator)
    ticks = export.ticks("Which phases?")
    assert ticks["Which phases? [Plan]"].tolist() == [True, True, False, True]
    assert export.questions.set_index("name").loc["How much?  [We are heard]", "text"] == "How much? [We are heard]"
    _nothing_lost(export, [[cell.strip() for cell in rows[0]][:3], *rows[1:]])


def test_a_comma_in_a_label_does_not_part_it(tmp_path):
    rows = [["Timestamp", "How often do you meet?"]]
    rows += [["2026-01-01 10:00:00", answer] for answer in ["Often, or always", "Never", "Sometimes"] * 5]
    export = read_export(_write_csv(tmp_path / "a.csv", rows))
    assert export.questions["kind"].tolist() == [""]


@pytest.mark.parametrize(
    ("heading", "anonymous"),
    [
        (["ID", "Start time", "Completion time", "Email", "Name"], "anonymous"),
        (["ID", "Starttid", "Slutförandetid", "E-post", "Namn"], "anonym"),
        (["Id", "Zahájení", "Dokončení", "E-mail", "Jméno"], "anonymous"),
    ],
)
def test_microsoft_forms_in_the_users_language(tmp_path, heading, anonymous):
    start = datetime(2026, 3, 1, 14, 30)
    rows = [
        [*heading, "Vilka faser?", "Varför?"],
        [1, start, start, anonymous, None, "Planering;Genomförande;", "De acuerdo\u00a0"],
        [4, start, start, anonymous, None, "Planering;", "0012"],
    ]
    export = read_export(_write_xlsx(tmp_path / "a.xlsx", {"Sheet1": rows}))
    assert export.platform == "msforms"
    assert export.ticks("Vilka faser?").to_numpy().tolist() == [[True, True], [True, False]]
    assert export.metadata.iloc[1, 1] == "2026-03-01 14:30:00"
    assert heading[3] in export.identifiers
    assert any("no-break" in note for note in export.notes)


# -- Kobo and ODK ------------------------------------------------------------------------------------------------------

XLSFORM = {
    "survey": [
        ["type", "name", "label::English (en)", "label::Svenska (sv)", "relevant"],
        ["start", "start", None, None, None],
        ["begin_group", "about", "About you", "Om dig", None],
        ["select_one roles", "role", "Your role", "Din roll", None],
        ["text", "ward", "Which ward?", "Vilken avdelning?", "${role} = 'prof'"],
        ["end_group", None, None, None, None],
        ["begin_repeat", "activity", "Activity", "Aktivitet", None],
        ["text", "title", "What?", "Vad?", None],
        ["select_multiple phases", "phases", "When?", "När?", None],
        ["end_repeat", None, None, None, None],
    ],
    "choices": [
        ["list_name", "name", "label::English (en)"],
        ["roles", "pat", "Patient"],
        ["roles", "prof", "Professional"],
        ["phases", "design", "Design"],
        ["phases", "plan", "Plan"],
    ],
}


@pytest.mark.parametrize("mark", ["/", ".", "-"])
def test_kobo_with_repeats_on_sheets_of_their_own(tmp_path, mark):
    main = [
        [
            "start",
            f"about{mark}role",
            f"about{mark}ward",
            "_id",
            "_uuid",
            "_submission_time",
            "_submitted_by",
            "_index",
        ],
        ["2026-01-01T10:00:00", "pat", None, 7, "u1", "2026-01-01T10:05:00", "kim", 1],
        ["2026-01-01T10:00:00", "prof", None, 8, "u2", "2026-01-01T10:05:00", "kim", 2],
    ]
    child = [
        [f"activity{mark}title", f"activity{mark}phases", "_index", "_parent_table_name", "_parent_index"],
        ["A board", "design plan", 1, "form", 2],
        ["A course", "plan", 2, "form", 2],
    ]
    path = _write_xlsx(tmp_path / "a.xlsx", {"form": main, "activity": child})
    export = read_export(path, dictionary=_write_xlsx(tmp_path / "form.xlsx", XLSFORM))
    assert export.platform == "kobo"
    assert export.answers.columns.tolist() == ["role", "ward"]
    assert export.labels("role") == {"pat": "Patient", "prof": "Professional"}
    assert export.missing()["ward"].tolist() == ["not_shown", "skipped"]
    assert export.repeats["activity"]["respondent"].tolist() == [3, 3]
    assert export.repeats["activity"]["title"].tolist() == ["A board", "A course"]
    assert export.questions.set_index("name").loc["phases", "kind"] == "multiple"
    assert "_submitted_by" in export.identifiers
    _nothing_lost(export, [*main, *child])


@pytest.mark.parametrize(("yes", "no"), [("1", "0"), ("True", "False")])
def test_kobo_select_multiple_as_a_cell_and_as_columns(tmp_path, yes, no):
    rows = [
        ["g/phases", "g/phases/design", "g/phases/plan", "_uuid", "_submission_time"],
        ["design plan", yes, yes, "u1", "2026"],
        ["plan", no, yes, "u2", "2026"],
        ["n/a", "n/a", "n/a", "u3", "2026"],
    ]
    export = read_export(_write_csv(tmp_path / "a.csv", rows))
    assert "phases" in export.answers
    assert export.questions.set_index("name").loc["phases", "kind"] == "multiple"
    ticks = export.ticks("phases").astype("object").where(lambda cells: cells.notna(), None)
    assert ticks.to_numpy().tolist() == [[True, True], [False, True], [None, None]]


# -- SurveyXact, Alchemer, statistics programs -------------------------------------------------------------------------


def test_surveyxact_codes_alone_ask(tmp_path):
    rows = [["s_1", "s_2_1", "s_2_2", "s_3"], ["1", "0", "1", "x"]]
    export = read_export(_write_xlsx(tmp_path / "a.xlsx", {"Dataset": rows}))
    assert (export.platform, export.guess) == ("xlsx", "surveyxact")
    assert any("platform: surveyxact" in note for note in export.notes)


def test_alchemer_with_columns_for_choices_and_test_responses(tmp_path):
    rows = [
        ["Response ID", "Time Started", "Date Submitted", "Status", "Is Test Data", "IP Address", "Design:Which phases?", "Plan:Which phases?", "Other - Write In:Which phases?"],
        ["1", "2026-01-01", "2026-01-01", "Complete", "0", "1.2.3.4", "Design", "", "later on"],
        ["2", "2026-01-01", "", "Partial", "1", "1.2.3.4", "", "Plan", ""],
    ]  # fmt: skip
    export = read_export(_write_csv(tmp_path / "a.csv", rows))
    assert export.platform == "alchemer"
    assert export.ticks("Which phases?").to_numpy().tolist() == [[True, False], [False, True]]
    assert export.is_test.tolist() == [False, True]
    assert export.is_complete.tolist() == [True, False]
    _nothing_lost(export, rows)


def test_spss_missing_codes_and_ranges_have_reasons(tmp_path):
    table = pd.DataFrame({"q": [1.0, 2.0, 98.0, 99.0, None], "name": ["0012", "NA", "", "å", "1e5"]})
    pyreadstat.write_sav(
        table,
        str(tmp_path / "a.sav"),
        variable_value_labels={"q": {1: "Nej", 2: "Ja", 98: "Vill ej svara", 99: "Vet ej"}},
        missing_ranges={"q": [{"lo": 97, "hi": 99}]},
    )
    export = read_export(tmp_path / "a.sav")
    assert export.answers["q"].tolist() == ["1", "2", "98", "99", ""]
    assert export.answers["name"].tolist() == ["0012", "NA", "", "å", "1e5"]
    assert export.missing()["q"].fillna("").tolist() == ["", "", "refused", "dont_know", "skipped"]
    assert export.typed()["q"].astype("string").fillna("").tolist() == ["Nej", "Ja", "", "", ""]


def test_stata_extended_missing_values(tmp_path):
    table = pd.DataFrame({"q": [1.0, 2.0, "a"]}, dtype="object")
    pyreadstat.write_dta(
        table,
        str(tmp_path / "a.dta"),
        missing_user_values={"q": ["a"]},
        variable_value_labels={"q": {1: "No", 2: "Yes", "a": "Not applicable"}},
    )
    export = read_export(tmp_path / "a.dta")
    assert export.platform == "stata"
    assert export.missing()["q"].fillna("").tolist() == ["", "", "not_applicable"]


def test_a_cut_off_spss_file_is_told(tmp_path):
    from ppp.errors import BadInput

    pyreadstat.write_sav(pd.DataFrame({"q": [1.0] * 50}), str(tmp_path / "a.sav"))
    data = (tmp_path / "a.sav").read_bytes()
    (tmp_path / "cut.sav").write_bytes(data[: len(data) // 3])
    with pytest.raises(BadInput, match="cut off or broken"):
        read_export(tmp_path / "cut.sav")


def test_ods_is_read_as_a_spreadsheet(tmp_path):
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Svar"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>id</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>fråga</text:p></table:table-cell></table:table-row>'
        '<table:table-row><table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>0012</text:p></table:table-cell></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')  # fmt: skip
    export = read_export(tmp_path / "a.ods")
    assert export.answers.to_numpy().tolist() == [["1", "0012"]]
