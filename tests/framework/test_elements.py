"""The framework is whole: each element of the seed, walked by name, in both languages."""

import re

import pytest

from ppp.framework import (
    LANGUAGES,
    LEAVES,
    PHASES,
    PLACES,
    background,
    codebook,
    figure_one,
    initiatives,
    progress,
    resources,
)

BOOK = codebook()


def _by_id(items):
    return {item.id: item for item in items}


# -- places and phases -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "scale"), [("direct_care", "micro"), ("clinic", "meso"), ("organization", "meso"), ("system", "macro")]
)
def test_each_place_stands_at_its_scale(place, scale):
    code = _by_id(BOOK.places)[place]
    assert code.scale == scale
    assert all(code.label[language] and code.definition[language] for language in LANGUAGES)


@pytest.mark.parametrize(
    ("phase", "alias"),
    [("design", "initiation"), ("plan", "planning"), ("implement", "implementation"), ("evaluate", "evaluation")],
)
def test_each_phase_is_known_by_the_words_of_the_text_too(phase, alias):
    assert alias in _by_id(BOOK.phases)[phase].aliases["en"]


@pytest.mark.parametrize("code", [*BOOK.places, *BOOK.phases], ids=lambda code: code.id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_has_all_its_parts(code, language):
    for part in (code.includes, code.excludes, code.examples, code.aliases):
        assert part[language]
    assert len(code.cues[language]) >= 25
    assert code.seed


def test_not_stated_and_no_partnership_are_legal_codes():
    assert [code.id for code in BOOK.special] == ["not_stated", "none"]


# -- parity ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaf", LEAVES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_leaf_of_parity_has_cues_in_both_directions_and_questions(leaf, language):
    code = _by_id(BOOK.leaves)[leaf]
    assert len(code.cues.supports[language]) >= 9
    assert len(code.cues.barrier[language]) >= 9
    assert len(code.questions) >= 3
    assert all(question[language].endswith("?") for question in code.questions)


def test_the_two_groupings_sum_preparation_with_training_and_with_support():
    groups = {grouping.id: {group.id: group.leaves for group in grouping.groups} for grouping in BOOK.groupings}
    assert groups["text"]["preparation_and_training"] == ["preparation", "training"]
    assert groups["text"]["support"] == ["support"]
    assert groups["figure"]["preparation_and_support"] == ["preparation", "support"]
    assert groups["figure"]["training"] == ["training"]
    for grouping in groups.values():
        assert len(grouping) == 7
        assert sorted(leaf for leaves in grouping.values() for leaf in leaves) == sorted(LEAVES)


# -- Figure 1 ----------------------------------------------------------------------------------------------------------

FIGURE_1 = {
    ("direct_care", "design"): ["person-centred care"],
    ("direct_care", "plan"): ["values and culture"],
    ("direct_care", "implement"): ["decision aids"],
    ("direct_care", "evaluate"): ["suggestion boxes", "safety reporting"],
    ("clinic", "design"): ["prioritized together", "service design"],
    ("clinic", "plan"): ["focus of the clinic visit"],
    ("clinic", "implement"): ["improvement teams", "coaches, coordinators, staff"],
    ("clinic", "evaluate"): ["advisory groups"],
    ("organization", "design"): ["leadership and governance", "steering committees and boards"],
    ("organization", "plan"): ["hiring committees", "internal committees"],
    ("organization", "implement"): ["co-author materials or train new staff"],
    ("organization", "evaluate"): ["surveys", "secret shopper", "advisory groups"],
    ("system", "design"): ["health policy"],
    ("system", "plan"): ["politicians"],
    ("system", "implement"): ["national care guidelines"],
    ("system", "evaluate"): ["surveys", "election results"],
}


@pytest.mark.parametrize(("place", "phase"), FIGURE_1)
def test_each_example_of_figure_1_stands_in_its_cell(place, phase):
    labels = [
        example.label["en"].casefold()
        for example in figure_one().examples
        if (example.place, example.phase) == (place, phase)
    ]
    wanted = FIGURE_1[place, phase]
    assert len(labels) == len(wanted)
    for words in wanted:
        assert any(words in label for label in labels), words


def test_figure_1_holds_24_examples_by_row_as_printed():
    rows = [example.place for example in figure_one().examples]
    assert [rows.count(place) for place in PLACES] == [5, 6, 8, 5]
    assert all(example.label["sv"] for example in figure_one().examples)


# -- the nine initiatives ----------------------------------------------------------------------------------------------

INITIATIVES = {
    "ex_center": ({("organization", "design"), ("clinic", "implement")}, ["1993"]),
    "jonkoping_self_dialysis": (
        {("clinic", "design"), ("direct_care", "implement"), ("clinic", "implement")},
        ["58", "25", "Farman", "Banck"],
    ),
    "improvecarenow": ({("system", "implement"), ("system", "evaluate")}, ["66", "535", "18,700", "75"]),
    "chipra_cambridge": ({("clinic", phase) for phase in PHASES}, ["12–13"]),
    "massachusetts_pfac": ({("organization", "evaluate"), ("system", "design")}, ["2010", "2008"]),
    "experio_lab": ({("clinic", "design"), ("system", "design")}, ["Värmland"]),
    "pcori": ({("system", "design"), ("system", "implement")}, ["billion"]),
    "society_for_participatory_medicine": ({("system", "not_stated")}, ["Journal of Participatory Medicine"]),
    "nice_and_gin": ({("system", "implement")}, ["96", "117", "69"]),
}


@pytest.mark.parametrize("name", INITIATIVES)
def test_each_initiative_sits_in_its_cells_and_keeps_its_figures(name):
    cells, figures = INITIATIVES[name]
    initiative = _by_id(initiatives().initiatives)[name]
    assert {(cell.place, cell.phase) for cell in initiative.cells} == cells
    assert all(cell.why[language] for cell in initiative.cells for language in LANGUAGES)
    told = initiative.model_dump_json()
    for figure in figures:
        assert figure in told


def test_there_are_nine_and_they_cover_ten_of_the_sixteen_cells():
    assert [initiative.id for initiative in initiatives().initiatives] == list(INITIATIVES)
    covered = {(c.place, c.phase) for i in initiatives().initiatives for c in i.cells if c.phase in PHASES}
    assert len(covered) == 10
    assert {(place, phase) for place in PLACES for phase in PHASES} - covered == {
        ("direct_care", "design"),
        ("direct_care", "plan"),
        ("direct_care", "evaluate"),
        ("organization", "plan"),
        ("organization", "implement"),
        ("system", "plan"),
    }


def test_what_the_seed_has_wrong_is_marked_to_be_checked():
    found = _by_id(initiatives().initiatives)
    assert "inflammatory" in found["improvecarenow"].check["en"]
    assert "2008" in found["massachusetts_pfac"].check["en"]


# -- shifts, needs, barriers -------------------------------------------------------------------------------------------


def test_the_six_shifts():
    assert [shift.id for shift in progress().shifts] == [
        "surveys_to_co_design",
        "engagement_to_partnership",
        "patient_to_collective_empowerment",
        "champions_to_systems",
        "parts_to_wholeness",
        "to_and_for_to_with",
    ]
    for shift in progress().shifts:
        assert all(part[language] for part in (shift.from_, shift.to, shift.signs) for language in LANGUAGES)


def test_the_five_needs_the_deeper_barriers_and_the_two_excuses():
    assert [need.id for need in progress().needs] == [
        "competencies",
        "time",
        "money",
        "supportive_systems",
        "culture_change",
    ]
    assert [barrier.id for barrier in progress().deeper_barriers] == ["trust", "perceived_value"]
    assert [excuse.id for excuse in progress().excuses] == ["no_time_or_money", "already_know"]
    assert "omhändertagande" in progress().needs[4].definition["en"]


def test_the_three_challenges_of_early_phase_work():
    assert [item.id for item in progress().early_phase_challenges] == ["no_routines", "fear_of_demands", "short_time"]


# -- the rest ----------------------------------------------------------------------------------------------------------


def test_terms_that_are_used_and_terms_that_are_not():
    terms = _by_id(background().terms)
    assert terms["partnership"].use == "preferred"
    for avoided in ("engagement", "involvement", "activation", "compliance", "patientmedverkan", "patientinflytande"):
        assert terms[avoided].use == "avoided"


@pytest.mark.parametrize(
    ("part", "ids"),
    [
        ("visions", ["triple_aim", "steep", "god_vard"]),
        (
            "principles",
            [
                "reciprocity",
                "equality",
                "formulation_privilege",
                "training_for_all",
                "end_users",
                "robustness",
                "parity_not_plotted",
                "mostly_evaluate",
                "advisory_boards",
                "parity_open_list",
            ],
        ),
        ("place_views", ["musa_mayer", "nichq_circles", "bronfenbrenner", "dartmouth", "jonkoping"]),
        ("place_implications", ["other_skills", "micro_feeds_macro", "many_levels", "professionals_too"]),
        (
            "phase_views",
            ["initiation", "planning", "implementation", "evaluation", "earlier_is_harder", "tokenization"],
        ),
        ("uses", ["document", "empty_cells", "review_parity", "assess_again"]),
        ("aims", ["describe", "examples", "trends_and_tool", "competencies_and_resources", "public_report"]),
        ("qrc_fields", ["own_care_follow_up_research", "register_use", "integration", "research_support"]),
        ("closing", ["unevenly_distributed", "tools_wanted", "advantage"]),
    ],
)
def test_background(part, ids):
    items = getattr(background(), part)
    assert [item.id for item in items] == ids
    assert all(item.definition[language] for item in items for language in LANGUAGES)


def test_the_seven_resources():
    publishers = " ".join(f"{item.title} {item.publisher}" for item in resources().resources)
    assert len(resources().resources) == 7
    for name in ("Guidelines International", "NICHQ", "RCC", "Robert Wood Johnson", "NHS", "AHRQ", "Cambridge Health"):
        assert name in publishers


# -- cues and wording --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cue_speaks_for_one_code_only(language):
    for codes in (BOOK.places, BOOK.phases):
        cues = [cue.casefold() for code in codes for cue in set(code.cues[language])]
        assert not {cue for cue in cues if cues.count(cue) > 1}
    for leaf in BOOK.leaves:
        assert not set(leaf.cues.supports[language]) & set(leaf.cues.barrier[language])


def test_our_own_texts_say_partnership():
    avoided = re.compile(r"engagement|involve|activation|compliance|medverkan|inflytande", re.IGNORECASE)
    texts = []
    for code in (*BOOK.places, *BOOK.phases, *BOOK.leaves):
        texts += [code.label, code.definition, *getattr(code, "questions", [])]
    texts += [example.label for example in figure_one().examples]
    for initiative in initiatives().initiatives:
        texts += [initiative.heading, initiative.summary, *initiative.facts, *(cell.why for cell in initiative.cells)]
    for item in (*progress().shifts, *progress().needs, *progress().excuses):
        texts.append(item.definition)
    for part in (
        "visions",
        "principles",
        "place_views",
        "place_implications",
        "phase_views",
        "uses",
        "aims",
        "closing",
    ):
        texts += [text for item in getattr(background(), part) for text in (item.label, item.definition)]
    for text in texts:
        for language in LANGUAGES:
            assert not avoided.search(text[language]), text[language]
