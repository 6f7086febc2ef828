"""The report across all organizations, section by section.

Reads the network's own prepared data, which hold nothing but what organizations' reports show, and names no organization:
it is there to learn from one another, not to rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd
from markupsafe import Markup

from ppp import figures
from ppp.disclosure.network import ALL, Network
from ppp.framework import LEAVES, PHASES, codebook, figure_one
from ppp.language import capital, speak
from ppp.reports.look import Look, name
from ppp.reports.section import Section, fill
from ppp.reports.view import must_be_a_wave
from ppp.reports.words import Words

__all__ = ["NetworkReport"]

_ABSENT = 4  # cells that the page dwells on
_COMMON = 3


class NetworkReport:
    """What may be said across a study's organizations, for people to read.

    Parameters
    ----------
    network
        The releasable tables across organizations.
    language
        Of the report.
    wave
        The assessment round; the latest with anything in it where left out.
    look
        The study's logo, colours, contact and introduction.

    Raises
    ------
    BadInput
        Where there is no catalogue for the language, or no such wave.
    """

    def __init__(
        self, network: Network, *, language: str = "en", wave: str | None = None, look: Look | None = None
    ) -> None:
        self.network = network
        self.look = look or Look()
        self.say = speak(language)
        self.words = Words(self.say)
        known = [item.id for item in network.waves]
        if wave is not None:
            must_be_a_wave(wave, known)
        present = {row["wave"] for table in ("respondents", "cells") for row in network.tables.get(table, [])}
        self.wave = wave or next((one for one in reversed(known) if one in present), known[-1])
        self.wave_name = self.words.name(next(item for item in network.waves if item.id == self.wave))
        earlier = [one for one in known[: known.index(self.wave)] if one in present]
        self.before = earlier[-1] if earlier else None

    def __repr__(self) -> str:
        return f"<NetworkReport: {self.network.organizations_n} organizations, {self.wave_name}, {self.say.code}>"

    def _table(self, table: str, scope: str = ALL, wave: str | None = None) -> pd.DataFrame:
        return self.network.table(table, wave or self.wave, scope)

    def _fill(self, template: str, **values: object) -> Section:
        say = self.say
        common = {"_": say.gettext, "ngettext": say.ngettext, "say": say, "words": self.words, "wave": self.wave_name}
        return Section(fill(template, **common, count=self._count, network=self.network, **values))

    # -- the sections, in the order of the report ------------------------------------------------------------------

    def header(self) -> Section:
        """The study and the round."""
        study = self.words.name(self.network.study)
        section = self._fill(
            "network_header.html.j2",
            study=study,
            look=self.look,
            introduction=Markup(self.look.introduction.get(self.say.code, "")),
        )
        page = {
            "language": self.say.code,
            "title": f"{self.say.gettext('All organizations')} · {capital(self.wave_name)} · {study}",
            "skip": self.say.gettext("Skip to the report"),
            "look": self.look.css(f"{self.say.gettext('All organizations')} · {capital(self.wave_name)} · {study}"),
        }
        return Section(section.html, page)

    def at_a_glance(self) -> Section:
        """The report in a few sentences, each made from the data."""
        return self._fill("network_glance.html.j2", sentences=[sentence for sentence in self._sentences() if sentence])

    def matrix(self) -> Section:
        """Where and when patients take part, all organizations together, and group by group."""
        groups: list[dict[str, Any]] = [
            {"label": self.words.name(group), "rows": self._matrix(group.id), "of": self._of(group.id)}
            for group in self.network.groups
            if len(self._table("cells", group.id))
        ]
        rows = self._matrix(ALL)
        every = [cell for part in (rows, *(group["rows"] for group in groups)) for row in part for cell in row["cells"]]
        has_before = any(cell["before_of"] == cell["of"] and cell["before"] != cell["organizations"] for cell in every)
        return self._fill(
            "network_matrix.html.j2",
            rows=rows,
            groups=groups,
            of=self._of(ALL),
            phases=[(phase.label[self.say.code], phase.definition[self.say.code]) for phase in codebook().phases],
            before=self._wave_before() if has_before else "",
            has_bounds=self._has_bounds("cells"),
        )

    def absent(self) -> Section:
        """Where patients are absent across the network, and what is done in most organizations."""
        cells = self._cells(ALL)
        examples = {example.id: example for example in figure_one().examples}

        def card(cell) -> dict:
            here = [
                example.label[self.say.code]
                for example in examples.values()
                if (example.place, example.phase) == (cell.place, cell.phase)
            ]
            return {
                "label": self.words.cell(cell.place, cell.phase),
                "n": int(cell.organizations_n),
                "of": int(cell.of_n),
                "examples": here,
            }

        # Fewest organizations first; among equals the earlier phase, as it has the most effect.
        order = {phase: at for at, phase in enumerate(PHASES)}
        ranked = sorted(cells.itertuples(), key=lambda cell: (cell.organizations_n, order[cell.phase]))
        rare = [cell for cell in ranked if cell.organizations_n * 2 < cell.of_n][:_ABSENT]
        common = [cell for cell in reversed(ranked) if cell.organizations_n * 2 >= cell.of_n][:_COMMON]
        return self._fill(
            "network_absent.html.j2",
            rare=[card(cell) for cell in rare],
            common=[card(cell) for cell in common],
            source=figure_one().source,
        )

    def kinds(self) -> Section:
        """What kinds of activity there are: when patients joined, who began them, and what was in place."""
        phases, initiators = self._table("phases"), self._table("initiators")
        overall = initiators[initiators["place"] == "all"].set_index("initiated_by")
        order = ["patients", "jointly", "professionals", "not_stated"]
        svg = beginners = None
        profile = [
            {"label": self.words.phase[row.phase], "n": row.activities_n, "state": row.state}
            for row in phases.itertuples()
        ]
        if phases["activities_n"].sum():
            values = self.say.listing(f"{row['label']} {self._count(row['n'], row['state'])}" for row in profile)
            svg = figures.to_svg(
                figures.phase_profile(_as_shown(phases), language=self.say.code),
                name="network-phases",
                alternative=self.say.gettext("Bars, one a phase: {values}.", values=values),
            )
        rows = [
            {
                "label": self.words.initiator[key],
                "n": overall.loc[key, "activities_n"],
                "state": overall.loc[key, "state"],
            }
            for key in order
            if key in overall.index
        ]
        levels = self._levels(initiators, order)
        if sum(int(row["n"]) for row in rows[:3]):
            values = self.say.listing(f"{row['label']} {self._count(row['n'], row['state'])}" for row in rows)
            told = [
                f"{level['label']}: {self.say.listing(f'{self.words.initiator[key]} {n}' for key, n in level['named'])}"
                for level in levels[1:]
            ]
            beginners = figures.to_svg(
                figures.initiation(_as_shown(initiators), language=self.say.code),
                name="network-initiators",
                alternative=". ".join(
                    [self.say.gettext("Stacked bars, one a place. All activities: {values}", values=values), *told, ""]
                ).strip(),
            )
        facts = [
            {
                "leaf": self.words.leaf[row.leaf],
                "fact": self.words.fact[row.fact],
                "yes": int(row.yes_n),
                "no": int(row.no_n),
                "unknown": int(row.unknown_n),
                "organizations": int(row.organizations_n),
                "of": int(row.of_n),
            }
            for row in self._table("facts").itertuples()
            if row.state == "shown"
        ]
        return self._fill(
            "network_kinds.html.j2",
            profile=profile,
            svg=svg,
            levels=levels,
            columns=[self.words.initiator[key] for key in order],
            beginners=beginners,
            facts=facts,
            legend=[(key, self.words.initiator[key]) for key in order[:3]],
            has_bounds=self._has_bounds("phases") or self._has_bounds("initiators"),
        )

    def _levels(self, initiators: pd.DataFrame, order: list[str]) -> list[dict[str, Any]]:
        """Who took the initiative at each level, all of them first: the rows of the figure."""
        labels = {"all": self.say.gettext("All activities"), **self.words.place}
        counts = {
            (row.place, row.initiated_by): self._count(row.activities_n, row.state) for row in initiators.itertuples()
        }
        return [
            {
                "label": label,
                "cells": [counts.get((place, key), "–") for key in order],
                "named": [(key, counts[place, key]) for key in order[:3] if (place, key) in counts],
            }
            for place, label in labels.items()
            if any((place, key) in counts for key in order)
        ]

    def distribution(self) -> Section:
        """How organizations differ: coverage, shares with a funnel, and ratings; no names and no ranks."""
        reach = [
            {"from": int(row.cells_from), "to": int(row.cells_to), "n": int(row.organizations_n)}
            for row in self._table("reach").itertuples()
        ]
        funnels = []
        titles = {
            "begins_in_design": self.say.gettext("Activities that patients joined from the start, in Design"),
            "initiated_with_patients": self.say.gettext("Activities begun by patients, or jointly"),
            "compensated": self.say.gettext("Activities in which patients were paid for their time"),
        }
        shares = self._table("shares")
        for measure, title in titles.items():
            rows = shares[shares["measure"] == measure]
            if rows.empty:
                continue
            centre = self.say.share(float(rows["centre"].iloc[0]))
            low, high = (self.say.share(float(rows["pooled"].quantile(at))) for at in (0.25, 0.75))
            outside = int(((rows["share"] > rows["funnel_high"]) | (rows["share"] < rows["funnel_low"])).sum())
            said = self.say.ngettext(
                "{n} organization lies outside what chance alone would give.",
                "{n} organizations lie outside what chance alone would give.",
                outside,
            )
            alternative = self.say.gettext(
                "A mark for each of {n} organizations: common share {centre}, the middle half from {low} to {high}.",
                n=self.say.number(len(rows)), centre=centre, low=low, high=high,
            )  # fmt: skip
            svg = figures.to_svg(
                figures.funnel(rows, language=self.say.code, across=self.say.gettext("Activities")),
                name=f"network-{measure.replace('_', '-')}",
                alternative=f"{alternative} {said}",
            )
            funnels.append(
                {"title": title, "svg": svg, "n": len(rows), "centre": centre, "low": low, "high": high, "said": said}
            )
        return self._fill(
            "network_distribution.html.j2", reach=reach, funnels=funnels, scales=list(self._scales()), of=self._of(ALL)
        )

    def about(self) -> Section:
        """Who answered, what is withheld, and where the numbers come from."""
        order = {role: at for at, role in enumerate(self.words.role)}
        rows = sorted(self._table("respondents").itertuples(), key=lambda row: order[row.role])
        return self._fill(
            "network_about.html.j2",
            roles=[(self.words.role[row.role], row) for row in rows],
            groups=self.say.listing(
                f"{self.words.name(group)} {self.say.number(self._of(group.id))}" for group in self.network.groups
            ),
            of=self._of(ALL),
            contact=name(self.look.contact.get(self.say.code, "")),
            command=f"ppp report {self.network.study.id} --network",
        )

    # -- small parts -----------------------------------------------------------------------------------------------

    def _count(self, n: Any, state: str) -> str:
        number = self.say.number(int(n))
        return self.say.gettext("at least {n}", n=number) if state == "at_least" else number

    def _has_bounds(self, table: str) -> bool:
        return bool(self._table(table)["state"].eq("at_least").any())

    def _wave_before(self) -> str:
        waves = {item.id: item for item in self.network.waves}
        return self.words.name(waves[self.before]) if self.before else ""

    def _cells(self, scope: str, wave: str | None = None) -> pd.DataFrame:
        cells = self._table("cells", scope, wave)
        return cells[cells["basis"] == "present"]

    def _of(self, scope: str) -> int:
        cells = self._cells(scope)
        return int(cells["of_n"].max()) if len(cells) else 0

    def _matrix(self, scope: str) -> list[dict]:
        now = {(row.place, row.phase): row for row in self._cells(scope).itertuples()}
        then = (
            {(row.place, row.phase): row for row in self._cells(scope, self.before).itertuples()} if self.before else {}
        )
        rows = []
        for place in codebook().places:
            cells = []
            for phase in codebook().phases:
                here, was = now.get((place.id, phase.id)), then.get((place.id, phase.id))
                n, of = (int(here.organizations_n), int(here.of_n)) if here else (0, 0)
                cells.append(
                    {
                        "phase": phase.label[self.say.code],
                        "organizations": n,
                        "of": of,
                        "activities": self._count(here.activities_n, here.state) if here else "",
                        "n": int(here.activities_n) if here else 0,
                        "level": 0 if not n else 1 + min(3, int(4 * n / max(of, 1) - 1e-9)),
                        "before": int(was.organizations_n) if was else None,
                        "before_of": int(was.of_n) if was else None,
                    }
                )
            rows.append(
                {"label": place.label[self.say.code], "definition": place.definition[self.say.code], "cells": cells}
            )
        return rows

    def _scales(self) -> Iterator[dict]:
        for (low, high), rows in self._table("ratings").groupby(["scale_low", "scale_high"]):
            cells = {(row.leaf, row.role): row for row in rows.itertuples()}
            table: list[dict[str, Any]] = [
                {
                    "label": self.words.leaf[leaf],
                    "cells": [cells.get((leaf, role)) for role in ("patient", "professional")],
                }
                for leaf in LEAVES
                if leaf in set(rows["leaf"])
            ]
            parts = []
            for row in table:
                medians = [
                    f"{self.words.role[role].lower()} {self.say.number(cell.median, 1)}"
                    for role, cell in zip(("patient", "professional"), row["cells"], strict=True)
                    if cell is not None
                ]
                parts.append(f"{row['label']}: {self.say.listing(medians)}")
            yield {
                "low": self.say.number(low),
                "high": self.say.number(high),
                "rows": table,
                "roles": [(role, self.words.role[role]) for role in ("patient", "professional")],
                "svg": figures.to_svg(
                    figures.ratings_spread(rows, language=self.say.code),
                    name=f"network-ratings-{low:g}-{high:g}",
                    alternative=self.say.gettext(
                        "Median of organizations’ mean ratings. {values}.", values="; ".join(parts)
                    ),
                ),
            }

    def _sentences(self) -> Iterator[str]:
        say, words = self.say, self.words
        cells, phases, initiators = self._cells(ALL), self._table("phases"), self._table("initiators")
        overall = initiators[initiators["place"] == "all"]
        total, bounded = int(overall["activities_n"].sum()), overall["state"].eq("at_least").any()
        if not total:
            yield say.gettext("No activity was reported for {wave}.", wave=self.wave_name)
            return
        told = say.gettext("at least {n}", n=say.number(total)) if bounded else say.number(total)
        yield say.gettext(
            "{organizations} organizations told of {activities} activities in {wave}.",
            organizations=say.number(self._of(ALL)), activities=told, wave=self.wave_name,
        )  # fmt: skip
        nowhere = cells[cells["organizations_n"] == 0]
        if len(nowhere):
            yield say.gettext(
                "Patients are absent in all organizations from: {cells}.",
                cells=say.listing(words.cell(row.place, row.phase) for row in nowhere.itertuples()),
            )
        some = cells[cells["organizations_n"] > 0]
        fewest = some[some["organizations_n"] == some["organizations_n"].min()]
        if len(fewest) and int(fewest["organizations_n"].iloc[0]) * 2 < int(fewest["of_n"].iloc[0]):
            values = {
                "n": say.number(int(fewest["organizations_n"].iloc[0])),
                "of": say.number(int(fewest["of_n"].iloc[0])),
            }
            names = [words.cell(row.place, row.phase) for row in fewest.itertuples()]
            if len(names) == 1:
                yield say.gettext(
                    "Fewest organizations hold an activity in {cell}: {n} of {of}.", cell=names[0], **values
                )
            elif len(names) <= _ABSENT:
                yield say.gettext(
                    "Fewest organizations hold an activity in {cells}: {n} of {of} each.",
                    cells=say.listing(names), **values,
                )  # fmt: skip
        if not phases["state"].eq("at_least").any() and phases["activities_n"].sum():
            counts = phases.set_index("phase")["activities_n"].astype(int)
            yield say.gettext(
                "Patients were there from the start, in Design, in {n} of the {of} activities whose phase is known; in {last} "
                "they joined at the end, in Evaluate.",
                n=say.number(counts.get("design", 0)), of=say.number(counts.sum()),
                last=say.number(counts.get("evaluate", 0)),
            )  # fmt: skip
        known = overall[overall["initiated_by"] != "not_stated"]
        if not bounded and known["activities_n"].sum():
            own = known.loc[known["initiated_by"] != "professionals", "activities_n"].sum()
            yield say.gettext(
                "Patients, alone or jointly with professionals, took the initiative to {n} of {of} activities.",
                n=say.number(int(own)), of=say.number(int(known["activities_n"].sum())),
            )  # fmt: skip
        paid = self._table("facts")
        paid = paid[(paid["fact"] == "compensated") & (paid["state"] == "shown")]
        if len(paid):
            [row] = paid.itertuples()
            yield say.gettext(
                "Patients were paid for their time in {n} of the {of} activities where this is known.",
                n=say.number(int(row.yes_n)), of=say.number(int(row.yes_n + row.no_n)),
            )  # fmt: skip
        yield self._widening(cells)

    def _widening(self, cells: pd.DataFrame) -> str:
        """Cells that more organizations reach than in the round before; only where the same number took part."""
        if self.before is None:
            return ""
        then = self._cells(ALL, self.before).set_index(["place", "phase"])["organizations_n"]
        now = cells.set_index(["place", "phase"])["organizations_n"]
        of = {int(value) for table in (cells, self._cells(ALL, self.before)) for value in table["of_n"].unique()}
        if len(of) != 1:
            return ""
        up = int((now > then.reindex(now.index).fillna(0)).sum())
        down = int((now < then.reindex(now.index).fillna(0)).sum())
        return self.say.gettext(
            "Since {before} more organizations hold an activity in {up} of the 16 cells, and fewer in {down}.",
            before=self._wave_before(), up=self.say.number(up), down=self.say.number(down),
        )  # fmt: skip


def _as_shown(table: pd.DataFrame) -> pd.DataFrame:
    """Lower bounds drawn at what they are at the least; the text beside says so."""
    return table.assign(state=table["state"].mask(table["state"] == "at_least", "shown"))
