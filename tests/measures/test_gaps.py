"""Empty cells: nearest to what there is first, then the earlier phase, then the codebook's order of places."""

from ppp.framework import PHASES, PLACES
from ppp.measures import gaps


def test_the_order_of_empty_cells():
    found = gaps({("clinic", "plan"): True, ("organization", "plan"): True, ("system", "evaluate"): False})
    assert len(found) == 14
    assert found.index.tolist() == list(range(14))
    cells = list(found[["place", "phase", "neighbours_n"]].itertuples(index=False, name=None))
    assert cells[:6] == [
        ("clinic", "design", 1),
        ("organization", "design", 1),
        ("direct_care", "plan", 1),
        ("system", "plan", 1),
        ("clinic", "implement", 1),
        ("organization", "implement", 1),
    ]
    assert {n for _, _, n in cells[6:]} == {0}
    assert [cell[:2] for cell in cells[6:10]] == [
        ("direct_care", "design"),
        ("system", "design"),
        ("direct_care", "implement"),
        ("system", "implement"),
    ]


def test_the_initiative_that_is_shown_lies_as_far_away_as_it_says():
    for row in gaps([]).itertuples():
        assert PLACES.index(row.initiative_place) == PLACES.index(row.place) + row.places_away
        assert PHASES.index(row.initiative_phase) == PHASES.index(row.phase) + row.phases_away
