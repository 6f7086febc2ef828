"""The browser that is installed on this machine: Chrome, Chromium or Edge. Nothing is ever fetched."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ppp.errors import BadInput, Problem

__all__ = ["VARIABLE", "find_browser"]

VARIABLE = "PPP_BROWSER"
"""Environment variable that names the browser to use, as a path or a command."""

_COMMANDS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
_MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Chromium\Application\chrome.exe")
_WINDOWS += (r"Microsoft\Edge\Application\msedge.exe",)


def find_browser() -> Path:
    """The program of an installed Chrome, Chromium or Edge; the one that ``PPP_BROWSER`` names comes first.

    Raises
    ------
    BadInput
        Where there is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            mend = "Name an installed Chrome, Chromium or Edge, or unset the variable to have one looked for."
            raise BadInput(Problem(f"{VARIABLE} names “{named}”, and there is no such program.", mend=mend))
        return Path(found)
    for candidate in _candidates():
        found = shutil.which(candidate)
        if found:
            return Path(found)
    raise BadInput(
        Problem(
            "PDF files are printed by a browser, and no Chrome, Chromium or Edge was found on this machine.",
            mend=f"Install one of them, or name it: {VARIABLE}=/path/to/browser. HTML reports need none.",
        )
    )


def _candidates() -> list[str]:
    mac = [
        f"{folder}/{name}.app/Contents/MacOS/{name}" for folder in ("/Applications", "~/Applications") for name in _MAC
    ]
    roots = [os.environ[key] for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if key in os.environ]
    windows = [os.path.join(root, path) for root in roots for path in _WINDOWS]
    return [*_COMMANDS, *(os.path.expanduser(path) for path in mac), *windows]
