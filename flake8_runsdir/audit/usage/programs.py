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
from flake8_runsdir.audit.usage.frames import Frame, frames, is_prose
from flake8_runsdir.audit.usage.spot import Spot, Usage, data, match, path, text
from flake8_runsdir.audit.usage.variables import Variables
from flake8_runsdir.hints import Hint, hint

_COMPARED = match("compared or searched for")
_MESSAGE = text("a message")

_NAME = r"[A-Za-z_$@][\w$]*[?!]?"
#: The name in front of the bracket of a call, with what it belongs to; names that get a value.
_CALLED = re.compile(rf"(?:{_NAME}\s*(?:\(\))?\s*(?:\?\.|\.|::|->|:)\s*)*{_NAME}(?:<[^<>]*>)?\s*\Z")
_GIVEN = re.compile(rf"({_NAME})[\"'\])}}]*\s*(?::(?!:)|=>|[+|?:]?=(?![=>~]))")
_PARTS = re.compile(r"[.:>?\s()]+")

#: What compares, as it stands in front of a string, and behind one.
_OPERATOR = re.compile(r"(?:[=!]==?|=~|~=|<>)\s*[^\s\"'`]*\Z")
_WORD_OPERATOR = re.compile(r"\b(?:eq|ne|case|when|in)\s*\Z")
_CASES = re.compile(r"\s*(?:case|when)\b[^:]*\Z")
_BEHIND = re.compile(
    r"[^\"'`]*[\"'`](?:\s*(?:[=!]==?|=~|=>|\bin\b|\beq\b)"
    r"|[^\[\]]*\]\s*\??\.\s*(?:includes?\??|contains|index_?[oO]f|has|some)\b)"
)
#: Functions that compare or search, by their last names.
_COMPARES = re.compile(
    r"(?:(?:starts?|ends?)_?with\w*|has_?(?:prefix|suffix|key)?|includes?|contains?\w*|(?:last_?)?index_?of"
    r"|(?:is_?)?match(?:es|_?all)?|test|search|replace\w*|split\w*|equals?\w*|reg_?exp?|regex\w*"
    r"|must_?compile|preg_\w+|g?sub|to_?(?:be|equal|contain|match|include|strict|start|end|have)\w*"
    r"|(?:trim|strip|cut|remove)_?(?:left|right|start|end|prefix|suffix)|assert\w*|expect|ignores?\w*"
    r"|is_?ignored|(?:mini|pico|micro)match|str_?(?:n?cmp|str|pos|contains|starts_with)|in_array|fnmatch"
    r"|pattern|delete_?(?:prefix|suffix)|eq|ne)[?!]?",
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
_LOGGERS = re.compile(r"(?:console|log(?:ger|ging)?|slog|stdout|stderr)[.:].*", re.IGNORECASE)
_TELLS = re.compile(r"\s*(?:throw|raise|puts|print|echo|warn|die|say|fail|abort|p)\b(?!\s*[.=(])")
#: Functions whose result is what they are given, or made of it.
_PASSES_ON = re.compile(
    r"(?:join|resolve|normalize|clean|of|get_?path|combine|format!?|s?printf|to_?(?:string|owned|lower|upper)\w*"
    r"|into|from|new|str(?:ing)?|set|map|array|list|vec!?|(?:as|to)_?list|list_?of|set_?of|array_?of|freeze"
    r"|unwrap_or\w*|get_?or_?else|or_?else\w*|path|paths|pathbuf|concat|color|chalk|red|green|yellow|blue"
    r"|bold|dim|cyan|gr[ae]y|magenta|underline|quote|repr|inspect|json\w*|stringify|trim)[?!]?",
    re.IGNORECASE,
)
_PUSHES = re.compile(
    r"(?:push\w*|add\w*|append\w*|insert\w*|unshift|extend|concat)!?", re.IGNORECASE
)
_RUNS = re.compile(
    r"(?:exec\w*|spawn\w*|system|shell\w*|popen|run\w*|command|sh|cmd)", re.IGNORECASE
)
#: How many constructs around a mention are asked.
_DEEPEST = 16
#: Where `{` opens a literal, and where `[` asks for an element.
_LITERAL = re.compile(r"(?:[=(,:\[>\]|&]|\breturn|\]\w+|\bnew\s[\w.<>]+|\A)\s*\Z")
_INDEX = re.compile(r"(?<!%)(?<!%[wWiI])[\w)\]]\Z")
_KEYWORD = re.compile(
    r"(?:if|elif|while|for|switch|match|until|unless|return|await|in|not|and|or|typeof)\Z"
)


def judge(spot: Spot, variables: Variables) -> Usage:
    """Return what a mention in a program is."""
    if spot.token is Token.NAME:
        return data("an identifier, or a part of another name")
    rows = list(enclosing(spot.rows(), spot.left))[::-1]
    all_around = frames(spot.language.kind, rows, spot.left, spot.right)
    around = [one for one in all_around if not one.is_string]
    if _is_compared(around[0], spot.right, in_string=all_around[0].is_string):
        return _COMPARED
    is_run = False
    for number, frame in enumerate(around[:_DEEPEST]):
        head = around[number + 1].text if number + 1 < len(around) else ""
        known = _in_frame(frame, head, variables) or _in_call(frame, head)
        if known is not None:
            return known
        if not _goes_on(frame, head):
            is_run = _RUNS.fullmatch(_last(head)) is not None
            break
    if spot.token is Token.STRING and not is_run and is_prose(all_around, spot.left, spot.right):
        return _MESSAGE
    reason = f"a string in {spot.language.name} that does not ask the environment"
    is_script = spot.language.kind is Kind.SCRIPT
    return path(reason, suggestions.in_script(spot, variables.first) if is_script else "")


def _is_compared(frame: Frame, right: str, *, in_string: bool) -> bool:
    """Tell whether an operator beside a string compares it with something."""
    if _OPERATOR.search(frame.text):
        return True
    if not in_string:
        return False
    is_case = _WORD_OPERATOR.search(frame.text) or _CASES.match(frame.whole)
    return bool(is_case or _BEHIND.match(right))


def _in_frame(frame: Frame, head: str, variables: Variables) -> Usage | None:
    """Return what a construct says by the variable, or by the names that get what is in it."""
    is_call = frame.opener == "("
    beside = variables.in_program(frame, _word(head) if is_call else "")
    if beside is not None:
        return beside
    for name in reversed(_GIVEN.findall(frame.text)):
        known = hint(name)
        if known is Hint.MATCH:
            return match(f"in `{name}`, which says that it is left out")
        if known is Hint.TEXT:
            return text(f"the text of `{name}`")
    return _MESSAGE if not frame.opener and _TELLS.match(frame.text) else None


def _in_call(frame: Frame, head: str) -> Usage | None:
    """Return what the call says that a construct holds the arguments of, if it is one."""
    if frame.opener != "(":
        return None
    name, last = _word(head), _last(head)
    if _COMPARES.fullmatch(last):
        is_first = "," not in frame.whole
        return _COMPARED if is_first or not _REPLACES.fullmatch(last) else None
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
    if frame.opener == "(":
        last = _last(head)
        return not last or _PASSES_ON.fullmatch(last) is not None
    return frame.opener != "{" or _LITERAL.search(head) is not None


def _word(head: str) -> str:
    """Return the name that stands in front of the bracket of a call; nothing for a keyword."""
    found = _CALLED.search(head)
    return "" if found is None or _KEYWORD.search(found[0].strip()) else found[0].strip()


def _last(head: str) -> str:
    """Return the last part of the name in front of the bracket of a call."""
    parts: Sequence[str] = [part for part in _PARTS.split(re.sub(r"<.*", "", _word(head))) if part]
    return parts[-1] if parts else ""
