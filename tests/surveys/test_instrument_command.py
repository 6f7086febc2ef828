"""`ppp instrument` writes the form for each tool, with the study's organizations, and never over a file unasked."""

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.surveys.instrument import FORMATS, SUFFIXES


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*options):
        done = CliRunner().invoke(main, ["instrument", *map(str, options)])
        return done.exit_code, done.output

    return run


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_each_format_is_written_under_a_name_of_its_own_and_not_twice(here, tmp_path, kind):
    code, said = here("--format", kind)
    path = tmp_path / f"partnership_{kind}{SUFFIXES[kind]}"
    assert (code, path.is_file()) == (0, True)
    assert path.name in said
    before = path.read_bytes()
    code, said = here("--format", kind)
    assert code == 2
    assert "exists already" in said
    assert path.read_bytes() == before
    assert here("--format", kind, "--output", path)[0] == 0, "who names the file means it"


def test_a_studys_organizations_are_the_choices(here, small, tmp_path):
    assert here("--format", "print", "--language", "sv", "--study", small.write(), "--output", "f.html")[0] == 0
    page = (tmp_path / "f.html").read_text(encoding="utf-8")
    assert "Norra" in page
    assert "Södra" in page


def test_what_cannot_be_is_told(here, tmp_path):
    code, said = here("--format", "print", "--language", "fr")
    assert code == 2
    assert "not in this language" in said
    (tmp_path / "file").touch()
    code, said = here("--format", "print", "--output", tmp_path / "file" / "f.html")
    assert code == 2
    assert "cannot be written" in said
