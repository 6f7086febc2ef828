"""Privacy at the door: what points at a person is dropped or masked before anything else sees an export.

Columns whose heading or answers are names, e-mail addresses, telephone numbers, Swedish personal numbers, IP addresses
or coordinates are dropped. The same inside other text is replaced by a marker, such as ``[personnummer]``. What is
masked cannot be told from the messages: they name columns and count.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date

import pandas as pd

from ppp.surveys.export import SurveyExport
from ppp.surveys.names_in_text import spans_of_names
from ppp.surveys.text import plain

__all__ = ["MARKERS", "PrivacyReport", "guard", "mask"]

MARKERS = {
    "personal_number": "[personnummer]",
    "email": "[e-mail]",
    "phone": "[phone]",
    "ip": "[ip]",
    "position": "[position]",
    "name": "[name]",
}
"""What stands in free text in place of what was there."""

_MOST_OF_A_COLUMN = 0.5


@dataclass(frozen=True)
class PrivacyReport:
    """What the door took away.

    Attributes
    ----------
    dropped
        Column to what it looked like (a key of `MARKERS`, or "identifier").
    masked
        How many places in text were replaced, by what they were.
    kept
        Columns that looked like it, and that the study says to keep.
    masked_cells
        Column to how many of its cells hold a marker now.
    """

    dropped: dict[str, str] = field(default_factory=dict)
    masked: dict[str, int] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    masked_cells: dict[str, int] = field(default_factory=dict)

    def notes(self) -> list[str]:
        """The report in plain sentences, with column names and counts only."""
        said = []
        if self.dropped:
            listed = ", ".join(f"“{column}” ({kind.replace('_', ' ')})" for column, kind in self.dropped.items())
            said.append(f"privacy: dropped {len(self.dropped)} columns that point at persons: {listed}")
        if self.masked:
            listed = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(self.masked.items()))
            said.append(f"privacy: masked in text: {listed}")
        if self.kept:
            said.append(f"privacy: kept, as study.yaml says: {', '.join(self.kept)}")
        return said


def guard(
    export: SurveyExport, *, keep: Iterable[str] = (), spare: Iterable[str] = ()
) -> tuple[SurveyExport, PrivacyReport]:
    """The export without what points at persons, and the report on what was taken.

    Parameters
    ----------
    keep
        Columns to leave as they are.
    spare
        Whole answers that are no person's name though they may look like one: the study's organizations.
    """
    kept = {plain(column) for column in keep}
    spared = {plain(text) for text in spare}
    dropped: dict[str, str] = {}
    masked: Counter[str] = Counter()
    changed: dict[str, int] = {}
    used: list[str] = []
    texts = dict(zip(export.questions["name"], export.questions["text"], strict=True))
    coded = set(export.choices["question"]) | set(export.choices["column"])

    def clean(table: pd.DataFrame) -> pd.DataFrame:
        columns = {}
        for column in table:
            cells = table[column]
            if not (pd.api.types.is_object_dtype(cells) or pd.api.types.is_string_dtype(cells)):
                columns[column] = cells
                continue
            text = str(texts.get(column, column))
            kind = _heading(str(column)) or _heading(text) or (_content(cells) if column not in coded else None)
            is_kept = plain(str(column)) in kept or plain(text) in kept
            if kind and not is_kept:
                dropped[str(column)] = kind
                continue
            if kind and is_kept:
                used.append(str(column))
            columns[column], touched = (cells, 0) if is_kept or column in coded else _mask_column(cells, spared, masked)
            if touched:
                changed[str(column)] = changed.get(str(column), 0) + touched
        return pd.DataFrame(columns, index=table.index)

    parts = {
        "answers": clean(export.answers),
        "metadata": clean(export.metadata),
        "repeats": {name: clean(table) for name, table in export.repeats.items()},
    }
    present = {part.name for part in fields(export)}
    if "identifiers" in present:
        dropped.update(dict.fromkeys(map(str, export.identifiers), "identifier"))
        parts["identifiers"] = export.identifiers.iloc[:, :0]
    if "rest" in present:
        parts["rest"] = {}
    guarded = replace(export, **parts)
    return guarded, PrivacyReport(dropped, dict(masked), tuple(used), changed)


def mask(text: str) -> tuple[str, dict[str, int]]:
    """The text with markers in place of what points at a person, and how many of each.

    Examples
    --------
    >>> mask("Ring Anna Lindberg, 070-123 45 67, född 19640823-3234")
    ('Ring [name], [phone], född [personnummer]', {'personal_number': 1, 'phone': 1, 'name': 1})
    """
    counts: Counter[str] = Counter()
    for kind, pattern, fits in _STRUCTURED:

        def marked(match: re.Match, kind: str = kind, fits: Callable = fits) -> str:
            if not fits(match):
                return match[0]
            counts[kind] += 1
            lead = match.groupdict().get("lead") or ""
            return lead + MARKERS[kind]

        text = pattern.sub(marked, text)
    text, names = _mask_names(text)
    if names:
        counts["name"] += names
    return text, dict(counts)


def _mask_column(cells: pd.Series, spared: set[str], masked: Counter) -> tuple[pd.Series, int]:
    """The column with markers, and in how many of its cells they stand."""
    changed: dict[str, str] = {}
    touched = 0
    for cell, count in cells.value_counts().items():
        if not isinstance(cell, str) or not re.search(r"\d{2}|[@:]|[A-ZÅÄÖÉÜ]", cell) or plain(cell) in spared:
            continue
        text, counts = mask(cell)
        if counts:
            changed[cell] = text
            touched += int(count)
            masked.update({kind: n * int(count) for kind, n in counts.items()})
    return (cells.map(lambda cell: changed.get(cell, cell)) if changed else cells), touched


# -- columns -----------------------------------------------------------------------------------------------------------

_HEADINGS = {
    "name": r"((ditt |your |full |fullständigt |recipient ?)?(namn|name)|(recipient)?(first|last|family|given|full) ?name|förnamn|efternamn|för- och efternamn|first and last name|kontaktperson|vad heter du\??|what is your name\??|underskrift|signature|username|_submitted_by|submitted by)",
    "email": r"(recipient ?|your |din )?(e-?mail|e-?post|mejl|epost)[ -]?(address|adress|adresse)?:?",
    "phone": r"(your |ditt )?(tele(fon|phone)|phone|mobil(e|telefon)?|cell ?phone|tel)[ -]?(nummer|number|nr|no)?\.?:?",
    "personal_number": r"(ditt |your )?(personnummer|person ?nr|personal (identity )?number|samordningsnummer|födelsenummer|cpr|ssn|social security number|pnr)( \(?[åyxn0-9 –-]+\)?)?:?",
    "ip": r"ip[ -_]?(addr|address|adress|adresse)?",
    "position": r"(location ?)?(latitude|longitude|latitud|longitud|lat|lon|lng|gps|coordinates|koordinater|geolocation|position)|_(gps|geolocation)|.*_(gps_)?(latitude|longitude|altitude|precision)",
    "address": r"(din |your )?(hem|post|street |home |gatu)?(adress|address)",
}  # fmt: skip


def _heading(text: str) -> str | None:
    said = re.split(r"[/.](?=\w)", plain(text))[-1].replace("_", " ").strip()
    for kind, pattern in _HEADINGS.items():
        if re.fullmatch(pattern, said) or re.fullmatch(pattern, plain(text)):
            return kind
    return None


def _content(cells: pd.Series) -> str | None:
    """What most answers of a column are, if each of them is nothing else."""
    filled = cells[cells.map(lambda cell: isinstance(cell, str) and bool(cell.strip()))].str.strip()
    if filled.empty or filled.str.len().median() > 60:
        return None
    sample = filled.iloc[:: max(1, len(filled) // 500)]
    for kind, pattern, fits in _STRUCTURED:

        def is_one(cell: str, pattern: re.Pattern = pattern, fits: Callable = fits, kind: str = kind) -> bool:
            match = pattern.fullmatch(cell)
            if match is None or not fits(match):
                return False
            # Digits in one run may be any number: in a column the check digit decides.
            return kind != "personal_number" or not cell.isdigit() or _luhn(cell[-10:])

        if sample.map(is_one).mean() >= _MOST_OF_A_COLUMN:
            return kind
    words = sample.str.split().str.len()
    if sample.nunique() > 1 and words.between(2, 4).mean() >= _MOST_OF_A_COLUMN:
        found = sample.map(lambda cell: _mask_names(cell)[0] == MARKERS["name"])
        if found.mean() >= _MOST_OF_A_COLUMN:
            return "name"
    return None


# -- structured identifiers --------------------------------------------------------------------------------------------

_GAP = r"[ \u00a0\u2009]?"
_HYPHEN = r"[-+\u2010-\u2015\u2212]"


def _is_personal_number(match: re.Match) -> bool:
    year, month, day = match["y"], int(match["m"]), int(match["d"])
    day -= 60 if day > 60 else 0  # a samordningsnummer: sixty is added to the day
    try:
        date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    except ValueError:
        # 29 February of a short year may be of either century.
        return (month, day) == (2, 29)
    return True


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 - at % 2) for at, digit in enumerate(digits)]
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def _is_ip(match: re.Match) -> bool:
    try:
        ipaddress.ip_address(match[0].split("%")[0])
    except ValueError:
        return False
    return len(match[0]) > 2


def _is_phone(match: re.Match) -> bool:
    digits = re.sub(r"\D", "", match["number"])
    is_date = re.fullmatch(
        r"\d{1,2}[-./ ]\d{1,2}[-./ ]\d{2,4}|\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}", match["number"].strip()
    )
    return 7 <= len(digits) <= 15 and not is_date


def _always(match: re.Match) -> bool:
    return True


_SEPARATORS = r"[ \u00a0().\-/\u2010-\u2015]"
_DEGREES = r"-?\d{1,3}[.,]\d{3,}°?"
_STRUCTURED: tuple[tuple[str, re.Pattern, Callable[[re.Match], bool]], ...] = (
    ("email", re.compile(r"[\w.+'%-]+ ?(?:@|\(at\)|\[at\]|\(a\)|\(snabel-a\)) ?[\w-]+(?:(?:\.| ?[(\[]dot[)\]] ?| ?\(punkt\) ?)[\w-]+)+", re.I), _always),
    ("ip", re.compile(r"(?<![\w.:])(?:(?:\d{1,3}\.){3}\d{1,3}|(?=[0-9a-f:.]*:[0-9a-f:.]*:)[0-9a-f:]+(?:(?:\d{1,3}\.){3}\d{1,3})?(?:%\w+)?)(?![\w:]|\.\d)", re.I), _is_ip),
    ("position", re.compile(rf"(?<![\d.,])(?:[NS]\s?)?{_DEGREES}\s?[NSns]?\s?[,;/ ]\s*(?:[EWÖV]\s?)?{_DEGREES}(?:\s?[EWÖVew]\b)?(?![\d])"), _always),
    ("position", re.compile(r"\d{1,2}°\s?\d{1,2}['′’]\s?(?:\d{1,2}(?:[.,]\d+)?[\"″”]?\s?)?[NSns]?[,; ]*\d{1,3}°\s?\d{1,2}['′’]\s?(?:\d{1,2}(?:[.,]\d+)?[\"″”]?\s?)?[EWÖVew]?"), _always),
    ("personal_number", re.compile(rf"(?<![\d.,+-])(?P<y>(?:19|20)?\d\d){_GAP}[-./]?{_GAP}(?P<m>\d\d){_GAP}[-./]?{_GAP}(?P<d>\d\d){_GAP}(?:{_HYPHEN}|[./])?{_GAP}(?:\d{{3}}{_GAP}\d|[A-Za-z]\d{{3}})(?!\d|[.,:]\d)"), _is_personal_number),
    ("phone", re.compile(rf"(?<![\w+])(?P<number>(?:\+|00){_SEPARATORS}{{0,2}}[1-9](?:{_SEPARATORS}{{0,3}}\d){{7,14}})(?!\d)"), _is_phone),
    ("phone", re.compile(r"(?<![\w.,+-])(?P<number>\(?0[1-9]\d{0,2}\)?[ \u00a0]?[-/\u2010-\u2015]?[ \u00a0]?\d{2,4}(?:[ \u00a0.\-\u2010-\u2015]?\d{2,4}){1,3})(?![\d%]|[.,]\d)"), _is_phone),
    ("phone", re.compile(r"(?<![\w.,+-])(?P<number>(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-. ]\d{4})(?!\d)"), _is_phone),
    ("phone", re.compile(r"(?P<lead>\b(?:tel|tfn|telefon|telefonnummer|mobil|mob|phone|ring|call)\b[.: ]{0,3}(?:nr|på|number|me at|on)?[.: ]{0,2})(?P<number>\d(?:[ \u00a0\-]{0,2}\d){5,11})(?!\d)", re.I), lambda match: len(re.sub(r"\D", "", match["number"])) >= 6),
)  # fmt: skip


# -- names -------------------------------------------------------------------------------------------------------------


def _mask_names(text: str) -> tuple[str, int]:
    spans = spans_of_names(text)
    for start, stop in reversed(spans):
        text = text[:start] + MARKERS["name"] + text[stop:]
    return text, len(spans)
