"""Texts as numbers: concepts and their company, words, and parts of words.

Concepts are shared by the languages, so that what is learned from English texts holds for Swedish ones too. Parts of
words carry over to compounds, inflections and slips of the pen that no list holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import sparse

from ppp.coding.suggestions.lexicon import CONCEPTS, Hit, lexicon
from ppp.coding.suggestions.words import language_of, split
from ppp.framework import LANGUAGES

__all__ = ["BLOCKS", "Features", "Reading", "clauses_of", "parity_hits", "read"]

BLOCKS = ("concepts", "words", "parts", "signs")
"""The kinds of features. The first three have, in every text, the length of their scale; signs count one by one."""

_NEGATION = CONCEPTS.index("negation")
_REACH = 4  # words after a negation that it still speaks of
_REACH_BACK = 3  # words before one: "fee is not paid out", "arvode betalas inte ut"
_PARITY_FROM = next(at for at, name in enumerate(CONCEPTS) if ":" in name)
_TOPICS = frozenset(at for at, name in enumerate(CONCEPTS) if name.startswith("topic_"))
_PARTNERS = frozenset(map(CONCEPTS.index, ("patient", "family", "association", "peer", "council")))
_VOICES = frozenset(map(CONCEPTS.index, ("self", "we_staff")))
_STAFF = frozenset([CONCEPTS.index("staff")])
_MOST_WORDS_KEPT = 300_000
_TURNS = frozenset(
    [
        "but",
        "although",
        "though",
        "while",
        "whereas",
        "yet",
        "however",
        "nevertheless",
        "still",
        "men",
        "medan",
        "fast",
        "fastän",
        "dock",
        "däremot",
        "trots",
        "ändå",
        "samtidigt",
    ]
)


class Reading(NamedTuple):
    """A text taken apart: its words, their spans and sentences, its language, and its hits in the lexicon."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    language: str
    hits: list[Hit]


def read(text: str, language: object = None) -> Reading:
    """Take a text apart; without a language given it is told from the words."""
    words, starts, ends, sentences = split(text)
    # missing languages may be NA, which cannot even be asked whether it is one of ours
    spoken = language if isinstance(language, str) and language in LANGUAGES else language_of(words)
    return Reading(words, starts, ends, sentences, spoken, lexicon(spoken).hits(words))


def clauses_of(reading: Reading) -> list[Reading]:
    """Each sentence of a text, and each half that a *but* sets against the other, as a reading of its own.

    What one says of Parity, the others do not blur: "we are paid, but nobody asks how we are".
    """
    starts = [
        at
        for at, word in enumerate(reading.words)
        if at == 0 or reading.sentences[at] != reading.sentences[at - 1] or word in _TURNS
    ]
    if len(starts) < 2:
        return [reading]
    parts = []
    for first, after in pairwise([*starts, len(reading.words)]):
        hits = [
            Hit(hit.concept, hit.first - first, hit.last - first)
            for hit in reading.hits
            if first <= hit.first and hit.last < after
        ]
        inside = slice(first, after)
        parts.append(
            Reading(
                reading.words[inside],
                reading.starts[inside],
                reading.ends[inside],
                [0] * (after - first),
                reading.language,
                hits,
            )
        )
    return parts


def _concepts(reading: Reading, before: set[int], after: set[int]) -> Iterator[str]:
    """Names of what a text mentions: alone, denied, early, and two together in one sentence."""
    sentences = reading.sentences
    beside: dict[int, set[int]] = {}
    for concept, first, last in reading.hits:
        yield f"c{concept}"
        if concept != _NEGATION:
            if first in before:
                yield f"n{concept}"
            if last in after:
                yield f"m{concept}"
        if sentences[first] == 0:
            yield f"f{concept}"
        beside.setdefault(sentences[first], set()).add(concept)
    yield from _lacks(reading)
    for together in beside.values():
        listed = sorted(concept for concept in together if concept < _PARITY_FROM and concept not in _TOPICS)
        for at, one in enumerate(listed):
            for other in listed[at + 1 :]:
                yield f"p{one}.{other}"


def _lacks(reading: Reading) -> Iterator[str]:
    """Names of what a text does not mention, and how long it is: what is left out tells who takes no part."""
    met = {hit.concept for hit in reading.hits}
    if not met & _PARTNERS:
        yield "a-partner"
        if not met & _VOICES:
            yield "a-anyone"
        if met & _STAFF:
            yield "a-staff"
    yield f"a{min(len(reading.words).bit_length(), 7)}"


def _denied(reading: Reading) -> tuple[set[int], set[int]]:
    """The words that a negation before them still speaks of, and those that one after them does in the same sentence."""
    before: set[int] = set()
    after: set[int] = set()
    sentences = reading.sentences
    for hit in reading.hits:
        if hit.concept == _NEGATION:
            before.update(range(hit.first + 1, hit.first + 1 + _REACH))
            earlier = range(max(0, hit.first - _REACH_BACK), hit.first)
            after.update(at for at in earlier if sentences[at] == sentences[hit.first])
    return before, after


def _signs(reading: Reading, before: set[int], after: set[int]) -> Iterator[str]:
    """Names of the signs of Parity: of each factor and direction, whether met, denied, in several words, repeatedly."""
    met: Counter[int] = Counter()
    for concept, first, last in parity_hits(reading):
        yield f"q{concept}{'-' if first in before else '+'}"
        if last in after:
            yield f"q{concept}~"
        if last > first:
            yield f"q{concept}m"
        met[concept] += 1
        if met[concept] == 2:
            yield f"q{concept}r"
    yield from _counts(reading)
    met_in: dict[int, set[int]] = {}
    for hit in reading.hits:
        if hit.concept < _PARITY_FROM:
            yield f"q{hit.concept}"
            met_in.setdefault(reading.sentences[hit.first], set()).add(hit.concept)
    for together in met_in.values():
        for topic in _TOPICS & together:
            yield from (f"q{topic}.{other}" for other in together if other != topic)


_NUMBERS = {
    word: at
    for listed in (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty",
        "noll en två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo",
    )
    for at, word in enumerate(listed.split())
} | {"ett": 1, "me": 1, "single": 1, "lone": 1, "thirty": 30, "trettio": 30, "dozen": 12, "dussin": 12}
_COUNTED_TOGETHER = 8  # words between two counts that still set them against each other
_COUNTED_NOUN = 3  # words from a count to what it counts
_COUNTED_AS_PARTNERS = _PARTNERS | _VOICES


def _counts(reading: Reading) -> Iterator[str]:
    """How two counts near each other compare: as many patients as staff, or one patient among many."""
    counts = [
        (at, int(word) if word.isdigit() else _NUMBERS[word])
        for at, word in enumerate(reading.words)
        if word in _NUMBERS or (word.isdigit() and len(word) < 3)
    ]
    if len(counts) < 2:
        return
    partners = {hit.first for hit in reading.hits if hit.concept in _COUNTED_AS_PARTNERS}
    staff = {hit.first for hit in reading.hits if hit.concept in _STAFF}
    for (at, one), (then, other) in pairwise(counts):
        if then - at > _COUNTED_TOGETHER or reading.sentences[at] != reading.sentences[then] or not one or not other:
            continue
        if one == other:
            yield "q=2" if one > 1 else "q=1"
        elif max(one, other) >= 3 * min(one, other) and max(one, other) >= 4:
            yield "q>1" if min(one, other) < 3 else "q>2"
        yield from _shares(reading, (at, one), (then, other), partners, staff)


def _shares(
    reading: Reading, one: tuple[int, int], other: tuple[int, int], partners: set[int], staff: set[int]
) -> Iterator[str]:
    """What part of the seats patients hold, where two counts say so: "two patients and ten nurses", "two of twelve"."""
    if {"of", "av"} & set(reading.words[one[0] : other[0]]) and 1 < one[1] + 1 < other[1]:
        share = one[1] / other[1]
    else:
        named = []
        for at, _ in (one, other):
            near = range(at, min(at + _COUNTED_NOUN + 1, len(reading.words)))
            named.append("p" if partners.intersection(near) else "s" if staff.intersection(near) else "?")
        if "p" not in named or named[0] == named[1]:
            return
        ours, theirs = (one, other) if named[0] == "p" else (other, one)
        share = ours[1] / (ours[1] + theirs[1])
    yield "q/few" if share <= 0.3 else "q/half" if share >= 0.45 else "q/some"


def parity_hits(reading: Reading) -> list[Hit]:
    """The hits on Parity factors, without those that lie inside a longer one of the same factor ("not paid": "paid")."""
    hits = [hit for hit in reading.hits if hit.concept >= _PARITY_FROM]
    return [
        hit
        for hit in hits
        if not any(
            (other.concept - _PARITY_FROM) // 2 == (hit.concept - _PARITY_FROM) // 2
            and other.first <= hit.first
            and other.last >= hit.last
            and other.last - other.first > hit.last - hit.first
            for other in hits
        )
    ]


def _word_parts(word: str) -> list[str]:
    """The word, its beginning, and all its runs of three to five letters, bounds included."""
    found = [f"w{word}"]
    if len(word) > 6:
        found.append(f"s{word[:6]}")
    padded = f"<{word[:40]}>"
    for length in (3, 4, 5):
        found.extend(f"g{padded[at : at + length]}" for at in range(len(padded) - length + 1))
    return found


def _block(name: str) -> int:
    return {"c": 0, "a": 0, "n": 0, "m": 0, "f": 0, "p": 0, "g": 2, "q": 3}.get(name[0], 1)


class Features:
    """The features that a model knows, and their weights by how rare they are.

    Parameters
    ----------
    names
        The features, in the order of the columns.
    idf
        For each, its inverse document frequency in the corpus.
    scales
        What each of `BLOCKS` counts for.
    """

    def __init__(self, names: Sequence[str], idf: np.ndarray, scales: Sequence[float]) -> None:
        self.names = list(names)
        self.idf = np.asarray(idf, dtype=np.float32)
        self.scales = tuple(scales)
        self.blocks = np.array([_block(name) for name in self.names], dtype=np.int8)
        self._at = {name: at for at, name in enumerate(self.names)}
        self._pairs = {tuple(name[1:].split(" ")): at for name, at in self._at.items() if name[0] == "b"}
        self._of_word: dict[str, tuple[int, ...]] = {}

    @classmethod
    def learned(cls, readings: Iterable[Reading], *, seen_at_least: Sequence[int], scales: Sequence[float]) -> Features:
        """The features that occur in at least so many texts; how many, is said for each of `BLOCKS`."""
        texts = 0
        seen: Counter[str] = Counter()
        for reading in readings:
            texts += 1
            seen.update(set(_names(reading)))
        names = sorted(name for name, count in seen.items() if count >= seen_at_least[_block(name)])
        idf = np.array([np.log((1 + texts) / (1 + seen[name])) + 1 for name in names])
        return cls(names, idf, scales)

    def matrix(self, readings: Sequence[Reading]) -> sparse.csr_matrix:
        """One row a text, one column a feature; each block of a row has the length of its scale."""
        flat: list[int] = []
        lengths = [0]
        for reading in readings:
            flat.extend(self._columns(reading))
            lengths.append(len(flat))
        found = sparse.csr_matrix(
            (np.ones(len(flat), np.float32), np.array(flat, np.int32), np.array(lengths)),
            shape=(len(readings), len(self.names)),
        )
        found.sum_duplicates()
        columns, rows = found.indices, np.repeat(np.arange(len(readings)), np.diff(found.indptr))
        blocks = self.blocks[columns]
        data = np.where(blocks == 0, 1, 1 + np.log(found.data)) * self.idf[columns]
        is_sign = blocks == 3
        key = rows * len(BLOCKS) + blocks
        norms = np.sqrt(np.bincount(key, weights=data.astype(np.float64) ** 2, minlength=len(readings) * len(BLOCKS)))
        found.data = np.where(is_sign, 1, data / norms[key]).astype(np.float32)
        found.data *= np.asarray(self.scales, np.float32)[blocks]
        return found

    def column(self, name: str) -> int | None:
        """The column of a feature, if the model knows it."""
        return self._at.get(name)

    def known_share(self, reading: Reading) -> float:
        """The share of a text's words that the corpus or the lexicon knows; 0 without words."""
        if not reading.words:
            return 0.0
        by_lexicon = {hit.first for hit in reading.hits}
        known = sum(f"w{word}" in self._at or at in by_lexicon for at, word in enumerate(reading.words))
        return known / len(reading.words)

    def _columns(self, reading: Reading) -> list[int]:
        at, of_word, pairs = self._at, self._of_word, self._pairs
        denied = _denied(reading)
        columns = [at[name] for name in {*_concepts(reading, *denied), *_signs(reading, *denied)} if name in at]
        if len(of_word) >= _MOST_WORDS_KEPT:
            of_word.clear()
        before = "^"
        for word in reading.words:
            own = of_word.get(word)
            if own is None:
                own = of_word[word] = tuple(at[part] for part in _word_parts(word) if part in at)
            columns.extend(own)
            pair = pairs.get((before, word))
            if pair is not None:
                columns.append(pair)
            before = word
        return columns


def _names(reading: Reading) -> Iterator[str]:
    denied = _denied(reading)
    yield from _concepts(reading, *denied)
    yield from _signs(reading, *denied)
    before = "^"
    for word in reading.words:
        yield from _word_parts(word)
        yield f"b{before} {word}"
        before = word
