"""Training: from coded texts to a model, with honest figures from texts that it had not seen.

Same texts, same model: folds are told by a checksum of the group, solvers start from zero or from a fixed seed.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from ppp.coding.suggestions.features import BLOCKS, Features, read
from ppp.coding.suggestions.layer import Layer
from ppp.coding.suggestions.model import (
    PARITY,
    PARITY_HEADS,
    PHASE_CODES,
    PLACE_CODES,
    Model,
    calibrated,
    chosen,
)
from ppp.framework import LEAVES

__all__ = ["CODED_COLUMNS", "checksum", "cross_validated", "fit", "main_code", "parity_set", "train"]

CODED_COLUMNS = ("text", "language", "group", "place", "phase", "parity")
"""What coded texts hold: ``place`` and ``phase`` with the main code first, ``parity`` as ``leaf:direction``, each
parted by ``;``; texts of one ``group`` are near-duplicates. Where ``place`` and ``phase`` are empty, a text teaches Parity
alone."""

SCALES = (1.0, 1.0, 1.0, 0.15)
PARITY_SCALES = (0.5, 1.4, 1.4, 1.4)
"""What each of `BLOCKS` counts for besides, where Parity is learned: less the concepts, more all the rest; chosen on hands
that had been left out."""
SEEN_AT_LEAST = (2, 2, 5, 2)
"""Texts that a feature of each of `BLOCKS` must occur in, to be learned from."""
STRENGTH = {"place": 6.0, "phase": 6.0, "parity": 10.0}
LINEAR_SHARE = 0.3
"""What the linear models of place and phase count for beside the hidden layers; chosen on hands that had been left out."""
UNITS, EPOCHS, STEP = 32, 10, 0.002
"""Hidden units of a layer, rounds of training, and size of its steps; more of any of them brought nothing."""
FOLDS = 10
_ITS_OWN = dict.fromkeys(("place", "phase", "both", "parity"), (1.0, 0.0))
"""The calibration of a model that says its own probabilities."""
REVIEW_SHARE = 0.26
"""The share of unseen texts that is sent to a person: of the hardest hands, which tell of real practice as untidily as it
is, two in five, and of what remains there four in five phases are right; of plain texts a fifth."""
PARITY_FROM = 0.22
"""Chosen by F1 on hands left out, each weighing alike: flat from 0.20 to 0.30, so that recall decides."""


def main_code(codes: str) -> str:
    """The first of several codes, which is the main one."""
    return codes.split(";")[0].strip()


def parity_set(codes: object) -> frozenset[str]:
    """The ``leaf:direction`` items of one text."""
    return frozenset(item.strip() for item in str(codes or "").split(";") if item.strip())


def checksum(coded: pd.DataFrame) -> str:
    """A checksum of the texts and codes that a model learns from."""
    rows = coded[list(CODED_COLUMNS)].astype(str).to_csv(index=False, lineterminator="\n")
    return hashlib.sha256(rows.encode()).hexdigest()


def train(coded: pd.DataFrame) -> Model:
    """A model of these texts, its confidence calibrated by cross-validation.

    Parameters
    ----------
    coded
        `CODED_COLUMNS`.
    """
    placed = (coded["place"] != "").to_numpy(dtype=bool)
    unseen = {name: found[placed] for name, found in cross_validated(coded).items()}
    calibration = _calibration(coded[placed], unseen)
    _, chances = chosen(unseen["place"], unseen["phase"])
    sure = np.minimum(*(calibrated(chances[axis], *calibration[axis]) for axis in ("place", "phase")))
    readings = [read(text, language) for text, language in zip(coded["text"], coded["language"], strict=True)]
    features = Features.learned(readings, seen_at_least=SEEN_AT_LEAST, scales=SCALES)
    weights, intercepts, layers = fit(features, features.matrix(readings), coded)
    return Model(
        features,
        **weights,
        intercepts=intercepts,
        layers=layers,
        calibration=calibration,
        trust_from=float(np.round(np.quantile(sure, REVIEW_SHARE), 3)),
        parity_from=PARITY_FROM,
        corpus=checksum(coded),
    )


def cross_validated(coded: pd.DataFrame, folds: int = FOLDS) -> dict[str, np.ndarray]:
    """Probabilities for each text by a model that saw neither it nor any text of its group: place, phase, parity."""
    readings = [read(text, language) for text, language in zip(coded["text"], coded["language"], strict=True)]
    fold = np.array([int(hashlib.sha256(str(group).encode()).hexdigest(), 16) % folds for group in coded["group"]])
    found = {
        "place": np.zeros((len(coded), len(PLACE_CODES))),
        "phase": np.zeros((len(coded), len(PHASE_CODES))),
        "parity": np.zeros((len(coded), len(PARITY))),
    }
    for held in range(folds):
        out = fold == held
        if not out.any():
            continue
        seen = [reading for reading, is_out in zip(readings, out, strict=True) if not is_out]
        features = Features.learned(seen, seen_at_least=SEEN_AT_LEAST, scales=SCALES)
        weights, intercepts, layers = fit(features, features.matrix(seen), coded[~out])
        model = Model(
            features,
            **weights,
            intercepts=intercepts,
            layers=layers,
            calibration=_ITS_OWN,
            trust_from=0.0,
            parity_from=PARITY_FROM,
            corpus="",
        )
        verdicts = model.judge([reading for reading, is_out in zip(readings, out, strict=True) if is_out])
        found["place"][out], found["phase"][out], found["parity"][out] = verdicts.place, verdicts.phase, verdicts.parity
    return found


def fit(
    features: Features,
    matrix: sparse.csr_matrix,
    coded: pd.DataFrame,
    axes: Sequence[str] = ("place", "phase", "parity"),
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, Layer]]:
    """The weights, intercepts and hidden layers of the models of these axes, from the features of coded texts."""
    weights: dict[str, np.ndarray] = {}
    intercepts: dict[str, np.ndarray] = {}
    layers: dict[str, Layer] = {}
    without_signs = np.flatnonzero(features.blocks != BLOCKS.index("signs"))  # what is said of Parity tells no cell
    for name, codes in (("place", PLACE_CODES), ("phase", PHASE_CODES)):
        if name not in axes:
            continue
        placed = (coded[name] != "").to_numpy(dtype=bool)
        main = coded[name].map(main_code).to_numpy()[placed]
        said = matrix[placed][:, without_signs]
        fitted = LogisticRegression(C=STRENGTH[name], max_iter=300).fit(said, main)
        weights[name] = np.zeros((matrix.shape[1], len(codes)), np.float32)
        intercepts[name] = np.full(len(codes), -20.0)
        for at, code in enumerate(fitted.classes_):
            weights[name][without_signs, codes.index(code)] = LINEAR_SHARE * fitted.coef_[at]
            intercepts[name][codes.index(code)] = LINEAR_SHARE * fitted.intercept_[at]
        layers[name] = _layer(said, main, codes, without_signs, matrix.shape[1])
    if "parity" not in axes:
        return weights, intercepts, layers
    weights["parity"] = np.zeros((matrix.shape[1], PARITY_HEADS), np.float32)
    intercepts["parity"] = np.full(PARITY_HEADS, -20.0)
    counted_for = np.asarray(PARITY_SCALES, np.float32)[features.blocks]
    scaled = (matrix @ sparse.diags(counted_for)).tocsr()
    for at, (answer, counts) in enumerate(_parity_answers(coded)):
        if answer[counts].sum() >= 3:
            fitted = LogisticRegression(C=STRENGTH["parity"], max_iter=300).fit(scaled[counts], answer[counts])
            weights["parity"][:, at], intercepts["parity"][at] = fitted.coef_[0] * counted_for, fitted.intercept_[0]
    return weights, intercepts, layers


def _layer(said: sparse.csr_matrix, main: np.ndarray, codes: Sequence[str], columns: np.ndarray, wide: int) -> Layer:
    """The hidden layer of one axis; ``columns`` are the features that it reads, of so many."""
    network = MLPClassifier((UNITS,), max_iter=EPOCHS, learning_rate_init=STEP, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it is stopped early on purpose
        network.fit(said, main)
    inner, outer = np.zeros((wide, UNITS), np.float32), np.zeros((UNITS, len(codes)), np.float32)
    bias = np.full(len(codes), -20.0, np.float32)
    inner[columns] = network.coefs_[0]
    at = [codes.index(code) for code in network.classes_]
    outer[:, at], bias[at] = network.coefs_[1], network.intercepts_[1]
    return Layer(
        inner, network.intercepts_[0].astype(np.float32), outer * (1 - LINEAR_SHARE), bias * (1 - LINEAR_SHARE)
    )


def _parity_answers(coded: pd.DataFrame) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each of the Parity heads the true answers, and which texts count."""
    held = coded["parity"].map(parity_set)
    all_texts = np.ones(len(coded), dtype=bool)

    def has(*items: str) -> np.ndarray:
        return held.map(lambda found: any(item in found for item in items)).to_numpy(dtype=bool)

    answers = [(has(f"{leaf}:{direction}"), all_texts) for leaf, direction in PARITY]
    answers += [(has(f"{leaf}:supports", f"{leaf}:barrier"), all_texts) for leaf in LEAVES]
    supports, barrier = (has(*(f"{leaf}:{way}" for leaf in LEAVES)) for way in ("supports", "barrier"))
    return [*answers, (barrier, supports ^ barrier)]


def _calibration(coded: pd.DataFrame, unseen: dict[str, np.ndarray]) -> dict[str, tuple[float, float]]:
    columns, best = chosen(unseen["place"], unseen["phase"])
    right: dict[str, np.ndarray] = {}
    for name, codes in (("place", PLACE_CODES), ("phase", PHASE_CODES)):
        main = coded[name].map(main_code).to_numpy()
        right[name] = np.array(codes)[columns[name]] == main
    right["both"] = right["place"] & right["phase"]
    held = coded["parity"].map(parity_set)
    for_all = np.array([[f"{leaf}:{way}" in found for leaf, way in PARITY] for found in held])
    suggested = unseen["parity"] >= PARITY_FROM
    right["parity"], best["parity"] = for_all[suggested], unseen["parity"][suggested]
    return {name: _platt(best[name], right[name]) for name in best}


def _platt(probability: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    kept = np.clip(probability, 1e-6, 1 - 1e-6)
    fitted = LogisticRegression(C=1e6).fit(np.log(kept / (1 - kept))[:, None], right)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
