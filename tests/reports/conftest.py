"""All reports of the demo study, made once for every test that looks at them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.study import Study, open_study


@dataclass(frozen=True)
class Made:
    """A study and the reports made of it."""

    study: Study
    folder: Path
    output: str
    exit_code: int

    def page(self, organization: str, language: str) -> str:
        return (self.folder / f"{organization}.{language}.html").read_text(encoding="utf-8")

    @property
    def pages(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.html") if path.name != "index.html")


def make(study: Path, folder: Path, *options: str) -> Made:
    """`ppp report` on a copy of the study, so that the project's own folders stay as they are."""
    copied = folder / "data" / study.name
    shutil.copytree(study, copied, ignore=shutil.ignore_patterns("prepared", ".prepared*"))
    result = CliRunner().invoke(main, ["report", str(copied), "--output", str(folder / "reports"), *options])
    return Made(open_study(copied), folder / "reports", result.output, result.exit_code)


@pytest.fixture(scope="session")
def demo(root, tmp_path_factory) -> Made:
    return make(root / "data" / "demo", tmp_path_factory.mktemp("demo"), "--jobs", "2")


@pytest.fixture(scope="session")
def lind2014(root, tmp_path_factory) -> Made:
    return make(root / "data" / "lind2014", tmp_path_factory.mktemp("lind2014"), "--jobs", "2")
