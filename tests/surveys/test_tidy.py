"""A mapping turns answers into tidy tables; what cannot be used is told or counted, and never quoted."""

import pytest

from ppp.errors import BadInput
from ppp.study import open_study
from ppp.surveys import Mapping, read_export, tidy


def test_the_small_study_as_tidy_tables(small):
    study = open_study(small.write())
    responses = study.responses().set_index("response_id")
    assert responses.loc["2026/answers/1", ["organization", "role", "language"]].tolist() == ["norra", "patient", "sv"]
    activity = study.activities().set_index("activity_id").loc["2026/answers/1/1"]
    assert (activity["declared_place"], activity["declared_phase_began"], activity["compensated"]) == (
        "clinic",
        "design",
        True,
    )
    ratings = study.ratings().set_index(["response_id", "leaf"])
    # row 1 answers "Lite", the second of four options
    assert ratings.loc[("2026/answers/1", "numbers"), "score"] == 2
    assert ratings.loc[("2026/answers/4", "numbers"), "missing"] == "dont_know"
    assert study.organizations()["name"].tolist() == ["Norra", "Södra"]


def test_a_reversed_statement_turns_its_scale(small):
    small.settings["mappings"]["form"]["ratings"]["reversed"] = ["Lika många"]
    ratings = open_study(small.write()).ratings().set_index(["response_id", "leaf"])
    assert ratings.loc[("2026/answers/1", "numbers"), "score"] == 3
    assert ratings.loc[("2026/answers/1", "compensation"), "score"] == 4


def test_hidden_blanks_and_case_do_not_part_answers(small):
    small.rows[0] = small.rows[0].replace("Patient", " patient\u00a0").replace("Norra sjukhuset", "NORRA  sjukhuset ")
    study = open_study(small.write())
    assert study.responses().loc[0, ["organization", "role"]].tolist() == ["norra", "patient"]


def test_a_scale_in_numbers_takes_a_decimal_comma_and_sets_aside_what_is_outside(small):
    small.settings["mappings"]["form"]["ratings"] = {
        "scale": {"low": 1, "high": 4},
        "items": {"numbers": ["Lika många"]},
    }
    small.rows = [
        row.replace("Inte alls", "1").replace("Lite", "2,5").replace("Ganska mycket", "3").replace("Helt", "9")
        for row in small.rows
    ]
    study = open_study(small.write())
    ratings = study.ratings().set_index("response_id")
    assert ratings.loc["2026/answers/1", "score"] == 2.5
    assert ratings.loc["2026/answers/3", "missing"] == "out_of_range"
    assert any("scale does not hold" in note for note in study.notes())


def test_a_scale_in_other_words_is_a_fault_of_the_mapping(small):
    small.settings["mappings"]["form"]["ratings"]["scale"] = ["Aldrig", "Ibland", "Alltid"]
    with pytest.raises(BadInput, match="No answer here is on the scale"):
        open_study(small.write()).ratings()


def test_two_rows_of_one_id_are_told(small):
    small.rows[1] = small.rows[1].replace("2;", "1;", 1)
    with pytest.raises(BadInput, match="same response id"):
        open_study(small.write()).responses()


def test_respondents_of_no_organization_are_set_aside_and_counted(small):
    small.rows[0] = small.rows[0].replace("Norra sjukhuset", "")
    study = open_study(small.write())
    assert len(study.responses()) == 8
    assert "2026/answers/1" not in set(study.ratings()["response_id"])
    assert any("named no organization (row 2)" in note for note in study.notes())


@pytest.mark.parametrize(
    ("written", "read"),
    [("2026-03-01 10:00", (2026, 3, 1)), ("31/01/2026", (2026, 1, 31)), ("01/31/2026", (2026, 1, 31))],
)
def test_dates(small, written, read):
    small.header += ";När"
    small.rows = [row + ";" + written for row in small.rows]
    small.settings["mappings"]["form"]["submitted_at"] = "När"
    first = open_study(small.write()).responses()["submitted_at"][0]
    assert (first.year, first.month, first.day) == read


def test_a_number_of_people_that_is_none_is_set_aside(small):
    small.header += ";Antal"
    small.rows = [row + ";" + ("ca tio" if n == 0 else "2") for n, row in enumerate(small.rows)]
    small.settings["mappings"]["form"]["activities"]["patients_n"] = "Antal"
    study = open_study(small.write())
    assert study.activities()["patients_n"].isna().sum() == 1
    assert any("no number of people (row 2)" in note for note in study.notes())


def test_options_in_two_languages_are_understood(small):
    small.rows = [row.replace(";Ja", ";Ja / yes").replace(";Nej", ";Nej / no") for row in small.rows]
    assert open_study(small.write()).activities()["compensated"].notna().all()


GOOGLE = """Timestamp,Your organization,Your role,An activity,Phases,Equal
2026-01-01 10:00:00,Norra,Patient,A board,Design;Plan,2
2026-01-02 10:00:00,Norra,Patient,A course,Plan,3
2026-01-03 10:00:00,Norra,Patient,A group,Design;Implement,1
2026-01-04 10:00:00,Norra,Patient,A trial,Design;Implement,99
"""


def test_a_mapping_may_name_the_platforms_columns_and_the_choices_of_a_multi_select(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(GOOGLE, encoding="utf-8")
    export = read_export(path)
    assert export.platform == "googleforms"
    for phases in ("Phases", {"design": "Phases [Design]"}):
        mapping = Mapping.model_validate(
            {
                "organization": "Your organization",
                "role": "Your role",
                "submitted_at": "Timestamp",
                "activities": {
                    "title": "An activity",
                    "compensated": {"column": "Phases [Implement]"},
                    "phases": phases,
                },
            }
        )
        made = tidy(export, mapping, wave="2026", stem="answers", organizations={"Norra": "norra"}, name="answers.csv")
        assert made.responses["submitted_at"].dt.day.tolist() == [1, 2, 3, 4]
        assert made.activities["compensated"].tolist() == [False, False, True, True]
        if phases == "Phases":
            assert made.activities["declared_phases"].tolist()[:2] == ["design;plan", "plan"]
        else:
            assert made.activities["declared_phases"].fillna("").tolist() == ["design", "", "design", "design"]


def test_previews_are_left_out_and_missing_codes_are_no_scores(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(
        "StartDate,Status,Finished,ResponseId,Org,Equal\nStart,Status,Finished,Response ID,Org,Equal\n"
        + ",".join(
            f"\"{{'ImportId': '{each}'}}\"" for each in ("startDate", "status", "finished", "id", "QID1", "QID2")
        )
        + "\n2026,0,1,R_1,Norra,3\n2026,0,0,R_2,Norra,-99\n2026,1,1,R_3,Norra,4\n",
        encoding="utf-8",
    )
    mapping = Mapping.model_validate(
        {
            "response_id": "ResponseId",
            "organization": "Org",
            "ratings": {"scale": {"low": -100, "high": 4}, "items": {"numbers": ["Equal"]}},
        }
    )
    made = tidy(read_export(path), mapping, wave="2026", stem="a", organizations={"Norra": "norra"}, name="answers.csv")
    assert made.responses["response_id"].tolist() == ["2026/a/R_1", "2026/a/R_2"]
    assert made.ratings["score"].fillna(0).tolist() == [3, 0]
    assert made.ratings["missing"].fillna("").tolist() == ["", "skipped"]
    assert any("1 test" in note for note in made.notes)
    assert any("1 of 2 responses were not finished" in note for note in made.notes)
