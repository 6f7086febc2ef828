"""Real processes of the program, on a study that an earlier version made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def earlier():
    """Copies the study that an earlier version made (`make_study.py`) to a folder; all that it had derived comes along."""

    def copy(folder: Path) -> Path:
        return Path(shutil.copytree(HERE / "made_earlier", folder))

    return copy


@pytest.fixture(scope="session")
def ppp():
    """Runs `ppp` in a process of its own; what it said, and its exit code."""

    def run(*arguments, cwd, environment=None):
        done = subprocess.run(
            [sys.executable, "-m", "ppp", *map(str, arguments)],
            cwd=cwd, env={**os.environ, **(environment or {})}, capture_output=True, check=False, timeout=300,
        )  # fmt: skip
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", errors="replace")

    return run
