"""Suggestions from the codebook's cue phrases, in English and Swedish, each with its evidence and how sure it is.

Text and cues are compared lemma by lemma (simplemma), so that "the boards" meets "board" and "styrelserna" meets
"styrelse". Nothing is downloaded, and the same text always gets the same suggestion.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import pandas as pd
import simplemma

from ppp.framework import LANGUAGES, codebook

__all__ = ["SUGGESTION_COLUMNS", "suggest"]

SUGGESTION_COLUMNS = {
    "activity_id": "string",
    "dimension": "string",
    "code": "string",
    "polarity": "string",
    "confidence": "Float64",
    "evidence_start": "Int64",
    "evidence_end": "Int64",
}

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NEGATIONS = {
    "en": {"not", "no", "never", "without", "nor", "neither", "lack", "t"},
    "sv": {"inte", "ej", "aldrig", "utan", "ingen", "inga", "inget", "varken", "sakna"},
}
_REACH = 3  # how many words back a negation still speaks of the cue
_DOUBT = 0.5  # evidence weighed against every suggestion: one lone word is not enough to be sure


@dataclass(frozen=True)
class _Cue:
    dimension: str
    code: str
    polarity: str | None
    words: tuple[str, ...]

    @property
    def weight(self) -> float:
        # A phrase of several words is met by chance less often than a single one.
        return 1.0 + 0.5 * (len(self.words) - 1)


@dataclass(frozen=True)
class _Hit:
    cue: _Cue
    start: int
    end: int
    polarity: str | None


def suggest(texts: pd.DataFrame) -> pd.DataFrame:
    """Suggested codes for each text.

    Parameters
    ----------
    texts
        Columns ``activity_id``, ``text`` and ``language`` ("en", "sv", or missing: then it is told from the words).

    Returns
    -------
    pandas.DataFrame
        `SUGGESTION_COLUMNS`: at most one row an activity for *place* and one for *phase_began*, the best-supported
        code; one row for each Parity leaf and direction that the text speaks of. ``confidence`` runs from 0 to 1 and
        is the share of the evidence that speaks for the code, less a constant doubt; it orders suggestions, and is not
        a calibrated probability. ``evidence_start`` and ``evidence_end`` count code points in ``text``.

    Examples
    --------
    >>> one = pd.DataFrame({"activity_id": ["a"], "text": ["Patients sit on the hospital board"], "language": ["en"]})
    >>> suggest(one).loc[lambda rows: rows["dimension"] == "place", "code"].tolist()
    ['organization']
    """
    rows: list[tuple] = []
    for activity_id, text, language in zip(
        texts["activity_id"], texts["text"].fillna(""), texts["language"], strict=True
    ):
        rows.extend((activity_id, *found) for found in _suggest_one(text, language))
    frame = pd.DataFrame(rows, columns=list(SUGGESTION_COLUMNS))
    return frame.astype(SUGGESTION_COLUMNS)


def _suggest_one(text: str, language: object) -> Iterable[tuple]:
    language = language if language in LANGUAGES else _language_of(text)
    hits = _hits(text, language)
    for dimension in ("place", "phase_began"):
        scores: dict[str, float] = defaultdict(float)
        best: dict[str, _Hit] = {}
        seen: set[tuple] = set()
        for hit in hits:
            if hit.cue.dimension != dimension or (hit.cue.code, hit.cue.words) in seen:
                continue
            seen.add((hit.cue.code, hit.cue.words))
            scores[hit.cue.code] += hit.cue.weight
            if hit.cue.code not in best or hit.cue.weight > best[hit.cue.code].cue.weight:
                best[hit.cue.code] = hit
        if scores:
            # max() keeps the first of equals: the codebook's order, the higher level or earlier phase never favoured
            code = max(scores, key=lambda code: scores[code])
            confidence = scores[code] / (sum(scores.values()) + _DOUBT)
            yield dimension, code, None, confidence, best[code].start, best[code].end
    parity: dict[tuple[str, str], list[_Hit]] = defaultdict(list)
    for hit in hits:
        if hit.cue.dimension == "parity":
            parity[hit.cue.code, hit.polarity].append(hit)
    for (code, polarity), found in parity.items():
        weight = sum(hit.cue.weight for hit in found)
        strongest = max(found, key=lambda hit: hit.cue.weight)
        yield "parity", code, polarity, weight / (weight + _DOUBT), strongest.start, strongest.end


def _hits(text: str, language: str) -> list[_Hit]:
    words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
    forms = [word.casefold() for word, _, _ in words]
    lemmas = [_lemma(form, language) for form in forms]
    exact, prefixes = _cues(language)
    hits: list[_Hit] = []
    for at, (form, lemma) in enumerate(zip(forms, lemmas, strict=True)):
        candidates = [*exact.get(lemma, ()), *(exact.get(form, ()) if form != lemma else ())]
        candidates += [
            cue for prefix in prefixes.get(form[:3], ()) if form.startswith(prefix[0]) for cue in [prefix[1]]
        ]
        for cue in dict.fromkeys(candidates):
            end = at + len(cue.words)
            if end > len(words) or not all(
                _meets(word, form, lemma)
                for word, form, lemma in zip(cue.words[1:], forms[at + 1 : end], lemmas[at + 1 : end], strict=True)
            ):
                continue
            polarity = cue.polarity
            before = set(forms[max(0, at - _REACH) : at]) | set(lemmas[max(0, at - _REACH) : at])
            if polarity == "supports" and before & _NEGATIONS[language]:
                polarity = "barrier"
            hits.append(_Hit(cue, words[at][1], words[end - 1][2], polarity))
    return hits


def _meets(word: str, form: str, lemma: str) -> bool:
    return form.startswith(word[:-1]) if word.endswith("*") else word in (lemma, form)


@cache
def _cues(language: str) -> tuple[dict[str, list[_Cue]], dict[str, list[tuple[str, _Cue]]]]:
    """The codebook's cues by their first word: whole words by lemma, beginnings by their first three letters."""
    book = codebook()
    listed = [("place", place.id, None, cue) for place in book.places for cue in place.cues[language]]
    listed += [("phase_began", phase.id, None, cue) for phase in book.phases for cue in phase.cues[language]]
    for leaf in book.leaves:
        listed += [("parity", leaf.id, "supports", cue) for cue in leaf.cues.supports[language]]
        listed += [("parity", leaf.id, "barrier", cue) for cue in leaf.cues.barrier[language]]
    exact: dict[str, list[_Cue]] = defaultdict(list)
    prefixes: dict[str, list[tuple[str, _Cue]]] = defaultdict(list)
    for dimension, code, polarity, phrase in listed:
        words = tuple(
            word if word.endswith("*") else _lemma(word, language)
            for word in re.findall(r"[^\W_]+\*?", phrase.casefold())
        )
        if not words:
            continue
        cue = _Cue(dimension, code, polarity, words)
        if words[0].endswith("*"):
            prefixes[words[0][:3]].append((words[0][:-1], cue))
        else:
            exact[words[0]].append(cue)
    return exact, prefixes


@lru_cache(maxsize=100_000)
def _lemma(word: str, language: str) -> str:
    return simplemma.lemmatize(word, lang=language).casefold()


def _language_of(text: str) -> str:
    """The language whose dictionary knows more of the words; English where neither does."""
    shares = {language: simplemma.in_target_language(text, lang=language) for language in LANGUAGES}
    return max(shares, key=lambda language: shares[language])
