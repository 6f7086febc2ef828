"""The framework's own material as a study: what the files hold, before any report is made of them."""

import csv
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from ppp.framework import NOT_STATED, figure_one, initiatives
from ppp.study.folder import open_study

ROOT = Path(__file__).parents[2]
LIND = ROOT / "data" / "lind2014"

# The number of examples that the printed Figure 1 holds in each cell, read off the page.
PRINTED = {
    "direct_care": {"design": 1, "plan": 1, "implement": 1, "evaluate": 2},
    "clinic": {"design": 2, "plan": 1, "implement": 2, "evaluate": 1},
    "organization": {"design": 2, "plan": 2, "implement": 1, "evaluate": 3},
    "system": {"design": 1, "plan": 1, "implement": 1, "evaluate": 2},
}


def _rows(name: str) -> list[dict[str, str]]:
    with open(LIND / "exports" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _activities(row: dict[str, str]) -> list[tuple[str, str, str]]:
    """Title, place and phase of each filled block."""
    numbers = [key.removeprefix("title_") for key in row if key.startswith("title_")]
    return [(row[f"title_{n}"], row[f"place_{n}"], row[f"phase_began_{n}"]) for n in numbers if row[f"title_{n}"]]


@pytest.fixture(scope="module")
def study():
    return open_study(LIND)


def test_making_it_again_gives_the_same_files(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-B", LIND / "make_lind2014.py", tmp_path], check=True, env=environment)
    for name in ("exports/figure1.csv", "exports/initiatives.csv", "quotes.csv"):
        assert (tmp_path / name).read_bytes() == (LIND / name).read_bytes(), name


def test_figure_1_stands_cell_by_cell_in_the_csv():
    [figure] = _rows("figure1.csv")
    activities = _activities(figure)
    assert len(activities) == 24
    counted = Counter((place, phase) for _, place, phase in activities)
    assert counted == {(place, phase): n for place, row in PRINTED.items() for phase, n in row.items()}
    assert activities == [(example.label["en"], example.place, example.phase) for example in figure_one().examples]


def test_nine_initiatives_stand_in_their_cells():
    rows = _rows("initiatives.csv")
    assert [row["organization"] for row in rows] == [initiative.id for initiative in initiatives().initiatives]
    assert len(rows) == 9
    for row, initiative in zip(rows, initiatives().initiatives, strict=True):
        assert [(place, phase) for _, place, phase in _activities(row)] == [
            (cell.place, cell.phase) for cell in initiative.cells
        ]
    [society] = [row for row in rows if row["organization"] == "society_for_participatory_medicine"]
    assert [cell[1:] for cell in _activities(society)] == [("system", NOT_STATED)]


def test_the_study_reads_them_as_declared(study):
    activities = study.activities()
    assert activities[["declared_place", "declared_phase_began"]].notna().all(axis=None)
    assert len(activities[activities["organization"] == "figure_1"]) == 24
    assert study.ratings().empty
    assert {organization.id for organization in study.settings.organizations} == set(activities["organization"])


def test_the_examples_and_nothing_else_may_be_quoted(study):
    quotes = study.quotes()
    figure = study.activities().query("organization == 'figure_1'")
    assert dict(zip(quotes["activity_id"], quotes["quote"], strict=True)) == dict(
        zip(figure["activity_id"], figure["title"], strict=True)
    )
    assert set(quotes["approved_at"]) == {"2014-06-01"}
