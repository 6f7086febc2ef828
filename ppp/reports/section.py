"""A part of a report: HTML made from one template with every value escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ppp.reports.look import clean, name
from ppp.reports.stylesheet import stylesheet

__all__ = ["Section", "fill"]


@dataclass(frozen=True)
class Section:
    """One part of a report; shows itself in JupyterLab, and is put in the page as it is.

    Attributes
    ----------
    html
        The part as HTML.
    page
        For the first part only: what the page's head must know (language, title …).
    """

    html: str
    page: dict = field(default_factory=dict)

    def __repr__(self) -> str:
        heading = re.search(r"<h[12][^>]*>(.*?)</h", self.html, re.DOTALL)
        return f"<Section: {Markup(heading[1]).striptags() if heading else ''}>"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        if not self.page:
            return {"text/plain": repr(self), "text/html": f'<div class="ppp">{self.html}</div>'}
        # A notebook has no page of ours around it, so its first part brings the look along. The page's template
        # takes the part from the page's own entry instead, and has the look already.
        look = f'<style>{_scoped(stylesheet())}</style><div class="ppp">{self.html}</div>'
        return {
            "text/plain": repr(self),
            "text/html": look,
            "application/vnd.ppp.page+json": {**self.page, "html": self.html},
        }


def _scoped(css: str) -> str:
    """The stylesheet, for our own parts of a notebook only."""
    own = css.replace(":root", ":scope")
    return f"@scope (.ppp) {{ {own} :scope {{ background: var(--paper); color: var(--ink); }} }}"


def _plain(value: object) -> object:
    """What people wrote, without the characters that would turn the text around it; our own parts as they are."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ppp.reports", "sections"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_plain,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown_name"] = name
    return environment


def fill(template: str, **values: object) -> str:
    """The template of that name with its values; all of them escaped unless they are Markup."""
    return _environment().get_template(template).render(**values)
