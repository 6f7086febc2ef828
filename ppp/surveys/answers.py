"""What answers in others' words most likely mean: proposed for a person to correct, never used unseen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rapidfuzz import fuzz

from ppp.surveys.text import plain
from ppp.surveys.vocabulary import meanings

__all__ = ["halves", "is_negated", "likely_meaning"]

_HINTS = {
    "role": {
        "patient": ["patient", "brukar", "klient", "service user", "jag är patient"],
        "relative": ["närstående", "anhörig", "relative", "family", "carer", "parent", "förälder", "vårdnadshavare", "next of kin"],
        "professional": ["medarbetar", "professionell", "vårdpersonal", "personal", "chef", "läkare", "sjuksköterska", "behandlare", "professional", "staff", "clinician", "doctor", "physician", "nurse", "manager", "employee"],
        "other": ["annan", "annat", "annan roll", "other", "övrig", "volunteer", "volontär", "interpreter", "tolk"],
    },
    "initiated_by": {
        "patients": ["patient", "närstående", "relatives"],
        "professionals": ["professionell", "medarbetar", "personal", "vården", "chef", "professional", "staff", "clinic", "management", "ledning"],
        "jointly": ["tillsammans", "gemensam", "både", "together", "jointly", "both"],
    },
    "place": {
        "direct_care": ["enskild", "individuell", "individual", "single patient", "own care", "egen vård", "vårdmöte", "patientmöte", "bedside"],
        "clinic": ["klinik", "mottagning", "avdelning", "enhet", "vårdcentral", "clinic", "ward", "unit", "practice"],
        "organization": ["organisation", "organization", "sjukhus", "hospital", "förvaltning"],
        "system": ["region", "land", "landet", "nation", "country", "system", "samhäll", "society", "sverige"],
        "not_stated": ["går inte att säga", "kan inte säga", "svårt att säga", "cannot say", "can't say", "hard to say"],
    },
    "phase": {
        "design": ["initier", "initiation", "design", "idé", "idea", "från början", "from the start", "from the beginning", "välj", "choosing"],
        "plan": ["planer", "plan"],
        "implement": ["genomför", "implement", "utför", "doing", "carrying out"],
        "evaluate": ["utvärder", "uppfölj", "evaluat", "efteråt", "afterwards", "looking back", "såg tillbaka", "follow-up", "follow up"],
        "not_stated": ["går inte att säga", "kan inte säga", "svårt att säga", "cannot say", "can't say", "hard to say"],
    },
    "yes_no": {"yes": ["ja", "yes", "helt", "fully"], "no": ["nej", "no", "inte alls", "not at all"]},
}  # fmt: skip
"""Beginnings of words that point at a meaning, beside the answers that are known outright."""
_NEGATED = re.compile(
    r"\b(inte|aldrig|ingen|inget|inga|ej|saknar|saknas|sällan|utan|svårt|för lite|för få|not|never|no one|nobody|none|lack|lacks|lacking|without"
    r"|seldom|rarely|hardly|too (few|little)|cannot|unable|afraid|isn't|aren't|don't|doesn't|unpaid|ignored|överkörda|rädd|rädda|ensam|alone)\b"
)


def halves(text: str) -> list[str]:
    """A text and, where it is in two languages (``Ja / yes``), its halves."""
    parts = [part.strip() for part in re.split(r"\s/\s", text)]
    return [text, *parts] if len(parts) > 1 else [text]


def likely_meaning(answer: str, kind: str) -> tuple[str, float]:
    """What an answer most likely means, and how certain that is, from 0 to 1; 1 where it is one of the known answers.

    Parameters
    ----------
    answer
        As it stands in the export.
    kind
        "role", "initiated_by", "place", "phase" or "yes_no" (`ppp.surveys.vocabulary.meanings`).

    Examples
    --------
    >>> likely_meaning("Kliniken eller mottagningen", "place")[0]
    'clinic'
    """
    known = meanings(kind)
    said = plain(answer)
    if said in known:
        return known[said], 1.0
    meant = [known.get(plain(half)) for half in halves(answer)[1:]]
    if meant and meant[0] is not None and len(set(meant)) == 1:
        return meant[0], 1.0
    best: dict[str, float] = {}
    for code, words in _words(kind).items():
        best[code] = max(_points_at(said, word) for word in words)
    ranked = sorted(((score, code) for code, score in best.items()), reverse=True)
    if not ranked or ranked[0][0] < 0.6:
        return "", 0.0
    certainty, code = ranked[0]
    if len(ranked) > 1 and ranked[1][0] > certainty - 0.05:
        certainty = min(certainty, 0.6)
    return code, round(certainty, 2)


@cache
def _words(kind: str) -> dict[str, list[str]]:
    found = {code: list(words) for code, words in _HINTS.get(kind, {}).items()}
    for word, code in meanings(kind).items():
        if len(word) > 2:
            found.setdefault(code, []).append(word)
    return found


def _points_at(said: str, word: str) -> float:
    """How strongly a word in an answer points at its meaning: more where it stands first, and where it is most of it."""
    at = re.search(rf"\b{re.escape(word)}", said)
    if at is None:
        near = fuzz.ratio(said, word) / 100
        return near if near >= 0.8 else 0.0
    return min(
        0.95, 0.7 + (0.15 if at.start() == 0 else 0.1 if at.start() < 12 else 0.0) + 0.15 * len(word) / len(said)
    )


def is_negated(texts: Iterable[str]) -> bool:
    """Whether a statement says that something is not so: agreeing may then mean less parity."""
    return any(_NEGATED.search(plain(text)) for text in texts)
