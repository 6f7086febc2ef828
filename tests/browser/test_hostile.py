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


@pytest.mark.parametrize("bypass_csp", [False, True])
def test_nothing_that_anybody_wrote_does_anything(hostile, opening, bypass_csp):
    """Also with the page's own policy switched off, so that it is not the last line that holds."""
    assert len(hostile) > len(PAYLOADS)
    for path in hostile:
        with opening(path, bypass_csp=bypass_csp) as opened:
            opened.page.mouse.move(100, 100)
            found = opened.page.evaluate(ACTIVE)
            assert found["ran"] == "undefined", path.name
            assert found["nodes"] == 0
            assert found["scripts"] == path.name.startswith("index."), path.name
            assert found["styles"] == 1
            assert found["handlers"] == []
            assert found["seen"] == "block"
            for address in found["addresses"]:
                # what the introduction's Markdown links to may be followed; nothing is fetched
                assert re.match(r"#|[\w.%-]+\.html$|http://attacker\.example", address), address


def test_it_is_shown_as_the_text_that_it_is(hostile, opening):
    headings = set()
    for path in hostile:
        with opening(path) as opened:
            heading = opened.page.locator("h1").text_content().strip()
            headings.add(heading)
            assert len(heading) < 700
            assert not set(opened.page.content()) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), (
                path.name
            )
    for text in PAYLOADS:
        assert " ".join(shown_name(text).split()) in {" ".join(one.split()) for one in headings}, text[:60]


def test_the_layout_holds_on_a_narrow_screen(hostile, opening):
    found = []
    for path in hostile:
        with opening(path, width=320, height=640) as opened:
            opened.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            found += [f"{path.name}: {wide}" for wide in opened.sideways()]
    assert not found
