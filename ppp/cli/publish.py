"""Publishing reports."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ppp.cli.arguments import STUDY

__all__ = ["publish"]


@click.command()
@STUDY
@click.argument("destination", metavar="DEST")
@click.option("--output", type=click.Path(path_type=Path), help="Where the reports are  [default: reports/STUDY]")
def publish(study: Path, destination: str, output: Path | None) -> None:
    """Put index and reports, and nothing else, in a folder or at a URL.

    Each page is looked at once more. One that is not just what `ppp report` makes of the study today, that asks for
    anything from elsewhere, or that holds an answer somebody wrote is left out, with the reason; the exit code is then 1.
    DEST may be any URL that fsspec knows, where the package for it is installed.

    \b
    Examples:
      ppp publish data/demo /srv/www/reports
      ppp publish data/demo s3://bucket/reports
    """
    from ppp.study import open_study
    from ppp.study.publish import publish as put

    done = put(open_study(study), destination, output=output, progress=lambda step: click.echo(f"{step} …", err=True))
    for name, why in done.refused.items():
        click.echo(f"Left out {name}: {why}.")
    for name in done.others:
        click.echo(f"Also there, from before: {name}")
    click.echo(f"Published {len(done.pages)} pages: {destination}")
    sys.exit(1 if done.refused else 0)
