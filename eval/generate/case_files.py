"""Case folders on disk: a print with its labels and what scanners did to it; scans made from that, without engines.

    <name>-digital/source.pdf   the born-digital report     <name>-digital/scans.json   its scans: settings, seeds
    <name>-digital/gold.json    the labels                  <name>-digital/seal.png     for scans that stamp it

A scan `<name>-s4` is a case folder again. Folders appear whole or not at all, so that work can be taken up again.
"""

from __future__ import annotations

import dataclasses
import io
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image as Pillow

from eval.generate.pdf import page_sizes_mm
from eval.generate.scan.ladder import Treatment
from eval.generate.scan.treat import Scanned, scan_report
from eval.generate.scan.warp import Image
from eval.generate.spec import Scan, Seal

Labels = Mapping[str, Any]
PRINT = "-digital"  # the end of a print's name


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill that becomes `folder` at the end; nothing is left of it if filling fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_print(
    folder: Path, pdf: bytes, labels: Labels, scans: Mapping[str, Treatment], seal: Image | None
) -> None:
    """A print's case folder."""
    with whole_folder(folder) as draft:
        (draft / "source.pdf").write_bytes(pdf)
        _write_json(draft / "gold.json", labels)
        _write_json(draft / "scans.json", {name: treatment_json(scan) for name, scan in scans.items()})
        if seal is not None:
            (draft / "seal.png").write_bytes(_ink_png(seal))


def read_scans(folder: Path) -> dict[str, Treatment]:
    """The scans of a print, by name. KeyError or TypeError where the file is not what `write_print` writes."""
    data = json.loads((folder / "scans.json").read_text(encoding="utf-8"))
    return {name: treatment_from_json(entry) for name, entry in data.items()}


def write_scan(folder: Path, name: str, out: Path) -> None:
    """Make scan `name` of the print in `folder` as the case folder `out`: same print, same bytes."""
    treatment = read_scans(folder)[name]
    labels = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    seal = read_ink(folder / "seal.png") if treatment.seals else None
    printed = (folder / "source.pdf").read_bytes()
    places = all_boxes(labels)
    scanned = scan_report(printed, treatment, places, seal)
    stamped = sealed(places, treatment.seals, page_sizes_mm(printed))
    with whole_folder(out) as draft:
        (draft / "source.pdf").write_bytes(scanned.pdf)
        _write_json(draft / "gold.json", scanned_labels(labels, scanned, treatment, stamped))


def all_boxes(labels: Labels) -> dict[str, tuple[float, ...]]:
    """The boxes of a report by path, or those of a volume's reports by number and path."""
    reports = labels.get("reports", [labels])
    return {
        f"{number}:{path}": tuple(box)
        for number, report in enumerate(reports)
        for path, box in report.get("boxes", {}).items()
    }


def sealed(
    places: Mapping[str, tuple[float, ...]], seals: Sequence[Seal], sizes_mm: Sequence[tuple[float, float]]
) -> frozenset[str]:
    """Names of the printed places that the square around a seal touches."""
    touched = set()
    for name, (page, x0, y0, x1, y1) in places.items():
        width, height = sizes_mm[int(page) - 1]
        for seal in seals:
            reach_x, reach_y = seal.diameter_mm / 2 / width, seal.diameter_mm / 2 / height
            beside = seal.x + reach_x < x0 or x1 < seal.x - reach_x
            if seal.page == page and not beside and seal.y - reach_y < y1 and y0 < seal.y + reach_y:
                touched.add(name)
    return frozenset(touched)


def scanned_labels(
    labels: Labels, scanned: Scanned, treatment: Treatment, stamped: frozenset[str]
) -> dict[str, Any]:
    """The print's labels with the places as they lie in the scan. `stamped`: names of places that a seal touches.

    What pen or seal made unreadable goes into `unverified` and is not scored; `turned` are pages laid otherwise.
    """
    reports = [
        _scanned_report(report, f"{number}:", scanned, stamped)
        for number, report in enumerate(labels.get("reports", [labels]))
    ]
    found = {**labels, "reports": reports} if "reports" in labels else reports[0]
    traits = [*found.get("traits", ()), *scan_traits(treatment)]
    turned = {str(page): turn for page, turn in treatment.turned.items()}
    return {**found, "severity": treatment.level, "traits": traits, "turned": turned}


def _scanned_report(report: Labels, prefix: str, scanned: Scanned, stamped: frozenset[str]) -> dict[str, Any]:
    paths = list(report.get("boxes", {}))
    tags = dict(report.get("tags", {}))
    tags |= {path: [*tags.get(path, ()), "seal"] for path in paths if prefix + path in stamped}
    boxes = {path: list(scanned.boxes[prefix + path]) for path in paths}
    known = report.get("unverified", ())
    if report.get("label_source") == "hand":  # labelled on the scan: who read it knows what cannot be read
        lost = list(known)
    else:
        lost = list(dict.fromkeys([*known, *(path for path in paths if prefix + path in scanned.unreadable)]))
    return {**report, "tags": tags, "boxes": boxes, "unverified": lost}


def scan_traits(treatment: Treatment) -> list[str]:
    """What the scan had that a score may be sliced by."""
    scan = treatment.scan
    marks = {
        "one_bit": scan.one_bit,
        "low_dpi": scan.dpi <= 150,
        "seal": bool(treatment.seals),
        "turned": bool(treatment.turned),
        "handwriting": bool(scan.handwriting),
        "curl": bool(scan.curl_mm),
        "broken_rulings": bool(scan.broken),
        "bleed": bool(scan.bleed),
    }
    return [name for name, on in marks.items() if on]


def treatment_json(treatment: Treatment) -> dict[str, Any]:
    """Everything that is not a default, so that a reader sees what was done."""
    scan = {
        field.name: getattr(treatment.scan, field.name)
        for field in dataclasses.fields(Scan)
        if getattr(treatment.scan, field.name) != field.default
    }
    return {
        "level": treatment.level,
        "seed": treatment.seed,
        "scan": scan,
        "turned": {str(page): turn for page, turn in treatment.turned.items()},
        "seals": [dataclasses.asdict(seal) for seal in treatment.seals],
    }


def treatment_from_json(data: Mapping[str, Any]) -> Treatment:
    settings: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in data["scan"].items()
    }
    turned = {int(page): int(turn) for page, turn in data["turned"].items()}
    seals = tuple(Seal(**seal) for seal in data["seals"])
    return Treatment(int(data["level"]), int(data["seed"]), Scan(**settings), turned, seals)


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _ink_png(seal: Image) -> bytes:
    """The seal's ink in sixteen levels: red on white has no more to say, and the file stays small."""
    ink = np.round((255 - seal.min(axis=2)) / 17).astype(np.uint8) * 17
    out = io.BytesIO()
    Pillow.fromarray(ink).save(out, "PNG", optimize=True)
    return out.getvalue()


def read_ink(path: Path) -> Image:
    """The seal on white, BGR."""
    ink = np.asarray(Pillow.open(path)).astype(np.float32)[..., None] / 255
    red = np.array((27, 2, 208), np.float32)  # BGR, as `typeset.seal.SEAL_RED`
    return cv2.convertScaleAbs(255 - (255 - red) * ink).astype(np.uint8)
