"""Opens a study folder and joins the rooms, for notebooks and commands."""

from ppp.study.folder import Study, new_study, open_study
from ppp.study.prepare import Prepared, prepare, prepared_partition

__all__ = ["Prepared", "Study", "new_study", "open_study", "prepare", "prepared_partition"]
