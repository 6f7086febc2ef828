"""How long, and with how much memory, files that are too much are refused: python tests/benchmarks/refusals.py

The traps of tests/surveys/test_limits.py, each in a process of its own that has read a file before.
"""

import subprocess
import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

TESTS = Path(__file__).parents[1] / "surveys" / "test_limits.py"
ONE = """
import sys, time
from pathlib import Path
from ppp.errors import BadInput
from ppp.surveys import read_export

def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024

trap = Path(sys.argv[1])
(trap.parent / "plain.csv").write_text("id;a\\n1;2\\n")
read_export(trap.parent / "plain.csv")
before, start = peak(), time.perf_counter()
try:
    read_export(trap)
    said = "READ"
except BadInput:
    said = "refused"
print(f"{trap.name:30} {time.perf_counter() - start:6.2f} s {peak() - before:6.0f} MB  {said}")
"""


def main() -> None:
    spec = spec_from_file_location("test_limits", TESTS)
    tests = module_from_spec(spec)
    spec.loader.exec_module(tests)
    [traps] = tests.test_traps_are_refused_in_plain_words.pytestmark
    with tempfile.TemporaryDirectory() as folder:
        for name, content, _ in traps.args[1]:
            path = Path(folder) / name
            path.write_bytes(content)
            subprocess.run([sys.executable, "-c", ONE, path], check=True)
            path.unlink()
        path = Path(folder) / "three_gigabytes.csv"
        with path.open("wb") as file:
            file.truncate(3_000_000_000)
        subprocess.run([sys.executable, "-c", ONE, path], check=True)


if __name__ == "__main__":
    main()
