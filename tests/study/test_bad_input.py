"""Bad input: what, where, how to mend; exit code 2; nothing written; no traceback; no answer quoted."""

import pytest
from click.testing import CliRunner

from ppp.cli import main


def _run(*args, **kwargs):
    return CliRunner().invoke(main, [str(arg) for arg in args], **kwargs)


def _files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def _assert_refused(small, tmp_path, *, says, command=("report",)):
    output = tmp_path / "out"
    before = _files(small.folder)
    options = ["--output", output] if command[0] == "report" else []
    result = _run(command[0], small.folder, *command[1:], *options)
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    assert "→" in result.output, "a mend is offered"
    assert "HEMLIG" not in result.output
    for word in says:
        assert word in result.output
    assert _files(small.folder) == before, "nothing was written"
    assert not output.exists()


def test_the_study_that_the_others_are_bent_from_is_sound(small):
    result = _run("check", small.write())
    assert result.exit_code == 0, result.output
    assert "9 respondents, 8 activities" in result.output
    assert "HEMLIG" not in result.output


def test_a_missing_study(tmp_path):
    result = _run("report", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "no such study folder" in result.output


def test_a_folder_without_study_yaml(tmp_path):
    result = _run("check", tmp_path)
    assert result.exit_code == 2
    assert "study.yaml" in result.output


def test_a_missing_export(small, tmp_path):
    small.settings["exports"][0]["file"] = "answer.csv"
    small.write()
    _assert_refused(small, tmp_path, says=["exports/answer.csv", "answers.csv"])


def test_a_wrong_column(small, tmp_path):
    small.settings["mappings"]["form"]["role"] = "Rol"
    small.write()
    _assert_refused(small, tmp_path, says=["answers.csv", "Rol", "Roll"])


def test_an_unknown_organization_on_the_command_line(small, tmp_path):
    small.write()
    _assert_refused(small, tmp_path, says=["nora", "norra"], command=("report", "--organization", "nora"))


def test_an_unknown_organization_in_the_export(small, tmp_path):
    small.settings["organizations"][0]["aliases"] = []
    small.write()
    _assert_refused(small, tmp_path, says=["answers.csv", "Organisation", "2"])


def test_an_unknown_language(small, tmp_path):
    small.write()
    _assert_refused(small, tmp_path, says=["xx"], command=("report", "--language", "sv,xx"))


def test_an_unknown_wave(small, tmp_path):
    small.write()
    _assert_refused(small, tmp_path, says=["2025", "2026"], command=("report", "--wave", "2025"))


@pytest.mark.parametrize("rows", [[], None])
def test_an_empty_export(small, tmp_path, rows):
    small.rows = []
    small.write()
    if rows is None:
        (small.folder / "exports" / "answers.csv").write_bytes(b"")
    _assert_refused(small, tmp_path, says=["exports/answers.csv"])


def test_a_broken_encoding(small, tmp_path):
    small.settings["exports"][0]["encoding"] = "utf-8"
    small.write()
    path = small.folder / "exports" / "answers.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    _assert_refused(small, tmp_path, says=["exports/answers.csv"])


def test_bytes_that_are_no_text_at_all(small, tmp_path):
    small.write()
    (small.folder / "exports" / "answers.csv").write_bytes(bytes(range(256)) * 20)
    _assert_refused(small, tmp_path, says=["exports/answers.csv"])


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("waves:", "wavs:", ["study.yaml", "wavs", "waves"]),
        ("title:", "title", ["study.yaml", "line"]),
        ("wave: '2026'", "wave: '2062'", ["study.yaml", "2062"]),
        ("mapping: form", "mapping: from", ["study.yaml", "from"]),
    ],
)
def test_a_typo_in_study_yaml(small, tmp_path, wrong, right, says):
    small.write()
    path = small.folder / "study.yaml"
    text = path.read_text(encoding="utf-8")
    assert wrong in text
    path.write_text(text.replace(wrong, right, 1), encoding="utf-8")
    _assert_refused(small, tmp_path, says=says)


def test_a_threshold_below_three(small, tmp_path):
    small.settings["disclosure"] = {"threshold": 2}
    small.write()
    _assert_refused(small, tmp_path, says=["threshold", "3"])


def test_a_role_in_unknown_words_names_the_rows_and_not_the_words(small, tmp_path):
    small.rows[0] = small.rows[0].replace("Patient", "HEMLIG roll")
    small.write()
    _assert_refused(small, tmp_path, says=["answers.csv", "Roll", "values"], command=("check",))


def test_a_quote_that_nobody_signed(small, tmp_path):
    small.write()
    text = "activity_id,quote,approved_by,approved_at\n2026/answers/1/1,HEMLIG1 titel,,2026-01-01\n"
    (small.folder / "quotes.csv").write_text(text, encoding="utf-8")
    _assert_refused(small, tmp_path, says=["quotes.csv", "line 2", "approved"])


def test_all_faults_are_told_in_one_go(small, tmp_path):
    small.settings["mappings"]["form"]["role"] = "Rol"
    small.settings["mappings"]["form"]["response_id"] = "IDD"
    small.write()
    _assert_refused(small, tmp_path, says=["Rol", "IDD"])


def test_new_makes_a_study_that_check_finds_sound(tmp_path):
    folder = tmp_path / "a" / "study"
    assert _run("new", folder).exit_code == 0
    result = _run("check", folder)
    assert result.exit_code == 0, result.output
    assert "no export yet" in result.output
    again = _run("new", folder)
    assert again.exit_code == 2
    assert "exists already" in again.output
