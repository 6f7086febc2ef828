"""Small faults put into a room's code, to see whether its tests notice: python tests/benchmarks/mutants.py measures -n 40

Each mutant is one changed operator, number or truth in a copy of the project; a mutant that the room's tests pass is printed
with its place. Which places are drawn, the seed decides.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from copy import deepcopy
from pathlib import Path

ROOT = Path(__file__).parents[2]
SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def _places(tree: ast.AST) -> list[int]:
    """Which nodes, in the order of a walk, a fault can be put into; not in annotations, where `|` is no sum."""
    notes = {id(part) for node in ast.walk(tree) for name in ("annotation", "returns") if (note := getattr(node, name, None)) for part in ast.walk(note)}  # fmt: skip
    return [at for at, node in enumerate(ast.walk(tree)) if id(node) not in notes and _changed(deepcopy(node))]


def _changed(node: ast.AST) -> bool:
    """Put the fault into the node; whether it takes one."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED:
        node.ops[0] = SWAPPED[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in SWAPPED:
        node.op = SWAPPED[type(node.op)]()
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        node.value += 1
    else:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room", choices=["measures", "disclosure"])
    parser.add_argument("-n", type=int, default=40, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tests", nargs="*", help="instead of the room's own")
    asked = parser.parse_args()
    sources = {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "ppp" / asked.room).glob("*.py"))}
    places = [(path, at) for path, tree in sources.items() for at in _places(tree)]
    drawn = random.Random(asked.seed).sample(places, min(asked.n, len(places)))
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("ppp", "tests", "data", "docs"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "prepared"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
        command += asked.tests or [f"tests/{asked.room}", f"ppp/{asked.room}"]
        environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}

        def pass_() -> bool:
            done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False, timeout=1800)
            return done.returncode == 0

        assert pass_(), "the tests fail without a fault too"
        for number, (path, at) in enumerate(drawn, start=1):
            tree = deepcopy(sources[path])
            node = list(ast.walk(tree))[at]
            before = ast.unparse(node)
            _changed(node)
            target = copy / path.relative_to(ROOT)
            target.write_text(ast.unparse(tree), encoding="utf-8")
            if pass_():
                survived += 1
                print(f"{path.relative_to(ROOT)}:{node.lineno}: {before}  →  {ast.unparse(node)}", flush=True)
            shutil.copy(path, target)
            print(f"{number} of {len(drawn)}: {survived} survived", end="\r", file=sys.stderr)
    print(
        f"{len(drawn)} of {len(places)} mutants of {asked.room} tried: {len(drawn) - survived} noticed, {survived} not."
    )


if __name__ == "__main__":
    main()
