"""Alchemer (SurveyGizmo): one heading row, ``Item:Question`` for questions of several columns.

Multi-selects are one column a choice that holds its label, or one cell with choices joined by ``;``.
"""

from __future__ import annotations

import re
from collections import defaultdict

from ppp.surveys.export import SurveyExport
from ppp.surveys.grid import File, frame, unique
from ppp.surveys.platforms.shape import choices_table, flag, index_column, joined_choices, questions_table, set_apart
from ppp.surveys.text import plain, readable

__all__ = ["certainty", "read"]

_OWN = {
    "response id", "time started", "date submitted", "status", "contact id", "legacy comments", "comments", "language",
    "referer", "extended referer", "sessionid", "session id", "user agent", "tags", "ip address", "longitude",
    "latitude", "country", "city", "state/region", "postal", "link name", "is test data",
}  # fmt: skip
_ITEM = re.compile(r"^([^:]+(?::(?=:))?):(?!\s)(.+)$", re.DOTALL)


def certainty(file: File) -> float:
    """Sure with its three own columns; less so with its way of writing headings."""
    if file.kind not in ("text", "sheet"):
        return 0.0
    own = {plain(cell) for cell in file.grid.heading}
    if {"time started", "date submitted", "status"} <= own:
        return 1.0
    items = sum(bool(re.match(r"^(Other - Write In|.+ #\d+):\S", cell)) for cell in file.grid.heading)
    return 0.85 if items >= 2 and own & {"response id", "date submitted"} else 0.6 if items >= 2 else 0.0


def read(file: File) -> SurveyExport:
    """The export."""
    grid = file.grid
    names, _ = unique(grid.heading)
    table = frame(grid, name=file.name, headings=names)
    answers, metadata, identifiers, notes = set_apart(
        table, lambda name: plain(name) in _OWN or name in names[: index_column(grid)]
    )
    status = {plain(name): table[name] for name in metadata}
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in answers:
        found = _ITEM.match(name)
        groups[found[2].strip() if found else name].append((name, found[1] if found else ""))
    rows: list[tuple] = []
    choices: list[tuple] = []
    for question, members in groups.items():
        ticked = [(name, item) for name, item in members if item and _is_choice(answers[name], item)]
        if len(ticked) >= 2:
            key = question if question not in answers else f"{question} [choices]"
            rows.append((key, question, "multiple"))
            choices += [(key, item, item, name) for name, item in ticked]
        for name, item in (member for member in members if len(ticked) < 2 or member not in ticked):
            joined = joined_choices(answers[name], (";",)) if not item else None
            text = f"{question} [{item}]" if item else question
            kind = "multiple" if joined else "text" if item.startswith("Other") or re.search(r"#\d+$", item) else ""
            rows.append((name, text, kind, "", ";" if joined else ""))
            choices += [(name, label, label, f"{name} [{label}]") for label in (joined[1] if joined else [])]
    return SurveyExport(
        "alchemer",
        grid.source,
        answers,
        questions_table(rows),
        choices_table(choices),
        metadata=metadata,
        identifiers=identifiers,
        is_test=flag(status.get("is test data"), {"1", "true", "yes"}),
        is_complete=flag(status.get("status"), {"complete"}),
        headings=(tuple(grid.row(1)),),
        rest={sheet: rows for sheet, rows in file.sheets.items() if sheet != grid.source.sheet},
        notes=(*grid.notes, *notes),
    )


def _is_choice(cells, label: str) -> bool:
    values = {readable(cell) for cell in cells.unique()} - {""}
    return len(values) == 1 and plain(next(iter(values))) == plain(readable(label))
