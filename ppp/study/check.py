"""What `ppp check` tells about a study that is sound."""

from __future__ import annotations

from collections.abc import Iterator

from ppp.framework import NOT_STATED, codebook
from ppp.measures import NOT_YET_CODED
from ppp.study.folder import Study

__all__ = ["overview"]


def overview(study: Study) -> Iterator[str]:
    """Lines of text: what the study holds, and what was assumed while reading it. For the study's own people: these are
    exact numbers, not fit to be shared.

    Raises
    ------
    BadInput
        Where anything is wrong with the exports or the mapping.
    """
    settings = study.settings
    study.look()
    yield f"study.yaml is sound: {settings.title[settings.languages[0]]}"
    yield f"  {len(settings.organizations)} organizations, {len(settings.waves)} waves, codebook {codebook().version}"
    if not settings.exports:
        yield "  It names no export yet: put a survey export in exports/ and name it under “exports:”."
        return
    responses, activities, ratings = study.responses(), study.activities(), study.ratings()
    study.quotes()
    placed = study.placements()
    on_map = (placed[["place", "phase_began"]] != NOT_YET_CODED).all(axis=1)
    yield (
        f"  {len(responses)} respondents, {len(activities)} activities ({on_map.mean():.0%} coded), "
        f"{int(ratings['score'].notna().sum())} ratings"
        if len(activities)
        else f"  {len(responses)} respondents, no activities, {int(ratings['score'].notna().sum())} ratings"
    )
    yield ""
    yield "Respondents by organization, wave and role:"
    counts = (
        responses.assign(role=responses["role"].fillna("not stated"))
        .groupby(["organization", "wave", "role"])
        .size()
        .unstack(fill_value=0)
    )
    yield from ("  " + line for line in counts.to_string().splitlines())
    silent = [item.id for item in settings.organizations if item.id not in set(responses["organization"])]
    if silent:
        yield f"  No respondent from: {', '.join(silent)}"
    yield ""
    yield "Cells of the map with an activity, by organization (of 16):"
    held = placed[on_map & (placed["place"] != NOT_STATED) & (placed["phase_began"] != NOT_STATED)]
    cells = held.drop_duplicates(["organization", "place", "phase_began"]).groupby("organization").size()
    widest = max(len(item.id) for item in settings.organizations)
    yield from (f"  {item.id:<{widest}}  {cells.get(item.id, 0):>2}" for item in settings.organizations)
    skipped = (
        ratings.assign(skipped=ratings["missing"].eq("skipped").fillna(False)).groupby("response_id")["skipped"].all()
    )
    if skipped.any():
        yield f"  {int(skipped.sum())} respondents skipped every Parity statement"
    copies = activities.duplicated(["organization", "wave", "title", "description"]) & activities["description"].notna()
    if copies.any():
        yield f"  {int(copies.sum())} activities are told twice in the same words"
    notes = study.notes()
    if notes:
        yield ""
        yield "While reading:"
        yield from (f"  {note}" for note in notes)
