"""Suggestions for any list of texts, without a study."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["suggest"]


@click.command()
@click.argument("source", metavar="IN.csv", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT.csv", type=click.Path(path_type=Path))
def suggest(source: Path, target: Path) -> None:
    """Suggest place, phase and Parity evidence for a list of texts.

    IN.csv holds the columns id, text and, if known, lang (en or sv). OUT.csv gets one row for each: place, phase and
    parity with the best guess, confidence (the chance that place and phase are both right), needs_review (true: do
    not trust it before a person has looked), the words that led there, and why a look is needed.

    \b
    Example:
      ppp suggest activities.csv suggested.csv
    """
    from ppp.study.suggestions import suggest_file

    count, review = suggest_file(source, target)
    click.echo(f"{count} texts coded in {target}; {review} of them need a person's look.")
