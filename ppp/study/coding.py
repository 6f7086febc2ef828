"""What `ppp code` and `ppp agree` tell: how far the coding of a study has come, and how far its coders agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pandas as pd

from ppp.coding import ORIGINS
from ppp.coding.agreement import Estimate, units_needed
from ppp.coding.codebook_changes import affected, changed_codes, read_version
from ppp.coding.compare import COMPARED, agreement_table, confusion, differences
from ppp.coding.events import standing
from ppp.coding.settle import for_the_codebook
from ppp.framework import codebook
from ppp.study.folder import Study

__all__ = ["agreement", "agreement_lines", "codebook_lines", "coder_table", "origins", "progress"]

COEFFICIENT = "alpha"
"""The coefficient that the bar of study.yaml is for."""

_DIMENSIONS = {"place": "Place", "phase_began": "Phase", "parity": "Parity"}
_NAMES = {
    "percent": "percent",
    "cohen": "Cohen’s κ",
    "alpha": "Krippendorff’s α",
    "ac1": "Gwet’s AC1",
    "alpha_masi": "α for sets (MASI)",
}
_ORIGIN_WORDS = {
    "settled": "settled together",
    "double_coded": "coded alike by two",
    "single_coded": "coded by one",
    "respondent": "placed by the respondent",
    "suggested": "suggested by the program",
    "open": "not yet coded",
}


def coder_table(study: Study) -> pd.DataFrame:
    """One row a coder: ``coder``, ``assigned``, ``done``, ``left``, ``skipped`` and ``flagged`` activities."""
    assigned = study.assignment()
    state = standing(study.codings())
    names = list(dict.fromkeys([*study.settings.coders, *state["coder"]]))
    rows = []
    for name in names:
        own = state[state["coder"] == name]
        mine = set(assigned.loc[assigned["coder"] == name, "activity_id"])
        ready = set(own.loc[own["done"] | own["skipped"], "activity_id"])
        if name not in study.settings.coders:  # what somebody who left had not coded is the others' now
            mine &= ready
        rows.append(
            (
                name,
                len(mine),
                int(own["done"].sum()),
                len(mine - ready),
                int(own["skipped"].sum()),
                int(own["flagged"].sum()),
            )
        )
    return pd.DataFrame(rows, columns=["coder", "assigned", "done", "left", "skipped", "flagged"])


def origins(study: Study) -> pd.DataFrame:
    """Where the codes in force come from: ``dimension``, ``origin``, ``activities_n`` and ``share`` of all activities.

    Origins are `ppp.coding.ORIGINS`, and "open" where no code is in force. Every activity counts once on each dimension.
    """
    codes, everything = study.codes(), study.activities()["activity_id"]
    rows = []
    for dimension in ("place", "phase_began"):
        one = codes[codes["dimension"] == dimension].drop_duplicates("activity_id").set_index("activity_id")["origin"]
        counts = everything.map(one).astype("string").fillna("open").value_counts()
        for origin in (*ORIGINS, "open"):
            n = int(counts.get(origin, 0))
            rows.append((dimension, origin, n, n / len(everything) if len(everything) else 0.0))
    return pd.DataFrame(rows, columns=["dimension", "origin", "activities_n", "share"])


def agreement(
    study: Study, *, when: Literal["before", "after"] = "before", by_code: bool = True, resamples: int = 2000
) -> pd.DataFrame:
    """Agreement by dimension and code; see `ppp.coding.compare.agreement_table`."""
    return agreement_table(
        study.codings(), consensus=study.consensus(), when=when, by_code=by_code, resamples=resamples
    )


def progress(study: Study) -> Iterator[str]:
    """Lines of text: who has coded what, how far coders agree, where codes come from, and what to do next."""
    name = study.path.as_posix()
    coders = coder_table(study)
    yield f"Coding of {study.settings.title[study.settings.languages[0]]}: {len(study.activities())} activities"
    yield ""
    if coders.empty:
        yield "No coder is named yet. Name them in study.yaml, as in “coders: [anna, bo]”."
    else:
        yield from ("  " + line for line in coders.to_string(index=False).splitlines())
    for note in study.notes():
        if note.startswith("codings/"):
            yield f"  {note}"
    yield ""
    codings, consensus = study.codings(), study.consensus()
    table = agreement_table(codings, consensus=consensus, by_code=False) if len(codings) else None
    if table is not None:
        yield "Agreement so far, each on their own (Krippendorff’s α, 95 % interval):"
        for dimension in COMPARED:
            estimate = _estimate(table, dimension, "", COEFFICIENT)
            said = _DIMENSIONS[dimension]
            yield f"  {said:7} {estimate}" + (f", {estimate.units} activities" if estimate.value is not None else "")
        yield ""
    yield "Where the codes in force come from:"
    shares = origins(study).pivot(index="origin", columns="dimension", values="share")
    for origin in (*ORIGINS, "open"):
        place, phase = shares.loc[origin, "place"], shares.loc[origin, "phase_began"]
        yield f"  {_ORIGIN_WORDS[origin]:26} place {place:4.0%}   phase {phase:4.0%}"
    yield ""
    yield "Next:"
    yield from (f"  {line}" for line in _next(study, name, coders, table))


def _next(study: Study, name: str, coders: pd.DataFrame, table: pd.DataFrame | None) -> Iterator[str]:
    if coders.empty:
        yield "Name the coders in study.yaml."
        return
    waiting = [row for row in coders.itertuples() if row.left]
    for row in waiting:
        yield f"{row.coder} has {row.left} left: ppp code {name} --coder {row.coder} --sheet {row.coder}.xlsx"
    open_ = differences(study.codings(), consensus=study.consensus())
    if len(open_):
        yield f"{len(open_)} differences to settle: ppp code {name} --differences differences.xlsx"
    flagged = int(coders["flagged"].sum())
    if flagged:
        yield f"{flagged} activities are flagged for a talk."
    gaps = for_the_codebook(study.consensus())
    silent = int(gaps.loc[gaps["kind"] == "gap_in_rules", "n"].sum())
    if silent:
        yield f"{silent} differences were gaps in the rules: mend the codebook before coding on."
    bar = study.settings.coding.agreement_bar
    if table is not None:
        for dimension in COMPARED:
            estimate = _estimate(table, dimension, "", COEFFICIENT)
            if estimate.value is not None and estimate.value < bar:
                yield f"{_DIMENSIONS[dimension]} is below the bar of {bar:.2f}: talk over the differences: ppp agree {name}"
    if not waiting and not len(open_):
        yield f"All is coded and settled: ppp report {name}"


def agreement_lines(study: Study, *, half_width: float = 0.1, before: pd.DataFrame | None = None) -> Iterator[str]:
    """Agreement in words and tables, before and after settling, by dimension and code, with the confusion tables.

    Parameters
    ----------
    half_width
        Of the interval to aim for.
    before
        What `agreement` returns, where it is there already: its bootstrap is most of the work.
    """
    before = agreement(study) if before is None else before
    after = agreement(study, when="after", by_code=False, resamples=0)
    if before["units"].max() == 0 or before.empty:
        why = before["why"].iloc[0] if len(before) else "nothing is coded"
        yield f"Agreement is undefined, because {why}."
        return
    bar = study.settings.coding.agreement_bar
    for dimension in COMPARED:
        yield f"{_DIMENSIONS[dimension]}"
        for name, words in _NAMES.items():
            estimate = _estimate(before, dimension, "", name)
            yield f"  {words:20} {estimate}"
        alpha = _estimate(before, dimension, "", COEFFICIENT)
        settled = _estimate(after, dimension, "", COEFFICIENT)
        yield (
            f"  {'α after settling':20} {settled.value:.2f}"
            if settled.value is not None
            else f"  after settling: {settled}"
        )
        needed = units_needed(alpha, half_width)
        if needed is not None and needed > alpha.units:
            yield (
                f"  {alpha.units} activities are coded by two; for ±{half_width:g} about {needed - alpha.units} more are needed."
            )
        codes = before[(before["dimension"] == dimension) & (before["code"] != "")]
        if len(codes):
            yield "  by code:"
            for code in codes["code"].drop_duplicates():
                estimate = _estimate(before, dimension, code, COEFFICIENT)
                mark = "  ← below the bar" if estimate.value is not None and estimate.value < bar else ""
                yield f"    {code:16} {estimate}{mark}"
        if dimension != "parity":
            yield "  who took what for what (pairs of coders, either way):"
            crossed = confusion(study.codings(), dimension, consensus=study.consensus())
            crossed.index.name = crossed.columns.name = None
            yield from ("    " + line for line in crossed.to_string(float_format="{:g}".format).splitlines())
        yield ""
    yield "Intervals: 95 %, bootstrap over activities. The bar is for α before settling."


def codebook_lines(study: Study, previous: Path) -> Iterator[str]:
    """Which codes mean something else than in the version before, and which activities to look at again.

    Raises
    ------
    BadInput
        Where `previous` is not a codebook.
    """
    old = read_version(previous)
    changed = changed_codes(old)
    yield f"From version {old.version} to {codebook().version}: {len(changed)} codes mean something else."
    yield from (f"  {row.dimension} / {row.code}: {row.changed}" for row in changed.itertuples())
    again = affected(changed, study.codings(), study.suggestions())
    yield f"{again['activity_id'].nunique()} of {len(study.activities())} activities are to be looked at again:"
    by_coder = again.groupby(again["coder"].fillna("suggested only"))["activity_id"]
    for coder, ids in by_coder:
        yield f"  {coder}: " + ", ".join(ids.drop_duplicates())


def _estimate(table: pd.DataFrame, dimension: str, code: str, coefficient: str) -> Estimate:
    rows = table[(table["dimension"] == dimension) & (table["code"] == code) & (table["coefficient"] == coefficient)]
    row = rows.iloc[0]
    value, low, high = (None if pd.isna(row[name]) else float(row[name]) for name in ("value", "low", "high"))
    name = "alpha" if coefficient == "alpha_masi" else coefficient
    return Estimate(name, value, low, high, int(row["units"]), int(row["coders"]), row["why"])
