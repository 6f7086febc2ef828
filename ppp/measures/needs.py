"""What stands in the way, in people's own words: the five needs and the two excuses, by their cue phrases."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ppp.framework import progress
from ppp.measures.coverage import _count

__all__ = ["need_phrases"]


def need_phrases(activities: pd.DataFrame) -> pd.DataFrame:
    """In how many activities the text uses a phrase that tells of a need, or of one of the two common excuses.

    Parameters
    ----------
    activities
        The tidy table `ppp.tables.ACTIVITIES`.

    Returns
    -------
    pandas.DataFrame
        Every need and excuse of `ppp.framework.progress` for each organization and wave with activities:
        ``organization``, ``wave``, ``need``, ``activities_n``, ``reporters_n``.

    Notes
    -----
    Formula
        Different activities whose title or description holds at least one cue phrase of the need, in either language,
        as whole words; a cue that ends in ``*`` stands for every word that begins so. One activity may count under
        several needs.
    Source
        Lind (2014), V: competencies, time, money, supportive systems and culture change; and the reasons most often
        given: no time or money, and that one already knows what patients think. The phrases are ours.
    Reading
        Words to look up in the texts, not findings: which shifts each need blocks stands in the framework.
    Limits
        A phrase can be used of something else, and most who lack time do not write so. Few texts speak of barriers
        unless they are asked to: zero says nothing.

    Examples
    --------
    >>> told = ["We had no time to ask patients.", "Patienter var med, men det fanns inga pengar."]
    >>> activities = pd.DataFrame({"activity_id": ["1", "2"], "response_id": ["r", "s"], "organization": "a",
    ...     "wave": "w", "title": None, "description": told})
    >>> need_phrases(activities).query("activities_n > 0")["need"].tolist()
    ['time', 'money', 'no_time_or_money']
    """
    known = activities[["activity_id", "response_id", "organization", "wave"]].reset_index(drop=True)
    title, description = (
        pc.fill_null(pa.array(activities[name].astype("string"), pa.large_string()), "")
        for name in ("title", "description")
    )
    whole = pc.binary_join_element_wise(title, description, pa.scalar("\n", pa.large_string()))
    text = pc.replace_substring(pc.utf8_lower(whole), "’", "'")
    patterns, words = _patterns()
    # Nearly all texts hold none of the phrases: looked through once, and only the rest phrase by phrase.
    some = pc.match_substring_regex(text, words)
    rows, held = known[some.to_numpy(zero_copy_only=False)], text.filter(some)
    parts = [
        rows[pc.match_substring_regex(held, pattern).to_numpy(zero_copy_only=False)].assign(need=need)
        for need, pattern in patterns.items()
    ]
    return _count(pd.concat(parts, ignore_index=True), known, need=tuple(patterns))


@cache
def _patterns() -> tuple[dict[str, str], str]:
    """A pattern for each need, and one for the words of any of them, wherever they stand."""
    book = progress()
    patterns, everything = {}, set()
    for need in (*book.needs, *book.excuses):
        cues = sorted({cue.lower() for language in need.cues.root.values() for cue in language})
        words = "|".join(re.escape(cue.removesuffix("*")) + (r"\pL*" if cue.endswith("*") else "") for cue in cues)
        patterns[need.id] = rf"(?:^|[^\pL])(?:{words})(?:[^\pL]|$)"
        everything |= {re.escape(cue.removesuffix("*")) for cue in cues}
    return patterns, "|".join(sorted(everything))
