"""The reports."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click

__all__ = ["report"]


@click.command()
@click.argument("study")
@click.option("--organization", "-o", "chosen", multiple=True, metavar="ID", help="Only this one; may be given again.")
@click.option(
    "--language",
    "-l",
    "spoken",
    multiple=True,
    metavar="sv,en",
    help="Languages of the reports; may be given again.  [default: those of study.yaml]",
)
@click.option("--wave", metavar="ID", default="", help="The round to report on  [default: the latest with data]")
@click.option(
    "--network/--no-network",
    default=None,
    help="Whether to make the report across all organizations too  [default: as study.yaml says, without -o]",
)
@click.option("--pdf", is_flag=True, help="Print each report as PDF too, by an installed Chrome, Chromium or Edge.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), default=None, help="Reports made at once  [default: cores]")
@click.option("--output", metavar="PATH", help="Folder or URL for the reports  [default: reports/STUDY]")
@click.option(
    "--timeout",
    type=click.FloatRange(1),
    metavar="SECONDS",
    default=600,
    show_default=True,
    help="How long one cell of a report may take.",
)
@click.option("--memory", type=click.FloatRange(1), metavar="GB", help="How much memory one report may take.")
@click.option("--dask", metavar="ADDRESS", default="", help="Make them on a Dask cluster (tcp://…), or: local.")
@click.option("--force", is_flag=True, help="Make also the reports that are up to date.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@click.option("--log-json", is_flag=True, help="One line of JSON an event instead of a progress bar.")
def report(
    study: str,
    chosen: tuple[str, ...],
    spoken: tuple[str, ...],
    wave: str,
    network: bool | None,
    pdf: bool,
    jobs: int | None,
    output: str | None,
    timeout: float,
    memory: float | None,
    dask: str,
    force: bool,
    dry_run: bool,
    log_json: bool,
) -> None:
    """Make the reports: one HTML file for each organization and language, one across all organizations, and an index.html.

    Reports that are up to date are left as they are. A batch that was stopped goes on where it was when the same command
    is given again.

    \b
    Examples:
      ppp report data/demo
      ppp report data/demo --organization solbacken --language sv
      ppp report data/demo --jobs 4 --output /tmp/reports
      ppp report data/demo --network --organization solbacken
      ppp report data/demo --pdf             (PPP_BROWSER=/path/to/chrome names the browser)
      ppp report data/demo --dry-run
      ppp report data/demo --dask tcp://10.0.0.1:8786
      ppp report s3://bucket/study --output s3://bucket/reports
    """
    from ppp.cli.progress import JsonLines, Lines, end_like_an_interrupt
    from ppp.study import open_study
    from ppp.study.remote import is_remote, reports_there, study_here
    from ppp.study.round import alone, plan, reports_folder, run

    told = JsonLines() if log_json else Lines()
    end_like_an_interrupt()
    with ExitStack() as stack:
        opened = open_study(stack.enter_context(study_here(study)))
        hear: list[Callable] = [told.outcome]
        if output and is_remote(output):
            folder, put = stack.enter_context(reports_there(output))
            hear.insert(0, put)
        else:
            folder = Path(output) if output else reports_folder(opened)
        stack.enter_context(alone(folder, waiting=told.waiting))
        planned = plan(
            opened,
            organizations=list(chosen),
            languages=[code.strip() for codes in spoken for code in codes.split(",") if code.strip()] or None,
            wave=wave,
            output=folder,
            network=network,
            pdf=pdf,
            force=force,
            progress=told.step,
        )
        if dry_run:
            told.plan(planned)
            return

        def heard(outcome: object) -> None:
            for one in hear:
                one(outcome)

        with told.following(planned):
            summary = run(
                planned,
                workers=jobs,
                timeout=timeout,
                memory=int(memory * 1024**3) if memory else None,
                dask=dask,
                heard=heard,
            )
    told.end(summary)
    sys.exit(summary.exit_code)
