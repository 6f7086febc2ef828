"""Random studies, also for the script in tests/benchmarks."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def studies():
    """The module `random_studies` beside this file."""
    spec = importlib.util.spec_from_file_location("random_studies", Path(__file__).parent / "random_studies.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
