"""`ppp check` tells what a study holds and lacks, as text, as JSON and as tables; and never what somebody wrote."""

import json

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.study import open_study, prepare
from ppp.study.check import check, overview


@pytest.fixture
def rough(small):
    """A study with a fault of every kind that is no reason to stop."""
    small.header += ";Antal;Faser;När;Övrigt;E-post"
    small.settings["mappings"]["form"]["submitted_at"] = "När"
    small.settings["mappings"]["form"]["activities"]["patients_n"] = "Antal"
    small.settings["mappings"]["form"]["activities"]["phases"] = {"column": "Faser", "values": {"Från början": "design", "Efteråt": "evaluate"}}  # fmt: skip
    extra = ["2;Från början;2026-01-02;HEMLIG ring Anna Lindberg 070-123 45 67;a@b.se"] * len(small.rows)
    extra[0] = "0;Från början;2026-01-02;;a@b.se"
    extra[1] = "ca tio;Från början;2026-01-02;;a@b.se"  # began afterwards, was there from the beginning
    extra[2] = "5000;Från början;1980-01-01;;a@b.se"
    extra[3] = "2;Från början;igår;;a@b.se"
    small.rows = [f"{row};{more}" for row, more in zip(small.rows, extra, strict=True)]
    small.rows[4] = small.rows[4].replace(";Inte alls;", ";Kanske;")
    small.rows.append("10;Norra;;;;;;;;;;;2026-01-02;;")
    small.rows.append(small.rows[5].replace("6;", "11;", 1))
    small.settings["organizations"].append({"id": "ostra", "name": "Östra"})
    small.settings["aliases"] = [{"spelling": "Ostra sjh", "organization": "ostra", "certainty": 0.9}]
    return small


def test_tables_tell_of_everything(rough):
    found = check(open_study(rough.write()))
    assert found.is_sound
    [export] = found.exports.to_dict("records")
    assert (export["rows"], export["respondents"], export["unmapped"], export["dropped"], export["masked"]) == (11, 11, 1, 1, 6)  # fmt: skip
    counts = found.respondents.set_index(["organization", "role"])["respondents"].to_dict()
    assert counts == {("norra", "not stated"): 1, ("norra", "patient"): 5, ("norra", "professional"): 3, ("sodra", "patient"): 2}  # fmt: skip
    assert found.silent["organization"].tolist() == ["ostra"]
    coverage = found.coverage.set_index("organization")
    assert coverage["activities"].to_dict() == {"norra": 8, "sodra": 1, "ostra": 0}
    assert coverage["cells"].to_dict() == {"norra": 2, "sodra": 1, "ostra": 0}
    filled = found.filled.set_index("column")
    assert filled.loc["initiated_by", "filled"] == 0
    assert filled.loc["role", ["filled", "of"]].tolist() == [10, 11]
    sections = found.sections.set_index("section")["skipped"].to_dict()
    assert sections == {"every Parity statement": 1, "activities: told of none": 2, "role": 1}
    assert found.unmapped.to_numpy().tolist() == [["exports/answers.csv", "Övrigt"]]
    assert found.aliases["spelling"].tolist() == ["Ostra sjh"]
    duplicates = dict(zip(found.duplicates["what"], found.duplicates["n"], strict=True))
    assert duplicates == {
        "respondents who answered everything as an earlier one did": 1,
        "activities told again in the same words": 1,
    }
    values = found.impossible.groupby(["question", "what"])["n"].sum().to_dict()
    assert values[("Antal", "no number of people")] == 1
    assert values[("När", "no date")] == 1
    assert values[("patients_n", "no patient took part")] == 1
    assert values[("patients_n", "more than 1000 people")] == 1
    assert values[("Lika många", "not on the scale")] == 1
    assert values[("declared_phase_began", "not among the phases that patients were present in")] == 5
    assert any(question == "submitted_at" for question, _ in values)
    privacy = found.privacy.set_index("column")
    assert privacy.loc["E-post", ["what", "kind"]].tolist() == ["dropped", "email"]
    assert privacy.loc["Övrigt", "cells"] == 6


def test_text_and_json_tell_the_same_and_never_an_answer(rough):
    folder = rough.write()
    text = CliRunner().invoke(main, ["check", str(folder)])
    assert text.exit_code == 0, text.output
    for words in ("“Övrigt”", "“E-post” (email)", "masked 6 cells", "every Parity statement", "no number of people", "“Ostra sjh”"):  # fmt: skip
        assert words in text.output
    told = CliRunner().invoke(main, ["check", str(folder), "--json"])
    assert told.exit_code == 0
    about = json.loads(told.output)
    assert about["sound"]
    assert about["unmapped"] == [{"export": "exports/answers.csv", "column": "Övrigt"}]
    assert {row["organization"]: row["cells"] for row in about["coverage"]} == {"norra": 2, "sodra": 1, "ostra": 0}
    for output in (text.output, told.output):
        for secret in ("HEMLIG", "a@b.se", "Lindberg", "070", "Kanske", "ca tio", "igår"):
            assert secret not in output


def test_what_was_kept_from_a_preparation_tells_the_same(rough):
    before = check(open_study(rough.write())).as_json()
    prepare(open_study(rough.folder))
    again = open_study(rough.folder)
    assert check(again).as_json() == before
    assert again.kept.read_anew == []


def test_one_file_under_two_names_is_told(small):
    small.settings["waves"].append({"id": "2025"})
    small.settings["exports"].append({"file": "copy.csv", "wave": "2025", "mapping": "form"})
    folder = small.write()
    (folder / "exports/copy.csv").write_bytes((folder / "exports/answers.csv").read_bytes())
    found = check(open_study(folder)).duplicates
    assert "the same file under two names" in found["what"].tolist()


def test_faults_are_told_in_json_with_what_could_be_read(rough):
    rough.settings["mappings"]["other"] = {"organization": "nowhere"}
    rough.settings["exports"].append({"file": "other.csv", "wave": "2026", "mapping": "other"})
    folder = rough.write()
    (folder / "exports/other.csv").write_bytes((folder / "exports/answers.csv").read_bytes())
    ran = CliRunner().invoke(main, ["check", str(folder), "--json"])
    assert ran.exit_code == 2
    about = json.loads(ran.output)
    assert not about["sound"]
    assert [row["column"] for row in about["problems"]] == ["nowhere"]
    assert [row["export"] for row in about["exports"]] == ["exports/answers.csv"]
    (folder / "study.yaml").write_text("title: x\n", encoding="utf-8")
    ran = CliRunner().invoke(main, ["check", str(folder), "--json"])
    assert ran.exit_code == 2
    assert json.loads(ran.output)["problems"]


@pytest.mark.parametrize("named", ["Kontaktperson", "Vad heter du?"])
def test_a_mapped_column_that_the_door_took_says_why(small, named):
    small.header = small.header.replace("Beskrivning 1", named)
    small.settings["mappings"]["form"]["activities"]["description"] = named
    ran = CliRunner().invoke(main, ["check", str(small.write())])
    assert ran.exit_code == 2
    assert f"“{named}” was dropped at the door" in ran.output
    assert "keep" in ran.output
    small.settings["privacy"] = {"keep": [named]}
    assert "kept" in "\n".join(overview(open_study(small.write())))
