"""The yearly round: which reports to make of a study, making them, and saying how it went."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout

from ppp.disclosure import Partition
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.language import speak
from ppp.reports.batch import MAKING, Job, Outcome, is_disk_full
from ppp.reports.freshness import Manifest, inputs, sha256
from ppp.reports.index import Entry, index_page
from ppp.reports.look import Look
from ppp.reports.page import report_notebook
from ppp.reports.workers import make_reports
from ppp.study.folder import Study
from ppp.study.prepare import prepare

__all__ = ["Outcome", "Plan", "Summary", "alone", "plan", "reports_folder", "run"]


@dataclass(frozen=True)
class Plan:
    """The reports of a round.

    Attributes
    ----------
    jobs
        Those to be made.
    fresh
        Those that are there already, made from just the same data, program and options.
    skipped
        Organizations that get none, each with the reason.
    """

    study: Study
    languages: list[str]
    output: Path
    jobs: list[Job]
    fresh: list[Job]
    partitions: dict[str, Partition]
    skipped: dict[str, str]


@dataclass
class Summary:
    """How a round went."""

    plan: Plan
    made: list[Job] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)
    is_disk_full: bool = False
    was_stopped: bool = False

    @property
    def exit_code(self) -> int:
        """0 all went well, 1 some reports failed, 2 none could be made for want of room, 130 stopped by Ctrl-C."""
        if self.was_stopped:
            return 130
        if self.is_disk_full and not self.made:
            return 2
        return 1 if self.failed or self.is_disk_full else 0

    def lines(self) -> list[str]:
        """What to tell the person who ran it."""
        organizations = len({job.organization for job in self.made})
        fresh = len(self.plan.fresh)
        failed = sorted(self.failed, key=lambda outcome: (outcome.job.organization, outcome.job.language))
        lines = [f"Made {len(self.made)} reports of {organizations} organizations ({', '.join(self.plan.languages)})."]
        if fresh:
            lines.append(f"{fresh} were up to date already (--force makes them anew).")
        lines += [f"Skipped {organization}: {why}." for organization, why in self.plan.skipped.items()]
        for outcome in failed:
            lines.append(f"Failed {outcome.job.organization} ({outcome.job.language}): {outcome.error}")
            if outcome.job.failed.is_file():
                lines.append(f"    its notebook as far as it came: {outcome.job.failed}")
        if self.is_disk_full:
            lines.append("The disk is full. Make room, then run the same command: it goes on where it was.")
        if self.was_stopped:
            lines.append("Stopped. Run the same command to go on where it was.")
        elif failed:
            names = " ".join(f"-o {name}" for name in dict.fromkeys(outcome.job.organization for outcome in failed))
            lines.append(f"Run again what failed: ppp report {self.plan.study.path} {names}")
        lines.append(f"Open {self.plan.output / 'index.html'}")
        return lines


@contextmanager
def alone(folder: Path, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the folder of the reports for this batch alone; another batch on it waits until this one has ended.

    Raises
    ------
    BadInput
        Where the folder cannot be made.
    """
    was_there = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting()
            lock.acquire()
    except OSError as error:
        raise BadInput(
            Problem(
                f"The folder for the reports cannot be made ({error.strerror}).",
                file=str(folder),
                mend="Check its permissions, or choose another with --output.",
            )
        ) from None
    try:
        # Whoever left one of these was killed: nobody else is here.
        for left in folder.glob(f"{MAKING}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()
        if not was_there:
            _remove_if_unused(folder)


def _remove_if_unused(folder: Path) -> None:
    """Where nothing was made, nothing is left: not even the empty folder."""
    if [path.name for path in folder.iterdir()] == [".lock"]:
        shutil.rmtree(folder, ignore_errors=True)


def plan(
    study: Study,
    *,
    organizations: list[str] | None = None,
    languages: list[str] | None = None,
    wave: str = "",
    output: Path | None = None,
    force: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Plan:
    """The reports that a round makes; prepares the study's data where they are not up to date.

    Parameters
    ----------
    organizations, languages, wave
        What to make; all organizations, the study's languages and the latest wave with data where left out.
    output
        The folder for the reports; see `reports_folder`.
    force
        Whether to make those that are up to date as well.

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
    folder = output or reports_folder(study)
    opened = {key: Partition.read(path) for key, path in prepared.partitions.items()}
    notebook = report_notebook()
    manifest = Manifest(folder / "manifest.jsonl")
    look = sha256(Look.path_beside(next(iter(prepared.partitions.values())))) if prepared.partitions else ""
    jobs: list[Job] = []
    fresh: list[Job] = []
    for name in chosen:
        if name not in opened:
            continue
        for code in chosen_languages:
            job = Job(
                study=study.path.as_posix(),
                organization=name,
                language=code,
                wave=wave,
                partition=prepared.partitions[name],
                notebook=notebook,
                page=folder / f"{opened[name].slug}.{code}.html",
            )
            job = replace(
                job,
                inputs=inputs(partition=job.partition, notebook=notebook, options=(study.id, name, code, wave, look)),
            )
            is_fresh = not force and manifest.is_fresh(job.page, job.executed, job.inputs)
            (fresh if is_fresh else jobs).append(job)
    skipped = {name: "no export holds data about it" for name in chosen if name not in opened}
    return Plan(study, chosen_languages, folder, jobs, fresh, opened, skipped)


def reports_folder(study: Study) -> Path:
    """Where the study's reports go when nothing else is asked for."""
    return Path("reports") / study.id


def run(
    planned: Plan,
    *,
    workers: int | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    heard: Callable[[Outcome], None] = lambda outcome: None,
) -> Summary:
    """Make the reports and the index. To be called inside `alone`.

    Parameters
    ----------
    workers
        Reports made at once; as many as there are cores where left out.
    timeout
        Seconds that one cell of a report's notebook may take.
    memory
        Bytes of memory that one report may take.
    heard
        Is told each outcome as it comes.
    """
    summary = Summary(planned)
    manifest = Manifest(planned.output / "manifest.jsonl")
    outcomes = make_reports(planned.jobs, workers=workers or os.cpu_count() or 1, timeout=timeout, memory=memory)
    try:
        for outcome in outcomes:
            if outcome.is_disk_full:
                summary.is_disk_full = True
                break
            if outcome.error:
                summary.failed.append(outcome)
            else:
                manifest.add(
                    outcome.job.page,
                    inputs=outcome.job.inputs,
                    page_sha256=outcome.page_sha256,
                    executed_sha256=outcome.executed_sha256,
                )
                summary.made.append(outcome.job)
            heard(outcome)
    except KeyboardInterrupt:
        summary.was_stopped = True
    except OSError as error:
        _note(error, summary)
    finally:
        outcomes.close()
        for left in planned.output.glob(f"{MAKING}*"):
            shutil.rmtree(left, ignore_errors=True)
    if not summary.is_disk_full:
        try:
            _write_index(planned)
        except OSError as error:
            _note(error, summary)
    return summary


def _note(error: OSError, summary: Summary) -> None:
    """A full disk ends the batch with what was made; anything else must be mended before the next."""
    if not is_disk_full(error):
        raise BadInput(
            Problem(
                f"The folder for the reports cannot be written to ({error.strerror}).",
                file=str(summary.plan.output),
                mend="Check its permissions.",
            )
        ) from None
    summary.is_disk_full = True


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
