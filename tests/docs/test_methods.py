"""docs/methods.md is what the code says, and leaves no measure out."""

import importlib.util
import inspect

import pytest

from ppp import measures


@pytest.fixture(scope="module")
def script(root):
    spec = importlib.util.spec_from_file_location("make_methods", root / "docs" / "make_methods.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(script):
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), "Run: uv run python docs/make_methods.py"


def test_every_measure_has_its_entry(script):
    told = {function for entries in script.SECTIONS.values() for listed in entries.values() for function in listed}
    offered = {getattr(measures, name) for name in measures.__all__ if inspect.isfunction(getattr(measures, name))}
    # These prepare what measures count; they measure nothing.
    assert offered - told == {measures.placements, measures.coding_state, measures.coding_sources}


def test_every_entry_has_its_formula_source_reading_and_limits(script):
    parts = {"cronbach_alpha", "mcdonald_omega"}  # told under item reliability
    for entries in script.SECTIONS.values():
        for listed in entries.values():
            for function in listed:
                found = script.notes(function)
                wanted = script.LABELS[:2] if function.__name__ in parts else script.LABELS
                assert set(found) >= set(wanted), function.__name__
                assert all(found.values()), function.__name__
