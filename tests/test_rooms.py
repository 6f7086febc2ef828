"""The rooms of the house: imports go down, and what must not be known is not imported."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ppp"

GROUND = {"framework", "tables", "language", "errors", "yamlfile", "cells"}
MAY_IMPORT = {
    "errors": set(),
    "cells": set(),
    "yamlfile": {"errors"},
    "language": {"errors"},
    "framework": {"errors", "yamlfile"},
    "tables": {"framework"},
    "surveys": GROUND,
    "coding": GROUND,
    "measures": GROUND | {"coding"},
    "disclosure": GROUND | {"coding", "measures"},
    "bench": {"framework", "language", "errors", "coding"},
    "figures": GROUND | {"disclosure"},
    "kernels": set(),
    "landing": set(),
    "reports": GROUND | {"measures", "disclosure", "figures", "kernels"},
    "study": GROUND | {"surveys", "coding", "measures", "disclosure", "reports", ""},
    "explore": GROUND | {"measures", "figures", "study"},
    "cli": {"errors", "study", "surveys", ""},
}
"""For each room the rooms that it may use; "" is the package itself (its version)."""


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "ppp":
            names = [alias.name for alias in node.names]
            found |= {f"ppp.{name}" for name in names} if node.module == "ppp" else {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "ppp"}
    return found


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_what_lies_below_it(room):
    files = sorted((PACKAGE / room).rglob("*.py")) if (PACKAGE / room).is_dir() else [PACKAGE / f"{room}.py"]
    assert files
    assert all(path.is_file() for path in files)
    for path in files:
        rooms = {_room(module) for module in _imports(path)} - {room}
        assert rooms <= MAY_IMPORT[room], f"{path.relative_to(ROOT)} imports from {sorted(rooms - MAY_IMPORT[room])}"


def test_every_room_is_listed_here():
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    rooms |= {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert rooms == set(MAY_IMPORT)


def test_the_architecture_page_tells_the_same():
    rows = re.findall(
        r"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", (ROOT / "docs/architecture.md").read_text("utf-8"), re.MULTILINE
    )
    told = {room: set(re.findall(r"`(\w+)`", used)) | (GROUND if "*ground*" in used else set()) for room, used in rows}
    assert told.keys() >= MAY_IMPORT.keys()
    assert {room: told[room] for room in MAY_IMPORT} == {room: used - {""} for room, used in MAY_IMPORT.items()}
