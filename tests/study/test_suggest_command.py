"""``ppp suggest`` as people meet it: a list of texts in, their codes out."""

import pandas as pd
import pytest
from click.testing import CliRunner

from ppp.cli import main

TEXTS = [
    ("007", "Two patients sit on the hospital board and decide its goals with the directors.", "en"),
    ("1e5", "Patienterna ingår i avdelningens förbättringsteam men får ingen ersättning.", "sv"),
    ("c", "", ""),
    ("d", "🙂🙂", ""),
]


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-16")])
def test_every_text_gets_its_line_and_ids_stay_as_they_are(tmp_path, delimiter, encoding):
    texts = [text for text in TEXTS if encoding != "cp1252" or text[0] != "d"]
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    pd.DataFrame(texts, columns=["id", "text", "lang"]).to_csv(source, sep=delimiter, encoding=encoding, index=False)
    ran = CliRunner().invoke(main, ["suggest", str(source), str(out)])
    assert ran.exit_code == 0, ran.output
    coded = pd.read_csv(out, dtype=str, keep_default_na=False).set_index("id")
    assert coded.index.tolist() == [text[0] for text in texts]
    assert coded.loc["007", ["place", "phase"]].tolist() == ["organization", "design"]
    assert coded.loc["1e5", "place"] == "clinic"
    assert "compensation:barrier" in coded.loc["1e5", "parity"]
    assert coded.loc["c", ["place", "phase"]].tolist() == ["none", "none"], "the coding rules: an empty answer is none"
    assert coded.loc["c", "reason"]


def test_a_file_without_texts_is_refused_and_nothing_is_written(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,secret\n1,HEMLIG\n", encoding="utf-8")
    ran = CliRunner().invoke(main, ["suggest", str(source), str(out)])
    assert ran.exit_code == 2
    assert "→" in ran.output
    assert "HEMLIG" not in ran.output
    assert not out.exists()
