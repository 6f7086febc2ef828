"""Organizations keep their ids and names all the way from the export through papermill into a file of their own."""

import nbformat

from ppp.study.slugs import slug

IDS = ["007", "1e5", "None", "true", "CON", "../../x", "Åre", "{x}", 'a"b', "$HOME"]


def test_ids_that_look_like_something_else_stay_text(small, ppp, tmp_path):
    small.settings |= {
        "languages": ["en"],
        "report": {"network": False},
        "organizations": [{"id": name, "name": f"Unit {at} {name}"} for at, name in enumerate(IDS)],
    }
    small.rows = [
        f"{at}-{n};{cell};Patient;Helt;Lite;T;T;Kliniken;Efteråt;Ja"
        for at, cell in enumerate('"' + name.replace('"', '""') + '"' for name in IDS)
        for n in range(6)
    ]
    study, out = small.write(), tmp_path / "deep" / "reports"
    code, said = ppp("report", study, "--output", out, cwd=tmp_path)
    assert code == 0, said
    assert {path.name for path in out.glob("*.html")} == {"index.html", *(f"{slug(name)}.en.html" for name in IDS)}
    assert not list(tmp_path.rglob("x.en.html")), "nothing is written beside the folder"
    for at, name in enumerate(IDS):
        executed = nbformat.read(out / "executed" / f"{slug(name)}.en.ipynb", as_version=4)
        [injected] = [cell for cell in executed.cells if "injected-parameters" in cell.metadata.get("tags", [])]
        given: dict = {}
        exec(injected.source, given)
        assert given["organization"] == name
        assert f"Unit {at} " in (out / f"{slug(name)}.en.html").read_text(encoding="utf-8")
