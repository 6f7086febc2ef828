"""How right the suggestions are, on texts that the model had not seen: ``python data/corpus/evaluate.py``.

Writes the table between the two marks in docs/coding.md. Takes some seven minutes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score
from train_model import corpus, everything

from ppp.coding.suggestions.features import read
from ppp.coding.suggestions.model import PARITY, PHASE_CODES, PLACE_CODES, calibrated, chosen, shipped
from ppp.coding.suggestions.train import checksum, cross_validated, main_code, parity_set

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs" / "coding.md"
MARKS = ("<!-- figures: made by data/corpus/evaluate.py -->", "<!-- end of figures -->")
AXES = {"place": PLACE_CODES, "phase": PHASE_CODES}
BINS = 10


def held_out(texts: str, codings: str) -> pd.DataFrame:
    """Held-out texts with their codes; no model has learned from them."""
    both = [pd.read_csv(HERE / name, dtype="string", keep_default_na=False) for name in (texts, codings)]
    return both[0].merge(both[1], on="id", validate="one_to_one")


def judged(coded: pd.DataFrame) -> dict[str, np.ndarray]:
    """What the shipped model says of texts, as `cross_validated` gives it."""
    verdicts = shipped().judge(
        [read(text, language) for text, language in zip(coded["text"], coded["language"], strict=True)]
    )
    return {"place": verdicts.place, "phase": verdicts.phase, "parity": verdicts.parity}


def figures(coded: pd.DataFrame, said: dict[str, np.ndarray]) -> dict[str, float]:
    """Accuracy, kappa, parity F1 and calibration error of what was said of these texts."""
    model = shipped()
    columns, chances = chosen(said["place"], said["phase"])
    sure = {name: calibrated(found, *model.calibration[name]) for name, found in chances.items()}
    commits = np.minimum(sure["place"], sure["phase"]) >= model.trust_from
    found: dict[str, float] = {"texts": len(coded), "sent to a person": 1 - commits.mean()}
    right: dict[str, np.ndarray] = {}
    for axis, codes in AXES.items():
        said_code, true = np.array(codes)[columns[axis]], coded[axis].map(main_code).to_numpy(dtype=str)
        right[axis] = said_code == true
        found[f"{axis}: right where it commits"] = right[axis][commits].mean()
        found[f"{axis}: right over all"] = right[axis].mean()
        found[f"{axis}: κ over all"] = cohen_kappa_score(said_code, true)
        found[f"{axis}: calibration error"] = calibration_error(sure[axis], right[axis])
    found["both: calibration error"] = calibration_error(sure["both"], right["place"] & right["phase"])
    names = [f"{leaf}:{direction}" for leaf, direction in PARITY]
    held = coded["parity"].map(parity_set)
    true = np.array([[name in items for name in names] for items in held])
    suggested = said["parity"] >= model.parity_from
    both = (true & suggested).sum()
    found |= {
        "parity: precision": both / suggested.sum(),
        "parity: recall": both / true.sum(),
        "parity: F1": 2 * both / (true.sum() + suggested.sum()),
    }
    return found


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    return sum(abs(sure[bins == at].mean() - right[bins == at].mean()) * (bins == at).mean() for at in np.unique(bins))


def coders(sample: str, coded: pd.DataFrame) -> dict[str, float]:
    """How far a coder who saw neither the codes nor their order agrees with these codes, on a shuffled sample of the texts."""
    blind = pd.read_csv(HERE / "codings" / sample, dtype="string", keep_default_na=False)
    both = blind.merge(coded, on="id", validate="one_to_one", suffixes=("", "_kept"))
    found: dict[str, float] = {"texts": len(both)}
    for axis in AXES:
        mains = [both[name].map(main_code).to_numpy(dtype=str) for name in (axis, f"{axis}_kept")]
        found[f"{axis}: right over all"] = (mains[0] == mains[1]).mean()
        found[f"{axis}: κ over all"] = cohen_kappa_score(*mains)
    pairs = list(zip(both["parity"].map(parity_set), both["parity_kept"].map(parity_set), strict=True))
    found["parity: F1"] = 2 * sum(len(a & b) for a, b in pairs) / sum(len(a) + len(b) for a, b in pairs)
    return found


def table() -> str:
    """All figures as a Markdown table: one row for each kind of texts and language."""
    coded = everything()
    assert shipped().corpus == checksum(coded), "The shipped model was trained on another corpus: train_model.py"
    unseen = cross_validated(coded)
    of_corpus = coded["id"].isin(corpus()["id"]).to_numpy(bool)
    practice = held_out("heldout_practice.csv", "heldout_practice_codings.csv")
    measured = [
        (name, coded[rows], {key: found[rows] for key, found in unseen.items()})
        for name, rows in (
            ("corpus, cross-validated", of_corpus),
            ("helping texts, each hand left out", coded["kind"].isin(["kind", "practice"]).to_numpy(bool)),
        )
    ] + [
        (name, texts, judged(texts))
        for name, texts in (
            ("held out", held_out("heldout_activities.csv", "heldout_codings.csv")),
            ("held out, report style", held_out("heldout_reports.csv", "heldout_reports_codings.csv")),
            ("held out, real practice", practice),
        )
    ]
    rows: dict[str, dict[str, float]] = {}
    for name, texts, said in measured:
        for language, label in ((None, "all"), ("en", "English"), ("sv", "Swedish")):
            of = np.ones(len(texts), bool) if language is None else (texts["language"] == language).to_numpy(bool)
            rows[f"{name}: {label}"] = figures(texts[of], {key: found[of] for key, found in said.items()})
    rows["*a blind coder, corpus*"] = coders("blind_sample.csv", corpus())
    rows["*a blind coder, real practice*"] = coders("blind_practice.csv", practice)
    head = list(next(iter(rows.values())))
    lines = ["| | " + " | ".join(head) + " |", "| --- |" + " ---: |" * len(head)]
    for name, found in rows.items():
        cells = [
            "" if key not in found else f"{found[key]:.0f}" if key == "texts" else f"{found[key]:.2f}" for key in head
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="only print the table")
    made = table()
    print(made)
    if not parser.parse_args().print:
        before, rest = DOCS.read_text(encoding="utf-8").split(MARKS[0])
        after = rest.split(MARKS[1])[1]
        DOCS.write_text(f"{before}{MARKS[0]}\n{made}\n{MARKS[1]}{after}", encoding="utf-8")
