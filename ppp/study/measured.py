"""The released measures of a study, gathered from its partitions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from ppp.cells import safe_texts
from ppp.disclosure import RELEASED, Partition
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.study.folder import Study
from ppp.study.prepare import prepare

__all__ = ["as_csv", "as_json", "as_text", "measured"]


def measured(
    study: Study,
    *,
    organizations: Sequence[str] = (),
    names: Sequence[str] = (),
    wave: str = "",
    progress: Callable[[str], None] = lambda step: None,
) -> dict[str, pd.DataFrame]:
    """Releasable tables by name, with a column ``organization`` first; prepared first where out of date.

    Parameters
    ----------
    study
        The open study.
    organizations, names, wave
        Which organizations, which measures (of `ppp.disclosure.RELEASED`) and which round; all where left out.

    Raises
    ------
    BadInput
        Where there is no such organization, measure or wave, or the study's input has faults.

    Examples
    --------
    >>> from ppp.study import open_study
    >>> table = measured(open_study("data/demo"), organizations=["solbacken"], names=["signals"])["signals"]
    >>> table.columns.tolist()
    ['organization', 'wave', 'signal', 'n', 'of_n', 'state']
    """
    settings = study.settings
    for given, known, what, column in (
        (organizations, [item.id for item in settings.organizations], "organization", "organizations"),
        (names, list(RELEASED), "measure", ""),
        ([wave] if wave else [], [item.id for item in settings.waves], "wave", "waves"),
    ):
        wrong = [
            Problem(f"There is no {what} “{name}”.", file="study.yaml" if column else "", column=column,
                    mend=did_you_mean(name, known))
            for name in given
            if name not in known
        ]  # fmt: skip
        if wrong:
            raise BadInput(wrong)
    prepared = prepare(study, progress=progress)
    chosen = list(organizations) or list(prepared.partitions)
    without = [name for name in chosen if name not in prepared.partitions]
    if without:
        raise BadInput(
            Problem(
                f"No export holds an answer about “{name}”.",
                file="study.yaml",
                column="organizations",
                mend="Check its aliases, or that its export is named under exports.",
            )
            for name in without
        )
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in (names or RELEASED)}
    for organization in chosen:
        partition = Partition.read(prepared.partitions[organization])
        for name, found in parts.items():
            table = partition.table(name, wave or None)
            table.insert(0, "organization", pd.Series(organization, index=table.index, dtype="string"))
            found.append(table)
    return {name: pd.concat(found, ignore_index=True) for name, found in parts.items()}


def as_text(tables: Mapping[str, pd.DataFrame]) -> str:
    """Each table under its name, aligned for the eye; a dash where there is no number."""
    blocks = []
    for name, table in tables.items():
        if table.empty:
            blocks.append(f"{name}\n  nothing to show\n")
            continue
        plain = table.astype(object).where(table.notna(), "–")
        for column in table.select_dtypes("Float64"):
            plain[column] = [value if value == "–" else _number(value) for value in plain[column]]
        lines = plain.to_string(index=False).splitlines()
        blocks.append("\n".join([name, *(f"  {line}" for line in lines)]) + "\n")
    return "\n".join(blocks)


def _number(value: float) -> str:
    """Four digits, and every digit of a whole number: 20000, not 2e+04."""
    return f"{value:.0f}" if value == round(value) else f"{value:.4g}"


def as_csv(tables: Mapping[str, pd.DataFrame]) -> str:
    """The one table as CSV; no cell of it is a formula.

    Raises
    ------
    BadInput
        Where there are several: their columns differ.
    """
    if len(tables) != 1:
        raise BadInput(
            Problem(
                "CSV holds one table, and there are several.",
                mend=f"Name one with --measure: {', '.join(tables)}. Or use --format json.",
            )
        )
    return safe_texts(next(iter(tables.values()))).to_csv(index=False, lineterminator="\n")


def as_json(tables: Mapping[str, pd.DataFrame]) -> str:
    """All tables as one JSON object: name, then rows."""
    rows = {name: table.astype(object).where(table.notna(), None).to_dict("records") for name, table in tables.items()}
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
