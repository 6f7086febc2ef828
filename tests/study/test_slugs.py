import random
import re
import unicodedata

import pytest

from ppp.study.slugs import slug

AWKWARD = [
    "../../x",
    "CON",
    "con",
    "a/b",
    "Åre",
    "are",
    "Are",
    "A\u030are",
    "🏥",
    "x" * 300,
    "",
    " ",
    "index",
    ".hidden",
    "a\u202eb",
]


def test_names_stay_apart_and_inside_the_folder():
    made = [slug(name) for name in AWKWARD]
    assert len({name.casefold() for name in made}) == len(AWKWARD)
    for name in made:
        assert name.isascii()
        assert len(name) <= 45
        assert not set(name) & set('/\\:*?"<>| ')
        assert not name.startswith(".")
        assert name.split(".")[0] not in {"con", "index", "nul"}


@pytest.mark.parametrize("name", ["solbacken", "region_1", "a-b"])
def test_a_plain_id_is_its_own_file_name(name):
    assert slug(name) == name


def test_ten_thousand_awkward_names_give_ten_thousand_short_file_names():
    rng = random.Random(4)
    pieces = [
        "..",
        "/",
        "\\",
        "CON",
        "con",
        "nul.txt",
        "å",
        "a\u030a",
        "Å",
        "é",
        "e\u0301",
        "🏥",
        "\u202e",
        "\u200b",
        " ",
        ".",
    ]
    pieces += [
        "index",
        "sjukhus",
        "Sjukhus",
        "x" * 300,
        "-",
        "_",
        "\n",
        "\x00",
        "'",
        "$HOME",
        "%",
        "&",
        "1e5",
        "007",
        "None",
    ]
    names = {"".join(rng.choices(pieces, k=rng.randint(1, 6))) for _ in range(14_000)}
    names |= {unicodedata.normalize(form, name) for name in sorted(names) for form in ("NFC", "NFD")}
    assert len(names) >= 10_000
    made = {name: slug(name) for name in names}
    # apart even where capital letters are not told from small ones
    assert len({one.casefold() for one in made.values()}) == len(names)
    assert max(map(len, made.values())) <= 45
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_.-]*[a-z0-9_-]", one) or len(one) == 1 for one in made.values())
    assert not {one.split(".")[0] for one in made.values()} & {"con", "nul", "index", "aux", "prn", "com1"}
    # the same name next year
    assert slug("Åkerö sjukhus") == "akero-sjukhus.c5427395d4"
