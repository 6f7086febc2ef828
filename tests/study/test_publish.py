"""Publishing: pages and index alone, and no page that is not fit to leave."""

import json
import shutil
from pathlib import Path

import fsspec
import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.disclosure import Partition, told_too_much
from ppp.reports.freshness import sha256
from ppp.reports.selfcontained import faults
from ppp.study import open_study
from ppp.study.publish import _faults
from tests.conftest import SmallStudy

ANSWER = "Vi satt tillsammans i matsalen och ritade om hela mottagningen på en pappersduk"
PAGES = ["norra.en.html", "norra.sv.html", "sodra.en.html", "sodra.sv.html"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small study and its reports."""
    folder = tmp_path_factory.mktemp("publish")
    small = SmallStudy(folder / "small")
    small.rows[0] = small.rows[0].replace("HEMLIG1 beskrivning", ANSWER)
    # the contact begins with the name of an organization, and an introduction may tell an address too
    contact = "Norra sjukhuset, kvalitet@example.org, 08-123 456 78"
    small.settings["report"] = {"contact": contact, "introduction": "Skriv **gärna** till *fragor@example.org*."}
    small.write()
    result = CliRunner().invoke(main, ["report", str(folder / "small"), "--output", str(folder / "reports")])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def study(made, tmp_path):
    """A copy of it that a test may spoil."""
    shutil.copytree(made, tmp_path / "here", dirs_exist_ok=True)
    return tmp_path / "here"


def publish(study: Path, destination):
    return CliRunner().invoke(
        main, ["publish", str(study / "small"), str(destination), "--output", str(study / "reports")]
    )


def spoil(study: Path, page: str, added: str) -> None:
    """Put something in a page and in the manifest the hash of what came out, as if `ppp report` had made it so."""
    path = study / "reports" / page
    path.write_text(path.read_text(encoding="utf-8").replace("</main>", f"{added}</main>"), encoding="utf-8")
    manifest = study / "reports" / "manifest.jsonl"
    lines = [json.loads(line) for line in manifest.read_text().splitlines()]
    for line in lines:
        if line["page"] == page:
            line["page_sha256"] = sha256(path)
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_pages_and_index_and_nothing_else_are_put_there(study, tmp_path):
    result = publish(study, tmp_path / "public" / "2026")
    assert result.exit_code == 0, result.output
    there = sorted((tmp_path / "public" / "2026").rglob("*"))
    assert [path.name for path in there if not path.name.startswith("index")] == PAGES
    assert all(path.suffix == ".html" for path in there)
    for page in PAGES:
        assert (tmp_path / "public" / "2026" / page).read_bytes() == (study / "reports" / page).read_bytes()
    again = publish(study, tmp_path / "public" / "2026")
    assert again.exit_code == 0, again.output


def test_every_page_of_the_demo_is_fit_to_leave_the_networks_too(demo, tmp_path):
    command = ["publish", str(demo.study.path), str(tmp_path / "public"), "--output", str(demo.folder)]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    pages = {path.name for path in demo.folder.glob("*.html")}
    assert {"network.en.html", "network.sv.html", "solbacken.sv.html"} < pages
    assert {path.name for path in (tmp_path / "public").iterdir()} == pages


def test_a_url_that_fsspec_knows_is_as_good_as_a_folder(study):
    result = publish(study, "memory://public/reports")
    assert result.exit_code == 0, result.output
    names = {path.rsplit("/", 1)[-1] for path in fsspec.filesystem("memory").ls("/public/reports", detail=False)}
    assert {*PAGES, "index.html"} <= names


BAD = {
    "an answer": (f"<p>{ANSWER}</p>", "words from a free-text answer"),
    "a piece of an answer in a picture's text": (
        f'<svg role="img" aria-label="{ANSWER[12:70].upper()}"></svg>',
        "words from a free-text answer",
    ),
    "a respondent": ("<p>2026/answers/3</p>", "an id of a respondent"),
    "an address": ("<p>anna@example.org</p>", "an e-mail address"),
    "a personal number": ("<p>19640823-3234</p>", "a personal number"),
    "a telephone number": ("<p>070-123 45 67</p>", "a telephone number"),
    "a folder of this machine": ("<!-- {study}/exports -->", "a folder of this machine"),
    "a picture from elsewhere": ('<img src="https://example.org/x.png" alt="">', "img src is fetched"),
    "a script": ("<script>fetch('//example.org')</script>", "a script that is not ours"),
    "a handler": ('<p onmouseover="x()">x</p>', "p onmouseover is a script"),
    "a style from elsewhere": ("<style>@import '//example.org/x.css'</style>", "a style that is fetched"),
    "a form": ('<form action="https://example.org"></form>', "a form element"),
}


@pytest.mark.parametrize("at", range(0, len(BAD), len(PAGES)))
def test_a_page_that_is_not_fit_to_leave_is_left_out_with_the_reason(study, tmp_path, at):
    cases = dict(zip(PAGES, list(BAD.items())[at : at + len(PAGES)], strict=False))
    for page, (_, (added, _)) in list(cases.items())[1:]:
        spoil(study, page, added.replace("{study}", str((study / "small").resolve())))
    first, (_, (added, why)) = next(iter(cases.items()))
    result = publish(study, tmp_path / "public")
    assert result.exit_code == 1
    for page, (name, (_, reason)) in list(cases.items())[1:]:
        assert f"Left out {page}: it is not fit to leave: " in result.output, name
        assert reason in next(line for line in result.output.splitlines() if page in line), name
        assert not (tmp_path / "public" / page).exists()
    assert ANSWER not in result.output
    index = (tmp_path / "public" / "index.html").read_text(encoding="utf-8")
    assert first in index
    assert not [page for page in cases if page != first and page in index]
    spoil(study, first, added.replace("{study}", str((study / "small").resolve())))
    result = publish(study, tmp_path / "nothing")
    assert result.exit_code == 1
    assert why in result.output
    assert not (tmp_path / "nothing").exists()


def test_only_what_the_study_makes_today_is_published(study, tmp_path):
    reports = study / "reports"
    (reports / "norra.sv.html").write_text("changed", encoding="utf-8")
    (reports / "stray.sv.html").write_text("from somewhere", encoding="utf-8")
    exports = study / "small" / "exports" / "answers.csv"
    exports.write_text(exports.read_text(encoding="utf-8").replace("8;Södra;Patient", "8;Södra;Medarbetare"))
    text = (study / "small" / "study.yaml").read_text(encoding="utf-8")
    (study / "small" / "study.yaml").write_text(text.replace("en: South", "en: Southern"), encoding="utf-8")
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "gone.sv.html").write_text("last year's", encoding="utf-8")
    result = publish(study, tmp_path / "public")
    assert result.exit_code == 1
    assert "Left out norra.sv.html: it has been changed since it was made." in result.output
    assert "Left out stray.sv.html: `ppp report` did not make it." in result.output
    assert "Left out sodra.en.html: it is not up to date: run `ppp report` first." in result.output
    assert "Also there, from before: gone.sv.html" in result.output
    assert (tmp_path / "public" / "norra.en.html").exists()


def test_nothing_to_publish_and_nowhere_to_put_it_are_told_plainly(study, tmp_path):
    (tmp_path / "file").write_text("")
    result = publish(study, tmp_path / "file" / "public")
    assert result.exit_code == 2
    assert "cannot be put there" in result.output
    shutil.rmtree(study / "reports")
    result = publish(study, tmp_path / "public")
    assert result.exit_code == 2
    assert "No report has been made yet" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(("shown", "faulty"), [("6408233234abcdef", False), ("6408233234", True)])
def test_a_fingerprint_that_looks_like_a_personal_number_is_none(made, tmp_path, shown, faulty):
    partition = Partition.read(next((made / "small" / "prepared" / "partitions").glob("sodra.json")))
    file = tmp_path / "sodra.json"
    file.write_text(partition.model_copy(update={"fingerprint": "6408233234abcdef"}).to_json(), encoding="utf-8")
    page = f"<p>Fingerprint of the data <code>{shown}</code></p>"
    found = _faults(open_study(made / "small"), {Path("sodra.sv.html"): page}, {"sodra.sv.html": file})
    assert ("a personal number" in found.get("sodra.sv.html", "")) == faulty


def test_a_partition_that_tells_what_it_withholds_is_seen(made):
    partition = Partition.read(next((made / "small" / "prepared" / "partitions").glob("sodra.json")))
    assert told_too_much(partition) == []
    held = partition.model_dump()
    for row in held["tables"]["parity_ratings"]:
        row["mean"] = 2.5
    for row in held["tables"]["response_counts"]:
        row.update(state="shown", respondents_from=1, respondents_to=4)
    assert set(told_too_much(Partition.model_validate(held))) == {
        *("parity_ratings.mean", "response_counts.respondents_from"),
    }


@pytest.mark.parametrize(
    "html",
    [
        '<img src="data:image/png;base64,AA" alt="x">',
        '<a href="https://example.org/paper" rel="noreferrer">paper</a><a href="norra.sv.html">page</a>',
        '<a href="mailto:us@example.org">us</a><svg><use href="#mark"/></svg>',
        "<style>p { fill: url(#pattern) }</style>",
    ],
)
def test_what_asks_for_nothing_is_let_through(html):
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:">'
    assert faults(policy + html) == []


@pytest.mark.parametrize(
    "html",
    [
        '<link rel="stylesheet" href="x.css">',
        '<iframe srcdoc="x"></iframe>',
        '<svg><image href="https://example.org/x.png"/></svg>',
        '<svg><use xlink:href="other.svg#mark"/></svg>',
        '<a href=" java\nscript:alert(1)">x</a>',
        '<a href="file:///etc/passwd">x</a>',
        '<p style="background: url( https://example.org/x )">x</p>',
        '<meta http-equiv="refresh" content="0; url=https://example.org">',
        '<img alt="" srcset="x.png 2x">',
        '<video poster="x.png"></video>',
        "<script src='x.js'></script>",
        '<base href="https://example.org">',
    ],
)
def test_what_asks_for_something_is_seen(html):
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">'
    assert faults(policy + html) != []
    assert faults(html.split(">")[0] + ">") != []
