"""A mention in a program of any language: a path, unless a call or a name around it says otherwise.

The constructs around the mention are asked from the inside out, up to the first call that nothing
is known of: what is given to that one may well be opened.
"""

from __future__ import annotations

import re

from flake8_runsdir.audit.languages import Kind, Token
from flake8_runsdir.audit.sections import enclosing
from flake8_runsdir.audit.usage import rewrites, strings
from flake8_runsdir.audit.usage.calls import Call, Deed, call
from flake8_runsdir.audit.usage.frames import Frame, frames
from flake8_runsdir.audit.usage.spot import Spot, Usage, data, match, names_a_file, path, text
from flake8_runsdir.audit.usage.variables import Variables
from flake8_runsdir.hints import Hint, hint

_COMPARED = match("compared or searched for")
_MESSAGE = text("a message")
_NOTHING = Frame("", "", "")

#: How many constructs around a mention are asked.
_DEEPEST = 16
#: A name that gets a value.
_GIVEN = re.compile(r"([A-Za-z_$@][\w$]*[?!]?)[\"'\])}]*\s*(?::(?!:)|=>|[+|?:]?=(?![=>~]))")
#: Statements that tell people something.
_STATEMENT_TELLS = re.compile(
    r"(?!.*\b(?:if|unless)\b)(?:.*\bor\b)?\s*(?:throw|raise|puts|print|echo|warn|die|say|fail|abort|p)\b"
    r"(?!\s*[.=(])(?:.*(?:[,.+]|<<))?\s*(?:new\s+\w+\(\))?\s*"
)
#: A function that is an argument: it may do anything with what is in it.
_FUNCTION = re.compile(r"=>|->|\bfunction\b|\bfunc\b|\blambda\b|\|[\w\s,]*\|")
#: Where `{` opens a literal, and where `[` asks for an element.
_LITERAL = re.compile(r"(?:[=(,:\[\]|&]|(?<![=-])>|\breturn|\]\w+|\bnew\s[\w.<>]+|\A)\s*\Z")
_INDEX = re.compile(r"(?<!%)(?<!%[wWiI])(?<!\breturn)[\w)\]]\Z")


def judge(spot: Spot, variables: Variables) -> Usage:
    """Return what a mention in a program is."""
    if spot.token is Token.NAME:
        return data("an identifier, or a part of another name")
    rows = list(enclosing(spot.rows(), spot.left))[::-1]
    constructs = frames(spot.language.kind, rows, spot.left, spot.right)
    string = constructs[0].whole if constructs[0].is_string else None
    around = [one for one in constructs if not one.is_string]
    given = variables.in_command(string) if string is not None else None
    if given is not None:
        return given
    if strings.is_compared(around[0], spot.right, string):
        return _COMPARED
    is_message = spot.token is Token.STRING and strings.is_message(spot, rows, around[0])
    for frame, outer in zip(around[:_DEEPEST], [*around[1:], _NOTHING]):
        called = call(outer.text) if frame.opener == "(" else Call()
        known = _in_frame(frame, outer, called, variables, is_message=is_message)
        known = known or _in_call(frame, called)
        if known is not None:
            return known
        if not _goes_on(frame, outer, called):
            is_run = called.deed is Deed.RUN and not strings.is_title(spot.right)
            is_message = is_message and not is_run
            break
    if is_message:
        return _MESSAGE
    if strings.is_key(spot, around[0]):
        return data("a key, or a part of a type")
    reason = f"a string in {spot.language.name} that does not ask the environment"
    is_script = spot.language.kind is Kind.SCRIPT
    return path(reason, rewrites.in_script(spot, variables.first) if is_script else "")


def _in_frame(
    frame: Frame, outer: Frame, called: Call, variables: Variables, *, is_message: bool
) -> Usage | None:
    """Return what a construct says by the variable, or by the names that get what is in it.

    ``called`` is the call that it holds the arguments of, if it does.
    """
    beside = variables.in_program(frame, f"{called.owner}.{called.name}".lstrip("."))
    if beside is None and frame.opener == "{":
        beside = variables.in_block(outer)
    if beside is not None:
        return beside
    for name in reversed(_GIVEN.findall(frame.text)):
        known = hint(name)
        if known is Hint.MATCH and not names_a_file(name):
            return match(f"in `{name}`, which says that it is left out")
        if known is Hint.TEXT and is_message:
            return text(f"the text of `{name}`")
    return _MESSAGE if not frame.opener and _STATEMENT_TELLS.fullmatch(frame.text) else None


def _in_call(frame: Frame, called: Call) -> Usage | None:
    """Return what the call says that a construct holds the arguments of, if it is one."""
    if frame.opener != "(" or _FUNCTION.search(frame.text):
        return None
    deed = called.deed
    if deed is Deed.COMPARED or (deed is Deed.REPLACED and "," not in frame.whole):
        return _COMPARED
    if deed is Deed.CARRIED:
        return data("carried along as data")
    if deed is Deed.SHOWN:
        return _MESSAGE
    others = called.list_of_others
    return match(f"in `{others}`, which says that it is left out") if others else None


def _goes_on(frame: Frame, outer: Frame, called: Call) -> bool:
    """Tell whether what is around a construct may still say what becomes of what is in it."""
    if frame.opener == "[":
        return _INDEX.search(outer.text) is None
    if _FUNCTION.search(frame.text) and called.deed is not Deed.DELAYED:
        return False
    if frame.opener == "(":
        return not called.name or called.deed in (Deed.PASSED_ON, Deed.DELAYED)
    return frame.opener != "{" or _LITERAL.search(outer.text) is not None
