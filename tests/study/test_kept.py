"""One changed export rebuilds only what depends on it."""

import pytest

from ppp.errors import BadInput
from ppp.study import open_study, prepare


@pytest.fixture
def two(small):
    """A study whose two organizations answer in an export each."""
    rows = small.rows
    small.rows = [row for row in rows if "Norra" in row]
    small.settings["exports"] = [
        {"file": "answers.csv", "wave": "2026", "mapping": "form"},
        {"file": "others.csv", "wave": "2026", "mapping": "form"},
    ]
    folder = small.write()
    others = [small.header, *(row for row in rows if "Södra" in row)]
    (folder / "exports" / "others.csv").write_text("\n".join(others) + "\n", encoding="utf-8")
    return folder


def _change(folder):
    path = folder / "exports" / "others.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Efteråt", "Från början"), encoding="utf-8")


def test_only_the_changed_export_is_read_anew(two):
    first = open_study(two)
    prepare(first)
    assert len(first.kept.read_anew) == 2
    again = open_study(two)
    again.activities()
    assert again.kept.read_anew == []
    _change(two)
    second = open_study(two)
    assert not prepare(second).was_fresh
    assert second.kept.read_anew == ["exports/others.csv"]


def test_only_partitions_that_show_something_else_are_rewritten(two):
    before = {name: (path.read_bytes(), path.stat().st_mtime_ns) for name, path in _partitions(two).items()}
    _change(two)
    after = {name: (path.read_bytes(), path.stat().st_mtime_ns) for name, path in _partitions(two).items()}
    assert after["norra"] == before["norra"]
    assert after["sodra"][0] != before["sodra"][0]


def _partitions(folder):
    return prepare(open_study(folder)).partitions


def test_what_is_kept_gives_the_same_tables(two):
    read = open_study(two)
    tables, notes = read.tables(), read.notes()
    prepare(open_study(two))
    kept = open_study(two)
    for name, table in kept.tables().items():
        assert table.equals(tables[name]), name
        assert table.dtypes.equals(tables[name].dtypes), name
    assert kept.notes() == notes
    assert kept.kept.read_anew == []


def test_another_mapping_is_read_anew_and_another_threshold_is_not(two, small):
    prepare(open_study(two))
    small.settings["disclosure"] = {"threshold": 7}
    small.folder.joinpath("study.yaml").write_text(_yaml(small.settings), encoding="utf-8")
    study = open_study(two)
    prepare(study)
    assert study.kept.read_anew == []
    small.settings["mappings"]["form"]["activities"]["phase_began"]["values"]["Efteråt"] = "implement"
    small.folder.joinpath("study.yaml").write_text(_yaml(small.settings), encoding="utf-8")
    study = open_study(two)
    prepare(study)
    assert len(study.kept.read_anew) == 2


def _yaml(settings):
    import yaml

    return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)


def test_a_faulty_export_leaves_what_was_prepared_and_no_trace(two):
    prepare(open_study(two))
    files = sorted(path.relative_to(two) for path in two.rglob("*"))
    (two / "exports" / "others.csv").write_text("ID;Organisation\n1;Nowhere\n", encoding="utf-8")
    with pytest.raises(BadInput):
        prepare(open_study(two))
    assert sorted(path.relative_to(two) for path in two.rglob("*")) == files


def test_a_kept_part_that_was_damaged_is_read_anew(two):
    prepare(open_study(two))
    for path in (two / "prepared" / "kept").glob("*.ratings.parquet"):
        path.write_bytes(b"not a table")
    study = open_study(two)
    assert len(study.ratings()) > 0
    assert len(study.kept.read_anew) == 2
