"""The hidden layer: it hears company, and it is the same after saving."""

import numpy as np
import pytest
from scipy import sparse

from ppp.coding.suggestions.layer import Layer
from ppp.coding.suggestions.model import PHASE_CODES, PLACE_CODES, shipped


@pytest.fixture
def only_one_of_two():
    """Speaks for the first code where one of two signs is there, for the second where both are or neither: no sum can."""
    return Layer(
        inner=np.array([[1, 1], [1, 1]], np.float32),
        inner_bias=np.array([0, -1], np.float32),
        outer=np.array([[1, 0], [-2, 0]], np.float32),
        outer_bias=np.array([0, 0.5], np.float32),
    )


def test_it_answers_to_signs_together_as_no_sum_of_them_can(only_one_of_two):
    neither, one, other, both = (sparse.csr_matrix(row) for row in ([[0, 0]], [[1, 0]], [[0, 1]], [[1, 1]]))
    assert [_told(only_one_of_two, row) for row in (neither, one, other, both)] == [1, 0, 0, 1]


def _told(layer, row):
    return int(layer.scores(layer.units(row)).argmax())


def test_near_a_text_what_each_sign_says_adds_up_to_what_the_layer_says(only_one_of_two):
    row = sparse.csr_matrix([[1.0, 0.0]])
    units = only_one_of_two.units(row)
    slopes = only_one_of_two.slopes(units, np.array([0]))
    assert (row @ only_one_of_two.inner @ slopes.T).item() == pytest.approx(only_one_of_two.scores(units)[0, 0])


def test_what_is_saved_comes_back_right_to_half_a_step():
    random = np.random.default_rng(3)
    layer = Layer(*(random.normal(size=shape).astype(np.float32) for shape in ((500, 8), 8, (8, 6), 6)))
    again = Layer.unpacked(layer.packed())
    step = np.abs(layer.inner).max(axis=0) / 127
    assert (np.abs(again.inner - layer.inner) <= step / 2 + 1e-6).all()
    for part in ("inner_bias", "outer", "outer_bias"):
        np.testing.assert_array_equal(getattr(again, part), getattr(layer, part))


def test_units_that_say_nothing_can_be_saved():
    silent = Layer(*(np.zeros(shape, np.float32) for shape in ((4, 2), 2, (2, 6), 6)))
    assert not Layer.unpacked(silent.packed()).inner.any()


def test_the_shipped_layers_fit_the_features_and_codes():
    model = shipped()
    for axis, codes in (("place", PLACE_CODES), ("phase", PHASE_CODES)):
        layer = model.layers[axis]
        assert layer.inner.shape == (len(model.features.names), len(layer.inner_bias))
        assert layer.outer.shape == (len(layer.inner_bias), len(codes))
        is_sign = model.features.blocks == 3  # what is said of Parity tells no cell
        assert not layer.inner[is_sign].any()
