"""One JupyterLab and one browser for the tests of this room."""

import importlib.util
from pathlib import Path

import pytest


def _beside(name):
    spec = importlib.util.spec_from_file_location(f"bench_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def lab():
    """The module `lab.py` beside this file."""
    return _beside("lab")


@pytest.fixture(scope="session")
def browse():
    """Makes a browser that asks a bench; see `asking.py` beside this file."""
    return _beside("asking").Browser


@pytest.fixture
def coded(small):
    """A small study with two coders who code everything."""
    small.settings["coders"] = ["anna", "bo"]
    small.settings["coding"] = {"overlap": 1}
    small.write()
    return small


@pytest.fixture(scope="module")
def workplace(lab, root, tmp_path_factory, chromium):
    """A folder with the demo study and the notebooks, and a JupyterLab on it: (folder, address)."""
    folder = lab.project(tmp_path_factory.mktemp("lab") / "project", root)
    with lab.jupyter(folder) as address:
        yield folder, address


@pytest.fixture
def person(lab, workplace, chromium):
    """Somebody at a new browser with nothing kept from before."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000}, reduced_motion="reduce")
    one = lab.Person(context.new_page(), workplace[1])
    yield one
    one.leave()
