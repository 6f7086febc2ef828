"""The widgets' own JavaScript and style sheets, as they lie in this folder."""

from __future__ import annotations

from pathlib import Path

__all__ = ["sources"]

_HERE = Path(__file__).parent


def sources(*names: str) -> str:
    """The files one after the other: a widget's module cannot import a neighbour, as it has no address of its own."""
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)
