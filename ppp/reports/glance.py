"""The report in a few sentences. Each is written only where the data carry it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ppp.framework import LEAVES, PLACES
from ppp.reports.words import Words

__all__ = ["sentences"]


def sentences(tables: Mapping[str, pd.DataFrame], words: Words, wave: str) -> list[str]:
    """Plain sentences about one wave, the most telling first.

    Parameters
    ----------
    tables
        Releasable tables of one wave, by name.
    words
        Labels and language.
    wave
        The wave's name.
    """
    found = [
        _reach(tables, words, wave),
        _absent(tables, words),
        _joining(tables, words),
        _initiative(tables, words),
        _pay(tables, words),
        _gap(tables, words),
    ]
    return [sentence for sentence in found if sentence]


def _reach(tables: Mapping[str, pd.DataFrame], words: Words, wave: str) -> str:
    say = words.say
    present = _present(tables)
    state = tables.get("coding_state", pd.DataFrame(columns=["state", "activities_n"]))
    if not len(present):
        return say.gettext("No activity was reported for {wave}.", wave=wave)
    reached = int(present["state"].isin(["shown", "some"]).sum())
    cells = say.ngettext(
        "{n} of the 16 cells of the map holds an activity.", "{n} of the 16 cells of the map hold activities.", reached
    )
    if state["state"].eq("some").any():
        return cells
    total = int(state["activities_n"].sum())
    reported = say.ngettext(
        "{n} activity was reported for {wave}.", "{n} activities were reported for {wave}.", total, wave=wave
    )
    return f"{reported} {cells}"


def _absent(tables: Mapping[str, pd.DataFrame], words: Words) -> str:
    present = _present(tables)
    if not len(present):
        return ""
    filled = set(present.loc[present["state"].isin(["shown", "some"]), "place"])
    empty = [words.place[place] for place in PLACES if place not in filled]
    if not empty or len(empty) == len(PLACES):
        return ""
    return words.say.gettext("Places without any activity: {places}.", places=words.say.listing(empty))


def _joining(tables: Mapping[str, pd.DataFrame], words: Words) -> str:
    say, profile = words.say, tables.get("phase_profile")
    if profile is None or not len(profile) or profile["state"].eq("some").any():
        return ""
    total = int(profile["activities_n"].sum())
    if not total:
        return ""
    counts = {row.phase: int(row.activities_n) for row in profile.itertuples()}
    most = max(counts.values())
    top = [phase for phase, n in counts.items() if n == most]
    if len(top) > 1:
        return say.gettext(
            "Collaboration began in the Design phase in {design} of the {total} activities whose phase is known.",
            design=say.number(counts["design"]), total=say.number(total),
        )  # fmt: skip
    sentence = say.gettext(
        "Most often patients join in the phase {phase}: {n} of the {total} activities whose phase is known.",
        phase=words.phase[top[0]], n=say.number(most), total=say.number(total),
    )  # fmt: skip
    if top[0] == "design":
        return sentence
    return (
        sentence
        + " "
        + say.gettext("In {design} they were there from the start, in Design.", design=say.number(counts["design"]))
    )


def _initiative(tables: Mapping[str, pd.DataFrame], words: Words) -> str:
    say, table = words.say, tables.get("initiation")
    if table is None:
        return ""
    overall = table[(table["place"] == "all") & (table["initiated_by"] != "not_stated")]
    if not len(overall) or overall["state"].eq("some").any() or not overall["activities_n"].sum():
        return ""
    counts = {row.initiated_by: say.number(int(row.activities_n)) for row in overall.itertuples()}
    return say.gettext(
        "Professionals took the initiative in {professionals} activities, patients in {patients}, and both together in "
        "{jointly}.",
        **counts,
    )


def _pay(tables: Mapping[str, pd.DataFrame], words: Words) -> str:
    say, table = words.say, tables.get("parity_facts")
    if table is None:
        return ""
    for row in table[(table["fact"] == "compensated") & (table["state"] == "shown")].itertuples():
        return say.gettext(
            "Patients were paid for their time in {yes} of the {known} activities where this is known.",
            yes=say.number(int(row.yes_n)), known=say.number(int(row.yes_n + row.no_n)),
        )  # fmt: skip
    return ""


def _gap(tables: Mapping[str, pd.DataFrame], words: Words) -> str:
    say, table = words.say, tables.get("parity_ratings")
    if table is None:
        return ""
    shown = table[table["state"] == "shown"]
    both = shown.pivot_table(index=["leaf", "scale_low", "scale_high"], columns="role", values="mean")
    if not {"patient", "professional"} <= set(both.columns):
        return ""
    both = both.dropna(subset=["patient", "professional"]).reset_index()
    if both.empty:
        return ""
    both["gap"] = (both["patient"] - both["professional"]).abs()
    both["order"] = both["leaf"].map(LEAVES.index)
    widest = both.sort_values(["gap", "order"], ascending=[False, True]).iloc[0]
    if widest["gap"] < 0.05:
        return ""
    return say.gettext(
        "Patients and professionals differ most in how they rate {leaf}: {patients} against {professionals} on average, on a "
        "scale from {low} to {high}.",
        leaf=words.leaf[widest["leaf"]].lower(),
        patients=say.number(widest["patient"], 1),
        professionals=say.number(widest["professional"], 1),
        low=say.number(widest["scale_low"]),
        high=say.number(widest["scale_high"]),
    )


def _present(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    coverage = tables.get("coverage", pd.DataFrame(columns=["basis", "place", "phase", "state"]))
    return coverage[coverage["basis"] == "present"]
