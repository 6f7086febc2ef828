"""Coding by people: progress, sheets, differences, agreement."""

from __future__ import annotations

from pathlib import Path

import click

from ppp.cli.arguments import STUDY

__all__ = ["agree", "code"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@STUDY
@click.option("--coder", metavar="NAME", help="Whose sheet it is.")
@click.option(
    "--sheet", type=_FILE, metavar="OUT.xlsx", help="Write the coder's activities as a spreadsheet to fill in."
)
@click.option("--take", type=_FILE, metavar="IN.xlsx", help="Take a filled-in sheet; wrong rows are told and left out.")
@click.option("--differences", type=_FILE, metavar="OUT.xlsx", help="Write where coders differ as a sheet to settle.")
@click.option("--settle", "settled", type=_FILE, metavar="IN.xlsx", help="Take a settled sheet.")
@click.option("--by", metavar="NAME", help="Who settled it  [default: the study's coders]")
@click.option("--learn", is_flag=True, help="Learn from what coders settled or agree on; kept only if it is better.")
@click.option("--language", "-l", metavar="sv|en", help="Language of a sheet  [default: the study's first]")
@click.option("--codebook", type=_FILE, metavar="OLD.yaml", help="Say what to look at again since that codebook.")
def code(
    study: Path,
    coder: str | None,
    sheet: Path | None,
    take: Path | None,
    differences: Path | None,
    settled: Path | None,
    by: str | None,
    learn: bool,
    language: str | None,
    codebook: Path | None,
) -> None:
    """Code activities: say how far it has come, and exchange sheets with coders.

    \b
    Examples:
      ppp code data/demo                                    progress, and what to do next
      ppp code data/demo --coder anna --sheet anna.xlsx     a sheet for Anna
      ppp code data/demo --coder anna --take anna.xlsx      what she filled in
      ppp code data/demo --differences differences.xlsx     what to settle
      ppp code data/demo --settle differences.xlsx          what was settled
      ppp code data/demo --learn                            better suggestions from it
    """
    chosen = [option for option in (sheet, take, differences, settled, codebook) if option is not None]
    if len(chosen) + learn > 1:
        raise click.UsageError("Give one of --sheet, --take, --differences, --settle, --codebook and --learn.")
    if (sheet or take) and not coder:
        raise click.UsageError("Say whose sheet it is: --coder NAME.")
    from ppp.study import open_study

    opened = open_study(study)
    if learn:
        from ppp.study.learning import learn_from

        for line in learn_from(opened):
            click.echo(line)
        return
    if not chosen:
        from ppp.study.coding import progress

        for line in progress(opened):
            click.echo(line)
        return
    if codebook:
        from ppp.study.coding import codebook_lines

        for line in codebook_lines(opened, codebook):
            click.echo(line)
        return
    from ppp.study import sheets

    language = language or opened.settings.languages[0]
    if sheet and coder:
        lines = sheets.write_coding_sheet(opened, coder, sheet, language=language)
    elif take and coder:
        lines = sheets.take_coding_sheet(opened, coder, take)
    elif differences:
        lines = sheets.write_differences_sheet(opened, differences, language=language)
    elif settled:
        lines = sheets.take_differences_sheet(opened, settled, by=by)
    for line in lines:
        click.echo(line)


@click.command()
@STUDY
@click.option("--json", "as_json", is_flag=True, help="The numbers as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="The numbers as CSV.")
@click.option(
    "--half-width",
    type=click.FloatRange(0.01, 0.5),
    default=0.1,
    show_default=True,
    help="Interval to aim for, plus or minus.",
)
def agree(study: Path, as_json: bool, as_csv: bool, half_width: float) -> None:
    """Say how far the coders agree, by dimension and code, before and after settling.

    \b
    Examples:
      ppp agree data/demo
      ppp agree data/demo --csv > agreement.csv
    """
    from ppp.study import open_study
    from ppp.study.coding import agreement, agreement_lines

    opened = open_study(study)
    if not (as_json or as_csv):
        for line in agreement_lines(opened, half_width=half_width):
            click.echo(line)
        return
    import pandas as pd

    parts = [agreement(opened, when=when).assign(when=when) for when in ("before", "after")]
    table = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    if as_json:
        click.echo(table.to_json(orient="records", force_ascii=False, indent=1))
    else:
        click.echo(table.to_csv(index=False), nl=False)
