"""File names for organizations: short, distinct, safe on every system, and the same every year."""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["slug"]

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    "index",
    "network",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


def slug(name: str) -> str:
    """A file name (without its ending) for an organization's id.

    A plain id is its own slug. Any other becomes what is left of it in plain letters and ten digits of its hash, so
    that two ids that differ only in case, accents or hidden characters stay apart.

    Examples
    --------
    >>> slug("solbacken")
    'solbacken'
    >>> slug("Åkerö sjukhus").startswith("akero-sjukhus.")
    True
    >>> slug("CON") == slug("con")
    False
    """
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    plain = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-") or "organization"
    if plain in _RESERVED:  # Windows reserves these names with any ending
        plain += "-"
    return f"{plain}.{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"
