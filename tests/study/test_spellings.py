"""Organizations under other spellings: proposed, never merged without a person."""

import pytest

from ppp.errors import BadInput
from ppp.study import open_study


@pytest.mark.parametrize("spelling", ["Karolinska", "KAROLINSKA universitetssjukhus", "Karolinska Univ.sjukhuset"])
def test_another_spelling_is_asked_about_and_then_taken_as_an_alias(small, spelling):
    small.settings["organizations"].append({"id": "ks", "name": "Karolinska Universitetssjukhuset"})
    small.rows[7] = small.rows[7].replace("Södra", spelling)
    with pytest.raises(BadInput, match="Is it “ks”"):
        open_study(small.write()).responses()
    small.settings["organizations"][-1]["aliases"] = [spelling.upper() + "  "]
    assert open_study(small.write()).responses()["organization"].tolist().count("ks") == 1


def test_aa_is_recognized_as_another_way_to_write_a_ring(small):
    small.settings["organizations"].append({"id": "ra", "name": "Rååsa vårdcentral"})
    small.rows[7] = small.rows[7].replace("Södra", "Raaaasa vaardcentral")
    with pytest.raises(BadInput, match="Is it “ra”"):
        open_study(small.write()).responses()
