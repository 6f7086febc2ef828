"""Suggestions: from the codebook's cues, with evidence, and never forced."""

import pandas as pd
import pytest

from ppp.coding import suggest


def _one(text, language="en"):
    frame = suggest(pd.DataFrame({"activity_id": ["a"], "text": [text], "language": [language]}))
    return frame.set_index("dimension")


@pytest.mark.parametrize(
    ("text", "language", "place", "phase"),
    [
        ("Patients sit on the hospital board and set priorities for the whole hospital", "en", "organization", "design"),
        ("A decision aid is used together: patient and nurse share the decision about the patient's own treatment", "en", "direct_care", "implement"),
        ("After discharge patients answered a national survey sent by the national agency", "en", "system", "evaluate"),
        ("Patienter ingår i mottagningens förbättringsteam och testade nya kallelsebrev", "sv", "clinic", "implement"),
        ("Patienter i styrgruppen för sjukhusledningen var med och prioriterade målen från början", "sv", "organization", "design"),
    ],
)  # fmt: skip
def test_clear_texts_are_placed(text, language, place, phase):
    found = _one(text, language)
    assert found.loc["place", "code"] == place
    assert found.loc["phase_began", "code"] == phase


def test_the_evidence_is_a_passage_of_the_text():
    text = "Åsa 😀 says: patients sit on the hospital board"
    found = _one(text).loc["place"]
    assert text[found["evidence_start"] : found["evidence_end"]] == "hospital board"


def test_lemmas_meet_their_inflections():
    assert _one("Styrelserna har patienter", "sv").loc["place", "code"] == "organization"
    assert _one("Patients sat on the boards").loc["place", "code"] == "organization"


def test_negation_turns_the_direction():
    assert _one("Patients in the group are paid").loc["parity", "polarity"] == "supports"
    assert _one("Patients in the group are not paid").loc[["parity"], "polarity"].tolist() == ["barrier"]
    assert _one("Patienterna fick arvode", "sv").loc["parity", "polarity"] == "supports"
    assert _one("Patienterna fick inget arvode", "sv").loc[["parity"], "polarity"].tolist() == ["barrier"]


@pytest.mark.parametrize("text", ["", "😀", "hej", "x" * 10_000, "ordet " * 5_000, "Ωμέγα δοκιμή"])
def test_texts_without_cues_get_no_suggestion(text):
    assert _one(text, None).empty


def test_mixed_evidence_is_less_sure_than_plain_evidence():
    plain = _one("the ward's improvement team on the ward").loc["place", "confidence"]
    mixed = _one("the ward's improvement team, the hospital board and national guidelines").loc["place", "confidence"]
    assert mixed < 0.7 < plain


def test_the_same_text_gets_the_same_suggestion_with_the_language_told_or_found():
    text = "Patienter sitter i sjukhusets styrelse och prioriterar"
    told, found = _one(text, "sv"), _one(text, None)
    assert told["code"].tolist() == found["code"].tolist()
