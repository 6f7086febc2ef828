"""`ppp code` and `ppp agree` as people meet them."""

import io
import json
import shutil

import pandas as pd
import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.study import open_study
from ppp.study.coding import origins


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from pathlib import Path

    folder = tmp_path_factory.mktemp("coding") / "demo"
    shutil.copytree(Path(__file__).parents[2] / "data" / "demo", folder, ignore=shutil.ignore_patterns("prepared"))
    return folder


def ppp(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result


def test_progress_tells_who_has_done_what_and_what_is_next(demo):
    before = {path: path.read_bytes() for path in demo.rglob("*") if path.is_file()}
    result = ppp("code", demo)
    assert result.exit_code == 0, result.output
    for words in ("astrid", "yusuf", "assigned", "flagged", "Krippendorff", "settled together", "--differences"):
        assert words in result.output
    assert {path: path.read_bytes() for path in demo.rglob("*") if path.is_file()} == before, "looking writes nothing"


def test_shares_by_origin_add_up(demo):
    shares = origins(open_study(demo)).groupby("dimension")["share"].sum()
    assert shares.tolist() == pytest.approx([1, 1])


def test_agreement_in_words_and_as_tables(demo):
    words = ppp("agree", demo)
    assert words.exit_code == 0
    for said in ("Cohen’s κ", "Gwet’s AC1", "after settling", "more are needed", "by code", "undefined, because"):
        assert said in words.output
    table = pd.read_csv(io.StringIO(ppp("agree", demo, "--csv").output))
    assert set(table["when"]) == {"before", "after"}
    alpha = table[(table["coefficient"] == "alpha") & table["code"].isna()].set_index(["dimension", "when"])["value"]
    for dimension in ("place", "phase_began", "parity"):
        assert alpha[dimension, "before"] < alpha[dimension, "after"] < 1
    assert len(json.loads(ppp("agree", demo, "--json").output)) == len(table)


def test_a_study_without_coders_says_what_to_do(small):
    small.write()
    result = ppp("code", small.folder)
    assert result.exit_code == 0
    assert "coders: [anna, bo]" in result.output
    assert "undefined, because nothing is coded" in ppp("agree", small.folder).output
    assert ppp("agree", small.folder, "--csv").exit_code == 0
    result = ppp("code", small.folder, "--coder", "anna", "--sheet", small.folder / "x.xlsx")
    assert (result.exit_code, "no coder" in result.output) == (2, True)


def test_a_torn_line_is_said_and_nothing_else_is_lost(small):
    small.settings["coders"] = ["anna"]
    study = open_study(small.write())
    study.desk("anna").code(study.activities()["activity_id"][0], place="clinic", phase_began="plan")
    path = small.folder / "codings" / "anna.csv"
    path.write_bytes(path.read_bytes() + b"half a li")
    result = ppp("code", small.folder)
    assert "torn" in result.output
    assert result.exit_code == 0


def test_an_older_codebook_says_what_to_look_at_again(demo, root, tmp_path):
    old = tmp_path / "old.yaml"
    text = (root / "ppp" / "framework" / "codebook.yaml").read_text(encoding="utf-8")
    old.write_text(text.replace("One clinic, ward, unit or service", "A clinic", 1), encoding="utf-8")
    result = ppp("code", demo, "--codebook", old)
    assert result.exit_code == 0, result.output
    assert "place / clinic: definition" in result.output


def test_the_demo_codings_are_the_same_bytes_every_time(demo, tmp_path):
    import subprocess
    import sys

    subprocess.run([sys.executable, "-B", demo / "make_codings.py", tmp_path], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (demo / "codings").iterdir()}
    assert made == kept
