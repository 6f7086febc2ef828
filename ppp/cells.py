"""Cells of CSV files and spreadsheets that no program takes for a formula, and back again.

Everything that writes a text which somebody else gave into a file for spreadsheets goes through here.
"""

from __future__ import annotations

import re

import pandas as pd

__all__ = ["restored", "safe", "safe_texts"]

# White space, control characters and what cannot be seen, then a sign that begins a formula, in any width; a tab or a
# carriage return; or the apostrophe that marks what was made safe.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]|[\t\r']"
)


def safe(text: str) -> str:
    """The text with an apostrophe before anything that a spreadsheet program would run; see `restored`.

    Examples
    --------
    >>> safe("=1+1"), safe("plain"), restored(safe("'quoted"))
    ("'=1+1", 'plain', "'quoted")
    >>> safe(" =1+1"), safe("\uff1d1+1")
    ("' =1+1", "'\uff1d1+1")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """What `safe` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def safe_texts(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every text in it, and every column's name, made safe; numbers stay numbers."""
    texts = [name for name, kind in table.dtypes.items() if pd.api.types.is_string_dtype(kind)]
    made = {name: table[name].map(lambda cell: safe(cell) if isinstance(cell, str) else cell) for name in texts}
    return table.assign(**made).rename(columns=lambda name: safe(str(name)))
