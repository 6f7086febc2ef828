"""The fast reader takes only what is well formed, and then agrees with the careful one cell by cell."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppp.errors import BadInput
from ppp.surveys import delimited, read_export
from ppp.surveys.delimited import read_carefully, read_fast

AWKWARD = ["NA", "None", "null", "NULL", "nan", "#N/A", "", "0012", "1e5", "TRUE", "2026-01-31", "1,5", "-0", "å;ä", " x ", 'say "so"', "a\nb", "a\r\nb", "\u00a0", "=1+1"]  # fmt: skip
CELL = st.one_of(
    st.sampled_from(AWKWARD), st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)), max_size=8)
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    table=st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    stated=st.booleans(),
)
def test_both_readers_agree_on_any_table(table, delimiter, newline, quoting, stated):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerows([[f"q{n}" for n in range(len(table[0]))], *table])
    _agree(text.getvalue(), delimiter if stated else None)


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from('ab1,;"\n\r\t å'), min_size=1, max_size=40))
def test_both_readers_agree_on_any_text_or_the_fast_one_declines(text):
    _agree(text, None)


def _agree(text, delimiter):
    fast = read_fast(text.encode("utf-8"), delimiter)
    if fast is None:
        return
    try:
        cells, chosen = read_carefully(text, delimiter, "a.csv")
    except BadInput:
        pytest.fail("the fast reader took what the careful one refuses")
    assert fast[1] == chosen
    assert fast[0].to_numpy().tolist() == cells.to_numpy().tolist()
    assert fast[0].index.tolist() == cells.index.tolist()
    assert fast[0].dtypes.tolist() == cells.dtypes.tolist()


def test_a_large_file_is_read_the_fast_way_with_the_same_result(tmp_path, monkeypatch):
    rows = ["id;fråga;kommentar", *(f'{n};NA;"två\nrader; {n}"' for n in range(2000))]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    careful = read_export(path)
    taken = []
    monkeypatch.setattr("ppp.surveys.grid.FAST_FROM", 1)
    monkeypatch.setattr("ppp.surveys.grid.read_fast", lambda *a: taken.append(read_fast(*a)) or taken[-1])
    fast = read_export(path)
    assert taken[0] is not None
    assert fast.answers.equals(careful.answers)
    assert fast.source == careful.source
    assert fast.notes == careful.notes


def test_what_is_not_well_formed_goes_the_careful_way():
    for text in ['a;b\n1;"x\n', "a;b\n1;2;3\n", 'a;b\n1;x"y"\n2;"a"b\n']:
        assert read_fast(text.encode(), None) is None
    assert delimited.FAST_FROM > 1_000_000
