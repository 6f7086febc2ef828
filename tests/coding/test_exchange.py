"""REFI-QDA, CSV and SPSS: valid by the published structure, read back without loss, and safe against hostile files."""

import importlib.util
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ppp.cli import main
from ppp.coding.exchange import (
    COLUMNS,
    long_table,
    read_codebook,
    read_project,
    read_table,
    write_codebook,
    write_project,
    write_table,
)
from ppp.coding.exchange.refi import guid
from ppp.errors import BadInput
from ppp.framework import LEAVES
from ppp.study import open_study

_SPEC = importlib.util.spec_from_file_location("refi_schema", Path(__file__).with_name("refi_schema.py"))
refi = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(refi)

CODEBOOK = refi.schema(refi.CODEBOOK, "urn:QDA-XML:codebook:1.0", "CodeBook")
PROJECT = refi.schema(refi.PROJECT, "urn:QDA-XML:project:1.0", "Project")
TEXTS = [
    "Möte på avdelningen: patienterna får åka hem 🙂🙂 tidigare",
    "\ufeffFirst line\r\nsecond line, paid\r\nthird 👩‍⚕️ line\rfourth",
    "Plain & <simple> text",
]
ACTIVITIES = pd.DataFrame(
    {
        "activity_id": ["w/e/1/1", "w/e/1/2", "w/å/2/1"], "organization": ["norra", "norra", "sodra"], "wave": "w",
        "language": ["sv", "en", None], "patients_n": pd.array([2, None, 3], "Int64"),
        "professionals_n": pd.array([1, 2, None], "Int64"),
    }
)  # fmt: skip
ORGANIZATIONS = pd.DataFrame(
    {"organization": ["norra", "sodra"], "name": ["Norra & co", "Södra"], "group": [None, "g"]}
)


def row(activity, dimension, code, polarity=None, **more):
    common = {
        "activity_id": activity,
        "coder": "åsa",
        "codebook_version": "1.0",
        "created_at": "2026-01-02T03:04:05.000006Z",
    }
    return {**common, "dimension": dimension, "code": code, "polarity": polarity, **more}


def table_of(*rows):
    return pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(COLUMNS)


TABLE = table_of(
    row("w/e/1/1", "place", "clinic", evidence_start=8, evidence_end=19, confidence=0.7, memo="första\nandra raden & <b> 🙂"),
    row("w/e/1/1", "place", "system", coder="bo"),
    row("w/e/1/1", "phase_began", "none"),
    row("w/e/1/1", "parity", "training", "supports", evidence_start=45, evidence_end=47),
    row("w/e/1/2", "parity", "compensation", "barrier", evidence_start=26, evidence_end=30),
    row("w/e/1/2", "parity", "compensation", "supports"),
    row("w/e/1/2", "mark", "flag", memo="talk"),
    row("w/å/2/1", "mark", "skip"),
    row("w/å/2/1", "phase", "implement"),
    row("w/å/2/1", "meeting_place", "organization"),
)  # fmt: skip


def written(path, table=TABLE, texts=TEXTS, language="sv"):
    write_project(
        path, table, study="demo", activities=ACTIVITIES, texts=pd.Series(texts), organizations=ORGANIZATIONS,
        language=language, origin="ppp",
    )  # fmt: skip
    return path


def read(path, texts=TEXTS):
    return read_project(path, study="demo", activities=ACTIVITIES, texts=pd.Series(texts))


def same(one, other):
    order = ["activity_id", "coder", "dimension", "code", "polarity"]
    pd.testing.assert_frame_equal(
        one.sort_values(order, ignore_index=True), other.sort_values(order, ignore_index=True), check_like=True
    )


def qde(path):
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read("project.qde"))


def rewritten(path, change, more=None):
    """The project with its XML changed, and parts added."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["project.qde"] = change(parts["project.qde"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**parts, **(more or {})}.items():
            archive.writestr(name, content)
    return path


# -- the codebook --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_codebook_is_valid_whole_and_comes_back(tmp_path, language):
    path = tmp_path / "codebook.qdc"
    count = write_codebook(path, language=language)
    tree = etree.parse(path)
    CODEBOOK.assertValid(tree)
    table = read_codebook(path)
    assert len(table) == count
    assert (table["ours"] != "").all()
    assert table["guid"].is_unique
    assert {f"parity/{leaf}/{way}" for leaf in LEAVES for way in ("supports", "barrier")} <= set(table["ours"])
    assert not table.loc[table["ours"] == "place", "is_codable"].item()
    sets = tree.findall("{*}Sets/{*}Set")
    assert len(sets) == 14
    known = set(table["guid"])
    members = [member.get("guid") for one in sets for member in one]
    assert set(members) <= known
    assert len(members) == 2 * len(LEAVES)


def test_identifiers_never_change_and_another_programs_codes_are_told(tmp_path):
    # If this changes, files that others hold no longer meet ours.
    assert guid("code", "place", "clinic") == "97e3c122-b0be-597e-aff9-b020ab514d8c"
    path = tmp_path / "other.qdc"
    write_codebook(path, language="en")
    text = path.read_text(encoding="utf-8").replace(
        "97e3c122-b0be-597e-aff9-b020ab514d8c", "{" + "A" * 8 + "-1111-1111-1111-111111111111}"
    )
    path.write_text(text, encoding="utf-8")
    table = read_codebook(path)
    assert (table["ours"] == "").sum() == 1


# -- projects ------------------------------------------------------------------------------------------------------------


def test_a_project_is_valid_and_everything_comes_back(tmp_path):
    path = written(tmp_path / "p.qdpx")
    root = qde(path)
    PROJECT.assertValid(root)
    assert root.nsmap[None] == "urn:QDA-XML:project:1.0"
    found, problems = read(path)
    assert problems == []
    same(found, TABLE)


def test_every_reference_leads_somewhere(tmp_path):
    root = qde(written(tmp_path / "p.qdpx"))
    known = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(known) == len(set(known))
    refers = [e.get(name) for e in root.iter() for name in ("targetGUID", "creatingUser") if e.get(name)]
    assert set(refers) <= set(known)


def test_positions_count_characters_and_the_end_is_the_last_one(tmp_path):
    """Read as another program does: text by universal line breaks, from startPosition to endPosition inclusive."""
    path = written(tmp_path / "p.qdpx")
    passages = []
    with zipfile.ZipFile(path) as archive:
        for source in qde(path).iter("{*}TextSource"):
            if source.get("plainTextPath"):
                name = "sources/" + source.get("plainTextPath").removeprefix("internal://")
                content = archive.read(name)
                assert b"\r" not in content
                assert not content.startswith(b"\xef\xbb\xbf")
                text = io.TextIOWrapper(io.BytesIO(content), "utf-8").read()
                for one in source.findall("{*}PlainTextSelection"):
                    passages.append(text[int(one.get("startPosition")) : int(one.get("endPosition")) + 1])
    assert passages == ["avdelningen", "🙂🙂", "paid"]
    ours = [TEXTS[0][8:19], TEXTS[0][45:47], TEXTS[1][26:30]]
    assert passages == ours


LETTERS = st.text(st.sampled_from("aå🙂\r\n\ufeff\u0301 &<"), min_size=1, max_size=25)


@settings(max_examples=120, deadline=None)
@given(text=LETTERS, data=st.data())
def test_any_passage_of_any_text_comes_back(tmp_path_factory, text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    table = table_of(row("w/e/1/1", "place", "clinic", evidence_start=start, evidence_end=end))
    texts = [text, "", ""]
    path = written(tmp_path_factory.mktemp("span") / "p.qdpx", table, texts)
    PROJECT.assertValid(qde(path))
    found, problems = read(path, texts)
    assert problems == []
    # A line break of two characters is one in other programs, and a mark of the byte order none: a passage may lose its
    # outermost ones.
    kept = [
        at for at in range(start, end)
        if text[: at + 1].strip("\ufeff") and not (text[at] == "\r" and text[at + 1 : at + 2] == "\n")
    ]  # fmt: skip
    back = found[["evidence_start", "evidence_end"]].iloc[0]
    assert back.isna().all() if not kept else back.tolist() == [kept[0], kept[-1] + 1]


def test_the_same_study_makes_the_same_file(tmp_path):
    assert written(tmp_path / "a.qdpx").read_bytes() == written(tmp_path / "b.qdpx").read_bytes()


def test_another_programs_ways_are_understood(tmp_path):
    """Braces and capitals in identifiers, other identifiers for our codes, the text inside the XML, folders in capitals."""
    path = written(tmp_path / "p.qdpx", language="en")
    ours, new = guid("code", "place", "clinic"), "11111111-2222-3333-4444-555555555555"
    source = guid("source", "demo", "w/e/1/1")

    def change(content):
        text = content.decode().replace(ours, "{" + new.upper() + "}").replace(source, "{" + source.upper() + "}")
        return text.encode()

    found, problems = read(rewritten(path, change))
    assert problems == []
    assert found["code"].tolist().count("clinic") == 1
    assert found.loc[found["code"] == "clinic", "evidence_start"].item() == 8


def test_what_cannot_be_taken_is_told_and_the_rest_kept(tmp_path):
    path = written(tmp_path / "p.qdpx")
    foreign = guid("code", "parity", "training", "supports")
    heading = guid("code", "parity", "training")

    def change(content):
        root = etree.fromstring(content)
        for reference in root.iter("{*}CodeRef"):
            if reference.get("targetGUID") == foreign:
                reference.set("targetGUID", heading)
        stranger = next(s for s in root.iter("{*}TextSource") if s.get("name") == "w/e/1/2")
        stranger.set("name", "HEMLIG text")
        stranger.set("guid", guid("source", "another study"))
        first = next(s for s in root.iter("{*}TextSource") if s.get("name") == "w/e/1/1")
        del first.attrib["plainTextPath"]
        content = etree.Element("{urn:QDA-XML:project:1.0}PlainTextContent")
        content.text = TEXTS[0] + " and more"
        first.insert(0, content)
        return etree.tostring(root)

    found, problems = read(rewritten(path, change))
    told = "\n".join(map(str, problems))
    assert "heading" in told
    assert "no activity" in told
    assert "text was changed" in told
    assert "HEMLIG" not in told
    clinic = found[found["code"] == "clinic"]
    assert clinic["evidence_start"].isna().all()
    assert "compensation" not in set(found["code"])


# -- hostile files -------------------------------------------------------------------------------------------------------


DOCTYPES = [
    b'<!DOCTYPE Project [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE Project [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    b'<!DOCTYPE Project SYSTEM "http://example.invalid/x.dtd">',
]


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_entities_and_document_types_are_refused(tmp_path, doctype):
    def change(content):
        head, _, rest = content.partition(b"?>")
        return head + b"?>" + doctype + rest

    with pytest.raises(BadInput, match="document type"):
        read(rewritten(written(tmp_path / "p.qdpx"), change))
    book = tmp_path / "c.qdc"
    write_codebook(book, language="en")
    book.write_bytes(change(book.read_bytes()))
    with pytest.raises(BadInput, match="document type"):
        read_codebook(book)


@pytest.mark.parametrize(
    "place", ["internal://../../secret.txt", "internal:///etc/passwd", "file:///etc/passwd", "relative:///x.txt"]
)
def test_nothing_outside_the_file_is_read_and_nothing_is_unpacked(tmp_path, place):
    (tmp_path / "secret.txt").write_text("secret")
    path = tmp_path / "deep" / "p.qdpx"
    path.parent.mkdir()
    written(path)

    def change(content):
        root = etree.fromstring(content)
        for source in root.iter("{*}TextSource"):
            if source.get("plainTextPath"):
                source.set("plainTextPath", place)
        return etree.tostring(root)

    rewritten(path, change, {"../../evil.txt": b"x", "/tmp/evil.txt": b"x"})
    before = sorted(tmp_path.rglob("*"))
    found, _ = read(path)
    assert sorted(tmp_path.rglob("*")) == before
    assert len(found) == len(TABLE)


def test_a_part_that_unfolds_without_end_is_refused(tmp_path, monkeypatch):
    from ppp.coding.exchange import project

    monkeypatch.setattr(project, "_MAX_PROJECT", 10_000)
    path = tmp_path / "bomb.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b"<Project>" + b" " * 5_000_000)
    with pytest.raises(BadInput, match="too large"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"not a zip"])
def test_damaged_files_are_told(tmp_path, content):
    path = tmp_path / "p.qdpx"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"not a \.qdpx"):
        read(path)


# -- tables --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".sav"])
def test_tables_come_back_whole(tmp_path, ending):
    table = pd.concat([TABLE, table_of(row("w/e/1/1", "place", "clinic", memo="=HYPERLINK(1)"))], ignore_index=True)
    path = tmp_path / f"t{ending}"
    write_table(path, table)
    pd.testing.assert_frame_equal(read_table(path), table)


def test_no_cell_of_a_csv_is_a_formula(tmp_path):
    path = tmp_path / "t.csv"
    write_table(path, table_of(*(row("a", "place", "clinic", memo=memo) for memo in ("=1", "+1", "-1", "@x", "'=1"))))
    memos = pd.read_csv(path)["memo"]
    assert not memos.str.startswith(("=", "+", "-", "@")).any()
    assert read_table(path)["memo"].tolist() == ["=1", "+1", "-1", "@x", "'=1"]


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"activity_id,dimension,code,confidence\nx,place,clinic,much\n"]
)
def test_other_tables_are_told(tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        read_table(path)


# -- the command ---------------------------------------------------------------------------------------------------------


def ppp(*arguments):
    return CliRunner().invoke(main, ["exchange", *map(str, arguments)])


@pytest.mark.parametrize("name", ["p.qdpx", "t.csv", "t.sav"])
def test_codings_leave_a_study_and_come_into_another_copy_of_it(small, tmp_path, name):
    small.settings["coders"] = ["anna", "bo"]
    small.settings["coding"] = {"overlap": 1}
    study = open_study(small.write())
    ids = study.activities()["activity_id"]
    anna = study.desk("anna")
    anna.code(
        ids[0],
        place=["system", "clinic"],
        phase_began="plan",
        parity={"numbers": "barrier"},
        confidence=0.6,
        memo="=x\ny",
    )
    anna.code(ids[1], place="clinic", phase_began="plan", parity={}, evidence={"clinic": (0, 3)})
    anna.skip(ids[2], "twice")
    before = long_table(study.codings(), study.consensus())
    path = tmp_path / name
    assert ppp(small.folder, "--out", path).exit_code == 0
    (small.folder / "codings" / "anna.csv").unlink()
    result = ppp(small.folder, "--in", path, "--coder", "anna")
    assert result.exit_code == 0, result.output
    after = long_table(study.codings(), study.consensus())
    # the time of coding is that of taking
    same(after.drop(columns="created_at"), before.drop(columns="created_at"))
    again = ppp(small.folder, "--in", path, "--coder", "anna")
    assert "(0 events" in again.output


def test_wrong_rows_are_told_and_the_good_ones_kept(small, tmp_path):
    small.settings["coders"] = ["anna", "bo"]
    study = open_study(small.write())
    ids = study.activities()["activity_id"]
    path = tmp_path / "t.csv"
    lines = [
        "activity_id,coder,dimension,code",
        f"{ids[0]},x,place,clinic",
        f"{ids[1]},x,place,HEMLIG",
        "nn,x,place,clinic",
    ]
    path.write_text("\n".join(lines) + "\n")
    result = ppp(small.folder, "--in", path, "--coder", "anna")
    assert result.exit_code == 2
    assert "line 3" in result.output
    assert "line 4" in result.output
    assert "HEMLIG" not in result.output
    assert study.codings()["code"].dropna().tolist() == ["clinic"]
    assert ppp(small.folder, "--in", path).exit_code == 2
    assert ppp(small.folder, "--out", tmp_path / "x.doc").exit_code == 2
    assert "no coder" in ppp(small.folder, "--in", path, "--coder", "cia").output
