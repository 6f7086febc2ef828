"""A study is a folder: ``study.yaml`` and the exports that it names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from ppp import yamlfile
from ppp.coding import codes_in_force, next_for_review, suggest
from ppp.coding.assign import assign, assignment_ledger
from ppp.coding.desk import Desk
from ppp.coding.events import standing
from ppp.coding.ledger import consensus_ledger, read_codings
from ppp.coding.meeting import Meeting
from ppp.coding.suggestions.model import Model, shipped
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.measures import placements
from ppp.reports.colours import readable
from ppp.reports.look import Look, logo, markdown
from ppp.study.kept import Kept, Part
from ppp.study.quotes import read_quotes
from ppp.study.settings import FORMAT, Export, StudySettings
from ppp.surveys import Mapping, SurveyExport, Tidy, read_export, tidy
from ppp.surveys.facts import facts, unmapped
from ppp.surveys.instrument import recognize
from ppp.surveys.privacy import PrivacyReport, guard
from ppp.surveys.text import plain
from ppp.surveys.tidy import organization_answers
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
    return Study(folder, yamlfile.read(folder / "study.yaml", StudySettings, name="study.yaml", newest=FORMAT))


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
    >>> study = open_study("data/lind2014")
    >>> len(study.activities()) == len(study.placements())
    True
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

    def _repr_html_(self) -> str:
        from ppp.study.card import study_card

        return study_card(self)

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.path.resolve().name

    # -- data ------------------------------------------------------------------------------------------------------

    def responses(self) -> pd.DataFrame:
        """Who answered: one row a respondent. For the study's own people.

        Returns
        -------
        pandas.DataFrame
            Columns of `ppp.tables.RESPONSES`: ``response_id`` (unique in the study: wave/export/id), ``wave``,
            ``organization``, ``role`` (patient, relative, professional, other, or missing), ``language`` (of the
            answers) and ``submitted_at`` (as the export states it, without a time zone).

        Raises
        ------
        BadInput
            With the faults of every export, so that all can be mended in one go.

        Examples
        --------
        >>> open_study("data/demo").responses().groupby("wave").size().to_dict()
        {'2025': 420, '2026': 478}
        """
        return self._tables["responses"].copy()

    def activities(self) -> pd.DataFrame:
        """What patients and professionals did together: one row an activity. For the study's own people.

        Returns
        -------
        pandas.DataFrame
            Columns of `ppp.tables.ACTIVITIES`: ``activity_id``; ``response_id`` of who told of it, ``wave`` and
            ``organization``; ``title`` and ``description`` in their words, in ``language``; ``initiated_by``;
            ``patients_n`` and ``professionals_n`` (persons who took part); the facts ``compensated``,
            ``expenses_paid``, ``training_given``, ``contact_named`` and ``lead_rotates`` (yes, no or missing); and
            where the respondent placed it: ``declared_place``, ``declared_meeting_place``, ``declared_phase_began``
            and ``declared_phases`` (joined by ``;``). Where it counts as placed is told by `placements`.

        Raises
        ------
        BadInput
            With the faults of every export.

        Examples
        --------
        >>> activities = open_study("data/lind2014").activities()
        >>> activities["activity_id"].is_unique, activities["patients_n"].dtype
        (True, Int64Dtype())
        """
        return self._tables["activities"].copy()

    def ratings(self) -> pd.DataFrame:
        """How Parity was rated: one row an answer to one statement. For the study's own people.

        Returns
        -------
        pandas.DataFrame
            Columns of `ppp.tables.RATINGS`: ``response_id``, ``wave``, ``organization``, ``role``; ``leaf`` (the factor
            of Parity that the statement is about) and ``item`` (the statement); ``score``, from ``scale_low`` to
            ``scale_high`` as the mapping declares them and never rescaled, or ``missing``, why there is none.

        Raises
        ------
        BadInput
            With the faults of every export.

        Examples
        --------
        >>> ratings = open_study("data/demo").ratings()
        >>> ratings["leaf"].nunique(), ratings["score"].max()
        (8, np.float64(4.0))
        """
        return self._tables["ratings"].copy()

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tidy ``responses``, ``activities`` and ``ratings``, not copied: for those who change nothing."""
        return dict(self._tables)

    def organizations(self) -> pd.DataFrame:
        """The study's organizations, one a row, named in its first language.

        Returns
        -------
        pandas.DataFrame
            Columns of `ppp.tables.ORGANIZATIONS`: ``organization`` (its id), ``name``, and ``group`` of peers (missing
            where it has none).

        Examples
        --------
        >>> open_study("data/demo").organizations().loc[0].tolist()
        ['solbacken', 'Solbackens sjukhus', 'hospitals']
        """
        language = self.settings.languages[0]
        rows = [(item.id, item.name[language], item.group) for item in self.settings.organizations]
        return ORGANIZATIONS.conform(pd.DataFrame(rows, columns=ORGANIZATIONS.names))

    def released(self, name: str = "", *, organizations: Sequence[str] = (), wave: str = "") -> pd.DataFrame:
        """A measure as it may be shared: the only tables of a study that may be.

        Parameters
        ----------
        name
            Of a released table, as in `ppp.disclosure.RELEASED`. Left out: what there is to ask for.
        organizations, wave
            Which organizations and which round; all where left out.

        Returns
        -------
        pandas.DataFrame
            ``organization``, ``wave``, what the table holds, and ``state`` (*shown*, *none*, *some*, *withheld* or
            *cannot_say*); see docs/methods.md. Without a name: ``table`` and its ``columns``, one row a table.

        Raises
        ------
        BadInput
            Where there is no such table, organization or wave, or the exports have faults.

        Examples
        --------
        >>> study = open_study("data/demo")
        >>> gap = study.released("parity_gap", organizations=["alvmyra"], wave="2026")
        >>> gap.loc[gap["leaf"] == "compensation", "statement"].tolist()
        ['professionals_higher']
        """
        from ppp.disclosure import RELEASED
        from ppp.study.measured import measured

        if not name:
            rows = [(table, ", ".join(columns)) for table, columns in RELEASED.items()]
            return pd.DataFrame(rows, columns=["table", "columns"], dtype="string")
        return measured(self, organizations=organizations, names=[name], wave=wave)[name]

    def suggestions(self) -> pd.DataFrame:
        """What the program suggests for each activity, sure or not.

        Returns
        -------
        pandas.DataFrame
            As `ppp.coding.suggest` returns it: one row an activity, dimension and code, with its confidence (0 to 1) and
            the passage that speaks for it.

        Examples
        --------
        >>> suggestions = open_study("data/lind2014").suggestions()
        >>> set(suggestions["dimension"]) >= {"place", "phase_began"}
        True
        """
        return self._suggestions.copy()

    def codes(self) -> pd.DataFrame:
        """The codes that count, from coders, respondents and suggestions.

        Returns
        -------
        pandas.DataFrame
            As `ppp.coding.codes_in_force` returns it: one row a code that is in force, with its ``origin``.

        Examples
        --------
        >>> "origin" in open_study("data/lind2014").codes()
        True
        """
        return self._codes.copy()

    def codings(self) -> pd.DataFrame:
        """Every coder's events, for those who lead the coding; columns of `ppp.tables.CODINGS`.

        A coder works at a `desk`, which shows their own alone.

        Returns
        -------
        pandas.DataFrame
            Columns of `ppp.tables.CODINGS`, in the order in which things happened; read anew when a file has changed.

        Examples
        --------
        >>> sorted(open_study("data/demo").codings()["coder"].unique())
        ['astrid', 'yusuf']
        """
        return self._coded[0].copy()

    def consensus(self) -> pd.DataFrame:
        """What the coders settled on, as events.

        Returns
        -------
        pandas.DataFrame
            Columns of `ppp.tables.CONSENSUS`, in the order in which things were settled.

        Examples
        --------
        >>> "kind" in open_study("data/demo").consensus()
        True
        """
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
        state = standing(self._coded[0])
        done = set(state.loc[state["done"], ["activity_id", "coder"]].itertuples(index=False, name=None))
        rows = assign(self._tables["activities"], self.settings.coders, overlap=coding.overlap, given=given, done=done)
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
        """Each activity with its place and phases, as the codes in force place it; what most measures start from.

        Returns
        -------
        pandas.DataFrame
            As `ppp.measures.placements` returns it: one row an activity.

        Raises
        ------
        BadInput
            With the faults of every export.

        Examples
        --------
        >>> placed = open_study("data/lind2014").placements()
        >>> placed.loc[0, ["place", "phase_began"]].tolist()
        ['direct_care', 'design']
        """
        return placements(self._tables["activities"], self._codes)

    def quotes(self) -> pd.DataFrame:
        """The quotes that a named person approved for reports.

        Returns
        -------
        pandas.DataFrame
            What ``quotes.csv`` holds: ``activity_id``, ``quote``, ``approved_by``, ``approved_at``. Empty where the study
            has none.

        Raises
        ------
        BadInput
            Where it quotes what no activity says, or nobody approved it.

        Examples
        --------
        >>> "quote" in open_study("data/lind2014").quotes()
        True
        """
        return read_quotes(self.path / "quotes.csv", self._tables["activities"])

    def look(self) -> Look:
        """The reports' logo, colours, contact and introduction, made safe.

        Raises
        ------
        BadInput
            Where the logo cannot be used.
        """
        settings, languages = self.settings.report, self.settings.languages
        texts: dict[str, Any] = {
            key: {language: getattr(settings, key)[language] for language in languages}
            for key in ("sender", "contact", "introduction")
            if getattr(settings, key)
        }
        if "introduction" in texts:
            texts["introduction"] = {language: str(markdown(text)) for language, text in texts["introduction"].items()}
        sender = texts.setdefault("sender", {language: self.settings.title[language] for language in languages})
        colours = {key: value for key, value in settings.colours.model_dump().items() if value}
        if "masthead" in colours:
            colours.setdefault("masthead_text", readable("#ffffff", (colours["masthead"],)))
        image = ""
        if settings.logo:
            if not (self.path / settings.logo).resolve().is_relative_to(self.path.resolve()):
                raise BadInput(Problem("The logo lies outside the study.", file="study.yaml", column="report.logo"))
            image = logo(self.path / settings.logo, settings.logo)
        return Look(logo=image, **{**texts, "sender": sender, **colours})

    def platforms(self) -> list[tuple[str, str]]:
        """For each export its wave and the platform it came from."""
        return list(self._read[2])

    def facts(self) -> list[dict]:
        """What `ppp check` tells of each export; see `ppp.surveys.facts.facts`."""
        return list(self._read[3])

    def notes(self) -> list[str]:
        """What was assumed and set aside while reading, export by export."""
        notes = [*self._read[1], *self._coded[2]]
        if self.has_earlier_model:
            notes.append(
                f"codings/{self.model_path.name} learned with an earlier version of ppp and is not used; learn anew: "
                f"`ppp code {self.path} --learn`"
            )
        return notes

    # -- reading ---------------------------------------------------------------------------------------------------

    def input_files(self) -> list[Path]:
        """Every file that the study's data come from, in a fixed order."""
        named = [self.path / "study.yaml", self.path / "quotes.csv"]
        for export in self.settings.exports:
            named.append(self.path / "exports" / export.file)
            named += [self.path / "exports" / file for file in (export.dictionary, *export.parts) if file]
        named += [path for path in self._coding_files() if path.name != "assignment.csv"]
        named.append(self.model_path)
        if self.settings.report.logo:
            named.append(self.path / self.settings.report.logo)
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

    def _read_export(self, export: Export, name: str) -> tuple[SurveyExport, Tidy]:
        read, mapped, _ = self._read_with_facts(export, name)
        return read, mapped

    def _read_with_facts(self, export: Export, name: str) -> tuple[SurveyExport, Tidy, dict]:
        read, mapping, privacy = self._opened(export, name)
        unused = unmapped(read, mapping)
        if unused:
            listed = ", ".join(f"“{column}”" for column in unused[:12])
            more = f" and {len(unused) - 12} more" if len(unused) > 12 else ""
            read = replace(read, notes=(*read.notes, f"no mapping uses {len(unused)} columns: {listed}{more}"))
        mapped = tidy(
            read,
            mapping,
            wave=export.wave,
            stem=Path(export.file).stem,
            organizations=dict(self.settings.spellings()),
            proposed={alias.spelling: alias.organization for alias in self.settings.aliases if not alias.confirmed},
            dropped=privacy.dropped,
            name=name,
        )
        return read, mapped, facts(read, mapping, privacy, mapped, wave=export.wave)

    def _opened(self, export: Export, name: str) -> tuple[SurveyExport, Mapping, PrivacyReport]:
        """One export past the door, its mapping, and what the door took."""
        folder = self.path / "exports"
        for file in filter(None, (export.file, export.dictionary, *export.parts)):
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
            limits=self.settings.limits,
            parts=[folder / part for part in export.parts],
            missing_codes=export.missing_codes,
        )
        # Before anything else sees the answers.
        spellings = dict(self.settings.spellings())
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
        return read, mapping, privacy

    def spellings(self, *, of_sound_exports: bool = False) -> pd.DataFrame:
        """What respondents wrote as their organization, export by export.

        Parameters
        ----------
        of_sound_exports
            Whether to pass over exports that cannot be read, in place of telling what is wrong with them.

        Returns
        -------
        DataFrame
            One row an export and spelling: ``export``, ``question``, ``spelling`` (as most wrote it), ``answers`` (how
            many), ``organization`` (whose spelling it is in ``study.yaml``, listed or confirmed; empty for none of the
            study's; missing where nobody has said).
        """
        known = {plain(spelling): organization for spelling, organization in self.settings.spellings()}
        rows = []
        problems: list[Problem] = []
        for export in self.settings.exports:
            name = f"exports/{export.file}"
            try:
                read, mapping, _ = self._opened(export, name)
                source = mapping.organization
                if source.column is None:
                    continue
                given = organization_answers(read, mapping, name=name)
            except BadInput as error:
                problems.extend(error.problems)
                continue
            mine = {**known, **{plain(word): meant for word, meant in source.values.items()}}
            counts = given[given != ""].value_counts()
            for said, one in counts.groupby(counts.index.map(plain), sort=False):
                rows.append((name, source.column, one.index[0], int(one.sum()), mine.get(said)))
        if problems and not of_sound_exports:
            raise BadInput(problems)
        return pd.DataFrame(rows, columns=["export", "question", "spelling", "answers", "organization"])

    @cached_property
    def _read(self) -> tuple[dict[str, pd.DataFrame], list[str], list[tuple[str, str]], list[dict]]:
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
        told: list[dict] = []
        for part, export in zip(self._parts(), self.settings.exports, strict=True):
            platforms.append((export.wave, part.platform))
            told.append(part.facts)
            for name, read in parts.items():
                read.append(getattr(part.tidy, name))
            notes.extend(f"{part.name}: {note}" for note in part.notes)
        tables = {
            table.name: table.conform(pd.concat(parts[table.name], ignore_index=True))
            for table in (RESPONSES, ACTIVITIES, RATINGS)
        }
        return tables, notes, platforms, told

    def _parts(self) -> Iterator[Part]:
        """Each export's tidy tables: kept ones where nothing that they rest on has changed, else read."""
        problems: list[Problem] = []
        for found in self.parts():
            if isinstance(found, BadInput):
                problems.extend(found.problems)
            else:
                yield found
        if problems:
            raise BadInput(problems)

    def parts(self) -> Iterator[Part | BadInput]:
        """Each export as it was read, or what is wrong with it."""
        for export in self.settings.exports:
            try:
                key = self.kept.key(export)
                part = self.kept.find(key)
            except OSError:
                key, part = "", None  # the export is not there: reading it tells so
            try:
                if part is None:
                    read, mapped, told = self._read_with_facts(export, f"exports/{export.file}")
                    part = Part(read.source.name, read.platform, mapped, (*read.notes, *mapped.notes), told)
                    if key:
                        self.kept.keep(key, part)
                yield part
            except BadInput as error:
                yield error

    @property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return self._read[0]

    @cached_property
    def _suggestions(self) -> pd.DataFrame:
        activities = self._tables["activities"]
        texts = activities[["activity_id", "language"]].assign(text=activity_text(activities))
        return suggest(texts, self._model)

    @cached_property
    def _model(self) -> Model | None:
        """The study's own model, where it has one that started from this version's: another reads texts differently."""
        model = Model.load(self.model_path) if self.model_path.is_file() else None
        return model if model is not None and model.started_from(shipped()) else None

    @property
    def has_earlier_model(self) -> bool:
        """Whether the model that learned from this study's coding started from an earlier version's: it is not used."""
        return self.model_path.is_file() and self._model is None

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


def activity_text(activities: pd.DataFrame) -> pd.Series:
    """Title and description as the one text that is coded; evidence spans count its code points."""
    title, description = activities["title"].fillna(""), activities["description"].fillna("")
    return (title + "\n" + description).str.strip()
