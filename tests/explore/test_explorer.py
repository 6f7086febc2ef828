"""The explorer: what is chosen is what is shown, and the code behind it gives the same numbers."""

import json
from itertools import product

import pandas as pd
import pytest

import ppp
from ppp.explore import VIEWS, Choice, Explorer, chosen, source, view
from ppp.figures import to_svg


@pytest.fixture(scope="module")
def demo(root):
    return ppp.open_study(root / "data" / "demo")


def _run(code: str) -> dict:
    names: dict = {}
    exec(code, names)
    return names


CHOICES = [
    Choice(),
    Choice(groups=("hospitals",), waves=("2026",)),
    Choice(organizations=("solbacken", "klada"), roles=("patient", "professional")),
    Choice(groups=("registers",), organizations=("klada",), waves=("2025", "2026"), roles=("patient",)),
]


@pytest.mark.parametrize(("name", "choice"), list(product(VIEWS, CHOICES)))
def test_the_code_behind_a_view_gives_the_same_numbers_and_picture(demo, monkeypatch, name, choice):
    monkeypatch.setattr(ppp, "open_study", lambda path: demo)  # not read anew sixteen times
    shown = view(name, chosen(demo, choice), basis="present", language="sv")
    if shown.figure is None:  # only patients' answers have no gap
        assert shown.note
        return
    ran = _run(source(demo, choice, shown, basis="present", language="sv"))
    pd.testing.assert_frame_equal(ran["table"], shown.table)
    one, other = (to_svg(figure, name="same", alternative="") for figure in (ran["figure"], shown.figure))
    assert one == other


def test_the_code_runs_as_it_stands_from_the_notebooks_folder(root, small, monkeypatch):
    small.settings["organizations"][0]["id"] = 'no"rra\\'
    study = small.write()
    monkeypatch.chdir(study.parent)
    (study.parent / "notebooks").mkdir()
    monkeypatch.chdir(study.parent / "notebooks")
    explorer = Explorer(ppp.open_study("small"), organizations=('no"rra\\',))
    assert 'ppp.open_study("small")' in explorer.code
    pd.testing.assert_frame_equal(_run(explorer.code)["table"], explorer.table)


def test_numbers_are_those_of_the_measures(demo):
    of = chosen(demo, Choice(organizations=("solbacken",), waves=("2026",)))
    cells = ppp.measures.coverage(demo.placements(), basis="began")
    own = cells[(cells["organization"] == "solbacken") & (cells["wave"] == "2026")]
    assert view("matrix", of).table["activities_n"].tolist() == own["activities_n"].tolist()
    gap = ppp.measures.parity_gap(demo.ratings())
    own = gap[(gap["organization"] == "solbacken") & (gap["wave"] == "2026")]
    assert view("gap", of).table["gap"].tolist() == pytest.approx(own["gap"].tolist())


def test_a_role_is_that_of_who_rated_and_of_who_told(demo):
    of = chosen(demo, Choice(roles=("patient",)))
    told = of.activities.merge(demo.responses()[["response_id", "role"]], on="response_id")
    assert set(of.ratings["role"]) == set(told["role"]) == {"patient"}


def test_scales_are_never_mixed(small):
    study = ppp.open_study(small.write())
    other = study.ratings().iloc[:3].assign(scale_high=7.0, response_id="x")
    of = chosen(study, Choice())
    mixed = type(of)(of.responses, of.activities, pd.concat([of.ratings, other]), of.placed, of.waves)
    shown = view("parity", mixed)
    assert shown.scale == (1.0, 4.0)
    assert "1–7" in shown.note


def test_what_cannot_be_drawn_says_why(small):
    of = chosen(ppp.open_study(small.write()), Choice(organizations=("sodra",)))
    for name, words in (("gap", "Too few"), ("change", "two waves")):
        shown = view(name, of)
        assert shown.figure is None
        assert words in shown.note


# -- the widget --------------------------------------------------------------------------------------------------------


@pytest.fixture
def explorer(demo):
    return Explorer(demo, waves=("2026",))


def test_a_filter_draws_the_view_anew_at_once(explorer):
    before = explorer._picture.svg, explorer._picture.drawn
    explorer._lists["groups"].value = ("primary_care",)
    assert explorer._picture.drawn == before[1] + 1
    assert explorer._picture.svg != before[0]
    assert [value for _, value in explorer._lists["organizations"].options] == [
        "videvika",
        "humlevalla",
        "hagerlida",
        "mardskoga",
    ]
    assert explorer.choice == Choice(groups=("primary_care",), waves=("2026",))
    whole = chosen(explorer.study, explorer.choice)
    assert f"{len(whole.responses)} respondents" in explorer._picture.status


def test_leaving_a_group_leaves_its_organizations(explorer):
    explorer.choice = Choice(organizations=("klada", "solbacken"))
    explorer._lists["groups"].value = ("registers",)
    assert explorer.choice.organizations == ("klada",)


@pytest.mark.parametrize("basis", ["began", "present"])
def test_from_a_cell_to_its_activities(explorer, monkeypatch, basis):
    explorer._basis.value = basis
    for at, cell in enumerate(explorer._picture.cells):
        explorer._picture.chosen = at
        assert len(explorer.activities) == cell["n"]
    explorer._picture.chosen = 4
    monkeypatch.setattr(ppp, "open_study", lambda path: explorer.study)
    ran = _run(explorer.code)["activities"]
    assert set(ran["activity_id"]) == set(explorer.activities["activity_id"])
    assert explorer._table in explorer._below.children
    explorer._views.value = "parity"
    assert explorer.activities.empty


def test_what_people_wrote_is_text_in_the_table_of_activities(small):
    small.rows[0] = small.rows[0].replace("HEMLIG1 titel", "<img src=x onerror=alert(1)>")
    explorer = Explorer(ppp.open_study(small.write()))
    explorer._picture.chosen = 4
    sent = json.dumps(explorer._table._dt_args)
    assert "onerror" in sent
    assert "<img" not in sent


def test_everything_is_said_in_the_language_that_is_chosen(explorer):
    explorer._language.value = "sv"
    assert explorer._picture.language == "sv"
    assert ">Utvärdering<" in explorer._picture.svg
    assert explorer._lists["waves"].description == "Omgång"
    assert [label for label, _ in explorer._lists["waves"].options] == ["Hösten 2025", "Hösten 2026"]
    assert explorer.choice == Choice(waves=("2026",))
    assert explorer._saves["csv"].description == "Spara talen som CSV"
    assert "Välj en ruta" in explorer._list_of.value
    for name in VIEWS:
        explorer._views.value = name
        for language in ("en", "sv"):  # a new language leaves the view as it is
            explorer._language.value = language
            assert explorer._views.value == name
        assert not {"Patients", "Numbers", "Evaluate", "activities"} & set(explorer._picture.numbers.split(">"))


@pytest.mark.parametrize("name", VIEWS)
def test_picture_and_numbers_are_saved(small, demo, tmp_path, monkeypatch, name):
    monkeypatch.setattr(demo, "path", tmp_path)
    explorer = Explorer(demo, view=name, organizations=("solbacken",))
    svg, png, numbers = (explorer.save(kind) for kind in ("svg", "png", "csv"))
    assert svg.parent == tmp_path / "explored"
    assert "Solbacken Hospital" in svg.read_text(encoding="utf-8")
    assert png.read_bytes().startswith(b"\x89PNG")
    saved = pd.read_csv(numbers)
    assert saved.columns.tolist() == explorer.table.columns.tolist()
    assert len(saved) == len(explorer.table) > 0
    first = svg.read_bytes()
    assert explorer.save("svg").read_bytes() == first


def test_a_click_saves_and_a_folder_that_cannot_be_written_is_told_of(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "path", tmp_path)
    explorer = Explorer(demo)
    explorer._saves["png"].click()
    assert "matrix_began_en.png" in explorer._saved.value
    (tmp_path / "a file").write_text("")
    monkeypatch.setattr(demo, "path", tmp_path / "a file")
    explorer._saves["png"].click()
    assert "could not be saved" in explorer._saved.value


def test_two_choices_are_two_files(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "path", tmp_path)
    names = {
        Explorer(demo, organizations=tuple(some)).save("csv").name for some in (["klada"], ["klada", "nattro"], [])
    }
    assert len(names) == 3


def test_the_picture_tells_in_words_what_it_shows(explorer):
    assert 'role="img" aria-label="Activities by place and phase, in the phase where' in explorer._picture.svg
    assert [cell["label"].split(":")[0] for cell in explorer._picture.cells][:2] == [
        "Direct care, Design",
        "Direct care, Plan",
    ]


def test_who_is_not_there_is_bad_input_with_a_mend(demo):
    with pytest.raises(ppp.BadInput, match="Did you mean “solbacken”"):
        Explorer(demo, organizations=("solbaken",))
