"""Suggestions: with evidence, and never forced."""

import pandas as pd
import pytest

from ppp.coding import next_for_review, suggest, suggest_each


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
    assert text[found["evidence_start"] : found["evidence_end"]] in {"hospital", "board", "hospital board"}


def test_lemmas_meet_their_inflections():
    assert _one("Styrelserna har patienter", "sv").loc["place", "code"] == "organization"
    assert _one("Patients sat on the boards").loc["place", "code"] == "organization"


def test_negation_turns_the_direction():
    assert _one("Patients in the group are paid").loc[["parity"], "polarity"].tolist() == ["supports"]
    assert _one("Patients in the group are not paid").loc[["parity"], "polarity"].tolist() == ["barrier"]
    assert _one("Patienterna fick arvode", "sv").loc[["parity"], "polarity"].tolist() == ["supports"]
    assert _one("Patienterna fick inget arvode", "sv").loc[["parity"], "polarity"].tolist() == ["barrier"]


@pytest.mark.parametrize("text", ["", "😀", "  \n", "…", "—"])
def test_texts_without_words_get_no_suggestion(text):
    assert _one(text, None).empty


@pytest.mark.parametrize(
    "text", ["hej", "x" * 10_000, "ordet " * 10_000, "Ωμέγα δοκιμή και άλλα", "patients 😀 och läkare"]
)
def test_any_text_gets_an_answer_that_says_how_sure_it_is(text):
    found = _one(text, None)
    assert {"place", "phase_began"} <= set(found.index)
    assert found["confidence"].between(0, 1).all()


def test_a_text_in_another_language_is_sent_to_a_person():
    found = next(suggest_each([("Ωμέγα δοκιμή και άλλα λόγια του ανθρώπου", None)]))
    assert found.needs_review
    assert "English or Swedish" in found.reason


@pytest.mark.parametrize(
    "text",
    [
        "Die Patienten sitzen im Lenkungsausschuss des Krankenhauses und entscheiden mit.",
        "Potilaat osallistuvat sairaalan ohjausryhmään ja päättävät tavoitteista.",
        "Pacjenci uczestniczą w pracach komitetu sterującego szpitala.",
        "患者参加医院委员会",
        "lorem ipsum dolor sit amet consectetur adipiscing elit",
    ],
)
def test_it_is_never_sure_of_what_it_cannot_read(text):
    found = next(suggest_each([(text, None)]))
    assert found.needs_review
    assert found.confidence < 0.4
    assert found.place_confidence < 0.4
    assert "English or Swedish" in found.reason


def test_a_text_of_two_languages_is_read_and_one_of_ten_thousand_words_says_how_far_it_was():
    mixed = "Patients and staff co-designed the ward. Patienterna var med från start på avdelningen."
    both, long = suggest_each([(mixed, None), ("Patients sit on the hospital board. " * 1_700, "en")])
    assert (both.place, both.phase) == (("clinic",), ("design",))
    assert long.needs_review
    assert "characters were read" in long.reason
    assert long.place == ("organization",)


@pytest.mark.parametrize("text", ["patients", "Enkät", "styrgrupp", "x", "PFAC", "-", "1234"])
def test_one_word_is_answered_or_not_coded_with_its_reason(text):
    found = next(suggest_each([(text, None)]))
    assert found.place
    assert found.phase
    assert found.reason.startswith("not coded") == (not any(sign.isalnum() for sign in text))


def test_the_same_text_gets_the_same_suggestion_with_the_language_told_or_found():
    text = "Patienter sitter i sjukhusets styrelse och prioriterar"
    told, found = _one(text, "sv"), _one(text, None)
    assert told["code"].tolist() == found["code"].tolist()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("No patients take part in our improvement work.", "en"),
        ("Staff had a day of training in hand hygiene.", "en"),
        ("Nothing this year.", "en"),
        ("Patienter deltar inte i vårt förbättringsarbete.", "sv"),
        ("Personalen hade en utbildningsdag om handhygien.", "sv"),
        ("Vi har talat om att starta ett patientråd men det blev aldrig av.", "sv"),
    ],
)
def test_what_is_no_partnership_is_none_on_both_axes_and_carries_no_parity(text, language):
    found = _one(text, language)
    assert found.loc["place", "code"] == "none"
    assert found.loc["phase_began", "code"] == "none"
    assert "parity" not in found.index


def test_spans_lie_in_the_text_and_every_suggestion_is_repeatable():
    texts = pd.DataFrame(
        {
            "activity_id": list("abc"),
            "text": ["Åsa 😀 sits on the ward's team; she's paid.", "Brukarrådet fick arvode", "patients"],
            "language": ["en", None, None],
        }
    )
    once, again = suggest(texts), suggest(texts.iloc[::-1])
    spans = once.dropna(subset="evidence_start").merge(texts, on="activity_id")
    assert (spans["evidence_start"] < spans["evidence_end"]).all()
    assert (spans["evidence_end"] <= spans["text"].str.len()).all()
    keys = ["activity_id", "dimension", "code"]
    pd.testing.assert_frame_equal(
        once.sort_values(keys, ignore_index=True), again.sort_values(keys, ignore_index=True), rtol=1e-5
    )


def test_what_is_least_sure_and_most_typical_is_looked_at_first():
    texts = pd.DataFrame(
        {
            "activity_id": ["sure", "unsure", "odd"],
            "text": [
                "Two patients are members of the ward's improvement team and test new letters",
                "Patients and staff talked at the ward about letters",
                "Qwxz vbnk",
            ],
        }
    )
    found = pd.DataFrame(
        {"activity_id": ["sure", "unsure", "odd"], "dimension": "place", "confidence": [0.95, 0.4, 0.45]}
    )
    assert next_for_review(found, texts)["activity_id"].tolist() == ["unsure", "odd", "sure"]
