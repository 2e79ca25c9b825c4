"""The debrief: it names the mistakes that were planted and no others, and every what-if is what brute force says."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
import slow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import Curious, rich_scenarios, scenario
from records import bundle, kept, written
from test_inquiry import known_packages, made_challenges, slow_status
from words import catalogue

from aipm_agents.analysis.debrief.forgone import forgone
from aipm_agents.analysis.debrief.whole import debrief
from aipm_agents.analysis.run.summary import GATES
from aipm_agents.negotiation import negotiate
from aipm_agents.report.debrief.discussion import discussion
from aipm_agents.report.debrief.whole import screen
from aipm_agents.report.papers.markdown import markdown
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.events import Decided, Proposed, Ruled, Stopped, tabled_evidence
from aipm_agents.table.moves import Opening, Position, Proposal, Question, Reply
from aipm_agents.transcript import Header, Transcript

ROLES = ("pm", "engineer", "legal", "marketing")
POINTS = {
    "pm": ((30, 40), (10, 30, 60)), "engineer": ((20, 50), (50, 30, 35)),
    "legal": ((50, 40), (0, 35, 50)), "marketing": ((50, 40), (50, 20, 35)),
}  # fmt: skip
ALL_READ, FEW_SPOT = {"reach": "all", "review": "some"}, {"reach": "few", "review": "spot"}


def shop(points=POINTS):
    """Everything that can stay unsaid is in it, and one package that is better for everybody."""
    parties = {
        role: {
            "wants": "Something.", "walk_away": 20,
            "points": {"reach": dict(zip(("all", "few"), map(Decimal, reach), strict=True)),
                       "review": dict(zip(("none", "some", "spot"), map(Decimal, review), strict=True))},
        }
        for role, (reach, review) in points.items()
    }  # fmt: skip
    parties["engineer"]["terms"] = {"done": "it runs"}
    parties["legal"]["terms"] = {"done": "somebody signed for it"}
    return scenario(
        id="shop", title="The shop", question="Is it done?", purpose="people at the counter",
        affected=[{"who": "People in the queue", "stake": "they stand there"}],
        success={"metric": "minutes", "to": "2", "guardrail": "nobody is sent away"},
        issues=[
            {"id": "reach", "question": "Who?", "options": [
                {"id": "all", "label": "all shops"}, {"id": "few", "label": "a few shops"}]},
            {"id": "review", "question": "Who reads?", "options": [
                {"id": "none", "label": "nobody"}, {"id": "some", "label": "somebody"},
                {"id": "spot", "label": "a spot check", "held_by": ["legal"]}]},
        ],
        metrics=[], parties=parties,
        evidence=[
            {"id": "demo", "says": "In the demo one customer smiled.", "plainly": "One of one.", "lens": "gestalt",
             "supports": ["wanted"], "limits": [{"ground": "sample", "says": "it was the founder's aunt", "answered_by": ["rumour"]}]},
            {"id": "test", "says": "It errs.", "held_by": ["legal"], "analysis": "descriptive", "undermines": ["safe"],
             "unless": {"review": ["some", "spot"]}},
            {"id": "bill", "says": "Each shop costs a fortune.", "held_by": ["legal"], "analysis": "diagnostic",
             "undermines": ["pays"], "unless": {"reach": "few"}},
            {"id": "queue", "says": "Nobody can keep up.", "held_by": ["engineer"], "undermines": ["light"],
             "unless": {"review": ["some", "spot"]}},
            {"id": "rumour", "says": "Forty more smiled.", "held_by": ["marketing"]},
            {"id": "trial", "says": "Readers nod.", "takes": 1, "study": {"asks": "Do readers read?", "about": ["safe"]},
             "undermines": ["safe"], "unless": {"review": "spot"}},
        ],
        checkpoints={
            "desire": [{"id": "wanted", "asks": "Is it wanted?", "owner": "marketing", "evidence": "required"}],
            "feasible": [{"id": "light", "asks": "Is it light?", "owner": "engineer", "caution": "decay"}],
            "viable": [{"id": "pays", "asks": "Does it pay?", "owner": "pm"}],
            "alignment": [{"id": "safe", "asks": "Is it safe?", "owner": "legal", "lens": "frame_problem", "caution": "ethics"}],
        },
        agreement={"accept_at_least": 4, "veto": ["legal"]},
    )  # fmt: skip


def asks(to, about):
    return {"to": to, "about": about, "text": f"What about {about}?"}


def asks_for(to, about):
    return Question.model_validate(asks(to, about))


def careless():
    """A deal in round 2 that nobody should have signed."""
    seats = {
        "pm": Scripted(packages=[
            Proposal(package={"reach": "all", "review": "none"}, question=asks("engineer", "light"), says="All of them, and now."),
            Proposal(package=ALL_READ, says="Somebody reads, then."),
        ]),
        "engineer": Scripted(positions=[
            Position(vote="yes", answer={"to": "pm", "about": "light", "declined": True}, says="I would rather not say."),
            Position(vote="yes", says="Fine by me."),
        ]),
        "legal": Scripted(positions=[
            Position(vote="no", tables=("test",), asks=[{"issue": "review", "options": ["some"]}], says="It errs, and nobody reads."),
            Position(vote="yes", moved_by=("pm@2",), says="Somebody reads. I can sign that."),
        ]),
        "marketing": Scripted(positions=[
            Position(vote="yes_if", asks=[{"issue": "review", "options": ["some"]}], says="If somebody reads it."),
            Position(vote="yes", moved_by=("demo",), says="She smiled. I saw it."),
        ]),
    }  # fmt: skip
    return seats


def careful():
    """The same table, and nothing left unsaid."""
    first = Proposal(
        package={"reach": "all", "review": "none"}, commissions=("trial",), question=asks("legal", "done"),
        says="What is still missing? One of one.",
    )  # fmt: skip
    seats = {
        "pm": Scripted(packages=[first, Proposal(package=FEW_SPOT, says="A few shops and a spot check.")]),
        "engineer": Scripted(
            opening=Opening(tables=("queue",), says="Nobody can keep up."),
            positions=[
                Position(vote="no", challenge={"evidence": "demo", "ground": "sample"}, says="Whose smile was that?"),
                Position(vote="yes", answer={"to": "legal", "about": "done"}, says="It runs."),
            ],
        ),
        "legal": Scripted(
            opening=Opening(tables=("test", "bill"), brings=[{"issue": "review", "option": "spot"}], says="It errs and it costs."),
            positions=[
                Position(vote="no", answer={"to": "pm", "about": "done"}, question=asks("engineer", "done"), says="Signed for."),
                Position(vote="yes", moved_by=("pm@2",), says="Yes."),
            ],
        ),
        "marketing": Scripted(opening=Opening(tables=("rumour",), says="Forty more smiled."), positions=["yes", "yes"]),
    }  # fmt: skip
    return seats


def recorded(made, events, run_id="planted"):
    header = Header(
        scenario=made, scenario_sha256=made.digest, seed=0, volatile={"run_id": run_id, "aipm": "0"}
    )
    return Transcript(header, tuple(events))


def played(seats, made=None):
    made = made or shop()
    events = negotiate(made, seats, seed=0)
    assert not [event.fault for event in events if getattr(event, "fault", None)]
    return recorded(made, events)


@pytest.fixture(scope="module")
def planted():
    return played(careless())


def printed(run, *, full=True):
    return re.sub(r"\\(.)", r"\1", markdown(screen(debrief(run), full=full)))


# --- planted mistakes -------------------------------------------------------------------------


def test_the_planted_mistakes_are_named_and_no_others(planted):
    found = debrief(planted)
    assert {(each.kind, f"{each.name} {each.part}".strip(), each.why) for each in found.withheld} == {
        ("fact", "bill", "not_asked"), ("fact", "queue", "declined"), ("fact", "rumour", "not_asked"),
        ("option", "review spot", "not_asked"), ("study", "trial", "not_asked"),
        ("challenge", "demo sample", "not_asked"), ("word", "done", "not_asked"),
    }  # fmt: skip
    by = {each.name: each for each in found.withheld}
    assert by["bill"].costs == {"legal": 10}
    assert by["bill"].effect.breaks == ("pays",)
    assert [(s.round, s.gate, s.was, s.now) for s in by["bill"].effect.shifts] == [
        (1, "viable", "pass", "blocked"), (2, "viable", "pass", "blocked"),
    ]  # fmt: skip
    assert (by["bill"].effect.opened, by["bill"].effect.closed) == (0, 1)
    assert [(s.round, s.gate, s.now) for s in by["queue"].effect.shifts] == [(1, "feasible", "blocked")]
    assert not by["rumour"].effect.any
    assert by["review"].effect.opened == 2
    assert [(s.round, s.gate, s.now) for s in by["trial"].effect.shifts] == [(2, "people", "blocked")]
    assert by["demo"].effect.breaks == ("wanted",)
    assert found.fails_on_known == ("pays",)
    assert found.hearing.dazzling["demo"].moved == (("marketing", 2),)
    assert found.hearing.dazzling["demo"].doubted == ()
    assert found.hearing.jargon == ("demo",)
    assert {kind: each.asked for kind, each in found.hearing.kinds.items()} == {
        "descriptive": 0,
        "diagnostic": 0,
    }
    assert found.gains.better.package == FEW_SPOT
    assert found.gains.better.for_all
    assert found.gains.better.gains == {"pm": 40, "engineer": 35, "legal": 5, "marketing": 5}
    assert found.gains.better.chance is None, "an option in it was never brought"


def test_who_declined_is_said_to_have_declined_whatever_it_would_have_cost():
    seats = careless()
    first, second = seats["pm"].packages
    seats["pm"].packages = (first.model_copy(update={"question": asks_for("legal", "pays")}), second)
    says_no = (
        seats["legal"].positions[0].model_copy(update={"answer": Reply(to="pm", about="pays", declined=True)})
    )
    seats["legal"].positions = (says_no, seats["legal"].positions[1])
    seats["engineer"].positions = (Position(vote="yes", says="Yes."),)
    why = {
        each.name: (each.why, each.asked) for each in debrief(played(seats)).withheld if each.kind == "fact"
    }
    assert why == {"bill": ("declined", True), "queue": ("not_asked", False), "rumour": ("not_asked", False)}


def test_better_for_some_and_worse_for_nobody_is_told_as_that():
    """Marketing is left with exactly as much: the bound is `>=`."""
    run = played(careless(), shop(POINTS | {"marketing": ((50, 40), (50, 20, 30))}))
    found = debrief(run)
    assert found.gains.better.package == FEW_SPOT
    assert (found.gains.better.for_all, found.gains.others) == (False, 1)
    assert found.gains.better.gains["marketing"] == 0
    assert "was better than this deal for PM, Engineer and Legal, and worse for nobody:" in printed(run)


def test_the_same_table_without_mistakes_has_none():
    found = debrief(played(careful()))
    assert found.sheet.package == FEW_SPOT
    assert (found.withheld, found.fails_on_known, found.said_only, found.gains.better) == (
        (),
        (),
        False,
        None,
    )
    assert found.hearing.dazzling["demo"].doubted == (("engineer", 1),)
    assert found.hearing.jargon == ()
    assert found.coverage.lenses["gestalt"].reach == "raised"
    text = printed(played(careful()))
    assert "facts on the cards were told. " in text
    assert "Nothing free: of the packages that pass" in text
    assert "Signed on what was said" not in text


def test_what_is_printed_says_so(planted):
    text = " ".join(printed(planted).split())
    for told in (
        "Signed on what was said, not on what was known: with everything this table knew, the deal fails \"Does it pay?\"",
        "Nobody asked. With it the deal would not have passed: \"Does it pay?\"",
        "Asked, and declined to answer.", "An option: \"a spot check\"", "Could have been found out: Do readers read?",
        "What is wrong with \"One of one\": it was the founder's aunt.",
        "The word \"done\" meant different things. Engineer: it runs; Legal: somebody signed for it.",
        "Moved by the figure that dazzles, \"In the demo one customer smiled.\": Marketing (round 2). No question and no challenge on record names it.",
        "was better than this deal for everybody:", "Nobody asked why (diagnostic): 1 such fact was never told.",
        "Harm first raised: round 1, by Legal.",
        "Signed in round 2 of 5, the first in which it could have passed.",  # in round 1 a fact came out that had to be heard
        "The PM never sent for it.",
    ):  # fmt: skip
        assert told in text, told
    assert "Nobody asked how many (descriptive)" not in text, "that fact was tabled unasked"
    assert "grade" not in text.casefold()


def test_turning_points_are_deciding_facts_and_the_largest_moves(planted):
    found = debrief(planted)
    fact = next(each for each in found.turning if each.kind == "fact")
    assert (fact.round, fact.role, fact.name, fact.says) == (1, "legal", "test", "It errs, and nobody reads.")
    assert [(s.round, s.gate, s.was, s.now) for s in fact.shifts] == [(1, "people", "pass", "blocked")]
    package = next(each for each in found.turning if each.kind == "package")
    assert (set(package.gained), package.together) == ({"safe", "legal"}, ()), (
        "Marketing named the demo, not the package"
    )
    assert package.moved == (("legal", 2),)
    votes = {each.role: (each.was, each.now, each.reasons) for each in found.turning if each.kind == "vote"}
    assert votes == {
        "legal": ("no", "yes", ("pm@2",)), "marketing": ("yes_if", "yes", ("demo",)),
        "engineer": ("yes", "yes", ()),  # the most given up beside an unchanged vote
    }  # fmt: skip
    assert [each.round for each in found.turning] == sorted(each.round for each in found.turning)


def test_which_checkpoint_did_the_work(planted):
    work = debrief(planted).work
    people = next(each for each in work.gates if each.gate == "people")
    assert (people.shut, people.opened, people.key) == ((1,), 2, "choice")
    team = next(each for each in work.gates if each.gate == "team")
    assert (team.shut, team.key) == ((1,), "votes")
    assert [each.gate for each in work.gates if not each.shut] == ["desire", "feasible", "viable"]


def test_lenses_cautions_and_practices_are_answered_from_the_record(planted):
    found = debrief(planted)
    lenses = found.coverage.lenses
    assert {name: each.reach for name, each in lenses.items()} == {
        "alignment_control": "absent", "frame_problem": "raised", "symbol_grounding": "absent",
        "language_games": "missed", "gestalt": "came_up",
    }  # fmt: skip
    assert (lenses["frame_problem"].first.round, lenses["frame_problem"].first.by) == (1, "legal")
    assert found.coverage.cautions["decay"].reach == "raised", "the PM asked"
    assert found.coverage.cautions["privacy"].reach == "absent"
    assert {name for name, item in found.practices.items() if item.shown} == {"safety"}
    assert found.practices["goal"].status == "came_up", "signed over, and nobody asked about it"


STAGES = ["reactions", "happened", "why", "concept", "apply"]


@pytest.mark.parametrize("name", ["refund-copilot", "fading-forecast", "discharge-letter"])
@pytest.mark.parametrize("cut", [None, 3, 9])
def test_six_to_eight_questions_in_order_and_two_screens(aipm, tmp_path, name, cut):
    """Whatever happened, broken off or not: every run has its questions, and fits."""
    run = kept(tmp_path / "run.jsonl", bundle(name), seed=4, cut=cut)
    asked = discussion(debrief(run))
    assert 6 <= len(asked) <= 8
    assert len({each.text for each in asked}) == len(asked)
    order = [STAGES.index(each.stage) for each in asked]
    assert order == sorted(order)
    assert set(order) == set(range(5))
    shown = aipm("debrief", run.path)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.count("\n") <= 116  # a deal that leaves a follow-up tells that too
    assert all(len(line.rstrip()) <= 80 for line in shown.out.splitlines())
    assert asked[0].text[:20] in shown.out
    assert aipm("debrief", run.path, "--full").code == 0


# --- brute force ------------------------------------------------------------------------------


def slow_rulings(made, events):
    """(round, package, tabled, challenges with something to them, events before) of each ruling."""
    for number, event in enumerate(events):
        if isinstance(event, Ruled):
            before = events[:number]
            package = [e.package for e in before if isinstance(e, Proposed)][-1]
            yield event.round, package, set(tabled_evidence(made, before)), made_challenges(before), before


def slow_gate(made, gate, package, tabled, contests):
    """The verdict of a checkpoint's criteria, from the words of the design."""
    name, worst = ("alignment" if gate == "people" else gate), 0
    for criterion in getattr(made.checkpoints, name):
        status = slow_status(made, criterion, package, tabled, contests)
        if status != "met":
            worst = max(worst, 1 if not criterion.blocking else 3 if status == "failed" else 2)
    return ("pass", "pass_with_follow_up", "not_shown", "blocked")[worst]


def slow_passing(made, known, tabled, contests):
    return [
        p for p in known
        if not slow.crossed(made, p) and all(
            slow_status(made, each, p, tabled, contests) == "met" for _, each in made.criteria.values() if each.blocking
        )
    ]  # fmt: skip


def slow_effect(made, events, kind, name, part):
    """The same rulings with one thing more, every package asked one by one."""
    was_now, shifts = None, []
    for number, package, tabled, contests, before in slow_rulings(made, events):
        known, more, doubts, options = (
            known_packages(made, before),
            set(),
            set(),
            known_packages(made, before),
        )
        if kind == "fact" or (kind == "study" and number > made.facts[name].takes):
            more = {name}
        if kind == "challenge":
            doubts = {(name, part)}
        if kind == "option":
            hidden = made.held_options.keys() - {c for p in known for c in p.items()} - {(name, part)}
            options = [p for p in slow.packages(made) if not hidden & set(p.items())]
        for gate in GATES[:4]:
            one = slow_gate(made, gate, package, tabled, contests)
            other = slow_gate(made, gate, package, tabled | more, contests | doubts)
            if one != other:
                shifts.append((number, gate, one, other))
        was_now = (
            slow_passing(made, known, tabled, contests),
            slow_passing(made, options, tabled | more, contests | doubts),
        )
    if was_now is None:
        return [], 0, 0
    was, now = was_now
    return shifts, sum(p not in was for p in now), sum(p not in now for p in was)


def slow_deciding(made, events):
    """Facts told in the run without which some gate would have stood open, or shut; or the deal had other follow-ups."""
    start = {fact.id for fact in made.evidence if fact.known_at_start}
    signed = events[-1].round if isinstance(events[-1], Decided) and events[-1].package else None
    for name in made.facts.keys() - start:
        for number, package, tabled, contests, _ in slow_rulings(made, events):
            one, other = (
                [slow_gate(made, gate, package, facts, contests) for gate in GATES[:4]]
                for facts in (tabled, tabled - {name})
            )
            if number != signed:
                one, other = (
                    [each in ("pass", "pass_with_follow_up") for each in row] for row in (one, other)
                )
            if name in tabled and one != other:
                yield name


def slow_open(made):
    """Every package that passes with all that could be known, and is agreed."""
    facts = {name for name, fact in made.facts.items() if fact.takes is None or fact.takes < made.rounds}
    doubts = {(name, limit.ground) for name, fact in made.facts.items() for limit in fact.limits}
    return [p for p in slow_passing(made, slow.packages(made), facts, doubts) if slow.agreed(made, p)]


def slow_better(made, got):
    """The fairest gain of those that harm nobody."""
    best, count = None, 0
    for package in slow_open(made):
        gains = [slow.points(made, role, package) - Fraction(str(got[role])) for role in made.parties]
        if min(gains) >= 0 and max(gains) > 0:
            count += 1
            if best is None or sorted(gains) > best[0]:
                best = sorted(gains), package
    return best and best[1], count


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rich_scenarios(), st.integers(0, 10**6), st.booleans())
def test_every_what_if_is_what_brute_force_says(made, seed, agreeable):
    events = negotiate(made, {role: Curious(Random(seed), agreeable) for role in made.parties}, seed=seed)
    found = debrief(recorded(made, events))
    for each in found.withheld:
        if each.kind != "word":
            shifts, opened, closed = slow_effect(made, events, each.kind, each.name, each.part)
            assert list(map(tuple, each.effect.shifts)) == shifts
            assert (each.effect.opened, each.effect.closed) == (opened, closed)
    better, count = slow_better(made, found.sheet.outcome.points)
    assert (found.gains.better and found.gains.better.package, found.gains.others) == (better, count)
    assert {each.name for each in found.turning if each.kind == "fact"} == set(slow_deciding(made, events))
    _check_costs(made, events, found)
    _check_work(made, events, found)
    _check_paid(made, found)


def _check_paid(made, found):
    """Points short of the best for a seat of all that pass, and the choices that are worth less to it there."""
    deal, open_ = found.record.deal, slow_open(made)
    for role, each in forgone(found.record).items():
        best = max((slow.points(made, role, p) for p in open_), default=None)
        assert each.best == best
        if best is None:
            continue
        got = slow.points(made, role, deal) if deal else made.parties[role].walk_away
        assert Fraction(str(each.short)) == best - Fraction(str(got))
        less = [package for package in open_ if slow.points(made, role, package) == best]
        row = made.parties[role].points
        assert not deal or {(g.issue, g.instead, g.points) for g in each.given} in [
            {(i, p[i], row[i][p[i]] - row[i][deal[i]]) for i in deal if row[i][p[i]] > row[i][deal[i]]}
            for p in less
        ]


def _check_costs(made, events, found):
    rulings = list(slow_rulings(made, events))
    for each in found.withheld:
        for role, cost in each.costs.items() if rulings else ():
            *_, (_, _, tabled, _, before) = rulings
            best = []
            for facts in (tabled, tabled | {each.name}):
                left = [
                    slow.points(made, role, p) for p in known_packages(made, before)
                    if not slow.crossed(made, p) and not any(
                        slow.status(made, c, p, facts) == "failed" for _, c in made.criteria.values() if c.blocking
                    )
                ]  # fmt: skip
                best.append(max([*left, Fraction(str(made.parties[role].walk_away))]))
            assert Fraction(str(cost)) == best[0] - best[1]


def _check_work(made, events, found):
    rulings = [event for event in events if isinstance(event, Ruled)]
    opened = {r.round: {**{g: r.verdicts[g] for g in GATES[:3]}, "people": r.people, "team": r.team.verdict} for r in rulings}  # fmt: skip
    for each in found.work.gates:
        shut = {n for n, row in opened.items() if row[each.gate] in ("not_shown", "blocked")}
        assert set(each.shut) == shut
        assert set(each.alone) == {
            n for n in shut if not any(v in ("not_shown", "blocked") for g, v in opened[n].items() if g != each.gate)
        }  # fmt: skip


def test_a_no_go_on_what_was_said_is_called_so():
    """The bill stops every package the table knows of; the way out stays in a pocket."""
    plain = shop().plain()
    for fact in plain["evidence"]:
        if fact["id"] == "bill":
            fact["unless"] = {"review": ["spot"]}
    made = shop().model_validate_json(json.dumps(plain), strict=False)
    seats = careless()
    seats["legal"] = Scripted(
        positions=["no"], opening=Opening(tables=("bill", "test"), says="It costs a fortune.")
    )
    run = played(seats, made)
    assert run.decision.outcome == "no_go"
    found = debrief(run)
    assert found.said_only
    assert "A no-go on what was told, not on what was known" in printed(run)
    for option in plain["issues"][1]["options"]:
        option.pop("held_by", None)
    nobody_holds = shop().model_validate_json(json.dumps(plain), strict=False)
    assert not debrief(played(careless(), nobody_holds)).said_only, "that one ended in a deal"


# --- a class ----------------------------------------------------------------------------------


def class_of(folder, n):
    """Groups with people's names in file names and run ids."""
    made = shop()
    for k in range(n):
        events = negotiate(made, careful() if k % 2 else careless(), seed=0)
        written(folder / f"{k}-anna-and-bo.jsonl", made, events, run_id=f"anna{k}")
    return folder


def test_a_class_is_told_group_by_group_and_nobody_by_name(aipm, tmp_path):
    folder = class_of(tmp_path / "class", 3)
    shown = aipm("debrief", folder)
    assert (shown.code, shown.err) == (0, "")
    for told in (
        "a class of 3 groups",
        "G1",
        "G2",
        "G3",
        "GO",
        "WHERE GROUPS PARTED",
        "The same package as G1.",
    ):
        assert told in shown.out, told
    assert re.search(r"GO +3", shown.out), "how it ended, counted"
    data = aipm("debrief", folder, "--json")
    assert data.json["decisions"] == {"go": 3}
    stages = [STAGES.index(stage) for stage in (each["stage"] for each in data.json["questions"])]
    assert 6 <= len(stages) <= 8
    assert stages == sorted(stages)
    for form in ("html", "md", "json"):
        assert aipm("debrief", folder, "-o", f"class.{form}").code == 0
        assert "anna" not in Path(f"class.{form}").read_text("utf-8")
    assert "anna" not in shown.out + data.out
    assert "G1: tabled" not in shown.out.split("IN NO GROUP")[1].split("ASK THE CLASS")[0]


def test_fewer_than_three_groups_have_no_distribution(aipm, tmp_path):
    shown = aipm("debrief", class_of(tmp_path / "class", 2))
    assert "Fewer than 3 groups: no distribution is shown." in shown.out
    assert aipm("debrief", tmp_path / "class", "--json").json["decisions"] is None


def test_a_class_with_two_scenarios_is_refused(aipm, tmp_path):
    folder = class_of(tmp_path / "class", 2)
    kept(folder / "9.jsonl", bundle("refund-copilot"), seed=1)
    result = aipm("debrief", folder)
    assert (result.code, result.out) == (2, "")
    assert 'G1 played "The shop", G3 that of "The refund copilot"' in result.err


def test_a_sample_is_no_class(aipm, tmp_path):
    folder = class_of(tmp_path / "class", 25)
    assert "25 runs are no class" in aipm("debrief", folder).err
    (tmp_path / "swept" / "runs").mkdir(parents=True)
    (tmp_path / "swept" / "sweep.yaml").write_text("scenarios: []\n", "utf-8")
    result = aipm("debrief", tmp_path / "swept")
    assert (result.code, "aipm compare" in result.err) == (2, True)


# --- what must not happen ---------------------------------------------------------------------


def test_no_card_is_opened_while_people_play(aipm, tmp_path):
    made = shop()
    events = list(negotiate(made, careless(), seed=0))[:6]
    events[0] = events[0].model_copy(update={"seats": {**events[0].seats, "legal": "human"}})
    run = written(tmp_path / "open.jsonl", made, events)
    for more in ((), ("--json",), ("-o", "x.html")):
        refused = aipm("debrief", run.path, *more)
        assert (refused.code, refused.out) == (2, "")
        assert "--spoil" in refused.err
    assert aipm("debrief", run.path, "--spoil").code == 0
    assert not Path("x.html").exists()


def test_a_run_that_nobody_decided_is_debriefed(aipm, tmp_path):
    made = shop()
    events = negotiate(made, careless(), seed=0)
    for cut in (1, 2, 5, 6, 10, 11):
        stop = [*events[:cut], Stopped(round=events[cut - 1].round, reason="interrupted")]
        run = written(tmp_path / f"{cut}.jsonl", made, stop)
        shown = aipm("debrief", run.path, "--full")
        assert (shown.code, shown.err) == (0, ""), cut
        assert "decided by nobody" in shown.out
        assert aipm("debrief", run.path, "--json").json["outcome"] == "stopped"


def test_a_damaged_transcript_is_refused_in_words(aipm, tmp_path, planted):
    run = written(tmp_path / "run.jsonl", planted.scenario, planted.events)
    lines = run.path.read_text("utf-8").splitlines()
    (tmp_path / "bad.jsonl").write_text("\n".join([*lines[:4], "not json", *lines[5:]]) + "\n", "utf-8")
    result = aipm("debrief", tmp_path / "bad.jsonl")
    assert (result.code, result.out) == (3, "")
    assert "bad.jsonl" in result.err
    (tmp_path / "empty").mkdir()
    assert "no transcript in this folder" in aipm("debrief", tmp_path / "empty").err
    assert "the ending picks the form" in aipm("debrief", run.path, "-o", "x.pdf").err


# --- on paper ---------------------------------------------------------------------------------


def test_the_command_reads_the_latest_run_and_is_suggested_at_its_end(aipm):
    ended = aipm("run", "refund-copilot", "--seed", "7", "--display", "plain")
    assert "aipm debrief " in ended.out
    assert "The refund copilot" in aipm("debrief").out


def test_the_planted_run_reads_like_this(aipm, tmp_path, planted, snapshot):
    run = written(tmp_path / "run.jsonl", planted.scenario, planted.events, run_id="planted")
    assert "\n".join(line.rstrip() for line in aipm("debrief", run.path).out.splitlines()) == snapshot


def test_it_speaks_the_language_of_the_case(aipm, tmp_path):
    run = kept(tmp_path / "run.jsonl", bundle("fresh-food-orders"), seed=7)
    assert aipm("debrief", run.path, "-o", "x.md").code == 0
    text = Path("x.md").read_text("utf-8")
    said = catalogue("zh-Hant")
    assert f"## {said['Turning points']}" in text
    assert not re.findall(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text), "a sentence nobody translated"
    assert "WHAT WAS DECIDED" in aipm("--lang", "en", "debrief", run.path).out
    assert said["What was decided"] in aipm("--lang", "zh-Hant", "debrief", run.path).out
