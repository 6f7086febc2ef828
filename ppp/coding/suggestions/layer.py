"""A hidden layer: what several signs say together, which no sum of their weights can.

"Patients" and "taught" are a different thing when "nurses" stand between them. The units of the layer answer to such
company; a linear model beside it answers to each sign by itself, and the two are added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

__all__ = ["Layer"]

_STEPS = 127  # a weight is kept as one signed byte: so many steps of its unit's largest


@dataclass(frozen=True)
class Layer:
    """Rectified units between the features and the codes of one axis.

    Attributes
    ----------
    inner, inner_bias
        What each feature (row) says to each unit (column), and where the units start.
    outer, outer_bias
        What each unit (row) says for each code (column), and where the codes start.
    """

    inner: np.ndarray
    inner_bias: np.ndarray
    outer: np.ndarray
    outer_bias: np.ndarray

    def units(self, matrix: sparse.csr_matrix) -> np.ndarray:
        """How strongly each unit (column) answers to each text (row)."""
        return np.maximum(matrix @ self.inner + self.inner_bias, 0)

    def scores(self, units: np.ndarray) -> np.ndarray:
        """What the layer says for each code, from its `units`; one row a text."""
        return units @ self.outer + self.outer_bias

    def slopes(self, units: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """What each unit that answers to a text passes on for the code given for that text; one row a text.

        A unit is rectified, so that near a text the layer is a plain sum: ``inner @ slopes`` of a text is what each
        feature says there for its code.
        """
        return (units > 0) * self.outer.T[codes]

    def packed(self) -> dict[str, np.ndarray]:
        """The layer as arrays to save: `unpacked` gives it back, each inner weight right to half a step."""
        step = np.maximum(np.abs(self.inner).max(axis=0), 1e-12) / _STEPS
        return {
            "inner": np.round(self.inner / step).astype(np.int8),
            "step": step.astype(np.float32),
            "inner_bias": self.inner_bias.astype(np.float32),
            "outer": self.outer.astype(np.float32),
            "outer_bias": self.outer_bias.astype(np.float32),
        }

    @classmethod
    def unpacked(cls, kept: dict[str, np.ndarray]) -> Layer:
        """The layer that was `packed`."""
        inner = kept["inner"].astype(np.float32) * kept["step"]
        return cls(inner, kept["inner_bias"], kept["outer"], kept["outer_bias"])
