"""Our own form, made from the codebook, and its exports recognized again with no mapping written by hand."""

from ppp.framework import LANGUAGES
from ppp.surveys.instrument.form import Form, Option, Question, form
from ppp.surveys.instrument.formats import FORMATS, SUFFIXES
from ppp.surveys.instrument.recognize import recognize

__all__ = ["FORMATS", "LANGUAGES", "SUFFIXES", "Form", "Option", "Question", "form", "recognize"]
