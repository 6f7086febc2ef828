"""``ppp inspect``: what a file is, and nothing that anybody wrote in their own words."""

import json

import pytest
from click.testing import CliRunner

from ppp.cli import main

FORM = ["Timestamp;How much?;Which phases?;What happened?;When born?"]
FORM += [
    f"2026-01-01 10:00:0{n % 10};{['A lot', 'A little'][n % 2]};{['Design', 'Plan'][n % 2]};Secret story {n // 2};{1950 + n}"
    for n in range(24)
]


def _inspect(*arguments):
    result = CliRunner().invoke(main, ["inspect", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("\n".join(FORM) + "\n", encoding="utf-8")
    return path


def test_it_says_what_a_file_is(form):
    text = _inspect(form)
    assert "googleforms (certainty 90%)" in text
    assert "encoding utf-8, delimiter semicolon" in text
    assert "24 responses" in text
    assert "A lot | A little" in text


def test_it_never_shows_free_text_nor_rare_answers(form):
    for output in (_inspect(form), _inspect(form, "--json")):
        assert "Secret" not in output
        assert "1950" not in output


def test_json_holds_the_same(form):
    about = json.loads(_inspect(form, "--json"))
    assert (about["platform"], about["responses"], about["encoding"], about["delimiter"]) == ("googleforms", 24, "utf-8", ";")  # fmt: skip
    by_name = {question["name"]: question for question in about["questions"]}
    assert by_name["How much?"]["type"] == "single"
    assert by_name["What happened?"]["type"] == "text"
    assert by_name["What happened?"]["choices"] == []
    assert by_name["When born?"]["type"] == "number"
    assert about["left_out"][0]["what"] == ["Timestamp"]


def test_a_best_guess_is_asked_about_and_not_taken(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("a/b/c,a/b/d,a/e\n1,x,2\n2,y,3\n", encoding="utf-8")
    about = json.loads(_inspect(path, "--json"))
    assert about["platform"] == "csv"
    assert about["looks_like"]["platform"] == "kobo"
    assert any("platform: kobo" in warning for warning in about["warnings"])
    assert json.loads(_inspect(path, "--json", "--platform", "kobo"))["platform"] == "kobo"


@pytest.mark.parametrize("arguments", [["nowhere.csv"], ["{form}", "--platform", "recdap"], ["{form}", "--companion", "nowhere.qsf", "--platform", "qualtrics"], ["{form}", "--encoding", "klingon"]])  # fmt: skip
def test_bad_input_is_told_plainly(form, arguments):
    result = CliRunner().invoke(main, ["inspect", *(each.format(form=form) for each in arguments)])
    assert result.exit_code == 2
    assert "→" in result.output
    assert "Traceback" not in result.output
