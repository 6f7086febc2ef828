"""The reports."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ppp.cli.arguments import STUDY

__all__ = ["report"]


@click.command()
@STUDY
@click.option("--organization", "-o", "chosen", multiple=True, metavar="ID", help="Only this one; may be given again.")
@click.option("--language", "-l", metavar="sv,en", help="Languages of the reports  [default: those of study.yaml]")
@click.option("--wave", metavar="ID", default="", help="The round to report on  [default: the latest with data]")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), default=None, help="Reports made at once  [default: cores]")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for the reports  [default: reports/STUDY]")
def report(
    study: Path, chosen: tuple[str, ...], language: str | None, wave: str, jobs: int | None, output: Path | None
) -> None:
    """Make the reports: one HTML file for each organization and language, and an index.html.

    \b
    Examples:
      ppp report data/demo
      ppp report data/demo --organization solbacken --language sv
      ppp report data/demo --jobs 4 --output /tmp/reports
    """
    from ppp.study import open_study
    from ppp.study.round import plan, run

    planned = plan(
        open_study(study),
        organizations=list(chosen),
        languages=[item.strip() for item in language.split(",") if item.strip()] if language else None,
        wave=wave,
        output=output,
        progress=lambda step: click.echo(f"{step} …", err=True),
    )
    summary = run(planned, workers=jobs)
    for line in summary.lines():
        click.echo(line)
    sys.exit(1 if summary.failed else 0)
