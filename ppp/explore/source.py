"""The code behind a view, to go on from by hand."""

from __future__ import annotations

import json
from pathlib import Path

from ppp.explore.choice import Choice
from ppp.explore.views import View
from ppp.measures.coverage import Basis
from ppp.study import Study

__all__ = ["source"]


def source(
    study: Study,
    choice: Choice,
    shown: View,
    *,
    basis: Basis = "began",
    language: str = "en",
    matched: bool = False,
    cell: tuple[str, str] | None = None,
) -> str:
    """Code that makes the view anew: ``table`` holds its numbers, ``figure`` its picture.

    Parameters
    ----------
    study, choice, shown
        What is looked at, and the view of it.
    basis, language, matched
        As the view was made with.
    cell
        A place and a phase, of which ``activities`` shall hold the activities.

    Returns
    -------
    str
        Python that runs as it stands, from the notebook's folder or any above it.

    Examples
    --------
    >>> import ppp
    >>> from ppp.explore import Choice, chosen, view
    >>> study, choice = ppp.open_study("data/lind2014"), Choice()
    >>> print(source(study, choice, view("matrix", chosen(study, choice))).splitlines()[-1])
    figure = ppp.figures.matrix(table, language="en")
    """
    lines = ["import ppp", "", f"study = ppp.open_study({_text(_short(study.path))})", "responses = study.responses()"]
    if choice.groups:
        lines += [
            "organizations = study.organizations()",
            f'within = organizations[organizations["group"].isin({_list(choice.groups)})]',
            'responses = responses[responses["organization"].isin(within["organization"])]',
        ]
    for column, wanted in (
        ("organization", choice.organizations),
        ("wave", choice.waves),
        ("role", choice.roles),
    ):
        if wanted:
            lines.append(f'responses = responses[responses["{column}"].isin({_list(wanted)})]')
    lines.append("")
    waves = [wave.id for wave in study.settings.waves if not choice.waves or wave.id in choice.waves][-2:]
    placed = [
        "placed = study.placements()",
        'placed = placed[placed["response_id"].isin(responses["response_id"])]',
    ]
    ratings = [
        "ratings = study.ratings()",
        'ratings = ratings[ratings["response_id"].isin(responses["response_id"])]',
    ]
    draw = f"figure = ppp.figures.{{}}(table, language={_text(language)})"
    together = 'assign(organization="all", wave="all")'
    if shown.name == "matrix":
        lines += [*placed, f"table = ppp.measures.coverage(placed.{together}, basis={_text(basis)})"]
        figure = "matrix"
    elif shown.name == "parity":
        lines += [
            *ratings,
            f"table = ppp.measures.parity_ratings(ratings.{together})",
            'table = table[table["mean"].notna()]',
        ]
        figure = "parity_ratings"
    elif shown.name == "gap":
        lines += [*ratings, f"table = ppp.measures.parity_gap(ratings.{together})"]
        figure = "parity_gap"
    else:
        more = ", matched=True" if matched else ""
        lines += [
            *ratings,
            f'table = ppp.measures.change(ratings.assign(organization="all"), {_list(waves)}{more})',
            'table = table[table["change"].notna()]',
        ]
        figure = "change"
    if shown.scale:
        low, high = shown.scale
        lines.append(f'table = table[(table["scale_low"] == {low:g}) & (table["scale_high"] == {high:g})]')
    lines.append(draw.format(figure))
    if cell:
        place, phase = cell
        where = (
            f'placed["phase_began"] == {_text(phase)}'
            if basis == "began"
            else f'placed["phases"].str.split(";").map(lambda phases: {_text(phase)} in phases)'
        )
        lines += [
            "",
            f'here = placed[(placed["place"] == {_text(place)}) & ({where})]',
            "activities = study.activities()",
            'activities = activities[activities["activity_id"].isin(here["activity_id"])]',
        ]
    return "\n".join(lines) + "\n"


def _short(path: Path) -> str:
    """The folder as `ppp.open_study` finds it from here: from the nearest folder above that holds it."""
    whole = path.resolve()
    for above in (Path.cwd(), *Path.cwd().parents):
        if whole.is_relative_to(above) and above != Path(above.anchor):
            return whole.relative_to(above).as_posix()
    return whole.as_posix()


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a Python string too


def _list(values: tuple[str, ...] | list[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"
