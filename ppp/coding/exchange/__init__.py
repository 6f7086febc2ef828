"""Codings to and from other programs: REFI-QDA codebooks and projects, long CSV and SPSS files.

All four hold the same long table (`long_table`): one row for each code that a coder holds.
"""

from ppp.coding.exchange.codebook import read_codebook, write_codebook
from ppp.coding.exchange.project import read_project, write_project
from ppp.coding.exchange.tables import COLUMNS, long_table, read_table, write_table

__all__ = [
    "COLUMNS",
    "long_table",
    "read_codebook",
    "read_project",
    "read_table",
    "write_codebook",
    "write_project",
    "write_table",
]
