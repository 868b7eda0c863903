"""A mention in a program of any language: a path, unless a call or a name around it says otherwise.

The constructs around the mention are asked from the inside out, up to the first call that nothing
is known of: what is given to that one may well be opened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flake8_runsdir.audit.languages import Kind, Token
from flake8_runsdir.audit.sections import enclosing
from flake8_runsdir.audit.usage import suggestions
from flake8_runsdir.audit.usage.frames import Frame, frames
from flake8_runsdir.audit.usage.frames import is_prose as has_words
from flake8_runsdir.audit.usage.spot import Spot, Usage, data, match, names_a_file, path, text
from flake8_runsdir.audit.usage.variables import Variables
from flake8_runsdir.hints import Hint, hint

_COMPARED = match("compared or searched for")
_MESSAGE = text("a message")
_NOTHING = Frame("", "", "")

_NAME = r"[A-Za-z_$@][\w$]*[?!]?"
#: The name in front of the bracket of a call, with what it belongs to; names that get a value.
_CALLED = re.compile(rf"(?:{_NAME}\s*(?:\(\))?\s*(?:\?\.|\.|::|->|:)\s*)*{_NAME}(?:<[^<>]*>)?\s*\Z")
_GIVEN = re.compile(rf"({_NAME})[\"'\])}}]*\s*(?::(?!:)|=>|[+|?:]?=(?![=>~]))")
_PARTS = re.compile(r"[.:>?\s()]+")

#: What compares, as it stands in front of a string, and behind one.
_OPERATOR = re.compile(r"(?:[=!]==?|=~|~=|<>)\s*[^\s\"'`]*\Z")
_WORD_OPERATOR = re.compile(
    r"\b(?:eq|ne|case|when|in|STREQUAL|MATCHES|REGEX|PATTERN|EXCLUDE|(?:exclude|ignore)s?)\s*\Z"
)
_CASES = re.compile(r"\s*(?:case|when)\b[^:]*\Z")
_BEHIND = re.compile(
    r"[^\"'`]*[\"'`](?:\s*(?:[=!]==?|=~|=>|\bin\b|\beq\b|\.\s*(?:equals\w*|compareTo)\()"
    r"|\s*\)\s*[!=]==?\s*(?:-1|[\w:]*npos)\b"
    r"|[^\[\]]*\]\s*\??\.\s*(?:includes?\??|contains|index_?[oO]f|has|some)\b)"
)
#: An option that leaves something out, in front of its value, and as the beginning of a string.
_OPTION = re.compile(r"[\"'`]--?(?:[a-z]+-)*(?:exclude|ignore)[\w-]*[\"'`]\s*,\s*\Z")
_OPTION_STRING = re.compile(r"--?(?:[a-z]+-)*(?:exclude|ignore)[\w-]*=|glob:")
#: Functions that compare or search, by their last names.
_COMPARES = re.compile(
    r"(?:(?:starts?|ends?)_?with\w*|has_?(?:prefix|suffix|key)?|includes?|contains?\w*|(?:last_?)?index_?of"
    r"|(?:is_?)?match(?:es|_?all)?|test|search|replace_?(?:all|first|range)?|split_?(?:once|n|lines)?"
    r"|(?:is_?)?(?:not_?)?equals?\w*|(?:deep_?)?(?:strict_?)?equal|reg_?exp?|regex\w*|must_?compile|preg_\w+"
    r"|g?sub|to_?(?:be|equal|contain|match|include|strict|start|end|have)\w*|should|is_?in"
    r"|(?:trim|strip|cut|remove)_?(?:left|right|start|end|prefix|suffix)|expect|ignores?"
    r"|assert(?:_?(?:eq|ne|equals?|that|same|(?:not_?)?contains?|(?:not_?)?match\w*|strict_?\w+))?"
    r"|is_?ignored|(?:mini|pico|micro)match|str_?(?:n?cmp|str|pos|contains|starts_with)|in_array|fnmatch"
    r"|path_?matcher|get_?path_?matcher|delete_?(?:prefix|suffix)|eq|ne|global_?ignores"
    r"|(?:exclude|ignore|omit)_?(?:s|d|dirs?|paths?|patterns?|globs?)?)[?!]?",
    re.IGNORECASE,
)
_REPLACES = re.compile(r"(?:replace\w*|g?sub|preg_replace\w*)[?!]?", re.IGNORECASE)
#: Functions that tell people something, and statements that do.
_PRINTS = re.compile(
    r"(?:e?print(?:f|ln|_r)?|fprintf?(?:ln)?|puts|echo|panic|die|abort|alert|fail|fatal\w*|warn(?:f|ing|ln)?"
    r"|info(?:f|ln)?|debug(?:f|ln)?|errorf?|trace|throw|raise|describe|it|context|suite|writeln"
    r"|write_?line|log(?:f|ln)?|\w*(?:Error|Exception)f?)!?",
    re.IGNORECASE,
)
_LOGGERS = re.compile(
    r"console[.:].*|(?:.*[.:])?(?:console|\w*log(?:ger|ging)?|slog|stdout|stderr)(?:[.:]+|->)(?:log|trace|verbose|silly|notice"
    r"|critical|success|crit|emerg|exception|print\w*|write\w*|dir|table|group|assert|msg|panic\w*"
    r"|(?:info|warn|warning|error|debug|fatal)\w{0,4})",
    re.IGNORECASE,
)
_TELLS = re.compile(r"\s*(?:throw|raise|puts|print|echo|warn|die|say|fail|abort|p)\b(?!\s*[.=(])")
#: Functions whose result is what they are given, or made of it.
_PASSES_ON = re.compile(
    r"(?:join|resolve|normalize|clean|of|get_?path|combine|format!?|s?printf|to_?(?:string|owned|lower|upper)\w*"
    r"|into|from|new|str(?:ing)?|set|map|array|list|vec!?|(?:as|to)_?list|list_?of|set_?of|array_?of|freeze"
    r"|unwrap_or\w*|get_?or_?else|or_?else\w*|path|paths|pathbuf|concat|color|chalk|red|green|yellow|blue"
    r"|bold|dim|cyan|gr[ae]y|magenta|underline|quote|repr|inspect|trim)[?!]?",
    re.IGNORECASE,
)
_OR_ELSE = re.compile(r"(?:unwrap_?or|get_?or|or)_?else\w*", re.IGNORECASE)
#: Functions that send what they are given, or write it down for others.
_CARRIES = re.compile(r"(?:json_?)?(?:stringify|dumps?|encode)|(?:to_?)?json|send", re.IGNORECASE)
_PUSHES = re.compile(
    r"(?:push\w*|add\w*|append\w*|insert\w*|unshift|extend|concat)!?", re.IGNORECASE
)
_RUNS = re.compile(
    r"(?:exec\w*|spawn\w*|system|shell\w*|popen|run\w*|command|sh|cmd)", re.IGNORECASE
)
#: What runs commands, in front of a string or of its bracket, and commands that strings begin with.
_RUN_BEFORE = re.compile(
    r"(?:\b(?:sh|bat|powershell|pwsh|system|exec|run|cmd|spawn|popen|shell)|%x[({\[]?|\$)\s*\Z"
)
_COMMAND = re.compile(
    r"\s*(?:sudo\s+)?(?:(?:rm|rmdir|mkdir|cp|mv|ln|ls|cd|du|df|tar|zip|unzip|rsync|scp|chmod|chown|bash|sh|docker"
    r"|kubectl|aws|gsutil|robocopy|xcopy|del|rd|ATTACH)\s|(?:find|cat|touch|git|python3?|node|npm|npx|curl"
    r"|wget|grep)\s+(?:-|\S*[/.])|--?\w)"
)
#: A function that is an argument: it may do anything with what is in it.
_FUNCTION = re.compile(r"=>|->|\bfunction\b|\bfunc\b|\blambda\b|\|[\w\s,]*\|")
#: Behind a string: a function that it is the title of, and what says that it is a key.
_TITLE_BEHIND = re.compile(r"[^\"'`]*[\"'`]\s*,\s*(?:async\s*)?(?:func(?:tion)?\b|\(|\w+\s*=>)")
_KEY_BEHIND = re.compile(r"[^\"'`]*[\"'`]\s*:(?!:)")
_TYPE = re.compile(r"\s*(?:export\s+)?(?:declare\s+)?(?:type|interface)\s")
#: How many constructs around a mention are asked.
_DEEPEST = 16
#: Where `{` opens a literal, and where `[` asks for an element.
_LITERAL = re.compile(r"(?:[=(,:\[\]|&]|(?<![=-])>|\breturn|\]\w+|\bnew\s[\w.<>]+|\A)\s*\Z")
_INDEX = re.compile(r"(?<!%)(?<!%[wWiI])[\w)\]]\Z")
_KEYWORD = re.compile(
    r"(?:if|elif|while|for|switch|match|until|unless|return|await|in|not|and|or|typeof)"
)


def judge(spot: Spot, variables: Variables) -> Usage:
    """Return what a mention in a program is."""
    if spot.token is Token.NAME:
        return data("an identifier, or a part of another name")
    rows = list(enclosing(spot.rows(), spot.left))[::-1]
    all_around = frames(spot.language.kind, rows, spot.left, spot.right)
    around = [one for one in all_around if not one.is_string]
    string = all_around[0].whole if all_around[0].is_string else None
    given = variables.in_command(string) if string is not None else None
    if given is not None:
        return given
    if _is_compared(around[0], spot.right, string):
        return _COMPARED
    is_prose = spot.token is Token.STRING and _is_prose(spot, rows, around[0])
    for number, frame in enumerate(around[:_DEEPEST]):
        outer = around[number + 1] if number + 1 < len(around) else _NOTHING
        known = _in_frame(frame, outer, variables, is_prose=is_prose) or _in_call(frame, outer.text)
        if known is not None:
            return known
        if not _goes_on(frame, outer.text):
            is_run = _RUNS.fullmatch(_last(outer.text)) and not _TITLE_BEHIND.match(spot.right)
            is_prose = is_prose and not is_run
            break
    if is_prose:
        return _MESSAGE
    if _TYPE.match(spot.left) or (around[0].opener == "{" and _KEY_BEHIND.match(spot.right)):
        return data("a key, or a part of a type")
    reason = f"a string in {spot.language.name} that does not ask the environment"
    is_script = spot.language.kind is Kind.SCRIPT
    return path(reason, suggestions.in_script(spot, variables.first) if is_script else "")


def _is_compared(frame: Frame, right: str, string: str | None) -> bool:
    """Tell whether an operator beside a string compares it, or an option leaves out what it names.

    ``string`` is what stands in front of the mention in its string, if it is in one.
    """
    if _OPERATOR.search(frame.text):
        return True
    if string is None:
        return False
    before = _WORD_OPERATOR.search(frame.text) or _CASES.match(frame.whole)
    option = _OPTION.search(frame.whole) or _OPTION_STRING.match(string)
    return bool(before or option or _BEHIND.match(right))


def _is_prose(spot: Spot, rows: Sequence[str], frame: Frame) -> bool:
    """Tell whether the string around a mention is made of words, and is no command.

    A line without any quote or bracket is in a string that has begun above.
    """
    here = frames(spot.language.kind, [], spot.left, spot.right)
    if here[0].is_string:
        before, start = frame.text, here[0].whole
    elif len(here) == 1 and not re.search(r"[=;]", spot.left):
        before, start = re.sub(r"[\"'`]+\s*\Z", "", rows[-1] if rows else ""), spot.left
    else:
        return False
    is_command = _RUN_BEFORE.search(before) or _COMMAND.match(start + spot.mention)
    return not is_command and has_words(here, spot.left, spot.right)


def _in_frame(frame: Frame, outer: Frame, variables: Variables, *, is_prose: bool) -> Usage | None:
    """Return what a construct says by the variable, or by the names that get what is in it."""
    is_call = frame.opener == "("
    beside = variables.in_program(frame, _word(outer.text) if is_call else "")
    if beside is None and frame.opener == "{":
        beside = variables.in_block(outer)
    if beside is not None:
        return beside
    for name in reversed(_GIVEN.findall(frame.text)):
        known = hint(name)
        if known is Hint.MATCH and not names_a_file(name):
            return match(f"in `{name}`, which says that it is left out")
        if known is Hint.TEXT and is_prose:
            return text(f"the text of `{name}`")
    return _MESSAGE if not frame.opener and _TELLS.match(frame.text) else None


def _in_call(frame: Frame, head: str) -> Usage | None:
    """Return what the call says that a construct holds the arguments of, if it is one."""
    if frame.opener != "(" or _FUNCTION.search(frame.text):
        return None
    name, last = _word(head), _last(head)
    if _COMPARES.fullmatch(last):
        is_first = "," not in frame.whole
        return _COMPARED if is_first or not _REPLACES.fullmatch(last) else None
    if _CARRIES.fullmatch(last):
        return data("carried along as data")
    if _PRINTS.fullmatch(last) or _LOGGERS.match(name):
        return _MESSAGE
    owner = _PARTS.split(name)[-2:-1]
    if owner and _PUSHES.fullmatch(last) and hint(owner[0]) is Hint.MATCH:
        return match(f"in `{owner[0]}`, which says that it is left out")
    return None


def _goes_on(frame: Frame, head: str) -> bool:
    """Tell whether what is around a construct may still say what becomes of what is in it."""
    if frame.opener == "[":
        return _INDEX.search(head) is None or head.endswith("return")
    last = _last(head)
    if _FUNCTION.search(frame.text) and not _OR_ELSE.fullmatch(last):
        return False
    if frame.opener == "(":
        return not last or _PASSES_ON.fullmatch(last) is not None
    return frame.opener != "{" or _LITERAL.search(head) is not None


def _word(head: str) -> str:
    """Return the name that stands in front of the bracket of a call; nothing for a keyword."""
    found = _CALLED.search(head)
    return "" if found is None or _KEYWORD.fullmatch(found[0].strip()) else found[0].strip()


def _last(head: str) -> str:
    """Return the last part of the name in front of the bracket of a call."""
    parts: Sequence[str] = [part for part in _PARTS.split(re.sub(r"<.*", "", _word(head))) if part]
    return parts[-1] if parts else ""
