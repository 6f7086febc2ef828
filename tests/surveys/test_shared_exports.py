"""Real exports, where the folder that holds them lies beside the project: figures were counted in the files by hand."""

import csv
import gzip
import io
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from ppp.surveys import read_export
from ppp.surveys.inspection import describe, lines

EXPORTS = Path(os.environ.get("PPP_SHARED") or Path(__file__).parents[3] / "shared") / "exports"
pytestmark = pytest.mark.skipif(not EXPORTS.is_dir(), reason="the folder of real exports is not beside the project")

COMPANIONS = {
    "redcap/survey-data.csv": "redcap/survey-dictionary.csv",
    "redcap/longitudinal-data.csv": "redcap/longitudinal-dictionary.csv",
    "redcap/checkboxes-data.csv": "redcap/checkboxes-dictionary.csv",
    "redcap/decimal-comma-and-dot-data.csv": "redcap/decimal-comma-and-dot-dictionary.csv",
    "qualtrics/better-sample-survey-insights.csv": "qualtrics/better-sample-survey.qsf",
    "kobo/household_data.csv": "kobo/Nairobi_2021.xls",
}
# file: platform, respondents, columns in the file (unnamed trailing ones left out)
SHAPES = {
    "alchemer/20160115235816-SurveyExport.csv": ("alchemer", 1706, 37),
    "european-csv/survey_latin2.csv": ("csv", 237, 12),
    "googleforms/dask-2019-user-survey.csv.gz": ("googleforms", 259, 24),
    "googleforms/dask-2021-user-survey.csv.gz": ("googleforms", 247, 43),
    "kobo/household_data.csv": ("kobo", 1714, 42),
    "kobo/transportation_all.csv": ("kobo", 4, 31),
    "kobo/transportation_labels_only.csv": ("kobo", 1, 31),
    "limesurvey/quality-perception-fulltext.csv": ("limesurvey", 70, 146),
    "limesurvey/rse-2017-nl-code-and-text.csv": ("limesurvey", 77, 131),
    "msforms/encuesta-ia.xlsx": ("msforms", 10, 10),
    "qualtrics/better-sample-survey-insights.csv": ("qualtrics", 10, 59),
    "qualtrics/side-by-side-insights.csv": ("qualtrics", 25, 71),
    "qualtrics/side-by-side-legacy.csv": ("qualtrics", 25, 70),
    "redcap/survey-data.csv": ("redcap", 2, 33),
    "redcap/longitudinal-data.csv": ("redcap", 3, 125),
    "redcap/checkboxes-data.csv": ("redcap", 4, 13),
    "redcap/decimal-comma-and-dot-data.csv": ("redcap", 4, 9),
    "spss/kobo-childrens_survey.sav": ("spss", 2, 22),
    "spss/multiple-response-alltypes.sav": ("spss", 6, 12),
    "stata/missing_test.dta": ("stata", 1, 9),
    "surveyexact/dataset.xlsx": ("surveyxact", 3, 13),
    "surveymonkey/StarWars.csv": ("surveymonkey", 1186, 38),
    "surveymonkey/ospo-2018-results.csv": ("surveymonkey", 748, 174),
    "surveymonkey/steak-risk-survey.csv": ("surveymonkey", 550, 15),
}
# file: multi-select, its number of choices, and how many ticked some of them
MULTI_SELECTS = {
    "surveymonkey/StarWars.csv": (
        "Which of the following Star Wars films have you seen? Please select all that apply.",
        6,
        {"Star Wars: Episode I The Phantom Menace": 673, "Star Wars: Episode VI Return of the Jedi": 738},
    ),
    "surveymonkey/ospo-2018-results.csv": (
        "Where is your company or organization on its open source journey? (Check all that apply)",
        6,
        {"Consuming open source code in products or services": 629, "Not involved in open source": 68},
    ),
    "alchemer/20160115235816-SurveyExport.csv": (
        "Select all the words that best describe Jupyter Notebook.",
        12,
        {"comfortable": 401, "intuitive": 360, "quick": 370},
    ),
    "googleforms/dask-2019-user-survey.csv.gz": ("Dask APIs", None, {"DataFrame": 189, "Array": 140, "ML": 60}),
    "googleforms/dask-2021-user-survey.csv.gz": ("Dask APIs", None, {"DataFrame": 172, "Array": 120, "ML": 61}),
    "kobo/household_data.csv": ("HHITEMS", 10, {"Computer": 98, "Electricity": 1417, "Television": 1073}),
    "kobo/transportation_all.csv": (
        "available_transportation_types_to_referral_facility",
        10,
        {"ambulance": 2, "bicycle": 1, "taxi": 1, "boat_canoe": 0},
    ),
    "limesurvey/rse-2017-nl-code-and-text.csv": ("proj4can", 4, {"1": 17, "2": 65, "3": 8, "4": 43}),
    "qualtrics/better-sample-survey-insights.csv": (
        "q3_volunteer",
        4,
        {"Cantaloupe": 1, "Kiwi": 0, "Pomegranate": 1, "None of the above": 5},
    ),
    "redcap/checkboxes-data.csv": ("check_one", 4, {"one": 2, "two": 1, "three": 1, "four": 1}),
    "redcap/longitudinal-data.csv": ("gym", 5, {"0": 3, "1": 2, "4": 0}),
    "spss/multiple-response-alltypes.sav": ("mymrset", 3, {}),
    "surveyexact/dataset.xlsx": ("s_2", 3, {"Option A": 2, "Option B": 2, "Option C": 0}),
}
LABELS = {
    "redcap/survey-data.csv": ("sex", {"0": "Female", "1": "Male"}),
    "redcap/longitudinal-data.csv": ("sex", {"0": "Female", "1": "Male"}),
    "qualtrics/better-sample-survey-insights.csv": ("q2_favorite", {"1": "Canteloupe", "2": "Kiwi", "3": "Pomagranite"}),
    "kobo/household_data.csv": ("DrinkingWaterGroup", {"Surface": "SURFACE water (river/lake/pond/canal)", "NA": "Prefers not to answer"}),
    "surveyexact/dataset.xlsx": ("s_1", {"1": "Option A", "3": "Both A and B", "4": "Neither"}),
    "spss/multiple-response-alltypes.sav": ("x", {"1": "red", "2": "green", "3": "blue"}),
}  # fmt: skip


def _read(file):
    companion = COMPANIONS.get(file)
    return read_export(EXPORTS / file, dictionary=EXPORTS / companion if companion else None)


@pytest.mark.parametrize("file", SHAPES)
def test_platform_respondents_and_columns(file):
    platform, respondents, columns = SHAPES[file]
    export = _read(file)
    assert (export.platform, len(export.answers)) == (platform, respondents)
    assert export.answers.shape[1] + export.metadata.shape[1] + export.identifiers.shape[1] == columns
    named = set(export.questions["name"]) | set(export.choices["column"])
    assert set(export.answers.columns) <= named, "every column is a question or a choice"


@pytest.mark.parametrize("file", MULTI_SELECTS)
def test_multi_selects(file):
    question, choices, ticked = MULTI_SELECTS[file]
    export = _read(file)
    assert export.questions.set_index("name").loc[question, "kind"] == "multiple"
    own = export.choices[export.choices["question"] == question]
    assert choices is None or len(own) == choices
    ticks = export.ticks(question)
    assert (ticks.dtypes == "boolean").all()
    found = {}
    for row in own.itertuples():
        found[row.label] = found[row.code] = int(ticks[row.column].sum())
    assert {label: found[label] for label in ticked} == ticked


@pytest.mark.parametrize("file", LABELS)
def test_labels(file):
    question, labels = LABELS[file]
    assert labels.items() <= _read(file).labels(question).items()


def _cells(path: Path) -> Counter:
    """Every cell of a text file that is not blank, by the standard library alone."""
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    dialect = ";" if "european" in str(path) else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=dialect)
    return Counter(cell for row in rows for cell in row if cell.strip())


@pytest.mark.parametrize("file", [file for file in SHAPES if ".csv" in file])
def test_every_cell_is_found_again(file):
    export = _read(file)
    there = Counter(cell for cell in export.cells() if cell.strip())
    lost = _cells(EXPORTS / file) - there
    if export.repeats or "repeat" in file:
        lost = Counter(cell for cell in lost if cell not in there)  # a record's id stands once for all its events
    assert not lost


def test_test_responses_are_marked_and_partial_ones_counted():
    assert _read("qualtrics/better-sample-survey-insights.csv").is_test.sum() == 10
    assert _read("alchemer/20160115235816-SurveyExport.csv").is_complete.sum() == 779


def test_both_exports_of_one_qualtrics_survey_tell_the_same():
    new, old = _read("qualtrics/side-by-side-insights.csv"), _read("qualtrics/side-by-side-legacy.csv")
    assert sorted(new.answers.to_numpy().ravel()) == sorted(old.answers.to_numpy().ravel())


def test_missing_codes_of_spss_and_stata_have_reasons():
    spss = _read("spss/multiple-response-alltypes.sav")
    assert "999" in set(spss.missing_codes.loc[spss.missing_codes["question"] == "z", "code"])
    stata = _read("stata/missing_test.dta")
    assert dict(zip(stata.missing_codes["question"], stata.missing_codes["code"], strict=True))["var2"] == "b"
    assert stata.missing().loc[1, "var1"] == "skipped"
    assert stata.typed()["var9"].tolist() == [1.0]


def test_decimal_commas_and_points_stand_side_by_side():
    typed = _read("redcap/decimal-comma-and-dot-data.csv").typed()
    assert typed["height_dot"].tolist() == typed["height_comma"].tolist() == [1.54, 1.84, 1.95, 1.61]
    european = _read("european-csv/survey_latin2.csv").typed()
    assert european["Wr.Hnd"].iloc[:3].tolist() == [18.5, 19.5, 18.0]
    assert european["Age"].iloc[0] == 18.25


def test_checkboxes_of_a_form_that_was_never_opened_are_missing():
    ticks = _read("redcap/checkboxes-data.csv").ticks("check_two")
    assert ticks.iloc[0].tolist() == [True, False, True, False, False]
    assert ticks.iloc[3].isna().all()


@pytest.mark.parametrize("file", SHAPES)
def test_inspect_never_shows_what_somebody_wrote(file):
    export = _read(file)
    about = describe(export)
    text = "\n".join(lines(about))
    assert about["responses"] == len(export.answers)
    written = {
        cell
        for question in export.questions.itertuples()
        if question.kind == "text" and question.name in export.answers
        for cell in export.answers[question.name]
        if len(cell) > 25
    }
    assert not [cell for cell in written if cell in text]


def test_a_set_of_categories_is_one_column_a_choice_too():
    export = _read("spss/multiple-response-alltypes.sav")
    ticks = export.ticks("categorical_array")
    # by hand, from the six rows of ca_subvar_1 to ca_subvar_3: aab abc bcd bbb abd bcd
    assert ticks.sum().tolist() == [3, 6, 3, 3]
    assert (ticks.dtypes == "boolean").all()
    assert export.labels("categorical_array") == {"a": "a", "b": "b", "c": "c", "d": "d"}
    # a column that was dropped at the door is not looked for
    without = replace(export, answers=export.answers.drop(columns="ca_subvar_1"))
    assert without.ticks("categorical_array").sum().tolist() == [1, 4, 3, 3]
