"""Spellings of organizations in the exports that the study does not list, and what they most likely mean."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ppp.study.folder import Study
from ppp.surveys.aliases import propose_aliases
from ppp.surveys.text import plain

__all__ = ["alias_lines", "unlisted"]


def unlisted(study: Study, *, of_sound_exports: bool = False) -> pd.DataFrame:
    """Spellings that nobody has listed or confirmed.

    Parameters
    ----------
    of_sound_exports
        Whether to pass over exports that cannot be read, in place of telling what is wrong with them.

    Returns
    -------
    DataFrame
        One row a spelling, most answers first: ``spelling``, ``answers``, ``exports`` (in how many it stands),
        ``organization`` (the one most likely meant; empty where none is alike), ``certainty``, ``why``, ``state``
        ("new", or "proposed" where study.yaml has it unconfirmed) and ``proposal`` (`ppp.surveys.aliases.Alias`).
    """
    found = study.spellings(of_sound_exports=of_sound_exports)
    found = found[found["organization"].isna()]
    grouped = found.assign(key=found["spelling"].map(plain)).groupby("key", sort=False)
    rows = grouped.agg(spelling=("spelling", "first"), answers=("answers", "sum"), exports=("export", "nunique"))
    listed = {spelling: key for spelling, key in study.settings.spellings() if key}
    proposals = propose_aliases(rows["spelling"], listed)
    waiting = {plain(alias.spelling) for alias in study.settings.aliases}
    rows["organization"] = [one.organization for one in proposals]
    rows["certainty"] = [one.certainty for one in proposals]
    rows["why"] = [one.why for one in proposals]
    rows["state"] = ["proposed" if key in waiting else "new" for key in rows.index]
    rows["proposal"] = proposals
    return rows.sort_values("answers", ascending=False, kind="stable").reset_index(drop=True)


def alias_lines(study: Study, found: pd.DataFrame) -> Iterator[str]:
    """The same as text."""
    if found.empty:
        yield "Every organization in the exports is listed in study.yaml."
        return
    yield f"{len(found)} spellings are not listed in study.yaml, or not confirmed there:"
    widest = min(60, max(len(spelling) for spelling in found["spelling"]))
    for row in found.itertuples():
        sure = f"{row.certainty:>5.0%}  {row.organization}" if row.organization else "    ?  "
        yield f"  {row.spelling:<{widest}}  {row.answers:>6} answers  {sure}  ({row.why}; {row.state})"
