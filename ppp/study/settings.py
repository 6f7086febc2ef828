"""The model of ``study.yaml``: what a study may say, and what each setting means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    field_validator,
    model_validator,
)

from ppp.coding.ledger import coder_fault
from ppp.errors import did_you_mean
from ppp.framework.model import LeafId, PhaseId, PlaceId
from ppp.reports.colours import DARK, ENOUGH, LIGHT, contrast, readable
from ppp.surveys import PLATFORMS, Mapping
from ppp.surveys.aliases import NONE
from ppp.surveys.limits import Limits
from ppp.surveys.text import plain
from ppp.tables import MISSING_REASONS

FORMAT = 1
"""Of a study's files. A version that writes what earlier ones would misread raises it, and takes the earlier ones along."""

Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

_LONGEST_INTRODUCTION = 3000


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValueError('This is not a colour. → Write it in quotes as "#rrggbb", for example "#0b6a8a".')
    return value.lower()


Colour = Annotated[str, AfterValidator(_colour)]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(RootModel[dict[Language, Words] | Words]):
    """A text that is one for all languages, or one for each: ``name: Solbacken`` or ``name: {sv: …, en: …}``."""

    model_config = ConfigDict(frozen=True)

    def __getitem__(self, language: str) -> str:
        if isinstance(self.root, str):
            return self.root
        return self.root.get(language) or next(iter(self.root.values()))


def _nothing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


MaybeNamed = Annotated[Named | None, BeforeValidator(_nothing)]


class Wave(_Settings):
    """One assessment round."""

    id: Key
    label: Named | None = None


class Group(_Settings):
    """Peers that are compared with each other."""

    id: Key
    name: Named


class Organization(_Settings):
    """One organization; `aliases` are other spellings of it that occur in exports."""

    id: Key
    name: Named
    group: Key | None = None
    aliases: list[Key] = []


class Export(_Settings):
    """One survey export: a file in the study folder, and how to read it.

    What is left out is found from the file and said by ``ppp check``. The mapping ``instrument`` is built in: it
    recognizes our own form. `parts` are further files of the same export (repeats in files of their own);
    `missing_codes` are answers to any question that say why there is none.
    """

    file: Key
    wave: Key
    platform: Key | None = None
    encoding: Key | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | Literal["tab"] | None = None
    decimal: Literal[",", "."] | None = None
    sheet: Key | None = None
    dictionary: Key | None = Field(default=None, validation_alias=AliasChoices("dictionary", "companion"))
    parts: list[Key] = []
    missing_codes: dict[Key, Literal[MISSING_REASONS]] = {}  # type: ignore[valid-type]  # pydantic reads it
    mapping: Key | Mapping = "instrument"

    @field_validator("platform")
    @classmethod
    def _known_platform(cls, value: str | None) -> str | None:
        if value is not None and value not in PLATFORMS:
            raise ValueError(f"There is no platform “{value}”. → {did_you_mean(value, PLATFORMS)}")
        return value


class Alias(_Settings):
    """One line of the alias table: what a spelling in an export means.

    Counts only where `confirmed`: what the program proposes (`ppp aliases`) is a proposal until a person says yes. The
    `organization` ``none`` is for answers that name none of the study's.
    """

    spelling: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    organization: Key
    certainty: Annotated[float, Field(ge=0, le=1)] | None = None
    confirmed: bool = False


class Disclosure(_Settings):
    """`threshold`: no number about fewer people than this leaves the study."""

    threshold: Annotated[int, Field(ge=3)] = 5


class Activities(_Settings):
    """`reported_by`: whether activities are facts stated by organizations, or told by individual respondents."""

    reported_by: Literal["organizations", "respondents"] = "organizations"


class Respondents(_Settings):
    """`same_ids`: whether a response id stands for the same person in every wave, so that persons can be compared with
    themselves. Ids that a survey tool numbers from 1 in each wave are nobody's.
    """

    same_ids: bool = False


class Coding(_Settings):
    """How activities are coded.

    `sure_from`: a suggestion below this confidence stays "not yet coded". `overlap`: the share of activities that two
    coders code, each on their own. `show_suggestions`: whether coders see what the program suggests. `agreement_bar`:
    the agreement below which a code should not be trusted yet.
    """

    sure_from: Annotated[float, Field(ge=0, le=1)] = 0.7
    overlap: Annotated[float, Field(ge=0, le=1)] = 0.2
    show_suggestions: bool = True
    agreement_bar: Annotated[float, Field(ge=0, le=1)] = 0.7


class Privacy(_Settings):
    """`keep`: questions that look as if they pointed at persons, and do not (see `ppp.surveys.privacy`)."""

    keep: list[Key] = []


class NextStep(_Settings):
    """What an organization chose to do after a wave: a gap, a step and a day; and later what came of it.

    The gap is a cell of the matrix, `place` and `phase`, or a `factor` of Parity.
    """

    organization: Key
    wave: Key
    place: PlaceId | None = None
    phase: PhaseId | None = None
    factor: LeafId | None = None
    step: Named
    by: date | None = None
    status: Literal["done", "under_way", "not_begun", "dropped"] | None = None
    came_of_it: Named | None = None

    @model_validator(mode="after")
    def _one_gap(self):
        if (self.place is None) != (self.phase is None):
            raise ValueError("A cell has a place and a phase. → Give both, or a factor of Parity in place of them.")
        if (self.place is None) == (self.factor is None):
            raise ValueError("A step has one gap. → Give place and phase, or factor, and not both.")
        return self


class Advice(_Settings):
    """What trusted patient advisors answered after a wave. What a person wrote is shown only once a named person has
    approved that it is shown.
    """

    organization: Key
    wave: Key
    question: Named
    answer: Named
    approved_by: Words


class Colours(_Settings):
    """The reports' own colours, as #rrggbb.

    `main`: of links, lines and headings of what unfolds; `main_dark` the same in dark surroundings, made from `main`
    where left out. `masthead`: ground of the first lines, with `masthead_text` on it, black or white where left out.
    Whatever text has them must be readable: 4.5 to 1 by WCAG 2.2.
    """

    main: Colour | None = None
    main_dark: Colour | None = None
    masthead: Colour | None = None
    masthead_text: Colour | None = None

    @model_validator(mode="after")
    def _can_be_read(self):
        if self.masthead_text and not self.masthead:
            raise ValueError("“masthead_text” has no ground to stand on. → Give “masthead” too.")
        ground = (self.masthead,) if self.masthead else ()
        for key, colour, grounds, where in (
            ("main", self.main, LIGHT, "the light pages"),
            ("main_dark", self.main_dark, DARK, "the dark pages"),
            ("masthead_text", self.masthead_text, ground, "the masthead"),
        ):
            if colour and min(contrast(colour, ground) for ground in grounds) < ENOUGH:
                least = min(contrast(colour, ground) for ground in grounds)
                mend = f"The nearest that can: “{readable(colour, grounds)}”."
                raise ValueError(
                    f"“{key}” cannot be read on {where}: a contrast of {least:.1f} to 1 where {ENOUGH} is needed. → {mend}"
                )
        return self


class Report(_Settings):
    """What reports carry beside the figures.

    `sender`, `contact`: plain text. `introduction`: Markdown. `logo`: a .png, .jpg or .svg file in the study's folder.
    `network`: whether a report across all organizations is made too.
    """

    sender: MaybeNamed = None
    contact: MaybeNamed = None
    introduction: MaybeNamed = None
    logo: Key | None = None
    colours: Colours = Colours()
    network: bool = True

    @field_validator("introduction")
    @classmethod
    def _short(cls, value: Named | None) -> Named | None:
        if value is not None:
            texts = value.root.values() if isinstance(value.root, dict) else [value.root]
            if max(map(len, texts)) > _LONGEST_INTRODUCTION:
                raise ValueError(
                    f"The introduction is longer than {_LONGEST_INTRODUCTION} characters. → Shorten it: the report should "
                    "begin on its first page."
                )
        return value


class StudySettings(_Settings):
    """The whole of ``study.yaml``."""

    format: Annotated[int, Field(ge=1, le=FORMAT)] = FORMAT
    title: Named
    languages: Annotated[list[Language], Field(min_length=1)] = ["sv", "en"]
    waves: Annotated[list[Wave], Field(min_length=1)]
    groups: list[Group] = []
    organizations: Annotated[list[Organization], Field(min_length=1)]
    aliases: list[Alias] = []
    exports: list[Export] = []
    mappings: dict[Key, Mapping] = {}
    disclosure: Disclosure = Disclosure()
    activities: Activities = Activities()
    respondents: Respondents = Respondents()
    coders: list[Key] = []
    coding: Coding = Coding()
    privacy: Privacy = Privacy()
    limits: Limits = Limits()
    report: Report = Report()
    next_steps: list[NextStep] = []
    advice: list[Advice] = []

    @field_validator("waves", "groups", "organizations")
    @classmethod
    def _distinct(cls, value: list) -> list:
        twice = sorted(key for key, count in Counter(item.id for item in value).items() if count > 1)
        if twice:
            raise ValueError(f"These ids are given twice: {', '.join(twice)}. → Give each its own.")
        return value

    @field_validator("coders")
    @classmethod
    def _coders_are_files(cls, value: list[str]) -> list[str]:
        for name in value:
            fault = coder_fault(name)
            if fault:
                raise ValueError(f"{fault} → Choose another name for this coder.")
        # Many systems do not tell Anna.csv from anna.csv.
        twice = [name for name, count in Counter(name.casefold() for name in value).items() if count > 1]
        if twice:
            raise ValueError("Two coders have the same name, but for capital letters. → Give each their own.")
        return value

    @field_validator("next_steps")
    @classmethod
    def _one_step_a_wave(cls, value: list[NextStep]) -> list[NextStep]:
        twice = [key for key, n in Counter((one.organization, one.wave) for one in value).items() if n > 1]
        if twice:
            named = "; ".join(f"{organization}, {wave}" for organization, wave in twice)
            raise ValueError(f"More than one step is given for: {named}. → Keep the one that was chosen.")
        return value

    @model_validator(mode="after")
    def _everything_named_exists(self):
        waves = {wave.id for wave in self.waves}
        groups = {group.id for group in self.groups}
        faults = []
        for export in self.exports:
            if export.wave not in waves:
                faults.append((f"The export “{export.file}” names wave “{export.wave}”", "waves", export.wave, waves))
            if isinstance(export.mapping, str) and export.mapping not in {"instrument", *self.mappings}:
                told = f"The export “{export.file}” names mapping “{export.mapping}”"
                faults.append((told, "mappings", export.mapping, set(self.mappings)))
        known = {organization.id for organization in self.organizations}
        for name, given in (("next step", self.next_steps), ("advice", self.advice)):
            for one in given:
                if one.organization not in known:
                    told = f"A {name} names organization “{one.organization}”"
                    faults.append((told, "organizations", one.organization, known))
                if one.wave not in waves:
                    told = f"A {name} of “{one.organization}” names wave “{one.wave}”"
                    faults.append((told, "waves", one.wave, waves))
        for organization in self.organizations:
            if organization.group is not None and organization.group not in groups:
                told = f"Organization “{organization.id}” names group “{organization.group}”"
                faults.append((told, "groups", organization.group, groups))
        ids = {item.id for item in self.organizations}
        for alias in self.aliases:
            if alias.organization not in {*ids, NONE}:
                told = f"The alias “{alias.spelling}” names organization “{alias.organization}”"
                faults.append((told, "organizations", alias.organization, ids))
        for key in ("sender", "contact", "introduction"):
            texts = getattr(self.report, key)
            lacking = set(self.languages) - set(texts.root) if texts and isinstance(texts.root, dict) else ()
            if lacking:
                raise ValueError(
                    f"“{key}” under “report” is not there in {', '.join(sorted(lacking))}. → Add it: half-translated reports "
                    "are hard to read."
                )
        if faults:
            what = "; ".join(f"{told}, which is not under {place}" for told, place, _, _ in faults)
            raise ValueError(f"{what}. → {did_you_mean(faults[0][2], sorted(faults[0][3]))}")
        return self

    @model_validator(mode="after")
    def _a_spelling_means_one_organization(self):
        meant: dict[str, str] = {}
        for spelling, organization in self.spellings():
            if meant.setdefault(plain(spelling), organization) != organization:
                raise ValueError(
                    f"“{spelling}” stands for both “{meant[plain(spelling)]}” and “{organization}”. → Remove it from one of them."
                )
        return self

    def spellings(self) -> Iterator[tuple[str, str]]:
        """Every spelling that a person has listed or confirmed, with the organization's id; empty for `NONE`."""
        for organization in self.organizations:
            names = organization.name.root
            yield organization.id, organization.id
            for name in names.values() if isinstance(names, dict) else [names]:
                yield name, organization.id
            for spelling in organization.aliases:
                yield spelling, organization.id
        for alias in self.aliases:
            if alias.confirmed:
                yield alias.spelling, "" if alias.organization == NONE else alias.organization


__all__ = ["FORMAT", "Alias", "Export", "Named", "Organization", "StudySettings", "Wave"]
