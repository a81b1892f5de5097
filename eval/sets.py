"""From a folder to the cases that are run: what lies there, and of a set of prints also the scans that it names.

A set of prints (data/eval) commits each report as printed with the settings of its scans; the scans are made on
first use into a cache outside of git (eval/generate/scans.py). A folder of plain cases is itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import CORE, LEVELS, SEVERITIES, BadCase, Case, case_folders, read_case, read_golds
from eval.generate.content.bodies import SPLITS
from eval.generate.scans import Wanted, default_cache, make_scans, wanted_scans

Told = Callable[[int, int], None]  # scans made so far, scans to be made


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cases: those whose name contains one of `only` (all if empty), of these `levels`, of this `split`, and,
    where a run or a baseline names its cases, no others than `names`.
    """

    only: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    split: str | None = None
    names: frozenset[str] | None = None

    def takes(self, name: str) -> bool:
        """Whether a case of this name is meant, its split aside."""
        level = name.rsplit("-", 1)[-1]
        return (
            (not self.only or any(part in name for part in self.only))
            and (not self.levels or level in self.levels)
            and (self.names is None or name in self.names)
        )


def choice_of(only: str = "", levels: str = "", split: str | None = None) -> Choice:
    """A choice as it is typed, lists with commas. Raises ValueError, saying what there is, for no level or split."""
    named = _parts(levels)
    if strange := [level for level in named if level not in LEVELS + SEVERITIES]:
        raise ValueError(f"{', '.join(strange)}: {', '.join(LEVELS + SEVERITIES)}")
    if split is not None and split not in SPLITS:
        raise ValueError(f"{split}: {', '.join(SPLITS)}")
    return Choice(_parts(only), named, split)


def _parts(typed: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in typed.split(",") if part.strip())


def choose_cases(
    folder: Path, choice: Choice, jobs: int = 1, told: Told | None = None, cache: Path | None = None
) -> tuple[Case, ...]:
    """The chosen cases of `folder` by name; scans among them that nobody made yet are made, `jobs` at a time.

    Raises BadCase where nothing is chosen, or a case or print is not whole; OutputError where the cache
    (default: the user's) cannot be written.
    """
    place = default_cache() if cache is None else cache
    folders: list[Path] = []
    scans: list[Wanted] = []
    for case in case_folders(folder):
        if not _on_side(case, choice.split):
            continue
        is_print = (case / "scans.json").is_file()
        if choice.takes(case.name) and not (is_print and _is_labelled_by_hand(case)):
            folders.append(case)
        if is_print:
            own = place / CORE if case.parent.name == CORE else place
            scans += [scan for scan in wanted_scans(case, own) if choice.takes(scan.out.name)]
    if not folders and not scans:
        raise BadCase(f"{folder}: no case is {_described(choice)}")
    _make_missing([scan for scan in scans if not scan.is_current], jobs, told)
    chosen = sorted([*folders, *(scan.out for scan in scans)], key=lambda path: path.name)
    return tuple(read_case(case) for case in chosen)


def _on_side(case: Path, split: str | None) -> bool:
    return split is None or read_case(case).split == split


def _is_labelled_by_hand(case: Path) -> bool:
    """Then it was the scan that was labelled: its print carries it, and is no case that anybody read."""
    return read_golds(case / "gold.json")[0].label_source == "hand"


def _make_missing(scans: Sequence[Wanted], jobs: int, told: Told | None) -> None:
    for done, _ in enumerate(make_scans(scans, jobs), start=1):
        if told is not None:
            told(done, len(scans))


def _described(choice: Choice) -> str:
    parts = [f"called *{' or *'.join(f'{part}*' for part in choice.only)}"] if choice.only else []
    parts += [f"of level {' or '.join(choice.levels)}"] if choice.levels else []
    parts += [f"of split {choice.split}"] if choice.split else []
    parts += ["among those named"] if choice.names is not None else []
    return " and ".join(parts)
