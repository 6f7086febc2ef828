"""One organization's report, section by section.

Each method returns a `Section`. The report notebook calls them one after another; a researcher may call just one.
"""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from ppp import figures
from ppp.disclosure import Partition
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.framework import LEAVES, PHASES, PLACES, codebook, figure_one, initiatives
from ppp.language import Language, speak
from ppp.measures import gaps
from ppp.reports.look import Look, name
from ppp.reports.section import Section, fill
from ppp.reports.sentences import first_page
from ppp.reports.view import View
from ppp.reports.words import Words
from ppp.tables import INITIATORS, ROLES

__all__ = ["Report"]

_FIRST_GAPS = 3


def contents(say: Language) -> list[tuple[str, str]]:
    """The parts of a report in their order: the id of each heading, and its words."""
    _ = say.gettext
    return [
        ("matrix", _("Where and when do patients take part?")),
        ("phases", _("When do patients join?")),
        ("initiation", _("Who asks the question?")),
        ("facts", _("Can all take part as equals?")),
        ("gaps", _("Where are patients not present?")),
        ("about", _("About the data")),
    ]


class Report:
    """What one organization's partition says, for people to read.

    Parameters
    ----------
    partition
        The organization's releasable data.
    language
        Of the report.
    wave
        The assessment round to report on; the latest with anything in it where left out.
    look
        The study's logo, colours, contact and introduction.

    Raises
    ------
    BadInput
        Where there is no catalogue for the language, or no such wave.
    """

    def __init__(
        self, partition: Partition, *, language: str = "en", wave: str | None = None, look: Look | None = None
    ) -> None:
        self.partition = partition
        self.look = look or Look()
        self.say = speak(language)
        self.words = Words(self.say)
        known = [item.id for item in partition.waves]
        if wave is not None and wave not in known:
            raise BadInput(
                Problem(
                    f"The study has no wave “{wave}”.",
                    file="study.yaml",
                    column="waves",
                    mend=did_you_mean(wave, known),
                )
            )
        self.wave = wave or self._latest(known)
        self.view = View(partition, self.wave, self.say, self.words)
        self.wave_name = self.view.wave_name

    def __repr__(self) -> str:
        return f"<Report: {self.words.name(self.partition.organization)}, {self.wave_name}, {self.say.code}>"

    def _latest(self, known: list[str]) -> str:
        present = {
            row["wave"] for name in ("response_counts", "coverage") for row in self.partition.tables.get(name, [])
        }
        return next((wave for wave in reversed(known) if wave in present), known[-1])

    def _table(self, name: str) -> pd.DataFrame:
        return self.partition.table(name, self.wave)

    def _fill(self, template: str, **values: object) -> Section:
        say = self.say
        common = {"_": say.gettext, "ngettext": say.ngettext, "say": say, "words": self.words, "wave": self.wave_name}
        return Section(fill(template, **common, **values))

    # -- the sections, in the order of the report ------------------------------------------------------------------

    def header(self) -> Section:
        """The organization's name, the study and the round."""
        partition, words = self.partition, self.words
        section = self._fill(
            "header.html.j2",
            organization=words.name(partition.organization),
            study=words.name(partition.study),
            group=words.name(partition.group) if partition.group else "",
            look=self.look,
            introduction=Markup(self.look.introduction.get(self.say.code, "")),
        )
        page = {
            "language": self.say.code,
            "title": f"{words.name(partition.organization)} · {self.wave_name} · {words.name(partition.study)}",
            "skip": self.say.gettext("Skip to the report"),
            "look": self.look.css(),
        }
        return Section(section.html, page)

    def at_a_glance(self) -> Section:
        """The report in a few sentences, each made from the data."""
        page = first_page(self.view)
        intervals = ("parity_gap", "change")
        is_hedged = any(table in intervals for one in (*page.changed, *page.talk) for table, _ in one.evidence)
        return self._fill("glance.html.j2", page=page, is_hedged=is_hedged, contents=contents(self.say))

    def matrix(self) -> Section:
        """Where and when patients take part: the 16 cells."""
        coverage, quotes = self._table("coverage"), self._table("quotes")
        present = {(row.place, row.phase): row for row in coverage[coverage["basis"] == "present"].itertuples()}
        began = {(row.place, row.phase): row for row in coverage[coverage["basis"] == "began"].itertuples()}
        shown = coverage.loc[coverage["basis"] == "present", "activities_n"]
        highest = max(4, int(shown.max()) if shown.notna().any() else 4)
        book = codebook()
        rows = []
        for place in book.places:
            cells = []
            for phase in book.phases:
                here, start = present.get((place.id, phase.id)), began.get((place.id, phase.id))
                said = quotes[(quotes["place"] == place.id) & (quotes["phase"] == phase.id)]
                cells.append(
                    {
                        "phase": phase.label[self.say.code],
                        "state": here.state if here else "none",
                        "n": int(here.activities_n) if here and here.state == "shown" else 0,
                        "began": int(start.activities_n) if start and start.state == "shown" else 0,
                        "level": _level(here, highest),
                        "quotes": list(zip(said["quote"], said["language"].fillna(self.say.code), strict=True)),
                    }
                )
            rows.append(
                {"label": place.label[self.say.code], "definition": place.definition[self.say.code], "cells": cells}
            )
        return self._fill(
            "matrix.html.j2",
            rows=rows,
            phases=[(phase.label[self.say.code], phase.definition[self.say.code]) for phase in book.phases],
            has_quotes=len(quotes) > 0,
            has_data=len(coverage) > 0,
            not_coded=self._coding("not_yet_coded"),
            not_stated=self._coding("not_stated"),
        )

    def phase_profile(self) -> Section:
        """When patients join: the phase in which collaboration began."""
        profile = self._table("phase_profile")
        counts = {row.phase: row for row in profile.itertuples()}
        known = profile["state"].isin(["shown", "some"]).any()
        rows = [
            {
                "label": self.words.phase[phase],
                "state": counts[phase].state,
                "n": counts[phase].activities_n,
                "share": None if pd.isna(counts[phase].share) else float(counts[phase].share),
            }
            for phase in PHASES
            if phase in counts
        ]
        svg = alternative = None
        if known:
            alternative = self.say.gettext("Bars, one a phase: {values}.", values=self._values(rows))
            svg = figures.to_svg(
                figures.phase_profile(profile, language=self.say.code), name="phase-profile", alternative=alternative
            )
        return self._fill("phase_profile.html.j2", rows=rows, svg=svg)

    def initiation(self) -> Section:
        """Who took the initiative."""
        table = self._table("initiation")
        order = [*(name for name in ("patients", "jointly", "professionals") if name in INITIATORS), "not_stated"]
        rows = []
        for place in ("all", *PLACES):
            cells = {row.initiated_by: row for row in table[table["place"] == place].itertuples()}
            if cells:
                label = self.say.gettext("All activities") if place == "all" else self.words.place[place]
                rows.append({"label": label, "cells": [cells[name] for name in order]})
        known = table["initiated_by"].ne("not_stated") & table["state"].isin(["shown", "some"])
        svg = None
        if known.any():
            overall = rows[0]["cells"][:3]
            values = self.say.listing(
                f"{self.words.initiator[cell.initiated_by]} {self._count(cell.state, cell.activities_n)}"
                for cell in overall
            )
            svg = figures.to_svg(
                figures.initiation(table, language=self.say.code),
                name="initiation",
                alternative=self.say.gettext("Stacked bars, one a place. All activities: {values}.", values=values),
            )
        legend = [(name, self.words.initiator[name]) for name in order[:3]]
        return self._fill(
            "initiation.html.j2",
            rows=rows,
            svg=svg,
            legend=legend,
            columns=[self.words.initiator[name] for name in order],
        )

    def parity_facts(self) -> Section:
        """Parity, first strand: what was in place, activity by activity."""
        rows = []
        for row in self._table("parity_facts").itertuples():
            shown = row.state == "shown"
            total = int(row.yes_n + row.no_n + row.unknown_n) if shown else 0
            rows.append(
                {
                    "leaf": self.words.leaf[row.leaf],
                    "fact": self.words.fact[row.fact],
                    "state": row.state,
                    "yes": int(row.yes_n) if shown else 0,
                    "no": int(row.no_n) if shown else 0,
                    "unknown": int(row.unknown_n) if shown else 0,
                    "total": total,
                }
            )
        return self._fill("parity_facts.html.j2", rows=rows, threshold=self.partition.threshold)

    def parity_ratings(self) -> Section:
        """Parity, second strand: how each role rates each factor."""
        table = self._table("parity_ratings")
        scales = []
        for (low, high), one in table.groupby(["scale_low", "scale_high"]):
            roles = [role for role in ROLES if role in set(one["role"])]
            shown = one[one["state"] == "shown"]
            cells = {(row.leaf, row.role): row for row in one.itertuples()}
            svg = None
            if len(shown):
                svg = figures.to_svg(
                    figures.parity_ratings(one, language=self.say.code),
                    name=f"parity-ratings-{low:g}-{high:g}",
                    alternative=self._ratings_alternative(shown),
                )
            scales.append(
                {
                    "low": self.say.number(low),
                    "high": self.say.number(high),
                    "roles": [(role, self.words.role[role]) for role in roles],
                    "shown_roles": [(role, self.words.role[role]) for role in roles if role in set(shown["role"])],
                    "rows": [
                        {"label": self.words.leaf[leaf], "cells": [cells.get((leaf, role)) for role in roles]}
                        for leaf in LEAVES
                        if leaf in set(one["leaf"])
                    ],
                    "svg": svg,
                }
            )
        return self._fill("parity_ratings.html.j2", scales=scales, threshold=self.partition.threshold)

    def gaps(self) -> Section:
        """Empty cells, each with an example of what could stand there."""
        coverage = self._table("coverage")
        present = coverage[coverage["basis"] == "present"]
        filled = present[present["state"].isin(["shown", "some"])]
        table = gaps(zip(filled["place"], filled["phase"], strict=True)) if len(present) else gaps([])
        language = self.say.code
        examples = {example.id: example.label[language] for example in figure_one().examples}
        real = {initiative.id: initiative for initiative in initiatives().initiatives}
        cards = []
        for row in table.itertuples():
            initiative = real[row.initiative]
            why = next(
                cell.why[language]
                for cell in initiative.cells
                if (cell.place, cell.phase) == (row.initiative_place, row.initiative_phase)
            )
            cards.append(
                {
                    "label": self.words.cell(row.place, row.phase),
                    "examples": [examples[example] for example in row.examples],
                    "initiative": initiative.name,
                    "where": initiative.where[language],
                    "why": why,
                    "distance": self._distance(row),
                }
            )
        return self._fill(
            "gaps.html.j2",
            first=cards[:_FIRST_GAPS],
            rest=cards[_FIRST_GAPS:],
            not_coded=self._coding("not_yet_coded"),
            source=figure_one().source,
        )

    def about(self) -> Section:
        """Where the numbers come from, and what is withheld."""
        partition = self.partition
        responses = self._table("response_counts")
        order = {role: at for at, role in enumerate((*ROLES, "not_stated"))}
        rows = sorted(responses.itertuples(), key=lambda row: order[row.role])
        coding = [(self.words.coding[row.coding], row) for row in self._table("coding_state").itertuples()]
        platforms = sorted({note.platform for note in partition.exports if note.wave == self.wave and note.platform})
        return self._fill(
            "about.html.j2",
            roles=[(self.words.role[row.role], row) for row in rows],
            coding=coding,
            platforms=self.say.listing(_PLATFORM_NAMES.get(name, name) for name in platforms) if platforms else "",
            partition=partition,
            contact=name(self.look.contact.get(self.say.code, partition.contact)),
            command=f"ppp report {partition.study.id} --organization {partition.organization.id}",
            sure_from=self.say.share(partition.sure_from),
        )

    # -- small phrases ---------------------------------------------------------------------------------------------

    def _coding(self, coding: str) -> dict:
        table = self._table("coding_state")
        row = next((row for row in table.itertuples() if row.coding == coding), None)
        if row is None or row.state == "none":
            return {"state": "none", "n": 0}
        return {"state": row.state, "n": int(row.activities_n) if row.state == "shown" else 0}

    def _count(self, state: str, n: object) -> str:
        return self.say.number(int(n)) if state in ("shown", "none") else self.say.gettext("some")

    def _values(self, rows: list[dict]) -> str:
        return self.say.listing(f"{row['label']} {self._count(row['state'], row['n'])}" for row in rows)

    def _ratings_alternative(self, shown: pd.DataFrame) -> str:
        parts = []
        for leaf in LEAVES:
            rows = shown[shown["leaf"] == leaf]
            if len(rows):
                means = self.say.listing(
                    f"{self.words.role[row.role].lower()} {self.say.number(row.mean, 1)}" for row in rows.itertuples()
                )
                parts.append(f"{self.words.leaf[leaf]}: {means}")
        return self.say.gettext("Mean rating of each factor by role. {values}.", values="; ".join(parts))

    def _distance(self, row) -> str:
        """Why this initiative: it sits in the cell, or how it lies nearest."""
        _ = self.say.gettext
        cell = self.words.cell(row.initiative_place, row.initiative_phase)
        if row.places_away == 0 and row.phases_away == 0:
            return ""
        if row.places_away == 0:
            return _(
                "No real example in the framework sits in this cell; this is the nearest at the same place: {cell}.",
                cell=cell,
            )
        if row.phases_away == 0:
            return _(
                "No real example in the framework sits in this cell; this is the nearest in the same phase: {cell}.",
                cell=cell,
            )
        return _("No real example in the framework sits in this cell; this is the nearest: {cell}.", cell=cell)


_PLATFORM_NAMES = {"csv": "CSV", "xlsx": "Excel", "redcap": "REDCap"}


def _level(row, highest: int) -> int:
    """Shade of a cell, from 0 (empty) to 4; withheld counts take one neutral shade."""
    if row is None or row.state == "none":
        return 0
    if row.state != "shown":
        return 1
    return 1 + min(3, int(3 * (int(row.activities_n) - 1) / max(1, highest - 1) + 0.5))
