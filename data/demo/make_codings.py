"""Make the codings of the demo study: two fictional coders, the same bytes every time.

    python data/demo/make_codings.py [FOLDER]

Writes ``assignment.csv``, a file for each coder and ``consensus.csv`` into FOLDER (left out: ``codings`` beside this file).
Both coders mostly see the true codes of ``activity_texts.yaml``; on a hard text either may take the level or the phase
beside it, and evidence on Parity is overlooked now and then. Needs the exports that ``make_demo.py`` makes.
"""

from __future__ import annotations

import random
import sys
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import yaml

from ppp.coding.assign import assign, assignment_ledger
from ppp.coding.compare import differences
from ppp.coding.ledger import coder_ledger, consensus_ledger, read_codings
from ppp.framework import PHASES, PLACES
from ppp.study import open_study

HERE = Path(__file__).parent
CODERS = ("astrid", "yusuf")
VERSION = "1.0"
BOTH_CODED, ALONE_CODED = 100, 25
"""Activities that two coders have come to, and that each has coded alone."""
HARD = 0.35
"""The share of texts that can be read in two ways, and the chance that a coder takes the other one."""
SLIP = 0.03
OVERLOOKED = 0.15
SETTLED = 0.6
REASONS = {
    "ambiguous_text": "The text says where people met, not what was to change.",
    "gap_in_rules": "The codebook does not say which level a network of clinics is.",
    "true_edge": "Both hold; the earlier phase counts.",
    "slip": "",
}


def chance(*name: str) -> float:
    """A number from 0 to 1 that hangs on the name alone."""
    return random.Random("/".join(("ppp demo codings", *name))).random()


def beside(codes: tuple[str, ...], code: str, *name: str) -> str:
    """The code before or after; what is not on the scale stays."""
    if code not in codes:
        return code
    at = codes.index(code)
    step = 1 if chance("side", *name) < 0.5 else -1
    return codes[at + step] if 0 <= at + step < len(codes) else codes[at - step]


def coded(coder: str, title: str, truth: dict) -> list[tuple[str, str, str | None]]:
    """What that coder gives the text: dimension, code, direction."""
    found = []
    for dimension, codes in (("place", PLACES), ("phase_began", PHASES)):
        code = truth[dimension]
        is_hard = chance("hard", dimension, title) < HARD
        if chance("reads", coder, dimension, title) < (HARD if is_hard else SLIP):
            code = beside(codes, code, dimension, title)
        found.append((dimension, code, None))
    for leaf, polarity in truth.get("parity", {}).items():
        if chance("overlooks", coder, leaf, title) >= OVERLOOKED:
            found.append(("parity", leaf, polarity))
    return found


def make(folder: Path) -> None:
    """Write the files; those that are there are made anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("assignment", *CODERS, "consensus"):
        (folder / f"{name}.csv").unlink(missing_ok=True)
    texts = yaml.safe_load((HERE / "activity_texts.yaml").read_text(encoding="utf-8"))
    truths = {text["title"]: text for language in texts.values() for text in language}
    study = open_study(HERE)
    activities = study.activities()
    titles = activities.set_index("activity_id")["title"].str.strip()
    given = assign(activities, CODERS, overlap=study.settings.coding.overlap)
    assignment_ledger(folder).append(given.assign(assigned_at="2026-11-02T08:00:00.000000Z").to_dict("records"))

    minutes = count()
    start = datetime(2026, 11, 3, 8)

    def moment() -> str:
        return (start + timedelta(minutes=next(minutes))).isoformat(timespec="microseconds") + "Z"

    for coder in CODERS:
        # In an order that has nothing to do with the organization, so that every report shows some of it.
        own = given[given["coder"] == coder]
        own = own.iloc[
            [at for _, at in sorted((chance("order", name), at) for at, name in enumerate(own["activity_id"]))]
        ]
        both = own.loc[own["coded_by"] == "two", "activity_id"].tolist()[:BOTH_CODED]
        alone = own.loc[own["coded_by"] == "one", "activity_id"].tolist()[:ALONE_CODED]
        events = []
        for activity in both + alone:
            common = {
                "activity_id": activity, "coder": coder, "codebook_version": VERSION, "created_at": moment(),
            }  # fmt: skip
            title = titles[activity]
            for dimension, code, polarity in coded(coder, title, truths[title]):
                step = {"dimension": dimension, "code": code, "polarity": polarity, "action": "set"}
                events.append({**common, **step})
            if chance("flags", coder, title) < 0.03:
                events.append({**common, "action": "flag", "memo": "Worth a talk."})
        coder_ledger(folder, coder).append(events)

    codings, _ = read_codings(folder)
    settled = []
    for row in differences(codings).itertuples():
        title = titles[row.activity_id]
        if chance("settled", row.dimension, title) >= SETTLED:
            continue
        truth = truths[title]
        kinds = list(REASONS)
        kind = kinds[int(chance("kind", row.dimension, title) * len(kinds))]
        pairs = list(truth.get("parity", {}).items()) if row.dimension == "parity" else [(truth[row.dimension], None)]
        for code, polarity in pairs or [("none", None)]:
            settled.append(
                {
                    "activity_id": row.activity_id,
                    "coder": "-".join(CODERS),
                    "dimension": row.dimension,
                    "code": code,
                    "polarity": polarity,
                    "memo": REASONS[kind] or None,
                    "codebook_version": VERSION,
                    "created_at": "2026-11-06T13:00:00.000000Z",
                    "kind": kind,
                    "action": "set",
                }
            )
    consensus_ledger(folder).append(settled)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "codings")
