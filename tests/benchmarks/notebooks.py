"""How long each notebook takes on the demo study, in a fresh kernel, from start to end.

    uv run python tests/benchmarks/notebooks.py

The bar is 30 seconds each. The first run of the day prepares the study too.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "notebooks"


def main() -> None:
    with tempfile.TemporaryDirectory() as out:
        for notebook in sorted(FOLDER.glob("*.ipynb")):
            command = ["papermill", notebook, Path(out) / notebook.name, "--cwd", FOLDER, "--no-progress-bar"]
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)
            print(f"{notebook.stem:22} {time.perf_counter() - began:5.1f} s")


if __name__ == "__main__":
    main()
