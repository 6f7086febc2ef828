"""The trained model: weights that ship with the package, and what they say of a text.

Linear models read the same features: one for the place, one for the phase, one for each Parity factor and direction;
for place and phase a hidden layer (`ppp.coding.suggestions.layer`) adds what signs say together. They are joined by what
the coding rules demand: no partnership at a place is none in any phase, and what is no partnership gives no evidence on
Parity. Confidence is the chance of being right, as measured on texts of the corpus that the model had not seen.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import numpy as np
from scipy import sparse

from ppp.coding.suggestions.features import Features, Reading, clauses_of
from ppp.coding.suggestions.layer import Layer
from ppp.coding.suggestions.lexicon import CONCEPTS
from ppp.errors import BadInput, Problem
from ppp.framework import LEAVES, NOT_STATED, PHASES, PLACES

__all__ = ["DIRECTIONS", "NONE", "PARITY", "PARITY_HEADS", "PHASE_CODES", "PLACE_CODES", "Model", "Verdicts", "shipped"]

NONE = "none"
"""In place of a place or phase: not a partnership activity."""

PLACE_CODES = (*PLACES, NONE, NOT_STATED)
PHASE_CODES = (*PHASES, NONE, NOT_STATED)
DIRECTIONS = ("supports", "barrier")
PARITY = tuple((leaf, direction) for leaf in LEAVES for direction in DIRECTIONS)

PARITY_HEADS = len(PARITY) + len(LEAVES) + 1
"""What the Parity model answers: each factor and direction, each factor in either direction, and whether what the text
says of Parity speaks of a barrier. The first is sharper, the others have seen more texts: they are averaged."""

_BOTH_WAYS = 0.35
_SPEAKS_FROM = 0.06

_NO_PLACE, _NO_PHASE = PLACE_CODES.index(NONE), PHASE_CODES.index(NONE)


@dataclass(frozen=True)
class Verdicts:
    """What the model says of some texts; one row a text.

    Attributes
    ----------
    place, phase
        Probabilities over `PLACE_CODES` and `PHASE_CODES`, the two brought into agreement about *none*.
    parity
        Probabilities of each of `PARITY`.
    place_code, phase_code
        The code that is suggested, as a column of ``place`` and of ``phase``.
    place_next, phase_next
        The next likely code.
    place_confidence, phase_confidence, both_confidence
        The chance that the suggested place, phase, and both of them are right.
    slopes
        For place and for phase what the units of the hidden layer pass on for the suggested code.
    """

    place: np.ndarray
    phase: np.ndarray
    parity: np.ndarray
    place_code: np.ndarray
    phase_code: np.ndarray
    place_next: np.ndarray
    phase_next: np.ndarray
    place_confidence: np.ndarray
    phase_confidence: np.ndarray
    both_confidence: np.ndarray
    slopes: dict[str, np.ndarray]


@dataclass(frozen=True)
class Model:
    """Features, weights (one row a feature, one column a code), the layers of place and phase, and how surely they speak."""

    features: Features
    place: np.ndarray
    phase: np.ndarray
    parity: np.ndarray
    intercepts: dict[str, np.ndarray]
    layers: dict[str, Layer]
    calibration: dict[str, tuple[float, float]]
    trust_from: float
    parity_from: float
    corpus: str

    def judge(self, readings: Sequence[Reading]) -> Verdicts:
        """What the model says of these texts."""
        matrix = self.features.matrix(readings)
        units = {name: layer.units(matrix) for name, layer in self.layers.items()}
        scores = {name: self.scores(name, matrix, units.get(name)) for name in ("place", "phase", "parity")}
        place, phase = joined(_softmax(scores["place"]), _softmax(scores["phase"]))
        parity = parity_chances(self.features, self.parity, self.intercepts["parity"], readings, scores["parity"])
        place, phase = with_evidence(place, phase, parity)
        codes, chances = chosen(place, phase)
        parity = gated(parity, codes["place"])
        sure = {name: calibrated(chances[name], *self.calibration[name]) for name in chances}
        return Verdicts(
            place,
            phase,
            parity,
            codes["place"],
            codes["phase"],
            _next(place, codes["place"]),
            _next(phase, codes["phase"]),
            sure["place"],
            sure["phase"],
            sure["both"],
            {name: self.layers[name].slopes(found, codes[name]) for name, found in units.items()},
        )

    def scores(self, name: str, matrix: sparse.csr_matrix, units: np.ndarray | None = None) -> np.ndarray:
        """What is said for each code of *place*, *phase* or *parity* before the three are joined; one row a text.

        ``units`` are those of the layer on these texts, where they are known already.
        """
        alone = np.asarray(matrix @ getattr(self, name) + self.intercepts[name])
        layer = self.layers.get(name)
        if layer is None:
            return alone
        return alone + layer.scores(layer.units(matrix) if units is None else units)

    def says(self, axis: str, columns: list[int], code: int, slopes: dict[str, np.ndarray], at: int) -> np.ndarray:
        """What each of these features says for a code of an axis, beside what else stands in text number ``at``.

        ``slopes`` are those of the `Verdicts` on the texts, and the code the one suggested there.
        """
        alone = getattr(self, axis)[columns, code]
        return alone + self.layers[axis].inner[columns] @ slopes[axis][at] if axis in self.layers else alone

    @cached_property
    def concept_columns(self) -> list[int | None]:
        """The column of each concept of the lexicon, where the model knows it."""
        return [self.features.column(f"c{at}") for at in range(len(CONCEPTS))]

    def parity_confidence(self, chance: float) -> float:
        """The chance that a suggested Parity code is right."""
        return float(calibrated(np.array([chance]), *self.calibration["parity"])[0])

    def started_from(self, other: Model) -> bool:
        """Whether it is the other one, perhaps after learning from a study: both read the same off a text."""
        return self.corpus == other.corpus and self.features.names == other.features.names

    def save(self, path: Path) -> None:
        """Write the model as plain arrays; the same model gives the same bytes."""
        about = {
            "calibration": self.calibration,
            "trust_from": self.trust_from,
            "parity_from": self.parity_from,
            "scales": self.features.scales,
            "corpus": self.corpus,
        }
        arrays = {
            "names": np.frombuffer("\n".join(self.features.names).encode(), np.uint8),
            "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
            "idf": self.features.idf,
            **{name: getattr(self, name).astype(np.float16) for name in ("place", "phase", "parity")},
            **{f"{name}_intercept": found for name, found in self.intercepts.items()},
            **{
                f"{name}_layer_{part}": array
                for name, layer in self.layers.items()
                for part, array in layer.packed().items()
            },
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:  # as numpy writes it, but without the time
            for name, array in arrays.items():
                member = io.BytesIO()
                np.lib.format.write_array(member, array, allow_pickle=False)
                entry = zipfile.ZipInfo(f"{name}.npy")
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, member.getvalue())

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read what `save` wrote.

        Raises
        ------
        BadInput
            Where the file is broken, or no model.
        """
        try:
            return cls._read(path)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            raise BadInput(
                Problem("The model cannot be read.", file=str(path), mend="Delete it; learn anew: `ppp code --learn`.")
            ) from None

    @classmethod
    def _read(cls, path: Path) -> Model:
        with np.load(path, allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes())
            names = arrays["names"].tobytes().decode().split("\n")
            weights = {name: arrays[name].astype(np.float32) for name in ("place", "phase", "parity")}
            intercepts = {name: arrays[f"{name}_intercept"] for name in weights}
            layers: dict[str, dict[str, np.ndarray]] = {}
            for key in arrays.files:
                name, found, part = key.partition("_layer_")
                if found:
                    layers.setdefault(name, {})[part] = arrays[key]
            features = Features(names, arrays["idf"], about["scales"])
        calibration = {name: tuple(found) for name, found in about["calibration"].items()}
        return cls(
            features,
            **weights,
            intercepts=intercepts,
            layers={name: Layer.unpacked(kept) for name, kept in layers.items()},
            calibration=calibration,
            trust_from=about["trust_from"],
            parity_from=about["parity_from"],
            corpus=about["corpus"],
        )


def joined(place: np.ndarray, phase: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The probabilities of place and phase, given that either both are *none* or neither is.

    Examples
    --------
    >>> place, phase = joined(np.array([[0.4, 0, 0, 0, 0.6, 0]]), np.array([[0.8, 0, 0, 0, 0.2, 0]]))
    >>> float(place[0, 0].round(2)), float(phase[0, 4].round(2))
    (0.73, 0.27)
    """
    none = place[:, _NO_PLACE] * phase[:, _NO_PHASE]
    some_place, some_phase = place.copy(), phase.copy()
    some_place[:, _NO_PLACE] = some_phase[:, _NO_PHASE] = 0
    place_total, phase_total = some_place.sum(axis=1), some_phase.sum(axis=1)
    some = place_total * phase_total
    whole = none + some
    some_place *= (phase_total / whole)[:, None]
    some_phase *= (place_total / whole)[:, None]
    some_place[:, _NO_PLACE] = some_phase[:, _NO_PHASE] = none / whole
    return some_place, some_phase


def with_evidence(place: np.ndarray, phase: np.ndarray, parity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The `joined` probabilities, given what is likely said of Parity: where something is, it is a partnership.

    Examples
    --------
    >>> place = np.array([[0.4, 0, 0, 0, 0.6, 0]])
    >>> place, _ = with_evidence(place, place, np.array([[0.0, 0.9]]))
    >>> place[0, [0, 4]].round(2).tolist()
    [0.87, 0.13]
    """
    none = place[:, _NO_PLACE]
    less = none * (1 - parity.max(axis=1, initial=0))
    less = less / np.clip(less + 1 - none, 1e-12, None)
    more = ((1 - less) / np.clip(1 - none, 1e-12, None))[:, None]
    place, phase = place * more, phase * more
    place[:, _NO_PLACE] = phase[:, _NO_PHASE] = less
    return place, phase


def chosen(place: np.ndarray, phase: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The suggested column on each axis, and the probabilities of the suggested place, phase, and both.

    *None* on both axes, or on neither: it wins where it is likelier than the best place and the best phase are on
    average.
    """
    some = {"place": place.copy(), "phase": phase.copy()}
    some["place"][:, _NO_PLACE] = some["phase"][:, _NO_PHASE] = -1
    codes = {axis: chances.argmax(axis=1) for axis, chances in some.items()}
    chances = {axis: found.max(axis=1) for axis, found in some.items()}
    none = place[:, _NO_PLACE]
    is_none = none >= (chances["place"] + chances["phase"]) / 2
    codes["place"] = np.where(is_none, _NO_PLACE, codes["place"])
    codes["phase"] = np.where(is_none, _NO_PHASE, codes["phase"])
    both = np.where(is_none, none, chances["place"] * chances["phase"] / np.clip(1 - none, 1e-9, None))
    chances = {axis: np.where(is_none, none, found) for axis, found in chances.items()}
    return codes, {**chances, "both": both}


def parity_chances(
    features: Features, weights: np.ndarray, intercept: np.ndarray, readings: Sequence[Reading], scores: np.ndarray
) -> np.ndarray:
    """The probabilities of each of `PARITY`: those of the whole text, and of its most telling clause, averaged.

    Where the whole text hardly speaks of Parity, its clauses are not looked at.
    """
    whole = parity_of(scores)
    speaks = np.flatnonzero(whole.max(axis=1, initial=0) >= _SPEAKS_FROM)
    parts, owners = [], []
    for at in speaks:
        of_text = clauses_of(readings[int(at)])
        if len(of_text) > 1:
            parts.extend(of_text)
            owners.extend([at] * len(of_text))
    if not parts:
        return _one_way(whole)
    best = whole.copy()
    best[sorted(set(owners))] = 0
    np.maximum.at(best, owners, parity_of(features.matrix(parts) @ weights + intercept))
    return _one_way((whole + best) / 2)


def gated(parity: np.ndarray, place_code: np.ndarray) -> np.ndarray:
    """What is no partnership gives no evidence on Parity."""
    return parity * (place_code != _NO_PLACE)[:, None]


def _one_way(found: np.ndarray) -> np.ndarray:
    """A factor seldom speaks both ways in one text: the weaker direction stands only where it is likely by itself."""
    other = found.reshape(len(found), -1, 2)[:, :, ::-1].reshape(found.shape)
    return np.where((found < other) & (found < _BOTH_WAYS), 0, found)


def parity_of(scores: np.ndarray) -> np.ndarray:
    """The probabilities of each of `PARITY`, from the scores of the `PARITY_HEADS`."""
    chance = 1 / (1 + np.exp(-scores))
    each, leaf, barrier = chance[:, : len(PARITY)], chance[:, len(PARITY) : -1], chance[:, -1:]
    by_leaf = np.stack([leaf * (1 - barrier), leaf * barrier], axis=2).reshape(len(scores), -1)
    return np.sqrt(each * by_leaf)


def calibrated(probability: np.ndarray, slope: float, intercept: float) -> np.ndarray:
    """The chance of being right that goes with the model's own probability (Platt scaling of its log-odds)."""
    kept = np.clip(probability, 1e-6, 1 - 1e-6)
    return 1 / (1 + np.exp(-(slope * np.log(kept / (1 - kept)) + intercept)))


def _next(chances: np.ndarray, codes: np.ndarray) -> np.ndarray:
    others = chances.copy()
    others[np.arange(len(codes)), codes] = -1
    return others.argmax(axis=1)


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@cache
def shipped() -> Model:
    """The model that ships with the package."""
    return Model.load(Path(str(files("ppp.coding.suggestions").joinpath("model.npz"))))
