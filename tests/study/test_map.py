"""`ppp map`: a mapping proposed, written into study.yaml without touching its other lines."""

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from ppp.cli import main
from ppp.study import open_study
from ppp.surveys import Mapping, read_export, tidy
from ppp.surveys.propose import as_yaml, propose


def _map(*arguments):
    return CliRunner().invoke(main, ["map", *map(str, arguments)])


@pytest.mark.parametrize(("file", "mapping"), [("hospitals_2025.csv", "hospital_form"), ("primary_care_2025.xlsx", "english_form")])  # fmt: skip
def test_most_of_the_demos_mappings_are_found_again(root, file, mapping):
    stated = open_study(root / "data/demo").settings.mappings[mapping]
    found = {proposal.target: proposal.question for proposal in propose(read_export(root / "data/demo/exports" / file))}
    expected = {key: getattr(stated, key).column for key in ("response_id", "organization", "role", "submitted_at")}
    for key in ("title", "description", "initiated_by", "patients_n", "compensated", "expenses_paid", "place", "phase_began", "contact_named", "lead_rotates"):  # fmt: skip
        expected[f"activities.{key}"] = getattr(stated.activities, key).column
    right = [key for key, question in expected.items() if found.get(key) == question]
    assert len(right) >= 0.8 * len(expected), {key: (found.get(key), expected[key]) for key in set(expected) - set(right)}  # fmt: skip


def test_it_is_written_into_the_study_and_nothing_else_changes(small):
    folder = small.write()
    (folder / "exports" / "more.csv").write_bytes((folder / "exports" / "answers.csv").read_bytes())
    before = "# our own comment\n" + (folder / "study.yaml").read_text(encoding="utf-8")
    (folder / "study.yaml").write_text(before, encoding="utf-8")
    ran = _map(folder / "exports" / "more.csv", "--study", folder, "--wave", "2026")
    assert ran.exit_code == 0, ran.output
    after = (folder / "study.yaml").read_text(encoding="utf-8")
    assert (folder / "study.yaml.bak").read_text(encoding="utf-8") == before
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    mapping = open_study(folder).settings.mappings["more"]
    assert mapping.organization.column == "Organisation"
    assert mapping.role.column == "Roll"
    assert "LOOK" in after


def test_an_unknown_wave_changes_nothing(small):
    folder = small.write()
    before = (folder / "study.yaml").read_bytes()
    ran = _map(folder / "exports" / "answers.csv", "--study", folder, "--wave", "1999", "--name", "x")
    assert ran.exit_code == 2
    assert (folder / "study.yaml").read_bytes() == before


def test_without_a_study_it_prints_the_mapping(small):
    ran = _map(small.write() / "exports" / "answers.csv")
    assert ran.exit_code == 0
    assert 'organization: "Organisation"' in ran.output
    assert "HEMLIG" not in ran.output


@pytest.mark.parametrize(
    ("file", "companion", "mapping"),
    [
        ("hospitals_2025.csv", None, "hospital_form"),
        ("primary_care_2026.xlsx", None, "english_form"),
        ("registers_2025.csv", "registers_dictionary.csv", "register_form"),
    ],
)
def test_a_proposal_taken_as_it_is_reads_the_demo_as_the_mapping_written_by_hand(root, file, companion, mapping):
    # Answers' meanings, reversed statements, phases in three shapes, and REDCap's repeating instrument.
    study = open_study(root / "data/demo")
    folder = root / "data/demo/exports"
    stated = next(export for export in study.settings.exports if export.file == file)
    how = {"platform": stated.platform, "encoding": stated.encoding, "delimiter": stated.delimiter}
    export = read_export(folder / file, dictionary=folder / companion if companion else None, **how)
    spellings = dict(study.settings.spellings())
    text = as_yaml(export, propose(export, organizations=spellings), "form")
    proposed = Mapping.model_validate(yaml.safe_load(text)["form"])
    by_hand = study.settings.mappings[mapping]
    told = {"wave": stated.wave, "stem": "a", "organizations": spellings, "name": file}
    # The form's language is in none of its questions: people know it.
    proposed = proposed.model_copy(update={"language": by_hand.language})
    found, expected = tidy(export, proposed, **told), tidy(export, by_hand, **told)
    pd.testing.assert_frame_equal(found.responses, expected.responses)
    pd.testing.assert_frame_equal(found.activities, expected.activities)
    keys = ["response_id", "item"]
    pd.testing.assert_frame_equal(
        found.ratings.sort_values(keys, ignore_index=True), expected.ratings.sort_values(keys, ignore_index=True)
    )


def test_answers_that_few_gave_are_counted_and_not_shown(tmp_path):
    rows = ["Organisation;Vem är du?", *["Norra;Jag är anställd läkare"] * 6, "Norra;Patient med en ovanlig sjukdom"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    ran = _map(path)
    assert '"Jag är anställd läkare": professional' in ran.output
    assert "ovanlig" not in ran.output
    assert "1 more answers have no known meaning" in ran.output


def test_how_the_file_is_read_can_be_stated_and_is_written_down(small):
    folder = small.write()
    rows = [row.replace(";", "|") for row in [small.header, *small.rows]]
    (folder / "exports" / "mac.csv").write_bytes("\n".join(rows).encode("mac-roman"))
    how = ("--encoding", "mac-roman", "--delimiter", "|", "--platform", "csv")
    ran = _map(folder / "exports" / "mac.csv", "--study", folder, "--wave", "2026", *how)
    assert ran.exit_code == 0, ran.output
    export = open_study(folder).settings.exports[0]
    assert (export.file, export.encoding, export.delimiter, export.platform) == ("mac.csv", "mac-roman", "|", "csv")


def test_the_door_is_the_studys(small):
    # What the study keeps is kept, and its organizations are no persons.
    small.settings["organizations"].append({"id": "anna", "name": "Anna Lindbergs mottagning"})
    small.settings["privacy"] = {"keep": ["Kontaktperson"]}
    small.header = small.header.replace("Organisation", "Kontaktperson")
    small.settings["mappings"]["form"]["organization"] = "Kontaktperson"
    small.rows[7] = small.rows[7].replace("Södra", "Anna Lindbergs mottagning")
    folder = small.write()
    (folder / "exports" / "more.csv").write_bytes((folder / "exports" / "answers.csv").read_bytes())
    ran = _map(folder / "exports" / "more.csv", "--study", folder, "--wave", "2026")
    assert ran.exit_code == 0, ran.output
    assert open_study(folder).settings.mappings["more"].organization.column == "Kontaktperson"
    assert len(open_study(folder).responses()) == 18
