"""Texts, numbers and dates in the reader's language.

English texts stand in the code; other languages are gettext catalogues, ``locale/<language>/LC_MESSAGES/ppp.po``. A
new language is one more such file (and a column in the codebook), no code. Numbers, dates and lists follow Babel.
"""

from ppp.language.catalogue import Language, available, capital, speak

__all__ = ["Language", "available", "capital", "speak"]
