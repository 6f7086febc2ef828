"""Attack the disclosure of thousands of random studies, and say how narrowly hidden numbers could be told.

    uv run python tests/benchmarks/attack_disclosure.py --studies 2000

Prints, for numbers of people and for counts of activities, how many hidden numbers were attacked, how many were
recovered to within the threshold, and the narrowest range that was left.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from ppp.disclosure.attack import attack_counts, attack_people

_FILE = Path(__file__).parents[1] / "disclosure" / "random_studies.py"
_SPEC = importlib.util.spec_from_file_location("random_studies", _FILE)
studies = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(studies)


def main() -> None:
    """Run the attack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1000, help="seed of the first study")
    parser.add_argument("--threshold", type=int, default=5)
    chosen = parser.parse_args()
    threshold, widths = chosen.threshold, {"people": Counter(), "counts": Counter()}
    worst: list[tuple] = []
    for seed in tqdm(range(chosen.first, chosen.first + chosen.studies), disable=None):
        rng = np.random.default_rng(seed)
        tables = studies.released(
            studies.activities(rng), studies.people(rng), threshold=threshold, by_respondents=True
        )
        people, counts = attack_people(tables, threshold=threshold), attack_counts(tables)
        withheld = tables["response_counts"].set_index("role")["state"].eq("withheld")
        alone = people["number"].eq("respondents") & people["role"].map(withheld)
        for name, found, needed in (
            ("people", people, pd.Series(threshold, people.index).mask(alone, threshold - 1)),
            ("counts", counts, pd.Series(threshold - 1, counts.index)),
        ):
            width = found["high"] - found["low"] + 1
            widths[name].update(width.clip(upper=2 * threshold).tolist())
            worst += [(seed, name, *row) for row in found[width < needed].itertuples(index=False)]
    for name, counted in widths.items():
        print(f"{name}: {sum(counted.values())} hidden numbers; ranges left: {dict(sorted(counted.items()))}")
    print(f"recovered to within the threshold: {len(worst)}")
    for row in worst[:20]:
        print("  ", *row)


if __name__ == "__main__":
    main()
