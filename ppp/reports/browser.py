"""The browser that is installed on this machine: Chrome, Chromium or Edge. Nothing is ever fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ppp.errors import BadInput, Problem

__all__ = ["VARIABLE", "CannotPrint", "find_browser", "print_pdf"]

VARIABLE = "PPP_BROWSER"
"""Environment variable that names the browser to use, as a path or a command."""

_COMMANDS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
_MAC = ("Google Chrome", "Chromium", "Microsoft Edge")
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
)


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


class CannotPrint(Exception):
    """The browser left no PDF; says why in one line."""


_QUIET = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-default-apps"),
    "--host-resolver-rules=MAP * ~NOTFOUND",  # a report asks for nothing; nor may the browser, on its behalf
    # Our own stylesheet puts title and page number in the margins; the browser's would name the folder.
    *("--no-pdf-header-footer", "--generate-pdf-document-outline"),
)
_SECONDS = 180


def print_pdf(browser: Path, page: Path, pdf: Path) -> None:
    """Print a page on A4, as its print stylesheet says.

    Parameters
    ----------
    browser
        See `find_browser`.
    page, pdf
        The HTML file, and the file to write.

    Raises
    ------
    CannotPrint
        Where the browser ends without a whole PDF, or takes longer than three minutes.
    """
    with tempfile.TemporaryDirectory(prefix="ppp-print-", ignore_cleanup_errors=True) as profile:
        command = [str(browser), *_QUIET, f"--user-data-dir={profile}", f"--print-to-pdf={pdf.resolve()}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append("--no-sandbox")  # with it, browsers do not start for root
        try:
            ran = subprocess.run(
                [*command, page.resolve().as_uri()], capture_output=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise CannotPrint(f"the browser took longer than {_SECONDS} s to print it") from None
        except OSError as error:
            raise CannotPrint(f"the browser cannot be started ({error.strerror})") from None
    if not pdf.is_file() or not _is_whole(pdf):
        raise CannotPrint(f"the browser left no PDF (it ended with {ran.returncode})")


def _is_whole(pdf: Path) -> bool:
    content = pdf.read_bytes()
    return content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


def _candidates() -> list[str]:
    mac = [
        f"{folder}/{name}.app/Contents/MacOS/{name}" for folder in ("/Applications", "~/Applications") for name in _MAC
    ]
    roots = [os.environ[key] for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if key in os.environ]
    windows = [os.path.join(root, path) for root in roots for path in _WINDOWS]
    return [*_COMMANDS, *(os.path.expanduser(path) for path in mac), *windows]
