"""Runs beside each other: the parting is found where a person finds it, in every form that is printed."""

from __future__ import annotations

import csv
import io
import random
import re
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from endpoint import agreeable, endpoint, filled
from hypothesis import given, settings
from hypothesis import strategies as st
from making import Erratic, scenario, scenarios
from pagetext import Words
from records import bundle, kept, written

from aipm_agents.analysis.compare.comparison import compare, differing
from aipm_agents.analysis.compare.divergence import changed_inputs, first_difference, parting
from aipm_agents.analysis.sample.branches import split
from aipm_agents.analysis.sample.versions import versions
from aipm_agents.analysis.sample.whole import sample
from aipm_agents.cli.setting import changed
from aipm_agents.negotiation import negotiate
from aipm_agents.report.compare.comparison import first_screen
from aipm_agents.seats.embedded import Embedded
from aipm_agents.seats.scripted import Scripted
from aipm_agents.table.agenda import slot
from aipm_agents.table.events import Decided, Ruled, Seated, Stopped
from aipm_agents.table.moves import Position
from aipm_agents.transcript import Header, Transcript, new_header, read

# --- golden pairs -----------------------------------------------------------------------------


def same_run(folder):
    made = bundle("refund-copilot")
    return kept(folder / "one.jsonl", made, seed=3), kept(folder / "two.jsonl", made, seed=3)


def one_seed_apart(folder):
    made = bundle("fading-forecast")
    return kept(folder / "three.jsonl", made, seed=3), kept(folder / "four.jsonl", made, seed=4)


def one_changed_fact(folder):
    made = bundle("fading-forecast")
    facts = tuple(
        fact.model_copy(update={"held_by": ()}) if "marketing" in fact.held_by else fact
        for fact in made.evidence
    )
    other = made.model_copy(update={"evidence": facts})
    return kept(folder / "held.jsonl", made, seed=3), kept(folder / "open.jsonl", other, seed=3)


def a_model_against_embedded(folder):
    made = bundle("refund-copilot")

    def script(asked):
        if asked.verb == "propose":
            return filled(asked.schema, package={"reach": "everyone", "review": "nobody", "path": "model"})
        return agreeable(asked)

    from aipm_agents.cli.models import Means
    from aipm_agents.cli.seating import seated

    with endpoint(script) as server:
        kinds = {**dict.fromkeys(made.parties, "embedded"), "pm": "openai:m"}
        with seated(kinds, Means(base_url=server.url)) as seats:
            events = list(negotiate(made, seats.players, seed=3))
    told = [event.model_copy(update={"volatile": {}}) for event in events]
    model = written(folder / "model.jsonl", made, told, seed=3, base_url="http://h/v1", prompts="abc")
    return kept(folder / "embedded.jsonl", made, seed=3), model


def cut_off(folder):
    made = bundle("fading-forecast")
    return kept(folder / "whole.jsonl", made, seed=3), kept(folder / "cut.jsonl", made, seed=3, cut=20)


def other_scenario(folder):
    return (
        kept(folder / "fading.jsonl", bundle("fading-forecast"), seed=3),
        kept(folder / "refund.jsonl", bundle("refund-copilot"), seed=3),
    )


PAIRS = {
    each.__name__: each
    for each in (
        same_run,
        one_seed_apart,
        one_changed_fact,
        a_model_against_embedded,
        cut_off,
        other_scenario,
    )
}


@pytest.mark.parametrize("name", PAIRS)
def test_golden_pairs_in_every_form(aipm, tmp_path, name, snapshot):
    one, other = PAIRS[name](tmp_path / "pairs")
    screen = aipm("compare", one.path, other.path, "--full")
    assert (screen.code, screen.err) == (0, "")
    assert screen.out == snapshot
    assert max(map(len, screen.out.splitlines())) <= 80
    first = aipm("compare", one.path, other.path)
    assert screen.out.startswith(first.out.rsplit("\n", 3)[0][:400])
    data = aipm("compare", one.path, other.path, "--json").json
    assert [run["run_id"] for run in data["runs"]] == [one.header.run_id, other.header.run_id]
    for form in ("md", "html", "csv"):
        assert aipm("compare", one.path, other.path, "-o", f"x.{form}").out == f"x.{form}\n"
    page = Words(Path("x.html").read_text("utf-8")).text
    text = Path("x.md").read_text("utf-8")
    for title in re.findall(r"(?m)^## (.+?)(?: \(|$)", text):
        assert title.replace("\\", "") in page
    rows = list(csv.DictReader(io.StringIO(Path("x.csv").read_text("utf-8-sig"))))
    assert [row["decision"] for row in rows] == [run["decision"] for run in data["runs"]]
    assert [row["run_id"] for row in rows] == [one.header.run_id, other.header.run_id]


def test_the_same_run_is_the_same(tmp_path):
    found = compare(same_run(tmp_path))
    assert differing(found) == []
    assert found.against["B"].parting is None
    assert found.against["B"].wording is None


def test_a_changed_fact_is_the_first_thing_that_differs(tmp_path):
    one, other = one_changed_fact(tmp_path)
    changes = changed_inputs(one, other)
    assert changes[0].what.startswith("scenario: evidence.")
    assert changes[0].what.endswith(".held_by")
    assert compare([one, other]).against["B"].parting is not None
    assert not compare([one, other]).same_scenario


def test_a_model_in_one_seat_is_named_and_its_first_move_is_the_parting(tmp_path):
    found = compare(a_model_against_embedded(tmp_path))
    against = found.against["B"]
    assert [(c.what, c.b) for c in against.changes] == [
        ("seat: pm", "openai:m"), ("endpoint", "http://h/v1"), ("prompts", "abc"),
    ]  # fmt: skip
    assert (against.parting.kind, against.parting.role) == ("proposal", "pm")
    assert against.parting.differs[0] == "package"
    assert found.chances[0].label == "B"
    assert found.chances[0].whose == "A"


def test_a_run_that_was_broken_off_parted_nowhere(tmp_path):
    found = compare(cut_off(tmp_path))
    assert found.against["B"].broken_off
    assert found.against["B"].parting is None
    assert "decision" in differing(found)


def test_other_scenarios_are_compared_in_what_they_share(tmp_path):
    found = compare(other_scenario(tmp_path))
    assert not found.same_table
    assert found.criteria == []
    assert found.against["B"].parting is None
    made = bundle("refund-copilot")
    fewer = changed_points(made)
    found = compare([kept(tmp_path / "a.jsonl", made), kept(tmp_path / "b.jsonl", fewer)])
    assert found.criteria == list(made.criteria)
    assert found.same_table
    assert not found.same_scenario


def changed_points(made):
    party = made.parties["legal"].model_copy(update={"walk_away": Decimal(41)})
    return made.model_copy(update={"parties": {**made.parties, "legal": party}})


# --- where they parted ------------------------------------------------------------------------


def scripted(folder, name, votes):
    """Legal votes as told, everybody else agrees to a package that no gate stops."""
    made = scenario(evidence=[], checkpoints={}, agreement={"accept_at_least": 3})
    seats = {
        "pm": Scripted(packages=[{"reach": "few", "review": "some"}]),
        "engineer": Scripted(positions=["no"]),
        "legal": Scripted(positions=[Position.model_validate(vote) for vote in votes]),
    }
    return kept(folder / f"{name}.jsonl", made, seats=seats)


NO, YES = {"vote": "no"}, {"vote": "yes"}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_one_vote_in_one_round_is_the_parting(tmp_path, number):
    a = scripted(tmp_path, "a", [NO] * 5)
    b = scripted(tmp_path, "b", [NO] * (number - 1) + [YES] + [NO] * 5)
    found = parting(a, b)
    assert (found.round, found.kind, found.role, found.differs) == (number, "position", "legal", ("vote",))
    if number < 5:
        assert [(t.role, t.was, t.now) for t in found.branches[1].then] == [("legal", "yes", "no")]
        assert found.branches[0].then == ()


def test_of_answers_given_at_the_same_time_the_weightiest_is_the_parting(tmp_path):
    made = scenario(evidence=[], checkpoints={}, agreement={"accept_at_least": 3})
    asks = [{"issue": "reach", "options": ["all"]}]

    def run(name, engineer, legal):
        seats = {"pm": Scripted(packages=[{"reach": "few", "review": "some"}])}
        seats |= {"engineer": Scripted(positions=[Position.model_validate(engineer)])}
        seats |= {"legal": Scripted(positions=[Position.model_validate(legal)])}
        return kept(tmp_path / f"{name}.jsonl", made, seats=seats)

    a = run("a", NO, NO)
    b = run("b", {"vote": "no", "asks": asks}, YES)
    assert (parting(a, b).role, parting(a, b).differs) == ("legal", ("vote",))
    c = run("c", {"vote": "no", "asks": asks}, NO)
    assert (parting(a, c).role, parting(a, c).differs) == ("engineer", ("asks",))


@settings(max_examples=80, deadline=None)
@given(scenarios(), st.integers(0, 1000), st.integers(0, 1000))
def test_the_parting_is_the_first_phase_in_which_two_runs_differ(made, one, other):
    """Held against a plain walk through both records."""
    runs = []
    for seed in (one, other):
        rng = random.Random(seed)
        events = tuple(negotiate(made, {role: Erratic(rng, False) for role in made.parties}, seed=seed))
        header = Header(scenario=made, scenario_sha256=made.digest, seed=seed)
        runs.append(Transcript(header, events))

    def moves(run):
        skipped = (Seated, Ruled, Decided, Stopped)
        return {slot(made, e): _told(e) for e in run.events if not isinstance(e, skipped)}

    a, b = map(moves, runs)
    first = min((key[:2] for key in {*a, *b} if a.get(key) != b.get(key)), default=None)
    found = first_difference(*runs)
    if first is None:
        assert found is None
    else:
        assert found is not None
        some = next(e for e in (found.branches[0].move, found.branches[1].move) if e is not None)
        assert slot(made, some)[:2] == first
        assert a.get(slot(made, some)) != b.get(slot(made, some))
        weighty = parting(*runs)
        assert (weighty.round, weighty.kind) >= (found.round, "") or weighty.differs[0] in (
            "asks",
            "question",
        )


def _told(event):
    data = event.model_dump(mode="json", exclude={"volatile", "withheld"})
    if data.get("move"):
        data["move"].pop("says", None)
        data["move"].pop("reason", None)
    return data


# --- the command ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "codes"),
    [("decision", (0, 0)), ("checkpoint", (0, 0)), ("criterion", (0, 0)), ("move", (0, 100))],
)
def test_fail_on_diff(aipm, tmp_path, level, codes):
    made = bundle("refund-copilot")
    a, same = (kept(tmp_path / f"{name}.jsonl", made, seed=3) for name in "ab")
    moved = kept(tmp_path / "c.jsonl", made, seed=4)
    assert differing(compare([a, moved])) == ["move"]
    got = [aipm("compare", a.path, run.path, "--fail-on-diff", level).code for run in (same, moved)]
    assert tuple(got) == codes


def test_fail_on_diff_of_a_decision(aipm, tmp_path):
    one, other = cut_off(tmp_path)
    for level in ("decision", "checkpoint", "criterion", "move"):
        assert aipm("compare", one.path, other.path, "--fail-on-diff", level).code == 100


MISTAKES = {
    ("one",): "takes two runs or more, and here is 1",
    (
        "one",
        "two",
        "--fail-on-diff",
        "verdict",
    ): "no such level; there is decision, checkpoint, criterion, move",
    ("one", "two", "-o", "x.pdf"): ".md, .html, .json, .csv, .parquet",
    ("one", "two", "-o", "nowhere/x.md"): "there is no folder nowhere",
    ("one", "three"): "no transcript 'three'",
    ("empty", "one"): "there is no transcript in this folder",
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_told(aipm, tmp_path, words):
    made = bundle("refund-copilot")
    for name in ("one", "two"):
        kept(tmp_path / "runs" / f"x-{name}.jsonl", made)
    (tmp_path / "empty").mkdir()
    result = aipm("compare", *words)
    assert (result.code, result.out) == (2, "")
    assert MISTAKES[words] in " ".join(result.err.split())


# --- many runs --------------------------------------------------------------------------------


def test_two_weighty_answers_and_the_weightier_is_the_parting(tmp_path):
    """Engineer, who speaks first, keeps a fact that it tabled in the other run; Legal's vote weighs more."""
    facts = [{"id": "survey", "says": "They want it.", "held_by": ["engineer"]}]
    made = scenario(evidence=facts, checkpoints={}, agreement={"accept_at_least": 3})

    def run(name, tables, vote):
        seats = {"pm": Scripted(packages=[{"reach": "few", "review": "some"}])}
        seats |= {"engineer": Scripted(positions=[Position(vote="no", tables=tables)] + ["no"] * 5)}
        seats |= {"legal": Scripted(positions=[vote, *["no"] * 5])}
        return kept(tmp_path / f"{name}.jsonl", made, seats=seats)

    found = parting(run("a", ("survey",), "no"), run("b", (), "yes"))
    assert (found.role, found.differs) == ("legal", ("vote",))


def test_a_slighter_difference_is_told_apart_from_the_parting(tmp_path):
    asks = {"vote": "no", "asks": [{"issue": "reach", "options": ["all"]}]}
    a = scripted(tmp_path, "a", [NO] * 5)
    b = scripted(tmp_path, "b", [asks, YES, *[NO] * 5])
    assert (parting(a, b).round, parting(a, b).differs[0]) == (2, "vote")
    assert (first_difference(a, b).round, first_difference(a, b).differs) == (1, ("asks",))
    against = compare([a, b]).against["B"]
    assert (against.sooner.round, against.parting.round) == (1, 2)


def test_levels_of_difference_are_told(tmp_path):
    assert differing(compare(a_model_against_embedded(tmp_path))) == [
        "decision",
        "checkpoint",
        "criterion",
        "move",
    ]


def test_a_run_without_its_last_line_is_broken_off(tmp_path):
    whole = kept(tmp_path / "whole.jsonl", bundle("refund-copilot"), seed=3)
    lines = whole.path.read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_text("".join(lines[:-1]), "utf-8")
    assert compare([whole, read(tmp_path / "cut.jsonl")]).against["B"].broken_off
    (tmp_path / "bare.jsonl").write_text("\ufeff" + "".join(lines)[:-1], "utf-8")
    assert compare([whole, read(tmp_path / "bare.jsonl")]).against["B"].parting is None
    assert read(tmp_path / "bare.jsonl").decision == whole.decision


def test_a_vote_changed_by_hand_is_not_believed(aipm, tmp_path):
    run = kept(tmp_path / "run.jsonl", bundle("refund-copilot"), seed=3)
    lines = run.path.read_text("utf-8").splitlines(keepends=True)
    at = max(k for k, line in enumerate(lines) if '"vote":"yes"' in line)
    lines[at] = lines[at].replace('"vote":"yes"', '"vote":"no"')
    run.path.write_text("".join(lines), "utf-8")
    result = aipm("show", run.path)
    assert result.code == 3
    assert "does not follow from the moves before it" in result.err


def test_folders_of_different_scenarios_are_counted_and_not_paired(aipm, tmp_path):
    for name in ("refund-copilot", "fading-forecast"):
        for seed in (1, 2):
            kept(tmp_path / name / f"{seed}.jsonl", bundle(name), seed=seed)
    data = aipm("compare", "refund-copilot", "fading-forecast", "--json").json
    assert data["paired"] == [
        {
            "group": "fading-forecast",
            "n": 0,
            "deals": None,
            "points": None,
            "gain": None,
            "egalitarian_gap": None,
            "nash_ratio": None,
            "rounds": None,
        }
    ]
    screen = aipm("compare", "refund-copilot", "fading-forecast", "--full").out
    assert "three nurses every Monday" in screen
    assert "No criterion is asked in all scenarios" in screen
    assert aipm("compare", "refund-copilot", "--fail-on-diff", "move").code == 2


def test_every_damaged_file_of_a_folder_is_named(aipm, tmp_path):
    made = bundle("refund-copilot")
    for seed in (1, 2, 3):
        kept(tmp_path / "a" / f"{seed}.jsonl", made, seed=seed)
    (tmp_path / "a" / "bad.jsonl").write_text("no\n", "utf-8")
    (tmp_path / "a" / "empty.jsonl").touch()
    (tmp_path / "a" / "folder.jsonl").mkdir()
    result = aipm("compare", "a")
    assert (result.code, result.out) == (3, "")
    assert "bad.jsonl:1" in result.err
    assert "empty.jsonl" in result.err
    (tmp_path / "a" / "bad.jsonl").unlink()
    (tmp_path / "a" / "empty.jsonl").unlink()
    assert aipm("compare", "a").code == 0


def test_what_was_broken_off_is_in_no_mean_and_no_run_is_counted_twice(aipm, tmp_path):
    made = bundle("fading-forecast")
    for seed in (1, 2, 3):
        kept(tmp_path / "a" / f"{seed}.jsonl", made, seed=seed)
    kept(tmp_path / "a" / "cut.jsonl", made, seed=4, cut=20)
    kept(tmp_path / "b" / "cut.jsonl", made, seed=1, cut=20)
    result = aipm("compare", "a", "a", "b", "--json")
    assert "4 named more than once are counted once" in result.err
    one, other = result.json["groups"]
    assert (one["n"], one["rounds"]["n"], one["least_gain"]["n"]) == (4, 3, 3)
    assert one["nash_ratio"]["n"] <= 3  # a deal that leaves somebody below the walk-away has none
    assert (other["n"], other["nash_ratio"]) == (1, None)
    assert result.json["paired"][0]["n"] == 0
    assert "(n 3)" in aipm("compare", "a", "b").out


@pytest.fixture
def folders(tmp_path):
    made = bundle("fading-forecast")
    for seed in range(8):
        kept(tmp_path / "first" / f"{seed}.jsonl", made, seed=seed)
    for seed in range(4, 10):
        kept(tmp_path / "second" / f"{seed}.jsonl", made, seed=seed)
    return tmp_path / "first", tmp_path / "second"


def test_many_runs_are_counted(aipm, folders):
    data = aipm("compare", *folders, "--json").json
    one, other = data["groups"]
    assert (one["n"], other["n"]) == (8, 6)
    for group in (one, other):
        assert sum(p["hits"] for p in group["decisions"].values()) == group["n"]
        for share in group["decisions"].values():
            assert share["low"] <= share["hits"] / share["n"] <= share["high"]
    (paired,) = data["paired"]
    assert paired["n"] == 4  # seeds 4 to 7 stand in both folders
    assert paired["deals"]["mean"] == paired["rounds"]["mean"] == 0
    assert data["tree"]["runs"] == 14
    screen = aipm("compare", *folders)
    assert "[" in screen.out
    assert "±" not in screen.out
    assert max(map(len, screen.out.splitlines())) <= 80
    assert aipm("compare", *folders, "-o", "x.html").code == 0
    assert aipm("compare", *folders, "-o", "x.csv").code == 0
    rows = list(csv.DictReader(io.StringIO(Path("x.csv").read_text("utf-8-sig"))))
    assert len(rows) == 14


def test_the_tree_holds_every_run_once(folders):
    runs = [read(path) for folder in folders for path in sorted(folder.glob("*.jsonl"))]
    found = sample((None, str(run.path), run) for run in runs)
    (group,) = found.groups
    assert (group.name, group.n) == ("embedded team", 14)

    def ended(node):
        return sum(node.endings.values()) + sum(ended(child) for child in node.children)

    def walk(node, depth):
        assert node.runs == sum(node.endings.values()) + sum(child.runs for child in node.children)
        for child in node.children:
            like = [case for case in found.cases if len(case.trail) > depth and case.run_id == child.exemplar]
            assert like
            assert like[0].trail[depth] == child.verdicts
            walk(child, depth + 1)

    assert ended(found.tree) == 14
    walk(found.tree, 0)
    depth, gate = found.split.round - 1, found.split.gate
    order = ("desire", "feasible", "viable", "people", "team").index(gate)
    there = [case.trail[depth][order] for case in found.cases if len(case.trail) > depth]
    assert found.split.counts == {verdict: there.count(verdict) for verdict in found.split.counts}
    assert sum(found.split.counts.values()) == len(there)


def test_what_splits_runs_most_is_what_tells_of_their_ending():
    """Desire in round 1 divides five runs as evenly as Feasible does, and Feasible alone tells the two endings apart."""
    made = [("not_shown", "pass", "go")] * 2 + [("pass", "not_shown", "no_go")] * 2 + [("pass", "pass", "go")]
    runs = [SimpleNamespace(trail=((d, f, "pass", "pass", "blocked"),), decision=e) for d, f, e in made]
    found = split(runs)
    assert (found.gate, found.round) == ("feasible", 1)
    assert found.endings == {"pass": {"go": 3}, "not_shown": {"no_go": 2}}
    alike = [SimpleNamespace(trail=each.trail, decision="go") for each in runs]
    assert (split(alike).gate, split(alike).told) == ("desire", 0)


def test_one_run_in_a_folder_has_no_interval(aipm, tmp_path):
    made = bundle("refund-copilot")
    kept(tmp_path / "a" / "1.jsonl", made, seed=1)
    kept(tmp_path / "b" / "1.jsonl", made, seed=1)
    screen = aipm("compare", tmp_path / "a", tmp_path / "b")
    assert "1 of 1" in screen.out
    assert "%]" not in screen.out.replace("95 %", "")
    assert "(n 1)" in screen.out


def test_runs_are_grouped_by_what_plays_when_no_folder_is_named(tmp_path):
    made = bundle("refund-copilot")
    runs = [kept(tmp_path / f"{seed}.jsonl", made, seed=seed) for seed in range(4)]
    mixed = {"legal": Scripted(positions=["no"])}
    runs += [kept(tmp_path / f"s{seed}.jsonl", made, seed=seed, seats=mixed) for seed in range(4)]
    found = sample((None, str(run.path), run) for run in runs)
    assert [(g.name, g.n) for g in found.groups] == [("embedded team", 4), ("embedded; legal scripted", 4)]
    assert found.paired[0].n == 4
    assert found.paired[0].deals.mean == -1
    assert found.paired[0].deals.spans_zero  # four of four are a chance in eight


def test_three_runs_stand_beside_each_other(aipm, tmp_path):
    made = bundle("refund-copilot")
    runs = [kept(tmp_path / f"{seed}.jsonl", made, seed=seed) for seed in (1, 2, 3)]
    screen = aipm("compare", *(run.path for run in runs), "--full")
    assert (screen.code, screen.err) == (0, "")
    assert re.findall(r"WHERE THEY PARTED +(A and .):", screen.out) == ["A and B", "A and C"]
    assert max(map(len, screen.out.splitlines())) <= 80
    assert set(aipm("compare", *(run.path for run in runs), "--json").json["against"]) == {"B", "C"}


FORMAT_1 = Path(__file__).parents[1] / "data" / "format-1.jsonl"


def test_a_transcript_of_the_first_format_keeps_opening(aipm):
    """Written on 24 November 2026 by version 0.1; it is never written again."""
    assert aipm("show", FORMAT_1, "--as", "facilitator").code == 0
    assert aipm("compare", FORMAT_1, FORMAT_1, "--json").json["differs"] == []
    assert aipm("export", FORMAT_1, "-o", "x.html").code == 0


# --- two versions of a scenario ----------------------------------------------------------------


@given(scenarios(), st.integers(0, 3))
@settings(max_examples=4, deadline=None)
def test_every_seed_of_two_versions_came_to_what_its_own_meetings_came_to(old, other):
    party = old.parties["pm"].model_copy(update={"walk_away": old.parties["pm"].walk_away + 20 * other})
    new = old.model_copy(update={"parties": {**old.parties, "pm": party}})
    found = versions(("old", old), ("new", new), range(3))
    for seed, came in found.came.items():
        one, two = (_signed(each, seed) for each in (old, new))
        assert came == {
            (True, True): "same" if one == two else "otherwise", (True, False): "lost", (False, True): "won",
            (False, False): "no_deal",
        }[one is not None, two is not None]  # fmt: skip
    assert [each.what for each in found.changes] == ["scenario: parties.pm.walk_away"] * bool(other)
    assert {each.origin for each in found.sample.cases} == {old.digest}


def test_a_deal_of_the_new_version_is_held_against_the_new_version():
    """The bound was raised: what keeps to it is sound there, though it would break the old one."""
    bound = {
        "id": "light",
        "asks": "Is it light?",
        "owner": "engineer",
        "rule": {"metric": "load", "at_most": 9},
    }
    facts = scenario().plain()["evidence"][:1]
    old = scenario(evidence=facts)
    new = scenario(evidence=facts, checkpoints={**old.plain()["checkpoints"], "feasible": [bound]})
    found = versions(("old", old), ("new", new), range(4))
    signed = [_signed(new, seed) for seed in range(4)]
    assert any(package and package["reach"] == "all" for package in signed)
    assert [group.unsound.share for group in found.sample.groups if group.unsound] == [0, 0]


def test_a_version_may_have_another_question_and_what_it_leaves_unsaid_is_told():
    old, plain = scenario(), scenario().plain()
    when = {
        "id": "when",
        "question": "When?",
        "options": [{"id": "now", "label": "now"}, {"id": "later", "label": "later"}],
    }
    parties = {
        role: {**party, "points": {**party["points"], "when": {"now": 0, "later": 0}}}
        for role, party in plain["parties"].items()
    }
    new = scenario(issues=[*plain["issues"], when], parties=parties, rounds=8)
    found = versions(("old", old), ("new", new), range(3))
    assert set(found.came.values()) <= {"otherwise", "no_deal", "won", "lost"}
    assert ("scenario: rounds", "5", "8") in [(each.what, each.a, each.b) for each in found.changes]


def _signed(made, seed):
    events = negotiate(made, {role: Embedded() for role in made.parties}, seed=seed)
    return next(event.package for event in events if isinstance(event, Decided))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("refund-copilot --set parties.legal.walk_away=70 --seeds 0:2", r"walk_away 55 70 "),
        ("refund-copilot --set rounds=3 --seeds 0:1", r"rounds 8 3 "),
        ("refund-copilot aisle-nine --seeds 0:1", "two cases, not two versions"),
        ("refund-copilot --set rounds=3 --seeds 2:2", "names no seed|write it 0:200"),
        ("refund-copilot", "here is 1|no run"),
        ("refund-copilot --seeds 0:2", "two scenario files"),
        ("refund-copilot --set rounds=3 --by seats", "leave out --by"),
    ],
)
def test_versions_on_the_command_line(words, said, aipm):
    done = aipm("compare", *words.split())
    assert re.search(said, " ".join((done.out + done.err).split()))


def test_a_comparison_names_what_was_set(tmp_path):
    made = bundle("refund-copilot")
    other, variation = changed(made, ["parties.legal.walk_away=70"])
    runs = [
        Transcript(
            new_header(each, 3, variation=how), negotiate(each, {r: Embedded() for r in each.parties}, seed=3)
        )
        for each, how in ((made, None), (other, variation))
    ]
    legend = first_screen(compare(runs))[1]
    assert "B is played with parties.legal.walk_away = 70" in legend.texts
