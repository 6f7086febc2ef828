"""Where the organization stands among its peers: no ranks and no names."""

from __future__ import annotations

from typing import Any

from ppp import figures
from ppp.framework import LEAVES
from ppp.reports.view import Row, View

__all__ = ["among_peers"]

_ROLES = ("patient", "professional")


def among_peers(view: View) -> dict[str, Any]:
    """Values of ``peers.html.j2``."""
    group = view.words.name(view.partition.group) if view.partition.group else ""
    shown = view.rows("benchmark", state="shown")
    ratings = [row for row in shown if row["measure"] == "mean_rating"]
    pictures = []
    for low, high in sorted({(row["scale_low"], row["scale_high"]) for row in ratings}):
        for role in _ROLES:
            rows = [r for r in ratings if (r["scale_low"], r["scale_high"], r["role"]) == (low, high, role)]
            if rows:
                pictures.append(_picture(view, rows, role))
    shares = [_share(view, row) for row in shown if row["measure"] != "mean_rating"]
    without = [view.words.role[role].lower() for role in _ROLES if not any(one["mark"] == role for one in pictures)]
    return {"group": group, "pictures": pictures, "shares": shares, "without": without}


def _picture(view: View, rows: list[Row], role: str) -> dict[str, Any]:
    say = view.say
    rows = sorted(rows, key=lambda row: LEAVES.index(row["leaf"]))
    low, high = rows[0]["scale_low"], rows[0]["scale_high"]
    frame = view.frame("benchmark")
    frame = frame[(frame["measure"] == "mean_rating") & (frame["scale_low"] == low) & (frame["scale_high"] == high)]
    told = _told(view, rows, role)
    svg = figures.to_svg(
        figures.peers(frame, role=role, language=say.code),
        name=f"peers-{role}-{low:g}-{high:g}",
        alternative=f"{told} {_numbers(view, rows)}",
    )
    return {
        "role": view.words.role[role],
        "mark": role,
        "svg": svg,
        "told": told,
        "rows": [
            {
                "label": view.words.leaf[row["leaf"]],
                "own": say.number(row["own"], 1),
                "median": say.number(row["median"], 1),
                "band": say.gettext(
                    "{low} to {high}", low=say.number(row["funnel_low"], 1), high=say.number(row["funnel_high"], 1)
                ),
                "words": view.words.position[row["position"]],
            }
            for row in rows
        ],
    }


def _numbers(view: View, rows: list[Row]) -> str:
    """The picture's numbers in a sentence, for those who do not see it."""
    say = view.say
    lanes = [
        say.gettext(
            "{leaf}: {own}, {median}, {low} to {high}",
            leaf=view.words.leaf[row["leaf"]],
            **{
                name: say.number(row[column], 1)
                for name, column in (
                    ("own", "own"), ("median", "median"), ("low", "funnel_low"), ("high", "funnel_high")
                )
            },
        )
        for row in rows
    ]  # fmt: skip
    return say.gettext("Here, middle of the group and band of chance: {lanes}.", lanes="; ".join(lanes))


def _told(view: View, rows: list[Row], role: str) -> str:
    """Where these ratings lie outside what chance would give, in a sentence."""
    say, label = view.say, view.words.role[role]
    above = [view.words.leaf[row["leaf"]].lower() for row in rows if row["position"] == "above"]
    below = [view.words.leaf[row["leaf"]].lower() for row in rows if row["position"] == "below"]
    n = say.number(min(row["organizations_n"] for row in rows))
    parts = []
    if above:
        parts.append(
            say.gettext("{role} rate these above the group: {factors}.", role=label, factors=say.listing(above))
        )
    if below:
        parts.append(
            say.gettext("{role} rate these below the group: {factors}.", role=label, factors=say.listing(below))
        )
    if not parts:
        return say.gettext("{role} rate no factor apart from the group beyond chance, among {n} organizations.",
                           role=label, n=n)  # fmt: skip
    parts.append(say.gettext("Compared among {n} organizations.", n=n))
    return " ".join(parts)


def _share(view: View, row: Row) -> dict[str, str]:
    say = view.say
    label = {
        "begins_in_design": say.gettext("Patients there from the start, in design"),
        "compensated": say.gettext("Patients paid for their time"),
    }[row["measure"]]
    return {
        "label": label,
        "own": say.share(row["own"]),
        "median": say.share(row["median"]),
        "band": say.gettext("{low} to {high}", low=say.share(row["funnel_low"]), high=say.share(row["funnel_high"])),
        "words": view.words.position[row["position"]],
    }
