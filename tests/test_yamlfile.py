"""Files that people write by hand: what is wrong is told with its line, and never with what was written there."""

import pytest

from ppp.errors import BadInput
from ppp.study import open_study

SOUND = """title: Studie
languages: [sv]
waves:
  - {id: "2026"}
organizations:
  - {id: norra, name: Norra}
"""
MANY = "\n".join(["a0: &a0 [HEMLIG]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9))])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"# only a comment\n", "The file is empty"),
        (b"title: [HEMLIG\n", "line 2: This is not valid YAML"),
        ("title: HEMLIG\nlanguages: [sé]\n".encode("cp1252"), "line 2: The file is not UTF-8"),
        (b"title: HEMLIG \x07\n", "characters that YAML does not allow"),
        (b"title: HEMLIG\n" + b"#" * 4_100_000, "far too large"),
        (MANY.encode(), "unfolds into far too many values"),
        (b"[a, b]: HEMLIG\n", "line 1: A key must be a word"),
        ((SOUND + "title: HEMLIG\n").encode(), "line 7, title: This key is given twice"),
        (b"- HEMLIG\n", "Keys with values are expected here"),
        ((SOUND + "coders: HEMLIG\n").encode(), "line 7, coders: A list is expected here"),
        ((SOUND + "coders: [[HEMLIG]]\n").encode(), "line 7, coders.0: One text is expected here"),
        ((SOUND + "privacy: [HEMLIG]\n").encode(), "line 7, privacy: Keys with values are expected here"),
        ((SOUND + "disclosure: {threshold: HEMLIG}\n").encode(), "A number is expected here"),
        ((SOUND + "disclosure: {threshold: 2}\n").encode(), "Write 3 or more"),
        ((SOUND + "format: 0\n").encode(), "Write 1 or more"),
        ((SOUND + "coding: {overlap: 2}\n").encode(), "Write 1.0 or less"),
        ((SOUND + "report: {network: HEMLIG}\n").encode(), "Write true or false"),
        ((SOUND + "activities: {reported_by: HEMLIG}\n").encode(), "not one of those allowed here"),
        ((SOUND + "exprots: []\n").encode(), "Did you mean “exports”"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_its_mend(tmp_path, content, says):
    (tmp_path / "study.yaml").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        open_study(tmp_path)
    told = str(caught.value)
    assert says in told
    assert "HEMLIG" not in told


def test_a_sound_file_is_read(tmp_path):
    (tmp_path / "study.yaml").write_text(SOUND, encoding="utf-8-sig")
    assert open_study(tmp_path).settings.organizations[0].id == "norra"
