"""Kinds of activity: read from words, counted in cells, and told of peers only where two or more share one."""

import pandas as pd
import pytest

from ppp import measures
from ppp.coding.kinds import kinds_of
from ppp.coding.suggestions.lexicon import CONCEPTS
from ppp.disclosure import release
from ppp.disclosure.derived import group_kinds
from ppp.framework import kinds


def test_every_kind_is_told_by_concepts_that_the_lexicon_has():
    assert {concept for kind in kinds().kinds for concept in kind.concepts} <= set(CONCEPTS)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("en", "A patient and family advisory council meets every month.", "councils"),
        ("sv", "Patienter sitter med i förbättringsteamet.", "teams"),
        ("sv", "En enkät till alla som har besökt mottagningen.", "surveys"),
        ("en", "Patients on the interview panel when a new nurse is hired.", "hiring"),
    ],
)
def test_a_description_names_its_kind(language, text, kind):
    texts = pd.DataFrame({"activity_id": ["1"], "language": [language], "text": [text]})
    assert kind in kinds_of(texts)["kind"].tolist()


def test_a_text_without_any_is_of_no_kind():
    texts = pd.DataFrame({"activity_id": ["1", "2"], "language": ["en", pd.NA], "text": ["", "Together."]})
    assert kinds_of(texts).empty


def test_cells_count_different_activities_in_every_phase_where_patients_were():
    placed = pd.DataFrame(
        {
            "activity_id": ["1", "2", "3"],
            "organization": "a",
            "wave": "w",
            "place": ["clinic", "clinic", "not_stated"],
            "phases": ["design;plan", "plan", "plan"],
        }
    )
    told = pd.DataFrame({"activity_id": ["1", "2", "3"], "kind": "teams"})
    found = measures.kinds_in_cells(placed, told)
    assert found[["place", "phase", "activities_n"]].values.tolist() == [["clinic", "design", 1], ["clinic", "plan", 2]]


def _cells(*organizations, kind="teams"):
    return pd.DataFrame(
        [(one, "w", "clinic", "plan", kind, 1) for one in organizations],
        columns=["organization", "wave", "place", "phase", "kind", "activities_n"],
    )


def test_peers_kinds_are_told_only_where_two_others_share_one():
    groups = {"a": "g", "b": "g", "c": "g", "d": "other"}
    assert group_kinds(_cells("b", "d"), groups).empty, "one other is one organization's own business"
    found = group_kinds(_cells("b", "c", "d"), groups)
    assert found[["organization", "organizations_n"]].values.tolist() == [["a", 2]]
    everybody = group_kinds(_cells("a", "b", "c"), groups)
    assert sorted(everybody["organization"]) == ["a", "b", "c"]
    assert (everybody["organizations_n"] == 2).all()


def test_where_individuals_told_of_activities_no_kind_leaves(studies_released):
    assert studies_released["kinds"].empty


@pytest.fixture
def studies_released():
    counts = pd.DataFrame(columns=["organization", "wave", "activities_n", "reporters_n"]).astype(
        {"activities_n": "Int64", "reporters_n": "Int64"}
    )
    none = {
        "coverage": counts.assign(basis="", place="", phase=""),
        "phase_profile": counts.assign(phase="", share=pd.Series(dtype="Float64")),
        "initiation": counts.assign(place="", initiated_by=""),
        "coding_state": counts.assign(state=""),
        "parity_facts": pd.DataFrame(
            columns=[
                "organization",
                "wave",
                "leaf",
                "fact",
                "yes_n",
                "no_n",
                "unknown_n",
                "yes_reporters_n",
                "no_reporters_n",
                "unknown_reporters_n",
            ]
        ),
        "parity_ratings": pd.DataFrame(
            columns=[
                "organization",
                "wave",
                "leaf",
                "role",
                "scale_low",
                "scale_high",
                "mean",
                "sd",
                "lowest",
                "highest",
                "respondents_n",
                "missing_n",
            ]
        ).astype({"respondents_n": "Int64"}),
        "response_counts": pd.DataFrame(columns=["organization", "wave", "role", "respondents_n"]).astype(
            {"respondents_n": "Int64"}
        ),
        "kinds": _cells("a", "b"),
    }
    return release(none, threshold=5, by_respondents=True)
