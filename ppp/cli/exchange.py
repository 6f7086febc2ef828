"""Codings to and from other programs."""

from __future__ import annotations

from pathlib import Path

import click

from ppp.cli.arguments import STUDY

__all__ = ["exchange"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@STUDY
@click.option("--out", "out", type=_FILE, metavar="FILE", help="Write a .qdpx, .qdc, .csv or .sav file.")
@click.option("--in", "into", type=_FILE, metavar="FILE", help="Take codings from such a file, or compare a codebook.")
@click.option("--coder", metavar="NAME", help="Whose codings are taken.")
@click.option("--language", "-l", metavar="sv|en", help="Language of the codes' names  [default: the study's first]")
def exchange(study: Path, out: Path | None, into: Path | None, coder: str | None, language: str | None) -> None:
    """Exchange codings with NVivo, ATLAS.ti, MAXQDA, QualCoder (REFI-QDA), SPSS and spreadsheets.

    \b
    Examples:
      ppp exchange data/demo --out project.qdpx              texts, codes and codings
      ppp exchange data/demo --out codebook.qdc              the codebook alone
      ppp exchange data/demo --out codings.sav               for SPSS; .csv for anything else
      ppp exchange data/demo --in project.qdpx --coder anna  what Anna coded in another program
    """
    if (out is None) == (into is None):
        raise click.UsageError("Give one of --out and --in.")
    from ppp.study import open_study
    from ppp.study.exchange import export, take

    opened = open_study(study)
    if out is not None:
        lines = export(opened, out, language=language or opened.settings.languages[0])
    elif into is not None:
        lines = take(opened, into, coder)
    for line in lines:
        click.echo(line)
