"""Who was shown a question is said where the condition is plain, and left open where it is not."""

import pandas as pd
import pytest

from ppp.surveys.branching import shown

ANSWERS = pd.DataFrame(
    {"sex": ["1", "2", "", "1.0"], "age": ["40", "17", "", "no"], "ill": ["flu cold", "", "cold", ""], "ill(2)": list("1001")}
)  # fmt: skip


def _answer(field, choice):
    return ANSWERS.get(f"{field}({choice})" if choice else field)


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ("[sex] = '1'", [True, False, False, True]),
        ("[sex] <> '1'", [False, True, True, False]),
        ("[ill(2)] = '1'", [True, False, False, True]),
        ("[age] >= 18", [True, False, False, False]),
        ("[age] < 18", [False, True, False, False]),
        ("[age] > 17 and [age] <= 40", [True, False, False, False]),
        ("[sex] = '2' or [ill(2)] = '1'", [True, True, False, True]),
        ("[sex] = '2' or [sex] = '1' and [age] > 18", [True, True, False, False]),
        ("([sex] = '2' or [sex] = '1') AND [age] > 18", [True, False, False, False]),
        ("not ([sex] = '1')", [False, True, True, False]),
        ("selected(${ill}, 'cold')", [True, False, True, False]),
        ("${sex} = '1' and not selected(${ill}, 'flu')", [False, False, False, True]),
    ],
)
def test_a_plain_condition_tells_row_by_row(condition, held):
    assert shown(condition, _answer).tolist() == held


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "[sex] =",
        "[sex] = [age]",
        "[sex] '1'",
        "([sex] = '1'",
        "[sex] = '1')",
        "[unknown] = '1'",
        "selected(${unknown}, '1')",
        "datediff([a], 'today', 'y') > 18",
        "[sex] = '1' [age] > 3",
        "not " * 5000 + "[sex] = '1'",
    ],
)
def test_any_other_condition_is_left_open(condition):
    assert shown(condition, _answer) is None
