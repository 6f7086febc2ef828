"""``--pdf``: printed by an installed browser, published beside the page, and a plain message where there is none."""

import re
from unicodedata import normalize

import html5lib
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from ppp.cli import main
from ppp.errors import BadInput
from ppp.reports import browser as browsers
from ppp.reports.browser import CannotPrint, find_browser, print_pdf


def _run(folder, out, *options):
    command = ["report", str(folder), "--output", str(out), "-o", "norra", "-l", "sv", "--jobs", "1", *options]
    return CliRunner().invoke(main, command)


def test_it_is_published_beside_the_page_and_kept_up_to_date(small, tmp_path, chromium):
    folder, out = small.write(), tmp_path / "out"
    assert _run(folder, out).exit_code == 0
    pdf = out / "norra.sv.pdf"
    assert not pdf.exists()
    assert "would make  norra.sv.html" in _run(folder, out, "--pdf", "--dry-run").output
    made = _run(folder, out, "--pdf")
    assert made.exit_code == 0, made.output
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) >= 2
    assert b"/StructTreeRoot" in content, "tagged, so that it can be read aloud"
    assert len(content) < 1_000_000
    assert str(tmp_path).encode() not in content
    assert "0 to make, 1 up to date" in _run(folder, out, "--pdf", "--dry-run").output
    assert 'href="norra.sv.pdf"' in (out / "index.html").read_text(encoding="utf-8")
    pdf.write_bytes(b"cut off")
    assert "would make" in _run(folder, out, "--pdf", "--dry-run").output
    assert "0 to make" in _run(folder, out, "--dry-run").output, "the page itself is as it was"
    assert _run(folder, out, "--force").exit_code == 0
    assert not pdf.exists(), "a PDF of an older page does not stay beside a new one"
    assert not list(out.glob(".making-*"))


def test_a_browser_that_prints_nothing_is_told_and_leaves_nothing_half_made(tmp_path, monkeypatch):
    page, pdf = tmp_path / "a.html", tmp_path / "a.pdf"
    page.write_text("<p>a")
    false = tmp_path / "browser"
    false.write_text("#!/bin/sh\nexit 3\n")
    false.chmod(0o755)
    with pytest.raises(CannotPrint, match="left no PDF"):
        print_pdf(false, page, pdf)
    monkeypatch.setattr(browsers, "_SECONDS", 0.2)
    false.write_text("#!/bin/sh\nexec sleep 30\n")
    with pytest.raises(CannotPrint, match="took longer"):
        print_pdf(false, page, pdf)
    assert not pdf.exists()


@pytest.mark.parametrize("named", ["/no/such/browser", ""])
def test_without_a_browser_nothing_starts(small, tmp_path, monkeypatch, named):
    monkeypatch.setenv("PPP_BROWSER", named)
    if not named:
        monkeypatch.setattr(browsers, "_candidates", list)
    told = _run(small.write(), tmp_path / "out", "--pdf")
    assert told.exit_code == 2
    assert "PPP_BROWSER" in told.output
    assert "Traceback" not in told.output
    assert not (tmp_path / "out").exists()
    assert not (small.folder / "prepared").exists()


def test_the_browser_that_is_named_comes_first(tmp_path, monkeypatch):
    own = tmp_path / "my-browser"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PPP_BROWSER", str(own))
    assert find_browser() == own


@pytest.mark.parametrize("name", ["solbacken.sv", "hagerlida.en", "network.sv"])
def test_no_figure_is_split_between_two_pages(demo, tmp_path, name):
    try:
        program = find_browser()
    except BadInput as error:
        pytest.skip(f"no browser: {error}")
    page, pdf = demo.folder / f"{name}.html", tmp_path / "page.pdf"
    print_pdf(program, page, pdf)
    # a browser may set "fi" as one letter
    sheets = [normalize("NFKC", "".join(sheet.extract_text().split())) for sheet in PdfReader(pdf).pages]
    figures = [
        figure
        for figure in html5lib.parse(page.read_text(encoding="utf-8"), namespaceHTMLElements=False).iter("figure")
        if figure.find("figcaption") is not None
    ]
    assert len(figures) >= 2
    for figure in figures:
        caption = "".join(figure.find("figcaption").itertext())
        labels = ("".join(element.itertext()) for element in figure.iter("{http://www.w3.org/2000/svg}text"))
        words = {"".join(text.split()) for text in (caption, *labels)}
        assert len(words) > 4
        assert any(all(word in sheet for word in words) for sheet in sheets), caption
