"""Results onto the disk: whole or not at all, and never over something that is not an outdated result of ours.

Every file is written beside its place and renamed into it, so that a reader or a power cut finds the old file
or the new one. Temporary names carry the process id, so that what a killed worker leaves can be swept away.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import count, takewhile
from pathlib import Path

from extractors.document import Record
from extractors.errors import OutputError, OutputExists, RenderError
from extractors.export import EXPORTERS, overlay_png
from extractors.export.crops import Display
from extractors.export.origin import Origin, read_mark
from flows.inputs import OVERLAY_SUFFIX
from flows.jobs import Document, Options

TEMPORARY = ".nianbao-{pid}.part"


def targets(stem: Path, options: Options) -> dict[str, Path]:
    """What is asked for -> the file or (for "overlay") folder it goes to. `stem` is the path without suffix."""
    wanted = {name: stem.with_name(f"{stem.name}.{name}") for name in options.formats}
    if options.overlay:
        wanted["overlay"] = stem.with_name(stem.name + OVERLAY_SUFFIX)
    return wanted


def standing(document: Document, options: Options, origin: Origin) -> tuple[Path, ...]:
    """The older results of this very content and engine, if all that is asked for is there; else ().

    Raises OutputExists if anything else stands in the way and `force` was not given.
    """
    if options.force:
        return ()
    single = _standing(options.out / document.name, options, origin)
    if single:
        return single
    # The first report of a volume is written last: where it stands, all do.
    found: list[Path] = []
    number = 1
    while more := _standing(options.out / f"{document.volume}{number}", options, origin):
        found.extend(more)
        number += 1
    return tuple(found)


def _standing(stem: Path, options: Options, origin: Origin) -> tuple[Path, ...]:
    """All results of `stem` if all are there and agree, else (); raises OutputExists if one disagrees."""
    found: list[Path] = []
    wanted = targets(stem, options)
    for name, path in wanted.items():
        files = sorted(path.glob("page-*.png")) if name == "overlay" else [path]
        if not all([agrees(file, origin) for file in files]) or not files:
            wanted = {}  # go on: one that disagrees must still be told of
        found.extend(files)
    return tuple(found) if wanted else ()


def agrees(path: Path, origin: Origin) -> bool:
    """Whether `path` holds a result of `origin`; False where nothing is. Raises OutputExists."""
    try:
        if not os.path.lexists(path):
            return False
        mark = read_mark(path.read_bytes(), path.suffix.lstrip("."))
    except OSError as error:
        raise OutputError(output=str(path), detail=error.strerror or str(error)) from error
    if mark != origin.mark:
        raise OutputExists(output=str(path))
    return True


def render(
    record: Record, display: Display, wanted: Mapping[str, Path], options: Options
) -> dict[Path, bytes]:
    """All files of one report, made before the first is written. A page that cannot be drawn has no overlay."""
    made: dict[Path, bytes] = {}
    for name, path in wanted.items():
        if name != "overlay":
            made[path] = EXPORTERS[name](record, options.lang, display)
            continue
        for page in record.source.pages:
            try:
                made[path / f"page-{page.number:03d}.png"] = overlay_png(record, page.number, display)
            except RenderError:
                continue  # the record has an issue for this page already
    return made


def write(made: Mapping[Path, bytes], inputs: Iterable[Path], origin: Origin, force: bool) -> None:
    """Put every file in its place, overlays first; what stands there and agrees is kept, unless forced.

    Raises OutputExists, and OutputError also where one of the `inputs` stands in the way: before it writes any.
    """
    given = {os.path.realpath(path) for path in inputs}
    for path in made:
        if os.path.realpath(path) in given:
            raise OutputError(output=str(path), detail="input")
    todo = [path for path in made if force or not agrees(path, origin)]
    if force:
        for folder in {path.parent for path in made if path.parent.suffix == OVERLAY_SUFFIX}:
            _empty(folder)
    for path in sorted(todo, key=lambda path: (path.suffix != ".png", path)):
        _write_one(path, made[path])


def _empty(folder: Path) -> None:
    """Remove our older page pictures, of which the new ones may be fewer."""
    try:
        for file in folder.glob("page-*.png"):
            file.unlink()
    except OSError as error:
        raise OutputError(output=str(folder), detail=error.strerror or str(error)) from error


def _write_one(path: Path, data: bytes) -> None:
    temporary = path.with_name(TEMPORARY.format(pid=os.getpid()))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(output=str(path), detail=error.strerror or str(error)) from error


def remove_outdated(document: Document, options: Options, reports: int) -> None:
    """Remove our older results of a document that now gives `reports` of them: scan.json where it has become a
    volume, scan#3.json where two are left. What does not carry our mark stays. Raises OutputError.
    """
    volumes = (
        options.out / f"{document.volume}{number}" for number in count(reports + 1 if reports > 1 else 1)
    )
    outdated = [options.out / document.name] if reports > 1 else []
    outdated += takewhile(lambda stem: any(map(os.path.lexists, _every_target(stem))), volumes)
    try:
        for path in (path for stem in outdated for path in _every_target(stem)):
            _remove_ours(path)
    except OSError as error:
        raise OutputError(output=str(options.out), detail=error.strerror or str(error)) from error


def _every_target(stem: Path) -> tuple[Path, ...]:
    """The files and the folder that any choice of formats gives for `stem`."""
    files = (stem.with_name(f"{stem.name}.{name}") for name in EXPORTERS)
    return (*files, stem.with_name(stem.name + OVERLAY_SUFFIX))


def _remove_ours(path: Path) -> None:
    if path.is_dir():
        for file in path.glob("page-*.png"):
            _remove_ours(file)
        if not any(path.iterdir()):
            path.rmdir()
    elif path.is_file() and read_mark(path.read_bytes(), path.suffix.lstrip(".")) is not None:
        path.unlink()


def sweep(document: Document, options: Options, pid: int) -> None:
    """Remove what a killed process left half-written while it worked on `document`."""
    name = TEMPORARY.format(pid=pid)
    folder = (options.out / document.name).parent
    if folder.is_dir():
        for place in (folder, *folder.glob(f"*{OVERLAY_SUFFIX}")):
            (place / name).unlink(missing_ok=True)


def check_writable(out: Path) -> None:
    """Refuse at once what would fail after an hour: an output folder that cannot be made or written to."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(output=str(out), detail=error.strerror or str(error)) from error
    if not os.access(out, os.W_OK | os.X_OK):
        raise OutputError(output=str(out), detail=os.strerror(13))


def stems(document: Document, options: Options, reports: int) -> Sequence[Path]:
    """The path without suffix of each report's results."""
    if reports == 1:
        return (options.out / document.name,)
    return tuple(options.out / f"{document.volume}{number}" for number in range(1, reports + 1))
