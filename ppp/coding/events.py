"""From events to what they leave: the codes that each coder holds now, and how far each activity has come."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

__all__ = ["Codes", "changes", "held", "standing", "without_undone"]

Codes = Iterable[tuple[str, str | None]]
"""Codes of one dimension, each with its polarity or None."""

_CODE = ["coder", "activity_id", "dimension", "code", "polarity"]


def without_undone(events: pd.DataFrame) -> pd.DataFrame:
    """The events that still count: every *undo* takes back the same coder's latest step that is not taken back yet.

    The events of one step share their ``created_at``.
    """
    if not (events["action"] == "undo").any():
        return events
    gone: list[int] = []
    for _, own in events.groupby("coder", sort=False):
        steps: list[list[int]] = []
        last = None
        for at, action, when in zip(own.index, own["action"], own["created_at"], strict=True):
            if action == "undo":
                gone.append(at)
                gone.extend(steps.pop() if steps else [])
                last = None
            elif steps and when == last:
                steps[-1].append(at)
            else:
                steps.append([at])
                last = when
    return events.drop(index=gone)


def held(events: pd.DataFrame, *, together: bool = False) -> pd.DataFrame:
    """The codes that coders hold, the latest event on each code counting.

    Parameters
    ----------
    events
        Columns of `ppp.tables.CODINGS` or ``CONSENSUS``.
    together
        Whether all speak with one voice, as in a consensus: then whoever spoke last counts.

    Returns
    -------
    pandas.DataFrame
        The rows of `events` (columns of `ppp.tables.CODINGS` or ``CONSENSUS``) whose code is given and not taken back,
        each coder's in the order in which they were given: the first place or phase is the main one.
    """
    counting = without_undone(events)
    codes = counting[counting["action"].isin(["set", "unset"])]
    last = codes.drop_duplicates(_CODE[1:] if together else _CODE, keep="last")
    return last[last["action"] == "set"].reset_index(drop=True)


def standing(events: pd.DataFrame) -> pd.DataFrame:
    """How far each coder has come with each activity.

    Returns
    -------
    pandas.DataFrame
        ``coder``, ``activity_id``; ``done`` (said so, or both place and the phase it began in are coded), ``skipped``,
        ``flagged`` (booleans); ``codebook_version`` and ``created_at`` of the latest event.
    """
    counting = without_undone(events)
    counting = counting[counting["activity_id"].notna()]
    keys = ["coder", "activity_id"]
    frame = counting.groupby(keys, sort=False).agg(
        codebook_version=("codebook_version", "last"), created_at=("created_at", "last")
    )
    whole = counting[counting["action"].isin(["done", "skip"])].drop_duplicates(keys, keep="last").set_index(keys)
    flags = counting[counting["action"].isin(["flag", "unflag"])].drop_duplicates(keys, keep="last").set_index(keys)
    codes = held(events)
    axes = codes[codes["dimension"].isin(["place", "phase_began"])].groupby(keys)["dimension"].nunique()
    last = whole["action"].reindex(frame.index)
    frame["skipped"] = (last == "skip").fillna(False).astype(bool)
    on_both = axes.reindex(frame.index).fillna(0).eq(2).astype(bool)
    frame["done"] = ((last == "done").fillna(False).astype(bool) | on_both) & ~frame["skipped"]
    frame["flagged"] = (flags["action"].reindex(frame.index) == "flag").fillna(False).astype(bool)
    columns = [*keys, "done", "skipped", "flagged", "codebook_version", "created_at"]
    return frame.reset_index()[columns]


def changes(now: pd.DataFrame, wanted: pd.DataFrame) -> list[dict]:
    """The events that lead from the codes held to the codes wanted, so that what stays is not written again.

    Parameters
    ----------
    now, wanted
        Codes of one coder and one activity; only dimensions that occur in `wanted` or `now` are looked at. `wanted`
        may carry ``confidence``, evidence and ``memo``; another value in one of these sets the code anew.

    Returns
    -------
    list of dict
        With ``dimension``, ``code``, ``polarity``, ``action`` and what `wanted` carries.
    """
    rest = ["confidence", "evidence_start", "evidence_end", "memo"]
    before = {_key(row): row for row in now.to_dict("records")}
    after = {_key(row): row for row in wanted.to_dict("records")}
    gone = [
        {"dimension": key[0], "code": key[1], "polarity": key[2], "action": "unset"}
        for key in before
        if key not in after
    ]
    new = []
    for key, row in after.items():
        same = key in before and all(_same(row.get(name), before[key].get(name)) for name in rest)
        if not same or _is_reordered(before, after, key[0]):
            said = {name: row.get(name) for name in rest}
            new.append({"dimension": key[0], "code": key[1], "polarity": key[2], **said, "action": "set"})
    return gone + new


def _key(row: dict) -> tuple:
    return row["dimension"], row["code"], None if pd.isna(row.get("polarity")) else row["polarity"]


def _is_reordered(before: dict, after: dict, dimension: str) -> bool:
    """Whether another code becomes the main one or the order changes; then all are given anew, in the new order."""
    if dimension not in ("place", "phase_began"):
        return False
    then = [key for key in before if key[0] == dimension and key in after]
    coming = [key for key in after if key[0] == dimension]
    return then + [key for key in coming if key not in before] != coming


def _same(one: object, other: object) -> bool:
    return bool(pd.isna(one) and pd.isna(other)) or (not pd.isna(one) and not pd.isna(other) and one == other)
