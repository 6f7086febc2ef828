"""Cells of CSV files and spreadsheets that no program takes for a formula, and back again."""

from __future__ import annotations

__all__ = ["restored", "safe"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def safe(text: str) -> str:
    """The text with an apostrophe before anything that a spreadsheet program would run; see `restored`.

    Examples
    --------
    >>> safe("=1+1"), safe("plain"), restored(safe("'quoted"))
    ("'=1+1", 'plain', "'quoted")
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def restored(text: str) -> str:
    """What `safe` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
