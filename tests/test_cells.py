"""No text that somebody gave becomes a formula in a spreadsheet, and every text comes back unharmed."""

import csv
import shutil
import subprocess
import xml.etree.ElementTree as ET

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ppp.cells import restored, safe, safe_texts
from ppp.coding.exchange.tables import COLUMNS, read_table, write_table
from ppp.coding.sheet import _put
from ppp.study.measured import as_csv

BEGINNINGS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "\ufe661"]
HOSTILE = [
    *BEGINNINGS,
    *(
        before + "=1+1"
        for before in (" ", "\t", "\r", "\n", "\x0b", "\x00", "\u00a0", "\u200b", "\ufeff", "\u202e", "' ")
    ),
    "\tplain",
    "\rplain",
    "'=1+1",
    "''",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
]
_beginning = st.sampled_from(["=", "+", "-", "@", "'", "\t", "\r", " ", "\u200b", "\uff1d", "\ufe66", "\x00", "a", "å"])


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_might_run_gets_an_apostrophe(text):
    assert safe(text) == f"'{text}"
    assert restored(safe(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "a=b", "1-2", "Åre – på riktigt", " plain", "(=1)", "😀"])
def test_other_texts_stay_as_they_are(text):
    assert safe(text) == text


@given(st.text() | st.lists(_beginning | st.text(max_size=2), max_size=6).map("".join))
def test_every_text_comes_back_unharmed_and_no_two_become_one(text):
    made = safe(text)
    assert restored(made) == text
    assert made.lstrip(" \t\r\n\x00\u200b\ufeff")[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20")


def test_the_long_table_carries_hostile_texts_there_and_back(tmp_path):
    texts = [text for text in HOSTILE if "\x00" not in text]
    frame = pd.DataFrame({"activity_id": texts, "memo": texts, "dimension": "place", "code": "clinic"})
    frame = frame.reindex(columns=list(COLUMNS)).astype(COLUMNS)
    write_table(tmp_path / "codings.csv", frame)
    back = read_table(tmp_path / "codings.csv")
    # a lone carriage return inside a cell is a line's end to every reader of CSV
    assert [text.replace("\r", "\n") for text in back["memo"]] == [text.replace("\r", "\n") for text in texts]


def test_a_table_of_measures_as_csv_keeps_numbers_and_makes_texts_safe():
    text = as_csv({"one": pd.DataFrame({"organization": ["=1+1", "b"], "gap": [-0.2, 1.0]})})
    assert text == "organization,gap\n'=1+1,-0.2\nb,1.0\n"


def test_libreoffice_finds_no_formula(tmp_path):
    """Opened by a program that runs formulas, what we write holds none; what we did not make safe does."""
    if not (office := shutil.which("soffice")):
        pytest.skip("LibreOffice is not installed")
    texts = [text for text in HOSTILE if "\x00" not in text and "\r" not in text]
    table = pd.DataFrame({"text": texts})
    safe_texts(table).to_csv(tmp_path / "ours.csv", index=False)
    with open(tmp_path / "careless.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([text] for text in texts)
    book = Workbook()
    for row, text in enumerate(texts, start=1):
        _put(book.active.cell(row, 1), text)
    book.save(tmp_path / "sheet.xlsx")

    found = {}
    for names, more in ((["ours.csv", "careless.csv"], ["--infilter=CSV:44,34,76,1"]), (["sheet.xlsx"], [])):
        command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "fods"]
        subprocess.run([*command, *more, *names], cwd=tmp_path, check=True, capture_output=True, timeout=240)
        for name in names:
            root = ET.parse(tmp_path / f"{name.split('.')[0]}.fods").getroot()
            formulas = sum(key.endswith("}formula") for cell in root.iter() for key in cell.attrib)
            found[name] = formulas, "=1+1" in "".join(root.itertext())
    assert found["ours.csv"] == found["sheet.xlsx"] == (0, True)
    assert found["careless.csv"][0] > 0
