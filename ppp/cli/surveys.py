"""One survey export, without a study."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["inspect"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--companion", type=click.Path(path_type=Path), metavar="FILE",
    help="What explains the codes: REDCap's dictionary, a .qsf, .lss or XLSForm.",
)  # fmt: skip
@click.option("--platform", metavar="NAME", help="What it was exported from  [default: found from its content]")
@click.option("--encoding", metavar="NAME", help="e.g. cp1252, mac-roman  [default: found, and said]")
@click.option("--sheet", metavar="NAME", help="The sheet of a spreadsheet  [default: the one with the answers]")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def inspect(
    file: Path, companion: Path | None, platform: str | None, encoding: str | None, sheet: str | None, as_json: bool
) -> None:
    """Say what a survey export is: platform, questions, choices, and what was assumed. Needs no study.

    Never shows what anybody wrote: choices are listed only where they are choices.

    \b
    Examples:
      ppp inspect answers.csv
      ppp inspect records.csv --companion dictionary.csv
      ppp inspect answers.sav --json
    """
    from ppp.surveys import read_export
    from ppp.surveys.inspection import describe, lines

    export = read_export(file, platform=platform, encoding=encoding, sheet=sheet, dictionary=companion, name=str(file))
    about = describe(export)
    if as_json:
        click.echo(json.dumps(about, ensure_ascii=False, indent=2))
        return
    for line in lines(about):
        click.echo(line)
