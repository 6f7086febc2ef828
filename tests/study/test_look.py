"""A study's own look: safe, readable, in every language, and told plainly where it is not."""

import re

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.errors import BadInput
from ppp.reports.colours import DARK, ENOUGH, LIGHT, contrast, readable
from ppp.reports.look import LOGO_LIMIT, clean, markdown
from ppp.reports.stylesheet import stylesheet
from ppp.study import open_study

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def _check(small):
    return CliRunner().invoke(main, ["check", str(small.write())])


def test_a_weak_colour_is_refused_with_one_that_can_be_read(small):
    small.settings["report"] = {"colours": {"main": "#7fd0ee"}}
    told = _check(small)
    assert told.exit_code == 2
    assert "contrast of 1.5 to 1 where 4.5 is needed" in told.output
    better = re.search(r"“(#\w{6})”", told.output)[1]
    small.settings["report"] = {"colours": {"main": better}}
    assert _check(small).exit_code == 0


def test_the_grounds_that_contrast_is_checked_on_are_those_of_the_pages():
    css = stylesheet()
    light, dark = css.split("@media screen and (prefers-color-scheme: dark)")[:2]
    for part, grounds in ((light, LIGHT), (dark, DARK)):
        assert (re.search(r"--paper: (#\w+)", part)[1], re.search(r"--tint: (#\w+)", part)[1]) == grounds
        assert min(contrast(re.search(r"--main: (#\w+)", part)[1], ground) for ground in grounds) >= ENOUGH


@pytest.mark.parametrize("colour", ["#ffffff", "#000000", "#ffff00", "#3355cc", "#7f7f7f"])
def test_some_colour_can_always_be_read(colour):
    for grounds in (LIGHT, DARK, (colour,)):
        assert min(contrast(readable(colour, grounds), ground) for ground in grounds) >= ENOUGH


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ({"colours": {"main": "red"}}, "not a colour"),
        ({"colours": {"masthead_text": "#ffffff"}}, "no ground"),
        ({"colours": {"masthead": "#777777", "masthead_text": "#888888"}}, "cannot be read on the masthead"),
        ({"introduction": {"sv": "Hej"}}, "not there in en"),
        ({"introduction": "x" * 4000}, "longer than"),
        ({"logo": "logo.png"}, "logo cannot be read"),
        ({"logo": "../logo.png"}, "outside the study"),
        ({"logo": "logo.gif"}, "a .png, .jpg or .svg"),
        ({"colour": {}}, "Did you mean"),
    ],
)
def test_faults_are_told_plainly_and_nothing_is_written(small, report, told):
    small.settings["report"] = report
    folder = small.write()
    for command in (["check", str(folder)], ["report", str(folder), "--output", str(folder / "out")]):
        ran = CliRunner().invoke(main, command)
        assert ran.exit_code == 2, ran.output
        assert told in ran.output
        assert "Traceback" not in ran.output
    assert sorted(path.name for path in folder.iterdir()) == ["exports", "study.yaml"]


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("<script>alert(1)</script>", "element <script>"),
        ('<rect onload="alert(1)"/>', "onload"),
        ('<use href="https://example.org/x.svg#a"/>', "a link"),
        ('<rect style="fill:url(https://example.org/a)"/>', "address"),
        ("<style>@import 'a'</style>", "element <style>"),
        ('<foreignObject><p xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>', "element <foreignObject>"),
        ("<rect>", "well-formed"),
    ],
)
def test_an_svg_that_is_more_than_a_picture_is_refused(small, inside, told):
    small.settings["report"] = {"logo": "logo.svg"}
    folder = small.write()
    (folder / "logo.svg").write_text(SVG.format(inside))
    with pytest.raises(BadInput, match=told):
        open_study(folder).look()


def test_an_svg_with_an_entity_is_refused(small):
    small.settings["report"] = {"logo": "logo.svg"}
    folder = small.write()
    (folder / "logo.svg").write_text('<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"))
    with pytest.raises(BadInput, match="entity"):
        open_study(folder).look()


def test_a_logo_too_large_or_of_another_kind_is_refused(small):
    small.settings["report"] = {"logo": "logo.png"}
    folder = small.write()
    for content, told in ((b"GIF89a", "not a .png"), (PNG + b"\0" * LOGO_LIMIT, "is the most")):
        (folder / "logo.png").write_bytes(content)
        with pytest.raises(BadInput, match=told):
            open_study(folder).look()


def test_the_look_reaches_the_report_and_a_changed_logo_makes_it_anew(small):
    small.settings["report"] = {
        "logo": "logo.svg",
        "sender": {"sv": "Avsändaren", "en": "The sender"},
        "contact": {"sv": "Ring oss", "en": "Call us"},
        "introduction": {"sv": "Läs **tillsammans**.", "en": "Read it **together**."},
        "colours": {"main": "#6b2346", "masthead": "#0b3c4d"},
    }
    folder = small.write()
    (folder / "logo.svg").write_text(SVG.format('<rect width="9" height="9" fill="#6b2346"/>'))
    command = ["report", str(folder), "-o", "norra", "--output", str(folder / "out"), "--jobs", "1"]
    assert CliRunner().invoke(main, command).exit_code == 0
    english, swedish = ((folder / "out" / f"norra.{code}.html").read_text() for code in ("en", "sv"))
    assert 'alt="The sender"' in english
    assert 'src="data:image/svg+xml;base64,' in english
    assert "Read it <strong>together</strong>." in english
    assert "Läs <strong>tillsammans</strong>." in swedish
    assert "Call us" in english
    assert "--main:#6b2346" in english
    assert "--masthead-text:#ffffff" in english
    assert "would make" not in CliRunner().invoke(main, [*command, "--dry-run"]).output
    (folder / "logo.svg").write_text(SVG.format('<rect width="8" height="9" fill="#6b2346"/>'))
    assert CliRunner().invoke(main, [*command, "--dry-run"]).output.count("would make") == 2


def test_markdown_lets_no_markup_or_address_of_its_own_through():
    html = markdown(
        "<img src=x onerror=alert(1)> ![a](http://x/y.png) [b](javascript:alert(1)) [c](data:text/html,x)\n\n# H"
    )
    assert "<img" not in html
    assert re.findall('href="([^"]*)"', html) == ["http://x/y.png"]  # a link to follow, not a picture to fetch
    assert "<h3>H</h3>" in html


def test_texts_lose_what_turns_the_text_around_them():
    assert clean("a\u202eb\u2066c\x00\x1b") == "abc"
    assert clean("שלום\u200f") == "שלום\u200f"
