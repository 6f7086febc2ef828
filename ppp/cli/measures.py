"""The measures of a study, as they may be shared."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ppp.cli.arguments import STUDY

__all__ = ["measures"]


@click.command()
@STUDY
@click.option("--organization", "-o", "chosen", multiple=True, metavar="ID", help="Only this one; may be given again.")
@click.option("--measure", "-m", "names", multiple=True, metavar="NAME", help="Only this one; may be given again.")
@click.option("--wave", metavar="ID", default="", help="Only this round.")
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="For the eye, for a spreadsheet (one measure), or for a program.",
)
def measures(study: Path, chosen: tuple[str, ...], names: tuple[str, ...], wave: str, form: str) -> None:
    """Print the measures as they may be shared, each number with its state.

    States: shown, none (a true zero), some (more than zero, how many is withheld), withheld, cannot_say. What each
    measure means, and what it cannot say, stands in docs/methods.md. Nothing printed here points at anybody.

    \b
    Examples:
      ppp measures data/demo --organization solbacken
      ppp measures data/demo -o solbacken --measure parity_gap --wave 2026
      ppp measures data/demo --measure coverage --format csv > coverage.csv
      ppp measures data/demo -o solbacken --format json
    """
    from ppp.study import open_study
    from ppp.study.measured import as_csv, as_json, as_text, measured

    tables = measured(
        open_study(study), organizations=list(chosen), names=list(names), wave=wave,
        progress=lambda step: click.echo(f"{step} …", err=True),
    )  # fmt: skip
    text = {"table": as_text, "csv": as_csv, "json": as_json}[form](tables)
    sys.stdout.write(text)
