"""The seed's own material as a study: its report is Figure 1, cell by cell."""

import html5lib

from ppp.framework import PHASES, PLACES, codebook, figure_one, initiatives


def _matrix(page: str) -> dict:
    """The report's matrix as a reader sees it: for each cell the number and the quotes."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    [table] = [element for element in tree.iter("table") if "matrix" in element.get("class", "")]
    labels = {place.label["en"]: place.id for place in codebook().places}
    cells = {}
    for row in table.find("tbody").iter("tr"):
        place = labels["".join(row.find("th").itertext()).strip()]
        for phase, cell in zip(PHASES, row.findall("td"), strict=True):
            number = "".join(cell.find("span[@class]").itertext())
            cells[place, phase] = (number, ["".join(item.itertext()) for item in cell.iter("li")])
    return cells


def test_every_report_is_made(lind2014):
    assert lind2014.exit_code == 0, lind2014.output
    assert len(lind2014.pages) == 2 * (1 + len(initiatives().initiatives))


def test_the_report_reproduces_figure_1_cell_by_cell(lind2014):
    cells = _matrix(lind2014.page("figure_1", "en"))
    expected = {(place, phase): [] for place in PLACES for phase in PHASES}
    for example in figure_one().examples:
        expected[example.place, example.phase].append(example.label["en"])
    assert {cell: sorted(quotes) for cell, (_, quotes) in cells.items()} == {
        cell: sorted(labels) for cell, labels in expected.items()
    }
    assert {cell: number for cell, (number, _) in cells.items()} == {
        cell: str(len(labels)) for cell, labels in expected.items()
    }


def test_each_initiative_stands_in_its_cells(lind2014):
    for initiative in initiatives().initiatives:
        cells = _matrix(lind2014.page(initiative.id, "en"))
        filled = {cell for cell, (number, _) in cells.items() if number.isdigit() and number != "0"}
        assert filled == {(cell.place, cell.phase) for cell in initiative.cells if cell.phase in PHASES}, initiative.id
