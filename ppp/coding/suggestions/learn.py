"""Learning from a study: the shipped model fitted to what the study's coders settled, and kept only if it is better.

The weights start from the model at hand and are pulled back to it (a Gaussian prior around its weights), so that few
texts move it little, and the corpus that it came from need not be there. What signs say together (the hidden layer)
stays as it is: some dozens of texts tell nothing of that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from ppp.coding.suggestions.features import BLOCKS, Reading, read
from ppp.coding.suggestions.model import PHASE_CODES, PLACE_CODES, Model, chosen, shipped

__all__ = ["FEWEST", "LearnResult", "learn"]

FEWEST = 30
"""Texts with codes below which nothing is learned: a handful would say nothing about the rest."""

_FOLDS = 5
_STRENGTH = 3.0  # how far texts may pull a weight from where it was; larger is freer
_AXES = {"place": PLACE_CODES, "phase": PHASE_CODES}


@dataclass(frozen=True)
class LearnResult:
    """What came of learning from a study.

    Attributes
    ----------
    model
        The model to use from now on: the fitted one if it is better, else the one before.
    is_better
        Whether the fitted model did better on held-back texts.
    texts_n
        Texts learned from.
    before, after
        For place and for phase, the share of held-back texts that the model before and the fitted one got right.
    """

    model: Model
    is_better: bool
    texts_n: int
    before: dict[str, float]
    after: dict[str, float]

    def lines(self) -> Iterator[str]:
        """What to tell the user."""
        if self.texts_n < FEWEST:
            yield (
                f"{self.texts_n} activities are settled or coded alike by two coders; learning needs {FEWEST}. "
                "The model stays as it is."
            )
            return
        yield f"Learned from {self.texts_n} activities; each judged by a model that had not seen it:"
        for axis in _AXES:
            yield f"  {axis}: {self.before[axis]:.0%} right before, {self.after[axis]:.0%} after"
        if self.is_better:
            yield "It got better: the new model is used from now on."
        else:
            yield "It did not get better: the old model is kept."


def learn(activities: pd.DataFrame, coded: pd.DataFrame, model: Model | None = None) -> LearnResult:
    """Fit the model to a study's own codes, and say whether that made it better.

    Parameters
    ----------
    activities
        Columns ``activity_id``, ``text`` and ``language`` (may be missing).
    coded
        What the coders settled or agree on: columns ``activity_id``, ``dimension`` (*place* and *phase_began* are learned from)
        and ``code``; of several codes the first counts.
    model
        The model to start from; the shipped one where left out.

    Returns
    -------
    LearnResult
        The model to use, and how right the two were on texts held back in five folds. Same input, same result.
    """
    start = model or shipped()
    codes = coded[coded["dimension"].isin(["place", "phase_began"])]
    codes = codes.drop_duplicates(["activity_id", "dimension"]).pivot(
        index="activity_id", columns="dimension", values="code"
    )
    codes = codes.reindex(columns=["place", "phase_began"]).rename(columns={"phase_began": "phase"}).dropna()
    texts = activities[["activity_id", "text", "language"]].drop_duplicates("activity_id")
    texts = texts.merge(codes, left_on="activity_id", right_index=True).sort_values("activity_id", ignore_index=True)
    texts = texts[texts["place"].isin(PLACE_CODES) & texts["phase"].isin(PHASE_CODES)]
    texts = texts[texts["text"].fillna("").str.contains(r"\w")].reset_index(drop=True)
    if len(texts) < FEWEST:
        return LearnResult(start, False, len(texts), {}, {})
    readings = [read(text, language) for text, language in zip(texts["text"], texts["language"], strict=True)]
    # Same words, same fold: an activity told twice must not help to judge itself.
    fold = np.array(
        [int(hashlib.sha256(" ".join(reading.words).encode()).hexdigest(), 16) % _FOLDS for reading in readings]
    )
    before = _likelihoods(start, readings)
    after = {axis: np.zeros_like(found) for axis, found in before.items()}
    for held in range(_FOLDS):
        out = np.flatnonzero(fold == held)
        if len(out):
            kept = np.flatnonzero(fold != held)
            fitted = _fitted(start, [readings[at] for at in kept], texts.iloc[kept])
            for axis, found in _likelihoods(fitted, [readings[at] for at in out]).items():
                after[axis][out] = found
    right = {name: _right(found, texts) for name, found in (("before", before), ("after", after))}
    loss = {name: _loss(found, texts) for name, found in (("before", before), ("after", after))}
    gain = sum(right["after"].values()) - sum(right["before"].values())
    loses = any(right["after"][axis] < right["before"][axis] for axis in _AXES)
    is_better = gain > 0 and not loses and loss["after"] < loss["before"]
    chosen_model = _fitted(start, readings, texts) if is_better else start
    return LearnResult(chosen_model, is_better, len(texts), right["before"], right["after"])


def _likelihoods(model: Model, readings: list[Reading]) -> dict[str, np.ndarray]:
    verdicts = model.judge(readings)
    return {"place": verdicts.place, "phase": verdicts.phase}


def _right(found: dict[str, np.ndarray], texts: pd.DataFrame) -> dict[str, float]:
    columns, _ = chosen(found["place"], found["phase"])
    return {
        axis: float((np.array(codes)[columns[axis]] == texts[axis].to_numpy(dtype=str)).mean())
        for axis, codes in _AXES.items()
    }


def _loss(found: dict[str, np.ndarray], texts: pd.DataFrame) -> float:
    total = 0.0
    for axis, codes in _AXES.items():
        true = texts[axis].map(codes.index).to_numpy()
        total -= float(np.log(np.clip(found[axis][np.arange(len(true)), true], 1e-9, None)).mean())
    return total


def _fitted(start: Model, readings: list[Reading], texts: pd.DataFrame) -> Model:
    whole = start.features.matrix(readings)
    used = np.flatnonzero(start.features.blocks != BLOCKS.index("signs"))
    matrix = whole[:, used].astype(np.float64)
    weights = {}
    for axis, codes in _AXES.items():
        given = start.scores(axis, whole)
        true = np.zeros_like(given)
        true[np.arange(len(given)), texts[axis].map(codes.index)] = 1

        # The best shift of the weights lies in the span of the texts: one coefficient a text, by the kernel.
        kernel = np.asarray((matrix @ matrix.T).todense())

        def objective(flat: np.ndarray, given=given, true=true, kernel=kernel) -> tuple[float, np.ndarray]:
            shift = flat.reshape(true.shape)
            moved = kernel @ shift
            scores = given + moved
            top = scores.max(axis=1, keepdims=True)
            total = top[:, 0] + np.log(np.exp(scores - top).sum(axis=1))
            chance = np.exp(scores - total[:, None])
            loss = (total - (scores * true).sum(axis=1)).sum() + (shift * moved).sum() / (2 * _STRENGTH)
            return loss, (kernel @ (chance - true + shift / _STRENGTH)).ravel()

        found = minimize(objective, np.zeros(true.size), jac=True, method="L-BFGS-B", options={"maxiter": 200})
        moved = getattr(start, axis).copy()
        moved[used] += (matrix.T @ found.x.reshape(true.shape)).astype(np.float32)
        weights[axis] = moved
    return replace(start, **weights)
