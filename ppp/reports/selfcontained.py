"""Whether a page stands alone: it asks nothing of any other place, and runs no script but our own."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files

__all__ = ["faults", "words"]

_FETCHING = {"src", "srcset", "poster", "data", "background", "action", "formaction", "manifest", "ping", "cite"}
_FETCHING |= {"codebase", "classid", "archive", "longdesc", "profile", "usemap", "xlink:href", "icon", "dynsrc"}
_NO_PLACE = {"base", "embed", "frame", "frameset", "iframe", "object", "applet", "portal", "link", "form"}
_IMAGE = re.compile(r"data:image/(png|svg\+xml|jpeg|webp|gif)[;,]", re.IGNORECASE)
_CSS_FETCHES = re.compile(r"@import|url\(\s*['\"]?(?!#|data:)|expression\(|image-set\(|-moz-binding", re.IGNORECASE)
_READ = {"alt", "title", "aria-label", "aria-description", "placeholder", "value", "content", "label", "summary"}


def faults(html: str) -> list[str]:
    """What in a page is not self-contained, each as a few plain words; empty where nothing is.

    A link that a reader may follow (``<a href="https://…">``) is no request; anything that a browser would fetch, send
    or run by itself is one. Pages also carry a Content-Security-Policy that allows none of it.

    Examples
    --------
    >>> page = '<meta http-equiv="Content-Security-Policy" content="default-src \\'none\\'">'
    >>> faults(page + '<p><a href="https://example.org">more</a><img src="data:image/png;base64,AA" alt=""></p>')
    []
    >>> faults(page + '<img src="//example.org/1.png"><p onclick="x()">')
    ['img src is fetched from elsewhere', 'p onclick is a script']
    """
    parser = _Parser()
    parser.feed(html)
    parser.close()
    found = parser.faults
    if not parser.has_policy:
        found.append("no Content-Security-Policy that allows nothing by default")
    return list(dict.fromkeys(found))


def words(html: str) -> str:
    """All that a page says, also to those who hear it: its texts, and attributes that are read out.

    Examples
    --------
    >>> words('<p>A<b>B</b> &amp; C</p><img alt="a picture"><style>p {}</style>').split()
    ['AB', '&', 'C', 'a', 'picture']
    """
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return "".join(parser.said)


@cache
def _own_scripts() -> frozenset[str]:
    folder = files("ppp.reports").joinpath("sections")
    return frozenset(part.read_text(encoding="utf-8").strip() for part in folder.iterdir() if part.name.endswith(".js"))


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.said: list[str] = []
        self.has_policy = False
        self._inside = ""
        self._script = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._inside, self._script = tag, ""
        if tag in _NO_PLACE:
            self.faults.append(f"a {tag} element")
        if tag == "meta":
            self._meta(given)
        for name, value in given.items():
            self._attribute(tag, name, value.strip())
            if name in _READ or name.startswith("data-"):
                self.said.append(f"\n{value}\n")
        if tag not in ("a", "abbr", "b", "em", "i", "span", "strong", "sub", "sup", "tspan"):
            self.said.append("\n")

    def _meta(self, given: dict[str, str]) -> None:
        kind = given.get("http-equiv", "").casefold()
        if kind == "refresh":
            self.faults.append("a page that moves on by itself")
        if kind == "content-security-policy":
            allowed = given.get("content", "")
            self.has_policy |= "default-src 'none'" in allowed
            if re.search(r"https?:|\*|'unsafe-eval'|script-src[^;]*'unsafe-inline'", allowed):
                self.faults.append("a Content-Security-Policy that allows too much")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or re.match(r"(java|vb)script:", re.sub(r"\s", "", value), re.IGNORECASE):
            self.faults.append(f"{tag} {name} is a script")
        elif name == "style" and _CSS_FETCHES.search(value):
            self.faults.append(f"{tag} style is fetched from elsewhere")
        elif (name in _FETCHING or (name == "href" and tag not in ("a", "area"))) and not (
            value.startswith("#") or (tag in ("img", "image", "source") and _IMAGE.match(value)) or not value
        ):
            self.faults.append(f"{tag} {name} is fetched from elsewhere")
        elif name == "href" and re.match(r"(?!https?:|mailto:|tel:)[a-z][a-z0-9+.-]*:", value, re.IGNORECASE):
            self.faults.append(f"{tag} {name} leads into this machine or carries data")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._script.strip() not in _own_scripts():
            self.faults.append("a script that is not ours")
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self._script += data
        elif self._inside == "style":
            if _CSS_FETCHES.search(data):
                self.faults.append("a style that is fetched from elsewhere")
        else:
            self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.said.append(f"\n{data}\n")
