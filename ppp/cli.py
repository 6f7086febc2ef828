"""``ppp …``: one thin command a verb.

Exit codes: 0 all went well, 1 some reports failed, 2 the input has faults (each told with its place and its mend).
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

import ppp
from ppp.errors import BadInput

__all__ = ["main"]

_STUDY = click.argument("study", type=click.Path(path_type=Path))


class _Commands(click.Group):
    """Turns bad input into a plain message and exit code 2, for every command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of the work, not of the alphabet

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BadInput as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            ctx.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(ppp.__version__, prog_name="ppp")
def main() -> None:
    """Patient–Professional Partnership workbook.

    Survey exports in, one board report for each organization out.

    \b
    Try it:
      ppp report data/demo            every report of the demo study
    Your own study:
      ppp new my_study                make its folder
      ppp check my_study              say what is wrong with it
      ppp report my_study             make its reports
    """


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Make a study folder to fill in.

    \b
    Example:
      ppp new data/region_2026
    """
    from ppp.study import new_study

    made = new_study(folder)
    click.echo(f"Made {made}. Next:")
    click.echo(f"  1. Put your survey exports in {made / 'exports'}")
    click.echo(f"  2. Fill in {made / 'study.yaml'}: it says how")
    click.echo(f"  3. ppp check {made}")


@main.command()
@_STUDY
def check(study: Path) -> None:
    """Say what is wrong with a study, or that it is sound.

    Reads study.yaml and every export, and writes nothing.

    \b
    Example:
      ppp check data/demo
    """
    from ppp.study import open_study
    from ppp.study.check import overview

    opened = open_study(study)
    for line in overview(opened):
        click.echo(line)


@main.command()
@_STUDY
def prepare(study: Path) -> None:
    """Derive the data that reports read, unless they are up to date.

    \b
    Example:
      ppp prepare data/demo
    """
    from ppp.study import open_study
    from ppp.study import prepare as prepare_study

    opened = open_study(study)
    prepared = prepare_study(opened, progress=lambda step: click.echo(f"{step} …", err=True))
    state = "were up to date" if prepared.was_fresh else "are ready"
    click.echo(f"Prepared data of {len(prepared.partitions)} organizations {state} in {opened.path / 'prepared'}.")
    for organization in prepared.without_data:
        click.echo(f"No export holds data about {organization}.")


@main.command()
@_STUDY
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


if __name__ == "__main__":
    main()
