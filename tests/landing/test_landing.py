"""Jupyter opens on the landing notebook in this workbook, and nowhere else."""

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from ppp.landing import LANDING, _load_jupyter_server_extension, first_page


def test_first_page_of_the_workbook(root):
    assert first_page(root, "/lab") == f"/lab/tree/{LANDING}"
    assert first_page(root, "/tree") == f"/notebooks/{LANDING}"


@pytest.mark.parametrize("asked", ["/lab/tree/notebooks/3_agreement.ipynb", "/doc", "/"])
def test_what_the_user_asked_for_stays(root, asked):
    assert first_page(root, asked) == asked


def test_other_projects_are_left_alone(root, tmp_path):
    assert first_page(tmp_path, "/lab") == "/lab"
    (tmp_path / "notebooks").mkdir()
    (tmp_path / LANDING).write_text("{}", encoding="utf-8")
    assert first_page(tmp_path, "/lab") == "/lab"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "another"\n', encoding="utf-8")
    assert first_page(tmp_path, "/lab") == "/lab"


@pytest.mark.parametrize(
    ("given", "opens"),
    [
        ({}, f"/lab/tree/{LANDING}"),
        ({"base_url": "/user/anna/", "default_url": "/user/anna/lab"}, f"/user/anna/lab/tree/{LANDING}"),
        ({"file_to_run": "notebooks/3_agreement.ipynb"}, "/lab"),
        ({"starter_app": None}, "/lab"),
    ],
)
def test_the_server_is_told(root, given, opens):
    usual = {"starter_app": object(), "file_to_run": "", "base_url": "/", "default_url": "/lab", "root_dir": str(root)}
    server = SimpleNamespace(**(usual | given))
    _load_jupyter_server_extension(server)
    assert server.default_url == opens


def test_a_real_jupyterlab_says_so(root):
    """As it is installed here: the extension is found without anybody enabling it."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=0", "--ServerApp.port_retries=0"]
    running = subprocess.Popen(
        [*command, "--ServerApp.ip=127.0.0.1", "--allow-root"], cwd=root, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "JUPYTER_PREFER_ENV_PATH": "1"},
    )  # fmt: skip
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in running.stderr], daemon=True).start()
    try:
        seen, until = "", time.monotonic() + 60
        while not re.search(r"http://127\.0\.0\.1:\d+/lab\S*token", seen) and time.monotonic() < until:
            seen += lines.get(timeout=60)
    finally:
        running.terminate()
        running.wait(timeout=20)
    assert f"/lab/tree/{LANDING}?token" in seen


def test_every_link_leads_somewhere(root):
    notebook = json.loads((root / LANDING).read_text(encoding="utf-8"))
    text = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    there = {path.name for path in (root / "notebooks").glob("*.ipynb")} - {Path(LANDING).name}
    assert there <= set(links)
    for link in links:
        assert (root / "notebooks" / link).exists(), link
