"""Time and peak memory of preparing a large study, at two sizes: the second must cost what its rows do, no more.

    uv run python tests/benchmarks/prepare_scale.py                 # 1/20 and 1/10 of the whole
    uv run python tests/benchmarks/prepare_scale.py --sizes 1       # 5,000 organizations, 2,000,000 activities,
                                                                    # 5,000,000 ratings

Each size runs in a process of its own, so that one's memory is not the other's. Measured is all from tidy tables and
codes to the partitions on disk; reading exports and suggesting codes are linear by themselves, row by row.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ORGANIZATIONS, ACTIVITIES_N, RATINGS_N = 5_000, 2_000_000, 5_000_000


def main() -> None:
    """Run each size and print one line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=float, nargs="+", default=[0.05, 0.1], help="parts of the whole")
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one is not None:
        print(json.dumps(_run(chosen.one)))
        return
    first = None
    for size in chosen.sizes:
        done = subprocess.run([sys.executable, __file__, "--one", str(size)], stdout=subprocess.PIPE, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        rows = found["activities"] + found["ratings"]
        first = first or (found["seconds"], rows)
        print(
            f"{found['organizations']:>6,} organizations {found['activities']:>10,} activities "
            f"{found['ratings']:>10,} ratings: {found['seconds']:7.1f} s, peak {found['peak_gb']:.2f} GB "
            f"(of which the tables {found['tables_gb']:.2f}); time per row {found['seconds'] / rows / first[0] * first[1]:.2f} of the first"
        )


def _run(size: float) -> dict:
    from ppp.study import prepare
    from ppp.study.folder import Study
    from ppp.study.settings import StudySettings

    organizations = [f"o{n:05d}" for n in range(max(1, round(ORGANIZATIONS * size)))]
    settings = StudySettings.model_validate(
        {
            "title": "Large",
            "waves": [{"id": "1"}, {"id": "2"}],
            "groups": [{"id": f"g{n}", "name": f"Group {n}"} for n in range(20)],
            "organizations": [
                {"id": name, "name": name, "group": f"g{at % 20}"} for at, name in enumerate(organizations)
            ],
        }
    )
    tables, codes = _tables(organizations, round(ACTIVITIES_N * size), round(RATINGS_N * size))
    held = _peak()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study.yaml").write_text("title: Large\n", encoding="utf-8")
        study = Study(Path(folder), settings)
        study.__dict__["_read"] = (tables, [], [("1", "csv"), ("2", "csv")])
        study.__dict__["_codes"] = codes
        del tables, codes
        began = time.perf_counter()
        prepared = prepare(study)
        seconds = time.perf_counter() - began
        assert len(prepared.partitions) == len(organizations)
        read = study.__dict__["_read"][0]
        return {
            "organizations": len(organizations),
            "activities": len(read["activities"]),
            "ratings": len(read["ratings"]),
            "seconds": seconds,
            "peak_gb": _peak(),
            "tables_gb": held,
        }


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _tables(
    organizations: list[str], activities_n: int, ratings_n: int
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    from ppp.coding.codes import CODES
    from ppp.framework import LEAVES, PHASES, PLACES
    from ppp.tables import ACTIVITIES, INITIATORS, RATINGS, RESPONSES

    rng = np.random.default_rng(1)
    respondents = ratings_n // 8
    at = np.sort(rng.integers(0, len(organizations), respondents))
    wave = rng.choice(["1", "2"], respondents)
    organization = pd.array(np.array(organizations)[at], dtype="string")
    response_id = pd.array(np.char.add(np.char.add(wave, "/large/"), np.arange(respondents).astype(str)), "string")
    responses = RESPONSES.conform(
        pd.DataFrame(
            {
                "response_id": response_id,
                "wave": wave,
                "organization": organization,
                "role": rng.choice(["patient", "relative", "professional"], respondents, p=[0.4, 0.1, 0.5]),
            }
        )
    )
    who = np.repeat(np.arange(respondents), 8)
    score = pd.array(rng.integers(1, 5, len(who)).astype(float), dtype="Float64")
    gone = rng.random(len(who)) < 0.08
    score[gone] = pd.NA
    ratings = responses[["response_id", "wave", "organization", "role"]].iloc[who].reset_index(drop=True)
    leaf = np.tile(np.array(LEAVES), respondents)
    ratings = RATINGS.conform(
        ratings.assign(
            leaf=leaf,
            item=np.char.add("q ", leaf),
            score=score,
            missing=pd.array(np.where(gone, "dont_know", None), dtype="string"),
            scale_low=1.0,
            scale_high=4.0,
        )
    )
    by = rng.integers(0, respondents, activities_n)
    activities = responses[["response_id", "wave", "organization"]].iloc[by].reset_index(drop=True)
    ids = pd.array(np.char.add("a", np.arange(activities_n).astype(str)), dtype="string")
    activities = activities.assign(activity_id=ids, initiated_by=rng.choice(INITIATORS, activities_n))
    for fact in ("compensated", "expenses_paid", "training_given", "contact_named", "lead_rotates"):
        activities[fact] = pd.array(rng.choice([True, False, None], activities_n), dtype="boolean")
    activities["patients_n"] = rng.integers(1, 5, activities_n)
    activities["professionals_n"] = rng.integers(1, 12, activities_n)
    activities = ACTIVITIES.conform(activities)
    began = rng.choice(PHASES, activities_n)
    parts = [("place", rng.choice(PLACES, activities_n)), ("phase_began", began), ("phase", began)]
    codes = pd.concat(
        [pd.DataFrame({"activity_id": ids, "dimension": name, "code": code}) for name, code in parts]
        + [
            pd.DataFrame(
                {
                    "activity_id": ids[: activities_n // 5],
                    "dimension": "parity",
                    "code": "support",
                    "polarity": "barrier",
                }
            )
        ],
        ignore_index=True,
    )
    codes = codes.assign(confidence=1.0, origin="respondent").reindex(columns=list(CODES)).astype(CODES)
    return {"responses": responses, "activities": activities, "ratings": ratings}, codes


if __name__ == "__main__":
    main()
