"""Scores of other instruments come in by a mapping, on their own scale."""

from ppp.study import open_study


def test_scores_keep_their_own_range(small):
    small.header = "org;role;score_a;score_b"
    small.rows = ["Norra;Patient;1;5", "Norra;Medarbetare;4,5;2", "Södra;Patient;9;"]
    ratings = {"scale": {"low": 1, "high": 5}, "items": {"power_balance": ["score_a"], "support": ["score_b"]}}
    small.settings["mappings"]["form"] = {"organization": "org", "role": "role", "ratings": ratings}
    found = open_study(small.write()).ratings().set_index("item")
    assert found.loc["score_a", "score"].tolist()[:2] == [1, 4.5]
    assert found.loc["score_a", "missing"].tolist()[2] == "out_of_range"
    assert found.loc["score_b", "missing"].tolist()[2] == "skipped"
    assert set(found["scale_low"]) == {1}
    assert set(found["scale_high"]) == {5}
