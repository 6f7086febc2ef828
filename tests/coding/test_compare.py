"""Coders side by side, and settling: what is compared, what is written down, and what is kept apart."""

import pandas as pd
import pytest

from ppp.coding.compare import agreement_table, confusion, differences, units
from ppp.coding.events import held
from ppp.coding.ledger import coder_ledger, consensus_ledger, read_codings
from ppp.coding.settle import Decision, for_the_codebook, settle
from ppp.errors import BadInput

PLACES = {
    "anna": ["clinic", "clinic", "system", "organization", "clinic"],
    "bo": ["clinic", "system", "system", "clinic"],
}


@pytest.fixture
def folder(tmp_path):
    """Anna coded five activities, Bo four: alike on the first and third."""
    for coder, places in PLACES.items():
        events = []
        for n, place in enumerate(places):
            for dimension, code, polarity, action in (
                ("place", place, None, "set"), ("phase_began", "plan", None, "set"),
                *([("parity", "numbers", "barrier", "set")] if n == 0 or (coder == "anna" and n == 1) else []),
                (None, None, None, "done"),
            ):  # fmt: skip
                events.append(
                    {
                        "activity_id": f"a{n}",
                        "coder": coder,
                        "dimension": dimension,
                        "code": code,
                        "polarity": polarity,
                        "created_at": f"2026-01-0{n + 1}T00:00:00.000000Z",
                        "action": action,
                    }
                )
        coder_ledger(tmp_path, coder).append(events)
    return tmp_path


def _read(folder):
    return read_codings(folder)[0], consensus_ledger(folder).read()[0]


def _value(table, dimension, code, coefficient):
    [row] = table[
        (table["dimension"] == dimension) & (table["code"] == code) & (table["coefficient"] == coefficient)
    ].to_dict("records")
    return row


def test_missing_codings_are_missing_and_no_evidence_is_an_answer(folder):
    table = units(_read(folder)[0], "parity")
    assert len(table) == 9
    given = table.set_index(["unit", "coder"])["value"]
    assert given["a1", "anna"] == {"numbers:barrier"}
    assert given["a1", "bo"] == frozenset()


def test_agreement_by_dimension_and_code(folder):
    table = agreement_table(_read(folder)[0], resamples=100)
    assert _value(table, "place", "", "percent")["value"] == 0.5
    assert _value(table, "place", "", "percent")["units"] == 4
    assert _value(table, "place", "organization", "percent")["value"] == 0.75
    assert _value(table, "parity", "", "percent")["value"] == 0.75
    phase = _value(table, "phase_began", "", "alpha")
    assert pd.isna(phase["value"])
    assert "same code" in phase["why"]
    assert set(table.loc[table["dimension"] == "place", "code"]) == {"", "clinic", "organization", "system"}


def test_the_confusion_says_who_took_what_for_what(folder):
    codings, _ = _read(folder)
    table = confusion(codings, "place", coders=("anna", "bo"))
    assert table.shape == (6, 6)
    assert table.loc["organization", "clinic"] == 1
    assert table.loc["clinic", "organization"] == 0
    assert table.to_numpy().sum() == 4
    both = confusion(codings, "place")
    assert both.equals(both.T)
    assert both.to_numpy().sum() == 4


def test_differences_come_least_agreed_first_and_leave_when_settled(folder):
    codings, _ = _read(folder)
    found = differences(codings)
    assert found[["activity_id", "dimension"]].values.tolist() == [["a1", "place"], ["a1", "parity"], ["a3", "place"]]
    assert found.loc[0, "codes"] == {"anna": "clinic", "bo": "system"}
    settle(folder, "anna-bo", [Decision("a1", "place", (("system", None),), "slip")])
    codings, consensus = _read(folder)
    left = differences(codings, consensus=consensus)
    assert ["a1", "place"] not in left[["activity_id", "dimension"]].values.tolist()
    assert len(left) == 2


def test_agreement_before_and_after_settling_are_kept_apart(folder):
    settle(folder, "anna-bo", [Decision("a1", "place", (("system", None),), "gap_in_rules", "Regional funds: system.")])
    # Anna changes her own code to what was settled: that is no agreement that she reached on her own
    again = {"activity_id": "a1", "coder": "anna", "dimension": "place", "created_at": "2099-01-01T00:00:00.000000Z"}
    coder_ledger(folder, "anna").append(
        [{**again, "code": "clinic", "action": "unset"}, {**again, "code": "system", "action": "set"}]
    )
    codings, consensus = _read(folder)
    share = {
        when: _value(
            agreement_table(codings, consensus=consensus, when=when, by_code=False, resamples=0), "place", "", "percent"
        )["value"]
        for when in ("before", "after")
    }
    assert share == {"before": 0.5, "after": 0.75}


def test_a_consensus_keeps_who_when_why_and_what_was_settled_before(folder):
    first = Decision("a1", "place", (("system", None),), "gap_in_rules", "Regional funds: system.")
    assert settle(folder, "anna-bo", [first]) == 1
    assert settle(folder, "anna-bo", [first]) == 0
    assert settle(folder, "cia", [Decision("a1", "place", (("clinic", None), ("system", None)), "true_edge", "Both.")])
    events = consensus_ledger(folder).read()[0]
    assert events["coder"].tolist()[:1] == ["anna-bo"]
    now = held(events, together=True)
    assert now["code"].tolist() == ["clinic", "system"]
    assert now["memo"].tolist() == ["Both.", "Both."]
    assert set(now["kind"]) == {"true_edge"}
    assert events["created_at"].notna().all()


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (Decision("a1", "place", (("system", None),), "", "x"), "kind"),
        (Decision("a1", "place", (("system", None),), "true_edge"), "reason"),
        (Decision("a1", "place", (), "slip"), "No code"),
        (Decision("a1", "parity", (("numbers", None),), "slip"), "direction"),
        (Decision("zz", "place", (("system", None),), "slip"), "no such activity"),
    ],
)
def test_half_a_decision_is_refused_and_nothing_is_written(folder, decision, told):
    good = Decision("a3", "place", (("clinic", None),), "slip")
    with pytest.raises(BadInput, match=told):
        settle(folder, "anna", [good, decision], known=["a1", "a3"])
    assert not (folder / "consensus.csv").exists()


def test_what_was_settled_feeds_the_next_codebook(folder):
    settle(
        folder, "bo",
        [
            Decision("a1", "place", (("system", None),), "gap_in_rules", "Regional funds."),
            Decision("a3", "place", (("system", None),), "gap_in_rules", "Regional funds."),
            Decision("a1", "parity", (), "slip"),
        ],
    )  # fmt: skip
    [row] = for_the_codebook(consensus_ledger(folder).read()[0]).to_dict("records")
    assert (row["code"], row["kind"], row["n"], row["reasons"]) == ("system", "gap_in_rules", 2, ["Regional funds."])
