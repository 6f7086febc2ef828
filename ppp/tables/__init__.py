"""The tidy tables: their columns, types and keys. Everything above this room speaks in these tables.

Three tables come from survey exports (`RESPONSES`, `ACTIVITIES`, `RATINGS`), one from the study file
(`ORGANIZATIONS`) and one from coders (`CODINGS`).
"""

from ppp.tables.schema import (
    ACTIVITIES,
    ALL,
    CODINGS,
    INITIATORS,
    MISSING_REASONS,
    ORGANIZATIONS,
    RATINGS,
    RESPONSES,
    ROLES,
    Column,
    Table,
)

__all__ = [
    "ACTIVITIES",
    "ALL",
    "CODINGS",
    "INITIATORS",
    "MISSING_REASONS",
    "ORGANIZATIONS",
    "RATINGS",
    "RESPONSES",
    "ROLES",
    "Column",
    "Table",
]
