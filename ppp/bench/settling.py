"""The settling bench: what coders differ on, side by side, and one key to choose what counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from ppp.bench.bench import Bench
from ppp.bench.sources import sources
from ppp.coding.meeting import Meeting
from ppp.coding.settle import Decision

__all__ = ["SettlingBench", "decisions"]


class SettlingBench(Bench):
    """A widget to settle differences at; every decision is in ``consensus.csv`` before the widget says "settled".

    It is for a talk between the coders: it shows what each of them gave.

    Parameters
    ----------
    meeting
        See `ppp.study.Study.meeting`.
    language
        "en", "sv", or any other language that there is a catalogue for.

    Raises
    ------
    BadInput
        Where there is no catalogue for the language.

    Examples
    --------
    >>> from ppp.study import open_study
    >>> bench = SettlingBench(open_study("data/demo").meeting(), language="sv")
    """

    _esm = sources("common.js", "settling.js")
    _css = sources("bench.css")
    _title = "Settling bench"

    def __init__(self, meeting: Meeting, *, language: str = "en") -> None:
        super().__init__(meeting.path, language)
        self._meeting = meeting

    def _data(self) -> dict:
        open_ = self._meeting.differences()
        settled = self._meeting.settled()[["activity_id", "dimension"]].drop_duplicates()
        keys = [*zip(open_["activity_id"], open_["dimension"], strict=True)]
        keys += [*zip(settled["activity_id"], settled["dimension"], strict=True)]
        given = self._meeting.given()
        codes = dict(iter(given.groupby(["activity_id", "dimension"], sort=False)))
        who = given.groupby("activity_id")["coder"].unique().map(sorted)
        texts = self._meeting.texts().set_index("activity_id")
        items = []
        for activity, dimension in keys:
            if activity not in texts.index or activity not in who.index:
                continue
            text = texts.loc[activity]
            items.append(
                {
                    "id": _key(activity, dimension),
                    "activity": activity,
                    "dimension": dimension,
                    "language": None if pd.isna(text["language"]) else text["language"],
                    "title": 0 if pd.isna(text["title"]) else len(text["title"]),
                    "text": text["text"],
                    "given": [
                        _one_coder(coder, codes.get((activity, dimension), given.iloc[:0])) for coder in who[activity]
                    ],
                }
            )
        return {"items": items}

    def _states(self) -> dict[str, dict]:
        return decisions(self._meeting.settled())

    def _once(self, step: str, act: Callable[[], int]) -> int:
        return self._meeting.once(step, act)

    def _can_undo(self) -> bool:
        return self._meeting.can_undo()

    def _act(self, asked: Mapping) -> Callable[[], int]:
        if asked.get("do") == "undo":
            return self._meeting.undo
        decision = Decision(
            activity_id=str(asked.get("activity", "")),
            dimension=str(asked.get("dimension", "")),
            codes=tuple((str(code), None if way is None else str(way)) for code, way in asked.get("codes") or ()),
            kind=str(asked.get("kind", "")),
            why=str(asked.get("why") or "").strip(),
        )
        return lambda: self._meeting.settle(decision)


def decisions(settled: pd.DataFrame) -> dict[str, dict]:
    """What is settled, difference by difference.

    Parameters
    ----------
    settled
        What is held of ``consensus.csv``; columns of `ppp.tables.CONSENSUS`.

    Returns
    -------
    dict of dict
        By activity and dimension, joined by a bar: ``codes`` (pairs of code and direction, none for "no evidence on
        Parity"), ``kind``, ``why`` and ``by``.
    """
    found: dict[str, dict] = {}
    for row in settled.itertuples():
        one = found.setdefault(_key(row.activity_id, row.dimension), {"codes": []})
        if not (row.dimension == "parity" and pd.isna(row.polarity)):
            one["codes"].append([row.code, None if pd.isna(row.polarity) else row.polarity])
        one |= {"kind": row.kind, "why": "" if pd.isna(row.memo) else row.memo, "by": row.coder}
    return found


def _key(activity: str, dimension: str) -> str:
    return f"{activity}|{dimension}"


def _one_coder(coder: str, rows: pd.DataFrame) -> dict:
    own = rows[(rows["coder"] == coder) & ~((rows["dimension"] == "parity") & rows["polarity"].isna())]
    spans = own[own["evidence_start"].notna()]
    memos = own["memo"].dropna()
    return {
        "coder": coder,
        "codes": [[row.code, None if pd.isna(row.polarity) else row.polarity] for row in own.itertuples()],
        "memo": "" if memos.empty else memos.iloc[0],
        "marks": [[int(row.evidence_start), int(row.evidence_end), "place"] for row in spans.itertuples()],
    }
