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
@click.option(
    "--timeout",
    type=click.FloatRange(1),
    metavar="SECONDS",
    default=600,
    show_default=True,
    help="How long one cell of a report may take.",
)
@click.option("--memory", type=click.FloatRange(1), metavar="GB", help="How much memory one report may take.")
@click.option("--force", is_flag=True, help="Make also the reports that are up to date.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@click.option("--log-json", is_flag=True, help="One line of JSON an event instead of a progress bar.")
def report(
    study: Path,
    chosen: tuple[str, ...],
    language: str | None,
    wave: str,
    jobs: int | None,
    output: Path | None,
    timeout: float,
    memory: float | None,
    force: bool,
    dry_run: bool,
    log_json: bool,
) -> None:
    """Make the reports: one HTML file for each organization and language, and an index.html.

    Reports that are up to date are left as they are. A batch that was stopped goes on where it was when the same command
    is given again.

    \b
    Examples:
      ppp report data/demo
      ppp report data/demo --organization solbacken --language sv
      ppp report data/demo --jobs 4 --output /tmp/reports
      ppp report data/demo --dry-run
    """
    from ppp.cli.progress import JsonLines, Lines, end_like_an_interrupt
    from ppp.study import open_study
    from ppp.study.round import alone, plan, reports_folder, run

    opened = open_study(study)
    told = JsonLines() if log_json else Lines()
    end_like_an_interrupt()
    with alone(output or reports_folder(opened), waiting=told.waiting):
        planned = plan(
            opened,
            organizations=list(chosen),
            languages=[item.strip() for item in language.split(",") if item.strip()] if language else None,
            wave=wave,
            output=output,
            force=force,
            progress=told.step,
        )
        if dry_run:
            told.plan(planned)
            return
        with told.following(planned):
            summary = run(
                planned,
                workers=jobs,
                timeout=timeout,
                memory=int(memory * 1024**3) if memory else None,
                heard=told.outcome,
            )
    told.end(summary)
    sys.exit(summary.exit_code)
