"""A new version of the codebook asks only for what it can affect, and rewrites nothing."""

import pandas as pd
import pytest

import ppp.framework as framework
from ppp.coding.codebook_changes import affected, changed_codes, read_version
from ppp.coding.suggest import SUGGESTION_COLUMNS
from ppp.errors import BadInput
from ppp.framework import codebook
from ppp.tables import CODINGS

TEXT = (framework._HERE / "codebook.yaml").read_text(encoding="utf-8")


@pytest.fixture
def old(tmp_path):
    """The present codebook as if clinic had meant something else, and system had had other cues."""
    book = codebook()
    clinic = next(place for place in book.places if place.id == "clinic")
    text = TEXT.replace(clinic.definition["en"], "One clinic or two.", 1).replace('version: "1.0"', 'version: "0.9"', 1)
    text = text.replace("cues:\n      en: [", "cues:\n      en: [another cue, ", 1)
    path = tmp_path / "codebook_0.9.yaml"
    path.write_text(text, encoding="utf-8")
    return read_version(path)


def event(activity, code, dimension="place", version="0.9", **more):
    return {
        "activity_id": activity, "coder": "anna", "dimension": dimension, "code": code, "codebook_version": version,
        "created_at": "1", "action": "set", **more,
    }  # fmt: skip


def test_only_what_a_code_means_counts_as_a_change(old):
    assert changed_codes(old).values.tolist() == [["place", "clinic", "definition"]]
    assert changed_codes(codebook()).empty


def test_only_activities_that_can_be_affected_are_flagged(old):
    rows = [
        event("a", "clinic"), event("b", "system"), event("c", "clinic"), event("c", "clinic", action="unset"),
        event("d", "clinic", version=codebook().version), event("e", "plan", "phase_began"),
    ]  # fmt: skip
    codings = CODINGS.conform(pd.DataFrame(rows))
    suggestions = pd.DataFrame(
        [(activity, "place", "clinic", None, 0.9, 0, 3) for activity in "bdf"], columns=list(SUGGESTION_COLUMNS)
    ).astype(SUGGESTION_COLUMNS)
    before = codings.copy()
    found = affected(changed_codes(old), codings, suggestions)
    assert found["activity_id"].tolist() == ["a", "f"]
    assert found["codebook_version"].tolist()[0] == "0.9"
    pd.testing.assert_frame_equal(codings, before)


def test_another_file_is_told(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("places: []\n")
    with pytest.raises(BadInput):
        read_version(path)
