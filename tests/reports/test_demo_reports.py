"""What `ppp report data/demo` leaves: whole, small, self-contained, and pointing at nobody."""

import itertools
import json
import re

import html5lib
import nbformat
import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.disclosure import Partition
from ppp.reports.freshness import Manifest
from ppp.reports.index import Entry, index_page


def test_every_organization_gets_its_report_in_each_language(demo):
    assert demo.exit_code == 0, demo.output
    with_data = set(demo.study.responses()["organization"])
    assert len(with_data) >= 12
    expected = {f"{organization}.{language}.html" for organization in with_data for language in ("sv", "en")}
    assert {path.name for path in demo.pages} == expected
    assert f"Made {len(expected)} reports" in demo.output


def test_nothing_is_left_half_made(demo):
    assert not [path for path in demo.folder.rglob(".*") if path.name != ".lock"]
    assert not list(demo.folder.rglob("*.failed.ipynb"))


def test_each_page_is_valid_html_with_its_language_and_one_heading(demo):
    for path in demo.pages:
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(path.read_text(encoding="utf-8"))
        assert tree.get("lang") == path.name.split(".")[-2]
        assert len(tree.findall(".//h1")) == 1
        assert tree.find(".//title").text.strip()
        ids = [element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")]
        assert len(ids) == len(set(ids)), path.name
        levels = [int(element.tag[1]) for element in tree.iter() if re.fullmatch("h[1-6]", str(element.tag))]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_each_page_is_small_and_asks_for_nothing(demo):
    for path in [*demo.pages, demo.folder / "index.html"]:
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < 1_500_000
        assert text.count("<script") == (path.name == "index.html")
        assert not re.search(r"@import|url\((?!#)", text)
        for reference in re.findall(r"""(?:src|href|srcset|action|data)=["']([^"']*)""", text):
            assert reference.startswith("#") or re.fullmatch(r"[\w.%-]+\.html", reference), reference


def test_each_page_has_its_figures_and_shows_no_code(demo):
    for path in demo.pages:
        text = path.read_text(encoding="utf-8")
        assert len(re.findall(r'<table [^>]*class="matrix', text)) == 1
        assert all('role="img"' in svg and 'aria-label="' in svg for svg in re.findall(r"<svg [^>]*>", text))
        assert "open_report" not in text
    assert any(path.read_text(encoding="utf-8").count("<svg ") >= 3 for path in demo.pages)


def test_no_free_text_and_no_respondent_reaches_a_page_or_an_executed_notebook(demo):
    activities = demo.study.activities()
    words = set(activities["title"].dropna()) | set(activities["description"].dropna())
    words = {text for text in words if len(text) > 12}
    assert len(words) > 100
    ids = set(demo.study.responses()["response_id"])
    shared = [*demo.pages, demo.folder / "index.html", *demo.folder.rglob("*.ipynb")]
    assert len(shared) > 2 * len(demo.pages)
    for path in shared:
        text = path.read_text(encoding="utf-8")
        plain = text if path.suffix == ".html" else json.dumps(json.loads(text), ensure_ascii=False)
        assert not [word for word in words if word in plain], path.name
        assert not [name for name in ids if name in plain], path.name


def test_no_number_about_few_people_reaches_a_partition(demo):
    threshold = demo.study.settings.disclosure.threshold
    ratings, responses = demo.study.ratings(), demo.study.responses()
    withheld = 0
    for path in sorted((demo.study.path / "prepared" / "partitions").glob("*.json")):
        partition = Partition.read(path)
        organization = partition.organization.id
        scored = ratings[(ratings["organization"] == organization) & ratings["score"].notna()]
        for row in partition.table("parity_ratings").itertuples():
            of = scored[(scored["wave"] == row.wave) & (scored["leaf"] == row.leaf) & (scored["role"] == row.role)]
            people = of["response_id"].nunique()
            if row.state == "shown":
                assert people >= threshold
                assert row.respondents_from <= people <= row.respondents_to
            else:
                withheld += 1
                assert row.mean is not row.mean or str(row.mean) == "<NA>"
        for row in partition.table("response_counts").itertuples():
            of = responses[(responses["organization"] == organization) & (responses["wave"] == row.wave)]
            people = int((of["role"].fillna("not_stated") == row.role).sum())
            assert (row.state == "shown") == (people >= threshold)
    assert withheld > 20, "the demo has small organizations, so that suppression shows"


def test_withheld_is_said_in_words(demo):
    pages = {language: [p for p in demo.pages if p.name.endswith(f".{language}.html")] for language in ("sv", "en")}
    assert any("visas inte" in path.read_text(encoding="utf-8") for path in pages["sv"])
    assert any("withheld" in path.read_text(encoding="utf-8") for path in pages["en"])


def test_swedish_pages_hold_no_english_text_of_ours(demo):
    from babel.messages.pofile import read_po

    from ppp.language.catalogue import LOCALES

    with open(LOCALES / "sv" / "LC_MESSAGES" / "ppp.po", "rb") as file:
        english = {
            m.id for m in read_po(file, locale="sv") if isinstance(m.id, str) and len(m.id) > 12 and "{" not in m.id
        }
    for path in demo.pages:
        if path.name.endswith(".sv.html"):
            text = re.sub(r"<style>.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert not [message for message in english if message in text], path.name


def test_executed_notebooks_are_fit_to_be_shared(demo):
    for path in demo.folder.glob("executed/*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert str(demo.study.path.parent) not in path.read_text(encoding="utf-8")
        assert not [
            o for cell in notebook.cells for o in cell.get("outputs", []) if o.output_type in ("stream", "error")
        ]


def test_the_index_in_each_language_links_to_every_report(demo):
    indexes = {"index.html": "sv", "index.en.html": "en"}
    for name, language in indexes.items():
        text = (demo.folder / name).read_text(encoding="utf-8")
        assert html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text).get("lang") == language
        others = {*indexes, "network.sv.html", "network.en.html"} - {name}
        assert set(re.findall(r'href="([^"#]+)"', text)) == {path.name for path in demo.pages} | others
        assert demo.study.settings.report.contact[language] in text


def test_the_index_says_what_is_new_and_what_failed(small, tmp_path):
    folder, out = small.write(), tmp_path / "out"

    def index():
        command = ["report", str(folder), "--output", str(out), "-l", "en", "--jobs", "1"]
        CliRunner().invoke(main, command)
        return (out / "index.html").read_text(encoding="utf-8")

    assert "New or changed" not in index(), "where all are new, none is told apart"
    assert "New or changed" not in index(), "nor when nothing was to be made"
    manifest = Manifest(out / "manifest.jsonl")
    entry = json.loads(manifest.path.read_text().splitlines()[0])
    later = {key: entry[key] for key in ("inputs", "page_sha256", "executed_sha256")}
    manifest.add(out / entry["page"], **later, batch="later")
    name = {"norra.en.html": "North", "sodra.en.html": "South"}[entry["page"]]
    assert f"New or changed in the latest round of reports: {name}." in index()
    manifest.add_failure(out / entry["page"], inputs=later["inputs"], batch="later")
    page = (out / entry["page"]).read_bytes()
    assert Manifest(manifest.path).state(entry["page"]) == "failed"
    assert "Could not be made" not in index(), "it was made again"
    assert (out / entry["page"]).read_bytes() == page


def test_a_failed_report_is_told_in_the_index_beside_the_older_one():
    entries = [
        Entry("North", "", {"en": "north.en.html"}, has_failed=True),
        Entry("South", "", {}),
        Entry("East", "", {}),
    ]
    text = index_page("Study", entries, language="en")
    assert "Could not be made this time: North. An older report may still be there." in text
    assert 'href="north.en.html"' in text
    assert "Without a report: East and South." in text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_reports_differ_between_organizations(demo, language):
    glances = [
        re.search(r'<h2 id="glance".*?</section>', path.read_text(encoding="utf-8"), re.DOTALL)[0]
        for path in demo.pages
        if path.name.endswith(f".{language}.html")
    ]
    assert len(set(glances)) == len(glances)
