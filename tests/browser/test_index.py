"""The way in to the reports: whole without a script; with it, a list that can be searched, also a very long one."""

import pytest

from ppp.reports.index import Entry, index_page

N = 5000


@pytest.fixture(scope="module")
def long_index(tmp_path_factory):
    """An index of 5,000 organizations in ten groups, some of them new, some failed."""
    entries = [
        Entry(
            f"{'Åsa' if at % 2 else 'Öja'} vårdcentral {at}",
            f"Grupp {at % 10}",
            {"sv": f"o{at}.sv.html", "en": f"o{at}.en.html"},
            is_new=at % 100 == 0,
            has_failed=at == 7,
        )
        for at in range(N)
    ]
    path = tmp_path_factory.mktemp("index") / "index.html"
    path.write_text(index_page("Studien", entries, language="sv", languages=["sv", "en"]), encoding="utf-8")
    return path


def test_without_scripts_the_list_is_whole_and_offers_no_search(long_index, opening):
    with opening(long_index, java_script_enabled=False) as opened:
        assert opened.page.locator(".reports li").count() == N
        assert opened.page.locator("#tools").is_hidden()
        assert opened.page.locator(".glance").inner_text().count("Öja vårdcentral") == 8
    assert long_index.stat().st_size < 1_200_000


def test_it_is_searched_by_name_group_and_state(long_index, opening):
    with opening(long_index) as opened:
        page, shown = opened.page, opened.page.locator(".reports li:visible")
        assert "5\u00a0000 av 5\u00a0000" in page.locator("#said").inner_text()
        page.fill("#search", "asa 4999")  # without the ring, as on a foreign keyboard
        assert shown.first.text_content().startswith("Åsa vårdcentral 4999")
        assert shown.count() == 1
        assert page.locator("section[data-group]:visible").count() == 1
        assert page.locator("#said").inner_text().startswith("1 av")
        page.fill("#search", "")
        page.select_option("#group", label="Grupp 3")
        assert shown.count() == N // 10
        page.select_option("#group", "")
        page.select_option("#state", "failed")
        assert shown.first.text_content().startswith("Åsa vårdcentral 7")
        page.fill("#search", "inte att finna")
        assert shown.count() == 0
        assert page.locator("#said").inner_text().startswith("0 av")


def test_no_other_script_can_run_in_it(long_index, opening, tmp_path):
    text = long_index.read_text(encoding="utf-8")
    altered = tmp_path / "altered.html"
    altered.write_text(text.replace("<body>", "<body><script>window.ran = 1</script>"), encoding="utf-8")
    with opening(altered, may_fault=True) as opened:
        assert opened.page.evaluate("typeof window.ran") == "undefined"
        assert any("Content Security Policy" in fault for fault in opened.faults)
