"""What a report says is so: totals that are told apart, ties that are named, absences that are known, notes in place."""

import html
import re

import pytest

from ppp.disclosure import Partition, counts
from ppp.framework import LEAVES, PHASES, PLACES, indicators, initiatives
from ppp.language import speak
from ppp.reports import Report
from ppp.reports.index import index_page
from ppp.reports.parts.parity import weakest
from ppp.reports.sentences import first_page, questions


@pytest.fixture(scope="module")
def views(demo):
    return {
        path.stem: Report(Partition.read(path), language="en").view
        for path in sorted((demo.study.path / "prepared" / "partitions").glob("*.json"))
    }


def _with(view, table, change, **where):
    """The view, with what `change` holds in these rows of this wave."""
    rows = [
        {**row, **change}
        if row["wave"] == view.wave and all(row[name] == value for name, value in where.items())
        else row
        for row in view.partition.tables[table]
    ]
    assert rows != view.partition.tables[table]
    partition = view.partition.model_copy(update={"tables": {**view.partition.tables, table: rows}})
    return Report(partition, language=view.say.code).view


def _said(view, rule):
    page = first_page(view)
    found = [*page.take_part, *page.absent, *page.changed, *questions(view)]
    return next((one.text for one in found if one.rule == rule), "")


def _text(page: str) -> str:
    page = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


# -- what is counted ---------------------------------------------------------------------------------------------------


def test_how_long_patients_stay_is_told_of_activities_whose_phases_people_told(demo, views):
    placed = demo.study.placements()
    told = placed[(placed["wave"] == "2026") & (placed["phases"] != "") & (placed["phase_began_origin"] != "suggested")]
    for name, view in views.items():
        row = view.one("coverage_summary", indicator="followed_across_phases", counted_by="activities")
        own = told[told["organization"] == name]
        assert row["of_n"] == len(own)
        assert row["n"] == own["phases"].str.contains(";").sum()
        said = _said(view, "following")
        if said:
            assert f"{len(own)} activities where people told of all phases" in said
    assert not _said(views["silverhamra"], "following"), "6 of 21 is neither seldom nor often"


def test_a_total_says_what_it_is_a_total_of(views):
    for view in views.values():
        late = next((one for one in questions(view) if "the work was under way" in one.text), None)
        if late is None:
            continue
        on_map = [row for row in view.rows("formulation", initiated_by="professionals") if row["activities_n"]]
        total = sum(row["activities_n"] for row in on_map)
        assert f"Professionals began {total} of the activities on the map." in late.text
        assert f"In {total} of them" not in late.text, "all of them is said as such"
        asked = _said(view, "asking")
        assert "activities whose initiator is known" in asked


def test_n_of_n_is_said_as_all(views):
    for view in views.values():
        page = first_page(view)
        for one in (*page.take_part, *page.absent, *page.changed, *page.talk):
            pairs = re.findall(r"(\d+) of (?:the )?(\d+)", one.text)
            assert not [pair for pair in pairs if pair[0] == pair[1] and int(pair[0]) > 2], one.text


def test_activities_that_are_not_on_the_map_are_all_accounted_for_under_it(demo, views):
    for name, view in views.items():
        text = _text(demo.page(name, "en"))
        states = {row["coding"]: row["activities_n"] for row in view.rows("coding_state")}
        if states.get("no_partnership"):
            assert re.search(rf"{states['no_partnership']} activit\w+ (was|were) judged not to be partnership", text)
        if states["placed_by_suggestion"]:
            assert re.search(rf"The program placed {states['placed_by_suggestion']} activit", text)
    assert views["solbacken"].one("coding_state", coding="no_partnership")["activities_n"] == 2


# -- absences ----------------------------------------------------------------------------------------------------------


def test_an_absence_is_of_the_map_and_known_also_beside_it(views):
    for view in views.values():
        page = first_page(view)
        for one in page.absent:
            if one.rule == "phases":
                assert one.text.startswith("On the map, ")
                named = [phase for phase in PHASES if view.words.phase[phase].lower() in one.text]
                assert all(row["state"] == "none" for row in view.rows("phase_profile", phase=tuple(named)))
            if one.rule == "places":
                assert one.text.startswith("On the map, ")
                listed = one.text.partition(": ")[2]
                named = [place for place in PLACES if view.words.place[place].lower() in listed]
                assert named
                assert all(row["state"] == "none" for row in view.rows("initiation", place=tuple(named)))


def test_a_phase_that_patients_joined_off_the_map_is_not_absent(views):
    view = views["alvmyra"]
    assert "design, plan and implement" in _said(view, "phases")
    one = _with(view, "phase_profile", {"activities_n": 1, "state": "shown"}, phase="design")
    assert "plan and implement" in _said(one, "phases")
    assert "design" not in _said(one, "phases")
    for state in ("shown", "some"):
        here = _with(view, "initiation", {"state": state, "activities_n": 1}, place="system", initiated_by="patients")
        assert not _said(here, "places")


def test_governance_is_said_to_be_closed_on_the_map_only(views):
    said = next(one.text for one in questions(views["solbacken"]) if "sets its course" in one.text)
    assert "33 of the 34 activities on the map" in said
    assert "No activity on the map is where the organization sets its course." in said


# -- how sure ----------------------------------------------------------------------------------------------------------


def test_what_may_be_hidden_is_as_wide_as_the_widest_interval(views):
    for view in views.values():
        for rule, table in (("alike", "parity_gap"), ("ratings", "change")):
            said = _said(view, rule)
            found = re.search(r"(?:gaps|changes) of up to ([\d.]+) steps", said)
            assert (found is None) == ("o clear" not in said)
            if found:
                rows = view.rows(table, state="shown")
                rows = [row for row in rows if row.get("role", "patient") in ("patient", "professional")]
                assert found[1] == view.say.number(max(max(abs(row["low"]), abs(row["high"])) for row in rows), 1)
            assert "would not show" not in said


def test_no_clear_gaps_are_no_way_to_go():
    one = next(one for one in indicators().indicators if one.id == "leaves_without_clear_gap")
    assert one.towards is None
    assert "few answers hide gaps" in one.label["en"]
    assert "få svar döljer skillnader" in one.label["sv"]


def test_a_role_that_is_withheld_is_not_spoken_for(views):
    said = _said(views["glantasa"], "ratings")
    assert said.startswith("Professionals’ ratings of parity: no clear change")
    assert "Of patients’ ratings nothing can be said" in said


def test_low_is_said_only_where_the_interval_clears_the_middle(views):
    seen = 0
    for view in views.values():
        for one in questions(view):
            if one.rule == "weakest":
                seen += 1
                for _, row in one.evidence:
                    assert row["mean"] + row["half_width"] < (row["scale_low"] + row["scale_high"]) / 2
    assert seen >= 2
    assert not _said(views["mardskoga"], "weakest")
    view = views["alvmyra"]
    wide = view
    for leaf in LEAVES:
        wide = _with(wide, "parity_ratings", {"half_width": 1.5}, role="patient", leaf=leaf)
        wide = _with(wide, "parity_ratings", {"half_width": 1.5}, role="professional", leaf=leaf)
    assert _said(view, "weakest")
    assert not _said(wide, "weakest")


def test_a_change_that_is_only_just_clear_is_told_with_care(views):
    assert (
        "21 of 37 activities, against 11 of 33 in Autumn 2025. This may be more than chance, but only just."
        in _said(views["solbacken"], "initiated_with_patients")
    )
    assert _said(views["alvmyra"], "contact_named").endswith("So much is hardly chance.")
    told = [one.text for one in first_page(views["tranholma"]).changed]
    assert any("from the start, in design, in 12 of 37 activities" in one for one in told)
    assert sum("hardly chance" in one for one in told) == 1, "once for all of them, not once for each"
    assert "Each of these 4 changes is hardly chance." in told[-1]


def test_every_clearly_changed_share_may_be_told(views):
    assert "Training was given in 5 of 19 activities, against 0 of 19 in Autumn 2025." in _said(
        views["alvmyra"], "training_given"
    )
    assert "Patients had a contact person in 7 of 19" in _said(views["alvmyra"], "contact_named")
    for view in views.values():
        told = [one for one in first_page(view).changed if one.evidence[0][0] == "indicators"]
        assert len(told) <= 4


# -- superlatives ------------------------------------------------------------------------------------------------------


def test_ties_among_the_lowest_are_named(views):
    view = views["videvika"]
    low = min(row["mean"] for row in view.rows("parity_ratings", role="patient"))
    lowest = [row["leaf"] for row in view.rows("parity_ratings", role="patient", mean=low)]
    assert len(lowest) > 1
    leaf, why = weakest(view)
    assert leaf == lowest[0]
    assert all(view.words.leaf[other].lower() in why for other in lowest[1:3])
    assert "lowest of all" not in why
    assert "equally low in several factors" in _said(views["alvmyra"], "weakest")
    one = _with(views["alvmyra"], "parity_ratings", {"mean": 1.4}, role="patient", leaf="support")
    assert "Patients rate parity in support lowest: 1.4" in _said(one, "weakest")
    two = _with(one, "parity_ratings", {"mean": 1.4}, role="patient", leaf="leadership")
    assert "Patients rate parity lowest in support and leadership: 1.4 each" in _said(two, "weakest")


def test_ties_among_barriers_are_named(views):
    tied = views["videvika"]
    for leaf in ("numbers", "compensation"):
        change = {"activities_n": 7, "state": "shown"}
        tied = _with(tied, "coded_evidence", change, leaf=leaf, polarity="barrier")
    found = next(one for one in questions(tied) if one.rule == "barrier")
    assert "7 descriptions tell of something that stands in the way of parity in numbers." in found.text
    assert "As many tell of it in compensation." in found.text
    assert "the one that most" not in found.why
    alone = _with(tied, "coded_evidence", {"activities_n": 8}, leaf="numbers", polarity="barrier")
    found = next(one for one in questions(alone) if one.rule == "barrier")
    assert "As many tell" not in found.text
    assert "the one that most" in found.why


def test_the_nearest_is_one_of_several_where_it_is(views):
    for name in ("nattro", "solbacken", "glantasa", "alvmyra"):
        assert "Among the nearest to what you already do" in _said(views[name], "nearest")
    assert "The one nearest to what you already do" in _said(views["klada"], "nearest")


def test_the_most_common_phase_is_not_said_to_be_most(views):
    assert "The most common phase for patients to join is the first, design: 13 of 35." in _said(
        views["solbacken"], "joining"
    )
    assert "In all 19 activities whose phase is known, patients joined in one phase: evaluate." in _said(
        views["alvmyra"], "joining"
    )
    assert not [view for view in views.values() if "Most often" in _said(view, "joining")]


def test_the_networks_rarest_cells_are_all_named(demo):
    text = _text((demo.folder / "network.en.html").read_text(encoding="utf-8"))
    assert re.search(r"Fewest organizations hold an activity in [^:]*System · Plan[^:]*: \d+ of 12 each", text)
    assert "“Before” is" not in text
    assert re.search(r"\d+ activit\w+ \(\d+ organizations? in Autumn 2025\)", text)


# -- among peers -------------------------------------------------------------------------------------------------------


def test_a_value_on_the_edge_of_its_band_is_no_different(views):
    compared = 0
    for view in views.values():
        for row in view.rows("benchmark", state="shown"):
            mean = row["measure"] == "mean_rating"
            shown = [
                view.say.number(row[name] * (1 if mean else 100), int(mean))
                for name in ("funnel_low", "own", "funnel_high")
            ]
            low, own, high = (float(one.replace("−", "-")) for one in shown)
            assert row["position"] == ("below" if own < low else "above" if own > high else "inside"), shown
            compared += own in (low, high)
    assert compared, "some lie on the edge"


# -- notes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_note_stands_only_where_its_words_do(demo, language):
    words = speak(language).gettext("likely between")
    note = "95-procentsintervall). Fler" if language == "sv" else "(95 % interval). More"
    seen = set()
    for path in demo.pages:
        if not path.name.endswith(f".{language}.html"):
            continue
        glance = _text(re.search(r'<h2 id="glance".*?</section>', path.read_text(encoding="utf-8"), re.DOTALL)[0])
        without = glance.replace(f"“{words.capitalize()}”", "").replace(f"”{words.capitalize()}”", "")
        assert (note in glance) == (words in without), path.name
        seen.add(note in glance)
    assert seen == {True, False}


def test_parity_is_explained_where_the_first_page_speaks_of_it(demo):
    text = _text(demo.page("solbacken", "en"))
    assert "Parity: that all can take part as equals. It is rated from 1 to 4; higher means more parity." in text
    assert "What the factors mean" in text


def test_how_sure_a_cell_is_is_said_in_words(demo):
    for path in demo.pages:
        text = _text(path.read_text(encoding="utf-8"))
        assert "How sure the placing is" not in text
        assert not re.search(r"about (100|9[89]) ?% would be placed", text)
    assert "would be placed here by another reader too" in _text(demo.page("silverhamra", "en"))


def test_a_share_that_only_rounds_to_one_is_not_one():
    import pandas as pd

    table = pd.DataFrame(
        {
            "organization": "a",
            "wave": "w",
            "place": "clinic",
            "phase": ["design", "plan"],
            "activities_n": 3,
            "is_sure": True,
            "certainty": pd.array([0.997, 1.0], dtype="Float64"),
        }
    )
    assert counts.sure_cells(table, table[[]])["certainty"].tolist() == [0.99, 1.0]


# -- for those who hold a part of it -------------------------------------------------------------------------------------


def test_each_question_to_the_advisors_says_what_gave_rise_to_it(demo, views):
    for name, view in views.items():
        section = re.search(r'<section[^>]*class="advisors".*?</section>', demo.page(name, "en"), re.DOTALL)[0]
        for one in first_page(view).talk:
            assert one.text in _text(section)
        assert _text(section).count("What does this report not see?") == 1


def test_each_example_is_described_once(demo):
    summaries = [one.summary["en"] for one in initiatives().initiatives]
    for path in demo.pages:
        if path.name.endswith(".en.html"):
            text = _text(path.read_text(encoding="utf-8"))
            assert max(text.count(summary) for summary in summaries) == 1


def test_a_figures_words_hold_its_numbers(demo):
    page = demo.page("solbacken", "en")
    labels = [html.unescape(one) for one in re.findall(r'<svg [^>]*aria-label="([^"]*)"', page)]
    assert any(re.search(r"band of chance: Numbers: [\d.]+, [\d.]+, [\d.]+ to [\d.]+", one) for one in labels)
    network = (demo.folder / "network.en.html").read_text(encoding="utf-8")
    labels = [html.unescape(one) for one in re.findall(r'<svg [^>]*aria-label="([^"]*)"', network)]
    assert any("Clinic" in one and "Direct care: Patients" in one for one in labels)


def test_the_index_names_the_round_where_all_reports_are_of_one(demo):
    assert '<p class="wave">Autumn 2026</p>' in (demo.folder / "index.en.html").read_text(encoding="utf-8")
    assert '<p class="wave">Hösten 2026</p>' in (demo.folder / "index.html").read_text(encoding="utf-8")
    assert 'class="wave"' not in index_page("Study", [], language="en")


def test_swedish_names_of_rounds_are_small_in_a_sentence_and_capital_in_a_heading(demo):
    page = demo.page("tranholma", "sv")
    assert "<title>Tranholma lasarett · Hösten 2026" in page
    assert "Vad blev det av steget som valdes hösten 2025?" in _text(page)
    assert not re.search(r"(?:för|sedan|än|mot) Hösten", _text(page))
