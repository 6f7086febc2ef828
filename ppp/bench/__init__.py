"""Widgets for JupyterLab: one activity at a time to code, one difference at a time to settle.

They hold no data of their own. Every decision goes to a coder's append-only file at once (`ppp.coding.desk`), and what
people wrote is sent to the browser only when a view asks for it: it never becomes part of a notebook.
"""

from ppp.bench.coding import CodingBench
from ppp.bench.settling import SettlingBench

__all__ = ["CodingBench", "SettlingBench"]
