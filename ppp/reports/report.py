"""One organization's report, section by section.

Each method returns a `Section`. The report notebook calls them one after another; a researcher may call just one.
What a section shows is prepared in ``ppp/reports/parts``, how it looks stands in ``ppp/reports/sections``.
"""

from __future__ import annotations

from markupsafe import Markup

from ppp.disclosure import Partition
from ppp.language import Language, capital, speak
from ppp.reports.look import Look, name
from ppp.reports.parts.about import about
from ppp.reports.parts.among_peers import among_peers
from ppp.reports.parts.asking import asking
from ppp.reports.parts.examples import examples
from ppp.reports.parts.joining import joining
from ppp.reports.parts.matrix import matrix
from ppp.reports.parts.next_step import last_step, next_step
from ppp.reports.parts.parity import parity, parity_in_a_word
from ppp.reports.parts.progress import progress
from ppp.reports.parts.shifts import shifts
from ppp.reports.section import Section, fill
from ppp.reports.sentences import first_page
from ppp.reports.view import View, latest_wave, must_be_a_wave
from ppp.reports.words import Words

__all__ = ["Report"]


def contents(say: Language) -> list[tuple[str, str]]:
    """The parts of a report in their order: the id of each heading, and its words."""
    _ = say.gettext
    return [
        ("matrix", _("Where and when do patients take part?")),
        ("phases", _("When do patients join?")),
        ("initiation", _("Who asks the question?")),
        ("parity", _("Can all take part as equals?")),
        ("progress", _("What has changed?")),
        ("gaps", _("What do others do?")),
        ("next-step", _("The next step")),
        ("advisors", _("Questions for trusted patient advisors")),
        ("shifts", _("Where is this heading, and what stands in the way?")),
        ("peers", _("Among peers")),
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

    Attributes
    ----------
    view
        The same data as the sections read them: rows of the wave, and of the wave before.

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
        if wave is not None:
            must_be_a_wave(wave, known)
        self.wave = wave or latest_wave(partition)
        self.view = View(partition, self.wave, self.say, self.words)

    def __repr__(self) -> str:
        return f"<Report: {self.view.name}, {self.view.wave_name}, {self.say.code}>"

    def _fill(self, template: str, **values: object) -> Section:
        say = self.say
        common = {"_": say.gettext, "ngettext": say.ngettext, "say": say, "words": self.words, "capital": capital}
        return Section(fill(template, **{**common, "wave": self.view.wave_name, **values}))

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
            "title": f"{self.view.name} · {capital(self.view.wave_name)} · {words.name(partition.study)}",
            "skip": self.say.gettext("Skip to the report"),
            "look": self.look.css(f"{words.name(partition.organization)} · {capital(self.view.wave_name)}"),
        }
        return Section(section.html, page)

    def last_step(self) -> Section:
        """What came of the step chosen after the wave before; empty where nothing is told."""
        values = last_step(self.view)
        return Section("") if values is None else self._fill("last_step.html.j2", **values)

    def at_a_glance(self) -> Section:
        """The report on one page, in sentences made from the data."""
        page = first_page(self.view)
        # What a word means is told where it stands, and nowhere else.
        said = " ".join(one.text for part in page for one in part).lower()
        is_hedged = self.say.gettext("likely between") in said
        parity = parity_in_a_word(self.view) if self.say.gettext("Parity").lower() in said else ""
        return self._fill("glance.html.j2", page=page, is_hedged=is_hedged, parity=parity, contents=contents(self.say))

    def matrix(self) -> Section:
        """Where and when patients take part: the 16 cells."""
        return self._fill("matrix.html.j2", **matrix(self.view))

    def joining(self) -> Section:
        """When patients join: the phase in which collaboration began, and where patients are present."""
        return self._fill("joining.html.j2", **joining(self.view))

    def initiation(self) -> Section:
        """Who took the initiative."""
        return self._fill("initiation.html.j2", **asking(self.view))

    def parity(self) -> Section:
        """Parity in three strands, held against each other, with questions on the weakest factor."""
        return self._fill("parity.html.j2", **parity(self.view))

    def progress(self) -> Section:
        """What changed since the wave before, with intervals, and what else changed."""
        return self._fill("progress.html.j2", **progress(self.view))

    def examples(self) -> Section:
        """Empty and thin cells, each with the nearest real example."""
        return self._fill("examples.html.j2", **examples(self.view))

    def next_step(self) -> Section:
        """The step planned, and questions for trusted patient advisors."""
        return self._fill("next_step.html.j2", **next_step(self.view))

    def shifts(self) -> Section:
        """Patterns to ask about, six shifts and five needs."""
        return self._fill("shifts.html.j2", **shifts(self.view))

    def peers(self) -> Section:
        """Where the organization stands in its group, without ranks."""
        return self._fill("peers.html.j2", **among_peers(self.view))

    def about(self) -> Section:
        """Where the numbers come from, and what is withheld."""
        contact = name(self.look.contact.get(self.say.code, self.partition.contact))
        return self._fill("about.html.j2", contact=contact, **about(self.view))
