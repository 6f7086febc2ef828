"""The recipes of CONTRIBUTING.md, followed in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys

import pytest

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = (
    "ppp",
    "docs",
    "notebooks",
    "data/demo",
    "pyproject.toml",
    "tests/conftest.py",
    "tests/docs",
    "tests/language",
    "README.md",
)


@pytest.fixture
def copy(tmp_path, root):
    """A copy of what the recipes touch, and a way to run things in it."""
    for name in COPIED:
        source, target = root / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "prepared"))
        else:
            shutil.copy(source, target)

    def run(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return tmp_path, run


def _follow(root, folder, run, heading):
    """Do what the blocks below a heading say; returns the tests that it wrote."""
    section = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    tests = []
    for kind, block in FENCE.findall(section):
        first, _, rest = block.partition("\n")
        if kind == "sh":
            for line in block.splitlines():
                run(*line.removeprefix("python ").split())
        elif kind == "diff":
            path = folder / first
            text = path.read_text(encoding="utf-8")
            for hunk in rest.split("@@\n"):
                lines = hunk.splitlines()
                before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
                assert text.count(before) == 1, f"CONTRIBUTING.md no longer fits {first}: {before}"
                text = text.replace(before, "\n".join(line[1:] for line in lines if not line.startswith("-")))
            path.write_text(text, encoding="utf-8")
        else:
            path = folder / first.removeprefix("# ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(rest, encoding="utf-8")
            tests += [str(path)] if path.name.startswith("test_") else []
    return tests


def _pytest(run, *arguments):
    run("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)


def test_every_command_in_the_table_finds_what_it_runs(root):
    table = (root / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## A survey platform")[0]
    commands = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert len(commands) > 12
    named = {word.split("=")[-1] for command in commands for word in command.split() if "/" in word}
    assert {"tests/docs", ".ci/offline", "tests/benchmarks/mutants.py"} <= named
    assert not [name for name in named if not (root / name).exists()]


def test_the_recipe_for_a_platform(copy, root):
    folder, run = copy
    tests = _follow(root, folder, run, "A survey platform")
    assert tests
    _pytest(run, *tests)


def test_the_recipe_for_a_measure(copy, root):
    folder, run = copy
    tests = _follow(root, folder, run, "A measure")
    assert tests
    _pytest(run, *tests, "tests/docs/test_methods.py", "ppp/measures/burden.py")
    assert "Activities told by each respondent" in (folder / "docs" / "methods.md").read_text(encoding="utf-8")


def test_the_recipe_for_a_language(copy, root):
    folder, run = copy
    tests = _follow(root, folder, run, "A language")
    assert tests
    _pytest(run, *tests, "tests/language/test_catalogues.py", "-k", "nb or norwegian")


def test_the_recipe_for_a_notebook(copy, root, tmp_path):
    folder, run = copy
    _follow(root, folder, run, "A notebook")
    notebook = folder / "notebooks" / "5_who_answered.ipynb"
    subprocess.run([sys.executable, "-m", "nbstripout", "--verify", notebook], check=True)
    run("-m", "papermill", str(notebook), str(tmp_path / "out.ipynb"), "--log-level", "ERROR", "--no-progress-bar")
