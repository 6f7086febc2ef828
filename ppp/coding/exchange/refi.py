"""What both REFI-QDA files share: identifiers that never change, our codes as theirs, and reading XML with care."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from ppp.errors import BadInput, Problem
from ppp.framework import LEAVES, codebook

__all__ = ["Entry", "code_elements", "entries", "guid", "parse", "plain", "sets", "xml_text"]

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:ppp-workbook")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

DIMENSION_LABELS = {
    "place": {"en": "Place", "sv": "Plats"},
    "phase_began": {"en": "Phase in which patients joined", "sv": "Fas när patienterna kom med"},
    "parity": {"en": "Parity", "sv": "Paritet"},
    "phase": {"en": "Phases in which patients were present", "sv": "Faser där patienter var med"},
    "meeting_place": {"en": "Where people met", "sv": "Var man träffades"},
}
_DIRECTIONS = {"supports": {"en": "supports", "sv": "stöder"}, "barrier": {"en": "barrier", "sv": "hinder"}}
_NO_EVIDENCE = {"en": "No evidence on Parity", "sv": "Inget belägg om paritet"}


@dataclass(frozen=True)
class Entry:
    """One code as REFI-QDA holds it.

    Attributes
    ----------
    key
        Dimension, code, direction: what the code is to us; code and direction are empty for a heading.
    name, description
        In one language.
    is_codable
        Whether something can be coded with it; headings cannot.
    children
        The codes under it.
    """

    key: tuple[str, str, str]
    name: str
    description: str = ""
    is_codable: bool = True
    children: tuple[Entry, ...] = ()

    @property
    def guid(self) -> str:
        """Its identifier, the same in every file that we write."""
        return guid("code", *filter(None, self.key))

    def walk(self) -> Iterator[Entry]:
        """It and all under it."""
        yield self
        for child in self.children:
            yield from child.walk()


def guid(*name: str) -> str:
    """An identifier that hangs on the name alone (uuid5).

    Examples
    --------
    >>> guid("code", "place", "clinic") == guid("code", "place", "clinic")
    True
    """
    return str(uuid.uuid5(_NAMESPACE, "/".join(name)))


def plain(identifier: str) -> str:
    """An identifier without braces and in small letters: programs write them in several ways."""
    return identifier.strip().strip("{}").lower()


def xml_text(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def entries(language: str) -> list[Entry]:
    """The codebook as REFI-QDA codes: dimensions at the top, their codes under them, directions under the factors."""
    book = codebook()
    special = {code.id: code for code in book.special}

    def described(dimension: str, code, kept: str) -> Entry:
        parts = [code.definition[language]]
        for heading in ("includes", "excludes", "examples"):
            if hasattr(code, heading):
                parts.append(
                    f"{heading.capitalize()}:\n" + "\n".join(f"- {line}" for line in getattr(code, heading)[language])
                )
        parts.append(f"ppp: {dimension}/{code.id}, codebook {book.version}")
        return Entry((dimension, code.id, ""), code.label[language], "\n\n".join(parts), kept == "codes")

    tops = []
    for dimension, label in DIMENSION_LABELS.items():
        if dimension == "parity":
            children = []
            for leaf in book.leaves:
                heading = described(dimension, leaf, "heading")
                ways = tuple(
                    Entry((dimension, leaf.id, way), f"{heading.name}: {words[language]}")
                    for way, words in _DIRECTIONS.items()
                )
                children.append(Entry(heading.key, heading.name, heading.description, False, ways))
            children.append(Entry((dimension, "none", ""), _NO_EVIDENCE[language]))
        else:
            codes = book.phases if dimension in ("phase", "phase_began") else book.places
            children = [described(dimension, code, "codes") for code in codes]
            if dimension in ("place", "phase_began"):
                children += [described(dimension, special[name], "codes") for name in ("not_stated", "none")]
        tops.append(Entry((dimension, "", ""), label[language], "", False, tuple(children)))
    return tops


def sets(language: str) -> list[tuple[str, str, list[str]]]:
    """The two ways in which Parity's factors are summed: identifier, name, and identifiers of the codes in each sum."""
    found = []
    for grouping in codebook().groupings:
        for group in grouping.groups:
            members = [guid("code", "parity", leaf) for leaf in LEAVES if leaf in group.leaves]
            name = f"{grouping.label[language]}: {group.label[language]}"
            found.append((guid("set", grouping.id, group.id), name, members))
    return found


def code_elements(parent: ElementTree.Element, codes: list[Entry]) -> None:
    """Put the codes into the element; both kinds of file hold them alike."""
    for code in codes:
        element = ElementTree.SubElement(
            parent, "Code", guid=code.guid, name=xml_text(code.name), isCodable=str(code.is_codable).lower()
        )
        if code.description:
            ElementTree.SubElement(element, "Description").text = xml_text(code.description)
        code_elements(element, list(code.children))


class _NoDoctype(ElementTree.TreeBuilder):
    """Builds the tree, and refuses what could name other files or unfold without end."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("document type")


def parse(content: bytes, name: str, root: str) -> ElementTree.Element:
    """The XML's root, with namespaces taken off.

    Raises
    ------
    BadInput
        Where it is not XML, has a document type (and with it entities), or is of another kind.
    """
    try:
        parser = ElementTree.XMLParser(target=_NoDoctype())
        parser.feed(content)
        tree = parser.close()
    except ValueError:
        raise BadInput(
            Problem("The file has a document type, which REFI-QDA files have not.", file=name, mend="Export it anew.")
        ) from None
    except ElementTree.ParseError as error:
        row = error.position[0] if error.position else None
        raise BadInput(Problem("This is not valid XML.", file=name, row=row, mend="Export it anew.")) from None
    for element in tree.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    if tree.tag != root:
        raise BadInput(Problem(f"This is no REFI-QDA {root}.", file=name, mend="Export it anew."))
    return tree
