"""What a fact touches and what answers it, in the format's own words: ids, no prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aipm_agents.scenario.measures import Available

if TYPE_CHECKING:
    from aipm_agents.scenario.evidence import Evidence, Limit
    from aipm_agents.scenario.measures import FigureChange, Setting
    from aipm_agents.scenario.values import AnyOf


def choices(cases: AnyOf) -> str:
    """`review=all|some + path=rules`, `|` between options that will do; an issue of which no option is known yet is left with
    a question mark."""
    return "; or ".join(
        " + ".join(f"{issue}={'|'.join(options) or '?'}" for issue, options in made.items()) for made in cases
    )


def bearing(fact: Evidence) -> str:
    """Which criteria a fact shows, beside which choices, which it undermines, and the choices that answer it."""
    beside = f" only with {choices(fact.when)}" if fact.when else ""
    told = [f"supports {', '.join(fact.supports)}{beside}"] if fact.supports else []
    if fact.undermines:
        cure = f" unless {choices(fact.unless)}" if fact.unless else ""
        told.append(f"undermines {', '.join(fact.undermines)}{cure}")
    return f" [{'; '.join(told)}]" if told else ""


def changed(change: FigureChange) -> str:
    """A figure that news set otherwise, by its path."""
    return f"{change.key}: {_spelt(change.now)} (was {_spelt(change.was)})"


def _spelt(setting: Setting) -> str:
    if isinstance(setting, Available):
        return f"only with {choices(setting.when)}"
    if isinstance(setting, tuple):
        return "; ".join(f"{e.add:+f}" + (f" with {choices(e.when)}" if e.when else "") for e in setting)
    return setting if isinstance(setting, str) else f"{setting:f}"


def answer(limit: Limit) -> str:
    """What would answer a challenge: facts, as far as this seat knows of them, or choices."""
    told = [*limit.answered_by, *([choices(limit.unless)] if limit.unless else [])]
    return " or ".join(told)


_CHINESE = {
    "or": "或",
    "with": "搭配",
    "supports": "支持",
    "undermines": "推翻",
    "unless": "，除非",
    "only": "只限",
    "was": "原本",
    "from": "起點",
}


def chinese(told: str) -> str:
    """The same in Chinese: ids stay, the words between them change. An id has no spaces."""
    changed = re.sub(r"(?<![^ \[(])[a-z]+(?= )", lambda word: _CHINESE.get(word[0], word[0]), told)
    return (
        changed.replace(" ，", "，")
        .replace("; ", "；")
        .replace(": ", "：")
        .replace("(unavailable)", "（目前沒有）")
    )
