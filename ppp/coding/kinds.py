"""What kind of activity a description tells of: a survey, a council, a team …"""

from __future__ import annotations

from functools import cache

import pandas as pd

from ppp.coding.suggestions.features import read
from ppp.coding.suggestions.lexicon import CONCEPTS
from ppp.framework import kinds

__all__ = ["kinds_of"]


@cache
def _kind_of_concept() -> dict[int, str]:
    return {CONCEPTS.index(concept): kind.id for kind in kinds().kinds for concept in kind.concepts}


def kinds_of(texts: pd.DataFrame) -> pd.DataFrame:
    """The kind that each text speaks of most; several where it speaks as much of each.

    Parameters
    ----------
    texts
        ``activity_id``, ``language`` ("en", "sv" or missing: then told from the words) and ``text``.

    Returns
    -------
    pandas.DataFrame
        ``activity_id`` and ``kind``, one of `ppp.framework.kinds`. No row for a text that names no kind.

    Examples
    --------
    >>> text = "Patients sit on the ward's improvement team, and the team meets every month."
    >>> kinds_of(pd.DataFrame({"activity_id": ["1"], "language": "en", "text": text}))["kind"].tolist()
    ['teams']
    """
    kind_of = _kind_of_concept()
    needed = {kind.id: kind.mentions for kind in kinds().kinds}
    rows = []
    columns = (texts[name].astype("object") for name in ("activity_id", "language", "text"))
    for activity, language, text in zip(*columns, strict=True):
        counts: dict[str, int] = {}
        for hit in read(text, language).hits:
            kind = kind_of.get(hit.concept)
            if kind is not None:
                counts[kind] = counts.get(kind, 0) + 1
        counts = {kind: n for kind, n in counts.items() if n >= needed[kind]}
        most = max(counts.values(), default=0)
        rows += [(activity, kind) for kind, n in counts.items() if n == most]
    return pd.DataFrame(rows, columns=["activity_id", "kind"], dtype="string")
