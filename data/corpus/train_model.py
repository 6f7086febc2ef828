"""Make the model that ships with the package from the corpus: ``python data/corpus/train_model.py``.

Takes some seven minutes. Same corpus, same model. ``evaluate.py`` beside this file writes its figures in docs/coding.md.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

import ppp.coding.suggestions as room
from ppp.coding.suggestions.train import CODED_COLUMNS, train

HERE = Path(__file__).parent
AUTHORS = {"en": "writer1", "sv": "writer2"}


def corpus(coders: dict[str, str] = AUTHORS) -> pd.DataFrame:
    """The corpus with the codes of each text's author, or of the coders that are named for each language."""
    parts = []
    for language, coder in coders.items():
        texts = pd.read_csv(HERE / f"activities_{language}.csv", dtype="string", keep_default_na=False)
        codes = pd.read_csv(HERE / "codings" / f"{coder}_{language}.csv", dtype="string", keep_default_na=False)
        parts.append(texts.merge(codes, on="id", validate="one_to_one"))
    return pd.concat(parts, ignore_index=True)[["id", "kind", *CODED_COLUMNS]]


def demo() -> pd.DataFrame:
    """The texts of the demo study, by another hand than the corpus, with their true codes.

    One group, as the report texts are: judged by models that had seen nothing of that hand, so that confidence holds
    for texts of hands that nobody has trained on.
    """
    written = yaml.safe_load((HERE.parent / "demo" / "activity_texts.yaml").read_text(encoding="utf-8"))
    rows = [
        {
            "id": f"demo-{language}-{at}",
            "kind": "demo",
            "text": f"{item['title']}\n{item['description']}",
            "language": language,
            "group": "demo",
            "place": item["place"],
            "phase": item["phase_began"],
            "parity": ";".join(f"{leaf}:{way}" for leaf, way in item.get("parity", {}).items()),
        }
        for language, items in written.items()
        for at, item in enumerate(items)
    ]
    return pd.DataFrame(rows, dtype="string")


def rule_examples() -> pd.DataFrame:
    """Short texts that say each coding rule in plain words: one group a code, so that they never help their own test."""
    return pd.read_csv(HERE / "rule_examples.csv", dtype="string", keep_default_na=False).assign(kind="rule")


def parity_examples() -> pd.DataFrame:
    """Short statements on each Parity factor, and some that are none; they say nothing of place and phase."""
    return pd.read_csv(HERE / "parity_examples.csv", dtype="string", keep_default_na=False).assign(
        kind="parity_example"
    )


def report_texts() -> pd.DataFrame:
    """Activities told as annual reports, websites, applications and survey answers tell them, coded by their author."""
    return pd.read_csv(HERE / "report_texts.csv", dtype="string", keep_default_na=False).assign(kind="report")


def voice_texts() -> pd.DataFrame:
    """Table cells, minutes, adverts, web pages, typed answers: what many kinds of people would send, rich in Parity."""
    return pd.read_csv(HERE / "voice_texts.csv", dtype="string", keep_default_na=False).assign(kind="voice")


def kind_texts() -> pd.DataFrame:
    """Passages of the many kinds in which organizations and people tell of partnership, or of something near it."""
    return _by_hand(pd.read_csv(HERE / "kind_texts.csv", dtype="string", keep_default_na=False)).assign(kind="kind")


def practice_texts() -> pd.DataFrame:
    """What goes on in care, by many hands, in their own words: plain, short, indirect, in sets that differ in one thing."""
    read = pd.read_csv(HERE / "practice_texts.csv", dtype="string", keep_default_na=False)
    return _by_hand(read).assign(kind="practice")


def _by_hand(texts: pd.DataFrame) -> pd.DataFrame:
    """One group a hand (the id without its number): judged by models that had seen nothing of that hand."""
    return texts.assign(group=texts["id"].str.rsplit("-", n=1).str[0])


def everything() -> pd.DataFrame:
    """What the shipped model learns from."""
    columns = ["id", "kind", *CODED_COLUMNS]
    learned = (corpus, demo, report_texts, voice_texts, kind_texts, practice_texts, rule_examples, parity_examples)
    return pd.concat([texts()[columns] for texts in learned], ignore_index=True)


if __name__ == "__main__":
    model = train(everything())
    path = Path(room.__file__).with_name("model.npz")
    model.save(path)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {len(model.features.names)} features")
