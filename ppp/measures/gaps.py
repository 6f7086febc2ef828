"""Empty cells of the matrix, each with an example of what could stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from ppp.framework import PHASES, PLACES, figure_one, initiatives

__all__ = ["gaps"]


def gaps(filled: Mapping[tuple[str, str], bool] | Iterable[tuple[str, str]]) -> pd.DataFrame:
    """The empty cells, the ones nearest to what already exists first.

    Parameters
    ----------
    filled
        The cells, as (place, phase), that hold an activity.

    Returns
    -------
    pandas.DataFrame
        One row an empty cell: ``place``, ``phase``; ``neighbours_n``, how many cells beside it (same place or same
        phase, one step away) are filled; ``examples``, the ids of Figure 1's examples in it; ``initiative``, the id
        of the real initiative that sits in it or nearest to it; ``initiative_place``, ``initiative_phase``;
        ``places_away`` and ``phases_away``, how many steps that cell lies from the empty one (0 and 0: in the very
        cell; a later phase counts up).

    Notes
    -----
    Formula
        Nearest means fewest steps; among equals the same place comes before the same phase, then the codebook's order.
        Order of rows: most filled neighbours, then the earlier phase.
    Source
        Lind (2014), II: empty cells show where patients could be included, and collaboration that begins early has the
        most effect. Examples: Figure 1 and the nine initiatives of section III.
    Reading
        The first rows lie nearest to what the organization already does.
    Limits
        Nearness on the map is not nearness in effort. Where no initiative sits in a cell, the nearest is shown.

    Examples
    --------
    >>> gaps([("clinic", "evaluate")]).loc[0, ["place", "phase"]].tolist()
    ['clinic', 'implement']
    """
    filled = {cell for cell, is_filled in filled.items() if is_filled} if isinstance(filled, Mapping) else set(filled)
    rows = []
    for place_at, place in enumerate(PLACES):
        for phase_at, phase in enumerate(PHASES):
            if (place, phase) in filled:
                continue
            beside = [
                (place_at + 1, phase_at),
                (place_at - 1, phase_at),
                (place_at, phase_at + 1),
                (place_at, phase_at - 1),
            ]
            neighbours = sum(
                0 <= row < 4 and 0 <= column < 4 and (PLACES[row], PHASES[column]) in filled for row, column in beside
            )
            examples = [
                example.id for example in figure_one().examples if (example.place, example.phase) == (place, phase)
            ]
            rows.append((place, phase, neighbours, examples, *_nearest(place_at, phase_at)))
    columns = ["place", "phase", "neighbours_n", "examples"]
    columns += ["initiative", "initiative_place", "initiative_phase", "places_away", "phases_away"]
    table = pd.DataFrame(rows, columns=columns)
    order = table.assign(
        phase_at=table["phase"].map(PHASES.index), place_at=table["place"].map(PLACES.index)
    ).sort_values(["neighbours_n", "phase_at", "place_at"], ascending=[False, True, True])
    return table.loc[order.index].reset_index(drop=True)


def _nearest(place_at: int, phase_at: int) -> tuple[str, str, str, int, int]:
    candidates = []
    for order, initiative in enumerate(initiatives().initiatives):
        for cell in initiative.cells:
            if cell.phase not in PHASES:
                continue
            places = PLACES.index(cell.place) - place_at
            phases = PHASES.index(cell.phase) - phase_at
            rank = (abs(places) + abs(phases), abs(places), order)
            candidates.append((rank, (initiative.id, cell.place, cell.phase, places, phases)))
    return min(candidates)[1]
