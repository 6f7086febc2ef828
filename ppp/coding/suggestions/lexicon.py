"""What the words of a text speak of: its hits in ``lexicon.yaml``."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

import yaml
from rapidfuzz.distance import OSA

from ppp.framework import LANGUAGES

__all__ = ["CONCEPTS", "Hit", "Lexicon", "lexicon"]

_MOST_WORDS_KEPT = 300_000  # words whose patterns are remembered: bounded, so that a million texts fit
_GAP = 3
_FUZZY_FROM = 6  # letters; shorter words have too many neighbours


class Hit(NamedTuple):
    """One mention: which concept, and from which word to which (the last included)."""

    concept: int
    first: int
    last: int


class _Word(NamedTuple):
    """The word patterns that a word meets, the concepts that it speaks of alone, and the phrases that it begins.

    Phrases are listed by the pattern of their next word: those that go on at once, and those that go on after a gap.
    """

    patterns: frozenset[int]
    alone: tuple[int, ...]
    begins: dict[int, list[tuple[tuple[int, ...], int]]]
    gapped: dict[int, list[tuple[tuple[int, ...], int]]]


@cache
def _read() -> dict:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(files("ppp.coding.suggestions").joinpath("lexicon.yaml").read_text(encoding="utf-8"), loader)


def _named() -> list[str]:
    read = _read()
    return [*read["concepts"], *(f"{leaf}:{way}" for leaf, ways in read["parity"].items() for way in ways)]


CONCEPTS: tuple[str, ...] = tuple(_named())
"""Every concept, those of Parity last, as ``leaf:supports`` and ``leaf:barrier``."""


def _each(entry: str) -> list[str]:
    """The phrases that an entry with alternatives stands for.

    Examples
    --------
    >>> _each("no|lack_of ~ training")
    ['no ~ training', 'lack of ~ training']
    """
    said = product(*(word.split("|") for word in entry.split()))
    return [" ".join(words).replace("_", " ") for words in said]


class Lexicon:
    """The patterns of one language.

    Examples
    --------
    >>> found = lexicon("en").hits("patients sit on the hospital board".split())
    >>> sorted({CONCEPTS[hit.concept] for hit in found})
    ['board', 'hospital', 'member', 'patient']
    """

    def __init__(self, language: str) -> None:
        read = _read()
        phrases = [patterns[language] for patterns in read["concepts"].values()]
        phrases += [patterns[language] for ways in read["parity"].values() for patterns in ways.values()]
        self._ids: dict[str, int] = {}
        self._from: dict[int, list[tuple[tuple[int, ...], int]]] = defaultdict(list)
        for concept, listed in enumerate(phrases):
            listed = listed.replace("| ", "|")  # lines may be broken there
            for phrase in dict.fromkeys(each for entry in listed.split(",") for each in _each(entry)):
                first, *rest = (self._id(word) for word in phrase.split())
                self._from[first].append((tuple(rest), concept))
        self._starts = {p[:-1]: at for p, at in self._ids.items() if p.endswith("*") and not p.startswith("*")}
        self._ends = {p[1:]: at for p, at in self._ids.items() if p.startswith("*") and not p.endswith("*")}
        self._longest = max(map(len, self._starts))
        self._near: dict[str, list[str]] = defaultdict(list)
        for pattern in self._ids:
            bare = pattern.strip("*")
            if len(bare) >= _FUZZY_FROM - 1:
                self._near[bare[0]].append(bare)
        self._known: dict[str, _Word] = {}

    def _id(self, word: str) -> int:
        if word == "~":
            return -1
        return self._ids.setdefault(word.lower(), len(self._ids))

    def _plainly(self, word: str) -> set[int]:
        found = {self._ids[word]} if word in self._ids else set()
        for length in range(2, min(len(word), self._longest) + 1):
            at = self._starts.get(word[:length])
            if at is not None:
                found.add(at)
        for length in range(2, len(word) + 1):
            at = self._ends.get(word[-length:])
            if at is not None:
                found.add(at)
        return found

    def _word(self, word: str) -> _Word:
        """What a word meets; a misspelt word meets what the word one slip away from it does."""
        found = self._plainly(word)
        if "-" in word:
            for part in word.split("-"):
                if len(part) > 3:
                    found |= self._plainly(part)
        if not found and len(word) >= _FUZZY_FROM:
            for near in self._near.get(word[0], ()):
                if abs(len(near) - len(word)) < 2 and OSA.distance(word, near, score_cutoff=1) <= 1:
                    found = self._plainly(near)
                    if found:
                        break
        begun = [item for pattern in sorted(found) for item in self._from.get(pattern, ())]
        alone = tuple(dict.fromkeys(concept for rest, concept in begun if not rest))
        begins: dict[int, list[tuple[tuple[int, ...], int]]] = defaultdict(list)
        gapped: dict[int, list[tuple[tuple[int, ...], int]]] = defaultdict(list)
        for rest, concept in begun:
            if rest and rest[0] == -1:
                gapped[rest[1]].append((rest[2:], concept))
            elif rest:
                begins[rest[0]].append((rest[1:], concept))
        return _Word(frozenset(found), alone, dict(begins), dict(gapped))

    def hits(self, words: list[str]) -> list[Hit]:
        """Every mention in a text, in the order of its words."""
        known = self._known
        if len(known) >= _MOST_WORDS_KEPT:
            known.clear()
        met = []
        for word in words:
            one = known.get(word)
            if one is None:
                one = known[word] = self._word(word)
            met.append(one)
        found = []
        last_word = len(met) - 1
        for at, one in enumerate(met):
            for concept in one.alone:
                found.append(Hit(concept, at, at))
            if one.begins and at < last_word:
                for pattern in one.begins.keys() & met[at + 1].patterns:
                    _ends(met, at + 1, one.begins[pattern], at, found)
            if one.gapped:
                seen: set[int] = set()  # the nearest word that goes on is the one that is meant
                for then in range(at + 1, min(at + _GAP + 2, len(met))):
                    for pattern in (one.gapped.keys() & met[then].patterns) - seen:
                        seen.add(pattern)
                        _ends(met, then, one.gapped[pattern], at, found)
        return found


def _ends(met: list[_Word], at: int, phrases: list[tuple[tuple[int, ...], int]], first: int, found: list[Hit]) -> None:
    """Add the hits on those phrases, read as far as the word ``at``, that the text goes on to say."""
    for rest, concept in phrases:
        last = _reach(met, at, rest) if rest else at
        if last >= 0:
            found.append(Hit(concept, first, last))


def _reach(met: list[_Word], at: int, rest: tuple[int, ...]) -> int:
    """The word at which the rest of a pattern ends, or -1 where the text goes on otherwise."""
    gap = 0
    for pattern in rest:
        if pattern == -1:
            gap = _GAP
            continue
        for step in range(1, gap + 2):
            if at + step < len(met) and pattern in met[at + step].patterns:
                at += step
                break
        else:
            return -1
        gap = 0
    return at


@cache
def lexicon(language: str) -> Lexicon:
    """The patterns of that language, compiled once."""
    assert language in LANGUAGES
    return Lexicon(language)
