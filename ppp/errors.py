"""What is wrong, where, and what to do about it.

Every room gathers `Problem`s and raises them together as one `BadInput`, so that a person can mend a file in one go.
A message names places (file, row, column, key), never an answer that somebody gave: answers are sensitive, and
messages end up in logs and mails.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["BadInput", "Problem", "did_you_mean"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Parameters
    ----------
    what
        What is wrong, in one sentence without an answer in it.
    file, row, column
        Where: the file as the user named it, the line or row in it (counted from 1), and the column or key.
    mend
        What the user can do about it.
    """

    what: str
    file: str = ""
    row: int | None = None
    column: str = ""
    mend: str = ""

    @property
    def where(self) -> str:
        """The place in words, e.g. ``study.yaml, line 12, waves.0.id``; empty where there is none."""
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"line {self.row}")
        if self.column:
            place.append(self.column)
        return ", ".join(place)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n    → {self.mend}" if self.mend else text


class BadInput(Exception):
    """What a user gave cannot be used; carries every `Problem` that was found.

    Examples
    --------
    >>> raise BadInput(Problem("There is no such file.", file="answers.csv", mend="Check the name."))
    Traceback (most recent call last):
    ...
    ppp.errors.BadInput: answers.csv: There is no such file.
        → Check the name.
    """

    def __init__(self, *problems: Problem | Iterable[Problem]) -> None:
        gathered: list[Problem] = []
        for problem in problems:
            gathered.extend([problem] if isinstance(problem, Problem) else problem)
        self.problems: Sequence[Problem] = tuple(gathered)
        super().__init__("\n".join(str(problem) for problem in gathered))

    def __reduce__(self):
        # Rebuilt from its problems, so that it survives the way back from a worker process.
        return type(self), tuple(self.problems)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A mend that names the closest of the known names, or lists them.

    Examples
    --------
    >>> did_you_mean("desing", ["design", "plan"])
    'Did you mean “design”?'
    >>> did_you_mean("x", ["design", "plan"])
    'Known here: design, plan.'
    """
    known = [str(item) for item in known]
    close = get_close_matches(name.casefold(), [item.casefold() for item in known], n=1, cutoff=0.6)
    if close:
        match = next(item for item in known if item.casefold() == close[0])
        return f"Did you mean “{match}”?"
    if not known:
        return "None are known here."
    listed = ", ".join(known[:12]) + (f" and {len(known) - 12} more" if len(known) > 12 else "")
    return f"Known here: {listed}."
