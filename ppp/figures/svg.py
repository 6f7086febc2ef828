"""A figure as SVG inside a page: real text, few bytes, no clash with the next figure, light and dark."""

from __future__ import annotations

import hashlib
import io
import re

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.figure import Figure

from ppp.figures.style import COLOURS, INK, LINE, PAPER

__all__ = ["to_svg"]

_VARIABLES = {INK: "ink", LINE: "line", PAPER: "paper"} | {
    colour: f"c-{name}" for name, colour in reversed(COLOURS.items())
}


def to_svg(figure: Figure, *, name: str, alternative: str) -> Markup:
    """The figure as an ``<svg>`` element.

    Parameters
    ----------
    figure
        Drawn by one of this room's functions.
    name
        Unique in the page; keeps the ids of two figures apart.
    alternative
        What the figure shows, for those who do not see it.

    Returns
    -------
    markupsafe.Markup
        The same bytes for the same figure, on any day. Our colours are CSS variables with the colour itself to fall
        back on, so that a page can redefine them for dark surroundings.

    Examples
    --------
    >>> drawn = Figure(figsize=(2, 1))
    >>> str(to_svg(drawn, name="empty", alternative="Nothing yet"))[:73]
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/19'
    """
    file = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = file.getvalue().decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = _own_ids(text, name)
    text = re.sub(r"<style type=\"text/css\">.*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r"\s*<defs>\s*</defs>", "", text)
    # What the dropped style rule said, on the element itself: a rule would reach the page's other pictures too.
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)
    assert size is not None, "matplotlib writes one"
    width, height = size.groups()
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'aria-label="{escape(alternative)}" viewBox="0 0 {width} {height}" '
        'style="stroke-linecap: butt; stroke-linejoin: round">'
    )
    text = opening + text[text.index(">") + 1 :]
    text = re.sub(r"(font: [\d.]+px) [^;\"]*", r"\1 system-ui, 'Segoe UI', Roboto, Arial, sans-serif", text)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, f"var(--{variable}, {colour})")
    return Markup(re.sub(r">\s+<", "><", text).strip())


def _own_ids(text: str, name: str) -> str:
    """Ids that something refers to become the figure's own; all others go."""
    referred = set(re.findall(r'(?:href="|url\()#([^")]+)', text))
    salt = hashlib.sha256(name.encode()).hexdigest()[:6]

    def replace(match: re.Match) -> str:
        return f' id="{salt}{match[1]}"' if match[1] in referred else ""

    text = re.sub(r' id="([^"]+)"', replace, text)
    return re.sub(r'(href="|url\()#', rf"\1#{salt}", text)
