"""The same study gives the same bytes: on a second run, elsewhere on the disk, in other surroundings, one or two at once."""

import subprocess

import pytest

AT_HOME = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}
ELSEWHERE = [  # other surroundings, and whether --jobs 1 or 2
    pytest.param({"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, 2, id="fourteen hours ahead"),
    # Python without its help against a computer that knows ASCII alone: as near as Linux gets to an old Windows.
    pytest.param(
        {"TZ": "America/St_Johns", "LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        1,
        id="ascii",
    ),
    *(
        pytest.param({"LC_ALL": name, "LANG": name, "PYTHONHASHSEED": "7"}, 2, id=name)
        for name in ("sv_SE.UTF-8", "tr_TR.UTF-8")
    ),
]


def _written(folder):
    """What can be shared, by name: pages, indexes and executed notebooks."""
    files = [*folder.glob("*.html"), *folder.glob("executed/*.ipynb")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def at_home(earlier, ppp, tmp_path_factory):
    """The study at home and all its reports."""
    folder = tmp_path_factory.mktemp("home")
    study = earlier(folder / "study")
    code, said = ppp("report", study, "--output", folder / "reports", "--jobs", "1", cwd=folder, environment=AT_HOME)
    assert code == 0, said
    written = _written(folder / "reports")
    pages = {f"{name}.{code}.html" for name in ("norra", "sodra", "ostra", "network") for code in ("sv", "en")}
    assert written.keys() >= pages | {"index.html", "index.en.html"}
    return folder, written


@pytest.mark.parametrize(("surroundings", "jobs"), ELSEWHERE)
def test_reports_are_the_same_elsewhere(at_home, earlier, ppp, tmp_path, surroundings, jobs):
    name = surroundings.get("LC_ALL", "C")
    if name != "C":
        surroundings = surroundings | {"LOCPATH": _made_locale(name, tmp_path)}
    # A computer that knows ASCII alone cannot name other folders.
    study = earlier(tmp_path / ("far away" if "PYTHONUTF8" in surroundings else "långt borta") / "study")
    environment = {**AT_HOME, **surroundings}
    code, said = ppp("report", study, "--output", "out", "--jobs", jobs, cwd=tmp_path, environment=environment)
    assert code == 0, said
    _assert_same(_written(tmp_path / "out"), at_home[1])


def test_reports_are_the_same_when_made_again(at_home, ppp):
    folder, written = at_home
    code, said = ppp("report", "study", "--output", "reports", "--force", cwd=folder)
    assert code == 0, said
    _assert_same(_written(folder / "reports"), written)


def test_a_report_made_alone_is_the_same_as_one_of_many(at_home, earlier, ppp, tmp_path):
    """One report takes an ordinary kernel, many take forks of a warm one."""
    study = earlier(tmp_path / "study")
    code, said = ppp("report", study, "-o", "sodra", "-l", "sv", "--output", "out", cwd=tmp_path)
    assert code == 0, said
    assert "WARNING" not in said, "an ordinary kernel is spoken to in private too"
    alone = {name: content for name, content in _written(tmp_path / "out").items() if not name.startswith("index")}
    assert alone.keys() == {"sodra.sv.html", "executed/sodra.sv.ipynb"}
    _assert_same(alone, {name: at_home[1][name] for name in alone})


def _made_locale(name, folder):
    """Where glibc finds a locale that need not be installed."""
    language, charset = name.split(".")
    try:
        subprocess.run(["localedef", "-i", language, "-f", charset, folder / name], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"this computer has no locale {name}, and cannot make it")
    return str(folder)


def _assert_same(found, wanted):
    assert found.keys() == wanted.keys()
    assert not [name for name in wanted if found[name] != wanted[name]]
