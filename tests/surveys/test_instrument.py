"""Our own form: sound in every format, and its exports map with no mapping written by hand."""

import csv
import io
import re

import pandas as pd
import pytest
import yaml
from lxml import etree, html
from pyxform.xls2xform import convert

from ppp.framework import LEAVES, codebook
from ppp.study import open_study
from ppp.surveys import read_export
from ppp.surveys.instrument import FORMATS, form, recognize
from ppp.surveys.instrument.formats import REDCAP_COLUMNS
from ppp.tables import ACTIVITIES

BOTH = ["sv", "en"]
GIVEN = [  # option positions, from 1: two respondents; the first tells of two activities, the second of none
    {"role": 1, "parity": [1, 2, 3, 4, 5, 6, 4, 1], "activities": [(2, 1, 3, 1, (1, 2)), (4, 5, 1, 3, (4,))]},
    {"role": 3, "parity": [4] * 8, "activities": []},
]


def _answers(choose, several) -> pd.DataFrame:
    """Cells of a simulated export: `choose(question, position)` writes a choice, `several` the phases (as a dict)."""
    questions = {question.name: question for question in form(activities=3).questions}
    rows = []
    for given in GIVEN:
        row = {name: "" for name, question in questions.items() if question.kind != "multiple"}
        for question in questions.values():
            if question.kind == "multiple":
                row |= several(question, ())
        row["ppp_organization"] = "Norra"
        row["ppp_role"] = choose(questions["ppp_role"], given["role"])
        for leaf, position in zip(LEAVES, given["parity"], strict=True):
            row[f"par_{leaf}"] = choose(questions[f"par_{leaf}"], position)
        for n, (place, phase, initiated, paid, phases) in enumerate(given["activities"], start=1):
            row |= {f"act{n}_title": f"Titel {n}", f"act{n}_description": "Vi möttes", f"act{n}_patients_n": "2"}
            for key, position in (("place", place), ("phase_began", phase), ("initiated_by", initiated), ("compensated", paid)):  # fmt: skip
                row[f"act{n}_{key}"] = choose(questions[f"act{n}_{key}"], position)
            row |= several(questions[f"act{n}_phases"], phases)
        rows.append(row)
    return pd.DataFrame(rows).fillna("")


def _value(question, position):
    return question.options[position - 1].value


def _columns(name):
    return lambda question, chosen: {
        name(question, at, option): "1" if at in chosen else "0" for at, option in enumerate(question.options, start=1)
    }


def _redcap(folder):
    (folder / "dictionary.csv").write_bytes(FORMATS["redcap"](form(), BOTH))
    table = _answers(_value, _columns(lambda q, at, o: f"{q.name}___{o.value}"))
    table.insert(0, "record_id", ["1", "2"])
    table.to_csv(folder / "answers.csv", index=False)
    return {"platform": "redcap", "dictionary": "dictionary.csv"}


def _kobo_names(folder):
    def group(column):
        return f"ppp_activity{column[3]}/{column}" if column.startswith("act") else f"ppp_about/{column}"

    def phases(question, chosen):
        return {question.name: " ".join(question.options[at - 1].value for at in chosen)}

    table = _answers(_value, phases).rename(columns=group)
    table["_uuid"] = ["aa", "bb"]
    table.to_csv(folder / "answers.csv", index=False, sep=";")
    return {}


def _kobo_labels(folder):
    def phases(question, chosen):
        return {question.name: " ".join(question.options[at - 1].words["sv"] for at in chosen)}

    table = _answers(lambda q, at: q.options[at - 1].words["sv"], phases)
    words = {question.name: question for question in form().questions}
    columns = [words[c].words["sv"] if not words[c].block else f"Aktivitet {words[c].block}: {words[c].words['sv']}" for c in table]  # fmt: skip
    table.set_axis(columns, axis=1).to_csv(folder / "answers.csv", index=False)
    return {}


def _limesurvey(folder):
    def header(column):
        return f"parity[{column[4:].replace('_', '')}]" if column.startswith("par_") else column.replace("_", "")

    table = _answers(lambda q, at: f"A{at}", _columns(lambda q, at, o: f"{q.name}[{o.value}]"))
    table = table.replace({column: {"1": "Y", "0": ""} for column in table if "phases[" in column})
    table = table.rename(columns=header)
    table.insert(0, "id", ["7", "8"])
    table.insert(1, "startlanguage", "sv")
    table.to_csv(folder / "answers.csv", index=False)
    return {"platform": "csv"}


def _qualtrics(folder):
    def phases(question, chosen):
        return {question.name: ",".join(map(str, chosen))}

    table = _answers(lambda q, at: str(at), phases)
    table.insert(0, "ResponseId", ["R_1", "R_2"])
    table.to_csv(folder / "answers.csv", index=False)
    return {"platform": "csv"}


@pytest.mark.parametrize("export", [_redcap, _kobo_names, _kobo_labels, _limesurvey, _qualtrics])
def test_an_export_of_our_form_maps_by_itself(small, export):
    folder = small.write()
    settings = small.settings | {
        "exports": [{"file": "answers.csv", "wave": "2026", **export(folder / "exports")}],
        "mappings": {},
    }
    (folder / "study.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    study = open_study(folder)
    assert study.responses()["role"].tolist() == ["patient", "professional"]
    assert study.responses()["organization"].tolist() == ["norra", "norra"]
    scores = study.ratings().set_index(["response_id", "leaf"])
    first = scores.loc[study.responses()["response_id"][0]].loc[list(LEAVES)]
    assert first["score"].fillna(0).tolist() == [1, 2, 3, 4, 0, 0, 4, 1]
    assert first["missing"].dropna().tolist() == ["dont_know", "not_applicable"]
    assert (first["scale_high"] == 4).all()
    activities = study.activities()
    assert activities["title"].tolist() == ["Titel 1", "Titel 2"]
    assert activities["declared_place"].tolist() == ["clinic", "system"]
    assert activities["declared_phase_began"].tolist() == ["design", "not_stated"]
    assert activities["declared_phases"].tolist() == ["design;plan", "evaluate"]
    assert activities["initiated_by"].tolist() == ["jointly", "patients"]
    assert activities["compensated"].tolist() == [True, pd.NA]
    assert activities["patients_n"].tolist() == [2, 2]


def test_another_form_is_not_taken_for_ours(small, root):
    folder = small.write()
    assert recognize(read_export(folder / "exports" / "answers.csv")) is None
    # The demo's own forms share some of our questions word by word.
    exports = root / "data/demo/exports"
    assert recognize(read_export(exports / "hospitals_2025.csv")) is None
    assert (
        recognize(read_export(exports / "registers_2025.csv", dictionary=exports / "registers_dictionary.csv")) is None
    )


def test_it_asks_about_everything_in_few_questions_with_a_way_out():
    asked = form(activities=1)
    assert 20 <= len(asked.questions) <= 25
    assert {question.name[4:] for question in asked.questions if question.name.startswith("par_")} == set(LEAVES)
    facts = {column.removeprefix("declared_") for column in ACTIVITIES.names}
    assert {question.name[5:] for question in asked.questions if question.block} <= facts
    for question in asked.questions:
        scale = [option for option in question.options if not option.is_escape]
        if question.options:
            assert any(option.is_escape for option in question.options), question.name
        if question.name.startswith("par_"):
            assert len(scale) % 2 == 0
    for code in codebook().places:
        [option] = [o for q in asked.questions if q.name == "act1_place" for o in q.options if o.value == code.id]
        assert code.label["sv"] in option.words["sv"], "the form takes its places from the codebook"


def test_the_redcap_dictionary_follows_the_rules_for_its_columns():
    rows = list(csv.reader(io.StringIO(FORMATS["redcap"](form(), BOTH).decode("utf-8"))))
    assert tuple(rows[0]) == REDCAP_COLUMNS
    assert len(REDCAP_COLUMNS) == 18
    names = [row[0] for row in rows[1:]]
    assert len(set(names)) == len(names)
    for row in rows[1:]:
        assert len(row) == 18
        assert re.fullmatch(r"[a-z](?:[a-z0-9]|_(?!_)){0,24}[a-z0-9]", row[0]), row[0]
        assert row[3] in ("text", "notes", "radio", "checkbox")
        assert bool(row[5]) == (row[3] in ("radio", "checkbox"))
        assert all(re.fullmatch(r"\w+, .+", choice.strip()) for choice in row[5].split("|") if choice)
        assert row[7] in ("", "integer")
        asked = re.match(r"\[(\w+)\]", row[11])
        assert not row[11] or (asked and names.index(asked[1]) < names.index(row[0]))
    matrix = [row[5] for row in rows[1:] if row[15] == "parity"]
    assert len(matrix) == 8
    assert len(set(matrix)) == 1


@pytest.mark.parametrize("languages", [["sv"], BOTH])
def test_pyxform_takes_the_xlsform(tmp_path, languages):
    path = tmp_path / "form.xlsx"
    path.write_bytes(FORMATS["xlsform"](form(), languages))
    result = convert(str(path), validate=False)
    assert not result.warnings
    document = etree.fromstring(result.xform.encode("utf-8"))
    assert len(document.findall(".//{*}translation")) == len(languages)
    fields = {bind.get("nodeset").split("/")[-1] for bind in document.findall(".//{*}bind")}
    assert {question.name for question in form().questions} <= fields


def test_limesurvey_codes_follow_its_rules():
    text = FORMATS["limesurvey"](form(), BOTH).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
    for language in BOTH:
        codes = [row["name"] for row in rows if row["class"] == "Q" and row["language"] == language]
        assert len(codes) == len(set(codes)) == 2 + 1 + 3 * 14
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", code) for code in codes)
    assert all(re.fullmatch(r"[A-Za-z0-9]{1,5}", row["name"]) for row in rows if row["class"] == "A")
    assert all(re.fullmatch(r"[A-Za-z0-9]{1,20}", row["name"]) for row in rows if row["class"] == "SQ")
    ids = [(row["id"], row["language"]) for row in rows if row["class"] == "Q"]
    assert len(set(ids)) == len(ids)


def test_qualtrics_holds_every_question_by_its_name():
    text = FORMATS["qualtrics"](form(), ["en"]).decode("utf-8")
    assert text.startswith("[[AdvancedFormat]]")
    assert re.findall(r"\[\[ID:(\w+)\]\]", text) == [question.name for question in form().questions]


def test_the_printed_form_is_one_accessible_page():
    page = html.fromstring(FORMATS["print"](form(), BOTH).decode("utf-8"))
    assert page.xpath("//html/@lang") == ["sv"]
    assert page.xpath("//form/@lang") == BOTH
    assert not page.xpath("//script | //link | //img")
    named = set(page.xpath("//label/@for"))
    for control in page.xpath("//input[@type='text'] | //textarea"):
        assert control.get("id") in named
    assert len(page.xpath("//fieldset[.//input[@type='radio']][not(legend)]")) == 0
