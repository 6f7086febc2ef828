"""index.html: the way in to all reports of a study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ppp.language import speak
from ppp.reports.section import fill
from ppp.reports.stylesheet import stylesheet

__all__ = ["Entry", "index_page"]


@dataclass(frozen=True)
class Entry:
    """One organization in the index: its name, its group's name, and for each language the file of its report."""

    name: str
    group: str
    pages: dict[str, str]


def index_page(title: str, entries: Sequence[Entry], *, language: str) -> str:
    """The index as a page of its own, in that language: organizations by group, in order of their names."""
    say = speak(language)
    names = {code: say.locale.languages.get(code, code) for entry in entries for code in entry.pages}
    ordered = sorted(entries, key=lambda entry: (entry.group.casefold(), entry.name.casefold()))
    groups: dict[str, list[Entry]] = {}
    for entry in ordered:
        groups.setdefault(entry.group, []).append(entry)
    return fill(
        "index.html.j2", _=say.gettext, say=say, title=title, groups=groups, names=names, css=Markup(stylesheet())
    )
