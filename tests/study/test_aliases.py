"""`ppp aliases`: spellings proposed with their certainty, written for a person to confirm, and never merged before."""

import unicodedata

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.errors import BadInput
from ppp.study import open_study
from ppp.surveys.aliases import propose_aliases

ORGANIZATIONS = {
    "ks": "ks",
    "Karolinska Universitetssjukhuset": "ks",
    "Norra sjukhuset": "norra",
    "Södra sjukhuset": "sodra",
    "Mårdskoga vårdcentral": "mard",
    "Rååsa vårdcentral": "raasa",
    "Sahlgrenska Universitetssjukhuset": "su",
    "Capio S:t Görans sjukhus": "goran",
    "Danderyds sjukhus": "ds",
    "Region Örebro län": "orebro",
    "Region Jönköpings län": "jonkoping",
}


@pytest.mark.parametrize(
    ("spelling", "meant"),
    [
        ("Karolinska", "ks"),
        ("KAROLINSKA univ.sjukhuset", "ks"),
        ("Karolinska US", "ks"),
        ("norra sjh", "norra"),
        ("Nora sjukhuset", "norra"),
        ("Raaaasa vaardcentral", "raasa"),
        ("Mardskoga VC", "mard"),
        (unicodedata.normalize("NFD", "Mårdskoga"), "mard"),
        ("Sahlgrenska", "su"),
        ("Sankt Görans sjukhus", "goran"),
        ("Danderyd", "ds"),
        ("Danderyds\u00a0sjukhus, ", "ds"),
        ("region jönköping", "jonkoping"),
        # Alike to the eye or the letters, and somebody else.
        ("Östra sjukhuset", ""),
        ("Sjukhuset", ""),
        ("Universitetssjukhuset", ""),
        ("Region Norrköping", ""),
        ("Annat", ""),
    ],
)
def test_what_a_spelling_most_likely_means(spelling, meant):
    [found] = propose_aliases([spelling], ORGANIZATIONS)
    assert found.organization == meant, found
    assert found.certainty >= (0.75 if meant else 0)


def test_a_spelling_that_fits_two_is_called_doubtful():
    [found] = propose_aliases(["Solna"], {"Solna klinik A": "a", "Solna klinik B": "b"})
    assert found.certainty <= 0.5
    [found] = propose_aliases(["Karolinska, Huddinge"], ORGANIZATIONS)
    assert found.organization == "ks"
    assert found.certainty <= 0.5


def test_what_is_listed_is_not_proposed():
    assert propose_aliases(["NORRA  sjukhuset ", ""], ORGANIZATIONS) == []


def _run(*arguments):
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture
def spelt(small):
    small.settings["organizations"].append({"id": "ks", "name": "Karolinska Universitetssjukhuset"})
    small.rows[1] = small.rows[1].replace("Norra sjukhuset", "Norra sjh")
    small.rows[2] = small.rows[2].replace("Norra sjukhuset", "Karolinska  ")
    small.rows[3] = small.rows[3].replace("Norra sjukhuset", "Någon annan")
    folder = small.write()
    path = folder / "study.yaml"
    path.write_text("# our own comment\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def test_proposed_is_not_confirmed(spelt):
    path = spelt / "study.yaml"
    before = path.read_text(encoding="utf-8")
    shown = _run("aliases", spelt, "--dry-run")
    assert shown.exit_code == 0, shown.output
    assert "Norra sjh" in shown.output
    assert "HEMLIG" not in shown.output
    assert path.read_text(encoding="utf-8") == before

    assert _run("aliases", spelt).exit_code == 0
    after = path.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert (spelt / "study.yaml.bak").read_text(encoding="utf-8") == before
    assert {(alias.spelling, alias.organization, alias.confirmed) for alias in open_study(spelt).settings.aliases} == {
        ("Norra sjh", "norra", False),
        ("Karolinska", "ks", False),
    }
    checked = _run("check", spelt)
    assert checked.exit_code == 2
    assert "proposes “norra”" in checked.output
    with pytest.raises(BadInput):
        open_study(spelt).responses()

    assert _run("aliases", spelt).exit_code == 0
    assert path.read_text(encoding="utf-8") == after, "nothing is proposed twice"

    after = after.replace("confirmed: no", "confirmed: yes").replace("# - {", "- {").replace("WRITE THE ID OR none", "none")  # fmt: skip
    path.write_text(after, encoding="utf-8")
    study = open_study(spelt)
    assert study.responses()["organization"].tolist().count("ks") == 1
    assert len(study.responses()) == 8, "whoever answers for none of the study's organizations is set aside"
    assert any("1 answers name no organization of the study" in note for note in study.notes())


def test_what_is_matched_in_spite_of_case_or_blanks_is_said(small):
    small.rows[0] = small.rows[0].replace("Norra sjukhuset", "NORRA  sjukhuset ")
    small.rows[7] = small.rows[7].replace("Södra", unicodedata.normalize("NFD", "Södra"))
    assert any("2 answers to “Organisation” differ" in note for note in open_study(small.write()).notes())


def test_one_spelling_cannot_mean_two_organizations(small):
    small.settings["organizations"][1]["aliases"] = ["NORRA sjukhuset"]
    with pytest.raises(BadInput, match="stands for both"):
        open_study(small.write())


def test_an_alias_of_no_organization_is_told(small):
    small.settings["aliases"] = [{"spelling": "x", "organization": "nora", "confirmed": "yes"}]
    with pytest.raises(BadInput, match="Did you mean “norra”"):
        open_study(small.write())


def test_a_question_that_is_no_organization_at_all_is_told_in_one_line(small):
    small.settings["mappings"]["form"]["organization"] = "Beskrivning 1"
    small.settings["mappings"]["form"]["activities"].pop("description")
    small.rows = [f"{n};Norra;Patient;Lite;Lite;Titel;En av många {n * 'x'};;;" for n in range(1, 80)]
    with pytest.raises(BadInput) as told:
        open_study(small.write()).responses()
    assert len(told.value.problems) == 1
