"""How a long batch tells what it is at: a bar on a terminal, quiet lines elsewhere, or JSON for another program."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ppp.study.round import Outcome, Plan, Summary

__all__ = ["JsonLines", "Lines", "end_like_an_interrupt"]

_PARTS = 10  # plain lines come a tenth at a time


def end_like_an_interrupt() -> None:
    """A polite request to end (SIGTERM) is answered as Ctrl-C is: clean up, say how far it came."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


class Lines:
    """For people: a progress bar where there is a terminal, else a plain line now and then."""

    def __init__(self) -> None:
        self._bar: Any = None  # a tqdm, while reports are made
        self._done = self._failed = 0

    def waiting(self) -> None:
        """Another batch is at work on the same reports."""
        click.echo("Another batch is making reports in this folder; waiting until it has ended …", err=True)

    def step(self, name: str) -> None:
        """A step of the preparation."""
        click.echo(f"{name} …", err=True)

    def plan(self, planned: Plan) -> None:
        """What would be made."""
        for job in planned.jobs:
            click.echo(f"would make  {job.page.name}")
        for job in planned.fresh:
            click.echo(f"up to date  {job.page.name}")
        for organization, why in planned.skipped.items():
            click.echo(f"skipped     {organization}: {why}")
        click.echo(f"{len(planned.jobs)} to make, {len(planned.fresh)} up to date, {len(planned.skipped)} skipped.")

    @contextmanager
    def following(self, planned: Plan) -> Iterator[None]:
        """While reports are made."""
        from tqdm import tqdm

        self._total, self._fresh = len(planned.jobs), len(planned.fresh)
        self._started = time.monotonic()
        with tqdm(total=self._total, unit="report", desc="Reports", disable=None) as self._bar:
            yield

    def outcome(self, outcome: Outcome) -> None:
        """A report has been made, or has failed."""
        self._done += 1
        self._failed += bool(outcome.error)
        self._bar.set_postfix(failed=self._failed, skipped=self._fresh, refresh=False)
        self._bar.update()
        if self._bar.disable and self._done * _PARTS // self._total > (self._done - 1) * _PARTS // self._total:
            seconds = time.monotonic() - self._started
            left = seconds / self._done * (self._total - self._done)
            click.echo(
                f"{self._done} of {self._total} done, {self._failed} failed, {self._fresh} skipped as up to date; "
                f"{self._done / seconds:.1f} a second, {left:.0f} s left",
                err=True,
            )

    def end(self, summary: Summary) -> None:
        """How it went."""
        for line in summary.lines():
            click.echo(line)


class JsonLines:
    """For programs: one JSON object a line on standard output, each with its ``event``."""

    def _say(self, event: str, **values: object) -> None:
        sys.stdout.write(json.dumps({"event": event, **values}, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def waiting(self) -> None:
        """Another batch is at work on the same reports."""
        self._say("waiting", why="another batch is making reports in this folder")

    def step(self, name: str) -> None:
        """A step of the preparation."""
        self._say("preparing", step=name)

    def plan(self, planned: Plan) -> None:
        """What would be made."""
        self._say(
            "plan",
            to_make=[job.page.name for job in planned.jobs],
            up_to_date=[job.page.name for job in planned.fresh],
            skipped=planned.skipped,
        )

    @contextmanager
    def following(self, planned: Plan) -> Iterator[None]:
        """While reports are made."""
        self.plan(planned)
        yield

    def outcome(self, outcome: Outcome) -> None:
        """A report has been made, or has failed."""
        job = outcome.job
        values = {"organization": job.organization, "language": job.language, "page": job.page.name}
        if outcome.error:
            self._say("failed", **values, error=outcome.error)
        else:
            self._say("made", **values)

    def end(self, summary: Summary) -> None:
        """How it went."""
        self._say(
            "end",
            made=len(summary.made),
            up_to_date=len(summary.plan.fresh),
            failed=len(summary.failed),
            skipped=len(summary.plan.skipped),
            disk_full=summary.is_disk_full,
            stopped=summary.was_stopped,
            exit_code=summary.exit_code,
        )
