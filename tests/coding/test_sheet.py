"""The spreadsheet way: drop-downs and locked ids out, and back only what is right, row by row."""

import zipfile

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from ppp.cli import main
from ppp.coding.compare import differences
from ppp.coding.events import held
from ppp.study import open_study


@pytest.fixture
def study(small):
    """Two coders; texts that a spreadsheet would run, and one with everything that is hard to carry."""
    small.settings["coders"] = ["anna", "bo"]
    small.settings["coding"] = {"overlap": 1, "show_suggestions": False}  # so in the order of the export
    small.rows[0] = (
        small.rows[0].replace("HEMLIG1 titel", "=HYPERLINK(1)").replace("HEMLIG1 beskrivning", "åäö 🙂 +1 @x")
    )
    small.write()
    return open_study(small.folder)


def ppp(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def write(study, coder="anna", *more):
    path = study.path / f"{coder}.xlsx"
    path.unlink(missing_ok=True)
    result = ppp("code", study.path, "--coder", coder, "--sheet", path, *more)
    assert result.exit_code == 0, result.output
    return path


def fill(path, rows):
    """Fill cells by row (from the first activity) and header, and save, as a spreadsheet program does."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[2]}
    for row, cells in rows.items():
        for header, value in cells.items():
            sheet.cell(row + 3, at[header]).value = value
    book.save(path)


def take(study, path, coder="anna"):
    return ppp("code", study.path, "--coder", coder, "--take", path)


GOOD = {"Plats": "System", "Fas när patienterna kom med": "Planering"}


def _labels(study):
    from ppp.framework import codebook

    book = codebook()
    return {code.id: code.label["sv"] for code in (*book.places, *book.phases, *book.leaves, *book.special)}


def test_the_sheet_locks_ids_and_texts_offers_choices_and_defines_them(study):
    book = load_workbook(write(study))
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[2]}
    assert sheet.protection.sheet
    assert all(sheet.cell(3, at[name]).protection.locked for name in ("Id (ändra inte)", "Namn", "Beskrivning"))
    assert not sheet.cell(3, at["Plats"]).protection.locked
    choices = {}
    for validation in sheet.data_validations.dataValidation:
        name, cells = validation.formula1.lstrip("=").split("!")
        values = [cell.value for [cell] in book[name][cells.replace("$", "")]]
        for cell_range in validation.sqref.ranges:
            choices[sheet.cell(2, cell_range.min_col).value] = values
    labels = _labels(study)
    assert choices["Plats"] == [
        labels[c] for c in ("direct_care", "clinic", "organization", "system", "not_stated", "none")
    ]
    assert choices[labels["compensation"]] == ["stöder", "hinder"]
    words = "\n".join(str(cell.value) for row in book["Definitioner"].iter_rows() for cell in row)
    assert all(label in words for label in labels.values())


def test_rows_are_high_enough_for_their_texts_in_programs_that_do_not_look(study):
    sheet = load_workbook(write(study)).worksheets[0]
    for row in sheet.iter_rows(min_row=3, max_col=3):
        lines = max(len(str(cell.value or "")) / sheet.column_dimensions[cell.column_letter].width for cell in row)
        assert sheet.row_dimensions[row[0].row].height >= 11 * lines


def test_a_text_that_looks_like_a_formula_is_a_text(study):
    path = write(study)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "sheet" in name and b"<f>" in archive.read(name)]
    titles = [row[1] for row in load_workbook(path).worksheets[0].iter_rows(min_row=3, values_only=True)]
    assert "=HYPERLINK(1)" in titles


def test_what_is_filled_in_is_taken_and_taking_it_twice_changes_nothing(study):
    path, labels = write(study), _labels(study)
    fill(path, {
        0: {"Plats": labels["system"], "Plats, andra": labels["clinic"], "Fas när patienterna kom med": labels["plan"],
            labels["compensation"]: "hinder", "Hur säker": "osäker", "Anteckning": "=1+1 är två rader\nhär"},
        1: {"Plats": labels["none"], "Fas när patienterna kom med": labels["none"]},
        2: {"Hoppa över eller prata om": "hoppa över", "Anteckning": "dubblett"},
    })  # fmt: skip
    sheet = load_workbook(path).worksheets[0]
    assert sheet.cell(3, 1).value == study.activities()["activity_id"][0]
    book = load_workbook(path)  # openpyxl takes a text with = in front for a formula: make it a text again
    [memo] = [cell for cell in book.worksheets[0][3] if str(cell.value).startswith("=1+1")]
    memo.data_type = "s"
    book.save(path)
    result = take(study, path)
    assert result.exit_code == 0, result.output
    assert "Took 3 rows" in result.output
    codes = held(study.codings())
    first = codes[codes["activity_id"] == study.activities()["activity_id"][0]]
    assert first["code"].tolist() == ["system", "clinic", "plan", "compensation"]
    assert set(first["confidence"]) == {0.4}
    assert set(first["memo"]) == {"=1+1 är två rader\nhär"}
    assert "(0 events" in take(study, path).output
    again = write(study)
    assert "(0 events" in take(study, again).output, "what is coded stands in the next sheet"


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"Plats": "Sjukhuset i Norra HEMLIG"}, "Place", "not one of the choices"),
        ({"Id (ändra inte)": "x/1"}, "Id", "not one of the coder"),
        ({"Plats": "=A1"}, "Place", "formula"),
        ({"Plats": "none"}, "Place", "no partnership"),
        ({"Plats, andra": "system"}, "second", "same code"),
        ({"Hur säker": "kanske"}, "How sure", "not one of the choices"),
        ({"Anteckning": "=cmd()"}, "Note", "formula"),
    ],
)
def test_only_the_wrong_row_is_left_out_by_name(study, cells, column, told):
    path = write(study)
    good = {"Plats": "system", "Fas när patienterna kom med": "plan"}
    fill(path, {0: good, 1: {**good, **cells}, 2: good})
    result = take(study, path)
    assert result.exit_code == 2
    assert "Took 2 rows" in result.output
    assert "line 4" in result.output
    assert column in result.output
    assert told in result.output
    assert "→" in result.output
    assert "HEMLIG" not in result.output
    assert "Traceback" not in result.output
    coded = set(held(study.codings())["activity_id"])
    ids = study.activities()["activity_id"]
    assert coded == {ids[0], ids[2]}


def test_sheets_of_other_coders_studies_and_kinds_are_refused(study, tmp_path):
    path = write(study)
    assert "another coder" in take(study, path, "bo").output
    other = tmp_path / "notes.xlsx"
    other.write_bytes(b"PK not really")
    result = take(study, other)
    assert (result.exit_code, "not a spreadsheet" in result.output) == (2, True)
    path.with_suffix(".ods").write_bytes(path.read_bytes())
    result = take(study, path.with_suffix(".ods"))
    assert (result.exit_code, "saved as .xlsx" in result.output) == (2, True)
    result = ppp("code", study.path, "--settle", path)
    assert (result.exit_code, "not such a sheet" in result.output) == (2, True)
    assert take(study, tmp_path / "none.xlsx").exit_code == 2
    assert study.codings().empty


def test_a_sheet_that_is_there_is_never_overwritten(study):
    path = write(study)
    before = path.read_bytes()
    result = ppp("code", study.path, "--coder", "anna", "--sheet", path)
    assert (result.exit_code, "already" in result.output) == (2, True)
    assert path.read_bytes() == before
    assert not list(study.path.glob(".sheet-*"))


def test_a_sheet_rebuilt_by_another_program_is_read_alike(study):
    """Another program may move columns, drop styles and validations, and add empty rows; the values stay."""
    from openpyxl import Workbook

    path = write(study, "anna", "-l", "en")
    old = load_workbook(path)
    new = Workbook()
    new.remove(new.active)
    for sheet in old.worksheets:
        copy = new.create_sheet(sheet.title)
        for row in sheet.iter_rows(values_only=True):
            copy.append([*row[::-1], None] if sheet is old.worksheets[0] else row)
        copy.append([None, None])
    first = new.worksheets[0]
    at = {cell.value: cell.column for cell in first[2]}
    first.cell(3, at["Place"]).value = "  CLINIC "
    first.cell(3, at["Phase in which patients joined"]).value = "Design"
    new.save(path)
    result = take(study, path)
    assert result.exit_code == 0, result.output
    assert held(study.codings())["code"].tolist() == ["clinic", "design"]


# -- settling --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def differing(study):
    ids = study.activities()["activity_id"]
    anna, bo = study.desk("anna"), study.desk("bo")
    for activity in ids[:3]:
        anna.code(activity, place="clinic", phase_began="plan", parity={"numbers": "barrier", "support": "supports"})
    bo.code(ids[0], place="system", phase_began="plan", parity={"numbers": "barrier", "support": "supports"})
    bo.code(
        ids[1],
        place="clinic",
        phase_began="plan",
        parity={"numbers": "barrier", "support": "barrier", "training": "supports"},
    )
    bo.code(ids[2], place="clinic", phase_began="plan", parity={"numbers": "barrier", "support": "supports"})
    return study


def settling_sheet(study):
    path = study.path / "differences.xlsx"
    path.unlink(missing_ok=True)
    result = ppp("code", study.path, "--differences", path, "-l", "en")
    assert result.exit_code == 0, result.output
    return path


def test_differences_are_settled_in_a_sheet_factor_by_factor(differing):
    study, ids = differing, differing.activities()["activity_id"]
    path = settling_sheet(study)
    rows = list(load_workbook(path).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert [(row[0], row[3], row[4]) for row in rows] == [
        (ids[0], "Place", None), (ids[1], "Parity", _label("training")), (ids[1], "Parity", _label("support")),
    ]  # fmt: skip
    fill(path, {
        0: {"Settled": "System", "Why we differed": "true edge", "Reason": "Both, the higher one first."},
        1: {"Settled": "supports", "Why we differed": "slip"},
        2: {"Settled": "no evidence", "Why we differed": "slip"},
    })  # fmt: skip
    result = ppp("code", study.path, "--settle", path, "--by", "anna-bo")
    assert result.exit_code == 0, result.output
    agreed = held(study.consensus(), together=True)
    assert set(agreed["coder"]) == {"anna-bo"}
    place = agreed[agreed["activity_id"] == ids[0]]
    assert place[["code", "kind", "memo"]].values.tolist() == [["system", "true_edge", "Both, the higher one first."]]
    parity = agreed[agreed["activity_id"] == ids[1]]
    # what both had found stays, though nobody had to settle it
    assert set(zip(parity["code"], parity["polarity"], strict=True)) == {
        ("numbers", "barrier"),
        ("training", "supports"),
    }
    assert differences(study.codings(), consensus=study.consensus()).empty
    assert study.placements().set_index("activity_id").loc[ids[0], "place"] == "system"


def _label(leaf):
    from ppp.framework import codebook

    return next(one.label["en"] for one in codebook().leaves if one.id == leaf)


def test_half_settled_rows_are_told_and_the_others_kept(differing):
    path = settling_sheet(differing)
    fill(path, {
        0: {"Settled": "System", "Why we differed": "gap in the rules"},  # the reason is missing
        1: {"Settled": "supports", "Why we differed": "slip"},  # and the other factor of this activity is not settled
    })  # fmt: skip
    result = ppp("code", differing.path, "--settle", path)
    assert result.exit_code == 2
    assert "line 3" in result.output
    assert "reason" in result.output
    assert "line 5" in result.output
    assert "together" in result.output
    assert differing.consensus().empty
