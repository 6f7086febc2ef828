"""A study that an earlier version made opens whole and is coded on; one that a newer version made is left alone."""

from dataclasses import replace

import pandas as pd
import pytest
import yaml

from ppp.coding.suggestions.model import shipped
from ppp.errors import BadInput
from ppp.study import open_study, prepare


@pytest.fixture
def study(earlier, tmp_path):
    """The study that an earlier version made."""
    return earlier(tmp_path / "study")


def _files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_that_an_earlier_version_kept_is_read(study):
    opened = open_study(study)
    assert len(opened.responses()) == 72
    assert len(opened.activities()) == 48
    assert len(opened.ratings()) == 216
    codings = opened.codings()
    assert codings.groupby("coder")["activity_id"].nunique().to_dict() == {"anna": 10, "bo": 10}
    hard = '=1+1; "så", sade hon\noch\\n mer'
    assert set(codings["memo"].dropna()) == {hard}
    assert opened.consensus()[["code", "kind", "memo"]].values.tolist() == [["clinic", "true_edge", hard]]
    assert opened.quotes()["quote"].tolist() == ["Patienter läste och ändrade texten"]
    assert len(opened.assignment()) == 96
    assert not opened.notes()


def test_what_it_had_derived_is_made_anew(study):
    opened = open_study(study)
    prepared = prepare(opened)
    assert not prepared.was_fresh
    derived = _files(study / "prepared")
    assert prepare(open_study(study)).was_fresh
    kept = {path for path in derived if path.parts[0] == "kept"}
    assert len(kept) == 8, "of the earlier version's parts none is left: they were read by other rules"


def test_it_is_reported_on_and_its_own_files_stay_as_they_were(study, ppp, tmp_path):
    before = _files(study)
    code, said = ppp("report", study, "--output", tmp_path / "out", "--jobs", "2", "-l", "en", cwd=tmp_path)
    assert code == 0, said
    assert len(list(tmp_path.glob("out/*.en.html"))) == 4
    after = _files(study)
    own = {path for path in before if path.parts[0] != "prepared"}
    assert {path: after[path] for path in own} == {path: before[path] for path in own}


def test_coding_goes_on_where_the_earlier_version_left_it(study):
    folder = study / "codings"
    before = _files(folder)
    opened = open_study(study)
    desk = opened.desk("anna")
    todo = desk.activities().query("not done")["activity_id"].iloc[0]
    desk.code(todo, place="system", phase_began="plan", memo="nytt")
    for name, content in before.items():
        assert (folder / name).read_bytes().startswith(content), f"{name} was changed and not only added to"
    events = open_study(study).codings()
    assert events.query("memo == 'nytt'")["activity_id"].unique().tolist() == [todo]
    assert len(events) > 100


def test_a_study_of_a_newer_version_is_refused_and_left_alone(study, ppp, tmp_path):
    settings = yaml.safe_load((study / "study.yaml").read_text(encoding="utf-8"))
    newer = {**settings, "format": 2, "waves": "written in a new way", "unheard_of": {"HEMLIG": 1}}
    (study / "study.yaml").write_text(yaml.safe_dump(newer, sort_keys=False), encoding="utf-8")
    before = _files(study)
    for command in ("check", "prepare", "report", "code"):
        code, said = ppp(command, study, cwd=tmp_path)
        assert code == 2
        assert "newer version of ppp" in said
        assert "→ Update ppp" in said
        assert "HEMLIG" not in said, "nothing else of the file is judged"
    assert _files(study) == before


@pytest.mark.parametrize("name", ["anna.csv", "consensus.csv", "assignment.csv"])
def test_a_ledger_with_columns_that_are_not_known_is_neither_read_nor_added_to(study, name):
    """From a coder's other computer, say, where a newer version is: reading it would drop what the column holds."""
    path = study / "codings" / name
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{rows[0]},mood", *(f"{row},HEMLIG" for row in rows[1:])]) + "\n", encoding="utf-8")
    before = path.read_bytes()
    opened = open_study(study)
    with pytest.raises(BadInput, match="newer version") as caught:
        opened.desk("anna").code(opened.activities()["activity_id"].iloc[-1], place="system")
    assert "HEMLIG" not in str(caught.value)
    assert path.read_bytes() == before


def test_learning_anew_keeps_what_was_learned_before(small, ppp, tmp_path):
    """Sixty texts that two coders code alike, in words that only this study uses."""
    small.settings |= {"coders": ["anna", "bo"], "coding": {"overlap": 1}}
    small.rows = [
        f"{n};Södra;Patient;Helt;Lite;Torsdagscirkel {n};Den {n}:e torsdagscirkeln i Lindbacka med patienter;Kliniken;Efteråt;Ja"
        for n in range(60)
    ]
    study = small.write()
    for coder in ("anna", "bo"):
        desk = open_study(study).desk(coder)
        for activity in desk.activities()["activity_id"]:
            desk.code(activity, place="system", phase_began="plan")
    path = study / "codings" / "model.npz"
    replace(shipped(), corpus="of an earlier version").save(path)
    before = path.read_bytes()
    code, said = ppp("code", study, "--learn", cwd=tmp_path)
    assert code == 0, said
    assert "is kept as codings/model.before.npz" in said
    assert (study / "codings" / "model.before.npz").read_bytes() == before
    assert not open_study(study).has_earlier_model


def test_what_a_study_taught_an_earlier_version_is_not_used_but_kept(study):
    """A learned model is weights for what one version reads off a text; another version's would mean something else."""
    path = study / "codings" / "model.npz"
    plain = open_study(study).suggestions()
    model = shipped()
    odd = replace(model, corpus="of an earlier version", place=model.place[:, ::-1])
    odd.save(path)
    opened = open_study(study)
    pd.testing.assert_frame_equal(opened.suggestions(), plain)
    [note] = opened.notes()
    assert "earlier version" in note
    assert "--learn" in note
    replace(odd, corpus=model.corpus).save(path)  # what this version learned is used
    assert not open_study(study).suggestions().equals(plain)
