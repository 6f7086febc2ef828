"""The coding bench as a coder meets it: a real JupyterLab, a real browser, and the coder's file on the disk."""

NOTEBOOK = "notebooks/2_code_activities.ipynb"
CELLS = {
    "1": ("direct_care", "design"), "w": ("clinic", "plan"), "d": ("organization", "implement"),
    "v": ("system", "evaluate"), "n": ("none", "none"), "a": ("organization", "design"),
    "x": ("system", "plan"), "b": ("system", "not_stated"),
}  # fmt: skip


def code_one(bench, person, key, *more):
    """Code the activity that is shown and go on; returns its id."""
    activity = bench.locator("article").get_attribute("data-activity")
    person.press(key, *more, "Enter")
    return activity


def expected(activity, key):
    place, phase = CELLS[key]
    return [(activity, "place", place, "", "set"), (activity, "phase_began", phase, "", "set")]


def told(rows):
    return list(rows[["activity_id", "dimension", "code", "polarity", "action"]].itertuples(index=False, name=None))


def test_ten_activities_by_keyboard_an_undo_a_killed_kernel_and_the_right_rows(lab, workplace, person):
    folder, _ = workplace
    file = folder / "data" / "demo" / "codings" / "astrid.csv"
    before = len(lab.rows(file))
    strange = []
    person.page.on("request", lambda asked: strange.append(asked.url) if person.address not in asked.url else None)
    person.open(NOTEBOOK)
    person.run_all()
    bench = person.ready()
    cells = person.page.locator(".jp-Notebook .jp-Cell").count()
    bench.locator("article").click()

    wanted = []
    for key in ("w", "a", "1", "x", "n", "b", "w", "d", "v"):
        wanted += expected(code_one(bench, person, key), key)
    # The tenth with two Parity factors: four keys and Enter.
    tenth = code_one(bench, person, "w", "8", "Shift+9")
    wanted += expected(tenth, "w")
    wanted += [
        (tenth, "parity", "compensation", "supports", "set"),
        (tenth, "parity", "power_balance", "barrier", "set"),
    ]
    person.all_saved()
    assert told(lab.rows(file, before)) == wanted

    # Taken back, the latest step is gone and its activity is shown again.
    person.press("Backspace")
    person.says("Taken back")
    assert bench.locator("article").get_attribute("data-activity") == tenth
    assert bench.locator("[data-factor='power_balance:barrier']").get_attribute("aria-pressed") == "false"
    assert bench.locator("[data-factor='compensation:supports']").get_attribute("aria-pressed") == "true"
    wanted.append(("", "", "", "", "undo"))

    # The kernel dies; the coder goes on, and what they choose waits in the browser.
    person.press("Enter")
    lab.kill_kernel(person.address)
    person.dismiss_dialog()
    bench.locator("article").click()
    eleventh = code_one(bench, person, "1")
    twelfth = code_one(bench, person, "d")
    wanted += expected(eleventh, "1") + expected(twelfth, "d")
    person.says("run the notebook again")
    assert person.kept() == 2
    assert len(lab.rows(file, before)) == len(wanted) - 4

    # Run again: what waited is written, once; the bench goes on with what is left.
    person.run_all()
    person.all_saved()
    bench = person.ready()
    bench.locator("article").click()
    thirteenth = code_one(bench, person, "w")
    assert thirteenth not in {eleventh, twelfth, tenth}
    wanted += expected(thirteenth, "w")
    person.all_saved()
    assert told(lab.rows(file, before)) == wanted
    assert len(set(lab.rows(file, before)["coder"])) == 1
    # Keys went to the bench alone: JupyterLab's own (a, b, x, d d, …) changed no cell. And nothing left the machine.
    assert person.page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert strange == []


def test_a_second_tab_sees_the_first_ones_steps_and_neither_loses_any(lab, workplace, person):
    folder, _ = workplace
    file = folder / "data" / "demo" / "codings" / "astrid.csv"
    person.open(NOTEBOOK)
    person.run_all()
    bench = person.ready()
    person.save()
    other = lab.Person(person.page.context.new_page(), person.address)
    other.open(NOTEBOOK)
    second = other.ready()
    before = len(lab.rows(file))

    bench.locator("article").click()
    first_id = code_one(bench, person, "w")
    person.all_saved()
    # The other tab still shows that activity: with the first one's code.
    assert second.locator("article").get_attribute("data-activity") == first_id
    second.locator("[data-cell='clinic/plan'][aria-pressed=true]").wait_for()
    second.locator("article").click()
    other.press("Enter")
    second_id = code_one(second, other, "d")
    other.all_saved()
    assert second_id != first_id
    assert told(lab.rows(file, before)) == expected(first_id, "w") + expected(second_id, "d")
    # Undo in the first tab takes back the latest step of this coder, wherever it was made.
    person.page.bring_to_front()
    bench.locator("article").click()
    person.press("Backspace")
    person.says("Taken back")
    second.locator("[data-cell='organization/implement'][aria-pressed=true]").wait_for(state="hidden")
    assert lab.rows(file, before)["action"].tolist() == ["set"] * 4 + ["undo"]


def test_the_bench_is_accessible_in_both_themes_and_when_narrow(lab, workplace, person):
    folder, _ = workplace
    name = "notebooks/accessible.ipynb"
    (folder / name).write_bytes((folder / NOTEBOOK).read_bytes())
    lab.set_parameters(folder / name, study="data/demo", coder="yusuf", language="sv")
    person.open(name)
    person.run_all()
    bench = person.ready()
    bench.locator("article").click()
    person.press("w", "8", "?")
    person.all_saved()
    assert bench.get_attribute("lang") == "sv"
    assert lab.axe_findings(person.page, ".ppp-bench") == []
    person.theme("JupyterLab Dark")
    person.page.set_viewport_size({"width": 640, "height": 1000})
    assert lab.axe_findings(person.page, ".ppp-bench") == []
    # Nothing is cut off at the side.
    assert bench.evaluate("(bench) => bench.scrollWidth <= bench.clientWidth + 1")
    # Definitions come with the focus, and the arrows walk over the map.
    bench.locator("[data-cell='direct_care/design']").focus()
    person.press("ArrowDown")
    focused = bench.locator("[data-cell='clinic/design']")
    assert focused.evaluate("(cell) => cell === document.activeElement")
    described = focused.get_attribute("aria-describedby")
    assert "Design" in bench.locator(f"[id='{described}']").inner_text()


def test_differences_are_settled_by_keyboard(lab, workplace, person):
    folder, _ = workplace
    file = folder / "data" / "demo" / "codings" / "consensus.csv"
    lab.write_notebook(
        folder / "notebooks" / "settle.ipynb",
        "import ppp\nfrom ppp.bench import SettlingBench",
        "SettlingBench(ppp.open_study('data/demo').meeting())",
    )
    before = len(lab.rows(file))
    person.open("notebooks/settle.ipynb")
    person.run_all()
    bench = person.ready()
    difference = bench.locator("article")
    difference.click()
    first = difference.get_attribute("data-difference").split("|")
    given = bench.locator("[data-choice='1'] .codes").inner_text()
    assert lab.axe_findings(person.page, ".ppp-bench") == []
    # A slip takes two keys; anything else a reason too.
    person.press("1", "e")
    person.says("Settled")
    second = difference.get_attribute("data-difference").split("|")
    assert second != first
    person.press("2", "w")
    person.page.keyboard.type("The rules do not say which level counts")
    person.press("Enter")
    person.all_saved()
    rows = lab.rows(file, before)
    assert rows[["activity_id", "dimension", "kind", "memo"]].drop_duplicates().values.tolist() == [
        [*first, "slip", ""],
        [*second, "gap_in_rules", "The rules do not say which level counts"],
    ]
    assert set(rows["coder"]) == {"astrid-yusuf"}
    assert rows["code"][0] == given.lower().replace(" ", "_")
    # Taken back, it is open again.
    person.press("Backspace")
    person.says("Taken back")
    assert difference.get_attribute("data-difference").split("|") == second
    assert lab.rows(file)["action"].tolist()[-1] == "undo"
    assert not bench.locator("[data-choice][aria-pressed=true]").count()
