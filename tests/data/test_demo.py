"""The demo study: reproducible, sound, of the size and kind that its README says, and holding nobody's data."""

import csv
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from ppp.framework import LEAVES, NOT_STATED, PHASES, PLACES
from ppp.study.folder import open_study
from ppp.surveys.grid import File
from ppp.surveys.platforms import recognise

DEMO = Path(__file__).parents[2] / "data" / "demo"
EXPORTS = DEMO / "exports"
REDCAP_COLUMNS = [
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
]


@pytest.fixture(scope="module")
def study():
    return open_study(DEMO)


@pytest.fixture(scope="module")
def texts():
    return yaml.safe_load((DEMO / "activity_texts.yaml").read_text(encoding="utf-8"))


def _everything_written() -> dict[str, str]:
    """Every text of the study's files by name; a workbook's parts one by one."""
    found = {}
    for path in [*EXPORTS.iterdir(), *DEMO.glob("*.yaml")]:
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                found |= {f"{path.name}/{name}": archive.read(name).decode("utf-8") for name in archive.namelist()}
        else:
            encoding = "cp1252" if path.name.startswith("hospitals") else "utf-8"
            found[path.name] = path.read_text(encoding=encoding)
    return found


# -- reproducible and sound --------------------------------------------------------------------------------------------


def test_making_it_again_gives_the_same_bytes(tmp_path):
    subprocess.run([sys.executable, "-B", DEMO / "make_demo.py", tmp_path], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in EXPORTS.iterdir()}
    assert made.keys() == kept.keys()
    assert [name for name in kept if made[name] != kept[name]] == []


def test_every_export_is_mapped_and_every_answer_understood(study):
    assert {export.file for export in study.settings.exports} | {"registers_dictionary.csv"} == {
        path.name for path in EXPORTS.iterdir()
    }
    assert sorted(study.platforms()) == [(w, p) for w in ("2025", "2026") for p in ("csv", "redcap", "xlsx")]
    assert not [note for note in study.notes() if "set aside" in note]


def test_its_organizations_have_names_in_both_languages_and_three_groups(study):
    organizations = study.settings.organizations
    assert len(organizations) == 12
    assert all(set(organization.name.root) == {"sv", "en"} for organization in organizations)
    assert {organization.group for organization in organizations} == {group.id for group in study.settings.groups}
    assert len(study.settings.groups) == 3


# -- sizes and shares ----------------------------------------------------------------------------------------------------


def test_it_is_as_large_as_its_readme_says(study):
    readme = (DEMO / "README.md").read_text(encoding="utf-8")
    assert f"{len(study.responses())} responses, {len(study.activities())} activities" in readme
    assert 850 <= len(study.responses()) <= 950
    assert 550 <= len(study.activities()) <= 650


def test_most_but_not_all_activities_are_placed_by_their_respondent(study):
    activities = study.activities()
    placed = activities["declared_place"].notna() & activities["declared_phase_began"].notna()
    assert 0.55 <= placed.mean() <= 0.65
    with_phase = placed & (activities["declared_phase_began"] != NOT_STATED)
    assert activities.loc[with_phase, "declared_phases"].notna().all()
    assert activities.loc[~placed, ["declared_place", "declared_phase_began", "declared_phases"]].isna().all(axis=None)
    assert activities["title"].notna().all()
    assert activities["description"].notna().all()


def test_what_respondents_placed_stands_where_its_text_says(study, texts):
    truth = {text["title"]: text for language in texts.values() for text in language}
    placed = study.activities().dropna(subset="declared_place")
    for row in placed.itertuples():
        text = truth[row.title]
        assert (row.declared_place, row.declared_phase_began) == (text["place"], text["phase_began"])


def test_every_factor_is_rated_with_words_and_without_a_middle(study):
    ratings = study.ratings()
    assert set(ratings["leaf"]) == set(LEAVES)
    assert set(ratings["score"].dropna()) == {1, 2, 3, 4}
    assert {"dont_know", "not_applicable", "skipped"} <= set(ratings["missing"].dropna())


# -- the stories -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def placed(study):
    return study.activities().dropna(subset="declared_place")


def _cells(placed, organization, wave=None):
    of = placed[placed["organization"] == organization]
    of = of[of["wave"] == wave] if wave else of
    known = of["declared_place"].isin(PLACES) & of["declared_phase_began"].isin(PHASES)
    return list(zip(of[known]["declared_place"], of[known]["declared_phase_began"], strict=True))


def _means(study, organization, leaf=None):
    ratings = study.ratings()
    of = ratings[(ratings["organization"] == organization) & ((ratings["leaf"] == leaf) if leaf else True)]
    return of.groupby("role")["score"].mean()


def test_alvmyra_only_looks_back(placed):
    assert {phase for _, phase in _cells(placed, "alvmyra")} == {"evaluate"}


def test_solbacken_is_strong_in_the_clinic_and_closed_in_governance(placed):
    cells = _cells(placed, "solbacken")
    assert {phase for place, phase in cells if place == "clinic"} == set(PHASES)
    assert not {("organization", "design"), ("organization", "plan")} & set(cells)


def test_videvika_is_governed_together(placed):
    cells = _cells(placed, "videvika")
    assert ("organization", "design") in cells
    assert len(set(cells)) >= 10


def test_professionals_of_silverhamra_see_more_parity_than_patients(study):
    means = _means(study, "silverhamra")
    assert means["professional"] - means["patient"] > 1
    others = _means(study, "videvika")
    assert abs(others["professional"] - others["patient"]) < 0.4


def test_tranholma_improved(study, placed):
    before, after = (_cells(placed, "tranholma", wave) for wave in ("2025", "2026"))
    assert not [phase for _, phase in before if phase in ("design", "plan")]
    assert sum(phase in ("design", "plan") for _, phase in after) >= 5
    ratings = study.ratings().query("organization == 'tranholma' and role == 'patient'").groupby("wave")["score"].mean()
    assert ratings["2026"] - ratings["2025"] > 0.5
    paid = study.activities().query("organization == 'tranholma'").groupby("wave")["compensated"].mean()
    assert paid["2025"] < 0.1
    assert paid["2026"] > 0.5


def test_ratings_and_facts_disagree_about_pay_in_humlevalla(study):
    assert _means(study, "humlevalla", "compensation")["patient"] > 3
    assert study.activities().query("organization == 'humlevalla'")["compensated"].mean() < 0.2


def test_the_registers_work_at_system_level(placed):
    cells = _cells(placed, "langhosta")
    assert {phase for place, phase in cells if place == "system"} == set(PHASES)
    late = [phase in ("implement", "evaluate") for place, phase in _cells(placed, "klada") if place == "system"]
    assert sum(late) / len(late) > 0.8


def test_patients_of_nattro_feel_vulnerable(study):
    means = _means(study, "nattro", "vulnerability")
    assert means["professional"] - means["patient"] > 0.8
    assert set(study.responses().query("organization == 'nattro'")["wave"]) == {"2026"}


def test_there_are_small_numbers_to_withhold(study):
    responses, activities = study.responses(), study.activities()
    people = responses.groupby(["organization", "wave"]).size()
    assert (people["hagerlida"] == 3).all()
    roles = responses.groupby(["organization", "wave", "role"]).size()
    assert roles["glantasa", "2026", "patient"] == 4
    assert roles["glantasa", "2026", "professional"] > 20
    assert people["mardskoga", "2025"] > 20
    assert activities.query("organization == 'mardskoga' and wave == '2025'").empty


# -- as real exports are -----------------------------------------------------------------------------------------------------


def test_the_csv_is_swedish_as_a_spreadsheet_saves_it():
    raw = (EXPORTS / "hospitals_2025.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    rows = list(csv.reader(raw.decode("cp1252").splitlines(), delimiter=";"))
    assert {len(row) for row in rows} == {len(rows[0])}
    minutes = [row[rows[0].index("Svarstid (minuter)")] for row in rows[1:]]
    assert all(re.fullmatch(r"\d+,\d", cell) for cell in minutes)


def test_the_workbook_holds_true_dates():
    from datetime import datetime

    import openpyxl

    sheet = openpyxl.load_workbook(EXPORTS / "primary_care_2025.xlsx")["Answers"]
    header = [cell.value for cell in sheet[1]]
    column = header.index("Completion time") + 1
    times = [sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)]
    assert all(isinstance(time, datetime) and time.year == 2025 for time in times)


def test_the_dictionary_has_redcaps_columns_and_marks_no_identifier():
    with open(EXPORTS / "registers_dictionary.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == REDCAP_COLUMNS
    assert not [row for row in rows if row["Identifier?"]]
    fields = {row["Variable / Field Name"]: row for row in rows}
    assert fields["act_phases"]["Field Type"] == "checkbox"
    assert {f"par_{leaf}" for leaf in LEAVES} <= set(fields)
    records = File(EXPORTS / "registers_2025.csv")
    assert recognise(records) == ("redcap", 1.0)


def test_it_has_the_harmless_faults_of_real_exports(study):
    text = (EXPORTS / "hospitals_2026.csv").read_bytes().decode("cp1252")
    assert "\u00a0;" in text
    assert " ;" in text
    aliases = {alias for organization in study.settings.organizations for alias in organization.aliases}
    assert any(f";{alias};" in text for alias in aliases)
    ratings = study.ratings()
    answered = ratings.groupby("response_id")["missing"].agg(lambda missing: (missing == "skipped").mean())
    assert (answered == 1).any(), "somebody skipped the section"
    assert answered.between(0.3, 0.9).any(), "somebody broke off"
    assert study.responses()["role"].isna().any()


# -- the texts ---------------------------------------------------------------------------------------------------------------


def test_there_are_many_different_activity_texts_in_each_language(texts):
    assert set(texts) == {"sv", "en"}
    for language, listed in texts.items():
        assert len(listed) >= 150
        assert len({text["title"] for text in listed}) == len(listed), language
        cells = {(text["place"], text["phase_began"]) for text in listed}
        assert {(place, phase) for place in PLACES for phase in PHASES} <= cells
        assert any(text["phase_began"] == NOT_STATED for text in listed)
        assert sum(text["place"] == "none" for text in listed) >= 8
        for text in listed:
            began, phases = text["phase_began"], text["phases"]
            assert phases == [phase for phase in PHASES if phase in phases]
            assert (phases[:1] == [began]) if began in PHASES else phases == []
            assert set(text.get("parity", {})) <= set(LEAVES)
            assert set(text.get("parity", {}).values()) <= {"supports", "barrier"}


def test_no_text_is_one_of_the_frameworks_own(texts):
    # A report prints the framework's texts: a respondent's must never be mistaken for one of them, nor the reverse.
    import ppp.framework

    folder = Path(ppp.framework.__file__).parent
    own = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))).casefold()
    for text in (text for listed in texts.values() for text in listed):
        assert text["title"].casefold() not in own
        assert text["description"].casefold() not in own


def test_nothing_in_it_points_at_a_person():
    for name, text in _everything_written().items():
        assert not re.search(r"\b(?:19|20)?\d{6}[-+]\d{4}\b", text), f"{name}: like a personal identity number"
        assert not re.search(r"\b(?:19|20)\d{10}\b", text), f"{name}: like a personal identity number"
        # a contact may stand there, at the domain that is nobody's (RFC 2606)
        assert not re.search(r"[\w.+-]+@(?!example\.org\b)[\w-]+\.\w", text), f"{name}: like an e-mail address"
        assert not re.search(r"\b0\d{1,3}[- ]\d{2,3} ?\d{2} ?\d{2}\b", text), f"{name}: like a telephone number"
