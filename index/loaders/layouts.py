"""Text taken out of another format, read as the page layout that it has."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from index.loaders import headings, oncomatch, overview, registry_copy, snapshot
from index.loaders.raw import Raw
from index.trial import Trial

LAYOUTS: tuple[tuple[Callable[[Raw], bool], Callable[[Raw], Trial]], ...] = tuple(
    (layout.recognises, layout.read) for layout in (snapshot, registry_copy, oncomatch, overview)
)


def read_extracted(raw: Raw, format: str, text: str, levels: Mapping[int, int], page_starts: tuple[int, ...] = ()) -> Trial:
    """The trial in `text`, which becomes `Source.text`; `levels` as in `headings.read_text`, for a text of no known layout."""
    bare = replace(raw, text=text)
    for recognises, read in LAYOUTS:
        if recognises(bare):
            trial = read(bare)
            sources = tuple(replace(source, format=format, page_starts=page_starts) for source in trial.sources)
            return replace(trial, sources=sources)
    return headings.read_text(raw.source(format, text, page_starts=page_starts), levels)
