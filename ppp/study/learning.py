"""Learning from a study's own coding: ``ppp code STUDY --learn``."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ppp.coding.codes import coder_codes
from ppp.coding.suggestions.learn import learn
from ppp.study.folder import Study, activity_text

__all__ = ["learn_from"]


def learn_from(study: Study) -> Iterator[str]:
    """Learn from what the study's coders settled or agree on; keeps the better model and says which that is.

    Always starts from the shipped model: one that has learned before knows these texts, and cannot be judged by them.
    """
    codes, _, _ = coder_codes(study.codings(), study.consensus())
    trusted = codes[codes["origin"].isin(["settled", "double_coded"])]
    activities = study.activities()
    texts = activities[["activity_id", "language"]].assign(text=activity_text(activities))
    result = learn(texts, trusted)
    if result.is_better:
        new = study.model_path.with_name(f".{study.model_path.name}.new")
        result.model.save(new)
        if study.has_earlier_model:
            before = study.model_path.with_suffix(".before.npz")
            os.replace(study.model_path, before)
            yield f"The model that learned with an earlier version of ppp is kept as codings/{before.name}."
        os.replace(new, study.model_path)
    yield from result.lines()
