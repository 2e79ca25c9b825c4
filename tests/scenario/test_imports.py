"""Games of other testbeds: what they say is what the scenario holds, and what cannot be held is named."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import product
from math import prod

import pytest

import aipm_agents as aipm
from aipm_agents.analysis.space.prospects import prospects
from aipm_agents.analysis.space.standing import solved
from aipm_agents.errors import UsageError
from aipm_agents.scenario.imports import additive, genius, negmas, scorable
from aipm_agents.scenario.imports.game import made
from aipm_agents.scenario.imports.negmas_file import NegmasFile
from aipm_agents.scenario.imports.written import text
from aipm_agents.table.packages import outcome_space

INSTRUCTIONS = '''
"Ferry Co" wants a new quay. The parties are "Ferry Co", the "Harbour Office", "Fishers" and the "Rowing Club".

Issue A: "Where it stands"
There are three options:
A1 "outside": in open water.
A2 "between": beside the old one.
A3 "inside" the old one is replaced.
=================
- Issue B: "Hours". Two levels of noise.
    - B1: All day ==> most boats
	- B2: Only by day ==> fewer boats
Some prefer quiet.
=================
Issue C: The money for the nets (lost ones only). There are 4 options:
C1: "Ferry Co" pays $3.5 million to "Fishers".
C2: "half": it pays half.
C3: Small help. A one-time payment.
C4: Nothing
=================

The tide table hangs on the wall.
'''  # fmt: skip
CONFIG = """Harbour Office,office,p2,cooperative,gpt-4
Ferry Co,ferry,p1,greedy,gpt-4
# nobody
Fishers,fishers,player,cooperative,gpt-4
rowing club,rowers,player,untargeted_adv,gpt-4
"""
SCORES = {
    "office": "0, 30, 20\n40, 10\n0, 10, 30, 5\n\n45",
    "ferry": "40, 20, 0\n35, 0\n0, 5, 15, 25\n45 ",
    "fishers": "0, 10, 20\n0, 20\n60, 40, 20, 0\n25",
    "rowers": "0, 30, 50\n0, 50\n0, 0, 0, 0\n20",
}


@pytest.fixture
def quay(tmp_path):
    folder = tmp_path / "Quay 7"
    (folder / "scores_files").mkdir(parents=True)
    (folder / "config.txt").write_text(CONFIG)
    (folder / "global_instructions.txt").write_text(INSTRUCTIONS)
    (folder / "initial_deal.txt").write_text("A1,B1,C4")
    for name, scores in SCORES.items():
        (folder / "scores_files" / f"{name}.txt").write_text(scores)
    for incentive, name in (("cooperative", "office"), ("greedy", "ferry"), ("untargeted_adv", "rowers")):
        told = folder / "individual_instructions" / incentive / f"{name}.txt"
        told.parent.mkdir(parents=True, exist_ok=True)
        told.write_text(
            "Issue A (max score #A_MAX_NUM): A1 (#A1_NUM), A2(#A2_NUM). At least #THRESHOLD.  \n\n\n\nEnd"
        )
    return folder


def test_a_scorable_game_holds_what_its_files_say(quay):
    game = scorable.read(quay, "scorable")
    assert [(issue.name, list(issue.options.values())) for issue in game.issues] == [
        ("Where it stands", ["outside", "between", "inside"]),
        ("Hours", ["All day", "Only by day"]),
        (
            "The money for the nets",
            ["Ferry Co pays $3.5 million to Fishers", "half", "Small help", "Nothing"],
        ),
    ]
    found = made(game, quay)
    assert (found.id, list(found.parties)) == ("quay-7", ["office", "pm", "fishers", "rowers"])
    assert (found.agreement.accept_at_least, found.agreement.veto) == (3, ("office",))
    assert found.parties["office"].private == "Issue A (max score 30): A1 (0), A2(30). At least 45.\n\nEnd"
    assert (found.parties["pm"].temperament.concession, found.parties["office"].temperament.concession) == (
        "boulware",
        "linear",
    )
    assert found.parties["rowers"].title == "Rowing club"
    for part in (
        "in open water.",
        "B2 Only by day: fewer boats",
        "Some prefer quiet.",
        "The tide table hangs",
    ):
        assert part in found.background
    assert not found.criteria
    assert not found.facts


def test_who_accepts_what_is_counted_as_the_game_counts_it(quay):
    """By hand from the score files: at the threshold is enough, p1 and p2 are needed, and one other may be missing."""
    rows = {
        name: [[int(n) for n in line.split(",")] for line in scores.split("\n") if line.strip()]
        for name, scores in SCORES.items()
    }
    over = {
        deal: {
            name: sum(row[i] for row, i in zip(score, deal, strict=False)) - score[-1][0]
            for name, score in rows.items()
        }
        for deal in product(range(3), range(2), range(4))
    }
    yes = [{name for name, gain in gains.items() if gain >= 0} for gains in over.values()]
    enough = [who for who in yes if {"ferry", "office"} <= who and len(who) >= 3]
    scenario = made(scorable.read(quay, "scorable"), quay)
    found = prospects(scenario)
    assert (found.packages, found.quorum, found.unanimous) == (
        24,
        len(enough),
        sum(len(who) == 4 for who in enough),
    )
    assert found.acceptable == found.quorum > 0, "there are no criteria to pass"
    space, best = outcome_space(scenario), solved(scenario)["whole"]

    def gains(concept):
        package = space.package(best[concept])
        return over[tuple(int(option[1:]) - 1 for option in package.values())].values()

    gaining = [prod(each.values()) for each in over.values() if min(each.values()) > 0]
    assert prod(gains("nash")) == max(gaining)
    assert min(gains("egalitarian")) == max(min(each.values()) for each in over.values())
    assert sum(gains("max_welfare")) == max(sum(each.values()) for each in over.values())


def test_what_is_lost_is_named_and_stands_in_the_file_too(quay, tmp_path):
    game = scorable.read(quay, "scorable")
    lost = {note.what for note in game.lost}
    assert "10 more points for p1 where all agree" in lost
    assert game.opening == {"a": "a1", "b": "b1", "c": "c4"}
    assert any("spoil" in what for what in lost)
    assert any(what.startswith("Fishers: cooperative/") for what in lost), "its briefing is not there"
    path = tmp_path / "q.yaml"
    path.write_text(text(game, "Quay"))
    assert aipm.load(str(path)) == made(game, quay)
    assert all(f"#   {note.what}" in path.read_text() for note in (*game.mapped, *game.lost))


def test_textarena_says_what_its_rules_were_and_a_table_without_p1_gets_a_pm(quay):
    (quay / "config.txt").write_text(CONFIG.replace(",p1,", ",player,").replace(",p2,", ",player,"))
    game = scorable.read(quay, "textarena")
    assert [player.role for player in game.players] == ["pm", "ferry", "fishers", "rowers"]
    assert game.veto == ()
    assert {"each party in turn proposes or votes", "the least accepted is paid where there is no deal"} <= {
        n.what for n in game.lost
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("config.txt", ",p2,", ",p1,", "2 parties are p1"),
        ("config.txt", "gpt-4\n#", "gpt-4,x\n#", "config.txt, line 2: a party is"),
        ("scores_files/ferry.txt", "35, 0", "35", "line 2: 1 scores for the 2 options of issue B"),
        ("scores_files/ferry.txt", "35, 0", "35, x", "line 2: '35, x' is no line of scores"),
        ("scores_files/ferry.txt", "45", "", "3 lines; 3 issues and the least accepted make 4"),
        ("global_instructions.txt", "Issue ", "Point ", "no issue; each begins"),
        ("global_instructions.txt", "- B", "- X", "issue B has no options"),
    ],
)
def test_a_game_that_does_not_fit_is_told_by_file_and_line(quay, file, old, new, told):
    path = quay / file
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UsageError, match=told.replace("(", r"\(")):
        scorable.read(quay, "scorable")


def test_what_all_are_told_is_kept_where_options_mean_nothing_more_and_what_is_cut_is_said(quay):
    path = quay / "global_instructions.txt"
    bare = 'Two sit here.\nIssue A: "Where"\nQuiet matters.\nA1 "in"\nA2 "out"\nA3 "by"\n=====\nThe tide table hangs.'
    scores = {seat.file: "1, 2, 3\n2" for seat in scorable._seats(quay / "config.txt")}
    for name, text_ in scores.items():
        (quay / "scores_files" / f"{name}.txt").write_text(text_)
    path.write_text(bare)
    game = scorable.read(quay, "scorable")
    assert game.background.splitlines()[-1] == "The tide table hangs."
    assert "Quiet matters." in game.background
    assert "A1 in" in game.background
    assert not any(note.what == "global_instructions.txt" for note in game.lost)
    path.write_text(bare.replace('A1 "in"', 'A1 "in": at the wall') + " And so on." * 500)
    told = scorable.read(quay, "scorable")
    assert "Issue A: Where" in told.background
    assert [note.became for note in told.lost if note.what == path.name] == [
        "what options mean is left out; cut to 4,000 letters"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Ferry Co,ferry,p1,../../..,gpt-4", "Ferry Co,../../outside,p1,greedy,gpt-4", "Ferry Co,FOLDER/outside,p1,greedy,gpt-4",
        "Ferry Co,link,p1,greedy,gpt-4",
    ],
)  # fmt: skip
def test_a_game_takes_nothing_from_outside_of_its_folder(quay, line):
    (quay.parent / "outside.txt").write_text("What is nobody's business.")
    (quay.parent / "ferry.txt").write_text("What is nobody's business.")
    (quay / "scores_files" / "link.txt").symlink_to(quay.parent / "outside.txt")
    config = CONFIG.replace("Ferry Co,ferry,p1,greedy,gpt-4", line.replace("FOLDER", str(quay.parent)))
    (quay / "config.txt").write_text(config)
    with pytest.raises(UsageError, match="lies outside of its folder"):
        scorable.read(quay, "scorable")


def test_where_nothing_is_asked_the_pm_does_not_say_it_asks_four_things(quay):
    """An imported game is played as any scenario; only the agreement can stop a deal."""
    run = aipm.run(made(scorable.read(quay, "scorable"), quay), seed=1)
    opening = next(event.move.says for event in run.events if event.kind == "framing")
    assert run.decision in ("go", "no_agreement")
    assert "four" not in opening.lower()
    assert "One thing" in opening or "one thing" in opening


# --- GENIUS -----------------------------------------------------------------------------------

DOMAIN = """<!-- a comment first -->
<?xml version="1.0"?>
<negotiation_template>
<agent name="seller" utility_space="s.xml"/><agent name="buyer" utility_space="b.xml"/>
<utility_space><objective index="0" name="Bicycle">
<issue index="1" name="Frame" type="discrete"><item value="steel" description="heavy"/><item value="alu" cost="5"/></issue>
<issue index="2" name="Gears" type="integer" lowerbound="3" upperbound="5"/>
<issue index="3" name="Price" type="real"><range lowerbound="100" upperbound="300"/></issue>
</objective></utility_space></negotiation_template>"""


def profile(steel, alu, gears, price, weights, more=""):
    return f"""<utility_space><objective index="0" name="Bicycle">
<issue index="1" name="Frame" type="discrete"><item value="steel" evaluation="{steel}"/><item value="alu" evaluation="{alu}"/></issue>
<issue index="2" name="Gears" type="integer" lowerbound="3" upperbound="5"><evaluator ftype="linear" {gears}/></issue>
<issue index="3" name="Price" type="real"><range lowerbound="100" upperbound="300"/><evaluator ftype="linear" {price}/></issue>
{"".join(f'<weight index="{i}" value="{w}"/>' for i, w in enumerate(weights, 1))}</objective>{more}</utility_space>"""


@pytest.fixture
def bicycle(tmp_path):
    (tmp_path / "bike_domain.xml").write_text(DOMAIN)
    (tmp_path / "s.xml").write_text(
        profile(
            3,
            1,
            'slope="0.5" offset="0"',
            'parameter1="0.005" parameter0="-0.5"',
            (1, 1, 2),
            '<reservation value="0.3"/><discount_factor value="0.9"/>',
        )
    )
    (tmp_path / "b.xml").write_text(
        profile(2, 4, 'slope="-0.5" offset="1"', 'parameter1="-0.005" parameter0="1.5"', (0.25, 0.25, 0.5))
    )
    return tmp_path


def test_a_genius_domain_is_worth_to_its_parties_what_genius_reckons(bicycle):
    game = genius.read(bicycle, (), 3)
    found = made(game, bicycle)
    assert [issue.name for issue in game.issues] == ["Frame", "Gears", "Price"]
    assert list(game.issues[2].options.values()) == ["100", "200", "300"]
    assert list(found.parties) == ["pm", "buyer"]
    assert found.agreement.accept_at_least == 2
    seller, buyer = found.parties["pm"], found.parties["buyer"]
    assert seller.points["frame"] == {"steel": 25, "alu": Decimal("8.333333")}, (
        "an evaluation by the largest of its issue"
    )
    assert seller.points["gears"] == {"v3": 0, "v4": Decimal("12.5"), "v5": 25}, "weights made to add up to 1"
    assert seller.points["price"] == {"v100": 0, "v200": 25, "v300": 50}
    assert buyer.points["frame"] == {"steel": Decimal("12.5"), "alu": 25}
    assert buyer.points["price"] == {"v100": 50, "v200": 25, "v300": 0}
    assert (seller.walk_away, buyer.walk_away) == (30, 0)
    left = float(seller.discount) ** (found.rounds - 1)
    assert left == pytest.approx(0.9, abs=1e-5), "a deal in the last round has the discount of the deadline"
    assert buyer.discount == 1
    assert any("cost" in note.what for note in game.lost)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "b.xml",
            "</objective>",
            '<rules><constraint type="zeroConstraint"/></rules></objective>',
            "zeroConstraint",
        ),
        (
            "b.xml",
            'ftype="linear" slope',
            'ftype="triangular" slope',
            "evaluates 'Gears' by the function triangular",
        ),
        ("b.xml", 'value="0.25"', 'value="lots"', "'lots' is no number"),
        ("b.xml", '<weight index="3" value="0.5"/>', "", "gives the issue 'Price' no weight"),
        ("b.xml", '<item value="alu" evaluation="4"/>', "", "does not evaluate 'alu' of 'Frame'"),
        ("b.xml", "</objective>", "", "b.xml: is no XML"),
        ("bike_domain.xml", 'upperbound="5"', 'upperbound="2"', "from 3 to 2, and nothing lies between"),
        (
            "bike_domain.xml",
            '<item value="steel" description="heavy"/><item value="alu" cost="5"/>',
            "",
            "values are not listed",
        ),
        ("b.xml", "<utility_space>", "<!DOCTYPE x><utility_space>", "declares a document type"),
    ],
)
def test_what_of_genius_cannot_be_held_is_refused_by_name(bicycle, file, old, new, told):
    path = bicycle / file
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UsageError, match=told):
        genius.read(bicycle / "bike_domain.xml", (), 3)


def test_what_xml_is_said_to_be_written_in_and_where_it_lies(bicycle):
    said = '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
    for name in ("bike_domain.xml", "s.xml", "b.xml"):
        text_ = (bicycle / name).read_text().replace('"alu"', '"thé"').replace('"steel"', '"thè"')
        text_ = text_.replace('<?xml version="1.0"?>', "")
        (bicycle / name).write_bytes((said + text_).encode("latin-1"))
    assert list(genius.read(bicycle, (), 3).issues[0].options.values()) == ["thè", "thé"]
    (bicycle / "s.xml").write_bytes((bicycle / "s.xml").read_bytes().replace(b"ISO-8859-1", b"UTF-8"))
    with pytest.raises(UsageError, match="is not the UTF-8 it is said to be"):
        genius.read(bicycle / "bike_domain.xml", (), 3)
    (bicycle / "s.xml").write_bytes((bicycle / "s.xml").read_bytes().split(b"\n", 1)[1])
    with pytest.raises(UsageError, match="does not say what else it is"):
        genius.read(bicycle / "bike_domain.xml", (), 3)
    (bicycle / "s.xml").write_bytes((bicycle / "s.xml").read_bytes().decode("latin-1").encode("utf-16"))
    assert list(genius.read(bicycle, (), 3).issues[0].options.values()) == ["thè", "thé"]
    (bicycle / "bike_domain.xml").write_text(DOMAIN.replace("s.xml", "../s.xml"))
    with pytest.raises(UsageError, match="lies outside of its folder"):
        genius.read(bicycle / "bike_domain.xml", (), 3)


@pytest.mark.parametrize(("low", "high"), [(0, 3_000_000), (-(10**12), 10**12)])
def test_whole_numbers_that_are_too_many_are_refused_before_they_are_listed(bicycle, trade, low, high):
    (bicycle / "bike_domain.xml").write_text(
        DOMAIN.replace('lowerbound="3" upperbound="5"', f'lowerbound="{low}" upperbound="{high}"')
    )
    with pytest.raises(UsageError, match=f"make {high - low + 1:,} packages"):
        genius.read(bicycle / "bike_domain.xml", (), 3)
    with pytest.raises(UsageError, match="packages"):
        negmas._scale(NegmasFile(trade, {}), {"name": "n", "type": "ContiguousIssue", "values": [low, high]})


def test_an_option_is_not_named_by_another_number_than_its_own():
    (issue,) = additive._issues([additive.GameScale("Price", ("-5", "5", "-0.5", "high", "-high"))])
    assert issue.options == {
        "minus-5": "-5",
        "v5": "5",
        "minus-0-5": "-0.5",
        "high": "high",
        "high-2": "-high",
    }


def test_a_continuous_issue_and_too_many_profiles_ask_what_is_meant(bicycle):
    with pytest.raises(UsageError, match=r"'Price' is continuous, from 100 to 300.*--levels 11"):
        genius.read(bicycle, (), None)
    (bicycle / "bike_domain.xml").write_text(DOMAIN.replace("s.xml", "gone.xml"))
    assert len(genius.read(bicycle, (), 3).players) == 2, "two lie beside it"
    (bicycle / "b2.xml").write_text((bicycle / "b.xml").read_text())
    with pytest.raises(UsageError, match=r"3 profiles lie beside it \(b.xml, b2.xml, s.xml\)"):
        genius.read(bicycle, (), 3)
    chosen = genius.read(bicycle, (bicycle / "b2.xml", bicycle / "s.xml"), 3)
    assert [player.title for player in chosen.players] == ["B2", "S"]


# --- NegMAS -----------------------------------------------------------------------------------

SPACE = """
name: trade
type: negmas.outcomes.DiscreteCartesianOutcomeSpace
issues:
- {name: colour, type: CategoricalIssue, values: [red, blue]}
- {name: pieces, type: ContiguousIssue, values: [0, 2]}
"""
SELLER = """
type: LinearAdditiveUtilityFunction
name: seller
reserved_value: 0.25
weights: [0.4, 0.6]
values:
- {type: TableFun, mapping: {red: 1.0, blue: 0.5}}
- {type: TableFun, mapping: {0: 0.0, 1: 0.5, 2: 1.0}}
"""
BUYER = {
    "type": "ExpDiscountedUFun", "discount": 0.8, "reserved_value": float("-inf"),
    "ufun": {"type": "LinearAdditiveUtilityFunction", "weights": {"colour": 1, "pieces": 2}, "bias": -1,
             "values": [{"type": "TableFun", "mapping": {"red": 0, "blue": 1}}, {"type": "AffineFun", "slope": -1, "bias": 2}]},
}  # fmt: skip


@pytest.fixture
def trade(tmp_path):
    (tmp_path / "trade.yml").write_text(SPACE)
    (tmp_path / "a_seller.yml").write_text(SELLER)
    (tmp_path / "buyer.json").write_text(json.dumps(BUYER))
    (tmp_path / "_info.yaml").write_text("format: yml\n")
    return tmp_path


def test_a_scenario_of_negmas_is_worth_what_its_functions_give(trade):
    game = negmas.read(trade / "trade.yml", (), None)
    found = made(game, trade)
    assert list(found.parties) == ["pm", "buyer"]
    assert found.parties["pm"].points == {
        "colour": {"red": 40, "blue": 20},
        "pieces": {"v0": 0, "v1": 30, "v2": 60},
    }
    assert found.parties["pm"].walk_away == 25
    assert found.parties["buyer"].points == {
        "colour": {"red": 0, "blue": 20},
        "pieces": {"v0": 80, "v1": 40, "v2": 0},
    }
    assert any("scaled" in note.became for note in game.mapped)
    assert found.parties["buyer"].discount == Decimal("0.8"), "by steps, where nothing else is said"
    assert any("no reserved value" in note.what for note in game.lost)
    (trade / "notes.json").write_text("[1, 2")
    assert len(negmas.read(trade / "trade.yml", (), None).players) == 2, "what is none of theirs is none"
    with pytest.raises(UsageError, match="--levels 11: no issue of"):
        negmas.read(trade / "trade.yml", (), 11)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "a_seller.yml",
            "type: LinearAdditive",
            "type: NonLinearAggregation",
            "a NonLinearAggregationUtilityFunction, which is a sum neither",
        ),
        ("a_seller.yml", "blue: 0.5", "green: 0.5", "does not evaluate 'blue' of 'colour'"),
        (
            "a_seller.yml",
            "type: TableFun, mapping: {red",
            "type: CosFun, mapping: {red",
            "by the function CosFun",
        ),
        ("a_seller.yml", "[0.4, 0.6]", "[0.4]", "has weights or values for other issues"),
        ("trade.yml", "ContiguousIssue", "ContinuousIssue", "--levels 11"),
        ("trade.yml", "OutcomeSpace", "Agenda", "is no outcome space"),
        ("trade.yml", "values: [red, blue]", "values: red", "an issue needs a name and values"),
    ],
)
def test_what_of_negmas_cannot_be_held_is_refused_by_name(trade, file, old, new, told):
    path = trade / file
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UsageError, match=told):
        negmas.read(trade / "trade.yml", (), None)
