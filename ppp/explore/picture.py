"""The widget that shows one view: its picture, its numbers and its code."""

from __future__ import annotations

from html import escape
from pathlib import Path

import anywidget
import pandas as pd
import traitlets

from ppp.explore.words import Words
from ppp.framework import LEAVES, PHASES, PLACES
from ppp.tables import ROLES

__all__ = ["Picture", "numbers_html"]

_STATIC = Path(__file__).parent / "static"


class Picture(anywidget.AnyWidget):
    """A picture with a button on each of its cells. Set the traits, then raise `drawn` by one."""

    _esm = _STATIC / "picture.js"
    _css = _STATIC / "picture.css"

    svg = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    numbers = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    cells: traitlets.List = traitlets.List().tag(sync=True)
    box = traitlets.List([0, 0, 0, 0]).tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode("en").tag(sync=True)
    drawn = traitlets.Int(0).tag(sync=True)


def numbers_html(name: str, table: pd.DataFrame, words: Words) -> str:
    """The numbers of a view as an HTML table, for those who do not see the picture and those who want them exactly."""
    say, _ = words.say, words.say.gettext
    if table.empty:
        return ""
    if name == "matrix":
        counts = table.set_index(["place", "phase"])["activities_n"]
        head = [_("Place"), *(words.phase[phase] for phase in PHASES)]
        rows = [[words.place[place], *(say.number(int(counts[place, phase])) for phase in PHASES)] for place in PLACES]
    elif name == "parity":
        head = [_("Factor"), *(words.role[role] for role in ROLES)]
        found = {(row.leaf, row.role): row for row in table.itertuples()}
        rows = [
            [words.leaf[leaf]] + [_mean(found[leaf, role], words) if (leaf, role) in found else "–" for role in ROLES]
            for leaf in LEAVES
            if leaf in set(table["leaf"])
        ]
    elif name == "gap":
        head = [_("Factor"), _("Patients"), _("Professionals"), _("Parity gap"), _("95 % interval")]
        rows = [
            [
                words.leaf[row.leaf],
                say.number(row.patients_n),
                say.number(row.professionals_n),
                *_interval(row.gap, row.low, row.high, words),
            ]
            for leaf in LEAVES
            for row in table[table["leaf"] == leaf].itertuples()
        ]
    else:
        head = [_("Factor"), _("Role"), _("People before"), _("People after"), _("Change"), _("95 % interval")]
        rows = [
            [
                words.leaf[leaf],
                words.role[role],
                say.number(row.before_n),
                say.number(row.after_n),
                *_interval(row.change, row.low, row.high, words),
            ]
            for leaf in LEAVES
            for role in ROLES
            for row in table[(table["leaf"] == leaf) & (table["role"] == role)].itertuples()
        ]
    headers = "".join(f'<th scope="col">{escape(text)}</th>' for text in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(text)}</td>" for text in row[1:]) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{headers}</tr></thead><tbody>{body}</tbody></table>"


def _mean(row, words: Words) -> str:
    return f"{words.say.number(row.mean, 2)} (n {words.say.number(row.respondents_n)})"


def _interval(value: float, low: float, high: float, words: Words) -> list[str]:
    say = words.say
    if pd.isna(value):
        return [say.gettext("cannot say"), "–"]
    return [say.number(value, 2), f"{say.number(low, 2)} – {say.number(high, 2)}"]
