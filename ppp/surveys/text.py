"""Bytes to text, in an explicit order and never by a statistical guess."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata

from ppp.errors import BadInput, Problem

__all__ = ["decode", "plain", "readable"]

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]


def decode(data: bytes, *, encoding: str | None, name: str) -> tuple[str, str, list[str]]:
    """The text, the encoding it was read with, and notes on what was assumed.

    Without an encoding given: a byte order mark decides; else UTF-8 if it fits; else cp1252, the encoding of older
    Windows programs in western Europe, which is then said.

    Raises
    ------
    BadInput
        Where the bytes are no text, are cut off, mix encodings, or are not in the encoding that was given.
    """
    if encoding is not None:
        return _given(data, encoding, name).removeprefix("\ufeff"), encoding, []
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _given(data, marked, name), marked, []
    if b"\x00" in data:
        raise BadInput(
            Problem(
                "This is not a text file.",
                file=name,
                mend="Export it anew as CSV, or state its encoding in study.yaml.",
            )
        )
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as error:
        stopped = error
    row = data[: stopped.start].count(b"\n") + 1
    if stopped.reason == "unexpected end of data":
        raise BadInput(
            Problem(
                "The file ends in the middle of a letter: it is cut off.", file=name, row=row, mend="Export it anew."
            )
        )
    if re.search(rb"[\xc3\xc2][\x80-\xbf]|\xe2\x80[\x90-\xaf]", data):
        # ö as two bytes in one place and as one byte in another: whichever is taken, the other half turns out wrong.
        raise BadInput(
            Problem(
                "The file mixes UTF-8 with another encoding.",
                file=name,
                row=row,
                mend="Export it anew in one encoding, or state `encoding` in study.yaml to have it read so all the same.",
            )
        )
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BadInput(
            Problem(
                "The file is neither UTF-8 nor cp1252.",
                file=name,
                row=data[: error.start].count(b"\n") + 1,
                mend="State its encoding in study.yaml, e.g. `encoding: mac-roman`, or save it as UTF-8.",
            )
        ) from None
    notes = ["read as cp1252, as it is not UTF-8; state the encoding in study.yaml where letters look wrong"]
    strange = len(re.findall(r"[\u0160\u0161\u0192\u2020\u2021\u02c6\u2030\u00ca\u0152\u0153\u0178\u2039\u203a](?=\w|\s|$)", text))  # fmt: skip
    usual = len(re.findall(r"[åäöÅÄÖéèüøÆØß]", text))
    if strange > usual:
        notes.append("its letters look wrong in cp1252: the file may come from an old Mac (`encoding: mac-roman`)")
    return text, "cp1252", notes


def _given(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise BadInput(
            Problem("This encoding is not known.", file="study.yaml", column="encoding", mend="Try utf-8 or cp1252.")
        ) from None
    except UnicodeError as error:
        row = data[: getattr(error, "start", 0)].count(b"\n") + 1
        raise BadInput(
            Problem(
                f"The file is not {encoding}.",
                file=name,
                row=row,
                mend="Correct `encoding` in study.yaml, or leave it out to have it found.",
            )
        ) from None


def plain(text: str) -> str:
    """A text as it is compared: composed letters, no hidden blanks, one blank between words, no case.

    Examples
    --------
    >>> plain(" Vet\\u00a0inte ")
    'vet inte'
    """
    text = unicodedata.normalize("NFC", text).replace("\ufeff", "").replace("\u200b", "")
    return " ".join(text.split()).casefold()


def readable(text: str) -> str:
    """A label or a question's text as it is shown: no HTML, no hidden blanks, one blank between words.

    Examples
    --------
    >>> readable("<b>Role</b>&nbsp;at work ")
    'Role at work'
    """
    text = html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", " ", text)) if "<" in text or "&" in text else text
    return " ".join(text.replace("\ufeff", "").replace("\u200b", "").split())
