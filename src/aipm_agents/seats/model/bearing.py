"""What a fact touches and what answers it, in the format's own words: ids, no prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_agents.scenario.evidence import Evidence, Limit
    from aipm_agents.scenario.measures import Metric
    from aipm_agents.scenario.model import Option
    from aipm_agents.scenario.values import AnyOf


def choices(cases: AnyOf) -> str:
    """An issue of which none of the options is known yet is left with a question mark."""
    return "; or ".join(
        " + ".join(
            " or ".join(f"{issue}={option}" for option in options) or f"{issue}=?"
            for issue, options in made.items()
        )
        for made in cases
    )


def effects(metrics: Mapping[str, Metric], option: Option) -> str:
    """What an option adds to each figure, in brackets."""
    told = [
        f"{metrics[m].label} {each.add:+f} {metrics[m].unit}".strip()
        + (f" with {choices(each.when)}" if each.when else "")
        for m, parts in option.effects.items()
        for each in parts
        if each.add
    ]
    return f" ({', '.join(told)})" if told else ""


def bearing(fact: Evidence) -> str:
    """Which criteria a fact shows, which it undermines, and the choices that answer it."""
    told = [f"supports {', '.join(fact.supports)}"] if fact.supports else []
    if fact.undermines:
        cure = f" unless {choices(fact.unless)}" if fact.unless else ""
        told.append(f"undermines {', '.join(fact.undermines)}{cure}")
    return f" [{'; '.join(told)}]" if told else ""


def answer(limit: Limit) -> str:
    """What would answer a challenge: facts, as far as this seat knows of them, or choices."""
    told = [*limit.answered_by, *([choices(limit.unless)] if limit.unless else [])]
    return " or ".join(told)


_CHINESE = {"or": "或", "with": "搭配", "supports": "支持", "undermines": "推翻", "unless": "，除非"}


def chinese(told: str) -> str:
    """The same in Chinese: ids stay, the words between them change. An id has no spaces."""
    changed = re.sub(r"(?<![^ \[])[a-z]+(?= )", lambda word: _CHINESE.get(word[0], word[0]), told)
    return changed.replace(" ，", "，").replace("; ", "；")
