"""A study whose every name, text and answer tries to be something else, opened in a real browser: it comes out inert."""

import csv
import re

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.reports.look import name as shown_name

PAYLOADS = [
    "<script>window.ran = 1; alert(1)</script>",
    '"><img src=x onerror="window.ran = 1">',
    "javascript:window.ran=1",
    "{{ 7*7 }} {% include '/etc/passwd' %} {wave} %(n)s",
    "$(touch ppp-was-here) `id`",
    "North \u202eesrever\u2066 ward",
    "</style><style>body{display:none;background:url(http://attacker.example/a)}</style>",
    "</title></head><iframe src='http://attacker.example'></iframe>",
    "[a](javascript:window.ran=1) ![b](http://attacker.example/b.png) <http://attacker.example>",
    "<svg onload=window.ran=1><style>@import 'http://attacker.example/c'</style>",
    "N" * 10_000,
]


@pytest.fixture(scope="module")
def hostile(small_study, tmp_path_factory):
    """The pages made of the hostile study."""
    small = small_study(tmp_path_factory.mktemp("hostile") / "small")
    all_of_them = " ".join(PAYLOADS[:-1])
    settings = small.settings
    settings["languages"] = ["en"]
    settings["title"] = all_of_them
    settings["waves"][0]["label"] = all_of_them
    settings["groups"] = [{"id": PAYLOADS[0], "name": all_of_them}]
    settings["organizations"] = [
        {"id": f"{at} {text}"[:200].strip(), "name": text, "group": PAYLOADS[0], "aliases": [f"unit {at}"]}
        for at, text in enumerate(PAYLOADS)
    ]
    settings["report"] = {"contact": all_of_them, "introduction": "\n\n".join(PAYLOADS[:-1]), "sender": all_of_them}
    small.rows = []
    folder = small.write()
    with (folder / "exports" / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(small.header.split(";"))
        for at, text in enumerate(PAYLOADS):
            for n in range(6):
                scores = ["Helt", "Lite"] if n % 2 else ["Lite", "Inte alls"]
                told = [f"T{n} {text}", text, "Kliniken", "Efteråt" if n else "Från början", "Ja"]
                rows.writerow([f"{at}-{n}", f"unit {at}", "Patient", *scores, *told])
    found = CliRunner().invoke(main, ["check", str(folder)])
    assert found.exit_code == 0, found.output
    with (folder / "quotes.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["activity_id", "quote", "approved_by", "approved_at"])
        from ppp.study import open_study

        told = open_study(folder).activities().groupby("organization").first()
        for activity in told.itertuples():
            rows.writerow([activity.activity_id, activity.description, all_of_them, "2026-01-31"])
    made = CliRunner().invoke(main, ["report", str(folder), "--output", str(folder / "out"), "--jobs", "2"])
    assert made.exit_code == 0, made.output
    return sorted((folder / "out").glob("*.html"))


ACTIVE = """() => ({
  ran: typeof window.ran,
  nodes: document.querySelectorAll('iframe, object, embed, link, base, form, frame, meta[http-equiv=refresh]').length,
  scripts: document.querySelectorAll('script').length,
  styles: document.querySelectorAll('style').length,
  handlers: [...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames()).filter(a => a.startsWith('on')),
  addresses: [...document.querySelectorAll('[href], [src], [action], [formaction]')].flatMap(
    one => ['href', 'src', 'action', 'formaction'].map(a => one.getAttribute(a)).filter(a => a)),
  seen: getComputedStyle(document.body).display,
})"""


def test_nothing_that_anybody_wrote_does_anything(hostile, opening):
    """With the page's own policy switched off, so that it is not what holds; on a narrow screen, where all must fit."""
    assert len(hostile) > len(PAYLOADS) + 1
    headings, found = set(), []
    for path in hostile:
        with opening(path, bypass_csp=True, width=320, height=640) as opened:
            opened.page.mouse.move(100, 100)
            active = opened.page.evaluate(ACTIVE)
            assert active["ran"] == "undefined", path.name
            assert active["nodes"] == 0
            assert active["scripts"] == path.name.startswith("index."), path.name
            assert active["styles"] == 1
            assert active["handlers"] == []
            assert active["seen"] == "block"
            for address in active["addresses"]:
                # what the introduction's Markdown links to may be followed; nothing is fetched
                assert re.match(r"#|[\w.%-]+\.html$|http://attacker\.example", address), address
            heading = " ".join(opened.page.locator("h1").text_content().split())
            headings.add(heading)
            assert len(heading) < 700
            assert not set(opened.page.content()) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), (
                path.name
            )
            opened.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            found += [f"{path.name}: {wide}" for wide in opened.sideways()]
    assert not found
    for text in PAYLOADS:
        assert " ".join(shown_name(text).split()) in headings, text[:60]


def test_the_pages_own_policy_finds_nothing_to_stop(hostile, opening):
    for path in hostile:
        with opening(path) as opened:
            assert opened.page.evaluate("typeof window.ran") == "undefined"
