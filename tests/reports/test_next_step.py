"""The step an organization chose, what came of it, and what its patient advisors answered."""

import html
import re

import pytest

from ppp.errors import BadInput
from ppp.study import open_study
from ppp.study.check import check, check_lines

STEP = {
    "organization": "norra",
    "wave": "2026",
    "place": "clinic",
    "phase": "design",
    "step": {"sv": "Två patienter är med.", "en": "Two patients join in."},
    "by": "2027-01-31",
}


def _text(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_a_report_opens_with_what_came_of_the_last_step(demo):
    page = demo.page("tranholma", "en")
    assert page.index('id="last-step"') < page.index('id="glance"')
    text = _text(page)
    assert "What came of the step chosen in Autumn 2025?" in text
    assert "They were paid." in text
    assert "The cell now holds 6 activities." in text
    assert "A patient chairs every other meeting of the improvement team." in text
    assert "31 May 2027" in text


def test_the_advisors_answers_are_kept_for_the_next_report(demo):
    text = _text(demo.page("solbacken", "sv"))
    assert "Ordförandeskapet har inte växlat." in text
    assert "Rutan är fortfarande tom på årets karta." in text
    assert "Exempelsson" not in text, "who approved an answer is no reader's business"


def test_nothing_is_said_where_no_step_was_chosen(demo):
    page = demo.page("nattro", "en")
    assert 'id="last-step"' not in page
    assert "No step has been chosen yet." in _text(page)


def test_every_report_has_questions_for_the_advisors_with_room_for_answers(demo):
    for path in demo.pages:
        section = re.search(r'<section[^>]*class="advisors".*?</section>', path.read_text(encoding="utf-8"), re.DOTALL)[
            0
        ]
        asked = re.findall(r'<li>(.*?)<span [^>]*class="answer"', section, re.DOTALL)
        assert 2 <= len(asked) <= 5, path.name
        assert len(set(asked)) == len(asked)


def test_the_settings_take_a_cell_or_a_factor(small):
    small.settings["next_steps"] = [STEP, {**STEP, "organization": "sodra", "place": None, "phase": None}]
    small.settings["next_steps"][1] = {
        "organization": "sodra",
        "wave": "2026",
        "factor": "support",
        "step": "En kontaktperson",
    }
    found = open_study(small.write()).settings.next_steps
    assert [(one.place, one.phase, one.factor) for one in found] == [
        ("clinic", "design", None),
        (None, None, "support"),
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"factor": "support"}, "one gap"),
        ({"phase": None}, "place and a phase"),
        ({"organization": "nora"}, "not under organizations"),
        ({"wave": "2025"}, "not under waves"),
        ({"place": "kliniken"}, "kliniken|place"),
        ({"by": "i vår"}, "by"),
        ({"status": "klart"}, "status"),
    ],
)
def test_what_cannot_be_is_told_with_its_mend(small, change, told):
    step = {**STEP, **change}
    small.settings["next_steps"] = [{key: value for key, value in step.items() if value is not None}]
    with pytest.raises(BadInput, match=told):
        open_study(small.write())


def test_two_steps_after_one_wave_are_one_too_many(small):
    small.settings["next_steps"] = [STEP, STEP]
    with pytest.raises(BadInput, match="More than one step"):
        open_study(small.write())


def test_an_answer_needs_somebody_who_approved_it(small):
    answer = {"organization": "norra", "wave": "2026", "question": "Vem leder?", "answer": "Vi turas om."}
    small.settings["advice"] = [answer]
    with pytest.raises(BadInput, match="approved_by"):
        open_study(small.write())


def test_check_tells_which_steps_nobody_has_told_the_outcome_of(small):
    small.settings["waves"] = [{"id": "2025"}, {"id": "2026"}]
    small.settings["next_steps"] = [{**STEP, "wave": "2025"}, STEP]
    study = open_study(small.write())
    checked = check(study)
    assert checked.steps["wave"].tolist() == ["2025", "2026"]
    lines = list(check_lines(study, checked))
    told = [line for line in lines if "came_of_it" in line]
    assert told == ["  norra, 2025: give “status” and “came_of_it” under next_steps"]
    assert not [line for line in lines if "Två patienter" in line]
