"""Learning from a study's own codes: it gets better where the study has its own ways, and never worse."""

import numpy as np
import pandas as pd
import pytest

from ppp.coding import suggest
from ppp.coding.suggestions.learn import FEWEST, learn
from ppp.coding.suggestions.model import Model, shipped
from ppp.errors import BadInput
from ppp.study import open_study


def _study(place, phase, pattern="The {n}th Thursday circle at Lindbacka took up {what} with patients and staff"):
    subjects = ["food", "sleep", "letters", "parking", "pain", "doors", "light", "noise", "keys", "clocks"]
    rows = [(f"a{n}", pattern.format(n=n, what=subjects[n % 10]), "en") for n in range(60)]
    activities = pd.DataFrame(rows, columns=["activity_id", "text", "language"])
    coded = pd.concat(
        activities[["activity_id"]].assign(dimension=dimension, code=code)
        for dimension, code in (("place", place), ("phase_began", phase))
    )
    return activities, coded


def test_it_learns_what_a_study_calls_its_own_things():
    activities, coded = _study("system", "plan")
    result = learn(activities, coded)
    assert result.is_better
    assert result.after["place"] > result.before["place"]
    new = pd.DataFrame(
        {
            "activity_id": ["x"],
            "text": ["Patients and staff at the Thursday circle, Lindbacka: water"],
            "language": ["en"],
        }
    )
    found = suggest(new, result.model).set_index("dimension")["code"]
    assert found["place"] == "system"
    assert found["phase_began"] == "plan"
    assert "It got better" in "\n".join(result.lines())


def test_what_it_knew_it_still_knows():
    activities, coded = _study("system", "plan")
    texts = pd.DataFrame(
        {
            "activity_id": ["a", "b"],
            "text": ["Two patients are members of the ward's improvement team", "Patienter i sjukhusets styrelse"],
            "language": ["en", "sv"],
        }
    )
    codes = [suggest(texts, model)["code"].tolist() for model in (None, learn(activities, coded).model)]
    assert codes[0] == codes[1]


def test_codes_without_rhyme_or_reason_leave_the_old_model_in_place():
    # Texts that the shipped model knows a cell for: where it knows none, even the codes' own shares are a gain.
    activities, coded = _study("system", "plan", "Two patients sat in the team at Lindbacka ward, meeting {n}: {what}")
    order = np.random.default_rng(1)
    coded["code"] = np.where(
        coded["dimension"] == "place",
        order.choice(["direct_care", "clinic", "organization", "system"], len(coded)),
        order.choice(["design", "plan", "implement", "evaluate"], len(coded)),
    )
    result = learn(activities, coded)
    assert not result.is_better
    assert result.model is shipped()
    assert "the old model is kept" in "\n".join(result.lines())


def test_too_few_codes_teach_nothing():
    activities, coded = _study("system", "plan")
    result = learn(activities.head(FEWEST - 1), coded)
    assert not result.is_better
    assert result.model is shipped()
    assert str(FEWEST) in "\n".join(result.lines())


def test_a_saved_model_says_the_same_and_a_broken_one_is_told(tmp_path):
    activities, coded = _study("system", "plan")
    model = learn(activities, coded).model
    model.save(tmp_path / "model.npz")
    again = Model.load(tmp_path / "model.npz")
    pd.testing.assert_frame_equal(suggest(activities, model), suggest(activities, again), rtol=1e-2, atol=1e-2)
    (tmp_path / "model.npz").write_bytes((tmp_path / "model.npz").read_bytes()[:1000])
    with pytest.raises(BadInput, match="cannot be read"):
        Model.load(tmp_path / "model.npz")


def test_a_desk_offers_first_what_is_worth_a_look_unless_the_order_would_tell():
    study = open_study("data/demo")
    coder = study.settings.coders[0]
    offered = study.desk(coder).activities()["activity_id"]
    sure = study.suggestions().groupby("activity_id")["confidence"].min()
    half = len(offered) // 2
    assert sure[offered.iloc[:half]].mean() < sure[offered.iloc[half:]].mean()
