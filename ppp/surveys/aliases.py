"""Organizations under other spellings: proposed for a person to confirm, and never merged by likeness.

Words count by how much they tell: *sjukhus* or *hospital* tells little, and a word that several of the study's
organizations share tells less. So *Norra sjukhuset* is not taken for *Södra sjukhuset*, however alike the two look.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from ppp.surveys.text import plain

__all__ = ["NONE", "Alias", "folded", "propose_alias", "propose_aliases"]

NONE = "none"
"""Written in place of an organization: whoever answered so belongs to none of the study's."""

_LEAST = 0.5
_RIVAL = 0.15
"""Where the second best organization is this near, the first is doubtful."""
_SHORT = {
    "sjh": "sjukhus", "sjkh": "sjukhus", "sj": "sjukhus", "us": "universitetssjukhus", "univ": "universitets", "las": "lasarett",
    "vc": "vardcentral", "vardc": "vardcentral", "hc": "halsocentral", "hvc": "halsocentral", "kvalreg": "kvalitetsregister",
    "reg": "register", "psyk": "psykiatri", "hosp": "hospital", "ctr": "centre", "center": "centre", "st": "sankt", "s:t": "sankt",
    "dept": "department", "klin": "klinik", "mott": "mottagning", "avd": "avdelning", "&": "och", "and": "och",
}  # fmt: skip
_GENERIC = {
    "sjukhus", "universitetssjukhus", "universitets", "lasarett", "vardcentral", "halsocentral", "kvalitetsregister", "register", "region",
    "klinik", "mottagning", "avdelning", "hospital", "university", "health", "centre", "care", "clinic", "primary", "department", "general",
    "lans", "lan", "landsting", "omradet", "i", "och", "the", "of", "pa", "vid", "for", "in", "at", "ab", "sankt", "psykiatri", "primarvard",
}  # fmt: skip
_ENDINGS = ("ernas", "ets", "ens", "erna", "et", "en", "er", "s")


@dataclass(frozen=True)
class Alias:
    """One spelling that no organization of the study is listed under.

    Attributes
    ----------
    spelling
        As it stands in the export.
    organization
        The id of the organization that is most likely meant; empty where none is alike.
    certainty
        From 0 to 1.
    why
        What speaks for it, in a few words.
    """

    spelling: str
    organization: str
    certainty: float
    why: str


def propose_aliases(spellings: Iterable[str], organizations: Mapping[str, str]) -> list[Alias]:
    """What each spelling most likely means, in the order given.

    Parameters
    ----------
    spellings
        As they stand in the exports; those that are listed already (`ppp.surveys.text.plain`) are left out.
    organizations
        From every listed spelling to the organization's id.

    Examples
    --------
    >>> propose_aliases(["Karolinska"], {"Karolinska Universitetssjukhuset": "ks", "Södra sjukhuset": "so"})[0].organization
    'ks'
    """
    known = {plain(name): key for name, key in organizations.items()}
    weights = _weights(organizations)
    return [propose_alias(one, organizations, weights) for one in spellings if plain(one) and plain(one) not in known]


def propose_alias(spelling: str, organizations: Mapping[str, str], weights: Mapping[str, float] | None = None) -> Alias:
    """What one spelling most likely means; see `propose_aliases`."""
    weights = _weights(organizations) if weights is None else weights
    best: dict[str, tuple[float, str]] = {}
    for name, key in organizations.items():
        scored = _alike(spelling, name, weights)
        best[key] = max(best.get(key, (0.0, "")), scored)
    ranked = sorted(((score, key, why) for key, (score, why) in best.items()), reverse=True)
    if not ranked or ranked[0][0] < _LEAST:
        return Alias(spelling, "", 0.0, "no organization of the study is alike")
    certainty, key, why = ranked[0]
    if len(ranked) > 1 and ranked[1][0] > certainty - _RIVAL:
        # Which of the two is a guess, and is called one.
        certainty, why = min(certainty, 0.5), f"{why}; “{ranked[1][1]}” is as near"
    return Alias(spelling, key, round(certainty, 2), why)


def folded(text: str) -> str:
    """A text without case, accents and marks; ``aa``, ``ae`` and ``oe`` as the letters that they stand for.

    Examples
    --------
    >>> folded("Mårdskoga  VC") == folded("Maardskoga vc")
    True
    """
    text = plain(unicodedata.normalize("NFKC", text))
    for letters, letter in (("aa", "å"), ("ae", "ä"), ("oe", "ö"), ("ø", "ö"), ("æ", "ä")):
        text = text.replace(letters, letter)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w&:]+", " ", text.replace("_", " ")).split())


def _words(text: str) -> list[str]:
    """The words, short forms written out, definite and genitive endings of generic words cut off."""
    found = []
    for word in folded(text).split():
        word = _SHORT.get(word, word)
        stem = next((word.removesuffix(end) for end in _ENDINGS if word.removesuffix(end) in _GENERIC), word)
        found.append(stem)
    return found


def _weights(organizations: Mapping[str, str]) -> dict[str, float]:
    """How much each word tells: next to nothing for generic ones, less the more organizations share it."""
    holds: dict[str, set[str]] = {}
    for name, key in organizations.items():
        for word in _words(name):
            holds.setdefault(word, set()).add(key)
    return {word: 0.15 if word in _GENERIC else 1 / len(keys) for word, keys in holds.items()}


def _weight(word: str, weights: Mapping[str, float]) -> float:
    return weights.get(word, 0.15 if word in _GENERIC or len(word) < 2 else 1.0)


def _alike(spelling: str, name: str, weights: Mapping[str, float]) -> tuple[float, str]:
    """How likely a spelling means a name, and why."""
    if folded(spelling) == folded(name):
        return 0.99, "the same but for accents, aa for å, or marks"
    said, meant = _words(spelling), _words(name)
    if not said or not meant:
        return 0.0, ""
    if Counter(said) == Counter(meant):
        return 0.97, "the same words, shortened or in another order"
    initials = "".join(word[0] for word in folded(name).replace("universitetss", "universitets s").split())
    if len(said) == 1 and len(initials) > 2 and folded(spelling) == initials:
        return 0.7, "its initials"
    explained = [(_weight(word, weights), *max(_same(word, other) for other in meant)) for word in said]
    total = sum(weight for weight, _, _ in explained)
    share = sum(weight * same for weight, same, _ in explained) / total
    covered = [(_weight(word, weights), max(_same(other, word)[0] for other in said)) for word in meant]
    back = sum(weight * same for weight, same in covered) / sum(weight for weight, _ in covered)
    distinct = max((_weight(word, weights) * same for word, (_, same) in zip(meant, covered, strict=True)), default=0)
    if distinct < 0.2:
        return 0.0, ""
    # The spelling must be explained; that it says less than the whole name is how people shorten.
    score = share * (0.72 + 0.26 * back)
    if score < _LEAST and back >= 0.7 and max(same for _, same in covered) == 1:
        return _LEAST, "says more than the name: a part of the organization, or another one"
    # Two words in one, or one in two, with a slip of the pen.
    whole = fuzz.ratio("".join(said), "".join(meant)) / 100
    if whole >= 0.9 and distinct >= 0.3 and whole * 0.95 > score:
        return whole * 0.95, "nearly the same letters"
    if all(how == "same" for _, _, how in explained):
        return score, "part of the name"
    return score, "shortened" if all(how in ("same", "short") for _, _, how in explained) else "spelt nearly so"


def _same(word: str, other: str) -> tuple[float, str]:
    """How much a word says another: the same, the beginning or end of it, or nearly its letters."""
    if word == other:
        return 1.0, "same"
    short, long = sorted((word, other), key=len)
    if len(short) >= 3 and (long.startswith(short) or (len(short) >= 5 and long.endswith(short))):
        return 0.9, "short"
    near = fuzz.ratio(word, other) / 100
    return (near if near >= 0.78 and min(len(word), len(other)) >= 4 else 0.0), "near"
