"""REDCap: codes become words through the dictionary, repeats become child tables, identifiers are dropped."""

import os
from pathlib import Path

import pytest

from ppp.errors import BadInput
from ppp.surveys import read_export

EXPORTS = Path(os.environ.get("PPP_SHARED") or Path(__file__).parents[3] / "shared") / "exports"
HEADINGS = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,Text Validation Type OR Show Slider Number,'
    "Text Validation Min,Text Validation Max,Identifier?,Branching Logic (Show field only if...),Required Field?,"
    "Custom Alignment,Question Number (surveys only),Matrix Group Name,Matrix Ranking?,Field Annotation"
)
FIELDS = [
    'record_id,main,,text,Record,"",,,,,,,,,,,,',
    'role,main,,radio,Your role,"1, Patient | 2,Staff",,,,,,,,,,,,',
    'email,main,,text,E-mail,"",,email,,,y,,,,,,,',
    'title,activity,,text,What,"",,,,,,,,,,,,',
    'phases,activity,,checkbox,When,"d, Design | p, Plan",,,,,,,,,,,,',
    'paid,activity,,yesno,Paid?,"",,,,,,,,,,,,',
]
RECORDS = """record_id,redcap_repeat_instrument,redcap_repeat_instance,role,email,main_complete,title,phases___d,phases___p,paid
1,,,1,a@b.se,2,,,,
1,activity,1,,,,First,1,0,1
1,activity,2,,,,Second,0,0,0
2,,,2,c@d.se,2,,,,
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "dictionary.csv").write_text("\n".join([HEADINGS, *FIELDS]) + "\n", encoding="utf-8")
    (tmp_path / "records.csv").write_text(RECORDS, encoding="utf-8")
    return tmp_path


def test_records_and_repeats_are_kept_apart_and_identifiers_dropped(files):
    export = read_export(files / "records.csv", dictionary=files / "dictionary.csv")
    assert export.platform == "redcap"
    assert export.answers["record_id"].tolist() == ["1", "2"]
    assert "email" not in export.answers
    assert any("identifiers" in note for note in export.notes)
    assert export.metadata["main_complete"].tolist() == ["2", "2"]
    child = export.repeats["activity"]
    assert child["title"].tolist() == ["First", "Second"]
    assert child["respondent"].tolist() == [2, 2], "the row of record 1 in the file"


def test_codes_have_their_labels(files):
    export = read_export(files / "records.csv", dictionary=files / "dictionary.csv")
    assert export.labels("role") == {"1": "Patient", "2": "Staff"}
    assert export.labels("paid") == {"1": "Yes", "0": "No"}
    ticks = export.choices[export.choices["question"] == "phases"]
    assert ticks["column"].tolist() == ["phases___d", "phases___p"]


def test_raw_records_without_their_dictionary_ask_for_it(files):
    export = read_export(files / "records.csv")
    assert any("dictionary" in note for note in export.notes)
    assert export.answers["role"].tolist() == ["1", "2"]


def test_another_csv_is_no_dictionary(files):
    with pytest.raises(BadInput, match="not a REDCap data dictionary"):
        read_export(files / "records.csv", dictionary=files / "records.csv")


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the folder of real exports is not beside the project")
def test_real_records_read_with_their_dictionaries():
    found = 0
    for dictionary in sorted(EXPORTS.glob("redcap/**/*ictionary*.csv")):
        for records in sorted(dictionary.parent.glob("*.csv")):
            stem = dictionary.name.lower().split("data_dictionary")[0].split("dictionary")[0].strip("_-")
            if (
                records == dictionary
                or "ictionary" in records.name
                or not stem
                or not records.name.lower().startswith(stem[:6])
            ):
                continue
            export = read_export(records, dictionary=dictionary)
            assert len(export.answers) > 0
            found += 1
    if not found:
        pytest.skip("no real records lie beside a dictionary of theirs")
