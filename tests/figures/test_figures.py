"""Figures as they stand in a page: text as text, no clash, the same bytes, nothing of matplotlib's state changed."""

import re

import matplotlib as mpl
import pandas as pd
import pytest

from ppp import figures
from ppp.framework import LEAVES, PHASES, PLACES


@pytest.fixture
def profile():
    return pd.DataFrame(
        {"phase": PHASES, "activities_n": [3, 0, 5, pd.NA], "state": ["shown", "none", "shown", "some"]}
    )


@pytest.fixture
def coverage():
    cells = [(place, phase) for place in PLACES for phase in PHASES]
    frame = pd.DataFrame(cells, columns=["place", "phase"]).assign(activities_n=2, state="shown")
    frame.loc[0, ["activities_n", "state"]] = [pd.NA, "some"]
    frame.loc[1, ["activities_n", "state"]] = [0, "none"]
    return frame.astype({"activities_n": "Int64"})


@pytest.fixture
def ratings():
    rows = [(leaf, role, mean, "shown") for leaf in LEAVES for role, mean in (("patient", 2.0), ("professional", 3.0))]
    rows.append(("numbers", "relative", pd.NA, "withheld"))
    frame = pd.DataFrame(rows, columns=["leaf", "role", "mean", "state"]).assign(scale_low=1.0, scale_high=4.0)
    return frame.astype({"mean": "Float64"})


def _svg(figure, name="f"):
    return str(figures.to_svg(figure, name=name, alternative='What it "shows" <here>'))


def test_text_stays_text_and_words_replace_withheld_numbers(profile):
    svg = _svg(figures.phase_profile(profile, language="sv"))
    assert ">Genomförande<" in svg
    assert ">några<" in svg


def test_the_alternative_is_escaped_and_in_place(profile):
    assert 'role="img" aria-label="What it &#34;shows&#34; &lt;here&gt;"' in _svg(figures.phase_profile(profile))


def test_the_same_table_gives_the_same_bytes(ratings):
    assert _svg(figures.parity_ratings(ratings)) == _svg(figures.parity_ratings(ratings))


def test_two_figures_in_a_page_share_no_id(profile, ratings):
    one, other = _svg(figures.phase_profile(profile), "one"), _svg(figures.parity_ratings(ratings), "other")
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (one, other)]
    assert not ids[0] & ids[1]
    for svg in (one, other):
        referred = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
        assert referred <= set(re.findall(r' id="([^"]+)"', svg))


def test_colours_can_be_redefined_by_the_page(profile):
    svg = _svg(figures.phase_profile(profile))
    assert "var(--ink, #1b1f24)" in svg
    assert "<style" not in svg


def test_withheld_means_have_no_mark(ratings):
    shown = _svg(figures.parity_ratings(ratings[ratings["state"] == "shown"]))
    assert _svg(figures.parity_ratings(ratings)) == shown


def test_matrix_as_a_heatmap(coverage):
    drawn = figures.matrix(coverage, language="en")
    words = [text.get_text() for text in drawn.axes[0].texts]
    assert words[:3] == ["some", "–", "2"]


def test_drawing_leaves_matplotlib_as_it_was(profile, coverage):
    before = dict(mpl.rcParams)
    figures.phase_profile(profile)
    figures.matrix(coverage)
    _svg(figures.phase_profile(profile))
    assert dict(mpl.rcParams) == before


def _moved(statement):
    rows = [(leaf, role, 0.4, -0.1, 0.9) for leaf in LEAVES for role in ("patient", "professional", "relative")]
    frame = pd.DataFrame(rows, columns=["leaf", "role", "change", "low", "high"])
    return frame.assign(scale_low=1.0, scale_high=4.0, statement=statement, state="shown")


def test_clear_and_unclear_changes_look_different_without_colour():
    hollow, filled = (_svg(figures.change(_moved(said))) for said in ("no_clear_change", "higher"))
    assert hollow.count("fill: var(--paper") > filled.count("fill: var(--paper")


def test_peers_show_a_band_and_no_names():
    rows = [(leaf, "patient", 3.0, 2.5, 2.2, 2.9, "above") for leaf in LEAVES]
    frame = pd.DataFrame(rows, columns=["leaf", "role", "own", "median", "funnel_low", "funnel_high", "position"])
    frame = frame.assign(scale_low=1.0, scale_high=4.0, state="shown")
    drawn = figures.peers(frame, role="patient", language="sv")
    words = {text.get_text() for text in drawn.axes[0].texts}
    assert words == {"Antal", "Ersättning", "Maktbalans", "Förberedelse", "Utbildning", "Stöd", "Ledarskap", "Sårbarhet", "1", "2", "3", "4"}  # fmt: skip


def test_presence_stands_beside_joining(profile):
    present = dict.fromkeys(PHASES, 7)
    assert _svg(figures.phase_profile(profile, present=present)) != _svg(figures.phase_profile(profile))
    hidden = dict.fromkeys(PHASES)
    assert _svg(figures.phase_profile(profile, present=hidden)) == _svg(figures.phase_profile(profile))


def test_a_notebook_shows_a_figure_without_pyplot(coverage):
    shown = figures.matrix(coverage)._repr_html_()
    assert 'role="img" aria-label="Design; Plan; Implement; Evaluate; Direct care; ' in shown
    assert "background: #fdfdfe" in shown


def test_numbers_stand_out_from_their_cells(coverage):
    counts = coverage.assign(activities_n=range(16), state="shown").astype({"activities_n": "Int64"})
    axes = figures.matrix(counts).axes[0]
    axes.collections[0].update_scalarmappable()

    def luminance(colour):
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for word, cell in zip(axes.texts, axes.collections[0].get_facecolors(), strict=True):
        dark, light = sorted((luminance(word.get_color()), luminance(cell)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_a_gap_that_cannot_be_told_has_no_mark_and_says_so():
    gap = pd.DataFrame({"leaf": ["numbers", "support"], "gap": [-0.5, None], "low": [-1.0, None], "high": [0.0, None]})
    axes = figures.parity_gap(gap, language="sv").axes[0]
    assert "går inte att säga" in [text.get_text() for text in axes.texts]
    assert [list(line.get_xdata()) for line in axes.lines if line.get_marker() == "o"] == [[-0.5]]


def test_change_tells_roles_apart_by_shape_and_place():
    rows = [("numbers", role, 0.2, -0.1, 0.5) for role in ("patient", "relative", "professional", "other")]
    drawn = figures.change(pd.DataFrame(rows, columns=["leaf", "role", "change", "low", "high"]))
    marks = [(line.get_marker(), line.get_ydata()[0]) for line in drawn.axes[0].lines if len(line.get_xdata()) == 1]
    assert len({shape for shape, _ in marks}) == len({height for _, height in marks}) == 4


def test_a_heading_makes_a_figure_taller_and_leaves_its_drawing_as_it_was(ratings):
    drawn = figures.parity_ratings(ratings)
    before, bounds = drawn.get_size_inches().copy(), drawn.axes[0].get_position().bounds
    figures.headed(drawn, "Parity\nNorra", roles={"patient": "Patients", "professional": "Professionals"})
    after = drawn.get_size_inches()
    assert after[1] > before[1]
    assert drawn.axes[0].get_position().bounds[3] * after[1] == pytest.approx(bounds[3] * before[1])
    assert [text.get_text() for text in drawn.legends[0].texts] == ["Patients", "Professionals"]
