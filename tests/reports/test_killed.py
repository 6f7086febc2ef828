"""A batch that is killed at any point and started again ends in exactly the files that an undisturbed one makes."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from papermill.engines import Engine, papermill_engines

import ppp.study.round
from ppp.reports.batch import MAKING, make_report
from ppp.study import open_study
from ppp.study.round import alone, plan, run

posix = pytest.mark.skipif(os.name != "posix", reason="signals are sent")

POINTS = int(os.environ.get("PPP_KILL_POINTS", "60"))
"""How many kills are tried; 200 and more now and then, as each takes two batches."""


def files(folder: Path) -> dict[str, bytes]:
    """Every file as bytes; of the manifest, which is append-only, the set of its last lines a report."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    lines = {line.split(b'", ')[0]: line for line in found.pop("manifest.jsonl").splitlines() if line.endswith(b"}")}
    return found | {"manifest.jsonl": b"\n".join(sorted(lines.values()))}


class _NoKernel(Engine):
    """In place of a kernel: what the notebook would show, from its parameters and its partition; fast."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs):
        values: dict = {}
        for cell in nb_man.nb.cells:
            if "injected-parameters" in cell.metadata.get("tags", []):
                exec(cell.source, values)
        last = nb_man.nb.cells[-2]
        html = f"<h1>{values['organization']} {values['language']}</h1>" + Path(values["partition"]).read_text()
        last.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]


@pytest.fixture
def in_one_process(monkeypatch):
    """Batches without kernels and workers, so that a kill hits each step between two writes, and takes no time."""
    monkeypatch.setitem(papermill_engines._engines, "ppp", _NoKernel)

    def one_after_another(jobs, **_):
        for job in jobs:
            yield make_report(job)

    monkeypatch.setattr(ppp.study.round, "make_reports", one_after_another)


CHANGES = ("open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree", "tempfile.mkdtemp")


def _batch(study, output: Path, kill_at: int | None) -> int:
    """In a process of its own; kills itself before its n-th step that touches the disk. Returns how many it took."""
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        steps = 0

        def count(event, arguments):
            nonlocal steps
            if event in CHANGES and not (event == "open" and isinstance(arguments[0], int)):
                steps += 1
                if steps == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        with alone(output):
            summary = run(plan(study, output=output))
        os.write(tell, str(steps).encode())
        os._exit(summary.exit_code)
    os.close(tell)
    _, status = os.waitpid(child, 0)
    with os.fdopen(told) as pipe:
        said = pipe.read()
    assert status in (0, signal.SIGKILL), status
    return int(said or 0)


@posix
def test_killed_at_any_step_and_started_again_the_files_are_those_of_an_undisturbed_batch(
    small, tmp_path, in_one_process
):
    small.settings["languages"] = ["sv"]
    study = open_study(small.write())
    run(plan(study, output=tmp_path / "warm"))  # in this process: the others inherit what it has loaded
    steps = _batch(study, tmp_path / "whole", None)
    expected = files(tmp_path / "whole")
    assert len(expected) == 2 * 2 + 3  # a page and a notebook each; index, manifest, lock
    chance = random.Random(2026)
    killed = 0
    for at in range(POINTS):
        output = tmp_path / f"killed{at}"
        _batch(study, output, chance.randint(1, steps))
        # Now and then the one that goes on is killed as well.
        while chance.random() < 0.3:
            _batch(study, output, chance.randint(1, steps))
        for page in output.glob("[!.]*.html"):
            assert page.read_bytes() == expected[page.name] or page.name == "index.html"
        killed += not (output / "index.html").exists()
        _batch(study, output, None)
        assert files(output) == expected, f"kill {at}"
        assert not list(output.glob(f"{MAKING}*"))
    assert killed > POINTS // 2


def command(study, output, *options):
    """`ppp report` as a process of its own."""
    return [
        *(sys.executable, "-c", "from ppp.cli import main; main()", "report"),
        *(str(study), "--output", str(output), "--jobs", "2", *options),
    ]


def _processes(folder: Path) -> list[str]:
    """Of every process that works for a batch in this folder: each holds it in its environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"PPP_TEST={folder}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append((entry / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@posix
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_ctrl_c_and_kill_leave_no_process_and_nothing_half_written(small, tmp_path):
    study, output = small.write(), tmp_path / "reports"
    environment = {**os.environ, "PPP_TEST": str(output)}
    for end, code in [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)]:
        batch = subprocess.Popen(
            command(study, output, "--force"),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        while not list(output.glob(f"{MAKING}*")) and batch.poll() is None:
            time.sleep(0.01)
        batch.send_signal(end)
        said, _ = batch.communicate(timeout=60)
        assert batch.returncode == code
        if code == 130:
            assert "Run the same command to go on" in said
            assert not list(output.glob(f"{MAKING}*"))
            assert not _processes(output)
        for page in output.glob("*.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    deadline = time.monotonic() + 60
    while _processes(output) and time.monotonic() < deadline:
        time.sleep(0.05)  # nobody is told of SIGKILL: they notice that their maker is gone
    assert not _processes(output)
    subprocess.run(command(study, output), check=True, capture_output=True)
    subprocess.run(command(study, tmp_path / "whole"), check=True, capture_output=True)
    assert files(output) == files(tmp_path / "whole")
