"""The yearly round: which reports to make of a study, making them, and saying how it went."""

from __future__ import annotations

import hashlib
import html
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock, Timeout

from ppp.disclosure import Partition
from ppp.errors import BadInput, Problem, did_you_mean
from ppp.language import capital, speak
from ppp.reports.batch import MAKING, Job, Outcome, is_disk_full
from ppp.reports.browser import find_browser
from ppp.reports.cluster import make_reports_on_cluster
from ppp.reports.freshness import Manifest, inputs, sha256
from ppp.reports.index import Entry, index_file, index_page
from ppp.reports.look import Look
from ppp.reports.look import name as shown_name
from ppp.reports.page import NETWORK_NOTEBOOK, report_notebook
from ppp.reports.workers import make_reports
from ppp.study.folder import Study
from ppp.study.prepare import prepare, prepared_network

__all__ = ["Outcome", "Plan", "Summary", "alone", "plan", "reports_folder", "run", "write_index"]


@dataclass(frozen=True)
class Plan:
    """The reports of a round.

    Attributes
    ----------
    jobs
        Those to be made.
    fresh
        Those that are there already, made from just the same data, program and options.
    partitions
        Each organization's partition without its tables, by its id.
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

    @property
    def batch(self) -> str:
        """Tells this round from others: the same where it goes on after it was stopped."""
        inputs = sorted(job.inputs for job in (*self.jobs, *self.fresh))
        return hashlib.sha256("\n".join(inputs).encode()).hexdigest()[:16]


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
        organizations = len({job.organization for job in self.made if job.organization})
        own = sum(bool(job.organization) for job in self.made)
        fresh = len(self.plan.fresh)
        failed = sorted(self.failed, key=lambda outcome: (outcome.job.organization, outcome.job.language))
        reports = "1 report" if own == 1 else f"{own} reports"
        of = "1 organization" if organizations == 1 else f"{organizations} organizations"
        lines = [f"Made {reports} of {of} ({', '.join(self.plan.languages)})."]
        if len(self.made) > own:
            lines.append(f"Made {len(self.made) - own} of all organizations together.")
        if fresh:
            lines.append(f"{fresh} were up to date already (--force makes them anew).")
        lines += [f"Skipped {organization}: {why}." for organization, why in self.plan.skipped.items()]
        for outcome in failed:
            lines.append(f"Failed {outcome.job.about} ({outcome.job.language}): {outcome.error}")
            if outcome.job.failed.is_file():
                lines.append(f"    its notebook as far as it came: {outcome.job.failed}")
        if self.is_disk_full:
            lines.append("The disk is full. Make room, then run the same command: it goes on where it was.")
        if self.was_stopped:
            lines.append("Stopped. Run the same command to go on where it was.")
        elif failed:
            about = dict.fromkeys(outcome.job.organization for outcome in failed)
            names = [f"-o {name}" for name in about if name] + ["--network"] * ("" in about)
            lines.append(f"Run again what failed: ppp report {self.plan.study.path} {' '.join(names)}")
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
    network: bool | None = None,
    pdf: bool = False,
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
    network
        Whether to make the report across all organizations too; where left out, as ``study.yaml`` says if all
        organizations are asked for, and not if some are.
    pdf
        Whether to print each report as PDF too, by an installed browser.
    force
        Whether to make those that are up to date as well.

    Raises
    ------
    BadInput
        Where an organization, language or wave does not exist, the data have faults, or a PDF is asked for and there is
        no browser. Nothing is written then.
    """
    browser = find_browser() if pdf else None
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
    # Without their tables: this process holds all of them, and only names organizations.
    opened = {key: Partition.read(path).model_copy(update={"tables": {}}) for key, path in prepared.partitions.items()}
    notebook, across = report_notebook(), report_notebook(NETWORK_NOTEBOOK)
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
                browser=browser,
            )
            job = replace(
                job,
                inputs=inputs(partition=job.partition, notebook=notebook, options=(study.id, name, code, wave, look)),
            )
            is_fresh = not force and manifest.is_fresh(job.page, job.executed, job.inputs, job.pdf if pdf else None)
            (fresh if is_fresh else jobs).append(job)
    wanted = settings.report.network and not organizations if network is None else network
    if network and prepared.network is None:
        prepared_network(study)  # tells why there is none
    for code in chosen_languages:
        if not wanted or prepared.network is None:
            break
        job = Job(
            study=study.path.as_posix(),
            organization="",
            language=code,
            wave=wave,
            partition=prepared.network,
            notebook=across,
            page=folder / f"network.{code}.html",
            browser=browser,
        )
        job = replace(
            job, inputs=inputs(partition=job.partition, notebook=across, options=(study.id, code, wave, look))
        )
        is_fresh = not force and manifest.is_fresh(job.page, job.executed, job.inputs, job.pdf if pdf else None)
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
    dask: str = "",
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
        Bytes of memory that one report may take, where it is made here.
    dask
        Address of a Dask scheduler, or ``local``, to have the reports made there; see `ppp.reports.cluster`.
    heard
        Is told each outcome as it comes.
    """
    summary = Summary(planned)
    manifest = Manifest(planned.output / "manifest.jsonl")
    workers = workers or os.cpu_count() or 1
    if dask:
        outcomes = make_reports_on_cluster(planned.jobs, address=dask, workers=workers, timeout=timeout)
    else:
        outcomes = make_reports(planned.jobs, workers=workers, timeout=timeout, memory=memory)
    try:
        for outcome in outcomes:
            if outcome.is_disk_full:
                summary.is_disk_full = True
                break
            if outcome.error:
                manifest.add_failure(outcome.job.page, inputs=outcome.job.inputs, batch=planned.batch)
                summary.failed.append(outcome)
            else:
                manifest.add(
                    outcome.job.page,
                    inputs=outcome.job.inputs,
                    page_sha256=outcome.page_sha256,
                    executed_sha256=outcome.executed_sha256,
                    pdf_sha256=outcome.pdf_sha256,
                    batch=planned.batch,
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


def write_index(planned: Plan, folder: Path) -> None:
    """The index of the reports that lie in another folder than they were made in."""
    _write_index(replace(planned, output=folder))


def _write_index(planned: Plan) -> None:
    """The index lists every report that is there, also those of an earlier run; one index in each language."""
    settings = planned.study.settings
    manifest = Manifest(planned.output / "manifest.jsonl")
    pages, pdfs = (_by_language(planned.output, ending) for ending in ("html", "pdf"))
    slugs = {partition.slug for partition in planned.partitions.values()}
    made = {code for stem, found in pages.items() if stem in slugs for code in found}
    order = [*settings.languages, *sorted(made - set(settings.languages))]
    languages = [code for code in order if code in made] or planned.languages[:1]
    for language in languages:
        entries = [
            _entry(partition, pages, pdfs, manifest, language, order) for partition in planned.partitions.values()
        ]
        entries += [
            Entry(item.name[language], "", {}) for item in settings.organizations if item.id not in planned.partitions
        ]
        page = index_page(
            settings.title[language],
            entries,
            language=language,
            languages=languages,
            look=planned.study.look(),
            network=_in_order(pages.get("network", {}), language, order),
            wave=_wave(
                planned,
                [found[language] for stem, found in pages.items() if stem in slugs and language in found],
                language,
            ),
        )
        unfinished = planned.output / f".index.{language}.html"
        unfinished.write_text(page, encoding="utf-8")
        os.replace(unfinished, planned.output / index_file(language, languages))


def _wave(planned: Plan, files: list[str], language: str) -> str:
    """The name of the wave that all these reports say they are of; nothing where they are of several."""
    labels = [wave.label[language] if wave.label else wave.id for wave in planned.study.settings.waves]
    waves = [capital(shown_name(label)) for label in labels]
    there = set()
    for file in files:
        with open(planned.output / file, encoding="utf-8") as page:
            title = re.search(r"<title>(.*?)</title>", page.read(_HEAD), re.DOTALL)
        told = html.unescape(title[1]) if title else ""
        there.add(next((one for one in waves if f" · {one} · " in told), ""))
    return there.pop() if len(there) == 1 else ""


_HEAD = 4096  # characters of a page in which its title stands


def _by_language(folder: Path, ending: str) -> dict[str, dict[str, str]]:
    """Files of reports in the folder: by the name before the language, then by language."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob(f"*.{ending}")):
        stem, _, code = path.stem.rpartition(".")
        if code.isalpha():
            found.setdefault(stem, {})[code] = path.name
    return found


def _in_order(files: dict[str, str], language: str, order: list[str]) -> dict[str, str]:
    """Files by language, the page's own language first."""
    at = {code: number for number, code in enumerate(order)}
    return {code: files[code] for code in sorted(files, key=lambda code: (code != language, at.get(code, 99), code))}


def _entry(
    partition: Partition,
    pages: dict[str, dict[str, str]],
    pdfs: dict[str, dict[str, str]],
    manifest: Manifest,
    language: str,
    order: list[str],
) -> Entry:
    own = pages.get(partition.slug, {})
    states = {manifest.state(f"{partition.slug}.{code}.html") for code in order}
    return Entry(
        partition.organization.name(language),
        partition.group.name(language) if partition.group else "",
        _in_order(own, language, order),
        pdfs=_in_order(pdfs.get(partition.slug, {}), language, order),
        is_new="new" in states,
        has_failed="failed" in states,
    )
