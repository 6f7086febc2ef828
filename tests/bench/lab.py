"""A real JupyterLab on a folder of its own, and what a person does in it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

WAIT = 180_000  # milliseconds: a busy machine starts a kernel slowly; nothing waits longer than it must


def project(folder: Path, root: Path) -> Path:
    """A copy of the demo study and the notebooks, as a researcher has them."""
    ignore = shutil.ignore_patterns("prepared", ".*", "*.steps")
    shutil.copytree(root / "data" / "demo", folder / "data" / "demo", ignore=ignore)
    shutil.copytree(root / "notebooks", folder / "notebooks", ignore=ignore)
    return folder


def set_parameters(notebook: Path, **values: str) -> None:
    """Fill in the notebook's parameters cell, as somebody types into it."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    [cell] = [one for one in content["cells"] if "parameters" in one["metadata"].get("tags", [])]
    cell["source"] = [f"{name} = {value!r}\n" for name, value in values.items()]
    notebook.write_text(json.dumps(content), encoding="utf-8")


@contextmanager
def jupyter(folder: Path, app: str = "lab", python: str = sys.executable):
    """A running server on `folder`; yields its address. Settings, kernels and history live beside the folder."""
    home = folder.parent / f"home-{app}"
    config = home / "config"
    (config / "labconfig").mkdir(parents=True, exist_ok=True)
    # The question about Jupyter's news would lie over the page.
    (config / "labconfig" / "page_config.json").write_text(
        json.dumps({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}})
    )
    (config / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"kernel_info_timeout": 120}}))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    log = open(home / "server.log", "wb")  # noqa: SIM115
    server = subprocess.Popen(
        [
            python, "-m", "jupyter", app, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
            "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
            "--LabApp.expose_app_in_browser=True",
        ],
        cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _answers(address, server, home / "server.log")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _answers(address: str, server: subprocess.Popen, log: Path) -> None:
    import time

    until = time.monotonic() + WAIT / 1000
    while True:
        try:
            urllib.request.urlopen(f"{address}/api/status", timeout=5).read()
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"JupyterLab did not start: {log.read_text()[-2000:]}") from None
            time.sleep(0.1)


def api(address: str, path: str):
    """What the server answers."""
    with urllib.request.urlopen(f"{address}/api/{path}", timeout=30) as answer:
        return json.load(answer)


def kill_kernel(address: str) -> None:
    """Kill the kernel's process: no farewell, no clean-up."""
    import psutil

    [kernel] = [session["kernel"]["id"] for session in api(address, "sessions")]
    [process] = [
        one for one in psutil.process_iter(["cmdline"]) if any(kernel in part for part in one.info["cmdline"] or [])
    ]
    process.kill()


def axe_findings(page, where: str) -> list[str]:
    """What axe finds wrong inside a part of the page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=where).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:300]}" for one in found for node in one["nodes"]
    ]


def write_notebook(path: Path, *cells: str) -> None:
    """A notebook of code cells."""
    made = [
        {"cell_type": "code", "id": str(n), "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for n, source in enumerate(cells)
    ]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    path.write_text(json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))


class Person:
    """Somebody at a browser tab."""

    def __init__(self, page, address: str) -> None:
        self.page = page
        self.address = address
        page.set_default_timeout(WAIT)

    def open(self, notebook: str) -> None:
        """Open a notebook and wait for its kernel."""
        self.page.goto(f"{self.address}/lab/tree/{notebook}?reset")
        # Cells that are run before the kernel is connected are not run at all.
        self.page.wait_for_function(
            "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'"
        )

    def run_all(self) -> None:
        """Run every cell."""
        self.page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")

    def leave(self) -> None:
        """Shut every kernel down and close the browser."""
        self.page.evaluate("window.jupyterapp?.serviceManager.sessions.shutdownAll()")
        self.page.context.close()

    def save(self) -> None:
        """Save the notebook."""
        self.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
        self.page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")

    def theme(self, name: str) -> None:
        """Change JupyterLab's theme."""
        self.page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        self.page.wait_for_function("(name) => document.body.dataset.jpThemeName === name", arg=name)

    def dismiss_dialog(self) -> None:
        """Close what JupyterLab says when a kernel died."""
        self.page.locator(".jp-Dialog button.jp-mod-accept").click()

    @property
    def bench(self):
        """The widget that is shown last."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .ppp-bench").last

    def ready(self):
        """Wait until the bench shows something to do; returns it."""
        self.bench.locator("article").wait_for()
        return self.bench

    def says(self, words: str) -> None:
        """Wait until the bench's status line holds these words."""
        self.bench.locator(".status", has_text=words).wait_for()

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def kept(self) -> int:
        """How many steps wait in the browser."""
        return self.page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('ppp-bench/')).length")

    def all_saved(self) -> None:
        """Wait until no step waits in the browser."""
        self.page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('ppp-bench/'))")


def rows(file: Path, before: int = 0) -> pd.DataFrame:
    """The lines of an events file, as text, from the one after `before` on."""
    return pd.read_csv(file, dtype=str, keep_default_na=False).iloc[before:].reset_index(drop=True)
