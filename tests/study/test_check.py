"""`ppp check` tells what no mapping uses, what the door took, and who skipped the statements."""

from ppp.study import open_study
from ppp.study.check import overview


def test_check_tells_of_columns_skips_and_privacy(small):
    small.header += ";Övrigt;E-post"
    small.rows = [row + ";HEMLIG;a@b.se" for row in small.rows]
    small.rows.append("10;Norra;Patient;;;;;;;;;")
    text = "\n".join(overview(open_study(small.write())))
    assert "no mapping uses 1 columns: “Övrigt”" in text
    assert "dropped 1 columns" in text
    assert "1 respondents skipped every Parity statement" in text
    assert "HEMLIG" not in text
    assert "a@b.se" not in text
