"""The seven PM styles: they change what is proposed and asked first, and nothing that is a ruling."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import pairwise

import pytest
from cases import FEW
from hypothesis import given, settings
from hypothesis import strategies as st
from making import scenario, scenarios
from records import bundle

from aipm_agents.analysis.sample.columns import ordered
from aipm_agents.cli.workforce import seated
from aipm_agents.negotiation import negotiate
from aipm_agents.roles import BUILT_IN
from aipm_agents.scenario.criteria import CHECKPOINTS
from aipm_agents.scenario.model import Scenario
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.model import prompts
from aipm_agents.seats.model.estimate import most
from aipm_agents.styles import CARDS, NAMES, STYLES
from aipm_agents.sweeps.plan import Sweep, planned
from aipm_agents.sweeps.play import play
from aipm_agents.table.checkpoints import lets_through, ruling_of
from aipm_agents.table.events import Answered, Decided, Framed, Opened, Proposed, Ruled, Signed
from aipm_agents.table.lawful import check
from aipm_agents.table.rules import issues_of
from aipm_agents.table.view import view
from aipm_agents.transcript import line, read

HOME = "fading-forecast"
SEEDS = range(5)


def table(decided, style):
    return {role: Embedded(style if role == "pm" else None) for role in decided.parties}


@lru_cache
def played(name, style, seed):
    decided = bundle(name)
    return negotiate(decided, table(decided, style), seed=seed)


def told(events):
    """Events as they are recorded, without what varies without meaning."""
    return [{key: value for key, value in line(event).items() if key != "volatile"} for event in events]


def proposals(events):
    return [event for event in events if isinstance(event, Proposed)]


def questions(events):
    return [event.move.question for event in proposals(events) if event.move.question]


# --- as data ----------------------------------------------------------------------------------


def test_every_style_is_told_in_every_language_and_names_each_checkpoint_once():
    assert list(STYLES) == list(NAMES)
    for name, style in STYLES.items():
        assert style.name == name
        assert sorted(style.gates) == sorted(CHECKPOINTS)
        for language in BUILT_IN:
            assert all(CARDS[language][name])
    assert [name for name, style in STYLES.items() if style.portfolio] == ["director", "head"]
    assert [name for name, style in STYLES.items() if style.holds] == ["trust"]


# --- no style loosens a gate ------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(decided=scenarios(), style=st.sampled_from([None, *NAMES]), seed=st.integers(0, 5))
def test_rulings_follow_from_the_moves_whatever_the_style(decided, style, seed):
    """A styled run is ruled move by move as if nobody had heard of styles, and signed only behind open gates."""
    events = negotiate(decided, table(decided, style), seed=seed)
    assert not [event for event in events if getattr(event, "fault", None)]
    for number, event in enumerate(events):
        if isinstance(event, Ruled):
            assert event == ruling_of(decided, events[:number], event.round)
        if isinstance(event, Signed):
            assert lets_through(next(e for e in reversed(events[:number]) if isinstance(e, Ruled)))
    signed = [event for event in events if isinstance(event, Signed) and event.move.signs]
    assert (events[-1].package is not None) == bool(signed)


@pytest.mark.parametrize("style", NAMES)
def test_a_style_proposes_only_what_any_pm_may(style):
    """What passes as far as the table knows is settled before a style is asked: none tables a package that is
    known to fail where another would pass, crosses its own line or falls below its walk-away."""
    decided = bundle(HOME)
    for seed in SEEDS[:2]:
        events = played(HOME, style, seed)
        for number, event in enumerate(events):
            if isinstance(event, Proposed):
                at = view(decided, events[:number], "pm", seed=seed, number=event.round)
                check(event.move, at, "propose")
                own = sum(at.me.points[issue][option] for issue, option in event.package.items())
                assert own >= at.me.walk_away


def test_a_style_sits_with_the_pm_alone():
    decided = bundle("refund-copilot")
    seats = {role: Embedded("trust" if role != "pm" else None) for role in decided.parties}
    assert told(negotiate(decided, seats, seed=2)) == told(played("refund-copilot", None, 2))


# --- each is different ------------------------------------------------------------------------


@pytest.mark.parametrize("style", NAMES)
def test_a_style_is_seen_in_what_is_proposed_and_asked_first(style):
    """Against no style and against every other, over five seeds: the first plan, or the first question."""

    def firsts(name):
        runs = [played(HOME, name, seed) for seed in SEEDS]
        return [(proposals(events)[0].package, questions(events)[0].about) for events in runs]

    mine = firsts(style)
    for other in (None, *NAMES):
        if other != style:
            assert sum(a != b for a, b in zip(mine, firsts(other), strict=True)) >= 3, other


@pytest.mark.parametrize("style", NAMES)
def test_the_first_plan_is_another_than_without_a_style(style):
    def plans(name):
        return [proposals(played(HOME, name, seed))[0].package for seed in SEEDS]

    assert sum(a != b for a, b in zip(plans(style), plans(None), strict=True)) >= 3


@pytest.mark.parametrize(
    ("style", "owner", "gate"),
    [
        ("platform", "engineer", "feasible"), ("trust", "legal", "alignment"), ("solutions", "legal", "viable"),
        ("principal", "engineer", "feasible"),
    ],
)  # fmt: skip
def test_the_first_question_is_for_its_own_checkpoint(style, owner, gate):
    for seed in SEEDS:
        first = proposals(played(HOME, style, seed))[0].move.question
        assert first.to == owner
        assert bundle(HOME).criteria[first.about][0] == gate


def test_a_director_asks_for_orders_before_figures():
    for seed in SEEDS:
        first = [event.move.question for event in proposals(played(HOME, "director", seed))[:2]]
        assert all(asked.about in bundle(HOME).issue for asked in first)
        assert len({asked.to for asked in first}) == 2


def test_a_principal_persuades_by_evidence_and_never_by_its_veto():
    """All it asks for is something to be shown, and it holds no deal at signing; others ask for orders too."""

    def share(style):
        asked = [each.about for seed in SEEDS for each in questions(played(HOME, style, seed))]
        return sum(about in bundle(HOME).criteria for about in asked) / len(asked)

    assert share("principal") == 1.0
    assert all(share(style) <= 0.9 for style in (None, *NAMES) if style != "principal")
    signings = [e for seed in SEEDS for e in played(HOME, "principal", seed) if isinstance(e, Signed)]
    assert signings
    assert all(event.move.signs for event in signings)


def test_trust_holds_the_pen_once_for_a_follow_up_about_people_and_then_mends_it():
    decided, held = bundle(HOME), 0
    for seed in SEEDS:
        events = played(HOME, "trust", seed)
        holds = [event for event in events if isinstance(event, Signed) and not event.move.signs]
        assert len(holds) <= 1
        for hold in holds:
            gate, criterion = decided.criteria[hold.move.criterion]
            assert gate == "alignment"
            assert not criterion.blocking
            assert criterion.asks in hold.move.says
            held += 1
            if events[-1].package is not None:
                assert hold.move.criterion not in {each.criterion for each in events[-1].follow_ups}
    assert held


def test_who_does_not_sit_there_is_passed_over():
    """The small table has nobody of marketing or operations."""
    made = scenario()
    for style in NAMES:
        assert isinstance(negotiate(made, table(made, style), seed=1)[-1], Decided)


# --- in words ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["refund-copilot", "fresh-food-orders"])
@pytest.mark.parametrize("style", NAMES)
def test_a_style_says_so_in_its_own_words_once_each(name, style):
    plain = played(name, None, 1)
    events = played(name, style, 1)
    framing, usual = (next(e.move.says for e in run if isinstance(e, Framed)) for run in (events, plain))
    assert framing != usual
    assert len(framing) > len(usual)
    first = proposals(events)[0].move.says
    assert first != proposals(plain)[0].move.says
    said = [sentence for e in proposals(events) for sentence in e.move.says.split(": ")]
    assert len(said) == len(set(said))


# --- models -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["refund-copilot", "fresh-food-orders"])
def test_a_model_pm_is_told_its_style_in_what_stays_the_same_all_run(name):
    decided = bundle(name)
    events = played(name, None, 1)
    for style in NAMES:
        told = {
            prompts.briefing(view(decided, events[:number], "pm", seed=1, number=1), style)
            for number in (2, len(events))
        }
        assert len(told) == 1
        assert CARDS[decided.language][style].told in told.pop()
    plain = prompts.briefing(view(decided, events[:2], "pm", seed=1, number=1))
    assert not any(card.told in plain for card in CARDS[decided.language].values())


def test_an_estimate_counts_the_paragraph():
    from aipm_agents.seats.model import Model

    decided = bundle("refund-copilot")
    bounds = [most(decided, {"pm": Model("openai:m", None, style=style)}).tokens for style in (None, "trust")]
    assert bounds[0] < bounds[1]


# --- commands ---------------------------------------------------------------------------------


def test_a_style_stands_in_the_header_and_a_run_without_has_no_such_word(aipm, tmp_path):
    assert aipm("run", "refund-copilot", "--display", "none", "-o", "plain.jsonl").code == 0
    assert b"pm_style" not in (tmp_path / "plain.jsonl").read_bytes()
    assert (
        aipm("run", "refund-copilot", "--pm-style", "trust", "--display", "none", "-o", "t.jsonl").code == 0
    )
    record = read(tmp_path / "t.jsonl")
    assert record.header.pm_style == "trust"
    assert told(record.events) == told(played("refund-copilot", "trust", 0))
    assert aipm("show", "t.jsonl", "--json").json["pm_style"] == "trust"
    assert "AI ethics and trust PM" in aipm("show", "t.jsonl").out
    assert "PM style trust" in aipm("compare", "plain.jsonl", "t.jsonl").out
    aipm("export", "t.jsonl", "-o", "t.md")
    assert "embedded, style trust" in (tmp_path / "t.md").read_text("utf-8")


def test_resume_goes_on_in_the_style_it_began_with_and_a_branch_may_take_another(aipm, tmp_path):
    aipm("run", HOME, "--pm-style", "platform", "--display", "none", "-o", "whole.jsonl")
    whole = (tmp_path / "whole.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]))
    assert aipm("resume", "cut.jsonl", "--display", "none").code == 0
    assert _bare(tmp_path / "cut.jsonl") == _bare(tmp_path / "whole.jsonl")
    refused = aipm("resume", "cut.jsonl", "--pm-style", "trust")
    assert refused.code == 2
    assert "--from ROUND" in refused.err
    kept = aipm("resume", "whole.jsonl", "--from", "2", "--display", "none", "-o", "same.jsonl")
    assert kept.code == 0
    assert read(tmp_path / "same.jsonl").header.pm_style == "platform"
    aipm(
        "resume",
        "whole.jsonl",
        "--from",
        "1",
        "--pm-style",
        "trust",
        "--display",
        "none",
        "-o",
        "other.jsonl",
    )
    other = read(tmp_path / "other.jsonl")
    assert other.header.pm_style == "trust"
    assert proposals(other.events)[0].move != proposals(read(tmp_path / "whole.jsonl").events)[0].move


def _bare(path):
    lines = (json.loads(text) for text in path.read_text("utf-8").splitlines())
    return [{k: v for k, v in line.items() if k != "volatile"} for line in lines]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "refund-copilot", "--pm-style", "trusty"], "did you mean 'trust'?"),
        (["run", "refund-copilot", "--pm-style", "trust", "--seat", "pm=human"], "a person plays the PM"),
        (["play", "refund-copilot", "--as", "pm", "--pm-style", "head"], "a person plays the PM"),
        (["sweep", "refund-copilot", "--vary", "pm_style=none,kind"], "is no style of a PM"),
    ],
)
def test_what_cannot_be_is_refused_and_says_why(aipm, words, told):
    done = aipm(*words)
    assert done.code == 2
    assert told in done.err


def test_a_level_above_one_product_is_noted_and_the_run_goes_on(aipm):
    done = aipm("run", "refund-copilot", "--pm-style", "head", "--display", "none")
    assert done.code == 0
    assert "a level above one product" in done.err
    assert "refund-copilot has one" in done.err
    assert not aipm("run", "refund-copilot", "--pm-style", "principal", "--display", "none").err


def test_a_director_and_a_trust_pm_open_a_portfolio_differently(aipm):
    """And for a portfolio nothing needs saying about their level."""
    assert bundle("three-bets").portfolio
    for seed in range(2):
        plans = [proposals(played("three-bets", style, seed))[0].package for style in ("director", "trust")]
        assert sum(a != b for a, b in zip(*(plan.values() for plan in plans), strict=True)) >= 2
    asked = [questions(played("three-bets", style, 0))[0] for style in ("director", "trust")]
    assert asked[0].about in bundle("three-bets").issue
    assert bundle("three-bets").criteria[asked[1].about][0] == "alignment"
    assert not aipm("run", "three-bets", "--pm-style", "director", "--dry-run").err


def test_list_styles(aipm):
    shown = aipm("list", "styles").out
    assert all(name in shown for name in NAMES)
    listed = aipm("list", "styles", "--json").json
    assert [each["id"] for each in listed] == list(NAMES)
    assert aipm("--lang", "zh-Hant", "list", "styles").out.count("先看") == len(NAMES)


def test_a_sweep_of_styles_tells_in_each_row_what_came_first():
    sweep = Sweep(scenarios=("refund-copilot",), seeds="0:2", vary={"pm_style": ("none", "trust")})
    done = [play(task, seated) for task in planned(sweep, [bundle("refund-copilot")]).tasks({})]
    assert [each.row["pm_style"] for each in done] == ["", "", "trust", "trust"]
    for row in (each.row for each in done):
        events = played("refund-copilot", row["pm_style"] or None, row["seed"])
        first = proposals(events)[0].package
        assert row["first_package"] == " ".join(f"{issue}={option}" for issue, option in first.items())
        asked = questions(events)[0]
        assert row["first_asked"] == f"{asked.to} {asked.about}"
        assert set(ordered(set(row))) == set(row)


# --- the words of somebody concerned ----------------------------------------------------------

QUOTE = "I stopped opening the letters in March."


def quoted(**changes):
    fact = {"id": "letter", "says": QUOTE, "voice": "user", **changes}
    made = scenario().plain()
    return Scenario.model_validate({**made, "evidence": [*made["evidence"], fact]})


@pytest.mark.parametrize("held_by", [[], ["engineer"], ["legal"]])
def test_the_pm_reads_somebody_s_words_aloud_once_in_the_round_after(held_by):
    for seed in range(6):
        made = quoted(**({"held_by": held_by} if held_by else {}))
        events = negotiate(made, table(made, None), seed=seed)
        heard = [e.round for e in events if isinstance(e, Opened | Answered) and "letter" in e.move.tables]
        came = heard[0] if heard else (0 if not held_by else None)
        read_out = [e.round for e in proposals(events) if f'"{QUOTE}"' in e.move.says]
        after = [e.round for e in proposals(events) if came is not None and e.round > came]
        assert read_out == after[:1]


def test_words_with_their_own_quotation_marks_are_read_as_they_stand():
    said = 'A tenant: "I stopped opening the letters in March."'
    made = quoted(says=said)
    first = proposals(negotiate(made, table(made, None), seed=0))[0]
    assert said in first.move.says
    assert f'"{said}"' not in first.move.says


@pytest.mark.parametrize("name", FEW)
def test_no_quotation_is_left_open_or_torn(name):
    """Whatever is passed over because it was said already or is for the PM to read: all of a quotation, or nothing."""
    made = bundle(name)
    for seed in range(3):
        for event in negotiate(made, table(made, None), seed=seed):
            if isinstance(event, Framed | Opened | Proposed | Answered | Signed):
                says = event.move.says
                assert says.count('"') % 2 == 0, says
                assert says.count("「") == says.count("」"), says


def test_a_model_is_told_that_it_is_somebody_s_own_words():
    made = quoted()
    told = prompts.briefing(view(made, (), "engineer", seed=0, number=0))
    assert f"{QUOTE} (the words of somebody it concerns: weak as proof, strong as meaning)" in told
    assert told.count("words of somebody") == 1


# --- what is said is so -------------------------------------------------------------------------


@pytest.mark.parametrize("name", FEW)
def test_the_pm_names_every_change_and_a_red_line_has_an_argument_of_its_own(name):
    made = bundle(name)
    for seed in range(3):
        events = negotiate(made, table(made, None), seed=seed)
        tabled = [event for event in events if isinstance(event, Proposed)]
        for before, after in pairwise(tabled):
            for issue, option in after.package.items():
                if option != before.package[issue]:
                    assert made.label(issue, option).lower() in after.move.says.lower(), (seed, after.round)
        for event in events:
            if isinstance(event, Answered) and event.move.red_line is not None:
                party = made.parties[event.role]
                about = issues_of(party.red_lines[event.move.red_line].when)
                others = [text for issue, said in party.argues.items() if issue not in about for text in said]
                assert not [text for text in others if text in event.move.says], (seed, event.round)
