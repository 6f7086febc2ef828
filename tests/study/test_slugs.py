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
