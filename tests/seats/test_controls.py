"""What a study sets of its model seats reaches the endpoint as it was set, is on record, and leaks to nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from endpoint import Form, Status, agreeable, endpoint, filled
from making import ROLES, scenario
from sweeping import rows, small

from aipm_agents.analysis.run.audit import leaks
from aipm_agents.analysis.sample.case import case
from aipm_agents.analysis.sample.row import row
from aipm_agents.analysis.sample.turns import turns
from aipm_agents.cli.study import StudyOptions
from aipm_agents.seats.model.controls import controls, spelt
from aipm_agents.transcript import read

CANARY = "heron-under-the-third-bridge"
SECRET = "Nobody outside this office may ever learn that the harbour pumps failed twice in the spring."


@pytest.fixture
def played(aipm, tmp_path, monkeypatch):
    """`aipm run` of the small scenario with a model in every seat: the server, the result, the run."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    data = scenario(rounds=2).plain()
    data["parties"]["legal"]["private"] = SECRET
    (tmp_path / "small.yaml").write_text(json.dumps(data), "utf-8")

    def play(*options, script=agreeable, name="run", code=0):
        with endpoint(script) as server:
            words = (
                "run",
                "small.yaml",
                "-m",
                "m",
                "--base-url",
                server.url,
                "-o",
                f"{name}.jsonl",
                "--display",
                "none",
            )
            done = aipm(*words, *options)
            assert done.code == code, done.err
            return server, done, read(Path(f"{name}.jsonl")) if code == 0 else None

    return play


SET = (
    "--temperature", "0.20", "--top-p", "0.9", "--reasoning-effort", "low", "--model-seed", "7",
)  # fmt: skip


def test_an_endpoint_sees_each_control_as_it_was_set(played):
    server, _, run = played(*SET)
    seen = {"temperature": 0.2, "top_p": 0.9, "reasoning_effort": "low", "seed": 7}
    for asked in server.asked:
        assert {name: asked.body.get(name) for name in seen} == seen
    told = row(case("", run))
    assert {k: v for k, v in told.items() if k.startswith("control.")} == {
        "control.temperature": "0.2", "control.top_p": "0.9", "control.reasoning_effort": "low", "control.model_seed": "7",
    }  # fmt: skip
    assert told["not_taken"] == ""


def test_without_controls_nothing_of_them_is_sent_and_nothing_is_on_record(played):
    server, _, run = played()
    for asked in server.asked:
        assert not {"temperature", "top_p", "reasoning_effort"} & asked.body.keys()
        assert asked.body["seed"] == 0
    assert run.header.controls == {}
    assert "controls" not in Path("run.jsonl").read_text("utf-8").partition('"scenario":')[0]


def test_what_an_endpoint_refuses_is_left_out_and_said(played):
    def script(asked):
        if "temperature" in asked.body:
            body = {
                "error": {"message": "Unsupported value: 'temperature' does not support 0.2 with this model."}
            }
            return Status(400, json.dumps(body).encode())
        return agreeable(asked)

    server, done, run = played(*SET, script=script)
    assert "temperature" in done.err
    assert row(case("", run))["not_taken"] == "temperature"
    assert all(asked.body["top_p"] == 0.9 for asked in server.asked)


def test_a_run_from_its_cassette_is_the_same_bytes_and_every_turn_names_its_requests(played, aipm):
    _, _, first = played(*SET, "--scratchpad", "--cassette", "tape")
    again = aipm("run", "small.yaml", "-m", "m", "--base-url", "http://127.0.0.1:9/v1", *SET, "--scratchpad", "--cassette", "tape", "--offline", "-o", "again.jsonl", "--display", "none")  # fmt: skip
    assert again.code == 0, again.err
    second = read(Path("again.jsonl"))
    assert [e.model_copy(update={"volatile": {}}) for e in first.events] == [e.model_copy(update={"volatile": {}}) for e in second.events]  # fmt: skip
    for one, other in zip(turns(first), turns(second), strict=True):
        assert one["requests"] == other["requests"]
        assert all((Path("tape") / f"{each}.json").is_file() for each in one["requests"].split())


def test_a_drive_is_an_instruction_to_its_seat_alone(played):
    server, _, run = played("--incentive", "legal=adversarial", "--incentive", "engineer=Speak of bridges.")
    for asked in server.asked:
        assert ("without a deal, and nobody to notice" in asked.system) == (asked.role == "legal")
        assert ("Speak of bridges." in asked.system) == (asked.role == "engineer")
    assert run.header.controls == {
        "incentive.legal": "adversarial",
        "incentive.engineer": "Speak of bridges.",
    }


POOR = {"reach": "few", "review": "some"}


@pytest.mark.parametrize(
    ("aids", "worth", "more"), [("full", True, True), ("worth", True, False), ("none", False, False)]
)
def test_aids_say_how_much_is_reckoned_for_a_model(played, aids, worth, more):
    server, *_ = played(
        "--aids", aids, script=lambda asked: Form(filled(asked.schema, vote="no", package=POOR))
    )
    for asked in server.asked:
        text = asked.messages[-1][1]
        if asked.verb == "answer":
            assert ("points to you" in text) == worth
            assert ("One change: " in text) == ("Hold out for" in text) == more
        if asked.verb == "propose":
            assert ("that nothing on the table shuts" in text) == more


def test_a_scratchpad_is_kept_for_the_facilitator_and_reaches_nobody(played, aipm):
    def script(asked):
        thought = f"{CANARY} {asked.role} {asked.number}"
        return Form(filled(asked.schema, vote="no", scratchpad=thought))

    server, _, run = played("--scratchpad", script=script)
    assert all(next(iter(asked.schema["properties"])) == "scratchpad" for asked in server.asked)
    assert not [asked for asked in server.asked if CANARY in asked.text], (
        "no seat is told what another, or it, thought"
    )
    kept = [event.volatile["scratchpad"] for event in run.events if "scratchpad" in event.volatile]
    assert len(kept) == len(turns(run))
    for audience in ("public", "legal", "pm"):
        for words in (
            ("show", "run.jsonl", "--as", audience),
            ("show", "run.jsonl", "--as", audience, "--json"),
        ):
            assert CANARY not in aipm(*words).out
        for form in ("html", "md", "json", "csv"):
            assert aipm("export", "run.jsonl", "--as", audience, "-o", f"x.{form}").code == 0
            assert CANARY not in Path(f"x.{form}").read_text("utf-8")


def test_a_leak_is_measured_where_the_filter_is_off(played):
    def script(asked):
        return Form(filled(asked.schema, vote="no", says=SECRET if asked.role == "legal" else "Well."))

    _, _, kept = played(script=script)
    assert row(case("", kept))["withheld"] > 0
    assert {each.kind for each in leaks(kept.record)} == {"withheld"}
    _, _, open_ = played("--leak-filter", "off", script=script, name="open")
    told = row(case("", open_))
    assert (told["withheld"], told["control.leak_filter"]) == (0, "off")
    assert {(each.role, each.kind) for each in leaks(open_.record)} == {("legal", "briefing")}


def test_a_variant_of_the_prompts_is_told_and_its_digest_stands_in_the_row(played, aipm):
    Path("mine.jinja").write_text(
        "{% macro task(verb, t) %}Do as you must, in round {{ t.round }}.{% endmacro %}", "utf-8"
    )
    server, _, run = played("--prompt-file", "mine.jinja")
    assert all("Do as you must, in round" in asked.messages[-1][1] for asked in server.asked)
    _, _, usual = played(name="usual")
    one, other = row(case("", run)), row(case("", usual))
    assert one["prompts"] != other["prompts"]
    assert one["control.prompt_file"].startswith("mine.jinja@")
    for text, why in (
        ("{% macro task( %}", "is no template"),
        ("Hello.", "has none of the macros"),
        ("{{ 1 // 0 }}", "ZeroDivisionError"),
        ("{% macro task(verb, t) %}{{ t.no_such_thing }}{% endmacro %}", "is no template"),
        ("{% macro task(verb, t) %}{{ 1 // (verb != 'sign') }}{% endmacro %}", "is no template"),
        ("{% macro digest(t) %}{% if t.last %}{{ 1 // 0 }}{% endif %}{% endmacro %}", "is no template"),
    ):
        Path("bad.jinja").write_text(text, "utf-8")
        _, done, _ = played("--prompt-file", "bad.jinja", code=2)
        assert why in done.err


def test_requests_are_kept_whole_where_somebody_asks(played):
    server, _, run = played("--keep-requests")
    kept = [each for event in run.events for each in event.volatile.get("exchanges", ())]
    assert sorted(json.dumps(e["request"]["messages"]) for e in kept) == sorted(
        json.dumps([list(each) for each in asked.messages]) for asked in server.asked
    )
    assert all(json.loads(each["reply"]) for each in kept)
    assert "sk-test" not in Path("run.jsonl").read_text("utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--temperature", "hot"), "is no number"), (("--temperature", "3"), "is out of range"),
        (("--aids", "some"), "is none of none, worth, full"), (("--incentive", "legal"), "ROLE=WHAT"),
        (("--incentive", "nobody=greedy"), "no model plays nobody"), (("--prompt-file", "gone.jinja"), "cannot be read"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_before_anybody_is_asked(played, options, said):
    server, done, _ = played(*options, code=2)
    assert said in done.err
    assert not server.asked


def test_controls_are_for_models(aipm, tmp_path):
    small(tmp_path / "small.yaml")
    done = aipm("run", "small.yaml", "--temperature", "0")
    assert (done.code, "--temperature" in done.err) == (2, True)


def test_beside_a_person_the_models_are_set_as_in_any_run(aipm, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    small(tmp_path / "small.yaml", rounds=1)
    Path("lines.txt").write_text("@legal 0\nsend\n@legal 1\nno\nask review some\nsend\n", "utf-8")
    with endpoint(agreeable) as server:
        words = ("play", "small.yaml", "--as", "legal", "-m", "m", "--base-url", server.url, *SET)
        more = ("--incentive", "*=greedy", "--aids", "none", "--answers", "lines.txt", "-o", "run.jsonl")
        done = aipm(*words, *more)
    assert done.code in (0, 3), done.err
    assert {asked.role for asked in server.asked} == {"pm", "engineer"}
    assert {asked.body["temperature"] for asked in server.asked} == {0.2}
    assert all("as many points of your own" in asked.system for asked in server.asked)
    header = read(Path("run.jsonl")).header
    assert header.controls["aids"] == "none"
    assert {key for key in header.controls if key.startswith("incentive")} == {
        "incentive.pm",
        "incentive.engineer",
    }
    done = aipm("play", "small.yaml", "--as", "legal", "--temperature", "0", "--answers", "lines.txt")
    assert (done.code, "none plays here" in done.err) == (2, True)


def test_a_run_goes_on_as_it_was_set(played, aipm):
    server, _, _ = played(*SET, "--max-calls", "3", code=5)
    assert server.asked
    Path("other.jsonl").write_bytes(Path("run.jsonl").read_bytes())
    seats = [word for role in ROLES for word in ("--seat", f"{role}=embedded")]
    done = aipm("resume", "other.jsonl", *seats, "--display", "none")
    assert done.code == 0, f"nobody asked for other settings: {done.err}"
    with endpoint(agreeable) as server:
        assert aipm("resume", "run.jsonl", "--base-url", server.url, "--display", "none").code == 0
        assert {asked.body["temperature"] for asked in server.asked} == {0.2}


KEPT = {
    "temperature": "0",
    "prompt_file": "x",
    "incentive.legal": "greedy",
    "scratchpad": "on",
    "leak_filter": "off",
    "aids": "none",
}


@pytest.mark.parametrize(("said", "left"), [
    ({}, KEPT),
    ({"temperature": "off", "prompt_file": "off", "incentive": ["*=off"]}, {"scratchpad": "on", "leak_filter": "off", "aids": "none"}),
    ({"prompt_file": "off", "scratchpad": False, "leak_filter": "on", "aids": "full"}, {
        "temperature": "0", "incentive.legal": "greedy", "scratchpad": "off", "leak_filter": "on", "aids": "full"}),
])  # fmt: skip
def test_whatever_a_run_was_set_to_can_be_turned_off_from_a_round_on(said, left, monkeypatch):
    monkeypatch.setattr("aipm_agents.seats.model.controls._template", lambda named: named)
    made = StudyOptions(**said).controls({"pm": "openai:m", "legal": "openai:m"}, KEPT)
    assert dict(made.asked) == left
    assert made.scratchpad == (left.get("scratchpad") == "on")


def test_a_run_that_only_goes_on_is_not_turned_off_in_silence(played, aipm):
    _, _, run = played("--temperature", "0", "--pm-style", "trust")
    done = aipm("resume", "run.jsonl", "--temperature", "off")
    assert run.decision is not None
    assert (done.code, "Already decided" in done.out) == (0, True)
    Path("cut.jsonl").write_text(
        "".join(Path("run.jsonl").read_text("utf-8").splitlines(keepends=True)[:5]), "utf-8"
    )
    done = aipm("resume", "cut.jsonl", "--temperature", "off", "--base-url", "http://127.0.0.1:9/v1")
    assert (done.code, "a run keeps what its models were set to" in done.err) == (2, True)
    with endpoint(agreeable) as server:
        back = ("--temperature", "off", "--pm-style", "none", "--base-url", server.url, "--display", "none")
        assert aipm("resume", "run.jsonl", "--from", 1, *back, "-o", "back.jsonl").code == 0
    header = read(Path("back.jsonl")).header
    assert (header.controls, header.pm_style) == ({}, None)
    assert all("temperature" not in asked.body for asked in server.asked)


def test_a_sweep_varies_them(aipm, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    small(tmp_path / "small.yaml", rounds=1)
    with endpoint(agreeable) as server:
        words = ("sweep", "small.yaml", "--seeds", "0:1", "--vary", "model=m", "--base-url", server.url)
        done = aipm(*words, "--vary", "temperature=0,1.0", "--vary", "incentive.legal=greedy", "-o", "x")
        assert done.code == 0, done.err
        assert {asked.body["temperature"] for asked in server.asked} == {0, 1}
    told = rows(tmp_path / "x")
    assert (
        [each["factor.temperature"] for each in told]
        == [each["control.temperature"] for each in told]
        == ["0", "1"]
    )
    assert {each["control.incentive.legal"] for each in told} == {"greedy"}


def test_values_are_spelt_in_one_way():
    assert [spelt("temperature", each, "") for each in ("0.20", "2e-1", "1.0")] == ["0.2", "0.2", "1"]
    assert controls({"temperature": "1", "top_p": "0.5"}).sampling == (("temperature", 1), ("top_p", 0.5))
