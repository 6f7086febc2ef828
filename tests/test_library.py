"""`import ppp` as a library: quick, found by tab, and told what is needed in each docstring."""

import inspect
import re
import subprocess
import sys

import pandas as pd
import pytest

import ppp
from ppp import figures, measures
from ppp.study import Study
from ppp.tables import ACTIVITIES, CODINGS, ORGANIZATIONS, RATINGS, RESPONSES

STUDY = [
    "activities",
    "codes",
    "codings",
    "consensus",
    "organizations",
    "placements",
    "quotes",
    "ratings",
    "released",
    "responses",
    "suggestions",
]
"""What a study gives: data frames all."""

FUNCTIONS = {
    "ppp": [ppp.open_study, ppp.open_report],
    "Study": [getattr(Study, name) for name in STUDY],
    "measures": [getattr(measures, name) for name in measures.__all__ if inspect.isfunction(getattr(measures, name))],
    "figures": [getattr(figures, name) for name in figures.__all__],
}
PUBLIC = [
    pytest.param(function, id=f"{where}.{function.__name__}")
    for where, functions in FUNCTIONS.items()
    for function in functions
]


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_import_brings_in_nothing_heavy():
    loaded = _python("import ppp, sys; print(*sys.modules)").split()
    assert not {"pandas", "numpy", "matplotlib", "pydantic", "ipywidgets", "papermill"} & set(loaded)


def test_every_name_is_offered_and_found():
    assert dir(ppp) == sorted(ppp.__all__)
    assert _python("import ppp; print(all(getattr(ppp, name) is not None for name in ppp.__all__))") == "True"
    assert {"measures", "figures", "open_study"} <= set(dir(ppp))
    assert dir(measures) == sorted(measures.__all__)
    assert dir(figures) == sorted(figures.__all__)
    with pytest.raises(AttributeError, match="no attribute 'measure'"):
        _ = ppp.measure


@pytest.mark.parametrize("function", PUBLIC)
def test_a_docstring_tells_what_goes_in_what_comes_out_and_shows_it(function):
    text = inspect.getdoc(function)
    parameters = [name for name in inspect.signature(function).parameters if name != "self"]
    assert "\nExamples\n---" in text
    assert ">>> " in text
    if parameters:
        told = text.split("\nParameters\n", 1)[1]
        for name in parameters:
            assert re.search(rf"^(\w+, )*{name}(, \w+)*$", told, flags=re.MULTILINE), f"{name} is not told of"
    if inspect.signature(function).return_annotation not in ("float", "str"):
        assert "\nReturns\n---" in text


@pytest.mark.parametrize(
    ("method", "table"),
    [("responses", RESPONSES), ("activities", ACTIVITIES), ("ratings", RATINGS), ("organizations", ORGANIZATIONS)],
)
def test_the_docstring_of_a_table_names_every_column(method, table):
    text = inspect.getdoc(getattr(Study, method))
    assert [name for name in table.names if f"``{name}``" not in text] == []


def test_pandas_in_and_out_without_changing_what_came_in(small):
    study = ppp.open_study(small.write())
    for name in STUDY:
        table = getattr(study, name)()
        assert isinstance(table, pd.DataFrame), name
    assert study.codings().columns.tolist() == CODINGS.names
    placed = study.placements()
    before = placed.copy()
    cells = measures.coverage(placed)
    drawn = figures.matrix(cells[cells["organization"] == "norra"])
    assert "4" in [word.get_text() for word in drawn.axes[0].texts]
    pd.testing.assert_frame_equal(placed, before)
    mine = study.activities()
    mine["title"] = "changed"
    assert "changed" not in set(study.activities()["title"])


def test_a_figure_of_two_organizations_at_once_is_refused_with_the_way_out(small):
    cells = measures.coverage(ppp.open_study(small.write()).placements())
    with pytest.raises(ValueError, match=r"several values of organization.*assign"):
        figures.matrix(cells)


def test_what_is_released_holds_no_number_of_few_people_and_nothing_written(small):
    study = ppp.open_study(small.write())
    assert set(study.released()["table"]) >= {"coverage", "parity_ratings"}
    ratings = study.released("parity_ratings", organizations=["sodra"])
    assert set(ratings["state"]) == {"withheld"}
    assert "HEMLIG" not in study.released("coverage").to_csv()
    with pytest.raises(ppp.BadInput, match="no measure"):
        study.released("coverag")


# -- how a study shows itself ------------------------------------------------------------------------------------------


def test_a_study_shows_its_organizations_waves_and_counts(small):
    shown = ppp.open_study(small.write())._repr_html_()
    assert [len(re.findall(f"<{tag}[ >]", shown)) for tag in ("table", "caption", "tr")] == [1, 1, 2 + 2 + 1]
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", shown)
    assert [re.findall(r">(\d+)</td>", row) for row in rows] == [["7", "7"], ["2", "1"], ["9", "8"]]
    assert "study.released()" in shown
    assert "HEMLIG" not in shown
    assert "color" not in shown


def test_a_study_of_many_sums_up_the_rest(small):
    more = [{"id": f"o{n}", "name": f"Number {n}"} for n in range(60)]
    small.settings["organizations"] += more
    shown = ppp.open_study(small.write())._repr_html_()
    assert "and 32 more" in shown
    assert shown.count('<th scope="row"') == 32


def test_names_are_written_not_run_and_unreadable_exports_are_told_of(small):
    small.settings["organizations"][0]["name"] = "<script>alert(1)</script>"
    small.settings["exports"][0]["file"] = "gone.csv"
    study = ppp.open_study(small.write())
    assert "There is no such file" in study._repr_html_()
    small.settings["exports"][0]["file"] = "answers.csv"
    shown = ppp.open_study(small.write())._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
