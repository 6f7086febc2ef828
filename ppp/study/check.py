"""What `ppp check` tells about a study: as tables for a notebook, as text, and as JSON.

For the study's own people: these are exact numbers, not fit to be shared. They name columns, rows and organizations,
and never what somebody answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import pandas as pd

from ppp.errors import BadInput, Problem
from ppp.framework import NOT_STATED, codebook
from ppp.measures import NOT_YET_CODED
from ppp.study.aliases import unlisted
from ppp.study.folder import Study
from ppp.study.settings import StudySettings
from ppp.tables import ACTIVITIES

__all__ = ["Checked", "check", "check_lines", "overview"]

_MANY = 1000
"""More people than this in one activity is likelier a slip than a meeting."""
_ASIDE = {
    "off_scale": "not on the scale",
    "no_number": "no number of people",
    "no_date": "no date",
}
_TOLD_ABOVE = re.compile(r": (no mapping uses|privacy: (dropped|masked|kept)|set aside \d+ answers)")
_FACTS = [column.name for column in ACTIVITIES.columns if column.name not in ("activity_id", "response_id", "wave", "organization", "language")]  # fmt: skip


def _frame(rows: list[tuple], *columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns))


@dataclass(frozen=True)
class Checked:
    """What was found, table by table; a table is empty where there is nothing to tell.

    Attributes
    ----------
    title
        The study's.
    problems
        What must be mended first: ``file``, ``row``, ``column``, ``what``, ``mend``. The tables below are empty then, but
        for those on exports that could be read.
    exports
        One row an export: ``export``, ``wave``, ``platform``, ``certainty``, ``looks_like``, ``encoding``, ``delimiter``, ``sheet``,
        ``rows``, ``respondents``, ``tests``, ``unfinished``, ``columns``, ``unmapped``, ``dropped``, ``masked`` (cells).
    respondents
        ``organization``, ``wave``, ``role``, ``respondents``: how many answered.
    silent
        Organizations of the study from which nobody answered: ``organization``.
    coverage
        One row an organization: ``organization``, ``respondents``, ``activities``, ``coded`` (share with place and phase),
        ``cells`` (of the map's 16 with an activity).
    filled
        One row a column of the tidy tables: ``table``, ``column``, ``filled``, ``of``.
    sections
        Parts of the form that respondents left wholly empty: ``export``, ``section``, ``skipped``, ``of``.
    unmapped
        Columns that no mapping uses: ``export``, ``column``.
    duplicates
        ``what``, ``where``, ``n``.
    impossible
        Values that cannot be, or hardly: ``where``, ``question``, ``what``, ``n``, ``rows``.
    privacy
        What the door took: ``export``, ``column``, ``what`` (dropped, masked, kept), ``kind``, ``cells`` (of masked ones).
    spellings
        Spellings in the exports that study.yaml does not list, or not confirmed: ``spelling``, ``answers``, ``exports``,
        ``organization`` (most likely meant), ``certainty``, ``why``, ``state``.
    aliases
        Spellings that study.yaml proposes and nobody has confirmed: ``spelling``, ``organization``, ``certainty``.
    steps
        Steps that organizations chose, and what is told of them: ``organization``, ``wave``, ``by``, ``status`` (empty
        where nobody has told yet).
    notes
        What was assumed and set aside while reading, in plain sentences.
    """

    title: str
    problems: pd.DataFrame = field(default_factory=lambda: _frame([], "file", "row", "column", "what", "mend"))  # fmt: skip
    exports: pd.DataFrame = field(default_factory=lambda: _frame([], "export", "wave", "platform", "certainty", "looks_like", "encoding", "delimiter", "sheet", "rows", "respondents", "tests", "unfinished", "columns", "unmapped", "dropped", "masked"))  # fmt: skip
    respondents: pd.DataFrame = field(default_factory=lambda: _frame([], "organization", "wave", "role", "respondents"))  # fmt: skip
    silent: pd.DataFrame = field(default_factory=lambda: _frame([], "organization"))  # fmt: skip
    coverage: pd.DataFrame = field(default_factory=lambda: _frame([], "organization", "respondents", "activities", "coded", "cells"))  # fmt: skip
    filled: pd.DataFrame = field(default_factory=lambda: _frame([], "table", "column", "filled", "of"))  # fmt: skip
    sections: pd.DataFrame = field(default_factory=lambda: _frame([], "export", "section", "skipped", "of"))  # fmt: skip
    unmapped: pd.DataFrame = field(default_factory=lambda: _frame([], "export", "column"))  # fmt: skip
    duplicates: pd.DataFrame = field(default_factory=lambda: _frame([], "what", "where", "n"))  # fmt: skip
    impossible: pd.DataFrame = field(default_factory=lambda: _frame([], "where", "question", "what", "n", "rows"))  # fmt: skip
    privacy: pd.DataFrame = field(default_factory=lambda: _frame([], "export", "column", "what", "kind", "cells"))  # fmt: skip
    spellings: pd.DataFrame = field(default_factory=lambda: _frame([], "spelling", "answers", "exports", "organization", "certainty", "why", "state"))  # fmt: skip
    aliases: pd.DataFrame = field(default_factory=lambda: _frame([], "spelling", "organization", "certainty"))  # fmt: skip
    steps: pd.DataFrame = field(default_factory=lambda: _frame([], "organization", "wave", "by", "status"))  # fmt: skip
    notes: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing must be mended before reports can be made."""
        return self.problems.empty

    def as_json(self) -> dict[str, Any]:
        """All of it as plain lists and numbers; missing values are None."""
        told: dict[str, Any] = {"title": self.title, "sound": self.is_sound}
        for part in fields(self):
            value = getattr(self, part.name)
            if isinstance(value, pd.DataFrame):
                rows = value.astype(object).where(value.notna(), None).to_dict("records")
                told[part.name] = [{key: _plain(cell) for key, cell in row.items()} for row in rows]
        return {**told, "notes": list(self.notes)}


def _plain(cell: object) -> object:
    return cell.item() if hasattr(cell, "item") else cell


def check(study: Study) -> Checked:
    """Look through a study. What is wrong with it is told in `Checked.problems` and not raised.

    Examples
    --------
    >>> from ppp.study import open_study
    >>> check(open_study("data/demo")).coverage.columns.tolist()
    ['organization', 'respondents', 'activities', 'coded', 'cells']
    """
    study.look()  # a logo or a colour that cannot be used is told before anything is read
    settings = study.settings
    title = settings.title[settings.languages[0]]
    waiting = pd.DataFrame(
        [(one.spelling, one.organization, one.certainty) for one in settings.aliases if not one.confirmed],
        columns=["spelling", "organization", "certainty"],
    )
    steps = _frame(
        [(one.organization, one.wave, str(one.by or ""), one.status or "") for one in settings.next_steps],
        "organization", "wave", "by", "status",
    )  # fmt: skip
    if not settings.exports:
        return Checked(title, aliases=waiting, steps=steps)
    try:
        study.tables()
        study.quotes()
        codings = study.codings()
        facts, problems = study.facts(), []
    except BadInput as error:
        problems, codings = list(error.problems), None
        facts = [part.facts for part in study.parts() if not isinstance(part, BadInput)]
    read = {
        "aliases": waiting,
        "steps": steps,
        "exports": pd.DataFrame([_export(one) for one in facts], columns=Checked(title).exports.columns),
        "unmapped": _frame([(one["export"], column) for one in facts for column in one["unmapped"]], "export", "column"),
        "privacy": _privacy(facts),
    }  # fmt: skip
    if problems or codings is None:
        rows = [(one.file, one.row, one.column, one.what, one.mend) for one in problems]
        faults = _frame(rows, "file", "row", "column", "what", "mend").astype({"row": "Int64"})
        unknown = unlisted(study, of_sound_exports=True).drop(columns="proposal")
        return Checked(title, problems=faults, spellings=unknown, **read)
    responses, activities, ratings = (study.tables()[name] for name in ("responses", "activities", "ratings"))
    roles = responses.assign(role=responses["role"].fillna("not stated"))
    ids = [item.id for item in settings.organizations]
    return Checked(
        title,
        **read,
        respondents=roles.groupby(["organization", "wave", "role"]).size().rename("respondents").reset_index(),
        silent=pd.DataFrame({"organization": [one for one in ids if one not in set(responses["organization"])]}),
        coverage=_coverage(study, responses, ids),
        filled=_filled(responses, activities, ratings),
        sections=_sections(facts, responses, activities, ratings),
        duplicates=_duplicates(facts, activities),
        impossible=_impossible(facts, responses, activities),
        notes=tuple(study.notes()),
    )


def _export(told: dict[str, Any]) -> dict[str, Any]:
    counted = {"unmapped": len(told["unmapped"]), "dropped": len(told["dropped"]), "masked": sum(told["masked_cells"].values())}  # fmt: skip
    return {**told, **counted}


def _privacy(facts: list[dict]) -> pd.DataFrame:
    rows: list[tuple] = []
    for one in facts:
        rows += [(one["export"], column, "dropped", kind.replace("_", " "), None) for column, kind in one["dropped"].items()]  # fmt: skip
        rows += [(one["export"], column, "masked", "", cells) for column, cells in one["masked_cells"].items()]
        rows += [(one["export"], column, "kept", "as study.yaml says", None) for column in one["kept"]]
    return _frame(rows, "export", "column", "what", "kind", "cells").astype({"cells": "Int64"})


def _coverage(study: Study, responses: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    placed = study.placements()
    placed["coded"] = (placed[["place", "phase_began"]] != NOT_YET_CODED).all(axis=1)
    held = placed[placed["coded"] & (placed["place"] != NOT_STATED) & (placed["phase_began"] != NOT_STATED)]
    table = pd.DataFrame(index=pd.Index(ids, name="organization"))
    table["respondents"] = responses.groupby("organization").size()
    table["activities"] = placed.groupby("organization").size()
    table["cells"] = held.drop_duplicates(["organization", "place", "phase_began"]).groupby("organization").size()
    table = table.fillna(0).astype(int)
    table.insert(2, "coded", placed.groupby("organization")["coded"].mean())
    return table.reset_index()


def _filled(responses: pd.DataFrame, activities: pd.DataFrame, ratings: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (name, column, int(table[column].notna().sum()), len(table))
        for name, table, columns in (
            ("responses", responses, ["role", "language", "submitted_at"]),
            ("activities", activities, _FACTS),
            ("ratings", ratings, ["score"]),
        )
        for column in columns
    ]
    return _frame(rows, "table", "column", "filled", "of")


def _sections(
    facts: list[dict], responses: pd.DataFrame, activities: pd.DataFrame, ratings: pd.DataFrame
) -> pd.DataFrame:
    """The mapped parts of the form, and the platform's own sections where a file tells of them."""
    rows: list[tuple] = []
    # An export is told by the first two parts of its responses' ids: wave and file.
    export_of = responses["response_id"].str.split("/").str[:2].str.join("/")
    names = {
        f"{one['wave']}/{one['export'].removeprefix('exports/').rsplit('.', 1)[0]}": one["export"] for one in facts
    }
    skipped = ratings["missing"].eq("skipped").fillna(False).groupby(ratings["response_id"]).all()
    told = set(activities["response_id"])
    for key, mine in responses.groupby(export_of, sort=False):
        name = names.get(key, key)
        of = len(mine)
        rated = skipped[skipped.index.isin(mine["response_id"])]
        if len(rated):
            rows.append((name, "every Parity statement", int(rated.sum()), len(rated)))
        if mine["response_id"].isin(told).any():
            rows.append((name, "activities: told of none", int((~mine["response_id"].isin(told)).sum()), of))
        if mine["role"].notna().any():
            rows.append((name, "role", int(mine["role"].isna().sum()), of))
    for one in facts:
        rows += [(one["export"], f"section “{part['section']}”", part["skipped"], part["of"]) for part in one["sections"]]  # fmt: skip
    return _frame(rows, "export", "section", "skipped", "of")


def _duplicates(facts: list[dict], activities: pd.DataFrame) -> pd.DataFrame:
    rows: list[tuple] = []
    seen: dict[str, str] = {}
    for one in facts:
        if one["sha256"] in seen and one["sha256"]:
            rows.append(("the same file under two names", f"{seen[one['sha256']]}, {one['export']}", one["rows"]))
        seen.setdefault(one["sha256"], one["export"])
        same = one["same_answers"]
        if same["rows"]:
            listed = ", ".join(map(str, same["first"])) + (" …" if same["rows"] > len(same["first"]) else "")
            rows.append(("respondents who answered everything as an earlier one did", f"{one['export']}, rows {listed}", same["rows"]))  # fmt: skip
    described = activities[activities["description"].notna()]
    for (organization, wave), mine in described.groupby(["organization", "wave"]):
        copies = int(mine.duplicated(["title", "description"]).sum())
        if copies:
            rows.append(("activities told again in the same words", f"{organization}, {wave}", copies))
    return _frame(rows, "what", "where", "n")


def _impossible(facts: list[dict], responses: pd.DataFrame, activities: pd.DataFrame) -> pd.DataFrame:
    rows = [
        (one["export"], aside["question"], _ASIDE[aside["what"]], aside["answers"], aside["rows"])
        for one in facts
        for aside in one["aside"]
    ]

    def ids(table: pd.DataFrame, name: str) -> str:
        return ", ".join(table[name].iloc[:3]) + (" …" if len(table) > 3 else "")

    began, phases = activities["declared_phase_began"], activities["declared_phases"]
    stated = activities[began.notna() & phases.notna() & (began != NOT_STATED)]
    if len(stated):
        pairs = zip(stated["declared_phase_began"], stated["declared_phases"], strict=True)
        stated = stated[[one not in several.split(";") for one, several in pairs]]
    for told, question, what in (
        (activities[activities["patients_n"].eq(0).fillna(False)], "patients_n", "no patient took part"),
        (activities[activities["patients_n"].gt(_MANY).fillna(False)], "patients_n", f"more than {_MANY} people"),
        (activities[activities["professionals_n"].gt(_MANY).fillna(False)], "professionals_n", f"more than {_MANY} people"),
        (stated, "declared_phase_began", "not among the phases that patients were present in"),
    ):  # fmt: skip
        for organization, mine in told.groupby("organization"):
            rows.append((organization, question, what, len(mine), ids(mine, "activity_id")))
    early = responses[responses["submitted_at"] < pd.Timestamp("1990-01-01")]
    if len(early):
        rows.append(("", "submitted_at", "sent in before 1990 (an anonymized survey, or a wrong column)", len(early), ids(early, "response_id")))  # fmt: skip
    return _frame(rows, "where", "question", "what", "n", "rows")


def overview(study: Study) -> Iterator[str]:
    """`check_lines` of a study that is sound.

    Raises
    ------
    BadInput
        Where anything is wrong with the exports or the mapping.
    """
    checked = check(study)
    if not checked.is_sound:
        raise BadInput(
            Problem(row.what, row.file, None if pd.isna(row.row) else int(row.row), row.column, row.mend)
            for row in checked.problems.itertuples()
        )
    yield from check_lines(study, checked)


def check_lines(study: Study, checked: Checked) -> Iterator[str]:
    """The same as text."""
    settings = study.settings
    yield f"study.yaml is sound: {checked.title}"
    yield f"  {len(settings.organizations)} organizations, {len(settings.waves)} waves, codebook {codebook().version}"
    if checked.exports.empty:
        yield "  It names no export yet: put a survey export in exports/ and name it under “exports:”."
        return
    respondents, activities = int(checked.coverage["respondents"].sum()), int(checked.coverage["activities"].sum())
    scores = checked.filled[checked.filled["table"] == "ratings"].iloc[0]
    coded = (checked.coverage["coded"].fillna(0) * checked.coverage["activities"]).sum() / max(1, activities)
    told = f"{activities} activities ({coded:.0%} coded)" if activities else "no activities"
    yield f"  {respondents} respondents, {told}, {scores['filled']} ratings"
    yield ""
    yield "Exports:"
    sure = [_sure(row) for row in checked.exports.itertuples()]
    shown = checked.exports.assign(platform=sure).drop(columns=["certainty", "looks_like", "delimiter", "sheet"])
    yield from _indented(shown)
    yield ""
    yield "Respondents by organization, wave and role:"
    counts = checked.respondents.pivot(index=["organization", "wave"], columns="role", values="respondents")
    yield from ("  " + line for line in counts.fillna(0).astype(int).to_string().splitlines())
    if len(checked.silent):
        yield f"  No respondent from: {', '.join(checked.silent['organization'])}"
    yield ""
    yield "Coverage: cells of the map with an activity, by organization (of 16):"
    widest = max(len(one) for one in checked.coverage["organization"])
    yield from (f"  {row.organization:<{widest}}  {row.cells:>2}" for row in checked.coverage.itertuples())
    empty = checked.filled[(checked.filled["filled"] == 0) & (checked.filled["of"] > 0)]
    if len(empty):
        yield f"  No export tells of: {', '.join(empty['column'])}"
    lists: list[tuple[str, list[str]]] = [
        ("Left empty:", _skipped(checked.sections)),
        ("Duplicates:", [f"{row.n} {row.what} ({row.where})" for row in checked.duplicates.itertuples()]),
        ("Impossible or unlikely values:", [_value(row) for row in checked.impossible.itertuples()]),
        ("Columns that no mapping uses:", list(_unmapped(checked.unmapped))),
        ("Privacy at the door:", list(_door(checked))),
        ("Spellings of organizations that nobody has confirmed:", [f"“{row.spelling}”, proposed: {row.organization}" for row in checked.aliases.itertuples()]),
        ("Next steps that nobody has told the outcome of:", list(_untold(settings, checked.steps))),
        ("While reading:", [note for note in checked.notes if not _TOLD_ABOVE.search(note)]),
    ]  # fmt: skip
    for heading, lines in lists:
        if lines:
            yield ""
            yield heading
            yield from (f"  {line}" for line in lines)


def _untold(settings: StudySettings, steps: pd.DataFrame) -> Iterator[str]:
    """Steps of earlier waves without a status: the reports of the wave after open with them."""
    last = settings.waves[-1].id
    for row in steps[(steps["status"] == "") & (steps["wave"] != last)].itertuples():
        yield f"{row.organization}, {row.wave}: give “status” and “came_of_it” under next_steps"


def _sure(row: Any) -> str:
    """The platform, and how sure that is where it was found and not stated."""
    if row.looks_like:
        return f"{row.platform} (like {row.looks_like}, {row.certainty:.0%})"
    return (
        row.platform
        if row.certainty == 1 or row.platform in ("csv", "xlsx")
        else f"{row.platform} ({row.certainty:.0%})"
    )


def _indented(table: pd.DataFrame) -> Iterator[str]:
    yield from ("  " + line for line in table.to_string(index=False, na_rep="").splitlines())


def _skipped(sections: pd.DataFrame) -> list[str]:
    some = sections[sections["skipped"] > 0]
    return [f"{row.skipped} of {row.of} respondents: {row.section} ({row.export})" for row in some.itertuples()]


def _value(row: Any) -> str:
    where = f"{row.where}, {row.rows}" if row.where else row.rows
    return f"{row.n} × {row.question}: {row.what} ({where})"


def _unmapped(table: pd.DataFrame) -> Iterator[str]:
    for export, mine in table.groupby("export", sort=False):
        listed = ", ".join(f"“{column}”" for column in mine["column"].iloc[:12])
        more = f" and {len(mine) - 12} more" if len(mine) > 12 else ""
        yield f"{export}: {len(mine)}: {listed}{more}"


def _door(checked: Checked) -> Iterator[str]:
    for export, mine in checked.privacy.groupby("export", sort=False):
        dropped, masked = mine[mine["what"] == "dropped"], mine[mine["what"] == "masked"]
        listed = ", ".join(f"“{row.column}” ({row.kind})" for row in dropped.itertuples())
        if len(dropped):
            yield f"{export}: dropped {len(dropped)} columns: {listed}"
        if len(masked):
            listed = ", ".join(f"“{row.column}” {row.cells}" for row in masked.itertuples())
            yield f"{export}: masked {int(masked['cells'].sum())} cells: {listed}"
        for row in mine[mine["what"] == "kept"].itertuples():
            yield f"{export}: kept “{row.column}”, as study.yaml says"
