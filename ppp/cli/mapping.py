"""Our own form, and mappings proposed for others."""

from __future__ import annotations

from pathlib import Path

import click

from ppp.errors import BadInput, Problem

__all__ = ["instrument", "map_"]


@click.command()
@click.option(
    "--format",
    "kind",
    required=True,
    type=click.Choice(["redcap", "xlsform", "limesurvey", "qualtrics", "print"]),
    help="The survey tool; xlsform is for KoboToolbox and ODK, print for paper.",
)
@click.option("--language", "-l", default="sv,en", show_default=True, metavar="sv,en", help="The form's languages.")
@click.option("--activities", type=click.IntRange(1, 20), default=3, show_default=True, help="Activities a respondent.")
@click.option("--study", type=click.Path(path_type=Path), help="Offer this study's organizations to choose from.")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write  [default: in this folder]")
def instrument(kind: str, language: str, activities: int, study: Path | None, output: Path | None) -> None:
    """Make our own form for a survey tool, or for paper. Its exports need no mapping.

    \b
    Examples:
      ppp instrument --format redcap
      ppp instrument --format xlsform --language sv --study data/my_study
      ppp instrument --format print --output form.html
    """
    from ppp.study import open_study
    from ppp.surveys.instrument import FORMATS, LANGUAGES, SUFFIXES, form

    languages = [item.strip() for item in language.split(",") if item.strip()]
    unknown = [item for item in languages if item not in LANGUAGES]
    if unknown or not languages:
        raise BadInput(
            Problem("The form is not in this language.", column=", ".join(unknown), mend="Use sv, en or both.")
        )
    named = []
    if study is not None:
        organizations = open_study(study).settings.organizations
        named = [(item.id, {key: item.name[key] for key in LANGUAGES}) for item in organizations]
    content = FORMATS[kind](form(activities=activities, organizations=named), languages)
    path = output or Path(f"partnership_{kind}{SUFFIXES[kind]}")
    if path.exists() and output is None:
        raise BadInput(Problem("This file exists already.", file=str(path), mend="Name another with --output."))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(Problem(f"The file cannot be written ({error.strerror}).", file=str(path))) from None
    if kind == "print":
        click.echo(f"Made {path}: print it from a browser. Answers typed in under its names map by themselves.")
    else:
        click.echo(f"Made {path}. Its export maps by itself: `mapping: instrument` in study.yaml.")


@click.command("map")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--study", type=click.Path(path_type=Path), help="Write the proposal into this study's study.yaml.")
@click.option("--wave", metavar="ID", help="With --study: the round that the file belongs to.")
@click.option(
    "--companion", "--dictionary", "companion", type=click.Path(path_type=Path), metavar="FILE",
    help="What explains the codes: REDCap's dictionary, a .qsf, .lss or XLSForm.",
)  # fmt: skip
@click.option("--platform", metavar="NAME", help="What it was exported from  [default: found from its content]")
@click.option("--encoding", metavar="NAME", help="e.g. cp1252, mac-roman  [default: found, and said]")
@click.option("--delimiter", metavar="SIGN", help="The sign between cells, or tab  [default: found]")
@click.option("--sheet", metavar="NAME", help="The sheet of a spreadsheet  [default: the one with the answers]")
@click.option("--name", default="", help="The mapping's name  [default: the file's]")
def map_(
    file: Path,
    study: Path | None,
    wave: str | None,
    companion: Path | None,
    platform: str | None,
    encoding: str | None,
    delimiter: str | None,
    sheet: str | None,
    name: str,
) -> None:
    """Propose what an export's questions mean, for a person to correct.

    Without --study it prints the mapping. With it, the mapping is written into study.yaml, whose own lines stay as
    they are; the file as it was is kept as study.yaml.bak. Proposed are questions, what answers in other words mean,
    statements that may be worded the other way round, and activities in blocks or in a repeating part.

    \b
    Examples:
      ppp map answers.csv
      ppp map records.csv --companion dictionary.csv
      ppp map data/my_study/exports/answers.csv --study data/my_study --wave 2026
    """
    import re

    from ppp.study import open_study
    from ppp.study.write import add_mapping
    from ppp.surveys import read_export
    from ppp.surveys.instrument import recognize
    from ppp.surveys.privacy import guard
    from ppp.surveys.propose import as_yaml, propose

    how = {"platform": platform, "encoding": encoding, "delimiter": delimiter, "sheet": sheet}
    settings = open_study(study).settings if study is not None else None
    spellings = {name: key for name, key in settings.spellings() if key} if settings else {}
    keep = settings.privacy.keep if settings else ()
    export, privacy = guard(
        read_export(
            file,
            dictionary=companion,
            limits=settings.limits if settings else None,
            platform=platform,
            encoding=encoding,
            delimiter=delimiter,
            sheet=sheet,
        ),
        keep=keep,
        spare=spellings,
    )
    for note in privacy.notes():
        click.echo(note, err=True)
    name = name or re.sub(r"\W+", "_", file.stem).strip("_").lower() or "form"
    if recognize(export) is not None:
        click.echo("This is an export of our own form: it needs no mapping.")
        text, name = "", "instrument"
    else:
        proposals = propose(export, organizations=spellings)
        click.echo(f"{'certain':>7}  {'means':<28} question", err=True)
        for one in proposals:
            click.echo(f"{one.certainty:>7.0%}  {one.target:<28} {one.question}  ({one.why})", err=True)
        text = as_yaml(export, proposals, name)
    if study is None:
        click.echo(text, nl=False)
        return
    path = add_mapping(study, text, name=name, file=file, wave=wave, dictionary=companion, how=how)
    click.echo(f"Wrote the mapping “{name}” into {path}. Lines marked LOOK need a person; then `ppp check {study}`.")
