"""How an open study shows itself in a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from ppp.errors import BadInput
from ppp.framework import codebook

if TYPE_CHECKING:
    from ppp.study.folder import Study

__all__ = ["study_card"]

_AT_MOST = 30  # rows of organizations; the rest are summed up in a line
_CELL = "text-align: start; padding: 0.15em 0.9em 0.15em 0"
_NUMBER = "text-align: end; padding: 0.15em 0.9em 0.15em 0"


def study_card(study: Study) -> str:
    """The study as HTML: what it is called, its waves, and who answered in each organization.

    No colour of its own, so that it reads in a light and in a dark notebook. Where the exports cannot be read it says
    what is wrong with them in place of the numbers.
    """
    settings = study.settings
    language = settings.languages[0]
    title = f'<strong lang="{language}">{escape(settings.title[language])}</strong>'
    about = f"<code>{escape(study.path.as_posix())}</code> · codebook {escape(codebook().version)}"
    try:
        body = _organizations(study) if settings.exports else "<p>The study names no export yet.</p>"
    except BadInput as error:
        problems = "".join(f"<li>{escape(str(problem))}</li>" for problem in error.problems)
        body = f"<p>Its exports cannot be read:</p><ul>{problems}</ul>"
    closing = (
        "<p>For the study’s own people: these are exact numbers, and its tables hold what people wrote. "
        "Only what <code>study.released()</code> gives, and the reports made from it, may be shared.</p>"
    )
    return f"<div><p>{title}<br>{about}</p>{body}{closing}</div>"


def _organizations(study: Study) -> str:
    settings = study.settings
    language = settings.languages[0]
    tables = study.tables()
    counts = {
        name: tables[name].groupby(["organization", "wave"]).size().unstack(fill_value=0)
        for name in ("responses", "activities")
    }
    waves = {wave.id: wave.label[language] if wave.label else wave.id for wave in settings.waves}
    groups = {group.id: group.name[language] for group in settings.groups}
    head = "".join(
        f'<th scope="colgroup" colspan="2" style="{_NUMBER}" lang="{language}">{escape(label)}</th>'
        for label in waves.values()
    )
    under = f'<th scope="col" style="{_NUMBER}">respondents</th><th scope="col" style="{_NUMBER}">activities</th>'
    rows = [
        f'<tr><th scope="row" style="{_CELL}">'
        f'<span lang="{language}">{escape(item.name[language])}</span> <code>{escape(item.id)}</code></th>'
        f'<td style="{_CELL}" lang="{language}">{escape(groups.get(item.group or "", "–"))}</td>'
        + _numbers(counts, [item.id], list(waves))
        for item in settings.organizations[:_AT_MOST]
    ]
    rest = [item.id for item in settings.organizations[_AT_MOST:]]
    if rest:
        rows.append(
            f'<tr><th scope="row" style="{_CELL}">and {len(rest)} more</th><td></td>{_numbers(counts, rest, list(waves))}'
        )
    rows.append(
        f'<tr><th scope="row" style="{_CELL}">All {len(settings.organizations)}</th><td></td>'
        + _numbers(counts, [item.id for item in settings.organizations], list(waves))
    )
    return (
        '<table><caption style="text-align: start">Respondents and activities by organization and wave</caption>'
        f'<thead><tr><th rowspan="2" scope="col" style="{_CELL}">organization</th>'
        f'<th rowspan="2" scope="col" style="{_CELL}">group</th>{head}</tr><tr>{under * len(waves)}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _numbers(counts: dict[str, pd.DataFrame], organizations: list[str], waves: list[str]) -> str:
    cells = []
    for wave in waves:
        for table in counts.values():
            n = int(table[wave].reindex(organizations).sum()) if wave in table else 0
            cells.append(f'<td style="{_NUMBER}">{n}</td>')
    return "".join(cells) + "</tr>"
