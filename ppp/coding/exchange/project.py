"""REFI-QDA projects (.qdpx): texts, codes and codings, for NVivo, ATLAS.ti, MAXQDA, QualCoder and others.

Coders are users, activities are sources, organizations are cases. A code on a passage is a selection whose end position
is that of its last character; positions count characters (code points), not bytes. A line break is one character in
what other programs read, so texts are written with single ones and positions are counted anew, in both directions.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile, ZipInfo

import pandas as pd

from ppp.coding.exchange.refi import code_elements, entries, guid, parse, plain, sets, xml_text
from ppp.coding.exchange.tables import COLUMNS
from ppp.errors import BadInput, Problem

__all__ = ["read_project", "write_project"]

_NAMESPACE = "urn:QDA-XML:project:1.0"
_PROJECT = "project.qde"
_INTERNAL = "internal://"
_MAX_PROJECT, _MAX_SOURCE, _MAX_MEMBERS = 300_000_000, 20_000_000, 500_000
_VARIABLES = {
    "group": "Text",
    "wave": "Text",
    "language": "Text",
    "patients_n": "Integer",
    "professionals_n": "Integer",
}
_MARKS = ("done", "skip", "flag")


# -- out ---------------------------------------------------------------------------------------------------------------


def write_project(
    path: Path,
    table: pd.DataFrame,
    *,
    study: str,
    activities: pd.DataFrame,
    texts: pd.Series,
    organizations: pd.DataFrame,
    language: str,
    origin: str,
) -> None:
    """Write the long table of codings with the texts that they are about.

    Parameters
    ----------
    table
        As `ppp.coding.exchange.long_table` gives it.
    study
        The study's id.
    activities, organizations
        The tidy tables.
    texts
        The coded text of each of `activities`, in their order; evidence counts its code points.
    language
        Of the codes' names.
    origin
        The program and its version.
    """
    root = ElementTree.Element("Project", xmlns=_NAMESPACE, name=xml_text(study), origin=origin)
    names = list(dict.fromkeys(table["coder"]))
    if names:
        users = ElementTree.SubElement(root, "Users")
        for name in names:
            ElementTree.SubElement(users, "User", guid=guid("user", name), name=xml_text(name))
    code_elements(ElementTree.SubElement(ElementTree.SubElement(root, "CodeBook"), "Codes"), entries(language))
    variables = ElementTree.SubElement(root, "Variables")
    for name, kind in _VARIABLES.items():
        ElementTree.SubElement(variables, "Variable", guid=guid("variable", name), name=name, typeOfVariable=kind)
    _cases(root, study, activities, organizations)
    sources, notes = ElementTree.Element("Sources"), ElementTree.Element("Notes")
    files: dict[str, bytes] = {}
    by_activity = dict(iter(table.groupby("activity_id", sort=False)))
    for row, text in zip(activities.to_dict("records"), texts, strict=True):
        identifier = guid("source", study, row["activity_id"])
        source = ElementTree.SubElement(
            sources,
            "TextSource",
            guid=identifier,
            name=xml_text(row["activity_id"]),
            plainTextPath=f"{_INTERNAL}{identifier}.txt",
        )
        files[f"sources/{identifier}.txt"] = _Text(text).written.encode("utf-8", "replace")
        own = by_activity.get(row["activity_id"])
        if own is not None:
            _codings(source, notes, own, _Text(text), study)
        for name in ("wave", "language", "patients_n", "professionals_n"):
            _value(source, name, row[name])
    for element in (sources, notes):
        if len(element):
            root.append(element)
    holder = ElementTree.SubElement(root, "Sets")
    for identifier, name, members in sets(language):
        one = ElementTree.SubElement(holder, "Set", guid=identifier, name=xml_text(name))
        for member in members:
            ElementTree.SubElement(one, "MemberCode", targetGUID=member)
    _stamp(root, table)
    ElementTree.indent(root)
    content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    with ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {_PROJECT: content, **files}.items():
            # A fixed time, so that the same study makes the same file.
            archive.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)


def _stamp(root: ElementTree.Element, table: pd.DataFrame) -> None:
    times = table["created_at"].dropna()
    if len(times):
        root.set("creationDateTime", _time(times.min()))
        root.set("modifiedDateTime", _time(times.max()))


def _cases(root: ElementTree.Element, study: str, activities: pd.DataFrame, organizations: pd.DataFrame) -> None:
    of = dict(iter(activities.groupby("organization")["activity_id"]))
    cases = ElementTree.SubElement(root, "Cases")
    for row in organizations.to_dict("records"):
        key = row["organization"]
        case = ElementTree.SubElement(cases, "Case", guid=guid("case", study, key), name=xml_text(key))
        ElementTree.SubElement(case, "Description").text = xml_text(row["name"])
        _value(case, "group", row["group"])
        for activity in of.get(key, []):
            ElementTree.SubElement(case, "SourceRef", targetGUID=guid("source", study, activity))


def _value(parent: ElementTree.Element, name: str, value: object) -> None:
    if pd.isna(value):
        return
    holder = ElementTree.SubElement(parent, "VariableValue")
    ElementTree.SubElement(holder, "VariableRef", targetGUID=guid("variable", name))
    ElementTree.SubElement(holder, f"{_VARIABLES[name]}Value").text = xml_text(str(value))


def _codings(
    source: ElementTree.Element, notes: ElementTree.Element, own: pd.DataFrame, text: _Text, study: str
) -> None:
    """Selections first, then codes on the whole text, then marks: the order of the schema."""
    whole: list[ElementTree.Element] = []
    marks: list[ElementTree.Element] = []
    for row in own.to_dict("records"):
        said: dict[Any, Any] = {name: None if pd.isna(value) else value for name, value in row.items()}
        name: list[str] = [
            study,
            said["activity_id"],
            said["coder"],
            said["dimension"],
            said["code"],
            said["polarity"] or "",
        ]
        made = {"creatingUser": guid("user", said["coder"])}
        if said["created_at"]:
            made["creationDateTime"] = _time(said["created_at"])
        if said["dimension"] == "mark":
            reference = ElementTree.Element("NoteRef", targetGUID=guid("note", *name))
            _note(notes, guid("note", *name), said, made)
            marks.append(reference)
            continue
        code = guid("code", *filter(None, (said["dimension"], said["code"], said["polarity"])))
        coding = ElementTree.Element("Coding", {"guid": guid("coding", *name), **made})
        ElementTree.SubElement(coding, "CodeRef", targetGUID=code)
        ElementTree.SubElement(coding, "NoteRef", targetGUID=guid("note", *name))
        _note(notes, guid("note", *name), said, made)
        span = text.out(said["evidence_start"], said["evidence_end"])
        if span is None:
            whole.append(coding)
            continue
        selection = ElementTree.SubElement(
            source,
            "PlainTextSelection",
            {
                "guid": guid("selection", *name),
                "startPosition": str(span[0]),
                "endPosition": str(span[1] - 1),
                **made,
            },
        )
        selection.append(coding)
    source.extend([*whole, *marks])


def _note(notes: ElementTree.Element, identifier: str, said: Mapping, made: dict[str, str]) -> None:
    name = said["code"] if said["dimension"] == "mark" else "ppp"
    note = ElementTree.SubElement(notes, "Note", {"guid": identifier, "name": name, **made})
    about = {"confidence": said["confidence"], "codebook": said["codebook_version"]}
    description = "; ".join(f"{key}: {value}" for key, value in about.items() if value is not None)
    if description:
        ElementTree.SubElement(note, "Description").text = description
    ElementTree.SubElement(note, "PlainTextContent").text = xml_text(said["memo"] or "")


def _time(text: str) -> str:
    """Our times are those of XML Schema already; what another program wrote may not be."""
    return (
        text
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", text)
        else "1980-01-01T00:00:00Z"
    )


class _Text:
    """A text as we hold it and as it is written for others, and how positions in the two answer to each other.

    Written with single line breaks and without a byte order mark: other programs read it so, whatever is in the file.
    """

    def __init__(self, text: str) -> None:
        marks = len(text) - len(text.lstrip("\ufeff"))
        gone = [*range(marks), *(found.start() for found in re.finditer(r"\r(?=\n)", text))]
        self.length = len(text)
        self._gone = gone
        kept = set(gone)
        self.written = "".join(letter for at, letter in enumerate(text) if at not in kept).replace("\r", "\n")
        self._back = [at for at in range(len(text)) if at not in kept]

    def out(self, start: int | None, end: int | None) -> tuple[int, int] | None:
        """Our passage in the written text; None where there is none."""
        if start is None or end is None or not 0 <= start < end <= self.length:
            return None
        first, last = int(start) - bisect_left(self._gone, start), int(end) - bisect_left(self._gone, end)
        return (first, last) if first < last else None

    def back(self, start: int, end: int) -> tuple[int, int] | None:
        """A passage of the written text in ours; None where it lies outside."""
        if not 0 <= start < end <= len(self._back):
            return None
        return self._back[start], self._back[end - 1] + 1


# -- back --------------------------------------------------------------------------------------------------------------


def read_project(
    path: Path, *, study: str, activities: pd.DataFrame, texts: pd.Series
) -> tuple[pd.DataFrame, list[Problem]]:
    """The codings in a project that was made from this study, and went on in another program.

    Nothing is unpacked: the parts are read where they are, each up to a limit.

    Returns
    -------
    (pandas.DataFrame, list of Problem)
        The long table (columns of `ppp.coding.exchange.COLUMNS`), and what could not be taken: unknown texts and codes,
        passages of a text that was changed.

    Raises
    ------
    BadInput
        Where the file is not a REFI-QDA project.
    """
    name = path.name
    try:
        with ZipFile(path) as archive:
            if len(archive.infolist()) > _MAX_MEMBERS:
                raise BadInput(Problem("The file holds far too many parts.", file=name))
            content = _part(archive, _PROJECT, _MAX_PROJECT, name)
            if content is None:
                raise BadInput(
                    Problem(f"There is no {_PROJECT} in it.", file=name, mend="Export it as a REFI-QDA project.")
                )
            root = parse(content, f"{name}/{_PROJECT}", "Project")
            return _read(root, archive, name, study, activities, texts)
    except FileNotFoundError:
        raise BadInput(Problem("There is no such file.", file=str(path), mend="Check the name.")) from None
    except (BadZipFile, OSError, NotImplementedError, RuntimeError):
        raise BadInput(
            Problem("This is not a .qdpx file.", file=name, mend="Export it as a REFI-QDA project.")
        ) from None


def _read(
    root: ElementTree.Element, archive: ZipFile, name: str, study: str, activities: pd.DataFrame, texts: pd.Series
) -> tuple[pd.DataFrame, list[Problem]]:
    ours = dict(zip(activities["activity_id"], texts, strict=True))
    by_guid = {guid("source", study, activity): activity for activity in ours}
    users = {plain(user.get("guid", "")): user.get("name", "") for user in root.findall("Users/User")}
    codes = _known_codes(root)
    notes = {plain(note.get("guid", "")): note for note in root.findall("Notes/Note")}
    rows: list[dict] = []
    problems: list[Problem] = []
    for number, source in enumerate(root.findall("Sources/TextSource"), start=1):
        activity: str = by_guid.get(plain(source.get("guid", ""))) or source.get("name") or ""
        if activity not in ours:
            if source.find(".//Coding") is not None:
                problems.append(
                    Problem(
                        "This text is no activity of the study.", name, number, "TextSource", "Its codes are left out."
                    )
                )
            continue
        text = _Text(ours[activity])
        found = _source_text(source, archive, name)
        same = found is None or _Text(found).written == text.written
        for selection in source.findall("PlainTextSelection"):
            span = _span(selection, text) if same else None
            if span is None:
                why = "A passage lies outside the text." if same else "The text was changed; its passages are not sure."
                mend = "The code is taken for the whole activity."
                problems.append(Problem(why, name, number, "PlainTextSelection", mend))
            for coding in selection.findall("Coding"):
                rows += _row(coding, activity, span, codes, users, notes, problems, name, number, selection)
        for coding in source.findall("Coding"):
            rows += _row(coding, activity, None, codes, users, notes, problems, name, number, source)
        for reference in source.findall("NoteRef"):
            note = notes.get(plain(reference.get("targetGUID", "")))
            if note is not None and note.get("name") in _MARKS:
                rows.append(
                    {
                        "activity_id": activity,
                        "coder": users.get(plain(note.get("creatingUser", "")), ""),
                        "dimension": "mark",
                        "code": note.get("name"),
                        **_said(note),
                    }
                )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(object).where(frame.notna(), None).astype(COLUMNS), problems


def _row(
    coding: ElementTree.Element,
    activity: str,
    span: tuple[int, int] | None,
    codes: Mapping[str, tuple[str, str, str]],
    users: Mapping[str, str],
    notes: Mapping[str, ElementTree.Element],
    problems: list[Problem],
    name: str,
    number: int,
    holder: ElementTree.Element,
) -> list[dict]:
    reference = coding.find("CodeRef")
    key = codes.get(plain(reference.get("targetGUID", "")) if reference is not None else "")
    if key is None:
        problems.append(
            Problem(
                "A code is none of the codebook’s, or a heading.",
                name,
                number,
                "CodeRef",
                "Code it with a code of ours.",
            )
        )
        return []
    note = next(
        (notes[at] for ref in coding.findall("NoteRef") if (at := plain(ref.get("targetGUID", ""))) in notes), None
    )
    user = coding.get("creatingUser") or holder.get("creatingUser") or ""
    return [
        {
            "activity_id": activity,
            "coder": users.get(plain(user), ""),
            "dimension": key[0],
            "code": key[1],
            "polarity": key[2] or None,
            "evidence_start": span[0] if span else None,
            "evidence_end": span[1] if span else None,
            **({} if note is None else _said(note)),
            "created_at": coding.get("creationDateTime"),
        }
    ]


def _known_codes(root: ElementTree.Element) -> dict[str, tuple[str, str, str]]:
    """Our code for each identifier in the file: by identifier, else by the names of the code and of its dimension."""
    by_guid = {c.guid: c.key for top in entries("en") for c in top.walk() if c.is_codable}
    by_name = {
        (top.name.casefold(), code.name.casefold()): code.key
        for language in ("en", "sv")
        for top in entries(language)
        for code in top.walk()
        if code.is_codable
    }
    found: dict[str, tuple[str, str, str]] = {}
    waiting = [(element, element.get("name", "")) for element in root.findall("CodeBook/Codes/Code")]
    while waiting:
        element, top = waiting.pop()
        identifier = plain(element.get("guid", ""))
        key = by_guid.get(identifier) or by_name.get((top.casefold(), element.get("name", "").casefold()))
        if key:
            found[identifier] = key
        waiting.extend((child, top) for child in element.findall("Code"))
    return found


def _said(note: ElementTree.Element) -> dict:
    """What we wrote into a note, or another program's note as it is."""
    description = note.findtext("Description") or ""
    about = dict(part.split(": ", 1) for part in description.split("; ") if ": " in part)
    try:
        confidence = float(about.get("confidence", "nan"))
    except ValueError:
        confidence = float("nan")
    return {
        "confidence": confidence if 0 <= confidence <= 1 else None,
        "codebook_version": about.get("codebook"),
        "memo": note.findtext("PlainTextContent") or None,
        "created_at": note.get("creationDateTime"),
    }


def _span(selection: ElementTree.Element, text: _Text) -> tuple[int, int] | None:
    try:
        start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
    except ValueError:
        return None
    return text.back(start, end + 1)


def _source_text(source: ElementTree.Element, archive: ZipFile, name: str) -> str | None:
    """The source's text, from the file itself only; None where it is elsewhere or not there."""
    inline = source.findtext("PlainTextContent")
    if inline is not None:
        return inline
    place = source.get("plainTextPath", "")
    if not place.startswith(_INTERNAL):
        return None
    content = _part(archive, f"sources/{place[len(_INTERNAL) :]}", _MAX_SOURCE, name)
    return None if content is None else content.decode("utf-8-sig", "replace")


def _part(archive: ZipFile, wanted: str, limit: int, name: str) -> bytes | None:
    """One part of the archive, whatever the case of its folder; never more than `limit` bytes of it."""
    parts = {part.filename.casefold(): part for part in archive.infolist()}
    part = parts.get(wanted.casefold())
    if part is None:
        return None
    with archive.open(part) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise BadInput(Problem("A part of the file is far too large.", file=f"{name}/{part.filename}"))
    return content
