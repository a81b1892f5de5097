"""How bad a scan is: a ladder of six steps for every effect, and scans of a severity that mix the effects near it.

Step 0 is a perfect picture of the print; 1 a new flatbed scanner; 2 an office copier; 3 a worn one or a careful
photograph; 4 an old copy scanned again; 5 about the worst that a person still reads with certainty nearly everywhere.
A scan of severity L takes for each effect one of the steps L-1, L, L+1; effects that not every scan has (`PRESENT`)
are left out at random. Nothing is drawn at severity 0.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eval.generate.scan.foreign import EFFECTS
from eval.generate.spec import Scan, Seal

LEVELS = (0, 1, 2, 3, 4, 5)
LADDER: Mapping[str, tuple[float, float, float, float, float, float]] = {
    "dpi": (300, 250, 200, 200, 150, 120),
    "jpeg": (95, 90, 80, 65, 50, 35),  # quality
    "skew_deg": (0, 0.2, 0.5, 1.0, 1.8, 3.0),
    "curl_mm": (0, 0.2, 0.5, 1.2, 2.2, 3.5),
    "perspective": (0, 0.002, 0.005, 0.010, 0.018, 0.030),  # share of the width
    "blur_mm": (0, 0.03, 0.06, 0.09, 0.13, 0.18),  # sigma on paper
    "noise": (0, 2, 4, 7, 11, 16),  # grey levels
    "fade": (0, 0.03, 0.08, 0.16, 0.26, 0.36),  # share of the ink
    "broken": (0, 0.003, 0.01, 0.025, 0.05, 0.08),  # share of ruling length
    "bleed": (0, 0.02, 0.04, 0.07, 0.11, 0.16),
    "shade": (0, 0.04, 0.08, 0.13, 0.19, 0.26),
    "shadow": (0, 0.05, 0.12, 0.2, 0.32, 0.45),
    "specks": (0, 4, 10, 25, 60, 120),  # a page
    "streaks": (0, 0, 0, 1, 2, 4),
    "holes": (0, 2, 2, 2, 4, 4),
    "handwriting": (0, 1, 1, 2, 3, 5),  # marks a page
    "seals": (0, 1, 1, 2, 2, 3),  # a report, beside an electronic one
    "seal_ink": (0.4, 0.5, 0.6, 0.7, 0.85, 0.95),
    "turned": (0, 0.02, 0.04, 0.07, 0.1, 0.15),  # share of pages laid sideways or upside down
    "speckle": (0, 0.0001, 0.0004, 0.001, 0.002, 0.004),  # of 1-bit scans: share of pixels turned over
    "threshold": (150, 160, 165, 175, 185, 195),  # of 1-bit scans; higher keeps faded strokes, and dirt
}
PRESENT: Mapping[str, float] = {
    "curl_mm": 0.5,
    "perspective": 0.3,
    "blur_mm": 0.8,
    "fade": 0.5,
    "broken": 0.5,
    "bleed": 0.35,
    "shade": 0.6,
    "shadow": 0.2,
    "specks": 0.5,
    "streaks": 0.25,
    "holes": 0.25,
    "handwriting": 0.3,
    "seals": 0.5,
    "one_bit": 0.15,
    "colour": 0.6,
}
PAPERS = (
    (255, 255, 255),
    (250, 250, 250),
    (238, 242, 245),
    (228, 238, 242),
    (214, 232, 240),
)  # BGR, whiter first


@dataclass(frozen=True, slots=True)
class Treatment:
    """What happened to one report: how its pages were scanned, and the stamps pressed on them before.

    `turned`: page (from 1) -> clockwise turn of the finished page. `seed` drives noise, patches and pen marks.
    """

    level: int
    seed: int
    scan: Scan
    turned: Mapping[int, int]
    seals: tuple[Seal, ...] = ()

    def of_page(self, page: int) -> Scan:
        """The scan of page `page`, from 1."""
        return replace(self.scan, rotate=self.turned.get(page, 0))


def draw_treatment(seed: int, level: int, pages: int, tables: Sequence[tuple[float, ...]] = ()) -> Treatment:
    """A treatment of severity `level` (0..5) for a report of `pages` pages.

    `tables`: places of figures as (page, x0, y0, x1, y1); half of the seals are pressed there, the others anywhere.
    """
    rng = random.Random(f"{seed} scan {level}")
    if level == 0:
        return Treatment(0, seed, Scan(dpi=int(LADDER["dpi"][0]), jpeg=int(LADDER["jpeg"][0])), {})
    step = _Steps(rng, level)
    scan = draw_scan(rng, step)
    share = step.value("turned")
    turned = {page: rng.choice((90, 180, 180, 270)) for page in range(1, pages + 1) if rng.random() < share}
    return Treatment(level, seed, scan, turned, _seals(rng, step, pages, tables))


class _Steps:
    """Draws each effect's step near a level."""

    def __init__(self, rng: random.Random, level: int) -> None:
        self._rng, self._level = rng, level

    def value(self, effect: str) -> float:
        """The effect's strength; 0 where this scan does not have it."""
        step = min(5, max(0, self._level + self._rng.choice((-1, 0, 0, 1))))
        return LADDER[effect][step] if self._rng.random() < PRESENT.get(effect, 1) else 0


def with_foreign(treatment: Treatment) -> Treatment:
    """The same treatment with one or two effects of augraphy instead of our own fading, blur and dirt."""
    rng = random.Random(f"{treatment.seed} foreign {treatment.level}")
    effects = tuple(rng.sample(EFFECTS, k=1 + (treatment.level >= 3)))
    plain = replace(treatment.scan, fade=0, broken=0, blur=0, specks=0, streaks=0)
    return replace(treatment, scan=replace(plain, foreign=effects if treatment.level else ()))


def draw_scan(rng: random.Random, step: _Steps) -> Scan:
    dpi = int(step.value("dpi"))
    one_bit = rng.random() < PRESENT["one_bit"]
    return Scan(
        dpi=dpi,
        colour=not one_bit and rng.random() < PRESENT["colour"],
        skew_deg=round(step.value("skew_deg") * rng.uniform(-1, 1), 2),
        curl_mm=step.value("curl_mm"),
        perspective=step.value("perspective") * rng.choice((-1, 1)),
        shade=step.value("shade"),
        shadow=step.value("shadow"),
        paper=rng.choice(PAPERS),
        blur=round(step.value("blur_mm") / 25.4 * dpi, 2),
        noise=step.value("noise"),
        fade=step.value("fade"),
        broken=step.value("broken"),
        bleed=step.value("bleed"),
        specks=int(step.value("specks")),
        streaks=int(step.value("streaks")),
        holes=int(step.value("holes")),
        handwriting=int(step.value("handwriting")),
        speckle=step.value("speckle") if one_bit else 0,
        threshold=int(step.value("threshold")),
        jpeg=int(step.value("jpeg")),
        one_bit=one_bit,
    )


def _seals(
    rng: random.Random, step: _Steps, pages: int, tables: Sequence[tuple[float, ...]]
) -> tuple[Seal, ...]:
    return tuple(_seal(rng, step, pages, tables) for _ in range(int(step.value("seals"))))


def _seal(rng: random.Random, step: _Steps, pages: int, tables: Sequence[tuple[float, ...]]) -> Seal:
    page, x, y = rng.randint(1, pages), rng.uniform(0.2, 0.8), rng.uniform(0.12, 0.85)
    if tables and rng.random() < 0.5:
        place = rng.choice(tables)
        page, x, y = int(place[0]), (place[1] + place[3]) / 2, (place[2] + place[4]) / 2
    return Seal(
        page, round(x, 4), round(y, 4), angle=round(rng.uniform(-25, 25), 1), ink=step.value("seal_ink")
    )
