"""Colours that can be read: contrast by WCAG, and what to take in place of one that is too weak.

Source of the formulas: W3C, Web Content Accessibility Guidelines 2.2, definitions of *relative luminance* and *contrast
ratio*; 4.5 to 1 is asked for by success criterion 1.4.3 (text of ordinary size).
"""

from __future__ import annotations

__all__ = ["DARK", "ENOUGH", "LIGHT", "contrast", "readable"]

ENOUGH = 4.5
LIGHT = ("#fdfdfe", "#eef3f6")
"""The grounds that text stands on in light surroundings, as in the stylesheet: paper and tint."""
DARK = ("#15191e", "#1e252c")
"""The same in dark surroundings."""

_STEPS = 100


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"), 1), round(contrast("#0b6a8a", "#fdfdfe"), 2)
    (21.0, 6.0)
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, grounds: tuple[str, ...]) -> str:
    """The colour itself where it can be read on all these grounds, else the nearest one towards black or white that can.

    Examples
    --------
    >>> readable("#0b6a8a", LIGHT)
    '#0b6a8a'
    >>> weak = readable("#7fd0ee", LIGHT)
    >>> weak, min(contrast(weak, ground) for ground in LIGHT) >= ENOUGH
    ('#477485', True)
    """
    towards = "#000000" if min(map(_luminance, grounds)) > 0.18 else "#ffffff"
    for step in range(_STEPS + 1):
        mixed = _mix(colour, towards, step / _STEPS)
        if all(contrast(mixed, ground) >= ENOUGH for ground in grounds):
            return mixed
    return towards


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _luminance(colour: str) -> float:
    parts = [value / 255 for value in _channels(colour)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
