"""Every number about people in a finished page is one that disclosure control released."""

import re

import html5lib
import pytest

from ppp.disclosure import RELEASED, Partition
from ppp.study.prepare import prepared_partition

_PEOPLE = {"en": "people", "sv": "personer"}
_TO = {"en": "to", "sv": "till"}
_AT_LEAST = {"en": "at least", "sv": "minst"}
_ROLES = {
    "en": "people|persons|respondents|patients|relatives|professionals|answers",
    "sv": "personer|respondenter|svarande|patienter|närstående|medarbetare|svar",
}
_BLOCKS = {"p", "td", "th", "li", "tr", "text", "dt", "dd", "h1", "h2", "h3", "h4", "figcaption", "summary"}


def _text(page: str) -> str:
    """What the page says, a block a line, without line breaks and thin spaces inside numbers."""
    parts: list[str] = []

    def walk(element):
        if element.tag in ("style", "script"):
            return
        parts.append(element.text or "")
        for child in element:
            walk(child)
            parts.append(child.tail or "")
        if element.tag in _BLOCKS:
            parts.append("\n")

    walk(html5lib.parse(page, namespaceHTMLElements=False).find("body"))
    lines = "".join(parts).split("\n\n")
    return "\n".join(re.sub(r"\s+", " ", line).strip() for line in lines)


def _bands(partition: Partition) -> set[tuple[int, int]]:
    """Every pair of columns ``…_from`` and ``…_to`` that the partition holds."""
    found = set()
    for name, columns in RELEASED.items():
        for start in [column for column in columns if column.endswith("_from")]:
            end = start.removesuffix("_from") + "_to"
            if end in columns:
                table = partition.table(name).dropna(subset=[start])
                found |= set(zip(table[start].astype(int), table[end].astype(int), strict=True))
    return found


def _least(partition) -> set[int]:
    """Every number that the partition holds in a column ``…_from``."""
    columns = [(name, column) for name in RELEASED for column in RELEASED[name] if column.endswith("_from")]
    return {int(number) for name, column in columns for number in partition.table(name)[column].dropna()}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_number_about_people_is_a_released_one(demo, language):
    read = 0
    for path in demo.pages:
        organization, written = path.name.split(".")[:2]
        if written != language:
            continue
        partition = Partition.read(prepared_partition(demo.study, organization))
        text = _text(path.read_text(encoding="utf-8"))
        people, to = _PEOPLE[language], _TO[language]

        bands = _bands(partition)
        told = re.findall(rf"(\d+) (?:{to}|–|-) ?(\d+) {people}", text)
        assert {(int(low), int(high)) for low, high in told} <= bands, path.name
        read += len(told)

        # a mean beside its band is the mean that was released with that band
        means = partition.table("parity_ratings").dropna(subset=["mean"])
        shown = set(means[["mean", "respondents_from", "respondents_to"]].round(1).itertuples(index=False, name=None))
        pairs = re.findall(rf"(\d[.,]\d) \((\d+) (?:{to}|–|-) ?(\d+) {people}\)", text)
        assert {(float(mean.replace(",", ".")), int(low), int(high)) for mean, low, high in pairs} <= shown, path.name

        # no other number stands before people: but for the threshold, and "at least" the lower end of a band
        alone = re.findall(rf"(?:(\d+) (?:{to}|–|-) ?)?({_AT_LEAST[language]} )?\b(\d+) (?:{_ROLES[language]})\b", text)
        exact = {int(high) for low, at_least, high in alone if not low and not at_least}
        assert exact <= {partition.threshold}, path.name
        assert {int(high) for _, at_least, high in alone if at_least} <= _least(partition), path.name
    assert read > 100


def test_the_check_sees_an_exact_number_and_a_wrong_band():
    """A check that sees nothing would prove nothing."""
    text = _text("<body><p>3.0 (21 to 23 people)</p><p>Some 17 patients answered</p></body>")
    assert re.findall(r"(\d+) to (\d+) people", text) == [("21", "23")]
    assert re.findall(rf"\b(\d+) (?:{_ROLES['en']})\b", text) == ["23", "17"]
