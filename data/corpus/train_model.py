"""Make the model that ships with the package from the corpus: ``python data/corpus/train_model.py``.

Same corpus, same model. ``evaluate.py`` beside this file writes its figures in docs/coding.md.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

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


if __name__ == "__main__":
    model = train(corpus())
    path = Path(room.__file__).with_name("model.npz")
    model.save(path)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, {len(model.features.names)} features")
