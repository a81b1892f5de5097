"""Files in, pages out: `open_source` gives a document's raw pages, `prepare` brings one upright to be read."""

from extractors.pages.folder import is_page_folder
from extractors.pages.raw import Picture, RawPage
from extractors.pages.source import Source, open_source
from extractors.pages.work import prepare
from extractors.rendering.limits import Limits

__all__ = ["Limits", "Picture", "RawPage", "Source", "is_page_folder", "open_source", "prepare"]
