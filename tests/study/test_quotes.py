"""Only what was written, and what a named person approved on a day, is quoted."""

import pytest

from ppp.errors import BadInput
from ppp.study import open_study, prepare

HEAD = "activity_id,quote,approved_by,approved_at\n"


def _quoted(study, text):
    (study.path / "quotes.csv").write_text(text, encoding="utf-8")
    return study.quotes()


@pytest.fixture
def study(small):
    opened = open_study(small.write())
    first = opened.activities().iloc[0]
    return opened, first["activity_id"], first["title"]


def test_a_quote_is_what_was_approved(study):
    opened, activity, title = study
    assert _quoted(opened, f"{HEAD}{activity},{title},Anna,2026-01-31\n")["quote"].tolist() == [title]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2026/nobody/1,{title},Anna,2026-01-31", "line 2, activity_id: There is no such activity"),
        ("{id},SOMETHING ELSE,Anna,2026-01-31", "line 2, quote: The activity does not hold these words"),
        ("{id}, ,Anna,2026-01-31", "line 2, quote: The activity does not hold these words"),
        ("{id},{title}, ,2026-01-31", "line 2, approved_by: Nobody has approved this quote"),
        ("{id},{title},Anna,last week", "line 2, approved_at: The day of approval is missing"),
    ],
)
def test_a_quote_that_is_not_approved_is_told_and_nothing_is_prepared(study, row, says):
    opened, activity, title = study
    (opened.path / "quotes.csv").write_text(HEAD + row.format(id=activity, title=title) + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        prepare(opened)
    assert says in str(caught.value)
    assert title not in str(caught.value)
    assert "SOMETHING ELSE" not in str(caught.value)
    assert not (opened.path / "prepared").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a CSV file"),
        (b"activity_id,quote,approved_by,approved_at\n1,\xe5,x,y\n", "not a CSV file"),
        (b"activity_id,quote\n", "Columns are missing: approved_by, approved_at"),
    ],
)
def test_a_file_that_is_no_list_of_quotes_is_told(study, content, says):
    opened, *_ = study
    (opened.path / "quotes.csv").write_bytes(content)
    with pytest.raises(BadInput, match=says):
        opened.quotes()
