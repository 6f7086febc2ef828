"""Survey exports in, tidy tables out.

One module a platform reads the file as it came (`read_export`); the study's mapping says what its questions mean
(`tidy`). Well-kept readers open the files; what is written here knows the platforms.
"""

from ppp.surveys.export import Source, SurveyExport
from ppp.surveys.mapping import Mapping
from ppp.surveys.platforms import PLATFORMS, read_export
from ppp.surveys.tidy import Tidy, tidy

__all__ = ["PLATFORMS", "Mapping", "Source", "SurveyExport", "Tidy", "read_export", "tidy"]
