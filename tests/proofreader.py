"""What a proofreader in Taipei would mark in a text of ours."""

from __future__ import annotations

import re

HAN = r"[\u3400-\u9fff]"
STOPS = "，。、；：？！"
NOT_OURS = (
    "您",
    "利害關係人",
    "讓我們一起",
    "我理解您",
    "用戶",
    "數據",
    "質量",
    "項目",
    "軟件",
    "信息",
    "網絡",
    "視頻",
    "默認",
    "灰度",
    "反饋",
    "運營",
)
LATIN = {"PM", "KPI", "p", "demo", "AI", "App"}


def faults(text):
    """What a proofreader in Taipei would mark."""
    if bad := [word for word in NOT_OURS if word in text]:
        yield f"not said here: {bad}"
    if bad := [char for char in re.findall(HAN, text) if not _in_big5(char)]:
        yield f"no traditional character: {bad}"
    if bad := re.findall(rf"(?:{HAN}|[」）])[,.!?;:()\"'](?=$|\s|{HAN}|「)", text):
        yield f"half-width: {bad}"
    if bad := re.findall(rf"[{STOPS}][{STOPS}]|[。？！]」。|「」|\.\.", text):
        yield f"doubled: {bad}"
    if bad := re.findall(rf"(?:{HAN}|[{STOPS}「」])\s+(?:{HAN}|[{STOPS}「」])", text):
        yield f"a gap between Han: {bad}"
    if bad := re.findall(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9%]{HAN}", text):
        yield f"no gap beside Latin: {bad}"
    if bad := set(re.findall(r"[A-Za-z]+", text)) - LATIN:
        yield f"English: {bad}"
    if text.count("「") != text.count("」"):
        yield "an open quotation"


def _in_big5(char):
    """Big5 holds the traditional characters; one that was only ever written in simplified texts it lacks."""
    try:
        return bool(char.encode("big5"))
    except UnicodeEncodeError:
        return False


NAMES = {
    "PM", "AI", "App", "KPI", "POS", "A", "B", "n", "N", "Nash", "Pareto", "Wilson", "bootstrap", "Kalai",
    "Smorodinsky", "Friedman", "Holm", "embedded", "human", "token", "JSON", "Schema", "YAML", "UTF", "Enter",
    "OpenAI", "Dask", "shell", "traceback", "schema", "markdown", "fallback", "aipm", "agents", "p", "q", "x", "s",
}  # fmt: skip
"""What stays as it is in a Chinese sentence: names of people and things, keys of the keyboard."""

_NOT_WORDS = (
    r"`[^`]*`",  # what is typed
    r"aipm( [\w~.=/:-]+)+",
    r"(?<![\w-])--?[A-Za-z][\w-]*(=\S*)?",
    r"<[^<>\n]*>",  # types of options
    r"\S*[/.@=_{}][^\s，。、；：（）]*",  # paths, addresses, keys
    r"\b[0-9a-f]{8,16}\b",  # run ids
    r"\b[a-z0-9]+(-[a-z0-9]+)+\b",  # ids
)


def english(text, known=()):
    """The Latin words of a Chinese text that are neither names nor anything to type nor known from the scenario."""
    for pattern in _NOT_WORDS:
        text = re.sub(pattern, " ", text)
    return sorted(set(re.findall(r"[A-Za-z]+(?:['’][a-z]+)?", text)) - NAMES - set(known))
