"""A new version of the codebook: which codes changed, and which activities must be looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ppp import yamlfile
from ppp.coding.events import held
from ppp.framework import codebook
from ppp.framework.model import Code, Codebook, SpecialCode

__all__ = ["affected", "changed_codes", "read_version"]

_FIELDS = ("definition", "includes", "excludes")
"""What a code means. Cues, examples and names can change without any coding becoming doubtful."""


def read_version(path: Path) -> Codebook:
    """A codebook in another file, such as the version before.

    Raises
    ------
    BadInput
        Where the file is not a codebook.
    """
    return yamlfile.read(path, Codebook, name=path.name)


def changed_codes(old: Codebook, new: Codebook | None = None) -> pd.DataFrame:
    """Codes that mean something else now.

    Parameters
    ----------
    old, new
        Two versions; `new` is the present one where left out.

    Returns
    -------
    pandas.DataFrame
        ``dimension`` (place, phase or parity), ``code``, and ``changed``: which of definition, includes and excludes.

    Examples
    --------
    >>> len(changed_codes(codebook()))
    0
    """
    new = new or codebook()
    rows = []
    parts: list[tuple[str, Sequence[Code | SpecialCode], Sequence[Code | SpecialCode]]] = [
        ("place", old.places, new.places),
        ("phase", old.phases, new.phases),
        ("parity", old.leaves, new.leaves),
        ("special", old.special, new.special),
    ]
    for dimension, before, after in parts:
        for was, code in zip(before, after, strict=True):  # every version has the same codes: the model holds it so
            fields = [name for name in _FIELDS if getattr(was, name, None) != getattr(code, name, None)]
            if fields:
                rows.append((dimension, code.id, ", ".join(fields)))
    return pd.DataFrame(rows, columns=["dimension", "code", "changed"])


def affected(
    changed: pd.DataFrame, codings: pd.DataFrame, suggestions: pd.DataFrame, *, version: str | None = None
) -> pd.DataFrame:
    """The activities to be looked at again: those whose coding, or suggestion, has a code that changed.

    Parameters
    ----------
    changed
        As `changed_codes` gives it.
    codings, suggestions
        Coders' events, and what the program suggests.
    version
        The new version; codings that were made with it are up to date. The present one where left out.

    Returns
    -------
    pandas.DataFrame
        ``activity_id``, ``coder`` (missing where only a suggestion has the code), ``dimension``, ``code``,
        ``codebook_version`` that it was coded with. Nothing is written: old codings keep their version.
    """
    version = version or codebook().version
    codes = held(codings)
    codes = codes[codes["codebook_version"] != version]
    columns = ["activity_id", "coder", "dimension", "code", "codebook_version"]
    rows = pd.concat(
        [part.reindex(columns=columns).astype("string") for part in (codes, suggestions)], ignore_index=True
    )
    axes = {"place": "place", "meeting_place": "place", "phase": "phase", "phase_began": "phase", "parity": "parity"}
    known = set(zip(changed["dimension"], changed["code"], strict=True))
    hit = [
        (axes.get(dimension), code) in known or ("special", code) in known
        for dimension, code in zip(rows["dimension"], rows["code"], strict=True)
    ]
    found = rows[pd.Series(hit, index=rows.index, dtype=bool)]
    # Who coded the activity is asked; a suggestion counts where nobody did.
    coded = set(codes["activity_id"]) | set(held(codings)["activity_id"])
    found = found[found["coder"].notna() | ~found["activity_id"].isin(coded)]
    return found.drop_duplicates(ignore_index=True)
