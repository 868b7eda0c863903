"""The audit as a document, to be committed and compared: the same inventory gives the same text.

Texts from outside stand in code spans, in fences that are longer than any in them, or have their
punctuation escaped, so none can begin a heading, a link, HTML or another block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from flake8_runsdir.audit.inventory import (
    MUST_FIX,
    Comparison,
    HistoryPoint,
    Inventory,
    Place,
    Priority,
    Status,
)
from flake8_runsdir.audit.own import MARK
from flake8_runsdir.audit.reports import outline
from flake8_runsdir.audit.reports.outline import File, Phase
from flake8_runsdir.emit.inert import shown
from flake8_runsdir.emit.summary import counted
from flake8_runsdir.report import Style

#: How many places of one status, or files of one list, are named.
_MOST = 20
_MARKUP = re.compile(r"[\\`*_\[\]<>&~|$#]|(?<=www)\.|:(?=//)")
_BACKTICKS = re.compile("`+")
_LANGUAGE = re.compile(r"[a-z][a-z0-9+-]*")
_ELSEWHERE = "`runsdir audit --output-format json` lists them all"

_TESTS = "[ ] Run the tests in CI with a runs directory that is not the default one"


def emit(inventory: Inventory, _: Style, __: Sequence[HistoryPoint]) -> Iterator[str]:
    """Yield the document, section by section."""
    sections = (
        _heading(inventory),
        _summary(inventory),
        _progress(inventory.comparison),
        _must_fix(inventory),
        _already_fixed(inventory),
        _safe(inventory),
        _unread(inventory),
        _phases(inventory),
        _testing(inventory),
        _next_steps(inventory),
    )
    for number, section in enumerate(sections):
        lines = list(section)
        if lines:
            yield ("\n---\n\n" if number > 1 else "\n" if number else "") + "\n".join(lines) + "\n"


def code(text: str) -> str:
    """Return a text, on one line, as a code span."""
    text = shown(text)
    if not text.strip():
        return "` `"
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    padding = " " if longest or text[0] == " " == text[-1] else ""
    return f"{ticks}{padding}{text}{padding}{ticks}"


def prose(text: str) -> str:
    """Return a sentence: what stands between two backticks in it as code, the rest without markup.

    An odd backtick stays one.
    """
    pieces = shown(" ".join(text.split())).split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = ["`".join(pieces[-2:])]
    return "".join(
        code(piece) if index % 2 and piece else _MARKUP.sub(r"\\\g<0>", piece)
        for index, piece in enumerate(pieces)
    )


def fenced(lines: Iterable[str], language: str) -> Iterator[str]:
    """Yield lines as a block of code; the language only where it can be the name of one."""
    texts = [_inert(shown(line)) for line in lines]
    longest = max((len(run) for text in texts for run in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    tag = language.lower().replace(" ", "-")
    yield fence + (tag if _LANGUAGE.fullmatch(tag) else "text")
    yield from texts
    yield fence


def _inert(line: str) -> str:
    """Return a line of code that is no command of a build server."""
    return line.replace("::", r"\x3a:", 1) if line.lstrip().startswith("::") else line


def _heading(inventory: Inventory) -> Iterator[str]:
    numbers = outline.totals(inventory)
    state = "Complete: nothing must be fixed"
    if inventory.unread:
        state = f"Nothing must be fixed; {counted(len(inventory.unread), 'file')} not looked into"
    if numbers.must_fix:
        state = f"{counted(numbers.must_fix, 'place')} must be fixed"
    yield MARK
    yield ""
    yield f"# Hard-coded path audit: {code(inventory.root)}"
    yield ""
    yield f"**Status:** {state}  "
    yield f"**Date:** {prose(inventory.date)}"


def _summary(inventory: Inventory) -> Iterator[str]:
    numbers = outline.totals(inventory)
    files = f"none; {counted(inventory.files, 'text file')} looked into"
    if numbers.mentioning:
        of = f"{numbers.mentioning} of {counted(inventory.files, 'text file')}"
        files = f"{of}, with {counted(numbers.mentions, 'mention')}"
    levels = (f"{level.value} {count}" for level, count in numbers.priorities.items() if count)
    detail = f" ({', '.join(levels)})" if numbers.must_fix else ""
    wrong = {place.path for place in outline.must_fix(inventory)}
    yield "## Summary"
    yield ""
    yield f"- **Files found:** {files}"
    yield f"- **Critical:** {_in_files(numbers.must_fix, len(wrong))}{detail}"
    yield f"- **Safe to leave:** {counted(numbers.safe, 'place') if numbers.safe else 'none'}"
    yield f"- **Already fixed:** {_fixed(inventory)}"
    if inventory.binary:
        yield f"- **Binary:** {counted(inventory.binary, 'file')}"
    if inventory.unread:
        yield f"- **Not looked into:** {counted(len(inventory.unread), 'file')}"


def _progress(comparison: Comparison | None) -> Iterator[str]:
    if comparison is None:
        return
    yield f"## Progress since {code(comparison.since)}"
    for change in outline.changes(comparison):
        yield ""
        if change.title == "remaining":
            yield f"**Remaining:** {_places(change.places)}, as below"
            continue
        yield f"**{change.title.capitalize()}:** {_places(change.places)}"
        if change.places:
            yield ""
        origins = change.origins or ("",) * len(change.places)
        for place, origin in list(zip(change.places, origins))[:_MOST]:
            was = f", which was {code(origin)}" if origin else ""
            yield f"- {code(outline.location(place))}{was} - {code(outline.excerpt(place))}"
        yield from _more(change.places[_MOST:])


def _more(hidden: Sequence[Place]) -> Iterator[str]:
    """Yield what stands below a list for the places that are not in it, if there are any."""
    if hidden:
        files = counted(len({place.path for place in hidden}), "file")
        yield ""
        yield f"And {outline.number(hidden)} more in {files}; {_ELSEWHERE}."


def _more_files(hidden: Sequence[File]) -> Iterator[str]:
    """Yield what stands below a list for the files that are not in it, if there are any."""
    return _more([place for file in hidden for place in file.places])


def _places(places: Iterable[Place]) -> str:
    return counted(outline.number(places), "place")


def _in_files(places: int, files: int) -> str:
    return f"{counted(places, 'place')} in {counted(files, 'file')}" if places else "none"


def _must_fix(inventory: Inventory) -> Iterator[str]:
    files = outline.by_file(outline.must_fix(inventory))
    if not files:
        return
    yield "## Critical path issues (must fix)"
    for number, file in enumerate(files, 1):
        yield ""
        yield f"### {number}. {code(file.path)} ({_places(file.places)})"
        for place in file.places:
            yield ""
            yield from _place(place)
        yield ""
        yield from _priority(file)


def _place(place: Place) -> Iterator[str]:
    context = f" in {code(place.context)}" if place.context else ""
    kind = ", ".join(filter(None, (place.status.value, prose(outline.rule(place)))))
    yield f"**{_row(place)}**{context} ({kind}): {prose(place.reason)}"
    yield ""
    yield from fenced([outline.excerpt(place)], place.language)
    lines = outline.replacement(place)
    if lines:
        safety = {"safe": "Fix", "unsafe": "Fix (unsafe: look at it first)"}
        yield ""
        yield f"**{safety.get(place.applicability, 'Write instead')}:**"
        yield ""
        yield from fenced(lines, place.language)


def _row(place: Place) -> str:
    row = f"line {place.row}" if place.cell is None else f"cell {place.cell}, line {place.row}"
    return row.capitalize()


def _priority(file: File) -> Iterator[str]:
    """Yield the priorities of a file's places: one for all, or the rows of each."""
    decisions: dict[tuple[Priority, str], list[Place]] = {}
    for place in outline.by_urgency(file.places):
        decisions.setdefault((place.priority, place.decided_by), []).append(place)
    for (priority, decided_by), places in decisions.items():
        rows = f" ({_rows(places)})" if len(decisions) > 1 else ""
        why = f", by {code(decided_by)}" if decided_by else ""
        end = "  " if len(decisions) > 1 else ""
        yield f"**Priority:** **{priority.value or 'none'}**{rows}{why}{end}"


def _rows(places: Sequence[Place]) -> str:
    """Return the rows of places in one file: ``line 3``, ``lines 3, 5, ... (9 more)``."""
    rows = [_row(place).lower() for place in places]
    if all(row.startswith("line ") for row in rows):
        rows = [row.partition(" ")[2] for row in rows]
        rows[0] = ("lines " if len(rows) > 1 else "line ") + rows[0]
    hidden = len(rows) - _MOST
    return ", ".join(rows[:_MOST]) + (f", ... ({hidden} more)" if hidden > 0 else "")


def _already_fixed(inventory: Inventory) -> Iterator[str]:
    files = outline.by_file(outline.already_fixed(inventory))
    if not files:
        return
    yield "## Already fixed"
    yield ""
    for number, file in enumerate(files[:_MOST], 1):
        first = file.places[0]
        more = f" and {len(file.places) - 1} more" if len(file.places) > 1 else ""
        example = f"{code(outline.excerpt(first))} (line {first.row}{more})"
        yield f"{number}. **{code(file.path)}** - {example}"
    yield from _more_files(files[_MOST:])


def _safe(inventory: Inventory) -> Iterator[str]:
    groups = outline.safe_to_leave(inventory)
    if not groups:
        return
    yield "## Safe to leave"
    for status, places in groups.items():
        yield ""
        title = f"{status.value.capitalize()}: {outline.MEANINGS[status]}"
        yield f"### {title} ({outline.number(places)})"
        yield ""
        for place in places[:_MOST]:
            source = f" - {code(outline.excerpt(place))}" if place.source.strip() else ""
            reason = f" - {prose(place.reason)}" if place.reason else ""
            yield f"- {code(outline.location(place))}{reason}{source}"
        yield from _more(places[_MOST:])


def _unread(inventory: Inventory) -> Iterator[str]:
    if not inventory.unread:
        return
    yield "## Not looked into"
    yield ""
    for file in inventory.unread[:_MOST]:
        yield f"- {code(file.path)} - {prose(file.reason)}"
    if len(inventory.unread) > _MOST:
        yield ""
        yield f"And {len(inventory.unread) - _MOST} more; {_ELSEWHERE}."


def _phases(inventory: Inventory) -> Iterator[str]:
    steps = outline.phases(inventory)
    if not steps:
        return
    yield "## Recommended fixes"
    for number, step in enumerate(steps, 1):
        yield ""
        yield f"### Phase {number}: {step.title} ({_places(step.places)})"
        yield ""
        yield from _step(step)


def _step(step: Phase) -> Iterator[str]:
    if step.command:
        yield from fenced([f"{step.command} --diff  # look first", step.command], "bash")
        yield ""
    files = outline.by_file(step.places)
    for file in files[:_MOST]:
        yield f"- {code(file.path)}: {_rows(file.places)} ({file.priority.value or 'none'})"
    yield from _more_files(files[_MOST:])


def _testing(inventory: Inventory) -> Iterator[str]:
    yield "## Testing strategy"
    yield ""
    yield "1. **Static:** no path is hard-coded, and none comes back"
    yield ""
    checks = ["runsdir check"] if any(map(outline.is_checked, inventory.places)) else []
    yield from fenced([*checks, "runsdir audit --fail-on critical"], "bash")
    if not inventory.variable or not _is_used(inventory):
        return
    yield ""
    yield "2. **Tests:** they pass with a runs directory of their own"
    yield ""
    yield from fenced([f"{inventory.variable}=/tmp/custom-runs pytest"], "bash")
    yield ""
    yield "3. **Artifacts:** all are in that directory, and none in the default one"
    yield ""
    default = [f"test ! -e {_quoted(inventory.name)}"] if inventory.name else []
    yield from fenced(["ls -la /tmp/custom-runs", *default], "bash")


def _is_used(inventory: Inventory) -> bool:
    """Tell whether anything in the project uses the directory, rightly or not."""
    return any(place.status in (*MUST_FIX, Status.FIXED) for place in inventory.places)


def _quoted(text: str) -> str:
    """Return a word for a shell."""
    return text if re.fullmatch(r"[\w./-]+", text) else "'" + text.replace("'", "'\\''") + "'"


def _next_steps(inventory: Inventory) -> Iterator[str]:
    numbers = outline.totals(inventory)
    yield "## Next steps"
    yield ""
    done = [f"[x] Already fixed: {_fixed(inventory)}"] if numbers.fixed else []
    todo = [
        *(f"[ ] {_named(step)}" for step in outline.phases(inventory)),
        *(["[ ] Look into the files that could not be read"] if inventory.unread else []),
        *([_TESTS] if inventory.variable and _is_used(inventory) else []),
        "[ ] Hold the line in CI with `runsdir audit --fail-on critical`",
    ]
    yield from (f"- {line}" for line in (*done, *todo))


def _fixed(inventory: Inventory) -> str:
    places = outline.already_fixed(inventory)
    return _in_files(outline.number(places), len({place.path for place in places}))


def _named(step: Phase) -> str:
    return f"{step.title}: {_places(step.places)}" + (f", `{step.command}`" if step.command else "")
