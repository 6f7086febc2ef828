"""Studies whose exports tell less than they could: each part of a mapping that may be left out, left out."""

import pytest

from ppp.disclosure import Partition
from ppp.reports import Report
from ppp.study import open_study, prepare

PARTS = {
    "language": ("language",),
    "role": ("role",),
    "response_id": ("response_id",),
    "ratings": ("ratings",),
    "missing answers": ("ratings", "missing"),
    "activities": ("activities",),
    "description": ("activities", "description"),
    "place": ("activities", "place"),
    "phase": ("activities", "phase_began"),
    "facts": ("activities", "compensated"),
}


@pytest.mark.parametrize("part", PARTS)
def test_what_a_mapping_leaves_out_is_left_out_of_the_report(small, part):
    mapping = small.settings["mappings"]["form"]
    for key in PARTS[part][:-1]:
        mapping = mapping[key]
    del mapping[PARTS[part][-1]]
    partition = Partition.read(prepare(open_study(small.write())).partitions["norra"])
    for language in ("sv", "en"):
        report = Report(partition, language=language)
        pages = [report.header(), report.at_a_glance(), report.matrix(), report.joining(), report.initiation()]
        pages += [report.parity(), report.progress(), report.examples(), report.next_step(), report.shifts()]
        pages += [report.peers(), report.about()]
        assert len("".join(page.html for page in pages)) > 5_000
