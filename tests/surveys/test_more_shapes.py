"""Shapes that platforms write beside their usual ones."""

import io
import zipfile

import pytest

from ppp.errors import BadInput
from ppp.study import open_study
from ppp.surveys import read_export

MAIN = "SubmissionDate,role,meta-instanceID,KEY\n2026-01-01T10:00:00Z,pat,uuid:1,uuid:1\n2026-01-02T10:00:00Z,prof,uuid:2,uuid:2\n"
ACTIVITY = "title,PARENT_KEY,KEY\nA board,uuid:2,uuid:2/activity[1]\nA course,uuid:2,uuid:2/activity[2]\n"
PERSON = "who,PARENT_KEY,KEY\nchair,uuid:2/activity[2],uuid:2/activity[2]/person[1]\n"


def _archive(parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return packed.getvalue()


@pytest.mark.parametrize("shape", ["archive", "files"])
def test_repeats_in_tables_of_their_own(tmp_path, shape):
    parts = {"form-activity.csv": ACTIVITY, "form.csv": MAIN, "form-person.csv": PERSON}
    for name, text in parts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "form.zip").write_bytes(_archive({**parts, "media/1.jpg": "x"}))
    beside = [tmp_path / "form-activity.csv", tmp_path / "form-person.csv"]
    export = (
        read_export(tmp_path / "form.zip") if shape == "archive" else read_export(tmp_path / "form.csv", parts=beside)
    )
    assert export.platform == "kobo"
    assert export.answers["role"].tolist() == ["pat", "prof"]
    assert export.repeats["form-activity"]["title"].tolist() == ["A board", "A course"]
    assert export.repeats["form-activity"]["respondent"].tolist() == [3, 3]
    assert export.repeats["form-person"]["respondent"].tolist() == [3], "a repeat inside a repeat"
    assert {"A board", "chair", "uuid:2/activity[2]/person[1]"} <= set(export.cells())


def test_an_archive_of_tables_that_do_not_belong_together_asks(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(_archive({"a.csv": "a,b\n1,2\n", "b.csv": "a,b\n1,2\n"}))
    with pytest.raises(BadInput, match="which one is the main one"):
        read_export(path)


def test_a_study_names_the_parts_and_reads_anew_when_one_changes(small):
    small.settings["exports"] = [
        {"file": "form.csv", "parts": ["form-activity.csv"], "wave": "2026", "mapping": "kobo"}
    ]
    small.settings["mappings"]["kobo"] = {
        "organization": {"constant": "norra"},
        "role": {"column": "role", "values": {"pat": "patient", "prof": "professional"}},
        "activities": {"table": "form-activity", "title": "title"},
    }
    folder = small.write()
    for name, text in (("form.csv", MAIN), ("form-activity.csv", ACTIVITY)):
        (folder / "exports" / name).write_text(text, encoding="utf-8")
    study = open_study(folder)
    assert study.activities()["title"].tolist() == ["A board", "A course"]
    assert folder / "exports" / "form-activity.csv" in study.input_files()
    before = study.kept.key(study.settings.exports[0])
    (folder / "exports" / "form-activity.csv").write_text(ACTIVITY.replace("course", "group"), encoding="utf-8")
    assert open_study(folder).kept.key(study.settings.exports[0]) != before
    (folder / "exports" / "form-activity.csv").unlink()
    with pytest.raises(BadInput, match=r"exports/form-activity\.csv"):
        open_study(folder).activities()


DICTIONARY = (
    'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider Labels"\n'
    'record_id,main,text,Record ID,\nrole,main,radio,Your role,"1, Patient | 2, Staff"\nheard,main,radio,Heard?,"1, No | 2, Yes"\n'
)


def test_redcaps_missing_data_codes(tmp_path):
    (tmp_path / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    path = tmp_path / "a.csv"
    path.write_text(
        "record_id,role,heard,main_complete\n1,1,NASK,2\n2,UNK,-999,2\n3,2,2,2\n4,2,2,2\n", encoding="utf-8"
    )
    export = read_export(path, dictionary=tmp_path / "dictionary.csv")
    why = export.missing()
    assert why["role"].fillna("").tolist() == ["", "dont_know", "", ""]
    assert why["heard"].fillna("").tolist() == ["not_shown", "", "", ""]
    assert any("1 fields hold values that are no choice" in note for note in export.notes)
    stated = read_export(path, dictionary=tmp_path / "dictionary.csv", missing_codes={"-999": "refused"})
    assert stated.missing()["heard"].fillna("").tolist() == ["not_shown", "refused", "", ""]


def test_limesurveys_vv_file(tmp_path):
    rows = [
        "Response ID\tDate submitted\tLast page\tStart language\tDin roll?\tFaser? [Design]\tFaser? [Plan]\tBerätta",
        "id\tsubmitdate\tlastpage\tstartlanguage\trole\twhen[SQ1]\twhen[SQ2]\tstory",
        "1\t2026-01-01 10:00:00\t3\tsv\tA1\tY\t\ttvå{newline}rader, {quote}så{quote}",
        "2\t2026-01-01 10:00:00\t3\tsv\tA2\tY\tY\t{question_not_shown}",
    ]
    path = tmp_path / "vvexport.txt"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    export = read_export(path)
    assert (export.platform, len(export.answers)) == ("limesurvey", 2)
    assert export.answers["story"].iloc[0] == 'två\nrader, "så"'
    assert export.missing()["story"].tolist()[1] == "not_shown"
    assert export.questions.set_index("name").loc["role", "text"] == "Din roll?"
    assert export.ticks("when").iloc[1].tolist() == [True, True]


def test_a_limesurvey_archive_says_what_to_export(tmp_path):
    path = tmp_path / "survey.lsa"
    path.write_bytes(_archive({"survey_1.lss": "<document/>", "survey_1_responses.lsr": "<document/>"}))
    with pytest.raises(BadInput, match="LimeSurvey archive"):
        read_export(path)
