"""The yearly round: which reports to make of a study, making them, and saying how it went."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from ppp.disclosure import Partition
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.language import speak
from ppp.reports.batch import Job, Outcome, make_reports
from ppp.reports.index import Entry, index_page
from ppp.reports.page import report_notebook
from ppp.study.folder import Study
from ppp.study.prepare import prepare

__all__ = ["Plan", "Summary", "plan", "run"]


@dataclass(frozen=True)
class Plan:
    """The reports to be made."""

    study: Study
    languages: list[str]
    output: Path
    jobs: list[Job]
    partitions: dict[str, Partition]
    skipped: dict[str, str]


@dataclass(frozen=True)
class Summary:
    """How a round went."""

    plan: Plan
    made: list[Job] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What to tell the person who ran it."""
        organizations = len({job.organization for job in self.made})
        lines = [
            f"Made {len(self.made)} reports of {organizations} organizations ({', '.join(self.plan.languages)}).",
            *(f"Skipped {organization}: {why}." for organization, why in self.plan.skipped.items()),
            *(
                f"Failed {outcome.job.organization} ({outcome.job.language}): {outcome.error}"
                for outcome in sorted(self.failed, key=lambda outcome: (outcome.job.organization, outcome.job.language))
            ),
        ]
        if self.failed:
            names = " ".join(
                f"-o {name}" for name in dict.fromkeys(outcome.job.organization for outcome in self.failed)
            )
            lines.append(f"Run again what failed: ppp report {self.plan.study.path} {names}")
        lines.append(f"Open {self.plan.output / 'index.html'}")
        return lines


def plan(
    study: Study,
    *,
    organizations: list[str] | None = None,
    languages: list[str] | None = None,
    wave: str = "",
    output: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Plan:
    """The reports that a round makes; prepares the study's data where they are not up to date.

    Raises
    ------
    BadInput
        Where an organization, language or wave does not exist, or the data have faults. Nothing is written then.
    """
    settings = study.settings
    known = [item.id for item in settings.organizations]
    problems = [
        Problem(
            f"The study has no organization “{name}”.",
            file="study.yaml",
            column="organizations",
            mend=did_you_mean(name, known),
        )
        for name in organizations or []
        if name not in known
    ]
    waves = [item.id for item in settings.waves]
    if wave and wave not in waves:
        problems.append(
            Problem(
                f"The study has no wave “{wave}”.", file="study.yaml", column="waves", mend=did_you_mean(wave, waves)
            )
        )
    chosen_languages = list(dict.fromkeys(languages or settings.languages))
    for code in chosen_languages:
        try:
            speak(code)
        except BadInput as error:
            problems.extend(error.problems)
    if problems:
        raise BadInput(problems)

    prepared = prepare(study, progress=progress)
    chosen = list(dict.fromkeys(organizations or known))
    folder = output or Path("reports") / study.id
    opened = {key: Partition.read(path) for key, path in prepared.partitions.items()}
    jobs = [
        Job(
            study=study.path.as_posix(),
            organization=name,
            language=code,
            wave=wave,
            notebook=report_notebook(),
            page=folder / f"{opened[name].slug}.{code}.html",
        )
        for name in chosen
        if name in opened
        for code in chosen_languages
    ]
    skipped = {name: "no export holds data about it" for name in chosen if name not in opened}
    return Plan(study, chosen_languages, folder, jobs, opened, skipped)


def run(planned: Plan, *, workers: int | None = None) -> Summary:
    """Make the reports and the index; a progress bar stands on a terminal."""
    summary = Summary(planned)
    try:
        planned.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            Problem(f"The folder for the reports cannot be made ({error.strerror}).", file=str(planned.output))
        ) from None
    bar = tqdm(total=len(planned.jobs), unit="report", desc="Reports", disable=None)
    with bar:
        for outcome in make_reports(planned.jobs, workers=workers or os.cpu_count() or 1):
            if outcome.error:
                summary.failed.append(outcome)
            else:
                summary.made.append(outcome.job)
            bar.update()
    _write_index(planned)
    return summary


def _write_index(planned: Plan) -> None:
    """The index lists every report that is there, also those of an earlier run."""
    language = planned.languages[0]
    entries = []
    for partition in planned.partitions.values():
        pages = {}
        for path in sorted(planned.output.glob(f"{partition.slug}.*.html")):
            code = path.name[len(partition.slug) + 1 : -len(".html")]
            if code.isalpha():
                pages[code] = path.name
        if pages:
            group = partition.group.name(language) if partition.group else ""
            entries.append(Entry(partition.organization.name(language), group, pages))
    page = index_page(planned.study.settings.title[language], entries, language=language)
    unfinished = planned.output / ".index.html"
    unfinished.write_text(page, encoding="utf-8")
    os.replace(unfinished, planned.output / "index.html")
