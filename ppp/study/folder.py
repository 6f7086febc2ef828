"""A study is a folder: ``study.yaml`` and the exports that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import pandas as pd

from ppp import yamlfile
from ppp.coding import codes_in_force, next_for_review, suggest
from ppp.coding.assign import assign, assignment_ledger
from ppp.coding.desk import Desk
from ppp.coding.ledger import consensus_ledger, read_codings
from ppp.coding.meeting import Meeting
from ppp.coding.suggestions.model import Model
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.measures import placements
from ppp.study.kept import Kept, Part
from ppp.study.quotes import read_quotes
from ppp.study.settings import Organization, StudySettings
from ppp.surveys import Mapping, SurveyExport, Tidy, read_export, tidy
from ppp.surveys.instrument import recognize
from ppp.surveys.privacy import guard
from ppp.surveys.text import plain
from ppp.tables import ACTIVITIES, ORGANIZATIONS, RATINGS, RESPONSES

__all__ = ["Study", "new_study", "open_study"]


def open_study(path: str | Path) -> Study:
    """The study in that folder; its ``study.yaml`` is read and checked, its exports not yet.

    A relative path is looked for in the working folder and then in the folders above it, so that a notebook in
    ``notebooks/`` finds ``data/demo`` as a command at the top does.

    Raises
    ------
    BadInput
        Where there is no such folder, or its ``study.yaml`` has faults: all of them, each with its line.

    Examples
    --------
    >>> study = open_study("data/demo")
    >>> study.organizations().columns.tolist()
    ['organization', 'name', 'group']
    """
    folder = _find(Path(path))
    return Study(folder, yamlfile.read(folder / "study.yaml", StudySettings, name="study.yaml"))


def _find(path: Path) -> Path:
    above = [path] if path.is_absolute() else [base / path for base in (Path.cwd(), *Path.cwd().parents)]
    for folder in above:
        if (folder / "study.yaml").is_file():
            # As short as the user gave it: messages then name the study the way they know it.
            return path if folder == Path.cwd() / path else folder
    if path.name == "study.yaml" and path.is_file():
        return path.parent
    if not path.exists():
        raise BadInput(
            Problem("There is no such study folder.", file=str(path), mend=f"Check the path, or `ppp new {path}`.")
        )
    raise BadInput(
        Problem(
            "This folder holds no study.yaml.", file=str(path), mend="Name a study's folder, or make one: `ppp new`."
        )
    )


def new_study(path: str | Path) -> Path:
    """Make a study folder with a commented ``study.yaml`` to fill in; returns the folder.

    Raises
    ------
    BadInput
        Where the folder exists and is not empty: nothing is ever overwritten.
    """
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            Problem("This exists already and is not empty.", file=str(folder), mend="Choose a new name for the study.")
        )
    text = files("ppp.study").joinpath("new_study.yaml").read_text(encoding="utf-8")
    try:
        (folder / "exports").mkdir(parents=True, exist_ok=True)
        (folder / "study.yaml").write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(Problem(f"The folder cannot be made ({error.strerror}).", file=str(folder))) from None
    return folder


class Study:
    """An open study: its settings, and its data as tidy tables. Get one from `open_study`.

    Tables are read when first asked for and kept. Each call returns a copy, so a notebook may change it freely.

    Examples
    --------
    >>> study = open_study("data/demo")
    >>> study.activities()["declared_place"].isin(["direct_care", "clinic", "organization", "system"]).any()
    np.True_
    """

    def __init__(self, path: Path, settings: StudySettings) -> None:
        self.path = path
        self.settings = settings
        self.kept = Kept(path, settings)
        self._seen: tuple[tuple, tuple[pd.DataFrame, pd.DataFrame, list[str]]] | None = None
        self._joined: pd.DataFrame | None = None

    def __repr__(self) -> str:
        settings = self.settings
        return (
            f"<Study {self.path.name}: {len(settings.organizations)} organizations, {len(settings.waves)} waves, "
            f"{len(settings.exports)} exports>"
        )

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.resolve().name

    # -- data ------------------------------------------------------------------------------------------------------

    def responses(self) -> pd.DataFrame:
        """One row a respondent; columns of `ppp.tables.RESPONSES`."""
        return self._tables["responses"].copy()

    def activities(self) -> pd.DataFrame:
        """One row an activity; columns of `ppp.tables.ACTIVITIES`."""
        return self._tables["activities"].copy()

    def ratings(self) -> pd.DataFrame:
        """One row an answer to one Parity statement; columns of `ppp.tables.RATINGS`."""
        return self._tables["ratings"].copy()

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tidy ``responses``, ``activities`` and ``ratings``, not copied: for those who change nothing."""
        return dict(self._tables)

    def organizations(self) -> pd.DataFrame:
        """One row an organization, named in the study's first language; columns of `ppp.tables.ORGANIZATIONS`."""
        language = self.settings.languages[0]
        rows = [(item.id, item.name[language], item.group) for item in self.settings.organizations]
        return ORGANIZATIONS.conform(pd.DataFrame(rows, columns=ORGANIZATIONS.names))

    def suggestions(self) -> pd.DataFrame:
        """What the program suggests for each activity, sure or not; see `ppp.coding.suggest`."""
        return self._suggestions.copy()

    def codes(self) -> pd.DataFrame:
        """The codes that count; see `ppp.coding.codes_in_force`."""
        return self._codes.copy()

    def codings(self) -> pd.DataFrame:
        """Every coder's events, for those who lead the coding; columns of `ppp.tables.CODINGS`.

        A coder works at a `desk`, which shows their own alone.
        """
        return self._coded[0].copy()

    def consensus(self) -> pd.DataFrame:
        """What the coders settled on, as events; columns of `ppp.tables.CONSENSUS`."""
        return self._coded[1].copy()

    def assignment(self, *, write: bool = False) -> pd.DataFrame:
        """Who codes what; see `ppp.coding.assign.assign`.

        Parameters
        ----------
        write
            Whether activities that are new get written down with their coders, so that they keep them.
        """
        ledger = assignment_ledger(self._codings_folder)
        given = ledger.read()[0]
        coding = self.settings.coding
        rows = assign(self._tables["activities"], self.settings.coders, overlap=coding.overlap, given=given)
        if write:
            ledger.append(rows.iloc[len(given) :].to_dict("records"))
        return rows

    def desk(self, coder: str, *, everything: bool = False) -> Desk:
        """Where one coder codes; see `ppp.coding.desk.Desk`.

        Parameters
        ----------
        everything
            Whether all activities lie on it, assigned or not: for codings that come from another program.

        Raises
        ------
        BadInput
            Where ``study.yaml`` does not name the coder.
        """
        if coder not in self.settings.coders:
            mend = did_you_mean(coder, self.settings.coders) if self.settings.coders else f"Add “coders: [{coder}]”."
            raise BadInput(Problem(f"The study has no coder “{coder}”.", file="study.yaml", column="coders", mend=mend))
        activities = self._tables["activities"]
        own = activities["activity_id"]
        if not everything:
            rows = self.assignment(write=True)
            own = rows.loc[rows["coder"] == coder, "activity_id"]
        texts = activities[["activity_id", "language", "title", "description"]].assign(text=activity_text(activities))
        texts = texts[texts["activity_id"].isin(own)].reset_index(drop=True)
        suggestions = None
        if self.settings.coding.show_suggestions:
            suggestions = self._suggestions[self._suggestions["activity_id"].isin(own)].reset_index(drop=True)
            # Where a look is worth the most comes first. Not where coders may not see suggestions: the order would tell.
            first = next_for_review(suggestions, texts)["activity_id"]
            texts = texts.set_index("activity_id").loc[first].reset_index()
        return Desk(self._codings_folder, coder, texts, suggestions)

    def meeting(self, by: str | None = None) -> Meeting:
        """Where the coders settle what they differ on; see `ppp.coding.meeting.Meeting`.

        Parameters
        ----------
        by
            Who settles; all the study's coders together where left out.
        """
        activities = self._tables["activities"]
        texts = activities[["activity_id", "language", "title", "description"]].assign(text=activity_text(activities))
        return Meeting(self._codings_folder, by or "-".join(self.settings.coders) or "coders", texts)

    def placements(self) -> pd.DataFrame:
        """Each activity with its place and phases; see `ppp.measures.placements`."""
        return placements(self._tables["activities"], self._codes)

    def quotes(self) -> pd.DataFrame:
        """The quotes that a named person approved for reports (``quotes.csv``): ``activity_id``, ``quote``,
        ``approved_by``,
        ``approved_at``. Empty where the study has none."""
        return read_quotes(self.path / "quotes.csv", self._tables["activities"])

    def platforms(self) -> list[tuple[str, str]]:
        """For each export its wave and the platform it came from."""
        return list(self._read[2])

    def notes(self) -> list[str]:
        """What was assumed and set aside while reading, export by export."""
        return [*self._read[1], *self._coded[2]]

    # -- reading ---------------------------------------------------------------------------------------------------

    def input_files(self) -> list[Path]:
        """Every file that the study's data come from, in a fixed order."""
        named = [self.path / "study.yaml", self.path / "quotes.csv"]
        for export in self.settings.exports:
            named.append(self.path / "exports" / export.file)
            if export.dictionary:
                named.append(self.path / "exports" / export.dictionary)
        named += [path for path in self._coding_files() if path.name != "assignment.csv"]
        named.append(self.model_path)
        return [path for path in dict.fromkeys(named) if path.is_file()]

    def read_exports(self) -> Iterator[tuple[SurveyExport, Tidy]]:
        """Each export as it was read and as it was mapped.

        Raises
        ------
        BadInput
            With the faults of every export, so that all can be mended in one go.
        """
        problems: list[Problem] = []
        for export in self.settings.exports:
            name = f"exports/{export.file}"
            try:
                yield self._read_export(export, name)
            except BadInput as error:
                problems.extend(error.problems)
        if problems:
            raise BadInput(problems)

    def _read_export(self, export, name: str) -> tuple[SurveyExport, Tidy]:
        folder = self.path / "exports"
        for file in filter(None, (export.file, export.dictionary)):
            if not (folder / file).is_file():
                there = sorted(path.name for path in folder.glob("*")) if folder.is_dir() else []
                raise BadInput(
                    Problem(
                        "There is no such file in the study.", file=f"exports/{file}", mend=did_you_mean(file, there)
                    )
                )
        read = read_export(
            folder / export.file,
            platform=export.platform,
            encoding=export.encoding,
            delimiter=export.delimiter,
            decimal=export.decimal,
            sheet=export.sheet,
            dictionary=folder / export.dictionary if export.dictionary else None,
            name=name,
        )
        spellings = dict(_spellings(self.settings.organizations))
        # Before anything else sees the answers.
        read, privacy = guard(read, keep=self.settings.privacy.keep, spare=spellings)
        read = replace(read, notes=(*read.notes, *privacy.notes()))
        if not isinstance(export.mapping, str):
            mapping = export.mapping
        elif export.mapping in self.settings.mappings:
            mapping = self.settings.mappings[export.mapping]
        else:
            recognized = recognize(read)
            if recognized is None:
                raise BadInput(
                    Problem(
                        "This is not an export of our own form, and no mapping is named for it.",
                        file=name,
                        mend="Run `ppp map` on the file: it proposes a mapping.",
                    )
                )
            read, mapping = recognized
        unmapped = _unmapped(read, mapping)
        if unmapped:
            listed = ", ".join(f"“{column}”" for column in unmapped[:12])
            more = f" and {len(unmapped) - 12} more" if len(unmapped) > 12 else ""
            read = replace(read, notes=(*read.notes, f"no mapping uses {len(unmapped)} columns: {listed}{more}"))
        mapped = tidy(read, mapping, wave=export.wave, stem=Path(export.file).stem, organizations=spellings, name=name)
        return read, mapped

    @cached_property
    def _read(self) -> tuple[dict[str, pd.DataFrame], list[str], list[tuple[str, str]]]:
        if not self.settings.exports:
            raise BadInput(
                Problem(
                    "The study names no export yet.",
                    file="study.yaml",
                    column="exports",
                    mend="Put a survey export in the folder exports/ and name it here.",
                )
            )
        parts: dict[str, list[pd.DataFrame]] = {"responses": [], "activities": [], "ratings": []}
        notes: list[str] = []
        platforms: list[tuple[str, str]] = []
        for part, export in zip(self._parts(), self.settings.exports, strict=True):
            platforms.append((export.wave, part.platform))
            for name, tables in parts.items():
                tables.append(getattr(part.tidy, name))
            notes.extend(f"{part.name}: {note}" for note in part.notes)
        tables = {
            table.name: table.conform(pd.concat(parts[table.name], ignore_index=True))
            for table in (RESPONSES, ACTIVITIES, RATINGS)
        }
        return tables, notes, platforms

    def _parts(self) -> Iterator[Part]:
        """Each export's tidy tables: kept ones where nothing that they rest on has changed, else read."""
        problems: list[Problem] = []
        for export in self.settings.exports:
            try:
                key = self.kept.key(export)
                part = self.kept.find(key)
            except OSError:
                key = part = None
            try:
                if part is None:
                    read, mapped = self._read_export(export, f"exports/{export.file}")
                    part = Part(read.source.name, read.platform, mapped, (*read.notes, *mapped.notes))
                    if key is not None:
                        self.kept.keep(key, part)
                yield part
            except BadInput as error:
                problems.extend(error.problems)
        if problems:
            raise BadInput(problems)

    @property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return self._read[0]

    @cached_property
    def _suggestions(self) -> pd.DataFrame:
        activities = self._tables["activities"]
        texts = activities[["activity_id", "language"]].assign(text=activity_text(activities))
        return suggest(texts, Model.load(self.model_path) if self.model_path.is_file() else None)

    @property
    def model_path(self) -> Path:
        """Where the model is that learned from this study's coding, if one has (`ppp.study.learning`)."""
        return self._codings_folder / "model.npz"

    @property
    def _codings_folder(self) -> Path:
        return self.path / "codings"

    def _coding_files(self) -> list[Path]:
        return sorted(self._codings_folder.glob("*.csv")) if self._codings_folder.is_dir() else []

    @property
    def _coded(self) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
        """Codings, consensus and notes, read anew when a file has changed: people code while a notebook is open."""
        state = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in self._coding_files())
        if self._seen is None or self._seen[0] != state:
            codings, notes = read_codings(self._codings_folder)
            consensus, more = consensus_ledger(self._codings_folder).read()
            self._seen = (state, (codings, consensus, [*notes, *more]))
            self._joined = None
        return self._seen[1]

    @property
    def _codes(self) -> pd.DataFrame:
        codings, consensus, _ = self._coded
        if self._joined is None:
            self._joined = codes_in_force(
                self._tables["activities"],
                self._suggestions,
                sure_from=self.settings.coding.sure_from,
                codings=codings,
                consensus=consensus,
            )
        return self._joined


def _unmapped(read: SurveyExport, mapping: Mapping) -> list[str]:
    """Columns of the answers that the mapping names nowhere, neither by name nor by text."""

    def words(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for item in value.values():
                yield from words(item)
        elif isinstance(value, list):
            for item in value:
                yield from words(item)
        elif isinstance(value, str):
            yield value

    blocks = mapping.activities.blocks if mapping.activities else 1
    named = {plain(word.replace("{n}", str(n))) for word in words(mapping.model_dump()) for n in range(1, blocks + 1)}
    texts = dict(zip(read.questions["name"], read.questions["text"], strict=True))
    owner = dict(zip(read.choices["column"], read.choices["question"], strict=True))
    return [
        str(column)
        for column in read.answers
        if not {plain(str(one)) for one in (column, texts.get(column, column), owner.get(column, column))} & named
    ]


def activity_text(activities: pd.DataFrame) -> pd.Series:
    """Title and description as the one text that is coded; evidence spans count its code points."""
    title, description = activities["title"].fillna(""), activities["description"].fillna("")
    return (title + "\n" + description).str.strip()


def _spellings(organizations: Iterable[Organization]) -> Iterator[tuple[str, str]]:
    for organization in organizations:
        names = organization.name.root
        yield organization.id, organization.id
        for name in names.values() if isinstance(names, dict) else [names]:
            yield name, organization.id
        for alias in organization.aliases:
            yield alias, organization.id
