"""A second reader of transcripts, written from docs/transcript-format.md alone: it imports nothing of ours.

    python tests/checker.py RUN.jsonl ...

`refused(lines)` gives the number of the first line that may not stand where it does, and why; None for a
record in order. The scenario itself is taken as valid if its hash fits.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import re
import sys
from decimal import Decimal
from math import prod

GATES = ("desire", "feasible", "viable", "alignment")
WORSE = ("pass", "pass_with_follow_up", "not_shown", "blocked")
FAULTS = ("timeout", "refusal", "malformed", "no_reply", "failure")
GROUNDS = ("sample", "baseline", "slice", "stale", "proxy", "interest")
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
SHA = re.compile(r"[0-9a-f]{64}")


class Refused(Exception):
    pass


def need(fact, why):
    if not fact:
        raise Refused(why)


# --- the form of a line -------------------------------------------------------------------------
# A form is a function that needs a value to be so; `keys(required, optional)` makes that of an object.


def is_int(least=None, most=None):
    def form(v):
        need(type(v) is int and (least is None or v >= least) and (most is None or v <= most), "a number")

    return form


def is_text(most=None, pattern=None, least=0):
    def form(v):
        need(
            type(v) is str and least <= len(v.strip()) and (most is None or len(v.strip()) <= most), "a text"
        )
        need(pattern is None or pattern.fullmatch(v), "a text of another form")
        need(not any("\ud800" <= char <= "\udfff" for char in v), "half a character")

    return form


def one_of(*values):
    return lambda v: need(type(v) in map(type, values) and v in values, f"one of {values}")


def is_bool(v):
    need(type(v) is bool, "yes or no")


def list_of(form, least=0, most=None):
    def lists(v):
        need(type(v) is list and len(v) >= least and (most is None or len(v) <= most), "a list")
        for each in v:
            form(each)

    return lists


def dict_of(key, form, least=0):
    def dicts(v):
        need(type(v) is dict and len(v) >= least, "an object")
        for name, each in v.items():
            key(name)
            form(each)

    return dicts


def maybe(form):
    return lambda v: None if v is None else form(v)


def keys(required, optional=()):
    def objects(v):
        need(type(v) is dict, "an object")
        need(required.keys() <= v.keys(), f"{required.keys() - v.keys()} missing")
        every = {**required, **dict(optional)}
        for name, each in v.items():
            need(name in every, f"unknown key {name}")
            every[name](each)

    return objects


def plain(v, depth=20):
    need(type(v) not in (dict, list) or depth > 0, "nested too deep")
    for each in v.values() if type(v) is dict else v if type(v) is list else ():
        plain(each, depth - 1)


def volatile(texts):
    count = is_int(0, 10**15 - 1)
    known = {
        "usage": lambda v: [need(type(v) is dict, "usage"), *(count(v.get(k)) for k in ("calls", "prompt", "cached", "completion"))],
        "unfinished": keys({}, {"calls": count, "tokens": count}),
        "seconds": lambda v: need(type(v) in (int, float) and 0 <= v < 10**15, "seconds"),
    }  # fmt: skip

    def form(v):
        need(type(v) is dict, "volatile")
        for name, each in v.items():
            if texts:
                (need(type(each) is str, name) if name in texts else plain(each))
            else:
                known.get(name, plain)(each)

    return form


a_id, says = is_text(60, ID), is_text(2000)
ids, package = list_of(a_id), dict_of(a_id, a_id)
asks = list_of(keys({"issue": a_id, "options": list_of(a_id, 1)}), most=3)
brings = list_of(keys({"issue": a_id, "option": a_id}))
question = maybe(keys({"to": is_text(), "about": is_text(60)}, {"text": is_text(400)}))
reply = keys({"to": is_text(), "about": is_text(60)}, {"declined": is_bool, "prefers": ids})
answer = maybe(reply)
trade = maybe(keys({"give": dict_of(a_id, a_id, 1), "for": dict_of(a_id, a_id, 1)}))
challenge = maybe(keys({"evidence": a_id, "ground": one_of(*GROUNDS)}))
MOVES = {
    "framing": keys({}, {"says": says}),
    "opening": keys({}, {"asks": asks, "tables": ids, "brings": brings, "says": says}),
    "proposal": maybe(keys({"package": package}, {"question": question, "commissions": ids, "says": says})),
    "position": keys({"vote": one_of("yes", "yes_if", "no", "no_answer")}, {
        "asks": asks, "tables": ids, "brings": brings, "challenge": challenge, "question": question,
        "answer": answer, "also": list_of(reply), "trade": trade, "moved_by": list_of(is_text()), "concern": maybe(a_id),
        "red_line": maybe(is_int()), "says": says}),
    "signing": keys({"signs": is_bool}, {"criterion": maybe(a_id), "reason": is_text(400), "says": says}),
}  # fmt: skip
REST = {"role": is_text(), "volatile": volatile(())}
PARTS = (
    "vote", "package", "signs", "says", "asks", "tables", "brings", "challenge", "question", "answer", "also", "trade",
    "moved_by", "concern", "red_line", "commissions", "criterion", "reason",
)  # fmt: skip
dropped = list_of(keys({"part": one_of(*PARTS), "because": is_text()}))
DEED = {**REST, "fault": maybe(one_of(*FAULTS)), "withheld": is_int(0), "dropped": dropped}
LINE = {"kind": is_text(), "round": is_int(0)}
verdict = one_of(*WORSE)
contest = keys({"evidence": a_id, "ground": one_of(*GROUNDS)}, {"by": ids})
finding = keys(
    {"criterion": a_id, "status": is_text(), "ground": is_text()},
    {"evidence": ids, "opens": list_of(package), "contests": list_of(contest)},
)
team = keys(
    {"yes": ids, "needed": is_int(), "verdict": verdict},
    {"veto_missing": ids, "crossed": list_of(keys({"role": is_text(), "because": is_text()}))},
)
change = keys({"key": is_text(), "was": plain, "now": plain})
FORMS = {
    "seating": keys({**LINE, "seats": dict_of(is_text(), is_text())}, REST),
    "inject": keys({**LINE, "number": is_int(), "headline": is_text(), "sender": is_text()}, {**REST, "evidence": ids, "changes": list_of(change), "to": list_of(is_text())}),
    "report": keys({**LINE, "evidence": ids}, REST),
    "ruling": keys(
        {**LINE, "findings": list_of(finding), "verdicts": dict_of(one_of(*GATES), verdict), "people": verdict, "team": team},
        {**REST, "asked": ids, "too_new": ids}),
    "decision": keys({**LINE, "outcome": is_text()}, {
        **REST, "package": maybe(package), "cause": maybe(is_text()), "stopped_by": ids, "dissent": ids,
        "follow_ups": list_of(keys({"criterion": a_id, "owner": is_text()}))}),
    "stopped": keys({**LINE, "reason": one_of("interrupted", "budget", "endpoint", "storage", "time", "parted", "signed")}, REST),
    **{kind: keys({**LINE, "move": move}, DEED) for kind, move in MOVES.items()},
    "proposal": keys({**LINE, "package": maybe(package), "move": MOVES["proposal"]}, DEED),
}  # fmt: skip
STYLES = ("genai", "platform", "trust", "solutions", "director", "head", "principal")
HEADER = keys(
    {"kind": one_of("header"), "transcript": one_of(1), "scenario": dict_of(is_text(), lambda v: None), "scenario_sha256": is_text(64, SHA), "seed": is_int()},
    {"parent": maybe(keys({"run_id": is_text(), "round": is_int(0)})), "pm_style": maybe(one_of(*STYLES)), "controls": dict_of(is_text(), is_text()),
     "variation": maybe(keys({"origin": is_text(64, SHA)}, {"factors": dict_of(is_text(), is_text())})),
     "volatile": volatile(("run_id", "started", "aipm", "base_url", "prompts"))},
)  # fmt: skip


def bare(value):
    """Without what means nothing: empty lists, nulls, and whatever varies."""
    if type(value) is dict:
        return {k: bare(v) for k, v in value.items() if k != "volatile" and v not in (None, [], ())}
    return [bare(each) for each in value] if type(value) in (list, tuple) else value


# --- the scenario -------------------------------------------------------------------------------


def many(value):
    return value if type(value) is list else [value]


def made(package, choices):
    cases = choices if isinstance(choices, list) else [] if choices is None else [choices]
    return any(all(package[i] in many(options) for i, options in case.items()) for case in cases)


def figure(plain, key):
    """Where a figure stands, by its path: what holds it, and under which name."""
    kind, *steps, name = key.split(".")
    holder = plain[kind]
    for step in steps:
        if type(holder) is list and not step.isdigit() and "id" not in holder[0]:
            holder = holder[0]  # the one rule of a criterion
        if type(holder) is list:
            named = {str(each.get("id", n)): each for n, each in enumerate(holder, start=1)}
            holder = named[step]
        else:
            holder = holder.setdefault(step, {})
    return (holder[0] if type(holder) is list else holder), name


def stood(plain, key):
    holder, name = figure(plain, key)
    if name == "available":
        return holder.get(name, "always")
    was = holder.get(name, 0)
    if type(was) is list and not any("when" in each for each in was):
        return sum(Decimal(str(each["add"])) for each in was)
    return was


class Case:
    def __init__(self, plain):
        self.plain, self.parties, self.rounds = plain, plain["parties"], plain.get("rounds", 8)
        self.paper = False  # whether the meeting was held on paper, and entered afterwards
        self.colleagues = [role for role in self.parties if role != "pm"]
        self.issues = {issue["id"]: issue for issue in plain["issues"]}
        self.options = {i: {o["id"]: o for o in issue["options"]} for i, issue in self.issues.items()}
        self.injects = plain.get("injects", [])
        self.evidence = {fact["id"]: fact for fact in plain.get("evidence", [])}
        self.facts = {**self.evidence, **{f["id"]: f for n in self.injects for f in n.get("evidence", [])}}
        self.gates = {gate: plain.get("checkpoints", {}).get(gate, []) for gate in GATES}
        self.criteria = {each["id"]: each for gate in GATES for each in self.gates[gate]}
        self.metrics = {each["id"]: each for each in plain.get("metrics", [])}

    def exists(self, package):
        bound = [self.options[i][o].get("available") for i, o in package.items()]
        return all(each != "never" and made(package, each["when"]) for each in bound if each)

    def at(self, events):
        """With the figures that hold after these lines."""
        if not any(each.get("changes") for each in self.injects):
            return self
        now = copy.deepcopy(self.plain)
        for number in (event["number"] for event in events if event["kind"] == "inject"):
            for key, to in self.injects[number].get("changes", {}).items():
                holder, name = figure(now, key)
                holder[name] = copy.deepcopy(to)
                if holder[name] == "always":
                    del holder[name]
        changed = Case(now)
        changed.paper = self.paper
        return changed

    def holders(self, issue, option):
        return self.options[issue][option].get("held_by", [])

    def blocking(self, name):
        return self.criteria[name].get("blocking", True)

    def value(self, metric, package):
        parts = [self.value(part, package) for part in self.metrics[metric].get("of", ())]
        if parts:
            return sum(parts) if self.metrics[metric].get("how") == "sum" else prod(parts)
        number = Decimal(str(self.metrics[metric].get("base", 0)))
        for issue, option in package.items():
            effect = self.options[issue][option].get("effects", {}).get(metric, 0)
            for each in effect if isinstance(effect, list) else [{"add": effect}]:
                if "when" not in each or made(package, each["when"]):
                    number += Decimal(str(each["add"]))
        return number

    def holds(self, rule, package):
        if "choose" in rule:
            return made(package, rule["choose"])
        value = self.value(rule["metric"], package)
        if "at_most" in rule:
            return value <= Decimal(str(rule["at_most"]))
        return value >= Decimal(str(rule["at_least"]))


# --- what has come out by some lines ------------------------------------------------------------


class Heard:
    def __init__(self, case, events):
        case = case.at(events)
        self.case, self.events = case, events
        self.tabled = {f["id"] for f in case.evidence.values() if not f.get("held_by") and "takes" not in f}
        self.out, self.sent, self.arrived, self.made, self.contests = set(), {}, set(), {}, {}
        for event in events:
            move = event.get("move") or {}
            if event["kind"] in ("inject", "report"):
                self.tabled |= set(event.get("evidence", []))
            if event["kind"] == "report":
                self.arrived |= set(event["evidence"])
            self.tabled |= set(move.get("tables", []))
            self.out |= {(b["issue"], b["option"]) for b in move.get("brings", [])}
            self.out |= {(a["issue"], o) for a in move.get("asks", []) for o in a["options"]}
            for side in (move.get("trade") or {}).values():
                self.out |= set(side.items())
            self.out |= {(a["about"], o) for a in replies(event) for o in a.get("prefers", [])}
            self.out |= set((event.get("package") or {}).items()) if event["kind"] == "proposal" else set()
            for name in move.get("commissions", []):
                self.sent.setdefault(name, event["round"])
            if c := move.get("challenge"):
                self._challenged(c, event["role"])

    def _challenged(self, c, role):
        key = (c["evidence"], c["ground"])
        self.made[key] = True
        limit = self.limit(key)
        if limit is not None:
            self.contests.setdefault(key, []).append(role)

    def limit(self, key):
        limits = self.case.facts[key[0]].get("limits", [])
        return next((each for each in limits if each["ground"] == key[1]), None)

    def known(self, role=None):
        """Issue -> the options that have come out, or that a role knows of."""
        case = self.case
        return {
            i: [o for o in options if not (h := case.holders(i, o)) or role in h or (i, o) in self.out]
            for i, options in case.options.items()
        }

    def stands(self, key, package):
        limit = self.limit(key)
        if set(limit.get("answered_by", [])) & self.tabled:
            return False
        return not made(package, limit.get("unless"))

    def shows(self, name, package):
        """The facts on the table that support a criterion for a package, if nobody doubts them."""
        return [
            f for f in self.bearing(name)
            if "when" not in self.case.facts[f] or made(package, self.case.facts[f]["when"])
        ]  # fmt: skip

    def bearing(self, name):
        """The facts on the table that support a criterion, for some package."""
        facts = self.case.facts
        return [f for f in facts if f in self.tabled and name in facts[f].get("supports", [])]

    def support(self, name, package):
        found = [
            f for f in self.shows(name, package)
            if not any(key[0] == f and self.stands(key, package) for key in self.contests)
        ]  # fmt: skip
        doubted = {key[0] for key in self.contests}
        return [f for f in found if f not in doubted] + [f for f in found if f in doubted]

    def against(self, name, package):
        return [
            f for f, fact in self.case.facts.items()
            if f in self.tabled and name in fact.get("undermines", []) and not made(package, fact.get("unless"))
        ]  # fmt: skip

    def broken(self, name, package):
        return not all(
            self.case.holds(rule, package) for rule in many(self.case.criteria[name].get("rule", []))
        )

    def fails(self, name, package):
        return bool(self.against(name, package)) or self.broken(name, package)

    def unshown(self, name, package):
        return "evidence" in self.case.criteria[name] and not self.support(name, package)

    def packages(self):
        known = self.known()
        for options in itertools.product(*known.values()):
            package = dict(zip(known, options, strict=True))
            if self.case.exists(package):
                yield package

    def can_pass(self, dead):
        names = [name for name in self.case.criteria if self.case.blocking(name)]
        return any(
            not any(self.fails(n, p) or (n in dead and self.unshown(n, p)) for n in names)
            for p in self.packages()
        )

    def possible(self, number):
        return [
            f for f, fact in self.case.evidence.items()
            if "takes" in fact and f not in self.sent and number + fact["takes"] <= self.case.rounds
        ]  # fmt: skip


def in_round(events, number, *kinds):
    return [event for event in events if event["round"] == number and event["kind"] in kinds]


def replies(event):
    first = said(event, "answer")
    return [*([first] if first else []), *(said(event, "also") or [])]


def said(event, key):
    return (event.get("move") or {}).get(key)


def on_table(events):
    tabled = [event["package"] for event in events if event["kind"] == "proposal"]
    return tabled[-1] if tabled else None


def lets_through(ruling):
    passed = all(v in ("pass", "pass_with_follow_up") for v in ruling["verdicts"].values())
    return passed and not ruling.get("too_new")


# --- what is due --------------------------------------------------------------------------------


def next_of(case, events):
    """(kind, round, role) that is due; None after the decision."""
    number = events[-1]["round"] if events else 0
    here = [event for event in events if event["round"] == number]
    kinds = [event["kind"] for event in here]
    if "decision" in kinds:
        return None
    if number == 0 and case.paper:
        return arriving(case, events, 1)
    if number == 0:
        if "framing" not in kinds:
            return "framing", 0, "pm"
        opened = kinds.count("opening")
        return (
            ("opening", 0, case.colleagues[opened])
            if opened < len(case.colleagues)
            else arriving(case, events, 1)
        )
    if "proposal" not in kinds:
        return arriving(case, events, number)
    if on_table(here) is not None:
        answers = kinds.count("position")
        if answers < len(case.colleagues):
            return "position", number, case.colleagues[answers]
        if "ruling" not in kinds:
            return "ruling", number, "pm"
        signing = here[-1] if kinds[-1] == "signing" else None
        unread = [event for event in events if event["kind"] == "signing" and "fault" in event]
        if lets_through(here[kinds.index("ruling")]):
            if signing is None:
                return "signing", number, "pm"
            if signing["move"]["signs"] or (len(unread) > 1 and not case.paper):
                return "decision", number, "pm"
        if no_go_is_proven(case, events):
            return "decision", number, "pm"
    return ("decision", number, "pm") if number == case.rounds else arriving(case, events, number + 1)


def arriving(case, events, number):
    if news_due(case, events, number):
        return "inject", number, "pm"
    return ("report" if reported(case, events, number) else "proposal"), number, "pm"


def reported(case, events, number):
    heard = Heard(case, events)
    return [
        n for n, asked in heard.sent.items()
        if n not in heard.arrived and asked + case.facts[n]["takes"] <= number
    ]  # fmt: skip


# --- what follows -------------------------------------------------------------------------------


def inject(case, events, number):
    return arrives(case, events, news_due(case, events, number)[0])


def news_due(case, events, number):
    here = {event["number"] for event in events if event["kind"] == "inject"}
    return [
        i for i, each in enumerate(case.injects) if each["before_round"] == number and i not in here
    ]  # fmt: skip


def may_come(case, events, i):
    """With this news now, and with all that follows in its turn, every issue keeps an option for all and beside all."""
    come = [event["number"] for event in events if event["kind"] == "inject"] + [i]
    rest = sorted(set(range(len(case.injects))) - {*come}, key=lambda n: (case.injects[n]["before_round"], n))
    for then in range(len(rest) + 1):
        now = case.at([{"kind": "inject", "number": n} for n in (*come, *rest[:then])])
        for options in now.options.values():
            if all(o.get("held_by") or o.get("available") for o in options.values()):
                return False
    return True


def arrives(case, events, i):
    news, now = case.injects[i], copy.deepcopy(case.at(events).plain)
    return {
        "number": i, "headline": news["headline"], "sender": news["from"],
        "evidence": [f["id"] for f in news.get("evidence", [])], "to": news.get("to", []),
        "changes": [{"key": k, "was": stood(now, k), "now": to} for k, to in news.get("changes", {}).items()],
    }  # fmt: skip


def found(case, heard, name, package):
    criterion, one = case.criteria[name], {"criterion": name}

    def opens(mends):
        known = heard.known()
        sound = [n for n in case.criteria if case.blocking(n) and not heard.fails(n, package)]

        def free(change):
            changed = {**package, **change}
            return (
                heard.case.exists(changed)
                and mends(changed)
                and not any(heard.fails(n, changed) for n in sound)
            )

        single = [{i: o} for i in known for o in known[i] if o != package[i]]
        if alone := [change for change in single if free(change)]:
            return alone[:3]
        mending = [change for change in single if mends({**package, **change})]
        both = [{**one, **two} for one in mending for two in single if one.keys() != two.keys()]
        return [change for change in both if free(change)][:3]

    if against := heard.against(name, package):
        ways = opens(lambda p: not heard.fails(name, p))
        return {**one, "status": "failed", "ground": "undermined", "evidence": against, "opens": ways}
    if heard.broken(name, package):
        return {
            **one,
            "status": "failed",
            "ground": "rule",
            "opens": opens(lambda p: not heard.fails(name, p)),
        }
    support = heard.support(name, package)
    if support or "evidence" not in criterion:
        return {
            **one,
            "status": "met",
            "ground": "supported" if support else "unchallenged",
            "evidence": support,
        }
    standing = [k for k in heard.contests if k[0] in heard.shows(name, package) and heard.stands(k, package)]
    elsewhere = [f for f in heard.bearing(name) if f not in heard.shows(name, package)]
    if not standing and not elsewhere:
        return {**one, "status": "not_shown", "ground": "no_evidence"}
    ways = opens(lambda p: heard.support(name, p) and not heard.fails(name, p))
    if not standing:
        return {**one, "status": "not_shown", "ground": "no_evidence", "evidence": elsewhere, "opens": ways}
    return {
        **one, "status": "not_shown", "ground": "contested", "evidence": list(dict.fromkeys(k[0] for k in standing)),
        "opens": ways,
        "contests": [{"evidence": k[0], "ground": k[1], "by": heard.contests[k]} for k in standing],
    }  # fmt: skip


def ruling(case, events, number):
    heard, package = Heard(case, events), on_table(events)
    findings = [found(case, heard, name, package) for name in case.criteria]
    by_name = {each["criterion"]: each for each in findings}

    def ruled(names):
        worst = "pass"
        for name in names:
            status = by_name[name]["status"]
            if status != "met":
                new = {"failed": "blocked", "not_shown": "not_shown"}[status]
                worst = max(worst, new if case.blocking(name) else "pass_with_follow_up", key=WORSE.index)
        return worst

    proposal, answers = in_round(events, number, "proposal")[-1], in_round(events, number, "position")
    yes = {e["role"] for e in answers if e["move"]["vote"] == "yes"} | (
        {"pm"} if not proposal.get("fault") else set()
    )
    crossed = [
        {"role": role, "because": line["because"]}
        for role, party in case.parties.items() for line in party.get("red_lines", []) if made(package, line["when"])
    ]  # fmt: skip
    agreement = case.plain["agreement"]
    missing = [role for role in agreement.get("veto", []) if role not in yes]
    met = len(yes) >= agreement["accept_at_least"] and not missing and not crossed
    verdicts = {gate: ruled(each["id"] for each in case.gates[gate]) for gate in GATES}
    people, together = verdicts["alignment"], "pass" if met else "blocked"
    verdicts["alignment"] = max(people, together, key=WORSE.index)
    fresh = {name for event in answers for name in event["move"].get("tables", [])}
    return {
        "findings": findings, "verdicts": verdicts, "people": people,
        "team": {"yes": [r for r in case.parties if r in yes], "needed": agreement["accept_at_least"],
                 "veto_missing": missing, "crossed": crossed, "verdict": together},
        "asked": [each["criterion"] for each in findings if each["status"] == "not_shown"],
        "too_new": [f for f, fact in case.facts.items() if f in fresh and fact.get("undermines")],
    }  # fmt: skip


def questions(events, number):
    return {
        (event["role"], q["to"], q["about"])
        for event in in_round(events, number, "proposal", "position") if (q := said(event, "question"))
    }  # fmt: skip


def failed(events, number):
    """Whose turn failed in a round."""
    return {e["role"] for e in in_round(events, number, "proposal", "position", "signing") if "fault" in e}


def kept(case, events, name, number):
    """Whom faults kept from showing a criterion: see docs, *Kept from speaking*."""
    asked = [e["round"] for e in events if e["kind"] == "ruling" and name in e.get("asked", [])]
    since = min(asked[0] + 1, number) if asked else number
    spoke = {
        e["role"] for n in range(since, number + 1)
        for e in in_round(events, n, "proposal", "position") if "fault" not in e
    }  # fmt: skip
    now = {e["role"] for e in in_round(events, number, "proposal", "position") if "fault" not in e}
    owner = case.criteria[name]["owner"]
    return {role for role in case.colleagues if role not in spoke} | ({owner} - now)


def nothing_left(case, events):
    """Of a record that ends with the round of its last ruling."""
    heard = Heard(case, events)
    last = [event for event in events if event["kind"] == "ruling"][-1]
    number = last["round"]
    before = {n for e in events if e["kind"] == "ruling" and e["round"] < number for n in e.get("asked", [])}
    dead = set(last.get("asked", [])) & before - {about for _, _, about in questions(events, number)}
    dead -= {name for name in case.criteria if kept(case, events, name, number)}
    tell = {event["role"] for event in in_round(events, number, "position") if said(event, "tables")}
    dead -= {name for name, each in case.criteria.items() if each["owner"] in tell}
    for study in heard.possible(number + 1):
        dead -= set(case.facts[study]["study"]["about"])
    for event in in_round(events, number, "position"):
        c = said(event, "challenge")
        if c and (c["evidence"], c["ground"]) in heard.contests:
            dead -= set(case.facts[c["evidence"]].get("supports", []))
    return not heard.can_pass(dead)


def no_go_is_proven(case, events):
    places = [i for i, event in enumerate(events) if event["kind"] == "ruling"]
    if not places or case.paper:
        return False
    number, heard = events[places[-1]]["round"], Heard(case, events)
    here = {event["number"] for event in events if event["kind"] == "inject"}
    to_come = (i for i, each in enumerate(case.injects) if each["before_round"] > number)
    if any(i not in here for i in to_come) or heard.sent.keys() - heard.arrived:
        return False
    if not nothing_left(case, events):
        return False
    if not any(case.holders(i, o) for i, options in case.options.items() for o in options):
        return True
    answered = {
        (a["to"], event["role"], a["about"]) for event in in_round(events, number, "position") for a in replies(event)
    }  # fmt: skip
    owed = {about for who, to, about in questions(events, number) if (who, to, about) not in answered}
    return len(places) > 1 and not owed & case.issues.keys() and nothing_left(case, events[: places[-2] + 1])


def decision(case, events, number):
    heard, answers = Heard(case, events), in_round(events, number, "position")
    ruled, signed = in_round(events, number, "ruling"), in_round(events, number, "signing")
    dissent = [e["role"] for e in answers if e["move"]["vote"] == "no" or said(e, "concern")]
    if ruled and lets_through(ruled[0]) and signed and signed[0]["move"]["signs"]:
        left = [
            {"criterion": f["criterion"], "owner": case.criteria[f["criterion"]]["owner"]}
            for f in ruled[0]["findings"] if f["status"] != "met"
        ]  # fmt: skip
        doubts = [{"criterion": c, "owner": e["role"]} for e in answers if (c := said(e, "concern"))]
        left += [each for each in doubts if each not in left]
        outcome = "go_with_follow_ups" if left else "go"
        return {"outcome": outcome, "package": on_table(events), "follow_ups": left, "dissent": dissent}
    undecided = {"outcome": "no_agreement", "cause": "fault", "dissent": dissent}
    if ruled and lets_through(ruled[0]) and signed and "fault" in signed[0]:
        return {**undecided, "stopped_by": ["pm"]}
    rulings = [event for event in events if event["kind"] == "ruling"]
    open_yet = {name for name in case.criteria if kept(case, events, name, number)}
    dead = set() if case.paper else set(case.criteria) - open_yet
    if no_go_is_proven(case, events) or not heard.can_pass(dead):
        names = [name for name in case.criteria if case.blocking(name)]
        packages = list(heard.packages())
        stopped = [
            n for n in names
            if all(heard.fails(n, p) for p in packages)
            or (not case.paper and all(heard.unshown(n, p) for p in packages))
        ]  # fmt: skip
        last = rulings[-1]["findings"] if rulings else []
        stopped = stopped or [
            f["criterion"]
            for f in last
            if f["status"] in (["failed"] if case.paper else ["failed", "not_shown"])
            and f["criterion"] in names
        ]
        return {"outcome": "no_go", "cause": "criterion", "stopped_by": stopped, "dissent": dissent}
    if by := unheard(case, events, number, ruled):
        return {**undecided, "stopped_by": [role for role in case.parties if role in by]}
    cause, by = why_not(case, ruled, signed, failed(events, number))
    return {"outcome": "no_agreement", "cause": cause, "stopped_by": by, "dissent": dissent}


def unheard(case, events, number, ruled):
    """Whose faults stood between the last round and a decision."""
    silent = failed(events, number)
    if not ruled or lets_through(ruled[0]):
        return silent & {"pm"}
    by = set()
    for f in ruled[0]["findings"]:
        if f["status"] == "not_shown" and case.blocking(f["criterion"]):
            by |= kept(case, events, f["criterion"], number)
    if not Heard(case, events).can_pass(set(case.criteria)):
        for name in case.criteria:
            by |= kept(case, events, name, number) if "evidence" in case.criteria[name] else set()
    team = ruled[0]["team"]
    could = set(team["yes"]) | silent
    if team["verdict"] != "pass" and not team.get("crossed") and len(could) >= team["needed"]:
        if set(team.get("veto_missing", [])) <= silent:
            by |= silent - set(team["yes"])
    return by


def why_not(case, ruled, signed, silent):
    if not ruled or signed:
        return "party", ["pm"]
    unmet = [
        f["criterion"] for f in ruled[0]["findings"] if f["status"] != "met" and case.blocking(f["criterion"])
    ]
    if unmet:
        return "criterion", unmet
    team = ruled[0]["team"]
    if team["verdict"] == "pass":
        return "time", []
    against = {line["role"] for line in team.get("crossed", [])} or set(team.get("veto_missing", []))
    against = against or case.parties.keys() - set(team["yes"])
    return "party", [r for r in case.parties if r in (against - silent or against)]


def follows(case, events, kind, number):
    match kind:
        case "inject":
            return inject(case, events, number)
        case "report":
            return {"evidence": reported(case, events, number)}
        case "ruling":
            return ruling(case, events, number)
    return decision(case, events, number)


# --- what a seat may do -------------------------------------------------------------------------

NOTHING = {
    "framing": {}, "opening": {}, "proposal": None, "position": {"vote": "no_answer"}, "signing": {"signs": False},
}  # fmt: skip


def lawful(case, events, event):
    kind, role, number, move = event["kind"], event["role"], event["round"], event["move"]
    if event.get("fault"):
        empty = move is None or all(v in (None, [], "", False) for k, v in move.items() if k != "vote")
        need(
            not event.get("withheld")
            and not event.get("dropped")
            and (move is None) == (kind == "proposal")
            and empty,
            "an abstention",
        )
        need(kind != "position" or move["vote"] == "no_answer", "an abstention votes no_answer")
        last = on_table(events)
        if last is not None and not case.at(events).exists(last):
            last = None  # it is not to be had any more
        need(kind != "proposal" or event["package"] == last, "the last package again")
        return
    heard = Heard(case, [e for e in events if not (e["round"] == number and e["kind"] == kind)])
    known = heard.known(role)
    need(move is not None, "a move")
    wants = [(a["issue"], o) for a in move.get("asks", []) for o in a["options"]]
    asked = [a["issue"] for a in move.get("asks", [])]
    need(len(asked) == len(set(asked)), "asks about an issue once")
    all_known(wants, known)
    for name in move.get("tables", []):
        mine = role in case.evidence.get(name, {}).get("held_by", [])
        need(mine and name not in heard.tabled, "tables what it holds")
    for each in move.get("brings", []):
        held = case.options.get(each["issue"], {}).get(each["option"], {}).get("held_by", [])
        need(role in held and (each["issue"], each["option"]) not in heard.out, "brings what it holds")
    if q := move.get("question"):
        need(q["to"] in case.parties and q["to"] != role, "asks another seat")
        about = {*case.issues, *case.criteria, *heard.tabled, *words(case, heard, known, role)}
        need(q["about"].strip() in about, "asks about something here")
    if kind == "proposal":
        need(event["package"] == move["package"], "the package of the move")
        need(move["package"].keys() == case.issues.keys(), "an option for each issue")
        all_known(move["package"].items(), known)
        need(heard.case.exists(move["package"]), "a package that there is")
        given = case.plain.get("opening_package")
        begins = number == 1 and given is not None and heard.case.exists(given)
        need(not begins or move["package"] == given, "the package that is given")
        need(set(move.get("commissions", [])) <= set(heard.possible(number)), "sends for what can arrive")
    if kind == "position":
        position(case, heard, known, event)
    if kind == "signing":
        held = [said(e, "criterion") for e in heard.events if e["kind"] == "signing"]
        need(
            move.get("criterion") in case.criteria or (move["signs"] and move.get("criterion") is None),
            "a criterion",
        )
        need(
            move["signs"] or (move.get("reason", "").strip() and move["criterion"] not in held), "a new hold"
        )


def all_known(choices, known):
    for issue, option in choices:
        need(option in known.get(issue, []), f"{issue}={option} is no option it knows")


def position(case, heard, known, event):
    role, number, move, package = event["role"], event["round"], event["move"], on_table(heard.events)
    vote, moved, line = move["vote"], move.get("moved_by", []), move.get("red_line")
    need(vote != "no_answer", "votes")
    if c := move.get("challenge"):
        need(
            c["evidence"] in heard.tabled and (c["evidence"], c["ground"]) not in heard.made,
            "a new challenge",
        )
    put_before = set()
    for a in replies(event):
        need((a["to"], a["about"].strip()) not in put_before, "answers once")
        put_before.add((a["to"], a["about"].strip()))
        put = [(e["role"], q["to"], q["about"].strip()) for e in heard.events if (q := said(e, "question"))]
        need((a["to"], role, a["about"].strip()) in put, "answers a question")
        all_known([(a["about"], option) for option in a.get("prefers", [])], known)
    if t := move.get("trade"):
        all_known([*t["give"].items(), *t["for"].items()], known)
        need(not t["give"].keys() & t["for"].keys(), "trades different issues")
    turns = {f"{e['role']}@{e['round']}" for e in heard.events}
    need(all(source in heard.tabled | turns for source in moved), "moved by what it heard")
    if move.get("concern") is not None:
        need(vote in ("yes", "yes_if") and move["concern"] in case.criteria, "a concern beside a yes")
    fell = {each["part"] for each in event.get("dropped", [])}
    if vote == "yes_if" and "asks" not in fell:
        need(
            any(package[a["issue"]] not in a["options"] for a in move.get("asks", [])),
            "asks for something else",
        )
    if line is not None:
        lines = case.parties[role].get("red_lines", [])
        need(0 <= line < len(lines) and made(package, lines[line]["when"]) and vote == "no", "a line crossed")
    offers = [
        t for e in heard.events if e["role"] == role and e["round"] < number and (t := said(e, "trade"))
    ]
    if offers and vote == "no" and not moved and line is None and "moved_by" not in fell:
        kept = all(package[i] == o for side in offers[-1].values() for i, o in side.items())
        need(not kept, "a promise broken says why")


def words(case, heard, known, role):
    plain = case.plain
    read = [plain["title"], plain["question"], plain.get("background", ""), plain.get("purpose", "")]
    read += [issue["question"] for issue in case.issues.values()]
    read += [case.options[i][o]["label"] for i, options in known.items() for o in options]
    read += [each["asks"] for each in case.criteria.values()]
    read += [party["wants"] for party in case.parties.values()]
    read += [text for event in heard.events if (text := said(event, "says"))]

    def in_use(word):
        edge = r"(?<!\w)" if word.isascii() else ""
        return any(re.search(edge + re.escape(word), text, re.IGNORECASE) for text in read)

    every = {word for party in case.parties.values() for word in party.get("terms", {})}
    return {w for w in every if w in case.parties[role].get("terms", {}) or in_use(w)}


# --- a record -----------------------------------------------------------------------------------


def refused(lines):
    """(number of the line, why) of the first line that may not stand there; None for a record in order."""
    number = 1
    try:
        head = parsed(lines[0])
        HEADER(head)
        need(type(head["scenario"].get("parties")) is dict, "parties")
        text = json.dumps(
            [head["scenario"], list(head["scenario"]["parties"])], sort_keys=True, ensure_ascii=False
        )
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        need(digest == head["scenario_sha256"], "the hash fits")
        case, events, seats = Case(head["scenario"]), [], None
        for number, line in enumerate(lines[1:], start=2):  # noqa: B007
            event = parsed(line)
            need(
                type(event) is dict and type(event.get("kind")) is str and event["kind"] in FORMS, "an event"
            )
            FORMS[event["kind"]](event)
            event.setdefault("role", "pm")
            last = events[-1]["round"] if events else 0
            need(next_of(case, events) is not None, "after the decision")
            if event["kind"] == "seating":
                need(event["seats"].keys() == case.parties.keys() and event["seats"] != seats, "seats")
                kinds = {*event["seats"].values()}
                need(
                    not case.paper and ("paper" not in kinds or (seats is None and len(kinds) == 1)), "paper"
                )
                case.paper = "paper" in kinds
            need(event["kind"] == "seating" or seats is not None, "begins with a seating")
            if event["kind"] in ("seating", "stopped"):
                need((event["round"], event["role"]) == (last, "pm"), "of the PM, and of the round before it")
                need(event.get("reason") not in ("parted", "signed") or case.paper, "ends so on paper alone")
                seats = event.get("seats", seats)
                continue
            stand(case, events, event)
            events.append(event)
    except Refused as why:
        return number, str(why)
    return None


def stand(case, events, event):
    kind, number, role = next_of(case, events)
    if event["kind"] == "inject" and kind == "proposal":  # news before its time, between two rounds
        here = [each["number"] for each in events if each["kind"] == "inject"]
        need(event["number"] not in here and 0 <= event["number"] < len(case.injects), "news")
        kind, role = "inject", "pm"
        need(may_come(case, events, event["number"]), "an issue would be left without an option")
        need(without(event) == bare(arrives(case, events, event["number"])), "does not follow")
        need((event["round"], event["role"]) == (number, role), "news out of place")
        return
    if event["kind"] == "report" and kind == "proposal" and case.paper:  # on paper a study may come sooner
        heard, came = Heard(case, events), event["evidence"]
        need(
            (event["round"], event["role"]) == (number, "pm") and came and len(set(came)) == len(came),
            "report",
        )
        need(set(came) <= heard.sent.keys() - heard.arrived, "nobody has asked for that")
        return
    need(
        (event["kind"], event["round"], event["role"]) == (kind, number, role),
        f"due is {kind} {number} {role}",
    )
    if kind in NOTHING:
        lawful(case, events, event)
    else:
        due = follows(case, events, kind, number)
        need(without(event) == bare(due), "does not follow")


def without(event):
    return bare({k: v for k, v in event.items() if k not in ("kind", "round", "role")})


def parsed(line):
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise Refused("is not JSON") from None


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            print(path, refused(file.read().splitlines()) or "is in order")
