"""`ppp map`: a mapping proposed, written into study.yaml without touching its other lines."""

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.study import open_study
from ppp.surveys import read_export
from ppp.surveys.propose import propose


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
