"""The study's folder: make it, check it, prepare its data."""

from __future__ import annotations

from pathlib import Path

import click

from ppp.cli.arguments import STUDY

__all__ = ["aliases", "check", "new", "prepare"]


@click.command()
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


@click.command()
@STUDY
@click.option("--json", "as_json", is_flag=True, help="As JSON, problems too.")
def check(study: Path, as_json: bool) -> None:
    """Say what is wrong with a study, or that it is sound, and what it holds.

    Reads study.yaml and every export, and writes nothing. Tells how each export was read; respondents by organization
    and role; coverage of the map; parts of the form that were skipped; duplicates; impossible values; columns that no
    mapping uses; and what the privacy door took. The same as a notebook page: notebooks/1_load_and_check.ipynb.

    \b
    Examples:
      ppp check data/demo
      ppp check data/demo --json
    """
    import json

    from ppp.errors import BadInput
    from ppp.study import open_study
    from ppp.study.check import check as look_through
    from ppp.study.check import overview

    if not as_json:
        for line in overview(open_study(study)):
            click.echo(line)
        return
    try:
        told = look_through(open_study(study)).as_json()
    except BadInput as error:  # study.yaml itself
        told = {"sound": False, "problems": [vars(problem) for problem in error.problems]}
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    if not told["sound"]:
        raise click.exceptions.Exit(2)


@click.command()
@STUDY
@click.option("--dry-run", is_flag=True, help="Show the proposals and write nothing.")
def aliases(study: Path, dry_run: bool) -> None:
    """Propose which organization each unknown spelling means, for a person to confirm.

    Reads every export, shows the spellings that study.yaml does not list with the organization that is most likely
    meant and how certain that is, and writes them into its alias table, unconfirmed: nothing counts before a person
    has set `confirmed: yes`. All other lines of study.yaml stay as they are; the file as it was is kept as
    study.yaml.bak.

    \b
    Examples:
      ppp aliases data/my_study
      ppp aliases data/my_study --dry-run
    """
    from ppp.study import open_study
    from ppp.study.aliases import alias_lines, unlisted
    from ppp.study.write import add_aliases

    opened = open_study(study)
    found = unlisted(opened)
    for line in alias_lines(opened, found):
        click.echo(line)
    if dry_run or found.empty:
        return
    added = add_aliases(opened, found["proposal"])
    if added:
        click.echo(f"Wrote {len(added)} of them into {opened.path / 'study.yaml'}: look at each, set confirmed: yes where right, then `ppp check {study}`.")  # fmt: skip
    else:
        click.echo("All of them stand in study.yaml already: set confirmed: yes where right.")


@click.command()
@STUDY
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
