"""JupyterLab opens on the landing notebook, where there is one.

A small Jupyter server extension. It looks whether the folder that Jupyter was started in is this workbook; in any
other folder, and where a file or a first page was asked for, it does nothing. What a bookmark or ``/lab`` opens stays
as it is: only the page that Jupyter opens by itself is another one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

__all__ = ["LANDING", "first_page"]

LANDING = "notebooks/0_start.ipynb"
"""From the workbook's folder."""

_OPENS = {
    "/lab": "/lab/tree/",
    "/tree": "/notebooks/",
}  # JupyterLab and Notebook 7: their own first page, a file's page


def first_page(root: Path, default: str) -> str:
    """The page to open: the landing notebook where `root` is the workbook, else the default.

    Parameters
    ----------
    root
        The folder that Jupyter was started in.
    default
        The page that it would open: "/lab" in JupyterLab, "/tree" in Notebook 7, or what the user asked for.

    Examples
    --------
    >>> first_page(Path("somewhere/else"), "/lab")
    '/lab'
    """
    if default not in _OPENS or not (root / LANDING).is_file():
        return default
    try:
        ours = 'name = "ppp-workbook"' in (root / "pyproject.toml").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        ours = False
    return _OPENS[default] + quote(LANDING) if ours else default


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "ppp.landing"}]


def _load_jupyter_server_extension(server: Any) -> None:
    if server.starter_app is None or server.file_to_run:
        return
    default = server.default_url
    own = default.removeprefix(server.base_url.rstrip("/"))
    server.default_url = default.removesuffix(own) + first_page(Path(server.root_dir), own)
