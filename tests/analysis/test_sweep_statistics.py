"""The statistics of sweeps: held against SciPy, and against what they claim, by simulation."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import scenario
from pagetext import Words
from scipy import stats
from sweeping import rows, small

from aipm_agents.analysis.sample import statistics
from aipm_agents.analysis.sample.statistics import (
    Mean,
    bootstrap,
    chi2_tail,
    friedman,
    holm,
    mean,
    proportion,
    wilson,
)
from aipm_agents.report.sample.differences import _difference

# --- against SciPy ----------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 3000), st.floats(0, 1))
def test_wilson_is_scipys(n, share):
    hits = round(n * share)
    theirs = stats.binomtest(hits, n).proportion_ci(method="wilson")
    ours = wilson(hits, n)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 300), st.integers(1, 40))
def test_the_tail_of_chi_squared_is_scipys(x, df):
    assert chi2_tail(x, df) == pytest.approx(stats.chi2.sf(x, df), rel=1e-9, abs=1e-12)


blocks = st.integers(3, 6).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 4), min_size=k, max_size=k), min_size=2, max_size=60)
)


@settings(max_examples=200, deadline=None)
@given(blocks)
def test_friedmans_test_is_scipys_ties_and_all(data):
    ours = friedman(data)
    if all(len(set(block)) == 1 for block in data):
        assert ours.p == 1
        return
    assert ours.p == pytest.approx(stats.friedmanchisquare(*np.array(data).T).pvalue, rel=1e-6, abs=1e-12)
    assert ours.means == pytest.approx(np.array(data).mean(axis=0))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_with_two_treatments_it_is_mcnemars(data):
    b, c = (sum(one and not other for one, other in pairs) for pairs in (data, [pair[::-1] for pair in data]))
    expected = stats.chi2.sf((b - c) ** 2 / (b + c), 1) if b + c else 1.0
    assert friedman(data).p == pytest.approx(expected)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_the_step_down_it_is_said_to_be(chances):
    """At every level: hypotheses fall in order of p as long as p * (how many still stand) is below it."""
    adjusted = holm(chances)
    for level in (0.01, 0.05, 0.3):
        fallen = set()
        for k in sorted(range(len(chances)), key=lambda k: chances[k]):
            if chances[k] * (len(chances) - len(fallen)) >= level:
                break
            fallen.add(k)
        assert {k for k, p in enumerate(adjusted) if p < level} == fallen


@pytest.mark.parametrize("values", [[1.0, 2.0, 4.0], [0.0, 0.0, 1.0, 5.0], [3.0, 3.0, 3.0, -1.0, 0.5]])
def test_the_bootstrap_draws_as_if_one_by_one(values):
    """Held against every resample there is, each as likely as any other."""
    every = [sum(drawn) / len(values) for drawn in product(values, repeat=len(values))]
    tail = statistics.expanded(len(values))
    low, high = np.quantile(every, [tail, 1 - tail])
    found = bootstrap(values)
    step = (max(values) - min(values)) / len(values)
    assert abs(found.low - low) <= step / 2 + 1e-9
    assert abs(found.high - high) <= step / 2 + 1e-9


def test_the_bootstrap_is_scipys_and_the_same_each_time():
    rng = np.random.default_rng(5)
    values = rng.normal(3, 2, 80)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1),
        confidence_level=1 - 2 * statistics.expanded(80),
    ).confidence_interval  # fmt: skip
    ours = bootstrap(list(values))
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.03)
    assert bootstrap(list(values)) == ours
    assert bootstrap(list(values), seed=1) != ours


# --- one draw, several runs -------------------------------------------------------------------


def crossed(rng, seeds, levels, *, same):
    """A sweep of factors that do nothing: each run is its seed's own (`same`), or goes its own way besides."""
    own = rng.normal(size=seeds)
    noise = 0 if same else rng.normal(size=(seeds, levels))
    return own[:, None] + noise + np.zeros((seeds, levels))


def test_runs_of_one_seed_are_averaged_and_add_no_seeds():
    """Twelve seeds crossed with four settings that do nothing tell what twelve seeds tell, and no more."""
    data = crossed(np.random.default_rng(3), 12, 4, same=True)
    runs = [(("s", seed), value) for seed, row in enumerate(data) for value in row]
    assert mean(runs) == bootstrap(data[:, 0])
    hits = [(draw, value > 0) for draw, value in runs]
    alone = wilson(sum(data[:, 0] > 0), 12)
    found = proportion(hits)
    assert (found.hits, found.n, found.draws) == (4 * alone.hits, 48, 12)
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=0.02)
    assert proportion([(("s", k), True) for k in range(12) for _ in range(4)])[2:] == (
        wilson(12, 12).low,
        1.0,
        12,
    )
    assert proportion([(("s", k), k < 5) for k in range(12)]) == wilson(5, 12)


def test_scenarios_weigh_the_same_and_are_resampled_apart():
    """Held against every resample of each scenario, each as likely as any other."""
    one, other = [1.0, 2.0, 4.0], [10.0, 10.0, 13.0, 11.0]
    runs = [(("a", k), v) for k, v in enumerate(one)] + [(("b", k), v) for k, v in enumerate(other)]
    every = [(sum(x) / 3 + sum(y) / 4) / 2 for x in product(one, repeat=3) for y in product(other, repeat=4)]
    found = mean(runs)
    assert found.mean == pytest.approx((sum(one) / 3 + sum(other) / 4) / 2)
    tail = statistics.expanded(7, 2)
    assert (found.low, found.high) == pytest.approx(np.quantile(every, [tail, 1 - tail]), abs=0.15)
    lone = mean(
        [*runs, (("c", 0), 0.0)]
    )  # nobody knows its spread: all are one sample then, and the interval wide
    assert lone == bootstrap([*one, *other, 0.0])


def test_students_percentile_is_scipys():
    for free in range(1, 400):
        off = abs(statistics.student(free) / stats.t.ppf(0.975, free) - 1)
        assert off < (0.008 if free < 10 else 1e-4), free
    t = stats.t.ppf(0.975, 39)
    assert statistics.expanded(40) == pytest.approx(stats.norm.sf(np.sqrt(40 / 39) * t), rel=1e-3)


def test_what_never_varies_has_no_interval():
    assert bootstrap([81.6] * 30)[2:] == (None, None)
    assert not bootstrap([-1.0] * 6).spans_zero
    assert bootstrap([-1.0] * 5).spans_zero
    assert bootstrap([0.0] * 50).spans_zero


def covered(times, seeds=100, levels=4):
    """Of crossed sweeps in which nothing does anything, how many intervals hold the truth: a mean, a share, the
    difference between two settings of one factor; and the same of the mean where every run counts as a seed."""
    rng, hits = np.random.default_rng(11), np.zeros(4)
    for _ in range(times):
        data = crossed(rng, seeds, levels, same=False)
        runs = [(("s", seed), value) for seed, row in enumerate(data) for value in row]
        gaps = [
            (("s", seed), row[k + 1] - row[k]) for seed, row in enumerate(data) for k in range(0, levels, 2)
        ]
        found = mean(runs), proportion((draw, value > 0) for draw, value in runs), mean(gaps)
        truths = 0.0, 0.5, 0.0
        hits[:3] += [one.low <= truth <= one.high for one, truth in zip(found, truths, strict=True)]
        naive = bootstrap(data.ravel())
        hits[3] += naive.low <= 0 <= naive.high
    return hits / times


@pytest.mark.parametrize("seeds", [40])
def test_intervals_of_crossed_sweeps_cover_what_they_claim(monkeypatch, seeds):
    """To three standard errors of so many sweeps; `PYTHONPATH=tests python tests/analysis/test_sweep_statistics.py 20000` does it at length."""
    monkeypatch.setattr(statistics, "RESAMPLES", 1000)
    of_mean, of_share, of_gap, naive = covered(300, seeds)
    for share in (of_mean, of_share, of_gap):
        assert share == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 300))
    assert naive < 0.85  # what they would be, were every run a seed


# --- against what they claim ------------------------------------------------------------------


def test_wilsons_interval_covers_what_it_claims():
    """Exactly: the chance of every count, for shares from one in fifty up."""
    for n in (30, 200):
        covered = []
        intervals = [wilson(hits, n) for hits in range(n + 1)]
        for share in np.linspace(0.02, 0.98, 97):
            chances = stats.binom.pmf(range(n + 1), n, share)
            covered.append(
                sum(p for p, i in zip(chances, intervals, strict=True) if i.low <= share <= i.high)
            )
        assert np.mean(covered) == pytest.approx(0.95, abs=0.01)
        assert min(covered) > 0.9 if n == 200 else min(covered) > 0.85


def coverage(n, times=1000):
    """How often the interval of n paired differences of a deal (worse, same, better) holds the truth."""
    rng = random.Random(n)
    truth = 0.245 - 0.053
    hits = 0
    for _ in range(times):
        drawn = [*rng.choices((-1.0, 0.0, 1.0), (0.053, 0.702, 0.245), k=n)]
        found = bootstrap(drawn)
        hits += found.low is not None and found.low <= truth <= found.high
    return hits / times


def test_intervals_of_paired_differences_cover_what_they_claim_and_of_few_seeds_do_not():
    assert coverage(200) == pytest.approx(0.95, abs=0.02)
    assert coverage(30) == pytest.approx(0.945, abs=0.03)
    assert coverage(6) < 0.9  # why a sweep of few seeds is told to run more


def test_of_factors_that_move_nothing_one_table_in_twenty_says_otherwise():
    """Thirty-five true nothings a table, many ties among them, corrected for their number."""
    rng = np.random.default_rng(8)
    wrong = 0
    for _ in range(400):
        chances = [friedman(rng.poisson(1.5, (60, 3))).p for _ in range(35)]
        wrong += min(holm(chances)) < 0.05
    assert wrong / 400 < 0.08


# --- what is told of a sweep ------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("swept")
    small(home / "small.yaml")
    vary = ("--vary", "parties.*.walk_away=20,55", "--vary", "without=none,alignment,desire")
    words = [sys.executable, "-m", "aipm_agents", "sweep", "small.yaml", "--seeds", "0:10", *vary, "-o", "x"]
    subprocess.run(words, cwd=home, capture_output=True, check=True, timeout=100)
    return home / "x"


@pytest.fixture
def swept(folder):
    return rows(folder)


def held(row, column):
    """An unsound deal is worth no more than none."""
    return 0.0 if column == "nash_ratio" and row["sound"] is False else row[column]


def test_groups_stand_in_the_order_of_the_sweep_and_pairs_differ_in_nothing_else(folder, swept, aipm):
    data = aipm("compare", folder, "--by", "parties.*.walk_away", "--json").json
    assert [group["name"] for group in data["groups"]] == ["20", "55"]
    assert data["varied"] == {"parties.*.walk_away": ["20", "55"], "without": ["none", "alignment", "desire"]}
    (pair,) = data["paired"]
    key = "factor.parties.*.walk_away"
    of = {
        value: {(r["seed"], r["factor.without"]): r for r in swept if r[key] == value}
        for value in ("20", "55")
    }
    assert len(of["20"]) == 30
    assert pair["n"] == 10
    for name, column in (("rounds", "round"), ("points", "mean_points"), ("nash_ratio", "nash_ratio")):
        by_hand = [held(of["55"][block], column) - held(of["20"][block], column) for block in of["20"]]
        assert pair[name]["mean"] == pytest.approx(sum(by_hand) / 30, abs=1e-4)
        gaps = [(("s", seed), gap) for (seed, _), gap in zip(of["20"], by_hand, strict=True)]
        assert pair[name] == pytest.approx(mean(gaps)._asdict(), abs=1e-3)
    rises = [
        of["55"][block]["mean_gain"] - of["20"][block]["mean_gain"] for block in of["20"]
    ]  # a raised walk-away gives nobody more
    assert pair["gain"]["mean"] == pytest.approx(sum(rises) / 30, abs=1e-4)
    assert max(rises) <= 0
    both = aipm("compare", folder, "--by", "without", "--by", "parties.*.walk_away", "--json").json
    assert [group["n"] for group in both["groups"]] == [10] * 6
    assert both["groups"][0]["name"] == "without=none, walk_away=20"


def test_what_moves_what_is_tested_over_blocks_in_which_all_else_is_alike(folder, swept, aipm):
    data = aipm("compare", folder, "--by", "without", "--json").json
    effects = {(each["factor"], each["on"]): each for each in data["effects"]}
    assert len(effects) == 12
    assert {each["moved"]["n"] for each in data["effects"]} == {10}
    deals = {
        value: [float(r["package"] != "") for r in swept if r["factor.without"] == value]
        for value in ("none", "alignment", "desire")
    }
    assert effects["without", "deal"]["moved"]["means"] == pytest.approx(
        [sum(d) / 20 for d in deals.values()]
    )
    assert effects["without", "desire"]["moved"]["means"][2] == 0  # switched off, it is never shut
    for each in data["effects"]:
        assert each["p"] >= each["moved"]["p"]


def test_a_screen_warns_and_never_says_better(folder, swept, aipm):
    screen = aipm("compare", folder, "--by", "without")
    assert (screen.code, screen.err) == (0, "")
    text = " ".join(screen.out.split())
    assert "Ablation: in some of these runs a checkpoint was switched off (alignment, desire)" in text
    assert "Also varied, and mixed in each group: parties.*.walk_away" in text
    assert "20 runs, 10 seeds" in text
    assert "60 runs of 10 different seeds" in text
    assert "With 10 seeds an interval comes out too narrow" in text
    assert "after Holm's correction for all 12" in text
    assert max(map(len, screen.out.splitlines())) <= 80
    for output in ("x.html", "x.md"):
        assert aipm("compare", folder, "--by", "without", "-o", output).code == 0
    page, document = (Path(name).read_text("utf-8") for name in ("x.html", "x.md"))
    assert "deals the case as written would stop" in document
    told = Words(page).text
    for word in ("better", "worse", "significant"):
        assert word not in text.lower()
        assert word not in told.lower()
    assert page.count('class="chart dots"') == 10
    assert 'class="dot hollow"' in page
    assert "Group by one with --by" in " ".join(aipm("compare", folder).out.split())


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (-0.2, 0.1, "-0.1 [-0.2, 0.1]"), (-0.2, -0.04, "-0.12 [-0.20, -0.04]"), (-0.2, 0.0, "-0.1 [-0.2, 0.0]"),
        (0.001, 0.199, "+0.100 [0.001, 0.199]"), (-0.04, 0.03, "+0.0 [0.0, 0.0]"),
    ],
)  # fmt: skip
def test_an_interval_that_misses_nought_is_never_printed_as_if_it_ended_there(low, high, told):
    assert _difference(Mean((low + high) / 2, 50, low, high), 1) == told


def test_deals_are_held_against_the_scenario_as_it_was_written(aipm, tmp_path):
    """With a fact on the table that nobody may wait for, and the people's half of Alignment off."""
    small(tmp_path / "small.yaml")
    assert (
        aipm("sweep", "small.yaml", "--seeds", "0:6", "--vary", "without=people", "-j", 1, "-o", "x").code
        == 0
    )
    (group,) = aipm("compare", "x", "--by", "without", "--json").json["groups"]
    stopped = [each["package"] for each in rows("x") if "review=none" in each["package"]]
    assert stopped  # the test that it errs undermines what only a reader answers
    assert (group["unsound"]["hits"], group["unsound"]["n"]) == (len(stopped), 6)


def test_equal_settings_are_one(aipm, tmp_path):
    small(tmp_path / "small.yaml")
    for values, told in (
        ("pm+legal,legal+pm", "stands twice"),
        (f"as-written,{scenario().rounds}", "set the same"),
    ):
        key = "agreement.veto" if "pm" in values else "rounds"
        words = ("sweep", "small.yaml", "--seeds", "0:2", "--vary", f"{key}={values}", "-o", "x")
        done = aipm(*words)
        assert (done.code, Path("x").exists()) == (2, False)
        assert told in done.err


def test_a_folder_that_mixes_what_made_it_says_so(folder, swept, aipm, tmp_path):
    assert {(each["aipm"] != "", each["prompts"], each["model_served"]) for each in swept} == {(True, "", "")}
    for k, path in enumerate(sorted((folder / "runs").glob("*/*.jsonl"))[:4]):
        head, *lines = path.read_text("utf-8").splitlines()
        data = json.loads(head)
        data["volatile"]["aipm"] = "0.0.1" if k else data["volatile"]["aipm"]
        (tmp_path / f"{k}.jsonl").write_text("\n".join([json.dumps(data), *lines]) + "\n", "utf-8")
    assert "not made alike: aipm-agents" in " ".join(aipm("compare", tmp_path).out.split())


def test_a_factor_that_no_run_has_is_told(folder, swept, aipm):
    done = aipm("compare", folder, "--by", "witout")
    assert done.code == 2
    assert "did you mean 'without'?" in done.err


if __name__ == "__main__":
    for seeds in (40, 100):
        print(
            seeds, "seeds; mean, share, difference, mean were runs seeds:", covered(int(sys.argv[1]), seeds)
        )
