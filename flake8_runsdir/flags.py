"""The commands and their flags, each declared once: those of Ruff, with Ruff's manners."""

from __future__ import annotations

from flake8_runsdir.options import AUDIT_FORMATS, FORMATS, VERSIONS
from flake8_runsdir.record import Record


class Flag(Record):
    """One flag.

    A flag without a placeholder for its ``value`` is a switch; ``opposite`` names the switch that
    it turns off.  ``kind`` says how values are taken: ``one``; ``list``, separated by commas;
    ``each``, one at a time and any number of times; ``reason``, behind a ``=`` or not at all.
    Where there is a ``most``, the value is a number from 1 to that.  A flag without ``help`` is
    accepted and not spoken of.
    """

    name: str
    help: str = ""
    short: str = ""
    value: str = ""
    kind: str = "one"
    possible: tuple[str, ...] = ()
    most: int = 0
    opposite: str = ""

    @property
    def field(self) -> str:
        """What the flag sets, as a Python identifier."""
        return (self.opposite or self.name).replace("-", "_")

    def __str__(self) -> str:
        value = f"[=<{self.value}>]" if self.kind == "reason" else f" <{self.value}>"
        return f"--{self.name}{value if self.value else ''}"


class Command(Record):
    """A command: its flags in groups with headings, and the name of what it is about.

    ``subject`` ends with ``...`` if there may be several.
    """

    name: str
    help: str
    groups: tuple[tuple[str, tuple[Flag, ...]], ...]
    subject: str = ""
    about: str = ""

    @property
    def flags(self) -> tuple[Flag, ...]:
        """All flags."""
        return tuple(flag for _, flags in self.groups for flag in flags)


def _switch(name: str, help: str) -> tuple[Flag, Flag]:  # noqa: A002
    """Return a switch and its opposite, of which the last one counts."""
    text = f"{help}; `--no-{name}` turns it off"
    return Flag(name, text), Flag(f"no-{name}", opposite=name)


HELP = Flag("help", "Print help", "h")
VERSION = Flag("version", "Print the version", "V")
_GLOBAL = (
    (
        "Log levels",
        (
            Flag("verbose", "Tell on standard error what is being done", "v"),
            Flag("quiet", "Print findings, but nothing else", "q"),
            Flag("silent", "Print nothing; the exit code says it all", "s"),
        ),
    ),
    (
        "Global options",
        (
            Flag(
                "config",
                "A configuration file, or an option in TOML, which takes precedence over all files",
                value="FILE|KEY=VALUE",
                kind="each",
            ),
            Flag("isolated", "Read no configuration file"),
            Flag(
                "color",
                "When to use colours",
                value="WHEN",
                possible=("auto", "always", "never"),
            ),
        ),
    ),
)
_FORMAT = Flag("output-format", "How to print", value="FORMAT", possible=("text", "json"))

_MODES = (
    *_switch("fix", "Apply fixes, and report what remains"),
    *_switch("unsafe-fixes", "Include fixes that may change the meaning of the code"),
    *_switch("show-fixes", "List what has been fixed"),
    Flag("diff", "Print fixes as a patch and change nothing; exit with 1 if there are any"),
    Flag("watch", "Check again whenever a file changes", "w"),
    *_switch("fix-only", "Apply fixes, but report nothing"),
    Flag("ignore-noqa", "Report also what comments suppress"),
    Flag(
        "output-format",
        "How to print findings [env: RUNSDIR_OUTPUT_FORMAT] [default: full]",
        value="FORMAT",
        possible=FORMATS,
    ),
    Flag(
        "output-file",
        "Write the report to a file [env: RUNSDIR_OUTPUT_FILE]",
        "o",
        value="FILE",
    ),
    Flag(
        "target-version", "The oldest Python that is supported", value="VERSION", possible=VERSIONS
    ),
    *_switch("preview", "Turn on unstable rules; there are none now"),
    Flag("extension", value="EXTENSION", kind="list"),
    Flag("statistics", "Count the findings of each rule"),
    Flag("add-noqa", "Add `# noqa` comments to the files", value="REASON", kind="reason"),
    Flag("add-ignore", "Add `# ruff: ignore` comments to the files", value="REASON", kind="reason"),
    Flag("baseline", "Report only what is not recorded in a baseline", value="FILE"),
    Flag("no-baseline", "Use no baseline, whatever the configuration says", opposite="baseline"),
    Flag(
        "fail-on",
        "Exit with 1 also if entries of the baseline are stale",
        value="WHAT",
        possible=("stale",),
    ),
    Flag("show-files", "List the files that would be checked"),
    Flag("show-settings", "Show the settings for the first of the files"),
    HELP,
)
_RULES = (
    Flag("select", "Codes of the rules that are on, or ALL", value="CODE", kind="list"),
    Flag("ignore", "Codes of rules that are off", value="CODE", kind="list"),
    Flag("extend-select", "Further rules that are on", value="CODE", kind="list"),
    Flag("extend-ignore", "Further rules that are off", value="CODE", kind="list"),
    Flag(
        "per-file-ignores",
        "Rules that are off in some files",
        value="GLOB:CODE",
        kind="list",
    ),
    Flag(
        "extend-per-file-ignores",
        "Further rules that are off in some files",
        value="GLOB:CODE",
        kind="list",
    ),
    Flag("fixable", "Rules whose fixes are applied [default: ALL]", value="CODE", kind="list"),
    Flag("unfixable", "Rules whose fixes are not", value="CODE", kind="list"),
    Flag("extend-fixable", "Further rules whose fixes are applied", value="CODE", kind="list"),
    Flag("extend-unfixable", "Further rules whose fixes are not", value="CODE", kind="list"),
)
_SELECTION = (
    Flag("exclude", "Globs of what is left out", value="GLOB", kind="list"),
    Flag("extend-exclude", "Further globs of what is left out", value="GLOB", kind="list"),
)
_JOBS = Flag(
    "jobs", "The number of processes [default: that of processors]", "j", value="N", most=256
)
_FILES = (
    *_SELECTION,
    *_switch("respect-gitignore", "Leave out what git ignores [default]"),
    *_switch("force-exclude", "Leave out also what is named on the command line"),
)
_CACHE = (
    Flag("no-cache", "Neither read nor keep results [env: RUNSDIR_NO_CACHE]", "n"),
    Flag("cache-dir", "Where results are kept [env: RUNSDIR_CACHE_DIR]", value="DIRECTORY"),
)
_REST = (
    *_CACHE,
    _JOBS,
    Flag("stdin-filename", "The name of what is on standard input", value="FILE"),
    Flag("exit-zero", "Exit with 0 even if there are findings", "e"),
    Flag("exit-non-zero-on-fix", "Exit with 1 if something was fixed"),
    Flag("line-length", value="LENGTH", most=320),
    Flag("dummy-variable-rgx", value="RGX"),
)

_AUDIT = (
    Flag(
        "output-format",
        "What kind of report to write [default: text]",
        value="FORMAT",
        possible=AUDIT_FORMATS,
    ),
    Flag("output-file", "Write the report to a file", "o", value="FILE"),
    Flag("date", "The date that the report bears, as YYYY-MM-DD [default: today]", value="DATE"),
    Flag(
        "since",
        "Compare with an earlier audit in JSON, or with a revision in git",
        value="FILE|REV",
    ),
    Flag("history", "Count the places in the commits of the default branch; for html and json"),
    Flag(
        "history-commits",
        "The greatest number of commits that a history looks into [default: 500]",
        value="N",
        most=1_000_000,
    ),
    Flag(
        "fail-on",
        "Exit with 1 if there are places that must be fixed, new ones of these (with --since), "
        "or any but the right ones",
        value="PLACES",
        possible=("critical", "new", "any"),
    ),
    *_CACHE,
    _JOBS,
    HELP,
)

CHECK = Command(
    "check",
    "Check files and directories",
    (
        ("Options", _MODES),
        ("Rule selection", _RULES),
        ("File selection", _FILES),
        ("Miscellaneous", _REST),
        *_GLOBAL,
    ),
    "[FILES]...",
    "Files or directories, or `-` for standard input [default: .]",
)
AUDIT = Command(
    "audit",
    "Take stock of every mention of the runs directory in a project",
    (("Options", _AUDIT), ("File selection", _SELECTION), *_GLOBAL),
    "[PATHS]...",
    "A directory, or files and directories of one project [default: .]",
)
BASELINE = Command(
    "baseline",
    "Record what `check` reports now in a baseline",
    (
        ("Options", (HELP,)),
        ("Rule selection", _RULES),
        ("File selection", _FILES),
        ("Miscellaneous", (*_CACHE, _JOBS)),
        *_GLOBAL,
    ),
    "[FILE] [PATHS]...",
    "The baseline [default: that of the configuration], and files or directories [default: .]",
)
COMMANDS: tuple[Command, ...] = (
    CHECK,
    BASELINE,
    AUDIT,
    Command(
        "rule",
        "Explain a rule, or all rules",
        (("Options", (Flag("all", "Explain all rules"), _FORMAT, HELP)), *_GLOBAL),
        "[RULE]",
        "A code (RUN001) or a name",
    ),
    Command(
        "config",
        "List the options, or explain one",
        (("Options", (_FORMAT, HELP)), *_GLOBAL),
        "[OPTION]",
        "The name of an option",
    ),
    Command("linter", "List the prefixes of codes", (("Options", (_FORMAT, HELP)), *_GLOBAL)),
    Command("version", "Print the version", (("Options", (_FORMAT, HELP)), *_GLOBAL)),
    Command(
        "help",
        "Print this, or the help of a command",
        (("Options", (HELP,)), *_GLOBAL),
        "[COMMAND]",
    ),
)
#: What stands in front of the command.
PROGRAM = Command(
    "",
    "runsdir: a linter that keeps an application's runs directory configurable",
    (("Options", (HELP, VERSION)), *_GLOBAL),
    "<COMMAND>",
)

_ANNOTATING = ("add_noqa", "add_ignore")
_SHOWING = ("show_files", "show_settings")
#: Fields of flags that cannot be used together, each with those behind it.
CONFLICTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("quiet", ("verbose", "silent")),
    ("verbose", ("silent",)),
    ("fix", _ANNOTATING),
    ("diff", ("statistics", "show_fixes", *_ANNOTATING)),
    ("watch", ("statistics", *_ANNOTATING, *_SHOWING)),
    ("statistics", (*_ANNOTATING, *_SHOWING)),
    ("add_noqa", ("add_ignore",)),
    *((field, (*_SHOWING, "stdin_filename", "ignore_noqa")) for field in _ANNOTATING),
    ("show_files", ("show_settings",)),
    *((field, ("stdin_filename", "ignore_noqa")) for field in _SHOWING),
    ("exit_zero", ("exit_non_zero_on_fix",)),
)
#: Variables of the environment that stand for a flag that is not given.
VARIABLES: tuple[tuple[str, str], ...] = (
    ("RUNSDIR_OUTPUT_FORMAT", "output-format"),
    ("RUNSDIR_OUTPUT_FILE", "output-file"),
    ("RUNSDIR_NO_CACHE", "no-cache"),
    ("RUNSDIR_CACHE_DIR", "cache-dir"),
)
