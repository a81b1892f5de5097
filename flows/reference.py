"""The two reference pages that would go stale by hand: every option of the command line, every code of the program.

`python -m flows.reference docs` writes them; a test compares them with what this module would write.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from eval.cases import BadCase
from eval.compare import NotComparable
from eval.gate import QualityDropped
from eval.generate.work import MissingTool
from extractors.errors import NianbaoError
from extractors.forms.load import BadForm
from extractors.messages import LANGUAGES, catalogue, known, text
from extractors.rendering.limits import Limits
from flows.batch import SEVEREST_FIRST
from flows.cli import FORMATS, app

NAMED_OTHERWISE = {"formats": "format", "show_version": "version"}  # parameter -> its entry in the catalogue
# Imported, so that the tree below is whole.
EXTERNAL: Sequence[type[NianbaoError]] = (BadForm, BadCase, NotComparable, QualityDropped, MissingTool)

EXIT_STATUSES = (
    ("0", "Everything was read, or kept from an earlier run. Doubts, broken checks and documents that are no "
     "annual reports are results, not failures."),
    ("1", "A defect of the program, or a process that died or stood still on a document."),
    ("2", "The command line or a setting is wrong, a program is missing, or there was nothing to read."),
    ("3", "A file cannot be read as a document."),
    ("4", "No page of a document could be drawn."),
    ("5", "The OCR engine or its weights are missing, broken or altered."),
    ("6", "A result cannot be written, or something else stands in its place."),
    ("7", "Extraction got worse than the committed baseline (`nianbao eval gate`)."),
    ("130, 143", "Interrupted by Ctrl-C, or asked to end (SIGTERM). Finished results stay."),
)  # fmt: skip


def errors_page() -> str:
    """docs/errors.md: exit statuses, then all codes with their words in both languages."""
    statuses = [list(row) for row in EXIT_STATUSES]
    order = ", ".join(map(str, SEVEREST_FIRST))
    blocks = [
        "# Errors, findings and reasons",
        "Every failure has a code for programs, an exit status by cause, a message and a remedy. The message goes "
        "to standard error as `failed [code] message`, in the language of `--lang`. A traceback is shown only "
        "with `--debug`. This page is written by `python -m flows.reference docs`.",
        "## Exit statuses",
        _table(["status", "cause"], statuses),
        "All other documents are still done when one fails. If several causes come together, the status is that "
        f"of the severest, in this order: {order}. A page that fails costs that page: it is the issue "
        "`page_failed` of the record and no error.",
        "## Errors",
        _table(
            ["code", "status", "message", "what to do"], [_error_row(kind) for kind in _tree(NianbaoError)]
        ),
        "## Findings about a document",
        "The `issues` of a record. They do not change the exit status.",
        _table(["code", "中文", "English"], list(_words("issue"))),
        "## Why a value goes to a person",
        "The `reasons` of a field. `{arg}` is the check that is broken.",
        _table(["code", "中文", "English"], list(_words("reason"))),
    ]
    return "\n\n".join(blocks) + "\n"


def cli_page() -> str:
    """docs/cli.md: every command and option."""
    program: Any = typer.main.get_command(app)
    blocks = [
        "# The command line",
        text("cli", "about", "en"),
        "This page is written by `python -m flows.reference docs`. Exit statuses and error codes: "
        "[errors.md](errors.md).",
        "## nianbao",
        _options(program.params),
    ]
    for name, command in _commands(program):
        code = name.replace(" ", "_")
        blocks += [f"## nianbao {name}", text("cli", code, "en") + "\n\n" + text("cli", code, "zh")]
        if command.params:
            blocks.append(_options(command.params, code))
        blocks += [EXTRACT_NOTES, _bounds()] if name == "extract" else []
    return "\n\n".join(blocks) + "\n"


def _commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """(name, command) of everything that can be typed, groups before what they hold."""
    for name, command in sorted(group.commands.items()):
        yield above + name, command
        if hasattr(command, "commands"):
            yield from _commands(command, f"{above}{name} ")


EXTRACT_NOTES = """### What is read

PDF, TIFF, PNG and JPEG. In a folder, hidden files are passed over, files of other types are counted and named,
links to folders are not followed. A folder is one document if all that it holds are images called by one stem and
a number (`scan_1.png` to `scan_10.png`; numbers that are years make reports of their own); `--one-document`
makes one document of every folder that holds files, whatever they are called.

### What the results are called

- A file given by itself lands directly in the output folder; the tree below a folder is mirrored in it.
- `scan.pdf` gives `scan.json` and so on; `scan.pdf.json` where its folder holds another document of that stem.
- Inputs that would share a name keep as much of their parents' path as tells them apart.
- A volume of several reports gives `scan#1.json`, `scan#2.json`, in the order of their pages. A letter or notice
  bound in between has a number too; its record says `not_a_report`. Page numbers are those of the file throughout.
- `--overlay` writes `scan.overlay/page-001.png` and so on. Folders of that name are never read as input.

No two inputs share an output. A result that is there already is kept if it came from the same content, the same
version and the same engine; anything else in its place is an error that names `--force`. Every file carries a mark
of its origin for that. Files are written beside their place and renamed into it, so that none is ever half-written.
`--force` also removes our older results that a document no longer gives, such as `scan#3.json` where only two reports
are found now.

### Processes

Each of the `--jobs` worker processes loads the engine once and works on one document at a time. A document whose
process dies or stands still is tried once more, alone, after all others; if it fails again it is reported."""


def _bounds() -> str:
    limits = Limits()
    sentences = (
        f"A document has at most {limits.max_pages:,} pages. One with more is refused before a page of it is drawn "
        "(`too_many_pages`): it is an archive, to be split into reports first.",
        f"Drawing a page may take {limits.page_seconds:.0f} seconds and {limits.memory_mb:,} MB of memory.",
        f"A picture may have {limits.max_source_pixels // 10**6} million pixels (A3 at 600 dpi has 70 million).",
        "A page beyond these bounds costs itself; where no page is left, it is an error (`render_failed`, "
        "`render_timeout`, `picture_bomb`).",
    )
    return "### Bounds on one document\n\n" + "\n".join(f"- {sentence}" for sentence in sentences)


def _options(params: Sequence[Any], command: str = "") -> str:
    rows = []
    for param in params:
        own = f"{command}_{param.name}"  # an option that means something else here than elsewhere
        code = own if known("cli", own) else NAMED_OTHERWISE.get(param.name, param.name)
        names = ", ".join(f"`{name}`" for name in param.opts)
        if not param.opts[0].startswith("-"):
            names = f"`{param.metavar}{' ...' if param.nargs == -1 else ''}`"
        default = "required" if param.required else _default(param)
        facts = {"formats": ", ".join(FORMATS)}
        rows.append([names, default, *(text("cli", code, lang, **facts) for lang in reversed(LANGUAGES))])
    return _table(["option", "default", "what it does", "说明"], rows)


def _default(param: Any) -> str:
    if param.name == "lang":
        return "by locale"
    return "" if param.default in (None, False, "") else f"`{param.default}`"


def _tree(root: type[NianbaoError]) -> list[type[NianbaoError]]:
    """`root` and all below it: those of extractors/errors.py in its order, then others by code, however imported."""
    own = NianbaoError.__module__
    children = sorted(
        root.__subclasses__(), key=lambda kind: (kind.__module__ != own, kind.code * (kind.__module__ != own))
    )
    return [root, *(kind for child in children for kind in _tree(child))]


def _error_row(kind: type[NianbaoError]) -> list[str]:
    entry = catalogue()["error"][kind.code]
    remedy = f"{entry['remedy_en']}<br>{entry['remedy_zh']}"
    return [f"`{kind.code}`", str(kind.exit_code), f"{entry['en']}<br>{entry['zh']}", remedy]


def _words(group: str) -> Iterator[list[str]]:
    for code, entry in sorted(catalogue()[group].items()):
        yield [f"`{code}`", entry["zh"], entry["en"]]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


PAGES = {"errors.md": errors_page, "cli.md": cli_page}

if __name__ == "__main__":
    for name, page in PAGES.items():
        Path(sys.argv[1], name).write_text(page(), encoding="utf-8")
