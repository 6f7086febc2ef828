"""REFI-QDA codebooks (.qdc): ours out, and another program's compared with ours."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from ppp.coding.exchange.refi import code_elements, entries, parse, plain, sets, xml_text
from ppp.errors import BadInput, Problem
from ppp.framework import codebook

__all__ = ["read_codebook", "write_codebook"]

_NAMESPACE = "urn:QDA-XML:codebook:1.0"
_MAX_BYTES = 20_000_000


def write_codebook(path: Path, *, language: str) -> int:
    """Write the codebook in one language; returns the number of codes.

    Both groupings of Parity are sets. What the format has no field for (what a code includes and excludes, examples,
    the version) stands in the description.
    """
    root = ElementTree.Element("CodeBook", xmlns=_NAMESPACE, origin=f"ppp, codebook {codebook().version}")
    codes = entries(language)
    code_elements(ElementTree.SubElement(root, "Codes"), codes)
    holder = ElementTree.SubElement(root, "Sets")
    for identifier, name, members in sets(language):
        one = ElementTree.SubElement(holder, "Set", guid=identifier, name=xml_text(name))
        for member in members:
            ElementTree.SubElement(one, "MemberCode", guid=member)
    ElementTree.indent(root)
    path.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
    return sum(1 for top in codes for _ in top.walk())


def read_codebook(path: Path) -> pd.DataFrame:
    """Another program's codebook, compared with ours.

    Returns
    -------
    pandas.DataFrame
        One row a code in the file: ``guid``, ``name``, ``path`` (the names above it, joined by " / "), ``is_codable``,
        ``description``, and ``ours``: ``dimension/code`` of our code that it is, empty where it is none of ours.

    Raises
    ------
    BadInput
        Where the file is not a REFI-QDA codebook.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise BadInput(Problem("The file is far too large for a codebook.", file=path.name))
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(Problem(f"The file cannot be read ({error.strerror}).", file=str(path))) from None
    root = parse(content, path.name, "CodeBook")
    known = {code.guid: "/".join(filter(None, code.key)) for top in entries("en") for code in top.walk()}
    rows: list[tuple] = []

    # A list in place of recursion: a file may nest deeper than Python goes.
    waiting = [(element, "") for element in reversed(root.findall("Codes/Code"))]
    while waiting:
        element, above = waiting.pop()
        identifier, name = plain(element.get("guid", "")), element.get("name", "")
        codable = element.get("isCodable", "true").strip() in ("true", "1")
        rows.append(
            (identifier, name, above, codable, element.findtext("Description") or "", known.get(identifier, ""))
        )
        below = f"{above} / {name}" if above else name
        waiting.extend((child, below) for child in reversed(element.findall("Code")))
    return pd.DataFrame(rows, columns=["guid", "name", "path", "is_codable", "description", "ours"])
