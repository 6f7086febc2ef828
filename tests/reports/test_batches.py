"""A batch makes what is not up to date, waits for another on the same study, and says so when the disk is full."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from ppp.cli import main
from ppp.reports.batch import MAKING
from ppp.reports.freshness import Manifest, sha256


def ppp(*arguments) -> str:
    """The command, in this process: what it writes, when it ends well."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_report_that_is_up_to_date_is_not_made_again(small, tmp_path):
    study, output = small.write(), tmp_path / "reports"
    events = [json.loads(line) for line in ppp("report", study, "--output", output, "--log-json").splitlines()]
    assert [event["page"] for event in events if event["event"] == "made"] != []
    assert events[-1] == {
        "event": "end",
        "made": 4,
        "up_to_date": 0,
        "failed": 0,
        "skipped": 0,
        "disk_full": False,
        "stopped": False,
        "exit_code": 0,
    }
    page = output / "norra.sv.html"
    whole, made_at = page.read_bytes(), page.stat().st_mtime_ns
    again = ppp("report", study, "--output", output, "--log-json")
    assert json.loads(again.splitlines()[-1])["up_to_date"] == 4
    assert page.stat().st_mtime_ns == made_at
    page.write_text("touched by hand", encoding="utf-8")
    small.rows[-2] = small.rows[-2].replace("Efteråt", "Från början")  # of Södra
    small.write()
    dry = ppp("report", study, "--output", output, "--dry-run")
    assert {line.split()[-1] for line in dry.splitlines() if line.startswith("would make")} == {
        *("norra.sv.html", "sodra.sv.html", "sodra.en.html"),
    }
    assert "3 to make, 1 up to date" in dry
    assert page.read_text(encoding="utf-8") == "touched by hand"
    forced = ppp("report", study, "--output", output, "--dry-run", "--force")
    assert "4 to make, 0 up to date" in forced
    assert "Made 3 reports" in ppp("report", study, "--output", output)
    assert page.read_bytes() == whole


def test_two_batches_at_once_make_each_report_once(small, tmp_path):
    study, output = small.write(), tmp_path / "reports"
    command = [sys.executable, "-c", "from ppp.cli import main; main()", "report", study, "--output", output]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = [batch.communicate(timeout=300)[0] for batch in both]
    assert [batch.returncode for batch in both] == [0, 0], said
    assert sum("waiting until it has ended" in text for text in said) == 1
    assert len((output / "manifest.jsonl").read_text().splitlines()) == 4, "each report was made once"
    assert not list(output.glob(f"{MAKING}*"))


@pytest.fixture
def few_bytes(tmp_path):
    """A disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True).returncode
    ):
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_is_one_clear_message_and_what_was_made_stays(small, tmp_path, few_bytes):
    study, output = small.write(), few_bytes / "reports"
    ppp("report", study, "--output", output, "--organization", "norra", "--language", "sv")
    before = (output / "norra.sv.html").read_bytes()
    free = os.statvfs(few_bytes).f_bavail * os.statvfs(few_bytes).f_bsize
    (few_bytes / "filler").write_bytes(b"x" * (free - 8_000))
    result = CliRunner().invoke(main, ["report", str(study), "--output", str(output), "--language", "sv"])
    assert result.exit_code == 2
    assert result.output.count("disk is full") == 1
    assert "Traceback" not in result.output
    assert not list(output.glob(f"{MAKING}*"))
    assert (output / "norra.sv.html").read_bytes() == before
    assert not (output / "sodra.sv.html").exists()
    (few_bytes / "filler").unlink()
    said = ppp("report", study, "--output", output, "--language", "sv")
    assert "Made 1 report " in said
    assert "1 were up to date already" in said


def test_a_disk_that_fills_up_at_the_manifest_or_the_index_is_told_alike(small, tmp_path, monkeypatch):
    from ppp.reports.batch import Outcome
    from ppp.study import open_study
    from ppp.study import round as round_

    planned = round_.plan(open_study(small.write()), output=tmp_path)
    monkeypatch.setattr(round_, "make_reports", lambda jobs, **_: (Outcome(job) for job in jobs))

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    for place, name, code in ((round_, "_write_index", 1), (Manifest, "add", 2)):
        with monkeypatch.context() as here:
            here.setattr(place, name, full)
            summary = round_.run(planned)
        assert summary.is_disk_full
        assert summary.exit_code == code


def test_a_manifest_with_a_torn_last_line_counts_what_stands_whole(tmp_path):
    page, executed = tmp_path / "a.html", tmp_path / "a.ipynb"
    page.write_text("page", encoding="utf-8")
    executed.write_text("notebook", encoding="utf-8")
    entry = {"inputs": "i", "page_sha256": sha256(page), "executed_sha256": sha256(executed)}
    Manifest(tmp_path / "m").add(page, **entry)
    with (tmp_path / "m").open("ab") as file:
        file.write(b'{"page": "b.ht')
    manifest = Manifest(tmp_path / "m")
    assert manifest.is_fresh(page, executed, "i")
    assert not manifest.is_fresh(page, executed, "other")
    manifest.add(page, **{**entry, "inputs": "j"})
    assert Manifest(tmp_path / "m").is_fresh(page, executed, "j")


def test_languages_may_be_given_one_by_one_or_together(small):
    study = str(small.write())
    for given in (["-l", "en", "-l", "sv"], ["-l", "en,sv"]):
        said = CliRunner().invoke(main, ["report", study, "-o", "norra", "--dry-run", *given]).output
        assert re.findall(r"would make +(\S+)", said) == ["norra.en.html", "norra.sv.html"]
