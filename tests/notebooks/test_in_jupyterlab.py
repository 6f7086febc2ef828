"""The landing page and the explorer in a real JupyterLab and a real browser, as a researcher meets them."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

WAIT = 120_000  # milliseconds; a busy machine starts a kernel slowly, and nothing waits longer than it must


@pytest.fixture(scope="module")
def workbook(root, tmp_path_factory):
    """A copy of the workbook: JupyterLab saves what it runs."""
    folder = tmp_path_factory.mktemp("lab") / "workbook"
    ignore = shutil.ignore_patterns("explored", "prepared", ".*")
    for name in ("notebooks", "data/demo"):
        shutil.copytree(root / name, folder / name, ignore=ignore)
    shutil.copy(root / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def first_page(workbook, tmp_path_factory):
    """The address that JupyterLab opens the browser with."""
    home = tmp_path_factory.mktemp("home")
    (home / "config" / "labconfig").mkdir(parents=True)
    # The question about Jupyter's news would lie over the page.
    news = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (home / "config" / "labconfig" / "page_config.json").write_text(json.dumps(news))
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
    places += ("JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
    environment = os.environ | {name: str(home / name.lower()) for name in places}
    environment |= {"JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_PREFER_ENV_PATH": "1"}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    log = home / "log"
    with log.open("w") as file:
        server = subprocess.Popen(
            [*command, "--LabApp.expose_app_in_browser=True"], cwd=workbook, env=environment, stderr=file
        )
        try:
            found = None
            for _ in range(WAIT // 100):
                found = re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+", log.read_text())
                if found or server.poll() is not None:
                    break
                time.sleep(0.1)
            assert found, log.read_text()[-2000:]
            yield found[0]
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="module")
def page(chromium, first_page):
    """A tab that JupyterLab has opened its first page in."""
    context = chromium.new_context(
        viewport={"width": 1440, "height": 1000}, permissions=["clipboard-read", "clipboard-write"]
    )
    tab = context.new_page()
    tab.set_default_timeout(WAIT)
    tab.goto(first_page)
    yield tab
    context.close()


def _run_all(page):
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel != null")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")


def _shown(locator):
    """Wait until it is there. `expect` asks again and again; a locator's own waiting needs frames, and where nothing
    moves a browser without a window may draw none."""
    from playwright.sync_api import expect

    expect(locator).to_be_visible(timeout=WAIT)


def _theme(page, name):
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)


def _axe(page, where):
    """What axe finds in our own output; JupyterLab's surroundings are not ours."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(
        page, context=where, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    return [f"{one['id']}: {node['html'][:200]}" for one in found.response["violations"] for node in one["nodes"]]


@pytest.fixture(scope="module")
def explorer(page):
    """The explorer's output, reached from the landing notebook by a click, after *Run All*."""
    _shown(page.locator(".jp-Notebook h1", has_text="Patient–Professional Partnership workbook"))
    _run_all(page)
    _shown(page.get_by_text("Respondents and activities by organization and wave"))
    page.locator(".jp-Notebook a", has_text="4 · Explore").click()
    _shown(page.locator(".jp-Notebook h1", has_text="Where do patients take part"))
    _run_all(page)
    found = page.locator(".jp-OutputArea-output:has(.ppp-view)")
    _shown(found.locator(".ppp-view svg"))
    return found


def test_the_landing_notebook_opens_and_shows_the_study(page, explorer):
    card = ".jp-OutputArea-output:has(caption)"
    assert "12" in page.locator(card).first.inner_text()
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        _theme(page, theme)
        assert _axe(page, card) == []
    _theme(page, "JupyterLab Light")


def test_a_filter_changes_the_figure(explorer):
    picture, status = explorer.locator(".ppp-picture svg"), explorer.locator(".ppp-view [role=status]").first
    before, said = picture.get_attribute("aria-label"), status.inner_text()
    explorer.get_by_label("Wave").select_option("Autumn 2026")
    _shown(status.filter(has_text=re.compile(f"^(?!{re.escape(said)})")))
    assert picture.get_attribute("aria-label") != before
    explorer.get_by_text("The code behind this view").click()
    assert '["2026"]' in explorer.locator("pre").inner_text()


def test_from_a_cell_to_its_activities_by_keyboard(page, explorer):
    cell = explorer.get_by_role("button", name=re.compile("^Clinic, Design: "))
    n = re.search(r"\d+", cell.get_attribute("aria-label"))[0]
    cell.focus()
    page.keyboard.press("Enter")
    _shown(explorer.get_by_text(f"Clinic, Design: {n} activities"))
    assert f"of {n} entries" in explorer.locator(".dt-info").inner_text()
    assert cell.get_attribute("aria-pressed") == "true"
    assert cell.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    _shown(explorer.get_by_text("Choose a cell of the matrix"))
    assert cell.get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing(page, explorer, theme):
    _theme(page, theme)
    explorer.locator("summary", has_text="The numbers").click()
    explorer.get_by_role("button", name=re.compile("^Clinic, Design: ")).click()
    _shown(explorer.locator(".dt-info"))
    assert _axe(page, ".jp-OutputArea-output:has(.ppp-view)") == []
    explorer.get_by_role("button", name=re.compile("^Clinic, Design: ")).click()
    explorer.locator("summary", has_text="The numbers").click()
    _theme(page, "JupyterLab Light")


def test_the_code_is_copied(page, explorer):
    explorer.get_by_role("button", name="Copy the code").click()
    _shown(explorer.get_by_text("Copied: paste it"))
    assert page.evaluate("navigator.clipboard.readText()") == explorer.locator("pre").inner_text()


def test_the_picture_is_saved_where_it_says(explorer, workbook):
    explorer.get_by_role("button", name="Save as SVG").click()
    _shown(explorer.get_by_text("Saved as"))
    [saved] = (workbook / "data" / "demo" / "explored").glob("*.svg")
    assert saved.name == "matrix_began_2026_en.svg"


def test_every_view(explorer):
    titles = {
        "Parity": "Mean rating of each factor",
        "Parity gap": "Parity gap: patients’ minus",
        "Change": "Change needs two waves",
        "Matrix": "Activities by place and phase",
    }
    for name, title in titles.items():
        explorer.get_by_role("button", name=name, exact=True).click()
        _shown(explorer.locator(".ppp-view").get_by_text(title).first)


def test_the_other_language(explorer):
    explorer.get_by_label("Language").select_option("Svenska")
    _shown(explorer.locator(".ppp-picture").get_by_text("Utvärdering"))
    assert explorer.get_by_label("Omgång").is_visible()
    assert explorer.locator(".ppp-view").get_attribute("lang") == "sv"
