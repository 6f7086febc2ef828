"""The widget: whose answers on the left, what they show on the right, and the activities of a cell below."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import matplotlib as mpl
import pandas as pd
from babel import Locale
from itables.widget import ITable
from matplotlib.figure import Figure

from ppp.errors import BadInput, Problem, did_you_mean
from ppp.explore.choice import Choice, chosen
from ppp.explore.picture import Picture, numbers_html
from ppp.explore.source import source
from ppp.explore.views import VIEWS, View, view
from ppp.explore.words import Words
from ppp.figures import headed, to_svg
from ppp.figures.style import PAPER
from ppp.framework import PHASES, PLACES
from ppp.language import available, capital
from ppp.study import Study
from ppp.study.slugs import slug
from ppp.tables import ROLES

__all__ = ["Explorer"]

_CELLS: list[tuple[str, str]] = [(place, phase) for place in PLACES for phase in PHASES]
_ACTIVITIES = [
    "organization",
    "wave",
    "title",
    "description",
    "initiated_by",
    "patients_n",
    "professionals_n",
    "place",
    "phase_began",
    "phases",
    "origin",
    "activity_id",
]
_LISTED = ["organization", "wave", "title", "description", "initiated_by", "patients_n", "professionals_n", "origin"]
_WIDTHS = [
    {"targets": _LISTED.index("description"), "width": "45%"},
    {"targets": _LISTED.index("title"), "width": "20%"},
]
_NARROW, _ROWS = "190px", 6


class Explorer(widgets.VBox):
    """Look around in a study: filter, and the view is drawn anew at once. For the study's own people.

    Parameters
    ----------
    study
        An open study. Its codings are those of the moment: open another explorer to see later ones.
    language
        Of the framework's words, and of the widget: "en" or "sv".
    view
        What to begin with: "matrix", "parity", "gap" or "change".
    groups, organizations, waves, roles
        Whose answers to begin with; all where left out.
    basis
        Of the matrix: the phase in which collaboration "began", or every phase in which patients were "present".

    Attributes
    ----------
    choice : Choice
        Whose answers are shown. Set it, as the lists do.
    table : pandas.DataFrame
        The numbers that are drawn.
    figure : matplotlib.figure.Figure or None
        The picture; None where there is nothing to draw.
    activities : pandas.DataFrame
        The activities of the chosen cell of the matrix.
    code : str
        Python that makes table and figure anew.

    Raises
    ------
    BadInput
        Where the study has no such group, organization or wave, or its exports have faults.

    Examples
    --------
    >>> import ppp
    >>> explorer = Explorer(ppp.open_study("data/lind2014"))
    >>> explorer.table.columns.tolist()
    ['organization', 'wave', 'place', 'phase', 'activities_n', 'reporters_n']
    """

    def __init__(
        self,
        study: Study,
        *,
        language: str = "en",
        view: str = "matrix",
        groups: tuple[str, ...] = (),
        organizations: tuple[str, ...] = (),
        waves: tuple[str, ...] = (),
        roles: tuple[str, ...] = (),
        basis: str = "began",
    ) -> None:
        self.study = study
        self._known = {
            "groups": tuple(group.id for group in study.settings.groups),
            "organizations": tuple(item.id for item in study.settings.organizations),
            "waves": tuple(wave.id for wave in study.settings.waves),
            "roles": ROLES,
        }
        begin = {"groups": groups, "organizations": organizations, "waves": waves, "roles": roles}
        self._check(begin)
        self._quiet = True  # until all is set up
        self._view: View  # from the first drawing on
        self._lists = {
            name: _labelled(widgets.SelectMultiple(rows=min(_ROWS, len(known))), _NARROW)
            for name, known in self._known.items()
            if known
        }
        languages = [((Locale.parse(code).get_display_name(code) or code).capitalize(), code) for code in available()]
        self._language = _labelled(widgets.Dropdown(options=languages, value=language), _NARROW)
        self._views = widgets.ToggleButtons(value=view, options=VIEWS, style={"button_width": "auto"})
        self._basis = _labelled(widgets.Dropdown(value=basis, options=["began", "present"]), "340px")
        self._picture = Picture()
        self._saves = {kind: widgets.Button(layout=widgets.Layout(width="auto")) for kind in ("svg", "png", "csv")}
        self._saved = widgets.HTML()
        self._list_of = widgets.HTML()
        self._table = ITable(
            pd.DataFrame(columns=_LISTED), showIndex=False, classes="display compact", style="width:100%"
        )
        self._about = widgets.HTML()
        self._below = widgets.VBox([self._list_of])
        super().__init__([self._about, self._laid_out(), self._below])
        self._speak()
        self.choice = Choice(**{name: tuple(values) for name, values in begin.items()})
        self._quiet = False
        self._watch()
        self._draw()

    def _check(self, given: dict[str, tuple[str, ...]]) -> None:
        problems = [
            Problem(f"There is no “{value}” among the {name}.", mend=did_you_mean(value, self._known[name]))
            for name, values in given.items()
            for value in values
            if value not in self._known[name]
        ]
        if problems:
            raise BadInput(problems)

    # -- what can be asked of it in code ---------------------------------------------------------------------------

    @property
    def choice(self) -> Choice:
        """Whose answers are shown."""
        return Choice(**{name: tuple(listed.value) for name, listed in self._lists.items()})

    @choice.setter
    def choice(self, wanted: Choice) -> None:
        quiet, self._quiet = self._quiet, True
        for name, listed in self._lists.items():
            listed.value = tuple(value for value in getattr(wanted, name) if value in dict(listed.options).values())
        self._quiet = quiet
        self._draw()

    @property
    def table(self) -> pd.DataFrame:
        """The numbers that are drawn."""
        return self._view.table.copy()

    @property
    def figure(self) -> Figure | None:
        """The picture; None where there is nothing to draw."""
        return self._view.figure

    @property
    def code(self) -> str:
        """Python that makes table and figure anew."""
        return self._picture.code

    @property
    def activities(self) -> pd.DataFrame:
        """The activities of the chosen cell, in the words of those who told of them; none where no cell is chosen."""
        cell = self._cell
        placed = self._chosen.placed
        if cell is None:
            here = placed.iloc[:0]
        else:
            place, phase = cell
            among = (
                placed["phase_began"] == phase
                if self._basis.value == "began"
                else placed["phases"].str.split(";").map(lambda phases: phase in phases)
            )
            here = placed[(placed["place"] == place) & among]
        where = here[["activity_id", "place", "phase_began", "phases", "origin"]]
        return self._chosen.activities.merge(where, on="activity_id")[_ACTIVITIES]

    def save(self, kind: str) -> Path:
        """Save the picture ("svg" or "png") or its numbers ("csv") in the study's folder ``explored``.

        Returns
        -------
        pathlib.Path
            The file. Its name tells the choice; the same choice is saved to the same file. It holds exact numbers:
            not to be shared.

        Raises
        ------
        ValueError
            Where there is nothing to draw of this choice.
        """
        figure = self._view.figure
        if figure is None:
            raise ValueError("There is nothing to draw of this choice.")
        folder = self.study.path / "explored"
        folder.mkdir(exist_ok=True)
        choice = self.choice
        parts = [self._view.name, *([self._basis.value] if self._view.name == "matrix" else [])]
        for values in (choice.groups, choice.organizations, choice.waves, choice.roles):
            parts += values
        file = folder / f"{slug('_'.join([*parts, self._language.value]))}.{kind}"
        if kind == "csv":
            self._view.table.to_csv(file, index=False, lineterminator="\n")
        else:
            metadata = {"Date": None} if kind == "svg" else None
            with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": file.stem}):
                figure.savefig(file, dpi=192, facecolor=PAPER, metadata=metadata)
        return file

    # -- the widget ------------------------------------------------------------------------------------------------

    def _laid_out(self) -> widgets.Widget:
        left = widgets.VBox(
            [*self._lists.values(), self._language], layout=widgets.Layout(width="210px", flex="0 0 auto")
        )
        saving = widgets.HBox([*self._saves.values()])
        right = widgets.VBox(
            [self._views, self._basis, self._picture, saving, self._saved], layout=widgets.Layout(flex="1 1 420px")
        )
        return widgets.HBox([left, right], layout=widgets.Layout(flex_flow="row wrap"))

    def _watch(self) -> None:
        for listed in (*self._lists.values(), self._views, self._basis):
            listed.observe(self._on_choice, names="value")
        self._language.observe(self._on_language, names="value")
        self._picture.observe(self._on_cell, names="chosen")
        for kind, button in self._saves.items():
            button.on_click(lambda _button, kind=kind: self._on_save(kind))

    def _speak(self) -> None:
        """All words in the language that is chosen."""
        quiet, self._quiet = self._quiet, True
        self._words = words = Words(self._language.value)
        _, settings, code = words.say.gettext, self.study.settings, self._language.value
        names = {
            "groups": [(group.name[code], group.id) for group in settings.groups],
            "organizations": self._organizations(),
            "waves": [(capital(wave.label[code] if wave.label else wave.id), wave.id) for wave in settings.waves],
            "roles": [(words.role[role], role) for role in ROLES],
        }
        headings = {
            "groups": _("Group"),
            "organizations": _("Organization"),
            "waves": _("Wave"),
            "roles": _("Role of who answered"),
            "language": _("Language"),
        }
        for name, listed in self._lists.items():
            kept = listed.value
            listed.options = names[name]
            listed.value = kept
        for name, control in (*self._lists.items(), ("language", self._language)):
            control.description = headings[name]
        # New options choose the first of them.
        shown, counted = self._views.value, self._basis.value
        self._views.options = [(words.view[name], name) for name in VIEWS]
        self._views.value = shown
        self._views.description = ""
        self._basis.options = [(words.basis[basis], basis) for basis in ("began", "present")]
        self._basis.value = counted
        self._basis.description = _("Counted")
        for kind, button in self._saves.items():
            button.description = {
                "svg": _("Save as SVG"),
                "png": _("Save as PNG"),
                "csv": _("Save the numbers as CSV"),
            }[kind]
        self._about.value = "<p>{}</p>".format(
            _("For the study’s own people: exact numbers, not to be shared. Nothing chosen in a list means all of it; "
              "Ctrl or ⌘ and a click chooses several.")
        )  # fmt: skip
        self._quiet = quiet

    def _organizations(self) -> list[tuple[str, str]]:
        groups = self._lists["groups"].value if "groups" in self._lists else ()
        return [
            (item.name[self._language.value], item.id)
            for item in self.study.settings.organizations
            if not groups or item.group in groups
        ]

    @property
    def _cell(self) -> tuple[str, str] | None:
        at = self._picture.chosen
        return _CELLS[at] if self._view.name == "matrix" and 0 <= at < len(_CELLS) else None

    def _on_choice(self, change: Any) -> None:
        if self._quiet:
            return
        if change["owner"] is self._lists.get("groups"):
            quiet, self._quiet = self._quiet, True
            within = self._organizations()
            kept = [value for value in self._lists["organizations"].value if value in dict(within).values()]
            self._lists["organizations"].options = within
            self._lists["organizations"].value = kept
            self._quiet = quiet
        self._draw()

    def _on_language(self, change: Any) -> None:
        self._speak()
        self._draw()

    def _on_cell(self, change: Any) -> None:
        if not self._quiet:
            self._tell_code()
            self._list_activities()

    def _on_save(self, kind: str) -> None:
        _ = self._words.say.gettext
        try:
            said = _("Saved as {file}. Exact numbers: not to be shared.", file=self.save(kind).as_posix())
        except OSError as error:
            said = _("It could not be saved: {why}.", why=error.strerror or "")
        self._saved.value = f'<p role="status">{escape(said)}</p>'

    def _draw(self) -> None:
        if self._quiet:
            return
        choice, code, basis = self.choice, self._language.value, self._basis.value
        self._chosen = chosen(self.study, choice)
        self._matched = self.study.settings.respondents.same_ids and len(choice.organizations) == 1
        shown = view(self._views.value, self._chosen, basis=basis, language=code, matched=self._matched)
        self._view = shown
        title, who = self._words.title[shown.name], self._who(choice)
        if shown.name == "matrix":
            title += f", {self._words.basis[basis]}"
        svg, box = "", [0, 0, 0, 0]
        if shown.figure is not None:
            marks = {role: self._words.role[role] for role in ROLES if role in set(shown.table.get("role", ()))}
            headed(shown.figure, f"{title}\n{who}", roles=marks)
            svg = to_svg(shown.figure, name="explore", alternative=f"{title}. {shown.alternative}")
            left, bottom, wide, high = shown.figure.axes[0].get_position().bounds
            box = [100 * part for part in (left, 1 - bottom - high, wide, high)]
        with self._picture.hold_sync():
            quiet, self._quiet = self._quiet, True
            self._picture.chosen = -1
            self._quiet = quiet
            self._picture.svg, self._picture.box, self._picture.note = str(svg), box, shown.note
            self._picture.width = round(96 * shown.figure.get_size_inches()[0]) if shown.figure is not None else 0
            self._picture.status = self._status()
            self._picture.numbers = numbers_html(shown.name, shown.table, self._words)
            self._picture.cells = self._cells() if shown.name == "matrix" and len(shown.table) else []
            self._picture.words, self._picture.language = self._picture_words(), code
            self._tell_code()
            self._picture.drawn += 1
        self._basis.layout.display = None if shown.name == "matrix" else "none"
        for button in self._saves.values():
            button.disabled = shown.figure is None
        self._saved.value = ""
        self._list_activities()

    def _tell_code(self) -> None:
        self._picture.code = source(
            self.study,
            self.choice,
            self._view,
            basis=self._basis.value,
            language=self._language.value,
            matched=self._matched,
            cell=self._cell,
        )

    def _who(self, choice: Choice) -> str:
        """Whose answers, in a line or two of the figure's heading."""
        said, settings, code = self._words.say, self.study.settings, self._language.value
        names = {item.id: item.name[code] for item in settings.organizations}
        groups = {group.id: group.name[code] for group in settings.groups}
        waves = {wave.id: wave.label[code] if wave.label else wave.id for wave in settings.waves}
        parts = [[names[one] for one in choice.organizations] or [groups[one] for one in choice.groups]]
        parts[0] = parts[0] or [said.gettext("All organizations")]
        parts.append([waves[one] for one in choice.waves or waves])
        parts.append([self._words.role[one] for one in choice.roles])
        return " · ".join(
            said.listing(part) if len(part) <= 3 else f"{part[0]} … ({len(part)})" for part in parts if part
        )

    def _status(self) -> str:
        say = self._words.say
        activities = say.ngettext("{n} activity", "{n} activities", len(self._chosen.activities))
        people = say.ngettext("{n} respondent", "{n} respondents", len(self._chosen.responses))
        return say.gettext("{view}: {people}, {activities}.", view=self._words.view[self._view.name], people=people, activities=activities)  # fmt: skip

    def _cells(self) -> list[dict[str, Any]]:
        words, counts = self._words, self._view.table.set_index(["place", "phase"])["activities_n"]
        return [
            {
                "n": int(counts[place, phase]),
                "label": f"{words.place[place]}, {words.phase[phase]}: "
                + words.say.ngettext("{n} activity", "{n} activities", int(counts[place, phase])),
            }
            for place, phase in _CELLS
        ]

    def _picture_words(self) -> dict[str, str]:
        _ = self._words.say.gettext
        return {
            "numbers": _("The numbers"),
            "code": _("The code behind this view"),
            "copy": _("Copy the code"),
            "copied": _("Copied: paste it into a cell of your own."),
            "marked": _("Marked: press Ctrl or ⌘ and C."),
            "cells": _("Cells of the matrix: choose one to see its activities"),
        }

    def _list_activities(self) -> None:
        _, cell = self._words.say.gettext, self._cell
        if self._view.name != "matrix" or self._view.figure is None:
            self._below.children = ()
            return
        if cell is None:
            ask = _("Choose a cell of the matrix to see its activities.")
            self._list_of.value = f"<p>{escape(ask)}</p>"
            self._below.children = (self._list_of,)
            return
        label = self._cells()[_CELLS.index(cell)]["label"]
        self._list_of.value = f'<p role="status"><strong>{escape(label)}</strong></p>'
        listed = self.activities[_LISTED]
        self._table.update(listed.astype(object).where(listed.notna(), ""), columnDefs=_WIDTHS)
        self._below.children = (self._list_of, self._table)


def _labelled(control: widgets.DOMWidget, width: str) -> widgets.DOMWidget:
    """The control of that width, its label above it; `picture.css` says how."""
    control.layout.width = width
    control.add_class("ppp-control")
    return control
