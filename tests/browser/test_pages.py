"""Every page of a batch as readers meet it: in light and dark, on screen and paper, narrow, zoomed, by keyboard, without
scripts; and by axe-core's rules for WCAG 2.2 AA and good practice."""

import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def _few(demo):
    """Pages that differ most: a large and a small organization, the network and the way in, in both languages."""
    sizes = {path: path.stat().st_size for path in demo.pages if path.name.endswith(".sv.html")}
    names = {path.name.removesuffix(".sv.html") for path in (max(sizes, key=sizes.get), min(sizes, key=sizes.get))}
    found = [f"{name}.sv" for name in sorted(names)] + [
        f"{max(names)}.en",
        "network.sv",
        "network.en",
        "index",
        "index.en",
    ]
    return [demo.folder / f"{name}.html" for name in found]


def _open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.parametrize(
    ("scheme", "media", "width"),
    [
        ("light", "screen", 1280),
        ("light", "screen", 320),
        ("dark", "screen", 1280),
        ("light", "print", 760),
        ("dark", "print", 760),
    ],
)
def test_axe_finds_nothing(demo, opening, scheme, media, width):
    found = []
    for path in _few(demo):
        with opening(path, width=width, color_scheme=scheme) as opened:
            opened.page.emulate_media(media=media, color_scheme=scheme)
            _open_all(opened.page)
            options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
            for fault in Axe().run(opened.page, options=options).response["violations"]:
                where = [node["target"] for node in fault["nodes"]][:3]
                found.append(f"{path.name}: {fault['id']} ({fault['impact']}) {where}")
    assert not found


@pytest.mark.parametrize(("height", "zoom"), [(640, 1), (256, 4)])
def test_nothing_reaches_over_the_edge_at_320_pixels_or_four_times_zoom(demo, opening, height, zoom):
    """1280 pixels at 400 % are 320 CSS pixels; whatever is folded is opened too."""
    found = []
    for path in _few(demo):
        with opening(path, width=320, height=height, device_scale_factor=zoom) as opened:
            _open_all(opened.page)
            found += [f"{path.name}: {wide}" for wide in opened.sideways()]
    assert not found


def test_every_page_is_inert_and_in_order(demo, opening):
    """Nothing asked for, no script; one h1, ordered headings, landmarks; figures that say what they show."""
    for path in [*demo.pages, *_few(demo)]:
        with opening(path, java_script_enabled=False) as opened:
            page = opened.page
            found = page.evaluate(_ORDER)
            assert found["active"] == path.name.startswith("index."), path.name
            assert found["levels"].count(1) == 1
            assert found["levels"][0] == 1
            assert all(after - before <= 1 for before, after in itertools.pairwise(found["levels"])), path.name
            assert found["main"] == found["language"] == 1
            assert found["unnamed"] == 0, path.name
            for figure in found["figures"]:
                assert re.search(r"\d", figure["says"]), path.name
                assert figure["numbers"], path.name


_ORDER = """() => {
  const all = (query) => [...document.querySelectorAll(query)];
  return {
    active: all('script, iframe, object, embed, link, base, form').length,
    levels: all('h1,h2,h3,h4,h5,h6').map(one => +one.tagName[1]),
    main: all('main').length,
    language: all('html[lang]').length,
    unnamed: all('section').filter(
      one => !one.ariaLabel && !document.getElementById(one.getAttribute('aria-labelledby'))).length,
    figures: all('figure').map(one => ({
      says: one.querySelector('svg[role=img]')?.ariaLabel || '',
      numbers: !!one.closest('section').querySelector('table')})),
  };
}"""


def test_the_skip_link_and_what_is_folded_work_by_keyboard(demo, opening):
    for path in _few(demo):
        with opening(path, java_script_enabled=False) as opened:
            page = opened.page
            page.keyboard.press("Tab")
            skip = page.locator(".skip")
            assert page.evaluate("document.activeElement.className") == "skip"
            box = skip.bounding_box()
            assert box["x"] >= 0
            assert box["width"] > 50
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == skip.get_attribute("href").removeprefix("#")
            if page.locator("summary").count():
                first = page.locator("details").first
                for _ in range(40):
                    page.keyboard.press("Tab")
                    if page.evaluate("document.activeElement.tagName") == "SUMMARY":
                        break
                page.keyboard.press("Enter")
                assert first.get_attribute("open") is not None, path.name


def test_without_scripts_a_report_says_the_same(demo, opening):
    for path in _few(demo)[:4]:
        said = []
        for enabled in (True, False):
            with opening(path, java_script_enabled=enabled) as opened:
                said.append(opened.page.inner_text("body"))
        assert said[0] == said[1]
        assert len(said[0]) > 1000
