"""Suggestions in English and Swedish, each with its evidence and how sure it is.

A model that ships with the package reads each text (`ppp.coding.suggestions`). Nothing is downloaded, and the
same text always gets the same suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
import pandas as pd

from ppp.coding.suggestions.features import Reading, parity_hits, read
from ppp.coding.suggestions.lexicon import CONCEPTS
from ppp.coding.suggestions.model import NONE, PARITY, PHASE_CODES, PLACE_CODES, Model, Verdicts, shipped
from ppp.coding.suggestions.words import MOST_CHARACTERS
from ppp.framework import NOT_STATED

__all__ = ["SUGGESTION_COLUMNS", "Suggestion", "next_for_review", "suggest", "suggest_each"]

SUGGESTION_COLUMNS = {
    "activity_id": "string",
    "dimension": "string",
    "code": "string",
    "polarity": "string",
    "confidence": "Float64",
    "evidence_start": "Int64",
    "evidence_end": "Int64",
}

_CHUNK = 1_000  # texts judged at once: bounded memory, and long enough for vectors
_NEAR = 0.8  # a second code this near to the first, in probability, is named beside it
_FEW_WORDS = 3
_LEAST = 0.01  # the least confidence of a text that was read; 0 is for those that were not
_KNOWN_SHARE = 0.4  # of a text of some length; below, it is in neither language


class Suggestion(NamedTuple):
    """What the program suggests for one text.

    ``place`` and ``phase`` hold the main code first and then those nearly as likely; ``parity`` each factor with its
    direction, confidence, and span; spans count code points in the text, and are ``None`` where no words can be named.
    ``confidence`` is the chance that the main place and phase are both right. A text without words is not coded: no
    partnership activity, with confidence 0 in each.
    """

    place: tuple[str, ...]
    phase: tuple[str, ...]
    parity: tuple[tuple[str, str, float, tuple[int, int] | None], ...]
    place_confidence: float
    phase_confidence: float
    confidence: float
    needs_review: bool
    place_evidence: tuple[tuple[int, int], ...]
    phase_evidence: tuple[tuple[int, int], ...]
    reason: str


def suggest(texts: pd.DataFrame, model: Model | None = None) -> pd.DataFrame:
    """Suggested codes for each text.

    Parameters
    ----------
    texts
        Columns ``activity_id``, ``text`` and ``language`` ("en", "sv", or missing: then it is told from the words).
    model
        Another model than the one that ships, as `ppp.coding.suggestions.learn` makes.

    Returns
    -------
    pandas.DataFrame
        `SUGGESTION_COLUMNS`: for each text that has words one row for *place* and one for *phase_began*, the most
        probable code ("none" where no patient takes part as a partner); one row for each Parity factor and direction
        that the text speaks of. ``confidence`` is the chance, from 0 to 1, that the code is right, calibrated on texts
        that the model had not seen. ``evidence_start`` and ``evidence_end`` count code points in ``text``.

    Examples
    --------
    >>> one = pd.DataFrame({"activity_id": ["a"], "text": ["Patients sit on the hospital board"], "language": ["en"]})
    >>> suggest(one).loc[lambda rows: rows["dimension"] == "place", "code"].tolist()
    ['organization']
    """
    rows: list[tuple] = []
    pairs = zip(texts["text"].fillna(""), texts["language"], strict=True)
    for activity_id, found in zip(texts["activity_id"], suggest_each(pairs, model), strict=True):
        if not found.place_confidence:
            continue
        for dimension, code, sure, spans in (
            ("place", found.place[0], found.place_confidence, found.place_evidence),
            ("phase_began", found.phase[0], found.phase_confidence, found.phase_evidence),
        ):
            rows.append((activity_id, dimension, code, None, sure, *(spans[0] if spans else (None, None))))
        for leaf, direction, sure, span in found.parity:
            rows.append((activity_id, "parity", leaf, direction, sure, *(span or (None, None))))
    return pd.DataFrame(rows, columns=list(SUGGESTION_COLUMNS)).astype(SUGGESTION_COLUMNS)


def suggest_each(texts: Iterable[tuple[str, object]], model: Model | None = None) -> Iterator[Suggestion]:
    """A suggestion for each pair of text and language, in their order, however many there are.

    Examples
    --------
    >>> found = next(suggest_each([("Two patients are members of the ward's improvement team.", "en")]))
    >>> found.place, found.phase
    (('clinic',), ('implement',))
    """
    judge = model or shipped()
    pairs = iter(texts)
    while chunk := list(islice(pairs, _CHUNK)):
        readings = [read(text, language) for text, language in chunk]
        verdicts = judge.judge(readings)
        for at, ((text, _), reading) in enumerate(zip(chunk, readings, strict=True)):
            yield _one(text, reading, verdicts, at, judge)


def _one(text: str, reading: Reading, verdicts: Verdicts, at: int, model: Model) -> Suggestion:
    if not reading.words:
        # By the coding rules an empty answer is no partnership activity: certain, and nothing for a person to look at.
        why = "it is empty" if not text.strip() else "it holds no words"
        return Suggestion((NONE,), (NONE,), (), 0.0, 0.0, 1.0, False, (), (), f"not coded: {why}")
    place, phase = verdicts.place[at], verdicts.phase[at]
    place_at, phase_at = int(verdicts.place_code[at]), int(verdicts.phase_code[at])
    sure_place, sure_phase = float(verdicts.place_confidence[at]), float(verdicts.phase_confidence[at])
    place_next, phase_next = int(verdicts.place_next[at]), int(verdicts.phase_next[at])
    sure_both = float(verdicts.both_confidence[at])
    reasons = []
    known = model.features.known_share(reading)
    if known < _KNOWN_SHARE:
        reasons.append("few of its words are known: is it in English or Swedish?")
        # What the model cannot read it cannot be sure of, however little it found.
        most = max(known, _LEAST)
        sure_place, sure_phase, sure_both = min(sure_place, most), min(sure_phase, most), min(sure_both, most)
    elif len(reading.words) < _FEW_WORDS and min(sure_place, sure_phase) < model.trust_from:
        reasons.append("too few words to tell")
    if known >= _KNOWN_SHARE and sure_place < model.trust_from:
        reasons.append(f"place unsure: {PLACE_CODES[place_at]} or {PLACE_CODES[place_next]}")
    if known >= _KNOWN_SHARE and sure_phase < model.trust_from:
        reasons.append(f"phase unsure: {PHASE_CODES[phase_at]} or {PHASE_CODES[phase_next]}")
    if len(text) > MOST_CHARACTERS:
        reasons.append(f"long: only its first {MOST_CHARACTERS:,} characters were read")
    parity = tuple(_parity(reading, verdicts.parity[at], model))
    return Suggestion(
        _several(PLACE_CODES, place, place_at, place_next),
        _several(PHASE_CODES, phase, phase_at, phase_next),
        parity,
        sure_place,
        sure_phase,
        sure_both,
        bool(reasons),
        _evidence(reading, model, "place", place_at, verdicts, at),
        _evidence(reading, model, "phase", phase_at, verdicts, at),
        "; ".join(reasons),
    )


def _several(codes: Sequence[str], chances: np.ndarray, first: int, second: int) -> tuple[str, ...]:
    """The suggested code, and one that is nearly as likely: two places or phases that a text may well name."""
    if chances[second] < _NEAR * chances[first] or {NONE, NOT_STATED} & {codes[first], codes[second]}:
        return (codes[first],)
    return codes[first], codes[second]


def _evidence(
    reading: Reading, model: Model, axis: str, code: int, verdicts: Verdicts, at: int
) -> tuple[tuple[int, int], ...]:
    """The passages that speak most for a code, at most three, the strongest first."""
    of_concept = model.concept_columns
    best = _speaking(
        [((hit.first, hit.last), of_concept[hit.concept]) for hit in reading.hits], model, axis, code, verdicts, at
    )
    if not best:
        words = [((place, place), model.features.column(f"w{word}")) for place, word in enumerate(reading.words)]
        best = _speaking(words, model, axis, code, verdicts, at)
    chosen: list[tuple[int, int]] = []
    for first, last in sorted(best, key=lambda span: (-best[span], span)):
        if all(last < start or first > end for start, end in chosen):
            chosen.append((first, last))
        if len(chosen) == 3:
            break
    return tuple((reading.starts[first], reading.ends[last]) for first, last in chosen)


def _speaking(
    passages: Sequence[tuple[tuple[int, int], int | None]],
    model: Model,
    axis: str,
    code: int,
    verdicts: Verdicts,
    at: int,
) -> dict[tuple[int, int], float]:
    """The passages (with the column of the feature that they hold) that speak for a code, and how strongly."""
    known = [(span, column) for span, column in passages if column is not None]
    best: dict[tuple[int, int], float] = {}
    if known:
        said = model.says(axis, [column for _, column in known], code, verdicts.slopes, at).tolist()
        for (span, _), weight in zip(known, said, strict=True):
            if weight > best.get(span, 0.0):
                best[span] = weight
    return best


def _parity(
    reading: Reading, chances: np.ndarray, model: Model
) -> Iterator[tuple[str, str, float, tuple[int, int] | None]]:
    if not (chances >= model.parity_from).any():
        return
    hits = parity_hits(reading)
    for column in np.flatnonzero(chances >= model.parity_from):
        leaf, direction = PARITY[column]
        same = [hit for hit in hits if CONCEPTS[hit.concept] == f"{leaf}:{direction}"]
        same = same or [hit for hit in hits if CONCEPTS[hit.concept].startswith(f"{leaf}:")]
        span = None
        if same:
            longest = max(same, key=lambda hit: (hit.last - hit.first, -hit.first))
            span = reading.starts[longest.first], reading.ends[longest.last]
        yield leaf, direction, model.parity_confidence(float(chances[column])), span


def next_for_review(suggestions: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """The activities in the order in which a person's look is worth the most.

    Parameters
    ----------
    suggestions
        What `suggest` returns.
    texts
        Columns ``activity_id`` and ``text`` of the activities that may be reviewed.

    Returns
    -------
    pandas.DataFrame
        ``activity_id`` and ``worth``, the most worth first. Worth is how unsure the less sure of place and phase is,
        times how much the text has in common with the others: an odd text teaches little about the rest.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    sure = suggestions[suggestions["dimension"].isin(["place", "phase_began"])]
    least = texts["activity_id"].map(sure.groupby("activity_id")["confidence"].min()).astype("float64").fillna(0.5)
    written = texts["text"].fillna("")
    if written.str.contains(r"\w\w").any():
        vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit_transform(written)
        typical = np.asarray(vectors @ np.asarray(vectors.mean(axis=0)).ravel())
        typical = typical / typical.max()
    else:
        typical = np.ones(len(texts))
    ranked = pd.DataFrame({"activity_id": texts["activity_id"], "worth": (1 - least) * (0.5 + 0.5 * typical)})
    return ranked.sort_values(["worth", "activity_id"], ascending=[False, True], ignore_index=True)
