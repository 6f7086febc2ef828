"""index.html: the way in to all reports of a study."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from ppp.language import capital, speak
from ppp.reports.look import Look, clean, name
from ppp.reports.section import fill
from ppp.reports.stylesheet import stylesheet

__all__ = ["Entry", "index_file", "index_page"]

_LISTED = 8  # names that a sentence at the top lists; more are for the filter


@dataclass(frozen=True)
class Entry:
    """One organization in the index.

    Attributes
    ----------
    name, group
        Its name and its group's name.
    pages
        For each language the file of its report; empty where there is none.
    pdfs
        The same of printed reports.
    is_new
        Whether a report of it was made or changed in the latest round of reports that made any.
    has_failed
        Whether the latest try to make one of its reports failed; an older one may still be there.
    """

    name: str
    group: str
    pages: Mapping[str, str]
    pdfs: Mapping[str, str] = field(default_factory=dict)
    is_new: bool = False
    has_failed: bool = False


def index_file(language: str, languages: Sequence[str]) -> str:
    """The file name of the index in that language: the first of the languages has the plain name."""
    return "index.html" if language == languages[0] else f"index.{language}.html"


def index_page(
    title: str,
    entries: Sequence[Entry],
    *,
    language: str,
    languages: Sequence[str] = (),
    look: Look | None = None,
    network: Mapping[str, str] | None = None,
    wave: str = "",
) -> str:
    """The index as a page of its own, in that language: organizations by group, in order of their names.

    Parameters
    ----------
    title
        The study's.
    entries
        Its organizations.
    language
        Of the page.
    languages
        All languages that there is an index in, the first being the one that ``index.html`` has.
    look
        The study's logo, colours, contact and introduction.
    network
        For each language the file of the report across all organizations, where there is one.
    wave
        The name of the round that all reports are of; empty where they are of several.

    Notes
    -----
    All is there without a script. One small script, told to the browser by its hash, makes the list searchable.
    """
    say, look, languages = speak(language), look or Look(), list(languages) or [language]
    ordered = sorted(entries, key=lambda entry: (_place(entry.group, language), _place(entry.name, language)))
    with_page = [entry for entry in ordered if entry.pages or entry.has_failed]
    groups: dict[str, list[Entry]] = {}
    for entry in with_page:
        groups.setdefault(entry.group, []).append(entry)
    fresh = [entry for entry in with_page if entry.is_new]
    everything_is_new = len(fresh) == len(with_page)
    codes = {*languages, *(code for entry in entries for code in entry.pages), *(network or {})}
    return fill(
        "index.html.j2",
        _=say.gettext,
        ngettext=say.ngettext,
        say=say,
        title=name(title),
        wave=capital(name(wave)),
        groups=groups,
        total=len(with_page),
        fresh=[] if everything_is_new else fresh,
        mark_new=not everything_is_new,
        failed=[entry for entry in with_page if entry.has_failed],
        silent=[entry for entry in ordered if not entry.pages and not entry.has_failed],
        listing=lambda found: _listing(say, found),
        names={code: clean(say.locale.languages.get(code, code)) for code in codes},
        own={code: clean(speak(code).locale.languages.get(code, code)) for code in languages},
        indexes={code: index_file(code, languages) for code in languages},
        network=network or {},
        look=look,
        introduction=Markup(look.introduction.get(language, "")),
        contact=name(look.contact.get(language, "")),
        css=Markup(stylesheet()) + look.css(),
        script=Markup(_script()),
        script_hash=_hash(_script()),
    )


def _place(text: str, language: str) -> str:
    """By what a text is put in the order of the alphabet: å, ä and ö come last in Swedish, elsewhere with a and o."""
    text = text.casefold()
    if language == "sv":
        text = text.translate({ord("å"): "z\uf000", ord("ä"): "z\uf001", ord("ö"): "z\uf002"})
    return "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))


def _listing(say, found: Sequence[Entry]) -> str:
    names = [name(entry.name) for entry in found[:_LISTED]]
    more = len(found) - len(names)
    if more:
        names.append(say.ngettext("{n} more", "{n} more", more))
    return say.listing(names)


@cache
def _script() -> str:
    return files("ppp.reports").joinpath("sections/index.js").read_text(encoding="utf-8").strip()


def _hash(script: str) -> str:
    """As a page's Content-Security-Policy names a script that may run: nothing else can."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
