"""How long `import ppp` takes beside an empty Python, and the explorer's redrawing on the demo study.

uv run python tests/benchmarks/library.py
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import ppp


def _python(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def main() -> None:
    empty, ours = (statistics.median(_python(code) for _ in range(15)) for code in ("pass", "import ppp"))
    print(f"import ppp: {1000 * (ours - empty):.0f} ms beside {1000 * empty:.0f} ms of an empty Python")
    explorer = ppp.explore.Explorer(ppp.open_study("data/demo"))
    for name in ppp.explore.VIEWS:
        explorer._views.value = name
        took = []
        for waves in ((), ("2026",), (), ("2026",), ()) if name != "change" else ((),) * 5:
            began = time.perf_counter()
            explorer.choice = ppp.explore.Choice(waves=waves)
            took.append(time.perf_counter() - began)
        print(f"{name:8} drawn anew in {1000 * statistics.median(took):.0f} ms")


if __name__ == "__main__":
    main()
