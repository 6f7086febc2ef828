"""Marked strings in every answer of a study are found nowhere in what the program writes for others.

Reports, executed notebooks with their metadata, indexes, manifests, prepared partitions, what commands print, and the
messages about broken input. Marks are whole words that occur nowhere else.
"""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from ppp.cli import main

NUMBERS = [  # one made-up birth date in the spellings that people use; the check digits are right
    "19640823-3234", "640823-3234", "196408233234", "6408233234", "19640823 3234", "640823 3234", "1964-08-23-3234",
    "1964-08-23 3234", "640823+3234", "19640883-3231", "640883-3231", "640823–3234",
]  # fmt: skip
NAMES = ["Quarntilda Zeberfors", "Turolf Vaxelmyrqvist"]
ADDRESSES = ["quarntilda.zeberfors@kanarie.example", "+46 70 555 17 99", "070-555 17 99", "10.77.66.55"]
MARK = "KANARIE"


@pytest.fixture
def planted(small):
    """The small study with a mark in every cell that somebody could fill in, and columns that no mapping names."""
    extra = ["Namn", "E-post", "Telefon", "Personnummer", "IP Address", "Kommentar", "Utanför"]
    small.header += ";" + ";".join(extra)
    marked = []
    for at, row in enumerate(small.rows):
        cells = [cell.replace("HEMLIG", f"{MARK}{at}x") for cell in row.split(";")]
        number, name, address = NUMBERS[at % len(NUMBERS)], NAMES[at % 2], ADDRESSES[at % 4]
        for column in (5, 6):
            if cells[column]:
                cells[column] += f" {MARK} {name} {number} {address} {NUMBERS[(at + 6) % len(NUMBERS)]}"
        cells += [name, ADDRESSES[0], ADDRESSES[1], number, ADDRESSES[3], f"{MARK} {name}, {number}", f"{MARK}{at}"]
        marked.append(";".join(cells))
    small.rows = marked
    return small


def _run(*arguments, cwd):
    environment = {**os.environ, "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-m", "ppp", *map(str, arguments)],
        cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def _marks_in(text):
    marks = [MARK, *NUMBERS, *ADDRESSES, *(part for name in NAMES for part in name.split())]
    return [mark for mark in marks if mark.casefold() in text.casefold()]


def _marks_below(folder):
    found = {}
    for path in folder.rglob("*"):
        told = _marks_in(path.name)
        if path.is_file():
            told += _marks_in(path.read_bytes().decode("utf-8", errors="replace"))
        if told:
            found[str(path.relative_to(folder))] = told
    return found


def test_nothing_that_was_answered_reaches_what_is_written_for_others(planted, tmp_path):
    study, out = planted.write(), tmp_path / "reports"
    for arguments in (
        ["check", study],
        ["report", study, "--output", out, "--jobs", "1"],
        ["measures", study, "-o", "norra"],
    ):
        code, said = _run(*arguments, cwd=tmp_path)
        assert code == 0, said
        assert not _marks_in(said), arguments[0]
    assert list(out.rglob("*.html"))
    assert list(out.rglob("*.ipynb"))
    assert not _marks_below(out)
    assert not _marks_below(study / "prepared" / "partitions")
    # and nothing tells on which machine it was made
    for path in filter(os.path.isfile, out.rglob("*")):
        text = path.read_bytes().decode("utf-8", errors="replace")
        assert str(tmp_path) not in text, path.name


@pytest.mark.parametrize(
    "bend",
    ["place", "phase", "rating", "role", "organization", "torn", "columns"],
)
def test_messages_about_broken_input_quote_no_answer(planted, tmp_path, bend):
    """The same marks where the program has to complain: in a cell that a mapping does not understand."""
    column = {"organization": 1, "role": 2, "rating": 3, "place": 7, "phase": 8}.get(bend)
    if column is not None:
        rows = [row.split(";") for row in planted.rows]
        rows[3][column] = f"{MARK} {NAMES[0]} {NUMBERS[0]}"
        planted.rows = [";".join(row) for row in rows]
    elif bend == "torn":
        planted.rows[4] = f'"{MARK} {NAMES[0]}' + planted.rows[4]
    else:
        planted.rows[4] += f";{MARK};{NAMES[0]};{ADDRESSES[0]}"
    study = planted.write()
    for arguments in (["check", study], ["prepare", study], ["report", study, "--dry-run"]):
        done = CliRunner().invoke(main, list(map(str, arguments)))
        code, said = done.exit_code, done.output
        assert code in (0, 1, 2)
        assert done.exception is None or isinstance(done.exception, SystemExit)
        # an unknown organization's name must be shown to be matched: it is no answer about anyone
        told = set(_marks_in(said)) - ({MARK, *NAMES[0].split()} if bend == "organization" else set())
        assert not told, (arguments[0], said)
