"""The mapping applied: an export's answers become the tidy tables.

Faults in the mapping are gathered and raised together. Single answers that cannot be used are set aside and counted
in the notes, never blanked in silence. No message quotes an answer: it names the question and the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from typing import cast

import pandas as pd

from ppp.errors import BadInput, Problem, did_you_mean
from ppp.framework import PHASES
from ppp.surveys.aliases import NONE, propose_alias
from ppp.surveys.export import SurveyExport
from ppp.surveys.mapping import ActivityBlock, Mapping, Range, Ratings, Source
from ppp.surveys.text import plain
from ppp.surveys.typed import is_tick
from ppp.surveys.vocabulary import meanings
from ppp.tables import ACTIVITIES, RATINGS, RESPONSES

__all__ = ["Aside", "Tidy", "organization_answers", "tidy"]

_MOST_PEOPLE = 100_000  # in one activity; more is a slip of the pen, or a phone number
_MOST_SPELLINGS = 50  # of organizations that the study does not know; with more, the question is the wrong one
_KIND_OF = {
    "initiated_by": "initiated_by",
    "compensated": "yes_no",
    "expenses_paid": "yes_no",
    "training_given": "yes_no",
    "contact_named": "yes_no",
    "lead_rotates": "yes_no",
    "place": "place",
    "meeting_place": "place",
    "phase_began": "phase",
}
_TIMES = ("ISO8601", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")  # fmt: skip


@dataclass(frozen=True)
class Aside:
    """Answers to one question that could not be used: what they are ("off_scale", "no_number", "no_date"), how many,
    and in which rows of the file (the first few, in words)."""

    question: str
    what: str
    answers: int
    rows: str


@dataclass(frozen=True)
class Tidy:
    """One export as tidy tables (see `ppp.tables`), notes on what was set aside, and the impossible values among it."""

    responses: pd.DataFrame
    activities: pd.DataFrame
    ratings: pd.DataFrame
    notes: tuple[str, ...] = ()
    aside: tuple[Aside, ...] = ()


def tidy(
    export: SurveyExport,
    mapping: Mapping,
    *,
    wave: str,
    stem: str,
    organizations: Dictionary[str, str],
    name: str,
    proposed: Dictionary[str, str] | None = None,
    dropped: Dictionary[str, str] | None = None,
) -> Tidy:
    """The export as tidy tables.

    Parameters
    ----------
    export, mapping
        What was read, and what its questions mean.
    wave, stem
        The assessment round and the file's name without ending: the first parts of every ``response_id``.
    organizations
        From each spelling of an organization to its id, empty for one that is none of the study's. Case, surrounding
        and double blanks do not matter.
    name
        What to call the file in messages.
    proposed
        Spellings that nobody has confirmed yet, with the organization that each may mean: told, never used.
    dropped
        Columns that the door took, with what they looked like: where the mapping names one, that is said.

    Raises
    ------
    BadInput
        With all faults of the mapping against this export.
    """
    reader = _Reader(export, name, proposed or {}, dropped or {})
    own = [column for column in export.metadata if column not in export.answers]
    answers = pd.concat([export.answers, export.metadata[own]], axis=1) if own else export.answers
    if export.is_test is not None and export.is_test.any():
        reader.notes.append(f"left out {int(export.is_test.sum())} test responses")
        answers = answers[~export.is_test]
    if export.is_complete is not None and not export.is_complete.all():
        unfinished = int((~export.is_complete[answers.index]).sum())
        reader.notes.append(f"{unfinished} of {len(answers)} responses were not finished; what they answered counts")
    responses = _responses(reader, answers, mapping, wave, stem, organizations)
    ratings = _ratings(reader, answers, mapping.ratings, responses) if mapping.ratings else RATINGS.empty()
    activities = (
        _activities(reader, answers, mapping.activities, responses) if mapping.activities else ACTIVITIES.empty()
    )
    if reader.problems:
        raise BadInput(dict.fromkeys(reader.problems))
    return Tidy(RESPONSES.conform(responses), activities, ratings, tuple(reader.notes), tuple(reader.aside))


def _responses(
    reader: _Reader, answers: pd.DataFrame, mapping: Mapping, wave: str, stem: str, organizations: Dictionary[str, str]
) -> pd.DataFrame:
    table = pd.DataFrame(index=answers.index)
    ids = reader.text(answers, mapping.response_id) if mapping.response_id else pd.Series(pd.NA, index=answers.index)
    ids = ids.astype("string").fillna(pd.Series(answers.index.map(lambda row: f"row{row}"), index=answers.index))
    twice = ids[ids.duplicated(keep=False)]
    if len(twice) and mapping.response_id:
        reader.fault(
            "Several rows share the same response id.", mapping.response_id.column, twice.index,
            "Remove the copies from the export, or name another question under `response_id`.",
        )  # fmt: skip
    table["response_id"] = f"{wave}/{stem}/" + ids
    table["wave"] = wave
    table["organization"] = reader.organization(answers, mapping.organization, organizations)
    table["role"] = reader.category(answers, mapping.role, "role") if mapping.role else pd.NA
    table["language"] = reader.text(answers, mapping.language).str.lower().str[:2] if mapping.language else pd.NA
    table["submitted_at"] = reader.time(answers, mapping.submitted_at) if mapping.submitted_at else pd.NaT
    nowhere = table.index[table["organization"].isna()]
    if len(nowhere) and not reader.problems:
        reader.notes.append(f"set aside {len(nowhere)} respondents who named no organization ({_rows(nowhere)})")
    return table[table["organization"].notna()]


def _ratings(reader: _Reader, answers: pd.DataFrame, ratings: Ratings, responses: pd.DataFrame) -> pd.DataFrame:
    answers = answers.loc[responses.index]
    missing = {**meanings("missing"), **{plain(key): value for key, value in ratings.missing.items()}}
    if isinstance(ratings.scale, Range):
        low, high, worded = ratings.scale.low, ratings.scale.high, None
    else:
        options = [[option] if isinstance(option, str) else option for option in ratings.scale]
        low, high = 1.0, float(len(options))
        worded = {plain(word): float(at) for at, words in enumerate(options, start=1) for word in words}
    parts = []
    for leaf, questions in ratings.items.items():
        for question in questions:
            column = reader.column(answers, question)
            if column is None:
                continue
            given = reader.labelled(answers, column)
            codes = {}
            for answer in given.unique():
                codes[answer] = _score(answer, worded, missing, low, high)
            scores = given.map(lambda answer, codes=codes: codes[answer][0]).astype("Float64")
            reasons = given.map(lambda answer, codes=codes: codes[answer][1]).astype("string")
            if column in reader.export.answers:
                # What the file itself calls missing is no score, and it knows best why an answer is not there.
                why = reader.export.missing([column])[column].reindex(given.index)
                scores, reasons = scores.mask(why.notna()), why.where(why.notna(), reasons)
            outside = reasons[reasons == "out_of_range"]
            if len(outside) and scores.notna().sum() == 0:
                reader.fault(
                    "No answer here is on the scale.", question, outside.index,
                    "Write the scale's options under `ratings: scale:` letter by letter as they stand in the export.",
                )  # fmt: skip
            elif len(outside):
                reader.set_aside("off_scale", question, outside.index)
            if question in ratings.reversed:
                scores = low + high - scores
            part = responses[["response_id", "wave", "organization", "role"]].assign(
                leaf=leaf, item=question, score=scores, missing=reasons, scale_low=low, scale_high=high
            )
            parts.append(part)
    return RATINGS.conform(pd.concat(parts, ignore_index=True)) if parts else RATINGS.empty()


def _score(
    answer: str, worded: dict[str, float] | None, missing: dict[str, str], low: float, high: float
) -> tuple[float | None, str | None]:
    """The score of an answer, or why it has none."""
    said = plain(answer)
    if not said:
        return None, "skipped"
    if worded is not None and said in worded:
        return worded[said], None
    reason = missing.get(said) or _bilingual([said], missing).get(said)
    if reason:
        return None, reason
    if worded is None:
        number = _number(said)
        if number is not None and low <= number <= high:
            return number, None
    return None, "out_of_range"


def _activities(reader: _Reader, answers: pd.DataFrame, block: ActivityBlock, responses: pd.DataFrame) -> pd.DataFrame:
    if block.table is not None:
        child = reader.export.repeats.get(block.table)
        if child is None:
            reader.problems.append(
                Problem(
                    "The export has no such repeating part.",
                    file=reader.name,
                    column=block.table,
                    mend=did_you_mean(block.table, reader.export.repeats)
                    if reader.export.repeats
                    else "Remove `table`.",
                )
            )
            return ACTIVITIES.empty()
        rows, owner = child, child["respondent"]
        parts = [_block(reader, rows, owner, block, 1)]
    else:
        rows = answers.loc[responses.index]
        owner = pd.Series(rows.index, index=rows.index)
        parts = [_block(reader, rows, owner, block, n) for n in range(1, block.blocks + 1)]
    table = pd.concat(parts)
    if reader.problems:
        return ACTIVITIES.empty()
    filled = table["title"].notna() | table["description"].notna()
    table = table[filled & table["respondent"].isin(responses.index)]
    table = table.sort_values(["respondent", "block"], kind="stable")
    known = responses[["response_id", "wave", "organization", "language"]]
    table = table.join(known, on="respondent")
    number = table.groupby("respondent").cumcount() + 1
    table["activity_id"] = table["response_id"] + "/" + number.astype("string")
    return ACTIVITIES.conform(table)


def _block(reader: _Reader, rows: pd.DataFrame, owner: pd.Series, block: ActivityBlock, n: int) -> pd.DataFrame:
    table = pd.DataFrame({"respondent": owner, "block": n}, index=rows.index)
    for name in ("title", "description"):
        source = getattr(block, name)
        table[name] = (
            reader.text(rows, _numbered(source, n)) if source else pd.Series(pd.NA, index=rows.index, dtype="string")
        )
    for name in ("patients_n", "professionals_n"):
        source = getattr(block, name)
        if source:
            table[name] = reader.count(rows, _numbered(source, n))
    for name, kind in _KIND_OF.items():
        source = getattr(block, name)
        if source:
            column = f"declared_{name}" if kind in ("place", "phase") else name
            found = reader.category(rows, _numbered(source, n), kind)
            if kind == "yes_no":
                found = found.map({"yes": True, "no": False}).astype("boolean")
            if name == "meeting_place":
                found = found.where(found != "not_stated")
            table[column] = found
    if block.phases is not None:
        table["declared_phases"] = _phases(reader, rows, block, n)
    return table


def _phases(reader: _Reader, rows: pd.DataFrame, block: ActivityBlock, n: int) -> pd.Series:
    """The phases ticked, joined by ``;``: one column a phase, or one cell with several answers."""
    ticked: dict[str, pd.Series] = {}
    if isinstance(block.phases, dict):
        for phase, question in block.phases.items():
            question = question.replace("{n}", str(n))
            joined = reader.choice(rows, question)
            column = reader.column(rows, question) if joined is None else None
            if joined is not None:
                ticked[phase] = joined.fillna(False).astype(bool)
            elif column is not None:
                ticked[phase] = _is_ticked(rows[column])
    else:
        source = _numbered(cast(Source, block.phases), n)
        choices = reader.export.choices
        asked = reader.question(source.column)
        choices = choices[(choices["question"] == asked) & choices["column"].isin(rows.columns)]
        known = {**meanings("phase"), **{plain(key): value for key, value in source.values.items()}}
        known |= _bilingual(map(plain, choices["label"]), known)
        if len(choices):
            for choice in choices.itertuples():
                meant = known.get(plain(choice.label), known.get(plain(choice.code)))
                if meant in PHASES:
                    ticked[meant] = ticked.get(meant, False) | _is_ticked(
                        rows[choice.column], choice.code if reader.export.codes_tick else ""
                    )
        else:
            column = reader.column(rows, source.column)
            if column is None:
                return pd.Series(pd.NA, index=rows.index, dtype="string")
            return reader.several(rows, column, known)
    joined = [";".join(phase for phase in PHASES if phase in ticked and ticked[phase].loc[row]) for row in rows.index]
    return pd.Series(joined, index=rows.index, dtype="string").replace("", pd.NA)


def _is_ticked(cells: pd.Series, code: str = "") -> pd.Series:
    return cells.map({cell: is_tick(cell, code) for cell in cells.unique()}).astype(bool)


def _numbered(source: Source, n: int) -> Source:
    """The source with ``{n}`` in its question replaced by the block's number."""
    if source.column is None or "{n}" not in source.column:
        return source
    return source.model_copy(update={"column": source.column.replace("{n}", str(n))})


class _Reader:
    """Finds questions in an export and interprets their answers, gathering problems and notes."""

    def __init__(
        self,
        export: SurveyExport,
        name: str,
        proposed: Dictionary[str, str] | None = None,
        dropped: Dictionary[str, str] | None = None,
    ) -> None:
        self.export = export
        self.name = name
        self._proposed = {plain(spelling): organization for spelling, organization in (proposed or {}).items()}
        self._dropped = {plain(column): kind for column, kind in (dropped or {}).items()}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self.aside: list[Aside] = []
        self._by_text = {
            plain(text): key for key, text in zip(export.questions["name"], export.questions["text"], strict=True)
        }

        headings = Counter(plain(cell) for cell in export.headings[0]) if len(export.headings) == 1 else Counter()
        self._twice = {cell for cell, count in headings.items() if count > 1 and cell}
        choices = export.choices
        self._joined = choices[(choices["column"] != "") & ~choices["column"].isin(export.answers.columns)]

    def choice(self, rows: pd.DataFrame, name: str | None) -> pd.Series | None:
        """Whether a choice was ticked that stood in one cell with others, by its name ``question [choice]``."""
        joined = self._joined[self._joined["column"] == name]
        if joined.empty or name in rows:
            return None
        return self.export.ticks(joined["question"].iloc[0])[name].reindex(rows.index)

    def question(self, question: str | None) -> str | None:
        """The name of a question, named by it or by its whole text."""
        if (self.export.choices["question"] == question).any():
            return question
        return self._by_text.get(plain(question or ""), question)

    def set_aside(self, what: str, question: str | None, rows: pd.Index) -> None:
        """Note answers that cannot be used."""
        words = {
            "off_scale": "that the scale does not hold",
            "no_number": "that are no number of people",
            "no_date": "that are no date",
        }
        self.aside.append(Aside(question or "", what, len(rows), _rows(rows)))
        self.notes.append(f"set aside {len(rows)} answers to “{question}” {words[what]} ({_rows(rows)})")

    def fault(self, what: str, column: str | None, rows: pd.Index, mend: str) -> None:
        problem = Problem(f"{what} ({_rows(rows)})", file=self.name, row=int(rows[0]), column=column or "", mend=mend)
        self.problems.append(problem)

    def column(self, rows: pd.DataFrame, question: str | None) -> str | None:
        """The column of a question, named by its column or by its whole text."""
        wanted = plain(question or "")
        if wanted in self._twice:
            self.problems.append(
                Problem(
                    f"Several columns of the export are called “{question}”.",
                    file=self.name,
                    column=question or "",
                    mend="Rename them in a copy of the export, each by its own name.",
                )
            )
            return None
        if question in rows:
            return question
        for column in rows:
            if plain(str(column)) == wanted:
                return column
        if self._by_text.get(wanted) in rows:
            return self._by_text[wanted]
        kind = self._dropped.get(wanted, self._dropped.get(plain(self._by_text.get(wanted, ""))))
        if kind is not None:
            self.problems.append(_at_the_door(self.name, question or "", kind))
            return None
        known = [str(column) for column in rows if column != "respondent"]
        self.problems.append(
            Problem(
                f"The export has no question “{question}”.",
                file=self.name,
                column=question or "",
                mend=did_you_mean(question or "", known),
            )
        )
        return None

    def labelled(self, rows: pd.DataFrame, column: str) -> pd.Series:
        """The answers, codes replaced by what they stand for."""
        return self.export.labelled(rows[column], column)

    def raw(self, rows: pd.DataFrame, source: Source) -> pd.Series | None:
        if source.constant is not None:
            return pd.Series(source.constant, index=rows.index)
        joined = self.choice(rows, source.column)
        if joined is not None:
            return joined.map({True: "yes", False: "no"}).fillna("")
        column = self.column(rows, source.column)
        return None if column is None else self.labelled(rows, column)

    def text(self, rows: pd.DataFrame, source: Source) -> pd.Series:
        """Free text, blanks at its ends cut off; missing where empty."""
        given = self.raw(rows, source)
        if given is None:
            return pd.Series(pd.NA, index=rows.index, dtype="string")
        if source.values:
            known = {plain(key): value for key, value in source.values.items()}
            given = given.map(lambda answer: known.get(plain(answer), answer))
        return given.astype("string").str.replace("\u00a0", " ").str.strip().replace("", pd.NA)

    def category(self, rows: pd.DataFrame, source: Source, kind: str) -> pd.Series:
        """Answers as the tidy tables' own values; answers that say why there is none are missing."""
        given = self.raw(rows, source)
        nothing = pd.Series(pd.NA, index=rows.index, dtype="string")
        if given is None:
            return nothing
        stated = {plain(key): value for key, value in source.values.items()}
        allowed = set(meanings(kind).values())
        wrong = sorted({value for value in stated.values() if value not in allowed})
        if wrong:
            self.problems.append(
                Problem(
                    f"“values” leads to {', '.join(wrong)}, which is no {kind.replace('_', ' ')}.",
                    file="study.yaml",
                    column=source.column or "",
                    mend=f"Use one of: {', '.join(sorted(allowed))}.",
                )
            )
            return nothing
        missing = {} if kind in ("place", "phase") else meanings("missing")
        known = {**missing, **meanings(kind), **stated}
        said = given.map(plain)
        known |= _bilingual(said.unique(), known)
        unknown = said[~said.isin(known) & (said != "")]
        if len(unknown):
            self.fault(
                f"{len(unknown)} answers here have no known meaning.", source.column, unknown.index,
                f"Say what they mean under `values`: one of {', '.join(sorted(allowed))}.",
            )  # fmt: skip
            return nothing
        found = said.map({word: value for word, value in known.items() if value in allowed})
        return found.astype("string")

    def several(self, rows: pd.DataFrame, column: str, known: dict[str, str]) -> pd.Series:
        """One cell with several phases, joined by ``;``, ``,`` or a line break."""
        given = self.labelled(rows, column)
        unknown: list[int] = []

        def phases(row: int, answer: str) -> str:
            parts = [plain(part) for part in pd.Series([answer]).str.split(r"[;,\n|]", regex=True)[0]]
            found = {known.get(part) for part in parts if part}
            if None in found:
                unknown.append(row)
            return ";".join(phase for phase in PHASES if phase in found)

        joined = [phases(row, answer) for row, answer in given.items()]
        if unknown:
            self.fault(
                f"{len(unknown)} answers here have no known meaning.", column, pd.Index(unknown),
                f"Say what they mean under `values`: one of {', '.join(PHASES)}.",
            )  # fmt: skip
        return pd.Series(joined, index=rows.index, dtype="string").replace("", pd.NA)

    def count(self, rows: pd.DataFrame, source: Source) -> pd.Series:
        """Numbers of persons; what is no whole number of a likely size is set aside."""
        given = self.raw(rows, source)
        if given is None:
            return pd.Series(pd.NA, index=rows.index, dtype="Int64")
        said = given.map(plain)
        numbers = said.map(_number)
        fits = numbers.map(lambda n: n is not None and n == n and float(n).is_integer() and 0 <= n <= _MOST_PEOPLE)
        empty = (said == "") | said.isin(meanings("missing"))
        aside = said.index[~fits & ~empty]
        if len(aside):
            self.set_aside("no_number", source.column, aside)
        return numbers.where(fits).astype("Float64").astype("Int64")

    def time(self, rows: pd.DataFrame, source: Source) -> pd.Series:
        """Times as stated; the first way of writing dates that fits all of them is taken, and said if others fit too."""
        given = self.raw(rows, source)
        nothing = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
        if given is None:
            return nothing
        said = given.map(lambda answer: answer.strip().replace("\u00a0", " "))
        filled = said[said != ""]
        if filled.empty:
            return nothing
        if filled.str.fullmatch(r"[2-6]\d{4}(\.\d+)?").all():
            self.notes.append(f"read the numbers in “{source.column}” as a spreadsheet's dates")
            days = pd.to_timedelta(filled.astype(float), unit="D")
            return (pd.Timestamp("1899-12-30") + days).dt.round("s").astype("datetime64[ns]").reindex(rows.index)
        for way in _TIMES:
            read = pd.to_datetime(filled, format=way, errors="coerce")
            if read.notna().all():
                if (
                    way.startswith("%d/%m")
                    and pd.to_datetime(filled, format=way.replace("%d/%m", "%m/%d"), errors="coerce").notna().all()
                ):
                    self.notes.append(
                        f"read the dates in “{source.column}” as day/month/year; month/day/year would fit too"
                    )
                return read.dt.tz_localize(None).astype("datetime64[ns]").reindex(rows.index)
        read = pd.to_datetime(filled, format="ISO8601", errors="coerce")
        aside = filled.index[read.isna()]
        self.set_aside("no_date", source.column, aside)
        return read.astype("datetime64[ns]").reindex(rows.index)

    def organization(self, rows: pd.DataFrame, source: Source, organizations: Dictionary[str, str]) -> pd.Series:
        """Each row's organization by its id, through the spellings that the study lists and no other."""
        given = self.raw(rows, source)
        nothing = pd.Series(pd.NA, index=rows.index, dtype="string")
        if given is None:
            return nothing
        known = {plain(key): value for key, value in {**organizations, **source.values}.items()}
        said = given.map(plain)
        unknown = said[~said.isin(known) & (said != "")].unique()
        if len(unknown) > _MOST_SPELLINGS:
            at = said.index[said.isin(unknown)]
            self.fault(
                f"{len(unknown)} spellings here are no organization of the study.", source.column, at,
                "Is it the right question? If so, `ppp aliases` writes a table of spellings for you to confirm.",
            )  # fmt: skip
            return nothing
        for spelling in unknown:
            at = said.index[said == spelling]
            shown = given.loc[at[0]].strip()
            self.fault(
                f"“{shown}” is no organization of the study.", source.column, at, self._likely(spelling, organizations)
            )  # fmt: skip
        here = said[said != ""]
        if here.map(known).eq("").any():
            self.notes.append(f"{int(here.map(known).eq('').sum())} answers name no organization of the study, as its aliases say")  # fmt: skip
        other = given[(said != "") & ~given.isin({*organizations, *source.values})]
        if len(other):
            self.notes.append(
                f"{len(other)} answers to “{source.column}” differ from the study’s spelling in case, blanks or the like"
                f" only ({_rows(other.index)})"
            )
        return said.map(known).astype("string").replace("", pd.NA)

    def _likely(self, spelling: str, organizations: Dictionary[str, str]) -> str:
        """The organization that is most likely meant, for a person to confirm: nothing is merged by likeness."""
        proposal = self._proposed.get(spelling)
        if proposal is not None:
            meant = "none of the study's" if proposal == NONE else f"“{proposal}”"
            return f"study.yaml proposes {meant} under `aliases`: set `confirmed: yes` there if that is right."
        found = propose_alias(spelling, {known: key for known, key in organizations.items() if key})
        lead = f"Is it “{found.organization}” (certainty {found.certainty:.0%})? " if found.organization else ""
        return f"{lead}`ppp aliases` writes a table of spellings for you to confirm."


def organization_answers(export: SurveyExport, mapping: Mapping, *, name: str) -> pd.Series:
    """What each respondent wrote as their organization; empty where nothing. Test responses are left out.

    Raises
    ------
    BadInput
        Where the export has no such question.
    """
    reader = _Reader(export, name)
    own = [column for column in export.metadata if column not in export.answers]
    answers = pd.concat([export.answers, export.metadata[own]], axis=1) if own else export.answers
    if export.is_test is not None:
        answers = answers[~export.is_test]
    given = reader.raw(answers, mapping.organization)
    if given is None:
        raise BadInput(reader.problems)
    return given.map(str.strip)


def _at_the_door(name: str, question: str, kind: str) -> Problem:
    """That the mapping names a column which the door took, and how to keep it."""
    if kind == "identifier":
        return Problem(
            f"“{question}” is a column that points at persons, by what its platform says, and was dropped.",
            file=name,
            column=question,
            mend="Map another question; this one is never read.",
        )
    looks = kind.replace("_", " ")
    return Problem(
        f"“{question}” was dropped at the door, because it looks like this kind of personal data: {looks}.",
        file=name,
        column=question,
        mend=f"If it holds none, keep it: `privacy: {{keep: [{question}]}}` in study.yaml. Else map another question.",
    )


def _bilingual(answers: Iterable[str], known: Dictionary[str, str]) -> dict[str, str]:
    """Options in two languages, such as "ja / yes": known where their halves are, and mean the same."""
    found = {}
    for answer in answers:
        [meant, *others] = {known.get(half.strip()) for half in answer.split("/")}
        if "/" in answer and meant is not None and not others:
            found[answer] = meant
    return found


def _number(text: str) -> float | None:
    """A number in either decimal notation, or nothing."""
    try:
        number = float(text.replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def _rows(rows: pd.Index) -> str:
    """Where, in words: the first few rows of the file."""
    listed = ", ".join(str(row) for row in rows[:5])
    more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
    return f"row {listed}" if len(rows) == 1 else f"rows {listed}{more}"
