"""How long a 1,000,000-row CSV takes to load, and how much memory, beside bare pandas on the same file.

Run it from the project's folder: ``uv run python tests/benchmarks/reading.py [ROWS]``. Each reader has a process of its
own, in turn, three times; the ratio of medians is what counts (no more than 3 is wanted).
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

READERS = {
    "pandas": "import pandas; loaded = pandas.read_csv(path, engine='pyarrow')",
    "ppp": "from pathlib import Path; from ppp.surveys import read_export; loaded = read_export(Path(path)).answers",
}
IMPORTS = "import pandas, pyarrow, pyarrow.csv; from ppp.surveys import read_export"


def write(path: Path, rows: int) -> None:
    """A survey of twelve questions: numbers, dates, choices and some text."""
    draw = random.Random(2014)
    choices = ["Stämmer inte alls", "Stämmer dåligt", "Stämmer ganska bra", "Stämmer helt", "Vet inte"]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("id;submitted;organization;role;" + ";".join(f"item {n}" for n in range(7)) + ";comment\r\n")
        for row in range(rows):
            answers = ";".join(draw.choice(choices) for _ in range(7))
            comment = '"Vi möttes; ofta ""på riktigt"""' if row % 7 == 0 else "" if row % 3 else "Bra dialog"
            file.write(f"{row};2026-03-{row % 28 + 1:02d} 10:00:00;org {row % 40};patient;{answers};{comment}\r\n")


def measure(name: str, path: Path) -> tuple[float, float]:
    """Seconds and megabytes (peak, above what the imports take) of one reader in a process of its own."""
    reader = READERS[name]
    if name == "pandas":
        reader = reader.replace("engine='pyarrow'", "engine='pyarrow', sep=';'")
    code = (
        f"import resource, time; {IMPORTS}; path = {str(path)!r};"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; start = time.perf_counter();"
        f"{reader};"
        "print(time.perf_counter() - start, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    seconds, megabytes = map(float, out.split())
    return seconds, megabytes


def main() -> None:
    """Prints both medians and their ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        start = time.perf_counter()
        write(path, rows)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB, written in {time.perf_counter() - start:.0f} s")
        taken = {name: [] for name in READERS}
        for _ in range(3):
            for name in READERS:
                taken[name].append(measure(name, path))
        median = {name: [statistics.median(values) for values in zip(*runs, strict=True)] for name, runs in taken.items()}  # fmt: skip
        for name, (seconds, megabytes) in median.items():
            print(f"{name:8} {seconds:6.2f} s {megabytes:8.0f} MB")
        ratios = [ours / bare for ours, bare in zip(median["ppp"], median["pandas"], strict=True)]
        print(f"ratio    {ratios[0]:6.2f}   {ratios[1]:8.2f}")


if __name__ == "__main__":
    main()
