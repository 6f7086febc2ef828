"""Privacy at the door: what points at a person is dropped or masked; years, doses and clinics are let through."""

import itertools
import random
from pathlib import Path

import pandas as pd
import pytest
import yaml

from ppp.study import open_study
from ppp.surveys import SurveyExport, read_export
from ppp.surveys.export import Source
from ppp.surveys.privacy import MARKERS, guard, mask


def _personal_numbers(rng, coordination=False):
    """Made-up numbers in sixteen spellings, right check digit."""
    year, month, day = rng.randint(1925, 2019), rng.randint(1, 12), rng.randint(1, 28) + (60 if coordination else 0)
    short, serial = f"{year % 100:02d}{month:02d}{day:02d}", f"{rng.randint(0, 999):03d}"
    total = sum(n // 10 + n % 10 for n in (int(d) * (2 - at % 2) for at, d in enumerate(short + serial)))
    last, full = serial + str(-total % 10), f"{year // 100}{short}"
    dashed = f"{year}-{month:02d}-{day:02d}"
    return [
        f"{full}-{last}", f"{short}-{last}", short + last, full + last, f"{short}+{last}", f"{short} {last}",
        f"{full} {last}", f"{dashed}-{last}", f"{dashed} {last}", f"{short}–{last}", f"{short}−{last}",
        f"{short} - {last}", f"{full} - {last}", f"{short[:2]} {short[2:4]} {short[4:]}-{last}",
        f"{year} {month:02d} {day:02d} {last}", f"{short}\u00a0{last}", f"{short}‑{last}", f"{full}–{last}",
    ]  # fmt: skip


def _phones(rng):
    a, b, c = (f"{rng.randint(10, 99)}" for _ in range(3))
    t = f"{rng.randint(100, 999)}"
    return [
        f"070-{t} {a} {b}", f"070{t}{a}{b}", f"070 {t} {a} {b}", f"+46 70 {t} {a} {b}", f"+4670{t}{a}{b}", f"+46 (0)70-{t} {a} {b}",
        f"0046 70 {t}{a}{b}", f"08-{t} {a} {b}", f"08-{t} {a}{b}0 0".replace("0 0", ""), f"031-{t} {a} {b}", f"0911-{a} {b} {c}", f"(08) {t} {a} {b}",
        f"+44 20 7946 0{t}", f"020 7946 0{t}", f"+1 555-{t}-{a}{b}", f"(555) {t}-{a}{b}", f"555-{t}-{a}{b}", f"+358 40 {t} {a}{b}", f"+47 {a} {b} {c} {a}", f"070–{t}{a}{b}",
    ]  # fmt: skip


def _planted():
    rng = random.Random(7)
    for _ in range(20):
        yield from (("personal_number", text) for text in _personal_numbers(rng))
        yield from (("personal_number", text) for text in _personal_numbers(rng, coordination=True))
        yield from (("phone", text) for text in _phones(rng))
        user, n = rng.choice(["anna.berg", "k_w", "info+x", "o'neil", "åsa"]), rng.randint(0, 255)
        yield from (("email", f"{user}{at}{host}") for at in ("@", " (at) ", "[at]") for host in ("region.se", "mail.example.co.uk"))  # fmt: skip
        yield from (("ip", text) for text in (f"192.168.{n}.1", f"10.0.0.{n}", f"2001:db8::{n}", "fe80::1ff:fe23:4567:890a", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "::1"))  # fmt: skip
        x, y = f"{rng.uniform(55, 69):.5f}", f"{rng.uniform(11, 24):.5f}"
        yield from (("position", text) for text in (f"{x}, {y}", f"{x} {y}", f"{x};{y}", f"{x.replace('.', ',')} {y.replace('.', ',')}", f"{x}° N, {y}° E", f"N {x}, E {y}", "59°19'46\"N 18°4'7\"E"))  # fmt: skip


FRAMES = ["{}", "Mitt nummer är {}.", "Nås på {}, helst kväll", "({})", "Contact: {}", "se {}\noch sen"]


def test_structured_identifiers_are_found():
    kinds: dict[str, list[bool]] = {}
    missed = []
    for (kind, text), frame in zip(_planted(), itertools.cycle(FRAMES), strict=False):
        masked, counts = mask(frame.format(text))
        found = text not in masked and sum(ch.isdigit() for ch in masked) <= 1 and sum(counts.values()) >= 1
        kinds.setdefault(kind, []).append(found)
        if not found:
            missed.append((kind, frame.format(text), masked))
    for kind, found in kinds.items():
        assert sum(found) / len(found) >= 0.98, (kind, missed[:5])


HARMLESS = """
Vi möttes 2019-2021 och igen 2024. | 12-13 clinics took part | Alvedon 500 mg 3 ggr/dag | 0,5 ml x 2 | Started 2014-06-01
Mötet 2025-09-15 07:56 | kl 09:00-11:30 | 18,700 children, 535 providers | från 50 till 75 % | Budget 1 250 000 kr
Avd 34, plan 5 | 2 patienter och 10 medarbetare | rum 0304 | Version 1.2.3 | p < 0.05, 0.001 | RR 120/80 | HbA1c 52 mmol/mol
01-02-2025 och 03-02-2025 | 2025/2026 | 10 000 steg | Lex Maria och Lex Sarah | Parkinson och Crohns sjukdom
S:t Görans sjukhus | Karolinska Universitetssjukhuset | Patientrådet i Region Värmland | Experio Lab | ICD-10 F32.1 | 7.30 to 16.00
Vi valde problemet tillsammans. | Patients chose what to improve. | We met every Monday in May. | 25-30 personer | punkt 3.2.1
Grupp 1: 3 st, grupp 2: 4 st | 1177 Vårdguiden | steg 1-2-3-4 | 100 000 – 200 000 kr per år | i 40-60 minuter | 3:10 | 5/10 2024
Svenska Diabetesförbundet | Den Nationella patientenkäten | Vi vill ha mer Stöd | Mårdskoga vårdcentral | Hösten 2025 | Q1-Q4 2023
""".replace("\n", "|").split("|")


def test_ordinary_numbers_and_words_are_let_through():
    alarms = [text.strip() for text in HARMLESS if text.strip() and mask(text.strip())[1]]
    assert len(alarms) / sum(bool(text.strip()) for text in HARMLESS) <= 0.02, alarms


NAMED = """
Vi pratade med Anna Lindberg om det. | Doktor Wiklander ledde mötet | Jag heter Tsegaye | Erik och Karin tog initiativet
Our coordinator Sarah Thompson chaired. | Dr. Okonkwo helped us | Ask James | Lindas mamma kom också | Mötet leddes av K. Svensson
Sven-Erik Bergqvist var ordförande | tack till fru Nordin | Peter's idea was good | Kontakta Zahra Hosseini | med Birgitta från mottagningen
anna lindberg var med | Ring Xochitl | ERIK LARSSON BESTÄMDE | Wiśniewska tog anteckningar | Fatima Ali höll i det | Mr Brown spoke
"""
NAMES = ["Lindberg", "Wiklander", "Tsegaye", "Karin", "Thompson", "Okonkwo", "James", "Linda", "Svensson", "Bergqvist", "Nordin", "Peter", "Hosseini", "Birgitta", "anna lindberg", "Xochitl", "LARSSON", "Wiśniewska", "Fatima", "Brown"]  # fmt: skip


def name_recall() -> float:
    """The share of planted sentences with names whose name is masked; among them lower case, capitals and rare names."""
    sentences = [text.strip() for text in NAMED.replace("\n", "|").split("|") if text.strip()]
    return sum(name not in mask(text)[0] for text, name in zip(sentences, NAMES, strict=True)) / len(sentences)


def test_names_in_free_text_are_found_mostly():
    # Measured 0.85 of 20 sentences: what is missed is in lower case, or on no list. docs/surveys.md states it.
    assert name_recall() == pytest.approx(0.85, abs=0.05)


def _export(**columns):
    answers = pd.DataFrame(columns, index=range(2, 2 + len(next(iter(columns.values())))), dtype="object")
    questions = pd.DataFrame({"name": answers.columns, "text": answers.columns, "kind": "", "group": ""})
    return SurveyExport("csv", Source("x.csv"), answers, questions)


def test_columns_that_point_at_persons_are_dropped_by_heading_or_content():
    export = _export(
        **{
            "E-post": ["", "", ""],
            "Fråga 7": ["a@b.se", "c@d.org", ""],
            "q8": ["070-123 45 67", "08-123 456", "+46 70 123 45 67"],
            "q9": ["640823-3234", "", ""],
            "who": ["Anna Lindberg", "Erik Svensson", "Karin Berg"],
            "LocationLatitude": ["59.3", "", ""],
            "ID": ["2102", "2103", "2104"],
            "Svarstid": ["8,1", "7,2", "9,3"],
            "Organisation": ["Norra", "Norra", "Södra"],
        }
    )
    guarded, report = guard(export)
    assert list(guarded.answers) == ["ID", "Svarstid", "Organisation"]
    assert report.dropped["q8"] == "phone"
    assert report.dropped["who"] == "name"
    assert list(export.answers) != list(guarded.answers), "the export itself is left as it was"


def test_a_study_can_keep_a_column_and_organizations_are_no_persons():
    export = _export(q8=["a@b.se", "c@d.se"], org=["Astrid Lindgrens barnsjukhus", "Norra"])
    guarded, report = guard(export, keep=["q8"], spare=["Astrid Lindgrens barnsjukhus"])
    assert guarded.answers["q8"].tolist() == ["a@b.se", "c@d.se"]
    assert guarded.answers["org"].tolist()[0] == "Astrid Lindgrens barnsjukhus"
    assert report.kept == ("q8",)


def test_a_study_never_holds_what_the_door_took(small):
    small.rows[0] = small.rows[0].replace("HEMLIG1 beskrivning", "Ring Anna Lindberg på 070-123 45 67 (640823-3234)")
    study = open_study(small.write())
    text = study.activities()["description"][0]
    assert text == f"Ring {MARKERS['name']} på {MARKERS['phone']} ({MARKERS['personal_number']})"
    assert any("masked" in note for note in study.notes())


def test_study_yaml_can_keep_what_the_door_would_take(small):
    small.rows[0] = small.rows[0].replace("HEMLIG1 beskrivning", "Ring 070-123 45 67")
    small.settings["privacy"] = {"keep": ["Beskrivning 1"]}
    assert open_study(small.write()).activities()["description"][0] == "Ring 070-123 45 67"


def test_the_demo_loses_nothing_to_the_door(root):
    settings = yaml.safe_load((root / "data/demo/study.yaml").read_text(encoding="utf-8"))
    spare = [name for item in settings["organizations"] for name in [*item["name"].values(), *item.get("aliases", [])]]
    for file in ("hospitals_2025.csv", "primary_care_2025.xlsx"):
        export = read_export(root / "data/demo/exports" / file)
        guarded, report = guard(export, spare=spare)
        assert not report.dropped, file
        assert not report.masked, file
        assert guarded.answers.equals(export.answers)


def test_names_on_no_list_are_found_by_what_stands_around_them():
    # Sentences and patterns have one author, who knew the sentences: this guards what is found, and measures an upper bound.
    path = Path(__file__).parent / "texts" / "names.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    named = [(text, name) for part, text, names in rows if part == "test" for name in names.split("; ")]
    gone = [not any(len(word) > 2 and word.strip(".") in mask(text)[0].replace("[name]", "") for word in name.split()) for text, name in named]  # fmt: skip
    assert sum(gone) / len(gone) >= 0.9
    alarms = sum(mask(text)[0] != text for part, text, _ in rows if part == "harmless")
    assert alarms <= 3
