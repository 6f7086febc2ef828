"""Make the exports of the study ``lind2014``: the framework's own examples as survey answers.

    python data/lind2014/make_lind2014.py [FOLDER]

Writes ``exports/figure1.csv``, ``exports/initiatives.csv`` and ``quotes.csv`` into FOLDER (left out: this folder), from the
figure and the initiatives as `ppp.framework` holds them. One row is one source of answers, with an activity for each
example or cell; nobody rated anything, so there are no ratings and no roles.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

from ppp.framework import figure_one, initiatives

HERE = Path(__file__).parent
WAVE = "2014"
FIGURE = "figure_1"
COLUMNS = ("title", "description", "place", "phase_began", "phases")
APPROVED_BY, APPROVED_AT = "in print in Lind 2014, Figure 1; wording of this project", "2014-06-01"
"""The titles are the framework data's, which shorten and reword some of those in print: nobody is said to have approved
words that are not theirs."""


def figure_activities() -> list[tuple[str, ...]]:
    """The 24 examples of Figure 1 in the figure's order, as `COLUMNS`."""
    return [(example.label["en"], "", example.place, example.phase, example.phase) for example in figure_one().examples]


def initiative_activities() -> dict[str, list[tuple[str, ...]]]:
    """For each of the nine initiatives an activity in each of its cells, as `COLUMNS`; no phase where none is stated."""
    return {
        initiative.id: [
            (
                initiative.heading["en"],
                cell.why["en"],
                cell.place,
                cell.phase,
                "" if cell.phase == "not_stated" else cell.phase,
            )
            for cell in initiative.cells
        ]
        for initiative in initiatives().initiatives
    }


def make(folder: Path) -> None:
    """Write the exports and the quotes into `folder`."""
    figure = figure_activities()
    (folder / "exports").mkdir(parents=True, exist_ok=True)
    _write_answers(folder / "exports" / "figure1.csv", {FIGURE: figure})
    _write_answers(folder / "exports" / "initiatives.csv", initiative_activities())
    quotes = [
        (f"{WAVE}/figure1/{FIGURE}/{n}", activity[0], APPROVED_BY, APPROVED_AT) for n, activity in enumerate(figure, 1)
    ]
    _write(folder / "quotes.csv", [("activity_id", "quote", "approved_by", "approved_at"), *quotes])


def _write_answers(path: Path, answers: dict[str, list[tuple[str, ...]]]) -> None:
    """One row a source: its id, and its activities in numbered blocks."""
    blocks = max(map(len, answers.values()))
    header = ["organization", *(f"{column}_{n}" for n in range(1, blocks + 1) for column in COLUMNS)]
    rows = [[key, *(cell for activity in activities for cell in activity)] for key, activities in answers.items()]
    _write(path, [header, *(row + [""] * (len(header) - len(row)) for row in rows)])


def _write(path: Path, rows: Iterable[Iterable[str]]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
