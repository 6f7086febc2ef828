"""The report across all organizations: made with the others, true to their tables, and naming none of them."""

import re

import html5lib
import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.disclosure import Partition
from ppp.disclosure.network import Network
from ppp.reports.network import NetworkReport


@pytest.fixture(scope="module")
def pages(demo):
    return {code: (demo.folder / f"network.{code}.html").read_text(encoding="utf-8") for code in ("sv", "en")}


def test_it_is_valid_in_both_languages_small_and_asks_for_nothing(pages):
    for language, text in pages.items():
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
        assert tree.get("lang") == language
        assert len(tree.findall(".//h1")) == 1
        assert len(text.encode()) < 400_000
        assert "<script" not in text
        assert not re.search(r"(?:src|href)=[\"'](?!#|data:)", text)
        assert text.count("<svg ") >= 5
        assert text.count('<table class="matrix') >= 3, "the whole network, and group by group"
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids))


def test_it_names_no_organization(demo, pages):
    for item in demo.study.settings.organizations:
        for text in pages.values():
            assert not [name for name in item.name.root.values() if name in text]


def test_its_numbers_are_sums_of_what_organizations_show(demo, pages):
    made = Network.read(demo.study.path / "prepared" / "network.json")
    wave = "2026"
    partitions = [Partition.read(path) for path in (demo.study.path / "prepared" / "partitions").glob("*.json")]
    total = sum(int(one.table("initiation", wave).query("place == 'all'")["activities_n"].sum()) for one in partitions)
    assert f"{total} activities in Autumn 2026" in pages["en"]
    cells = made.table("cells", wave, "all")
    row = cells.query("basis == 'present' and place == 'clinic' and phase == 'design'").iloc[0]
    own = [
        one.table("coverage", wave).query("basis == 'present' and place == 'clinic' and phase == 'design'")
        for one in partitions
    ]
    assert row["activities_n"] == sum(int(one["activities_n"].sum()) for one in own)
    assert row["organizations_n"] == sum(int((one["activities_n"] > 0).sum()) for one in own)


def test_the_index_leads_to_it(demo):
    text = (demo.folder / "index.html").read_text(encoding="utf-8")
    assert 'href="network.sv.html"' in text
    assert 'href="network.en.html"' in text


def test_it_is_made_only_when_asked_for_and_where_there_is_a_network(small, tmp_path):
    folder = small.write()

    def run(*options):
        return CliRunner().invoke(
            main, ["report", str(folder), "--output", str(tmp_path / "out"), "--dry-run", *options]
        )

    assert "network" not in run().output, "two organizations are no network"
    told = run("--network")
    assert told.exit_code == 2
    assert "needs data about 3" in told.output


def test_with_one_organization_chosen_it_is_made_on_request(demo, tmp_path):
    def run(*options):
        command = ["report", str(demo.study.path), "--output", str(tmp_path / "out"), "--dry-run", *options]
        return CliRunner().invoke(main, command).output

    assert "network." in run()
    assert "network." not in run("--no-network")
    assert "network." not in run("-o", "solbacken")
    assert "network.sv.html" in run("-o", "solbacken", "--network")


def test_where_counts_are_hidden_sums_say_at_least(demo):
    made = Network.read(demo.study.path / "prepared" / "network.json")
    rows = [{**row, "state": "at_least"} if row["activities_n"] else row for row in made.tables["cells"]]
    hidden = made.model_copy(update={"tables": {**made.tables, "cells": rows}})
    report = NetworkReport(hidden, language="en")
    assert "at least" in report.matrix().html
    assert "some organizations withhold how many" in report.matrix().html
    initiators = [{**row, "state": "at_least"} for row in made.tables["initiators"]]
    hidden = made.model_copy(update={"tables": {**made.tables, "initiators": initiators}})
    glance = NetworkReport(hidden, language="en").at_a_glance().html
    assert "told of at least" in glance
    assert "took the initiative to" not in glance, "no share is said of what is not known"
