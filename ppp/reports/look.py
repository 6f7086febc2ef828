"""A study's own look: its logo, colours, contact and introduction, made safe before anything else sees them.

What a study writes is data. Markdown becomes HTML through markdown-it-py, with HTML in it shown as the text it is, and
then nh3 lets only plain text tags through. A logo comes as an image inside the page, in which browsers run nothing and fetch
nothing; an SVG with anything but shapes, text and colours is refused all the same.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from ppp.errors import BadInput, Problem
from ppp.reports.colours import DARK, readable

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["LOGO_LIMIT", "Look", "clean", "logo", "markdown"]

LOGO_LIMIT = 60_000
"""Bytes; a logo is in every page."""

_LONGEST = 160  # a name that is longer is cut: it would push the report off its first page
_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}
_BEGINS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


class Look(BaseModel):
    """What a page needs to know of the study's look; texts by language.

    Attributes
    ----------
    logo
        A ``data:`` address, or empty.
    sender
        Who sends the reports: also what stands for the logo where it is not seen.
    contact
        Plain text.
    introduction
        Safe HTML, made by `markdown`.
    main, main_dark, masthead, masthead_text
        Colours as #rrggbb, or empty for our own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    logo: str = ""
    sender: dict[str, str] = {}
    contact: dict[str, str] = {}
    introduction: dict[str, str] = {}
    main: str = ""
    main_dark: str = ""
    masthead: str = ""
    masthead_text: str = ""

    @classmethod
    def beside(cls, partition: Path) -> Look:
        """The look of the study that a partition is from; our own where none was prepared."""
        path = cls.path_beside(partition)
        return cls.model_validate_json(path.read_bytes()) if path.is_file() else cls()

    @staticmethod
    def path_beside(partition: Path) -> Path:
        """Where it is kept: one file for all partitions."""
        return partition.parent.parent / "look.json"

    def css(self, running: str = "") -> Markup:
        """The colours as CSS, to stand after the stylesheet; nothing but checked colours gets into it.

        Parameters
        ----------
        running
            What stands at the top of each printed page; letter by letter as an escape, so that it ends nothing.

        Examples
        --------
        >>> Look(main="#6b2346").css()
        Markup(':root{--main:#6b2346}@media screen and (prefers-color-scheme: dark){:root{--main:#a97f94}}')
        """
        rules = []
        if self.main:
            dark = self.main_dark or readable(self.main, DARK)
            rules.append(f":root{{--main:{_hex(self.main)}}}")
            rules.append(f"@media screen and (prefers-color-scheme: dark){{:root{{--main:{_hex(dark)}}}}}")
        if self.masthead:
            ground, text = _hex(self.masthead), _hex(self.masthead_text)
            rules.append(f":root{{--masthead:{ground};--masthead-text:{text};--masthead-pad:1rem}}")
        if running:
            text = "".join(one if one.isascii() and one.isalnum() else f"\\{ord(one):x} " for one in name(running))
            rules.append(f'@page{{@top-left{{content:"{text}"}}}}')
        return Markup("".join(rules))


def _hex(colour: str) -> str:
    if not re.fullmatch("#[0-9a-f]{6}", colour):
        raise ValueError("not a colour")
    return colour


# -- texts -------------------------------------------------------------------------------------------------------------


def clean(text: str, *, longest: int | None = None) -> str:
    """A text without the characters that are not seen but turn, break or hide what stands around them.

    Control characters go, and those that reorder text in both directions (Unicode's *bidirectional embeddings, overrides
    and isolates*): a browser finds the direction of a name by its letters.

    Examples
    --------
    >>> clean("A\\u202eB\\x00C"), clean("x" * 9, longest=4)
    ('ABC', 'xxx…')
    """
    kept = "".join(one for one in text if one in "\n\t" or not (unicodedata.category(one) == "Cc" or one in _TURNING))
    return kept if longest is None or len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def name(text: str) -> str:
    """A name as reports show it: `clean`, and cut where it is too long to be one."""
    return clean(text, longest=_LONGEST)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # No images: they would be fetched. HTML is shown as the text that it is.
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def markdown(text: str) -> Markup:
    """Markdown as HTML that is safe to stand in a page: paragraphs, lists, emphasis, headings of the third level, links.

    Examples
    --------
    >>> markdown("# Why\\n\\n*Because* <b onclick=x>[we](javascript:alert(1)) [ask](https://example.org)</b>")
    Markup('<h3>Why</h3>\\n<p><em>Because</em> &lt;b onclick=x&gt;[we](javascript:alert(1)) <a href="https://example.org" rel="noopener noreferrer">ask</a>&lt;/b&gt;</p>\\n')
    """
    import nh3

    html = re.sub(r"<(/?)h[1-6]>", r"<\1h3>", _markdown().render(clean(text)))
    return Markup(
        nh3.clean(
            html,
            tags={"p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3"},
            attributes={"a": {"href", "title"}},
            url_schemes={"https", "http", "mailto"},
        )
    )


# -- the logo ----------------------------------------------------------------------------------------------------------


def logo(path: Path, name: str) -> str:
    """A logo as a ``data:`` address.

    Parameters
    ----------
    path
        A .png, .jpg or .svg file.
    name
        What to call it in messages.

    Raises
    ------
    BadInput
        Where the file is absent, too large, not what its ending says, or an SVG that holds more than a picture.
    """
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise BadInput(Problem("A logo is a .png, .jpg or .svg file.", file=name, mend="Save it as one of these."))
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= LOGO_LIMIT else b""
    except OSError as error:
        raise BadInput(
            Problem(f"The logo cannot be read ({error.strerror}).", file=name, mend="Put it in the study’s folder.")
        ) from None
    if size > LOGO_LIMIT:
        mend = "Save it smaller: 300 pixels are enough."
        raise BadInput(
            Problem(f"The logo has {size // 1000} kB; {LOGO_LIMIT // 1000} kB is the most.", file=name, mend=mend)
        )
    if kind in _BEGINS and not content.startswith(_BEGINS[kind]):
        raise BadInput(Problem(f"This is not a {path.suffix} file, whatever its name says.", file=name))
    if kind == "image/svg+xml":
        fault = next(_svg_faults(content), "")
        if fault:
            mend = "Save it as plain SVG, shapes and text only, or as PNG."
            raise BadInput(Problem(f"This SVG holds more than a picture: {fault}.", file=name, mend=mend))
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


_SVG = "http://www.w3.org/2000/svg"
_SHAPES = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "metadata",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "clipPath",
    "mask",
    "linearGradient",
    "radialGradient",
    "stop",
]


def _svg_faults(content: bytes) -> Iterator[str]:
    if re.search(rb"<!(DOCTYPE|ENTITY)|<\?xml-stylesheet", content, re.IGNORECASE):
        yield "a document type, an entity or a stylesheet"
        return
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError):
        yield "it is not well-formed"
        return
    if root.tag != f"{{{_SVG}}}svg":
        yield "its outermost element is not <svg>"
        return
    for element in root.iter():
        space, _, local = str(element.tag).rpartition("}")
        if space == f"{{{_SVG}" and local not in _SHAPES:
            yield f"an element <{local}>"
        elif space == "{http://www.w3.org/1999/xhtml":
            yield "HTML"
        for key, value in element.attrib.items():
            attribute = key.rpartition("}")[2].lower()
            text = re.sub(r"\s|\\", "", value).lower()
            if attribute.startswith("on"):
                yield f"an attribute “{attribute}”"
            elif attribute == "href" and not text.startswith("#"):
                yield "a link"
            elif re.search(r"javascript:|data:|url\((?![\"']?#)|@import|expression\(", text):
                yield f"an address in “{attribute}”"
