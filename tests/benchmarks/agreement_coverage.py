"""How often the bootstrap intervals of agreement hold the true value, over many kinds of studies.

    python tests/benchmarks/agreement_coverage.py [STUDIES]

Prints one line a kind of study; 95 % intervals should cover 93 to 97 %.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "coding"))

from test_agreement import simulate

if __name__ == "__main__":
    studies = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    for units in (40, 60, 100, 200):
        for coders, missing in ((2, 0.0), (3, 0.2), (5, 0.4)):
            for noise in (0.1, 0.3, 0.5):
                shares = simulate(studies, units, coders, noise, missing, seed=units + coders)
                told = "  ".join(f"{name} {share:.1%}" for name, share in shares.items())
                print(
                    f"{units:4} units, {coders} coders, {missing:.0%} missing, {noise:.0%} guesses:  {told}", flush=True
                )
