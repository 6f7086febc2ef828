"""Who codes what: every activity by one coder, and a share of them by two who do not see each other's codes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from math import floor
from pathlib import Path

import pandas as pd

from ppp.coding.ledger import Ledger, now
from ppp.tables import ASSIGNMENT

__all__ = ["assign", "assignment_ledger"]

_STRATUM = ["organization", "wave", "language"]


def assignment_ledger(folder: Path) -> Ledger:
    """The file that keeps who codes what."""
    return Ledger(folder / "assignment.csv", ASSIGNMENT)


def assign(
    activities: pd.DataFrame,
    coders: Sequence[str],
    *,
    overlap: float,
    given: pd.DataFrame | None = None,
    done: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """Assign every activity to one coder, and the share `overlap` to two.

    Parameters
    ----------
    activities
        The tidy table `ppp.tables.ACTIVITIES`; the order of its rows does not matter.
    coders
        Their names. Without any, nothing is assigned; with one, nothing is coded by two.
    overlap
        The share coded by two, from 0 to 1, in each organization, wave and language as nearly as whole numbers allow.
    given
        What was assigned before (columns of `ppp.tables.ASSIGNMENT`): it stays, whatever is added to the study. The rows
        of somebody who is no coder any more stay on record too, but what they had not coded goes to the others.
    done
        Activity and coder of what is coded already.

    Returns
    -------
    pandas.DataFrame
        Columns of `ppp.tables.ASSIGNMENT`: `given`, then the new rows. No chance of the moment is in it: the same
        activities, coders and `given` are assigned alike on every computer.

    Examples
    --------
    >>> some = pd.DataFrame({"activity_id": list("abcd"), "organization": "o", "wave": "w", "language": "sv"})
    >>> assign(some, ["anna", "bo"], overlap=0.5)["coder"].value_counts().tolist()
    [3, 3]
    """
    given = ASSIGNMENT.empty() if given is None else given
    if not len(coders):
        return given
    when = now()
    before = given.drop_duplicates("activity_id").set_index("activity_id")["coded_by"]
    rows = activities[["activity_id", *_STRATUM]].astype("string").fillna("")
    rows = rows.assign(draw=[_draw(name) for name in rows["activity_id"]])
    finished = set(done)
    standing = [
        (activity, coder)
        for activity, coder in zip(given["activity_id"], given["coder"], strict=True)
        if coder in coders or (activity, coder) in finished
    ]
    load = Counter(coder for _, coder in standing)
    held = Counter(activity for activity, _ in standing)
    new: list[tuple] = []
    for activity, names in given[given["activity_id"].isin(rows["activity_id"])].groupby("activity_id")["coder"]:
        lacking = (2 if before[activity] == "two" else 1) - held[activity]
        others = sorted(set(coders) - set(names), key=lambda name: (load[name], coders.index(name)))
        for name in others[: max(lacking, 0)]:
            load[name] += 1
            new.append((activity, name, when, before[activity]))
    for stratum, members in rows.sort_values("draw").groupby(_STRATUM, sort=True):
        earlier = members["activity_id"].map(before)
        total, doubles = int(earlier.notna().sum()), int((earlier == "two").sum())
        # Where in the stratum the first pair falls differs from stratum to stratum: small ones get their share too.
        start = int(_draw("/".join(stratum)), 16) / 16**16
        here: Counter[str] = Counter()
        for activity in members.loc[earlier.isna(), "activity_id"]:
            total += 1
            double = len(coders) > 1 and floor(total * overlap + start) > doubles
            doubles += double
            chosen = sorted(coders, key=lambda name: (here[name], load[name], coders.index(name)))[: 1 + double]
            for name in chosen:
                here[name] += 1
                load[name] += 1
                new.append((activity, name, when, "two" if double else "one"))
    added = ASSIGNMENT.conform(pd.DataFrame(new, columns=ASSIGNMENT.names))
    return pd.concat([given, added], ignore_index=True) if len(given) else added


def _draw(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
