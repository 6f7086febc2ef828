"""quotes.csv: the only way for free text into a report, quote by quote, each approved by a named person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from ppp.errors import BadInput, Problem

__all__ = ["QUOTE_COLUMNS", "read_quotes"]

QUOTE_COLUMNS = ("activity_id", "quote", "approved_by", "approved_at")


def read_quotes(path: Path, activities: pd.DataFrame) -> pd.DataFrame:
    """The approved quotes; an empty table where the file is absent.

    Raises
    ------
    BadInput
        Where a row is not signed and dated, names an unknown activity, or quotes words that the activity does not hold:
        what was approved must be what was written.
    """
    if not path.is_file():
        return pd.DataFrame(columns=list(QUOTE_COLUMNS), dtype="string")
    try:
        quotes = pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise BadInput(
            Problem("This is not a CSV file in UTF-8.", file=path.name, mend="Save it as CSV, comma separated, UTF-8.")
        ) from None
    missing = [column for column in QUOTE_COLUMNS if column not in quotes]
    if missing:
        raise BadInput(
            Problem(
                f"Columns are missing: {', '.join(missing)}.",
                file=path.name,
                row=1,
                mend=f"The first row must hold {', '.join(QUOTE_COLUMNS)}.",
            )
        )
    texts = activities.set_index("activity_id")[["title", "description"]].fillna("")
    problems = []
    for row, quote in enumerate(quotes.itertuples(index=False), start=2):
        if quote.activity_id not in texts.index:
            fault = ("activity_id", "There is no such activity.", "Copy the id from `study.activities()`.")
        elif not quote.quote.strip() or not any(quote.quote in text for text in texts.loc[quote.activity_id]):
            fault = ("quote", "The activity does not hold these words.", "Quote it letter by letter.")
        elif not quote.approved_by.strip():
            fault = ("approved_by", "Nobody has approved this quote.", "Name the person who approved it.")
        elif not _is_date(quote.approved_at):
            fault = ("approved_at", "The day of approval is missing.", "Write it as 2026-01-31.")
        else:
            continue
        column, what, mend = fault
        problems.append(Problem(what, file=path.name, row=row, column=column, mend=mend))
    if problems:
        raise BadInput(problems)
    return quotes[list(QUOTE_COLUMNS)]


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
