"""Agreement: the published examples to the printed digits, the degenerate cases, and what must hold for any codings."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from ppp.coding.agreement import COEFFICIENTS, Estimate, agreement, gwet_interval, masi, two_coders, units_needed

ALL = list(COEFFICIENTS)


def rows(*coders):
    """Codings from one string or list a coder; a full stop is a missing coding."""
    said = [(unit, coder, value) for coder, one in enumerate(coders) for unit, value in enumerate(one) if value != "."]
    return pd.DataFrame(said, columns=["unit", "coder", "value"])


def numbers(*coders):
    frame = rows(*coders)
    return frame.assign(value=frame["value"].astype(int))


def from_table(table):
    """Two coders' codings from a square table of counts."""
    pairs = [pair for pair in itertools.product(range(len(table)), repeat=2) for _ in range(table[pair[0]][pair[1]])]
    return rows(*zip(*pairs, strict=True))


def from_counts(counts):
    """Codings of nameless coders from how often each unit got each code."""
    said = [
        (unit, coder, code)
        for unit, row in enumerate(counts)
        for coder, code in enumerate(code for code, times in enumerate(row) for _ in range(times))
    ]
    return pd.DataFrame(said, columns=["unit", "coder", "value"])


# Krippendorff (2011), Computing Krippendorff's alpha-reliability: A, B and C
BINARY = rows("0100000010", "1110010000")
LETTERS = rows("aabbdcccedda", "babbbccceddd")
FOUR = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
# The same with one answer elsewhere: Gwet, Handbook of Inter-Rater Reliability, table of 4 raters and 12 units
GWET = ("12332141 2...".replace(" ", ""), "1233224125..", ".33323422513", "12332441251.")
# Wikipedia, "Krippendorff's alpha", 3 coders and 15 units
WIKIPEDIA = (".....34121133.3", "1.213343.......", "..21344.21133.4")
# Fleiss (1971): 30 patients, 6 psychiatrists; depression, personality disorder, schizophrenia, neurosis, other
FLEISS = [
    "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006",
    "10050", "11040", "03300", "10050", "02031", "00501", "30012", "51000", "02040", "10203",
    "00006", "01050", "02013", "20040", "10041", "05010", "40002", "02040", "10500", "00006",
]  # fmt: skip
FLEISS = [[int(times) for times in row] for row in FLEISS]
# Wikipedia, "Fleiss' kappa": 10 units, 14 raters
FLEISS_WIKIPEDIA = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
SAS = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]  # SAS/STAT, PROC FREQ, agreement of two dermatologists' like
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]  # Gwet, 100 pregnancies
DIAGNOSIS = [[40, 6, 4, 15], [4, 25, 1, 5], [4, 2, 21, 9], [17, 13, 12, 45]]  # Gwet, 223 patients


@pytest.mark.parametrize(
    ("codings", "level", "coefficient", "printed"),
    [
        pytest.param(BINARY, "nominal", "alpha", "0.095", id="Krippendorff A"),
        pytest.param(LETTERS, "nominal", "alpha", "0.692", id="Krippendorff B"),
        pytest.param(numbers(*FOUR), "nominal", "alpha", "0.743", id="Krippendorff C nominal"),
        pytest.param(numbers(*FOUR), "ordinal", "alpha", "0.815", id="Krippendorff C ordinal"),
        pytest.param(numbers(*FOUR), "interval", "alpha", "0.849", id="Krippendorff C interval"),
        pytest.param(numbers(*FOUR), "ratio", "alpha", "0.797", id="Krippendorff C ratio"),
        pytest.param(numbers(*WIKIPEDIA), "nominal", "alpha", "0.691358", id="Wikipedia alpha nominal"),
        pytest.param(numbers(*WIKIPEDIA), "interval", "alpha", "0.810845", id="Wikipedia alpha interval"),
        pytest.param(from_counts(FLEISS), "nominal", "fleiss", "0.4302", id="Fleiss 1971"),
        pytest.param(from_counts(FLEISS_WIKIPEDIA), "nominal", "fleiss", "0.210", id="Wikipedia Fleiss"),
        pytest.param(from_table(SAS), "nominal", "cohen", "0.4842", id="SAS kappa"),
        pytest.param(numbers(*GWET), "nominal", "ac1", "0.77544", id="Gwet 4 raters AC1"),
        pytest.param(numbers(*GWET), "nominal", "fleiss", "0.76117", id="Gwet 4 raters Fleiss"),
        pytest.param(numbers(*GWET), "nominal", "cohen", "0.76282", id="Gwet 4 raters Conger"),
        pytest.param(numbers(*GWET), "nominal", "alpha", "0.74342", id="Gwet 4 raters alpha"),
        pytest.param(numbers(*GWET), "nominal", "brennan_prediger", "0.77273", id="Gwet 4 raters Brennan-Prediger"),
        pytest.param(from_table(ABSTRACTORS), "nominal", "cohen", "0.79641", id="Gwet abstractors kappa"),
        pytest.param(from_table(ABSTRACTORS), "nominal", "ac1", "0.84933", id="Gwet abstractors AC1"),
        pytest.param(from_table(DIAGNOSIS), "nominal", "cohen", "0.4315", id="Gwet diagnosis kappa"),
        pytest.param(from_table(DIAGNOSIS), "nominal", "ac1", "0.45616", id="Gwet diagnosis AC1"),
        pytest.param(from_table(DIAGNOSIS), "nominal", "alpha", "0.43162", id="Gwet diagnosis alpha"),
    ],
)
def test_published_examples_to_the_printed_digits(codings, level, coefficient, printed):
    found = agreement(codings, level=level, coefficients=[coefficient], resamples=0)[coefficient]
    assert f"{found.value:.{len(printed) - 2}f}" == printed


@pytest.mark.parametrize(
    ("table", "weights", "printed"),
    [
        pytest.param(SAS, None, ("0.4842", "0.2137", "0.7547"), id="SAS kappa"),
        pytest.param(SAS, "linear", ("0.4701", "0.1845", "0.7558"), id="SAS weighted kappa"),
        # the interval of the normal distribution; Gwet's own, of Student's t, is 0.6795 to 0.9133
        pytest.param(ABSTRACTORS, None, ("0.7964", "0.6809", "0.9119"), id="Gwet abstractors"),
    ],
)
def test_published_intervals_of_two_coders(table, weights, printed):
    found = two_coders(table, weights=weights)
    assert (f"{found.value:.4f}", f"{found.low:.4f}", f"{found.high:.4f}") == printed


def test_published_interval_of_students_t():
    found = two_coders(ABSTRACTORS, distribution="t")
    assert (f"{found.low:.4f}", f"{found.high:.4f}") == ("0.6795", "0.9133")


def test_published_standard_error_and_interval_of_ac1():
    found, error = gwet_interval(numbers(*GWET))
    assert (f"{found.value:.5f}", f"{error:.5f}") == ("0.77544", "0.14295")
    assert (f"{found.low:.5f}", found.high) == ("0.46081", 1.0)


@pytest.mark.parametrize("codings", [rows("aaaa", "aaaa"), rows("abab"), rows(), rows("a", "b")])
def test_ac1_without_an_interval_says_why(codings):
    found, error = gwet_interval(codings)
    assert error is None
    assert "because" in str(found)


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("ab", "ab", 1),
        ("ab", "abcd", 2 / 3 * 2 / 4),
        ("ab", "bc", 1 / 3 * 1 / 3),
        ("a", "b", 0),
        ("", "", 1),
        ("", "a", 0),
    ],
)
def test_masi_weights(one, other, value):
    assert masi(frozenset(one), frozenset(other)) == pytest.approx(value)


# -- degenerate ----------------------------------------------------------------------------------------------------------


EMPTY = frozenset()


@pytest.mark.parametrize(
    ("codings", "because"),
    [
        pytest.param(rows("aaaa", "aaaa"), "every coder gave every unit the same code", id="one code"),
        pytest.param(
            rows([EMPTY, EMPTY], [EMPTY, EMPTY]), "every coder gave every unit the same code", id="empty sets"
        ),
        pytest.param(rows("a", "a"), "every coder gave every unit the same code", id="one unit"),
        pytest.param(rows("abab"), "there is only one coder", id="one coder"),
        pytest.param(rows("ab..", "..ab"), "no unit is coded by two coders", id="nothing in common"),
        pytest.param(rows(), "nothing is coded", id="nothing"),
    ],
)
@pytest.mark.parametrize("level", ["nominal", "masi"])
def test_degenerate_cases_say_why(codings, because, level):
    if level == "masi":
        codings = codings.assign(value=[frozenset([v]) if isinstance(v, str) else v for v in codings["value"]])
    for name, found in agreement(codings, level=level, coefficients=ALL, resamples=50).items():
        if name == "percent" and because.startswith("every"):
            assert found.value == 1
            assert found.low is None
        else:
            assert found.value is None
            assert str(found) == f"undefined, because {because}"


def test_a_table_with_one_code_or_nothing_is_undefined():
    assert str(two_coders([[5, 0], [0, 0]])).startswith("undefined, because every coder")
    assert str(two_coders([[0, 0], [0, 0]])).startswith("undefined, because no unit")


def test_full_agreement_has_no_interval_and_says_so():
    found = agreement(rows("abcabc", "abcabc"))["alpha"]
    assert (found.value, found.low) == (1, None)
    assert "no interval, because" in str(found)


# -- what holds for any codings --------------------------------------------------------------------------------------------


CODINGS = st.lists(st.lists(st.sampled_from("abc."), min_size=6, max_size=6), min_size=2, max_size=4)


@settings(max_examples=80, deadline=None)
@given(CODINGS)
def test_never_a_crash_never_nan_and_order_and_names_never_matter(coders):
    codings = rows(*coders)
    found = agreement(codings, coefficients=ALL, resamples=40)
    for estimate in found.values():
        assert (estimate.value is None) == str(estimate).startswith("undefined, because ")
        if estimate.value is not None:
            # No lower bound: with missing codings Gwet's margins take in units that only one coder coded, so chance
            # can exceed what the units in common allow.
            assert math.isfinite(estimate.value)
            assert estimate.value <= 1 + 1e-9
    other = codings.sample(frac=1, random_state=2).assign(
        value=lambda f: f["value"].map({"a": "z", "b": "y", "c": "x"})
    )
    again = agreement(other, coefficients=ALL, resamples=0)
    for name, estimate in found.items():
        assert again[name].value == pytest.approx(estimate.value)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=3, max_size=30))
def test_cohen_and_fleiss_are_those_of_statsmodels(pairs):
    one, other = zip(*pairs, strict=True)
    found = agreement(rows(one, other), coefficients=["cohen", "fleiss"], resamples=0)
    if found["cohen"].value is None:
        return
    table = pd.crosstab(pd.Categorical(one, list("abc")), pd.Categorical(other, list("abc")), dropna=False).to_numpy()
    assert found["cohen"].value == pytest.approx(cohens_kappa(table).kappa, abs=1e-9)
    counts, _ = aggregate_raters(np.array([[ord(a), ord(b)] for a, b in pairs]))
    if found["fleiss"].value is not None:
        assert found["fleiss"].value == pytest.approx(fleiss_kappa(counts), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(CODINGS)
def test_sets_of_one_code_are_nominal(coders):
    codings = rows(*coders)
    sets = codings.assign(value=codings["value"].map(lambda value: frozenset([value])))
    nominal = agreement(codings, coefficients=ALL, resamples=0)
    for name, estimate in agreement(sets, level="masi", coefficients=ALL, resamples=0).items():
        assert estimate.value == pytest.approx(nominal[name].value)


def test_overlapping_sets_agree_more_than_unlike_labels():
    codings = rows(
        [frozenset("ab"), frozenset("c"), frozenset("a"), frozenset("d")],
        [frozenset("a"), frozenset("c"), frozenset("ab"), frozenset("d")],
    )
    strict, lenient = (agreement(codings, level=level, resamples=0)["alpha"].value for level in ("nominal", "masi"))
    assert strict < lenient < 1


def test_the_same_seed_gives_the_same_interval_and_units_are_what_is_resampled():
    codings = rows("abcabcabcaabbcc", "abcabcabbaabbca")
    once = agreement(codings, seed=3)["alpha"]
    assert agreement(codings, seed=3)["alpha"] == once
    four_times = agreement(rows("abcabcabcaabbcc" * 4, "abcabcabbaabbca" * 4), seed=3)["alpha"]
    assert four_times.high - four_times.low == pytest.approx((once.high - once.low) / 2, rel=0.3)


def test_an_interval_half_as_wide_takes_four_times_the_units():
    estimate = Estimate("alpha", 0.6, 0.4, 0.8, units=40, coders=2)
    assert units_needed(estimate, 0.1) == 160
    assert units_needed(estimate, 0.3) == 40
    assert units_needed(Estimate("alpha", None, why="…"), 0.1) is None


def simulate(studies, units, coders, noise, missing, seed):
    """The share of simulated studies whose 95 % intervals hold the true value; coders guess with chance `noise`."""
    chance = np.random.default_rng(seed)

    def draw(n):
        shares = [0.15, 0.45, 0.3, 0.1]
        truth = chance.choice(4, n, p=shares)
        guesses = chance.choice(4, (n, coders), p=shares)
        said = np.where(chance.random((n, coders)) < noise, guesses, truth[:, None])
        unit, coder = np.nonzero(chance.random((n, coders)) >= missing)
        return pd.DataFrame({"unit": unit, "coder": coder, "value": said[unit, coder]})

    true = agreement(draw(300_000), resamples=0)
    covered = dict.fromkeys(true, 0)
    for study in range(studies):
        for name, found in agreement(draw(units), resamples=1000, seed=study).items():
            covered[name] += found.low is not None and found.low <= true[name].value <= found.high
    return {name: hits / studies for name, hits in covered.items()}


def test_bootstrap_intervals_cover_what_they_say():
    # With 1,500 studies, a true coverage of 95 % is seen within 93.3 to 96.7 % in 998 of 1,000 runs; the seed is fixed.
    for name, share in simulate(1500, units=100, coders=3, noise=0.3, missing=0.2, seed=7).items():
        assert 0.93 <= share <= 0.97, name
