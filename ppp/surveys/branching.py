"""Who was shown a question: the conditions that REDCap and XLSForm write, where they are simple enough to be sure."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

__all__ = ["shown"]

_TOKEN = re.compile(
    r"\s*(?:\[(?P<field>\w+)(?:\((?P<choice>\w+)\))?\]|\$\{(?P<name>\w+)\}"
    r"|(?P<selected>selected)\s*\(\s*\$\{(?P<of>\w+)\}\s*,\s*['\"‘’“”](?P<code>[^'\"‘’“”]*)['\"‘’“”]\s*\)"
    r"|['\"‘’“”](?P<text>[^'\"‘’“”]*)['\"‘’“”]|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<op><>|!=|>=|<=|=|<|>)|(?P<word>and|or|not)\b|(?P<paren>[()]))",
    re.IGNORECASE,
)


def shown(condition: str, answer: Callable[[str, str], pd.Series | None]) -> pd.Series | None:
    """For each row whether the condition held; nothing where it is more than comparisons joined by and, or, not.

    Parameters
    ----------
    condition
        ``[sex] = '1' and [ill(2)] = '1'`` or ``${sex} = 'f' or selected(${ill}, 'flu')``.
    answer
        The answers of a field (and of a checkbox's choice), or nothing where the file does not hold it.

    Examples
    --------
    >>> shown("[sex] = '1'", lambda field, choice: pd.Series(["1", "2", ""])).tolist()
    [True, False, False]
    """
    tokens, at = [], 0
    condition = condition.strip()
    while at < len(condition):
        match = _TOKEN.match(condition, at)
        if match is None or match.end() == at:
            return None
        tokens.append(match)
        at = match.end()
    try:
        value, left = _either(tokens, answer)
    except (ValueError, IndexError, RecursionError):
        return None
    return value if not left else None


def _either(tokens, answer):
    value, tokens = _both(tokens, answer)
    while tokens and (tokens[0]["word"] or "").lower() == "or":
        other, tokens = _both(tokens[1:], answer)
        value = value | other
    return value, tokens


def _both(tokens, answer):
    value, tokens = _one(tokens, answer)
    while tokens and (tokens[0]["word"] or "").lower() == "and":
        other, tokens = _one(tokens[1:], answer)
        value = value & other
    return value, tokens


def _one(tokens, answer):
    first = tokens[0]
    if (first["word"] or "").lower() == "not":
        value, tokens = _one(tokens[1:], answer)
        return ~value, tokens
    if first["paren"] == "(":
        value, tokens = _either(tokens[1:], answer)
        if tokens[0]["paren"] != ")":
            raise ValueError
        return value, tokens[1:]
    if first["selected"]:
        cells = answer(first["of"], "")
        if cells is None:
            raise ValueError
        return cells.map(lambda cell: first["code"] in cell.split()), tokens[1:]
    operator, right = tokens[1]["op"], tokens[2]
    cells = answer(first["field"] or first["name"] or "", first["choice"] or "")
    if cells is None or operator is None or (right["text"] is None and right["number"] is None):
        raise ValueError
    said = right["text"] if right["text"] is not None else right["number"]
    if operator in ("=", "<>", "!="):
        same = cells.str.strip().str.removesuffix(".0") == said
        return (same if operator == "=" else ~same), tokens[3:]
    numbers, limit = pd.to_numeric(cells, errors="coerce"), float(said)
    compared = {">": numbers > limit, "<": numbers < limit, ">=": numbers >= limit, "<=": numbers <= limit}
    return compared[operator], tokens[3:]
