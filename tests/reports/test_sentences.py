"""Every sentence of a report's first page holds in the released tables, and tells nothing that they withhold."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import ppp
from ppp import measures
from ppp.disclosure import Partition, derive, release
from ppp.disclosure.partition import Naming, records
from ppp.framework import PLACES, indicators
from ppp.reports import Report
from ppp.reports.sentences import first_page, questions, raised

ROOT = Path(__file__).parents[2]
TELLING = {"shown", "none", "some", "raised"}


@cache
def _studies():
    path = ROOT / "tests" / "disclosure" / "random_studies.py"
    spec = importlib.util.spec_from_file_location("random_studies", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def random_partition(seed: int, *, by_respondents: bool, threshold: int = 5) -> Partition:
    """One organization, two waves of random answers, released as a study releases them."""
    rng, studies, waves = np.random.default_rng(seed), _studies(), ("1", "2")
    told = [studies.activities(rng, wave=wave) for wave in waves]
    asked = [studies.people(rng, wave=wave) for wave in waves]
    activities = pd.concat([one for one, _ in told], ignore_index=True)
    codes = pd.concat([one for _, one in told], ignore_index=True)
    responses, ratings = (pd.concat(parts, ignore_index=True) for parts in zip(*asked, strict=True))
    placed = measures.placements(activities, codes)
    bases = [measures.coverage(placed, basis=basis).assign(basis=basis) for basis in ("began", "present")]
    measured = {
        "coverage": pd.concat(bases, ignore_index=True),
        "phase_profile": measures.phase_profile(placed),
        "initiation": measures.initiation(placed),
        "coding_state": measures.coding_state(placed),
        "formulation": measures.formulation(placed),
        "coverage_summary": measures.coverage_summary(placed),
        "cell_reliability": measures.cell_reliability(placed, bar=0.7),
        "coded_evidence": measures.coded_evidence(activities, codes),
        "parity_facts": measures.parity_facts(activities),
        "seats": measures.seats(activities),
        "parity_ratings": measures.parity_ratings(ratings),
        "missing_answers": measures.missing_answers(ratings),
        "response_counts": measures.response_counts(responses),
    }
    released = release(measured, threshold=threshold, by_respondents=by_respondents)
    released = derive(released, waves=waves, groups={})
    released["what_else_changed"] = released.pop("who_answered")
    tables = {name: records(name, table) for name, table in released.items() if name in ppp.disclosure.RELEASED}
    return Partition(
        study=Naming(id="s", names={"en": "Study"}),
        organization=Naming(id="a", names={"en": "A", "sv": "A"}),
        slug="a",
        waves=[Naming(id=wave, names={"en": f"round {wave}", "sv": f"omgång {wave}"}) for wave in waves],
        languages=["sv", "en"],
        threshold=threshold,
        by_respondents=by_respondents,
        sure_from=0.7,
        codebook_version="1.0",
        program_version="0",
        fingerprint="0",
        exports=[],
        tables=tables,
    )


def _sentences(view):
    page = first_page(view)
    return [*page.take_part, *page.absent, *page.changed, *page.talk, *questions(view)]


def _numbers(view, text: str) -> list[str]:
    for name in (view.wave_name, view.before_name):
        text = text.replace(name, "") if name else text
    text = re.sub(r"\b(16|95)\b(?= (of|cells|av|rutor)| %)|the 16 cells|kartans 16 rutor", "", text)
    return re.findall(r"\d+(?:[.,]\d+)?", text)


def _allowed(view, sentence) -> set[str]:
    """Every number that the evidence gives: its own, sums of its counts by any column, and counts of its rows."""
    say = view.say
    rows_by_table: dict[str, list] = {}
    for table, row in sentence.evidence:
        rows_by_table.setdefault(table, []).append(row)
    found = {say.number(n) for n in (len(PLACES), view.partition.threshold)}
    for rows in rows_by_table.values():
        found |= {say.number(n) for n in range(len(rows) + 1)}
        for row in rows:
            for value in row.values():
                if isinstance(value, int | float) and not isinstance(value, bool):
                    found |= {say.number(abs(value)), say.number(abs(value), 1)}
            if "of_n" in row and row["of_n"] is not None and row["n"] is not None:
                found.add(say.number(row["of_n"] - row["n"]))
            if "low" in row and row["low"] is not None:
                found.add(say.number((row["high"] - row["low"]) / 2, 1))
            if "yes_n" in row and row["yes_n"] is not None:
                known = row.get("no_n", 0) or 0
                found |= {
                    say.number(row["yes_n"] + known),
                    say.number(row["yes_n"] + known + (row.get("unknown_n") or 0)),
                }
        counts = [row for row in rows if row.get("activities_n") is not None]
        found.add(say.number(sum(row["activities_n"] for row in counts)))
        for column in ("place", "phase", "initiated_by", "coding"):
            for value in {row.get(column) for row in counts} - {None}:
                own = sum(row["activities_n"] for row in counts if row.get(column) == value)
                rest = sum(row["activities_n"] for row in counts if row.get(column) != value)
                found |= {say.number(own), say.number(rest)}
        unplaced = [row for row in counts if row.get("coding") in ("not_yet_coded", "not_stated")]
        found.add(say.number(sum(row["activities_n"] for row in unplaced)))
    return found


STUDIES = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a seed does not shrink
)


@STUDIES
@given(seed=st.integers(0, 10**6), by_respondents=st.booleans())
def test_every_sentence_and_number_rests_on_released_rows_that_tell_something(seed, by_respondents):
    partition = random_partition(seed, by_respondents=by_respondents)
    for language in ("sv", "en"):
        view = Report(partition, language=language).view
        for sentence in _sentences(view):
            assert sentence.text
            assert sentence.evidence, sentence.rule
            for table, row in sentence.evidence:
                assert row in partition.tables[table], sentence.rule
                assert row["wave"] in (view.wave, view.wave_before)
                if sentence.rule not in ("voices", "first", "reach") and "state" in row:
                    assert row["state"] in TELLING, (sentence.rule, row)
            stray = set(_numbers(view, sentence.text)) - _allowed(view, sentence)
            assert not stray, (sentence.rule, sentence.text, stray)


@STUDIES
@given(seed=st.integers(0, 10**6))
def test_withheld_numbers_do_not_matter(seed):
    """The sentences are a function of what is shown: numbers put where a state withholds them change no sentence."""
    partition = random_partition(seed, by_respondents=True)
    tampered = {
        name: [
            {
                **row,
                **(
                    {"activities_n": 77777}
                    if row.get("state") in ("some", "withheld") and "activities_n" in row
                    else {}
                ),
            }
            for row in rows
        ]
        for name, rows in partition.tables.items()
    }
    for language in ("sv", "en"):
        one = Report(partition, language=language).view
        other = Report(partition.model_copy(update={"tables": tampered}), language=language).view
        assert [s.text for s in _sentences(one)] == [s.text for s in _sentences(other)]


@pytest.fixture(scope="module")
def views(demo):
    return {
        language: [
            Report(Partition.read(path), language=language).view
            for path in sorted((demo.study.path / "prepared" / "partitions").glob("*.json"))
        ]
        for language in ("sv", "en")
    }


def _one(view, block: str, rule: str):
    return next((sentence for sentence in getattr(first_page(view), block) if sentence.rule == rule), None)


def test_claims_hold_when_worked_out_anew_from_the_tables(views):
    """Each claim in English, against the tables by another way than the maker's."""
    for view in views["en"]:
        tables = {name: view.partition.table(name, view.wave) for name in view.partition.tables}
        present = tables["coverage"].query("basis == 'present' and state in ('shown', 'some')")
        cells = set(zip(present["place"], present["phase"], strict=True))
        assert f"{len(cells)} of the 16 cells" in _one(view, "take_part", "reach").text
        empty = [place for place in PLACES if place not in set(present["place"])]
        said = _one(view, "absent", "places")
        somewhere = set(tables["initiation"].query("state != 'none'")["place"])
        assert (said is not None) == any(place not in somewhere for place in empty)
        profile = tables["phase_profile"].set_index("phase")["activities_n"]
        joining = _one(view, "take_part", "joining")
        if joining and "The most common phase" in joining.text:
            assert (profile == profile.max()).sum() == 1
            assert f"{profile.idxmax()}: {profile.max()} of {profile.sum()}" in joining.text
        asked = tables["initiation"].query("place == 'all' and initiated_by != 'not_stated'")
        asking = _one(view, "take_part", "asking")
        if "Professionals ask most" in asking.text:
            assert asked.set_index("initiated_by")["activities_n"]["professionals"] * 2 > asked["activities_n"].sum()
        change = tables["change"].query("state == 'shown' and role in ('patient', 'professional')")
        said = _one(view, "changed", "ratings")
        if said is not None:
            assert ("no clear change" in said.text) == change["statement"].eq("no_clear_change").all()


def test_no_sentence_where_the_data_carry_none(views):
    by_name = {view.partition.organization.id: view for view in views["en"]}
    few = first_page(by_name["hagerlida"])
    assert not [
        one for one in (*few.take_part, *few.changed, *few.talk) if re.search("rate parity|Ratings of", one.text)
    ]
    assert [one.rule for one in few.absent if "too few" in one.text] == ["voices"]
    assert [one.rule for one in first_page(by_name["nattro"]).changed] == ["first"]
    for view in views["en"]:
        gaps = {row["leaf"] for row in view.rows("parity_gap") if row["statement"] != "no_clear_gap"}
        told = {row["leaf"] for one in questions(view) for table, row in one.evidence if table == "parity_gap"}
        assert told <= gaps


@pytest.mark.parametrize("language", ["sv", "en"])
def test_two_organizations_get_different_sentences(views, language):
    pages = [first_page(view) for view in views[language]]
    for block in ("take_part", "talk"):
        texts = [" ".join(one.text for one in getattr(page, block)) for page in pages]
        assert len(set(texts)) == len(texts), block
    rules = [tuple(one.rule for part in page for one in part) for page in pages]
    assert len(set(rules)) >= len(rules) - 3, "which rules speak differs too, not only their numbers"


def test_at_most_three_things_to_talk_about_each_on_its_own_topic(views):
    for view in views["en"]:
        talk = first_page(view).talk
        assert len(talk) <= 3
        assert len({one.topic for one in talk}) == len(talk)
        assert all(one.question.endswith("?") and one.why for one in talk)


def test_signals_are_questions_with_the_rule_that_raised_them(views):
    rules = {one.rule["sv"]: one for one in indicators().signals}
    seen = set()
    for view in views["sv"]:
        for one in raised(view):
            signal = rules[one.why]
            seen.add(signal.id)
            assert one.question == signal.question["sv"]
            assert view.one("signals", signal=signal.id)["state"] == "raised"
        assert len(raised(view)) == len(view.rows("signals", state="raised"))
    assert len(seen) >= 4


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", text)


def lix(texts: list[str]) -> float:
    """Läsbarhetsindex: words a sentence, plus per cent of words longer than six letters. Björnsson (1968)."""
    words = [word for text in texts for word in _words(text)]
    sentences = sum(max(1, len(re.findall(r"[.?!:](?:\s|$)", text))) for text in texts)
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)


def grade(texts: list[str]) -> float:
    """Flesch and Kincaid's grade level (1975), syllables counted as groups of vowels."""
    words = [word for text in texts for word in _words(text)]
    sentences = sum(max(1, len(re.findall(r"[.?!:](?:\s|$)", text))) for text in texts)

    def syllables(word: str) -> int:
        groups = re.findall(r"[aeiouy]+", word.lower())
        silent = word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
        return max(1, len(groups) - silent)

    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def _page_texts(view) -> list[str]:
    page = first_page(view)
    return [*(one.text for part in page for one in part), *(one.question for one in page.talk)]


def test_the_first_page_is_easy_to_read_in_swedish(views):
    scores = {view.name: lix(_page_texts(view)) for view in views["sv"]}
    # Below 40: "easy to read, fiction, popular magazines" (Björnsson's scale).
    assert max(scores.values()) < 40, scores


def test_the_first_page_is_easy_to_read_in_english(views):
    scores = {view.name: grade(_page_texts(view)) for view in views["en"]}
    assert max(scores.values()) < 8, scores
