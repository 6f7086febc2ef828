"""Measures against figures that stand in the literature, or that can be worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from ppp import measures
from ppp.measures.parity_gap import welch
from ppp.tables import CODINGS, RATINGS

# Gain in hours of sleep with two drugs in the same ten persons: Student, Biometrika 6 (1908).
SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
# Pain scores after two treatments: Brunner and Munzel, Biometrical Journal 42 (2000).
PAIN = ([1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1], [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4])


def _ratings(groups, *, low=-5.0, high=10.0):
    """Ratings from (wave, role, ids, scores)."""
    parts = [
        pd.DataFrame({"wave": wave, "role": role, "response_id": [f"{wave}/x/{i}" for i in ids], "score": scores})
        for wave, role, ids, scores in groups
    ]
    table = pd.concat(parts).assign(organization="a", leaf="numbers", item="q", scale_low=low, scale_high=high)
    return RATINGS.conform(table)


def test_students_sleep_data_as_two_waves_of_the_same_persons():
    ratings = _ratings([("1", "patient", range(10), SLEEP[0]), ("2", "patient", range(10), SLEEP[1])])
    [row] = measures.change(ratings, ["1", "2"], matched=True).to_dict("records")
    assert (row["design"], row["pairs_n"], row["statement"]) == ("matched", 10, "higher")
    assert row["change"] == pytest.approx(1.58)
    assert (row["low"], row["high"]) == pytest.approx((0.7001142, 2.4598858), abs=1e-6)


def test_the_same_data_as_two_waves_of_strangers_show_no_clear_change():
    ratings = _ratings([("1", "patient", range(10), SLEEP[0]), ("2", "patient", range(10), SLEEP[1])])
    [row] = measures.change(ratings, ["1", "2"]).to_dict("records")
    assert (row["design"], row["statement"]) == ("unmatched", "no_clear_change")
    assert (row["low"], row["high"]) == pytest.approx((-0.2054832, 3.3654832), abs=1e-6)


def test_a_change_from_very_few_is_cannot_say_and_carries_no_number():
    ratings = _ratings([("1", "patient", range(4), SLEEP[0][:4]), ("2", "patient", range(10), SLEEP[1])])
    [row] = measures.change(ratings, ["1", "2"]).to_dict("records")
    assert row["statement"] == "cannot_say"
    assert pd.isna(row["change"])
    assert pd.isna(row["low"])


def test_an_id_that_names_two_persons_in_one_wave_pairs_nobody():
    ids = [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
    ratings = _ratings([("1", "patient", range(10), SLEEP[0]), ("2", "patient", range(10), SLEEP[1])])
    ratings.loc[ratings["wave"] == "1", "response_id"] = [f"1/{n}/{i}" for n, i in enumerate(ids)]
    [row] = measures.change(ratings, ["1", "2"], matched=True).to_dict("records")
    assert row["pairs_n"] == 8


def test_pain_scores_of_brunner_and_munzel():
    ratings = _ratings([("1", "professional", range(14), PAIN[0]), ("1", "patient", range(100, 111), PAIN[1])])
    [row] = measures.parity_gap(ratings).to_dict("records")
    assert row["p_superior"] == pytest.approx(0.788961, abs=1e-6)
    assert (row["p_low"], row["p_high"]) == pytest.approx((0.5952169, 0.9827052), abs=1e-6)
    assert row["cliffs_delta"] == pytest.approx(2 * 0.788961 - 1, abs=1e-5)
    theirs = stats.ttest_ind(PAIN[1], PAIN[0], equal_var=False).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((theirs.low, theirs.high))
    assert row["statement"] == "patients_higher"


def test_a_gap_from_very_few_on_one_side_is_cannot_say():
    ratings = _ratings([("1", "professional", range(14), PAIN[0]), ("1", "patient", range(100, 104), PAIN[1][:4])])
    [row] = measures.parity_gap(ratings).to_dict("records")
    assert row["statement"] == "cannot_say"
    assert pd.isna([row["gap"], row["low"], row["p_superior"], row["cliffs_delta"]]).all()


def test_a_gap_without_a_side_is_cannot_say_and_one_without_spread_too():
    assert measures.parity_gap(_ratings([("1", "patient", range(9), [1.0] * 9)]))["statement"].tolist() == [
        "cannot_say"
    ]
    same = _ratings([("1", "patient", range(9), [1.0] * 9), ("1", "professional", range(20, 29), [2.0] * 9)])
    assert measures.parity_gap(same)["statement"].tolist() == ["cannot_say"]


def test_welch_agrees_with_scipy_row_by_row():
    rng = np.random.default_rng(7)
    one, two = rng.normal(size=(20, 6)), rng.normal(1, 3, size=(20, 9))
    rows = welch(one.mean(1), one.var(1, ddof=1), np.full(20, 6), two.mean(1), two.var(1, ddof=1), np.full(20, 9))
    theirs = stats.ttest_ind(one, two, axis=1, equal_var=False)
    assert rows["df"].to_numpy() == pytest.approx(theirs.df)
    assert rows["low"].to_numpy() == pytest.approx(theirs.confidence_interval().low)


def test_cronbachs_alpha_by_hand():
    # Items (1, 1), (2, 3), (3, 2): each varies by 1; the sums 2, 5, 5 vary by 3; 2/1 · (1 - 2/3) = 2/3.
    assert measures.cronbach_alpha(pd.DataFrame({"a": [1, 2, 3], "b": [1, 3, 2]})) == pytest.approx(2 / 3)


def test_mcdonalds_omega_of_a_known_factor():
    # Loadings .8 .7 .6 .5: (2.6)² / ((2.6)² + .36 + .51 + .64 + .75) = 6.76 / 9.02.
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    wanted = np.outer(loadings, loadings)
    np.fill_diagonal(wanted, 1)
    noise = np.random.default_rng(1).normal(size=(200, 4))
    noise -= noise.mean(0)
    white = noise @ np.linalg.inv(np.linalg.cholesky(np.cov(noise, rowvar=False))).T
    scores = pd.DataFrame(white @ np.linalg.cholesky(wanted).T)
    assert measures.mcdonald_omega(scores) == pytest.approx(6.76 / 9.02, abs=1e-4)


def test_reliability_is_refused_where_answers_or_items_are_few():
    people = [(f"w/x/{i}", item, 1 + (i + at) % 4) for i in range(40) for at, item in enumerate(("q1", "q2", "q3"))]
    frame = pd.DataFrame(people, columns=["response_id", "item", "score"])
    frame["leaf"] = frame["item"].map({"q1": "numbers", "q2": "numbers", "q3": "support"})
    frame = RATINGS.conform(frame.assign(wave="w", organization="a", role="patient", scale_low=1, scale_high=4))
    table = measures.item_reliability(frame).set_index("leaf")
    assert table["statement"].to_dict() == {"all": "computed", "numbers": "computed", "support": "too_few_items"}
    assert table.loc["all", "complete_n"] == 40
    assert pd.isna(table.loc["numbers", "omega"]), "two items do not fix one factor"
    few = frame[frame["response_id"].isin(frame["response_id"].unique()[:29])]
    assert measures.item_reliability(few).set_index("leaf").loc["all", "statement"] == "cannot_say"


def test_pooled_means_follow_dersimonian_and_laird():
    means = pd.Series([2.1, 2.9, 3.3, 1.8, 2.5], index=list("abcde"))
    variances = pd.Series([0.02, 0.05, 0.2, 0.04, 0.01], index=list("abcde"))
    ours = measures.pool_means(means, variances)
    theirs = combine_effects(means.to_numpy(), variances.to_numpy(), method_re="dl")
    assert ours["between_sd"].iloc[0] ** 2 == pytest.approx(theirs.tau2)
    assert ours["centre"].iloc[0] == pytest.approx(theirs.mean_effect_re)
    # the least known is drawn in the most, and nobody passes the centre
    assert ours["weight"].idxmin() == "c"
    assert ((ours["pooled"] - ours["centre"]).abs() <= (means - ours["centre"]).abs()).all()


def test_pooled_means_of_organizations_that_differ_by_chance_alone_are_all_the_same():
    pooled = measures.pool_means(pd.Series([2.0, 2.01, 1.99]), pd.Series([0.1, 0.1, 0.1]))
    assert pooled["pooled"].nunique() == 1


def test_pooled_shares_maximize_the_beta_binomial_likelihood():
    yes, of = pd.Series([1, 8, 3, 12, 0, 20]), pd.Series([10, 12, 9, 20, 4, 60])
    pooled = measures.pool_shares(yes, of)
    size = of.iloc[0] / pooled["weight"].iloc[0] - of.iloc[0]
    a, b = pooled["centre"].iloc[0] * size, (1 - pooled["centre"].iloc[0]) * size
    best = stats.betabinom.logpmf(yes, of, a, b).sum()
    for factor in (0.9, 1.1):
        assert stats.betabinom.logpmf(yes, of, a * factor, b).sum() < best
        assert stats.betabinom.logpmf(yes, of, a, b * factor).sum() < best


def test_funnel_limits_hold_at_least_their_share_and_narrow_with_size():
    limits = measures.funnel_limits(0.3, np.array([5, 20, 80, 320]))
    inside = [
        stats.binom.cdf(round(high * n), n, 0.3) - stats.binom.cdf(round(low * n) - 1, n, 0.3)
        for n, low, high in zip((5, 20, 80, 320), limits["low"], limits["high"], strict=True)
    ]
    assert min(inside) >= 0.95
    assert (limits["high"] - limits["low"]).is_monotonic_decreasing


def test_wilsons_interval_as_in_newcombes_first_example():
    # 81 of 263: Newcombe, Statistics in Medicine 17 (1998), 857, table I.
    assert measures.share_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert measures.share_interval(0, 0) == (0.0, 1.0)


def test_newcombes_difference_of_two_shares():
    # 56/70 against 48/80: Newcombe, Statistics in Medicine 17 (1998), 873, table II (a), method 10.
    change = measures.share_change((48, 80), (56, 70))
    assert (change.change, change.low, change.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert change.statement == "higher"
    assert measures.share_change((56, 70), (48, 80)).statement == "lower"
    assert measures.share_change((0, 0), (1, 2)) is None


def _codings(rows):
    """Events of coders: (activity, coder, dimension, code)."""
    frame = pd.DataFrame(rows, columns=["activity_id", "coder", "dimension", "code"])
    frame["created_at"] = pd.Timestamp("2026-01-01T00:00:00Z") + pd.to_timedelta(range(len(frame)), unit="s")
    return CODINGS.conform(frame.assign(action="set", codebook_version="1.0"))


def test_specific_agreement_of_two_coders_by_hand():
    """Fleiss (1975): of a table a = 6 (both), b = 2 and c = 1 (one only), specific agreement is 2a / (2a + b + c)."""
    pairs = [("clinic", "clinic")] * 6 + [("clinic", "system")] * 2 + [("organization", "clinic")]
    rows = [
        (f"a{at}", coder, "place", code)
        for at, both in enumerate(pairs)
        for coder, code in zip("xy", both, strict=True)
    ]
    table = measures.code_agreement(_codings(rows)).set_index(["dimension", "code"])
    assert table.loc[("place", "clinic"), "pairs_n"] == 15
    assert table.loc[("place", "clinic"), "agreement"] == pytest.approx(12 / 15)
    assert table.loc[("place", ""), "agreement"] == pytest.approx(12 / 18)
    assert table.loc[("place", "system"), "agreement"] == 0


def test_the_certainty_of_a_cell_joins_coders_respondents_and_suggestions():
    agreement = pd.DataFrame(
        [
            ("place", "", 40, 0.8),
            ("place", "clinic", 30, 0.9),
            ("place", "system", 3, 0.1),
            ("phase_began", "", 40, 0.5),
        ],
        columns=["dimension", "code", "pairs_n", "agreement"],
    )
    rows = [
        ("clinic", "settled", 1.0, "respondent", 1.0),  # 1
        ("clinic", "single_coded", 0.3, "suggested", 0.75),  # 0.9 of coders' agreement, not the coder's own 0.3
        ("clinic", "single_coded", 1.0, "single_coded", 1.0),  # 0.9 · 0.5, of the whole dimension
        ("system", "single_coded", 1.0, "double_coded", 1.0),  # 0.8: three pairs tell nothing of system
    ]
    names = ["place", "place_origin", "place_confidence", "phase_began_origin", "phase_began_confidence"]
    placed = pd.DataFrame(rows, columns=names).assign(organization="a", wave="w", phase_began="plan")
    placed["activity_id"] = placed["response_id"] = ["1", "2", "3", "4"]

    def cells(**given):
        table = measures.cell_reliability(placed, bar=0.7, **given)
        return table[table["activities_n"] > 0].set_index("place")

    table = cells(agreement=agreement)
    assert table.loc["clinic", "certainty"] == pytest.approx((1 + 0.9 * 0.75 + 0.9 * 0.5) / 3)
    assert table.loc["system", "certainty"] == pytest.approx(0.8)
    assert table["is_sure"].tolist() == [True, True]
    assert table["sure_n"].tolist() == [1, 0]
    # a single coder whom nobody checked is not taken at their word
    assert cells().loc["system", "certainty"] == 0
    assert cells()["is_sure"].tolist() == [False, False]


def test_pooled_means_worked_by_hand():
    """Means 2, 3, 4 with variances of 0.1: Q = 20, τ² = (20 - 2) / (30 - 300 / 30) = 0.9, weight 0.9 / (0.9 + 0.1)."""
    table = measures.pool_means(pd.Series([2.0, 3.0, 4.0]), pd.Series([0.1, 0.1, 0.1]))
    assert table["pooled"].tolist() == pytest.approx([2.1, 3.0, 3.9])
    assert table["weight"].tolist() == pytest.approx([0.9] * 3)
    assert table["between_sd"].iloc[0] == pytest.approx(np.sqrt(0.9))


def test_seats_and_item_means_do_not_change_when_everything_is_told_twice():
    """Twice the same respondents and activities: shares, means and ratios stay, counts double."""
    ratings = _ratings(
        [("1", "patient", range(6), [1.0, 2, 3, 4, 4, 2]), ("1", "professional", range(9, 15), [3.0] * 6)]
    )
    again = ratings.assign(response_id=ratings["response_id"] + "b")
    once, twice = (measures.parity_ratings(pd.concat(parts)) for parts in ([ratings], [ratings, again]))
    assert twice["mean"].tolist() == pytest.approx(once["mean"].tolist())
    assert (twice["respondents_n"] == 2 * once["respondents_n"]).all()
    gap, wide = (measures.parity_gap(pd.concat(parts)).iloc[0] for parts in ([ratings], [ratings, again]))
    assert gap["gap"] == pytest.approx(wide["gap"])
    assert gap["p_superior"] == pytest.approx(wide["p_superior"])
    # surer with twice as many, by a little more than √2
    assert (gap["high"] - gap["low"]) / (wide["high"] - wide["low"]) == pytest.approx(np.sqrt(2), abs=0.35)


def test_a_pooled_share_is_the_mean_of_the_posterior():
    """With a prior of a and b: (yes + a) / (of + a + b), between one's own share and the common one."""
    yes, of = (
        pd.Series([1, 8, 3, 12, 0, 20], index=list("abcdef")),
        pd.Series([10, 12, 9, 20, 4, 60], index=list("abcdef")),
    )
    table = measures.pool_shares(yes, of)
    size = of / table["weight"] - of
    assert table["pooled"].tolist() == pytest.approx(((yes + table["centre"] * size) / (of + size)).tolist())
    between = pd.concat([yes / of, table["centre"]], axis=1)
    assert ((table["pooled"] > between.min(axis=1)) & (table["pooled"] < between.max(axis=1))).all()
    assert table.index.tolist() == list("abcdef")


def test_gaps_on_a_scale_without_ends_and_in_either_direction_and_none():
    high, low, alike = [4.0, 4, 3, 4, 3, 4], [1.0, 2, 1, 2, 1, 2], [1.0, 2, 2, 3, 1, 2]
    for patients, professionals, statement in (
        (high, low, "patients_higher"),
        (low, high, "professionals_higher"),
        (low, alike, "no_clear_gap"),
    ):
        ratings = _ratings([("1", "patient", range(6), patients), ("1", "professional", range(9, 15), professionals)])
        ratings["scale_low"] = ratings["scale_high"] = pd.array([pd.NA] * len(ratings), dtype="Float64")
        [row] = measures.parity_gap(ratings).to_dict("records")
        assert (row["statement"], row["patients_n"], row["professionals_n"]) == (statement, 6, 6)
    # a chance stays within 0 and 1, however few and far apart
    assert 0 <= row["p_low"] <= row["p_superior"] <= row["p_high"] <= 1


def test_item_reliability_is_alpha_and_omega_of_complete_answers():
    rng = np.random.default_rng(6)
    trait = rng.normal(2.5, 1, 60)
    scores = pd.DataFrame({f"q{at}": np.clip(np.round(trait + rng.normal(0, 0.7, 60)), 1, 4) for at in range(4)})
    scores.loc[:4, "q0"] = np.nan
    long = scores.rename_axis("response_id").reset_index().melt("response_id", var_name="item", value_name="score")
    long["response_id"] = "w/x/" + long["response_id"].astype(str)
    frame = RATINGS.conform(
        long.assign(wave="w", organization="a", role="patient", leaf="numbers", scale_low=1, scale_high=4)
    )
    table = measures.item_reliability(frame).set_index("leaf")
    complete = scores.dropna()
    assert table.loc["numbers", ["instrument", "items_n", "complete_n"]].tolist() == [1, 4, 55]
    assert table.loc["numbers", "alpha"] == pytest.approx(measures.cronbach_alpha(complete))
    assert table.loc["all", "omega"] == pytest.approx(measures.mcdonald_omega(complete))
