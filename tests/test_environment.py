"""environment.yml offers conda users the same packages as pyproject.toml."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"matplotlib-base": "matplotlib", "playwright-python": "playwright"}  # conda-forge's names for them
NOT_ON_CONDA_FORGE = {"axe-playwright-python"}


def _split(requirement: str) -> tuple[str, frozenset[str]]:
    name, bounds = re.fullmatch(r"([A-Za-z0-9_.-]+)(.*)", requirement.replace(" ", "")).groups()
    return CONDA_NAMES.get(name, name), frozenset(filter(None, bounds.split(",")))


def test_environment_yml_has_the_direct_dependencies_of_pyproject_with_the_same_bounds():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = dict(map(_split, [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]))
    wanted["python"] = frozenset([project["project"]["requires-python"]])

    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    [from_pip] = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    from_conda = [entry for entry in environment["dependencies"] if isinstance(entry, str) and entry != "pip"]
    offered = dict(_split(entry) for entry in from_conda + [entry for entry in from_pip if entry != "-e ."])

    assert offered == wanted


def test_conda_users_get_their_packages_from_conda_forge_alone():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    [pip] = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert {_split(entry)[0] for entry in pip if entry != "-e ."} == NOT_ON_CONDA_FORGE
    assert "-e ." in pip, "pip brings the workbook itself"
