"""The shape of the framework's data: what each YAML file beside this module must hold.

Source of the content: Cristin Lind, *Patient-professional partnership: examples, best practices and recommendations*,
QRC Stockholm, 1 June 2014, called "the seed" here. Its facts are carried over; the wording is ours.
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, field_validator, model_validator

PLACES: tuple[PlaceId, ...] = ("direct_care", "clinic", "organization", "system")
PHASES: tuple[PhaseId, ...] = ("design", "plan", "implement", "evaluate")
LEAVES: tuple[LeafId, ...] = (
    "numbers",
    "compensation",
    "power_balance",
    "preparation",
    "training",
    "support",
    "leadership",
    "vulnerability",
)
NOT_STATED = "not_stated"
LANGUAGES = ("en", "sv")

PlaceId = Literal["direct_care", "clinic", "organization", "system"]
PhaseId = Literal["design", "plan", "implement", "evaluate"]
LeafId = Literal[
    "numbers", "compensation", "power_balance", "preparation", "training", "support", "leadership", "vulnerability"
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(RootModel[dict[str, Filled]]):
    """One text in every language of the codebook: ``text["sv"]``.

    A language that has no wording of its own falls back on English.
    """

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _whole(cls, value: dict[str, str]) -> dict[str, str]:
        missing = [language for language in LANGUAGES if language not in value]
        if missing:
            raise ValueError(f"The text is missing in: {', '.join(missing)}. → Add it in that language too.")
        return value

    def __getitem__(self, language: str) -> str:
        return self.root.get(language, self.root["en"])


class Texts(RootModel[dict[str, list[Filled]]]):
    """Lists of texts, one list a language; the lists need not be translations of each other."""

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _whole(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        missing = [language for language in LANGUAGES if not value.get(language)]
        if missing:
            raise ValueError(f"The list is missing in: {', '.join(missing)}. → Give at least one entry.")
        return value

    def __getitem__(self, language: str) -> list[str]:
        return self.root.get(language, self.root["en"])


class Code(_Part):
    """One code of the codebook, on any dimension.

    A cue phrase is a phrase to look for, for people who code; a word that ends in ``*`` stands for every word that begins so.
    """

    id: Id
    label: Text
    definition: Text
    includes: Texts
    excludes: Texts
    examples: Texts
    seed: Filled = Field(description="Where in the seed the code stands.")


class Place(Code):
    """A level of the health system: where on the vertical axis of the matrix an activity sits."""

    id: PlaceId
    scale: Literal["micro", "meso", "macro"]
    aliases: Texts
    cues: Texts


class Phase(Code):
    """A phase of a project: where on the horizontal axis collaboration begins."""

    id: PhaseId
    aliases: Texts
    cues: Texts


class Cues(_Part):
    supports: Texts
    barrier: Texts


class Leaf(Code):
    """One Parity factor; evidence on it has a direction: it supports parity, or is a barrier to it."""

    id: LeafId
    cues: Cues
    questions: Annotated[list[Text], Field(min_length=3)]


class Group(_Part):
    """Some leaves summed under one name."""

    id: Id
    label: Text
    leaves: Annotated[list[LeafId], Field(min_length=1)]


class Grouping(_Part):
    """One of the two ways in which the seed sums the leaves into seven factors."""

    id: Literal["text", "figure"]
    label: Text
    seed: Filled
    groups: list[Group]

    @model_validator(mode="after")
    def _each_leaf_once(self):
        counts: Counter[str] = Counter(leaf for group in self.groups for leaf in group.leaves)
        wrong = [leaf for leaf in LEAVES if counts[leaf] != 1]
        if wrong or len(self.groups) != 7:
            raise ValueError(
                "A grouping has seven groups that hold each leaf once. → Look at: " + ", ".join(wrong or ["the groups"])
            )
        return self


class SpecialCode(_Part):
    """A legal answer that is no cell: "not stated", or "not a partnership activity"."""

    id: Literal["not_stated", "none"]
    label: Text
    definition: Text


class Codebook(_Part):
    """codebook.yaml: the codes that activities are coded with."""

    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]
    source: Filled
    places: list[Place]
    phases: list[Phase]
    leaves: list[Leaf]
    groupings: list[Grouping]
    special: list[SpecialCode]

    @model_validator(mode="after")
    def _complete(self):
        for name, codes, ids in (
            ("places", self.places, PLACES),
            ("phases", self.phases, PHASES),
            ("leaves", self.leaves, LEAVES),
            ("special", self.special, ("not_stated", "none")),
            ("groupings", self.groupings, ("text", "figure")),
        ):
            if tuple(code.id for code in codes) != ids:
                raise ValueError(f"“{name}” must hold, in this order: {', '.join(ids)}.")
        return self


class FigureExample(_Part):
    """One example in a cell of Figure 1."""

    id: Id
    place: PlaceId
    phase: PhaseId
    label: Text


class FigureOne(_Part):
    """figure1.yaml: the seed's matrix with its 24 examples."""

    source: Filled
    examples: list[FigureExample]


class InitiativeCell(_Part):
    """A cell that an initiative sits in, and why; our reading, as the seed gives headings only."""

    place: PlaceId
    phase: PhaseId | Literal["not_stated"]
    why: Text


class Initiative(_Part):
    """One of the seed's nine cutting-edge examples."""

    id: Id
    name: Filled
    heading: Text
    where: Text
    since: str = ""
    summary: Text
    facts: list[Text]
    cells: Annotated[list[InitiativeCell], Field(min_length=1)]
    check: Text | None = Field(None, description="What to check before repeating it.")
    seed: Filled


class Initiatives(_Part):
    """initiatives.yaml"""

    source: Filled
    initiatives: list[Initiative]


class Shift(_Part):
    """One of the six shifts: from what, to what, and what in a study would show it."""

    id: Id
    label: Text
    from_: Annotated[Text, Field(alias="from")]
    to: Text
    definition: Text
    signs: Texts
    seed: Filled


class Need(_Part):
    """One of the five needs: what has to be in place, and which shifts its absence blocks."""

    id: Id
    label: Text
    definition: Text
    cues: Texts
    blocks: Annotated[list[Id], Field(min_length=1)]
    seed: Filled


class Item(_Part):
    """A named element of the framework that is text only."""

    id: Id
    label: Text
    definition: Text
    seed: Filled


class Progress(_Part):
    """shifts_and_needs.yaml"""

    source: Filled
    shifts: list[Shift]
    needs: list[Need]
    deeper_barriers: list[Item]
    excuses: list[Need]
    early_phase_challenges: list[Item]

    @model_validator(mode="after")
    def _known_shifts(self):
        known = {shift.id for shift in self.shifts}
        unknown = sorted({block for need in (*self.needs, *self.excuses) for block in need.blocks} - known)
        if unknown:
            raise ValueError("“blocks” names shifts that do not exist: " + ", ".join(unknown))
        return self


class Indicator(_Part):
    """One figure that speaks of a shift or a need: how it is defined, from what it is computed, what it cannot say."""

    id: Id
    speaks_of: Annotated[list[Id], Field(min_length=1)]
    label: Text
    definition: Text
    computed_from: Text
    cannot_say: Text
    towards: Literal["more", "less"] | None = Field(
        default=None,
        description="Whether more or less of it goes the way of the framework; left out where neither can be said.",
    )


class Signal(_Part):
    """A pattern that may mean tokenism: the rule that raises it, and the question to put."""

    id: Id
    label: Text
    rule: Text
    question: Text
    seed: Filled


class Indicators(_Part):
    """indicators.yaml"""

    source: Filled
    indicators: list[Indicator]
    not_measured: list[Item] = Field(description="Shifts and needs that no figure speaks of, and why.")
    signals: list[Signal]


class Kind(_Part):
    """A kind of activity, and the concepts of the lexicon that tell of it; `mentions` of them are needed."""

    id: Id
    label: Text
    concepts: Annotated[list[Id], Field(min_length=1)]
    mentions: Annotated[int, Field(ge=1)] = 1


class Kinds(_Part):
    """kinds.yaml"""

    source: Filled
    kinds: list[Kind]


class Term(_Part):
    """A word that the framework uses or avoids."""

    id: Id
    label: Text
    use: Literal["preferred", "avoided"]
    why: Text


class Background(_Part):
    """background.yaml: the rest of the seed, element by element."""

    source: Filled
    terms: list[Term]
    visions: list[Item]
    principles: list[Item]
    place_views: list[Item]
    place_implications: list[Item]
    phase_views: list[Item]
    uses: list[Item]
    aims: list[Item]
    qrc_fields: list[Item]
    closing: list[Item]


class Resource(_Part):
    """One of the seed's resources: links of 2014 rot, so title, publisher and the date of a check are kept."""

    id: Id
    title: Filled
    publisher: Filled
    language: str
    about: Text
    link_checked: str = ""
    archive: str = ""


class Resources(_Part):
    """resources.yaml"""

    source: Filled
    resources: list[Resource]


class Instrument(_Part):
    """instrument.yaml: the words of our own form, which takes its codes from the codebook."""

    title: Text
    intro: Text
    sections: dict[Literal["about", "parity", "activity"], Text]
    organization: Text
    role: Text
    roles: dict[Id, Text]
    scale: Annotated[list[Text], Field(min_length=2)]
    escapes: dict[Literal["dont_know", "not_applicable", "refused", "not_stated"], Text]
    statements: dict[LeafId, Text]
    answers: dict[Literal["yes", "no"], Text]
    initiators: dict[Id, Text]
    number_hint: Text
    text_hint: Text
    activity: dict[Id, Text]

    @model_validator(mode="after")
    def _sound(self):
        if len(self.scale) % 2:
            raise ValueError("The scale has a neutral middle. → Give it an even number of options.")
        missing = [leaf for leaf in LEAVES if leaf not in self.statements]
        if missing:
            raise ValueError(f"These factors have no statement: {', '.join(missing)}. → Add one for each.")
        return self
