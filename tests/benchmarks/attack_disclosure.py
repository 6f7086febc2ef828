"""Attack the disclosure of thousands of small random studies, and say how narrowly hidden numbers could be told.

    uv run python tests/benchmarks/attack_disclosure.py --studies 2000

Each study has one to three organizations and one or two waves, all released together, with a threshold of 3, 5 or 10,
and sizes on the edges of the bands. Prints how many hidden numbers of people and counts of activities were attacked, how
many were recovered to within the threshold, and the ranges that were left.
"""

from __future__ import annotations

import argparse
import importlib.util
from collections import Counter
from pathlib import Path

import numpy as np
from tqdm import tqdm

_FILE = Path(__file__).parents[1] / "disclosure" / "random_studies.py"
_SPEC = importlib.util.spec_from_file_location("random_studies", _FILE)
studies = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(studies)


def main() -> None:
    """Run the attack."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1000, help="seed of the first study")
    parser.add_argument("--every", type=int, default=0, help="print the figures each so many studies, and at the end")
    chosen = parser.parse_args()
    ranges: Counter = Counter()
    recovered: list[str] = []
    for done, seed in enumerate(tqdm(range(chosen.first, chosen.first + chosen.studies), disable=None), start=1):
        rng = np.random.default_rng(seed)
        threshold, by_respondents = int(rng.choice([3, 5, 5, 10])), bool(rng.random() < 0.6)
        told, answered = studies.whole(rng, threshold=threshold)
        tables = studies.released(
            told, answered, threshold=threshold, by_respondents=by_respondents, waves=("1", "2"), derived=False
        )
        narrow, found = studies.narrowed(tables, threshold, by_respondents=by_respondents)
        beyond = (found["width"] - found["needed"]).clip(upper=3)
        ranges.update(zip(found["kind"], beyond, strict=True))
        recovered += [f"{seed}: {row}" for row in narrow.to_dict("records")]
        if (chosen.every and done % chosen.every == 0) or done == chosen.studies:
            print(f"{done} studies; hidden numbers: {dict(Counter(kind for kind, _ in ranges.elements()))}")
            print(f"  numbers left beyond those needed (3: three or more): {dict(sorted(ranges.items()))}")
            print(f"  recovered to within the threshold: {len(recovered)}", flush=True)
    for line in recovered[:20]:
        print("  ", line)


if __name__ == "__main__":
    main()
