"""Small studies that tests can bend."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from ppp.cli import main
from ppp.errors import BadInput
from ppp.reports.browser import find_browser
from ppp.study import Study, open_study

ROOT = Path(__file__).parents[1]

PEOPLE = "ID;Organisation;Roll;Lika många;Ersättning;Namn 1;Beskrivning 1;Nivå 1;Fas 1;Betalt 1"


def small_settings() -> dict:
    """A study.yaml with two organizations and one semicolon CSV."""
    return {
        "title": {"sv": "Liten studie", "en": "Small study"},
        "languages": ["sv", "en"],
        "waves": [{"id": "2026"}],
        "organizations": [
            {"id": "norra", "name": {"sv": "Norra", "en": "North"}, "aliases": ["Norra sjukhuset"]},
            {"id": "sodra", "name": {"sv": "Södra", "en": "South"}},
        ],
        "exports": [{"file": "answers.csv", "wave": "2026", "mapping": "form"}],
        "mappings": {
            "form": {
                "response_id": "ID",
                "organization": "Organisation",
                "role": "Roll",
                "language": {"constant": "sv"},
                "ratings": {
                    "scale": ["Inte alls", "Lite", "Ganska mycket", "Helt"],
                    "missing": {"Vet inte": "dont_know"},
                    "items": {"numbers": ["Lika många"], "compensation": ["Ersättning"]},
                },
                "activities": {
                    "blocks": 1,
                    "title": "Namn {n}",
                    "description": "Beskrivning {n}",
                    "place": {
                        "column": "Nivå {n}",
                        "values": {"Kliniken": "clinic", "Hela organisationen": "organization"},
                    },
                    "phase_began": {"column": "Fas {n}", "values": {"Från början": "design", "Efteråt": "evaluate"}},
                    "compensated": "Betalt {n}",
                },
            }
        },
    }


def small_rows() -> list[str]:
    """Answers of seven people of Norra and two of Södra; the words HEMLIG… must never be seen outside the study."""
    scale = ["Inte alls", "Lite", "Ganska mycket", "Helt", "Vet inte"]
    rows = []
    for n in range(1, 8):
        rows.append(
            f"{n};Norra sjukhuset;{'Patient' if n < 6 else 'Medarbetare'};{scale[n % 5]};{scale[(n + 2) % 5]};"
            f"HEMLIG{n} titel;HEMLIG{n} beskrivning;Kliniken;{'Från början' if n % 2 else 'Efteråt'};Ja"
        )
    rows.append("8;Södra;Patient;Helt;Lite;HEMLIG8 titel;HEMLIG8 text;Hela organisationen;Efteråt;Nej")
    rows.append("9;Södra;Patient;Lite;Lite;;;;;")
    return rows


class SmallStudy:
    """A study folder made from `settings` and `rows`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = small_settings()
        self.rows = small_rows()
        self.header = PEOPLE

    def write(self) -> Path:
        (self.folder / "exports").mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(self.settings, allow_unicode=True, sort_keys=False)
        (self.folder / "study.yaml").write_text(text, encoding="utf-8")
        answers = "\n".join([self.header, *self.rows]) + "\n"
        (self.folder / "exports" / "answers.csv").write_bytes(answers.encode("utf-8"))
        return self.folder


@pytest.fixture
def small(tmp_path):
    """A small study, not yet written: bend it, then `write()`."""
    return SmallStudy(tmp_path / "small")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


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
        return sorted(path for path in self.folder.glob("*.html") if not path.name.startswith(("index.", "network.")))


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


@pytest.fixture(scope="session")
def small_study():
    """The class of `small`, for studies that are made once for several tests."""
    return SmallStudy


@pytest.fixture(scope="module")
def chromium():
    """An installed Chrome, Chromium or Edge, without a window; `PPP_BROWSER` may name it.

    Of a module and not of the session: Playwright keeps an event loop running while it is open, and nothing that
    runs a loop of its own (a notebook, another Playwright) could be used beside it.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    try:
        program = find_browser()
    except BadInput as error:
        pytest.skip(f"no browser: {error}")
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=str(program), args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"{program} cannot be started: {error.message.splitlines()[0]}")
        yield browser
        browser.close()
