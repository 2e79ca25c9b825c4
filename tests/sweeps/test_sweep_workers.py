"""Who carries a sweep out: the same runs whoever it is, and what breaks, breaks alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from endpoint import Form, Status, agreeable, endpoint, filled
from making import scenario
from sweeping import bare, fragile, hearing_ctrl_c, rows, small, written

from aipm_agents.cli.workforce import seated
from aipm_agents.errors import AipmError, EndpointError
from aipm_agents.sweeps import crew
from aipm_agents.sweeps.dispatch import PATIENCE, TRIES, Dispatch
from aipm_agents.sweeps.folder import Folder
from aipm_agents.sweeps.plan import Sweep, planned
from aipm_agents.sweeps.play import play
from aipm_agents.transcript import read

BIN = Path(sys.executable).parent


def tasks(count, **wrong):
    """The first runs of a sweep of the small scenario; `wrong`: seed -> how it goes wrong, as `s3="kills"`."""
    made = list(planned(Sweep(scenarios=("a",), seeds=f"0:{count}"), [scenario()]).tasks({}))
    return [task._replace(means=dict(wrong.get(f"s{task.seed}", {}))) for task in made]


def carried_out(crew_, made, seats=fragile):
    """Seed -> what came of it."""
    dispatch, found = Dispatch(crew_, partial(play, seated=seats)), {}
    try:
        for task, played in dispatch.run(iter(made)):
            assert len(dispatch._out) <= dispatch.window
            if played.ended != "stopped":
                assert task.seed not in found
                found[task.seed] = played
    finally:
        dispatch.dismiss()
    return found


# --- the same runs whoever carries them out ---------------------------------------------------


def without_volatile(text):
    lines = [json.loads(line) for line in text.splitlines()]
    return [{k: v for k, v in line.items() if k != "volatile"} for line in lines]


def test_processes_threads_and_nobody_else_give_the_same_runs():
    made = tasks(12)
    alone = {task.seed: play(task, seated) for task in made}
    for crew_ in (crew.processes(2), crew.threads(3)):
        found = carried_out(crew_, made)
        assert found.keys() == alone.keys()
        for seed, played in found.items():
            assert without_volatile(played.text) == without_volatile(alone[seed].text)
            assert played.row == alone[seed].row


def test_another_version_is_refused_wherever_it_is():
    with pytest.raises(AipmError, match="install the same version everywhere"):
        play(tasks(1)[0]._replace(aipm="0.0.1"), seated)


# --- what breaks, breaks alone ----------------------------------------------------------------

RAISES, KILLS, EXITS = {"wrong": "raises"}, {"wrong": "kills"}, {"wrong": "exits"}


def test_a_run_that_raises_fails_alone_after_its_tries():
    found = carried_out(crew.processes(2), tasks(8, s3=RAISES))
    assert [seed for seed, played in found.items() if played.ended == "failed"] == [3]
    assert found[3].why.startswith("RuntimeError: the run fell over (sweeping.py, line ")
    assert len(found) == 8


def test_a_run_that_kills_its_worker_fails_alone_and_those_beside_it_come_back():
    found = carried_out(crew.processes(2), tasks(7, s0=KILLS, s4=EXITS))
    assert sorted(seed for seed, played in found.items() if played.ended == "failed") == [0, 4]
    assert f"its worker died {TRIES} times while it ran alone" in found[4].why
    assert found[4].reason == "worker"
    assert len(found) == 7


def test_a_worker_lost_once_costs_no_run(tmp_path):
    once = {"wrong": "kills once", "marker": str(tmp_path / "marker")}
    found = carried_out(crew.processes(2), tasks(8, s2=once))
    assert {played.ended for played in found.values()} == {"decided"}
    assert len(found) == 8


def test_a_run_is_blamed_only_for_workers_it_had_to_itself(tmp_path):
    """It dies beside another, then alone, and then it does not: once alone is not yet its fault."""
    twice = {"wrong": "kills twice", "marker": str(tmp_path / "marker")}
    found = carried_out(crew.processes(2), tasks(6, s1=twice))
    assert {played.ended for played in found.values()} == {"decided"}
    assert (tmp_path / "marker").read_text() == "xx"


def test_a_crew_that_grows_gets_more_to_do():
    sizes = iter([1, 1, 1, 4])
    few = crew.threads(4)._replace(size=lambda: next(sizes, 4))
    dispatch = Dispatch(few, partial(play, seated=fragile), ahead=1)
    most = 0
    for _ in dispatch.run(iter(tasks(12))):
        most = max(most, len(dispatch._out))
    assert most > 1
    dispatch.dismiss()
    nobody = crew.threads(1)._replace(size=lambda: 0)  # all workers are gone for a moment
    assert len(carried_out(nobody, tasks(3))) == 3


def test_when_everything_fails_the_sweep_stops():
    made = tasks(60, **{f"s{seed}": RAISES for seed in range(60)})
    with pytest.raises(AipmError, match="runs failed one after the other") as caught:
        carried_out(crew.processes(2), made)
    assert "the run fell over" in str(caught.value)
    assert "--retry" in str(caught.value)


def test_failures_are_recorded_and_a_success_takes_them_away(tmp_path):
    made = tasks(3, s1=RAISES)
    folder = Folder(tmp_path)
    found = carried_out(crew.threads(1), made)
    for task in made:
        folder.keep(found[task.seed], task)
    names = [task.name for task in made]
    stock = folder.stock(names)
    assert (stock.done, stock.failed) == (frozenset({names[0], names[2]}), frozenset({names[1]}))
    (record,) = folder.failures(stock.failed)
    assert (record.seed, record.reason, record.scenario) == (1, "fault", "small")
    assert "the run fell over" in record.why
    folder.keep(play(made[1]._replace(means={}), seated), made[1])
    assert folder.stock(names) == (frozenset(names), frozenset(), 0)


# --- more than one machine --------------------------------------------------------------------


@contextmanager
def dask(home, workers=2):
    """A real scheduler, and real workers in processes of their own; gives its address and the workers."""
    log, elsewhere = (home / "dask.log").open("w"), home / "elsewhere"
    elsewhere.mkdir()
    common = {"cwd": elsewhere, "stdout": log, "stderr": log}
    file = home / "scheduler.json"
    words = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file]
    started = [subprocess.Popen([BIN / "dask", *words], **common)]
    try:
        deadline = time.monotonic() + 30
        while not (file.exists() and file.read_text().endswith("}")):
            assert started[0].poll() is None, (home / "dask.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        address = json.loads(file.read_text())["address"]
        words = ["worker", address, "--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        started += [
            subprocess.Popen([BIN / "dask", *words, "--local-directory", home], **common)
            for _ in range(workers)
        ]
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()
        log.close()


def test_the_runs_of_a_cluster_whose_worker_is_killed_equal_those_of_one_process(tmp_path, aipm, monkeypatch):
    """In half of them Legal is an agent that stands in the folder of whoever typed it, where no worker is."""
    small(tmp_path / "small.yaml")
    text = "import aipm_agents as aipm\nfrom far_words import WORDS\n\nclass Never(aipm.Agent):\n    def answer(self, view):\n        return aipm.no(WORDS)\n"
    (tmp_path / "far_seats.py").write_text(text)
    (tmp_path / "far_words.py").write_text("WORDS = 'Not with me.'\n")
    monkeypatch.setattr(sys, "path", [*sys.path])
    vary = "seat.legal=embedded,python:far_seats:Never"
    words = ("sweep", "small.yaml", "--seeds", "0:30", "--vary", vary)
    with dask(tmp_path) as (address, workers):
        going = subprocess.Popen(
            [sys.executable, "-m", "aipm_agents", *words, "--dask", address, "-o", "far"],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while going.poll() is None and not 12 <= len(written(tmp_path / "far")) < 48:
            time.sleep(0.02)
        assert going.poll() is None, going.stderr.read()
        workers[0].kill()
        out, err = going.communicate(timeout=100)
    assert going.returncode == 0, err
    assert "60 of 60 runs are done" in out
    assert "Traceback" not in err
    near = aipm(*words, "-j", 1, "-o", "near")
    assert near.code == 0
    assert bare("far") == bare("near")
    assert len(bare("near")) == 60
    assert Path("far/rows.jsonl").read_bytes() == Path("near/rows.jsonl").read_bytes()
    assert Path("far/rows.csv").read_bytes() == Path("near/rows.csv").read_bytes()


# --- models at the table: threads, tokens, Ctrl-C ---------------------------------------------


@pytest.fixture
def paid(tmp_path, monkeypatch):
    """Types a sweep with a model as Legal; gives the command and the words."""
    small(tmp_path / "small.yaml")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    return ("sweep", "small.yaml", "--seeds", "0:6", "--vary", "seat.legal=embedded,openai:m", "-o", "x")


def test_models_take_seats_and_what_they_used_is_told(aipm, paid):
    with endpoint() as server:
        done = aipm(*paid, "--base-url", server.url, "--price", "1,2", "--json")
        asked = len(server.asked)
    assert done.code == 0, done.err
    told = rows("x")
    with_model = [each for each in told if each["factor.seat.legal"] == "openai:m"]
    assert len(with_model) == 6
    assert sum(each["calls"] for each in told) == asked
    assert sum(each["prompt_tokens"] + each["answer_tokens"] for each in told) == done.json["now"]["tokens"]
    assert all(each["calls"] == 0 for each in told if each not in with_model)
    assert done.json["cost"] > 0
    assert f"{done.json['now']['tokens']:,} tokens" in done.err
    assert "cost 0.0" in done.err
    run = read(next(Path("x/runs").glob(f"*/{with_model[0]['run_id']}.jsonl")))
    assert run.header.volatile["base_url"] == server.url
    assert "prompts" in run.header.volatile
    compared = aipm("compare", "x", "--by", "seat.legal", "--json").json
    assert [group["name"] for group in compared["groups"]] == ["embedded", "openai:m"]
    assert compared["paired"][0]["n"] == 6


def test_the_budget_is_for_all_runs_and_what_was_paid_for_is_never_asked_again(aipm, paid):
    """Stopped by its budget, with a little more, and to the end: not one request is made twice."""
    with endpoint() as server:
        free = aipm(*paid[:-1], "free", "--base-url", server.url, "--json").json
        whole, requests = bare("free"), sorted(each.text for each in server.asked)
        server.asked.clear()
        for share in (0.4, 0.4):
            before = sum(len(each.text.split()) for each in server.asked)
            most = 20_000 + int(free["now"]["tokens"] * share)
            done = aipm(*paid, "--base-url", server.url, "--max-tokens", most)
            assert sum(len(each.text.split()) for each in server.asked) - before <= most
            if done.code == 0:
                break
            assert done.code == 5
            assert "the same command goes on" in done.err
        last = aipm(*paid, "--base-url", server.url)
        assert last.code == 0, last.err
        assert sorted(each.text for each in server.asked) == requests
    assert bare("x").keys() == whole.keys()
    assert not list(Path("x/unfinished").glob("*"))


def test_a_run_that_stops_at_its_share_goes_on_with_a_larger_one(aipm, paid):
    """Two at a time share what is left; the budget covers all, but not two last calls at once."""
    words = [*paid]
    words[words.index("seat.legal=embedded,openai:m")] = "seat.legal=openai:m"
    with endpoint() as server:
        free = aipm(*words[:-1], "free", "--base-url", server.url, "--json").json["now"]["tokens"]
        largest = max(2 * len(json.dumps(each.body).encode()) + each.limit for each in server.asked)
        server.asked.clear()
        done = aipm(*words, "--base-url", server.url, "-j", 2, "--max-tokens", free + largest)
        asked = [(each.text, each.body.get("seed")) for each in server.asked]
    assert done.code == 0, done.err
    assert len(bare("x")) == 6
    stopped = [path for path in Path("x/runs").glob("*/*.jsonl") if '"stopped"' in path.read_text("utf-8")]
    assert stopped
    assert [read(path).decision is not None for path in stopped] == [True] * len(stopped)
    assert len(asked) == len(set(asked))


def test_a_budget_too_small_for_one_call_stops_before_it(aipm, paid):
    with endpoint() as server:
        done = aipm(*paid, "--base-url", server.url, "--max-tokens", 10)
        assert done.code == 5
        assert server.asked == []
    assert "the budget of 10 tokens is reached: 0 are spent" in done.err


def test_an_endpoint_that_fails_is_recorded_and_tried_again_on_request(aipm, paid):
    def script(asked):
        return Status(401) if broken and "r1" not in asked.text else agreeable(asked)

    words = [*paid]
    words[words.index("0:6")] = "0:3"
    broken = True
    with endpoint(script) as server:
        done = aipm(*words, "--base-url", server.url)
        assert done.code == 1
        assert "3 runs failed" in done.err
        failed = [json.loads(path.read_text()) for path in Path("x/failed").glob("*.json")]
        assert {each["reason"] for each in failed} == {"endpoint"}
        assert [each["decision"] for each in rows("x")].count("failed") == 3
        assert all(each["why"] for each in rows("x") if each["decision"] == "failed")
        broken, calls = False, len(server.asked)
        again = aipm(*words, "--base-url", server.url)
        assert (again.code, len(server.asked)) == (1, calls)  # only on request
        retried = aipm(*words, "--base-url", server.url, "--retry")
        assert retried.code == 0, retried.err
    assert len(bare("x")) == 6
    assert not list(Path("x/failed").glob("*"))
    assert "failed" not in {each["decision"] for each in rows("x")}
    assert (
        aipm("sweep", *words[1:], "--base-url", "http://127.0.0.1:9/v1").code == 0
    )  # all done: nobody is asked


def test_a_dead_endpoint_is_known_before_anything_runs(aipm, paid):
    done = aipm(*paid, "--base-url", "http://127.0.0.1:9/v1")
    assert done.code == 4
    assert bare("x") == {}


def test_a_table_that_nobody_can_speak_at_has_decided_nothing(aipm, paid):
    words = [*paid]
    words[words.index("seat.legal=embedded,openai:m")] = "model=m"
    with endpoint(lambda asked: "no form at all") as server:
        done = aipm(*words, "--base-url", server.url, "-j", 1)
    assert done.code == 1
    assert bare("x") == {}
    assert "gave a usable answer" in json.loads(next(Path("x/failed").glob("*.json")).read_text())["why"]


def test_ctrl_c_keeps_what_models_have_said_so_far(tmp_path, aipm, paid):
    def script(asked):
        time.sleep(0.02)
        return Form(filled(asked.schema, vote="no")) if asked.verb == "answer" else agreeable(asked)

    words = [*paid]
    words[words.index("seat.legal=embedded,openai:m")] = "seat.legal=openai:m"
    with endpoint(script) as server:
        assert aipm(*words[:-1], "free", "--base-url", server.url).code == 0
        usual = len(server.asked)
        server.asked.clear()
        go = [sys.executable, "-m", "aipm_agents", *words, "--base-url", server.url, "-j", "2"]
        started = subprocess.Popen(
            go, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=hearing_ctrl_c,
        )  # fmt: skip
        while started.poll() is None and len(server.asked) < 5:
            time.sleep(0.01)
        os.kill(started.pid, signal.SIGINT)
        _, err = started.communicate(timeout=30)
        assert started.returncode == 130
        assert "Traceback" not in err
        begun = sorted((tmp_path / "x" / "unfinished").glob("*.jsonl"))
        assert begun
        assert [read(path).events[-1].reason for path in begun] == ["interrupted"] * len(begun)
        again = subprocess.run(go, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert again.returncode == 0, again.stderr
        assert usual <= len(server.asked) <= usual + 2  # only what was under way in two runs is asked again
    assert bare("x").keys() == bare("free").keys()
    assert not list((tmp_path / "x" / "unfinished").glob("*"))


def test_after_ctrl_c_no_run_begins_that_has_not():
    begun, released = [], threading.Event()

    def slow(task):
        begun.append(task.seed)
        released.wait(10)
        return play(task, seated)

    dispatch = Dispatch(crew.threads(1), slow, ahead=4)
    coming = dispatch.run(iter(tasks(5)))
    threading.Timer(0.2, released.set).start()
    first = next(coming)[1]
    under_way = len(begun)
    after = [played.name for _, played in dispatch.remaining(10)]
    dispatch.dismiss()
    assert first.ended == "decided"
    assert len(begun) <= under_way + 1  # the one thread had perhaps just taken the next
    assert len(after) == len(begun) - 1


def test_a_run_of_errors_stops_with_the_endpoints_code(monkeypatch):
    """Ten runs in a row whose endpoint cannot be used: it is the endpoint, and not the runs."""

    def broken(kinds, means, style):
        raise EndpointError("nobody is there")

    with pytest.raises(EndpointError, match=f"{PATIENCE} runs failed one after the other"):
        carried_out(crew.threads(2), tasks(40), broken)
