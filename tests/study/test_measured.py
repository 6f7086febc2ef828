"""`ppp measures`: what may be shared, as a table, CSV and JSON."""

import io
import json

import pandas as pd
import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.disclosure import RELEASED


@pytest.fixture
def run(small):
    folder = small.write()

    def call(*arguments):
        return CliRunner().invoke(main, ["measures", str(folder), *arguments])

    return call


def test_every_released_measure_is_printed_with_its_state_and_no_answer(run):
    result = run("--organization", "norra")
    assert result.exit_code == 0, result.output
    for name in RELEASED:
        assert f"\n{name}\n" in f"\n{result.stdout}"
    assert "withheld" in result.stdout, "two professionals are fewer than five"
    assert "HEMLIG" not in result.output
    assert "sodra" not in result.stdout


def test_csv_holds_one_measure_and_reads_back(run):
    result = run("--measure", "phase_profile", "--format", "csv")
    table = pd.read_csv(io.StringIO(result.stdout))
    assert list(table) == ["organization", *RELEASED["phase_profile"]]
    assert set(table["organization"]) == {"norra", "sodra"}
    several = run("--format", "csv")
    assert several.exit_code == 2
    assert "--measure" in several.output


def test_json_holds_all_measures(run):
    tables = json.loads(run("-o", "sodra", "-f", "json").stdout)
    assert set(tables) == set(RELEASED)
    assert {row["state"] for row in tables["parity_ratings"]} == {"withheld"}
    assert {row["mean"] for row in tables["parity_ratings"]} == {None}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "nora"], "Did you mean “norra”?"),
        (["-m", "parity_gaps"], "Did you mean “parity_gap”?"),
        (["--wave", "1999"], "2026"),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(run, arguments, told):
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.output


def test_a_second_run_prepares_nothing_and_says_the_same(run):
    first, second = run("-o", "norra", "-f", "json"), run("-o", "norra", "-f", "json")
    assert first.stdout == second.stdout
    assert "measuring" in first.output
    assert "measuring" not in second.output


def test_whole_numbers_are_written_out_however_large():
    from ppp.study.measured import as_text

    table = pd.DataFrame({"n": pd.array([20_000, 0.37142, pd.NA], dtype="Float64")})
    assert as_text({"one": table}).split() == ["one", "n", "20000", "0.3714", "–"]


def test_the_same_study_gives_the_same_bytes_wherever_and_whenever_it_is_prepared(small):
    """Reports read nothing but partitions: equal bytes in another time zone, locale, folder and hash seed."""
    import os
    import shutil
    import subprocess
    import sys

    first = small.write()
    second = first.parent / "elsewhere in Sverige" / "small"
    shutil.copytree(first, second)
    told = []
    for folder, change in (
        (first, {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}),
        (second, {"TZ": "Pacific/Kiritimati", "LC_ALL": "sv_SE.UTF-8", "PYTHONHASHSEED": "4711"}),
    ):
        command = [
            sys.executable,
            "-c",
            "from ppp.cli import main; main()",
            "measures",
            str(folder),
            "--format",
            "json",
        ]
        printed = subprocess.run(command, env=os.environ | change, capture_output=True, check=True).stdout
        partitions = sorted((folder / "prepared" / "partitions").iterdir())
        told.append((printed, [(path.name, path.read_bytes()) for path in partitions]))
    assert told[0] == told[1]
    assert len(told[0][1]) == 2
