"""The tidy tables: their columns, types and keys. Everything above this room speaks in these tables.

Three tables come from survey exports (`RESPONSES`, `ACTIVITIES`, `RATINGS`), one from the study file
(`ORGANIZATIONS`) and three from coders (`CODINGS`, `CONSENSUS`, `ASSIGNMENT`).
"""

from ppp.tables.schema import (
    ACTIONS,
    ACTIVITIES,
    ALL,
    ASSIGNMENT,
    CODINGS,
    CONSENSUS,
    DIMENSIONS,
    INITIATORS,
    KINDS,
    MISSING_REASONS,
    ORGANIZATIONS,
    RATINGS,
    RESPONSES,
    ROLES,
    Column,
    Table,
)

__all__ = [
    "ACTIONS",
    "ACTIVITIES",
    "ALL",
    "ASSIGNMENT",
    "CODINGS",
    "CONSENSUS",
    "DIMENSIONS",
    "INITIATORS",
    "KINDS",
    "MISSING_REASONS",
    "ORGANIZATIONS",
    "RATINGS",
    "RESPONSES",
    "ROLES",
    "Column",
    "Table",
]
