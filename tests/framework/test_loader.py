"""The codebook is edited by people who do not program: each fault is told with its line."""

from pathlib import Path

import pytest

from ppp import framework, yamlfile
from ppp.errors import BadInput
from ppp.framework.model import Codebook

TEXT = (Path(framework.__file__).parent / "codebook.yaml").read_text(encoding="utf-8")


def _fault(tmp_path, wrong: str, right: str) -> str:
    assert TEXT.count(wrong) >= 1
    path = tmp_path / "codebook.yaml"
    path.write_text(TEXT.replace(wrong, right, 1), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        yamlfile.read(path, Codebook, name="codebook.yaml")
    return str(caught.value)


def _line(words: str) -> int:
    return TEXT[: TEXT.index(words)].count("\n") + 1


def test_a_misspelt_key_is_told_with_its_line_and_the_right_one(tmp_path):
    told = _fault(tmp_path, "    scale: micro", "    scala: micro")
    assert f"line {_line('    scale: micro')}" in told
    assert "Did you mean “scale”?" in told


def test_a_missing_language(tmp_path):
    told = _fault(tmp_path, "label: {en: Direct care, sv: Vårdmötet}", "label: {en: Direct care}")
    assert f"line {_line('label: {en: Direct care')}" in told
    assert "missing in: sv" in told


def test_a_key_given_twice(tmp_path):
    told = _fault(tmp_path, "    scale: micro\n", "    scale: micro\n    scale: macro\n")
    assert "given twice" in told


def test_a_leaf_that_is_left_out_of_a_grouping(tmp_path):
    told = _fault(tmp_path, "leaves: [preparation, training]}", "leaves: [preparation]}")
    assert "training" in told
    assert "groupings" in told


def test_places_in_another_order(tmp_path):
    told = _fault(tmp_path, "- id: direct_care", "- id: clinic")
    assert "direct_care" in told


def test_text_that_is_no_yaml(tmp_path):
    told = _fault(tmp_path, "places:", "places: [")
    assert "not valid YAML" in told
    assert "line" in told
