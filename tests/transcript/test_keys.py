"""A key goes where it belongs and nowhere else: not into a file, not onto a screen, not to another endpoint."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from base64 import b64decode, b64encode, urlsafe_b64encode
from itertools import product
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from endpoint import Drop, Form, Raw, Status, agreeable, endpoint, filled
from hypothesis import given
from hypothesis import strategies as st
from making import scenario

from aipm_agents import __version__, cli, redaction
from aipm_agents.errors import SeatError, UsageError
from aipm_agents.keyring import OPENAI, Home, Keyring
from aipm_agents.redaction import LEAST, Redacting, redacted
from aipm_agents.seats.model.budget import Usage
from aipm_agents.seats.model.cassette import Cassette
from aipm_agents.seats.model.exchange import ModelReply, Request
from aipm_agents.table.events import Opened
from aipm_agents.table.moves import Opening
from aipm_agents.transcript import Recorder, new_header, read

KEY = "sk-Canary_9f8E7d6C5b4A-3210zyXWvU98tsRq76poNm54lkJi32hgFe"
"""As long as real ones are: longer than what an error shows of a value."""
OTHER = "gw-0therCanary/77+kQ=q1w2e3r4t5"
PASSING = {"reach": "few", "review": "some"}
EVERY_SEAT = ["--vary", "model=openai:m"]

SPELT = {
    "as it is": lambda key: key,
    "as a header": lambda key: f"Bearer {key}",
    "in capitals": lambda key: key.upper(),
    "base64": lambda key: b64encode(key.encode()).decode(),
    "base64 of the header": lambda key: b64encode(f"Authorization: Bearer {key}".encode()).decode(),
    "base64 of a header of another length": lambda key: urlsafe_b64encode(f"Bearer {key}\r\n".encode()).decode(),
    "base64 in lines": lambda key: "\n".join(re.findall(".{1,11}", b64encode(f"x{key}".encode()).decode())),
    "in a URL": lambda key: quote(key, safe=""),
    "wholly in a URL": lambda key: "".join(f"%{ord(char):02x}" for char in key),
    "in JSON": lambda key: "".join(f"\\u{ord(char):04X}" for char in key),
    "in HTML": lambda key: "".join(f"&#{ord(char)};" for char in key),
    "hexadecimal": lambda key: key.encode().hex(),
    "with nothing in between": lambda key: "\u200b".join(key),
    "cut in the middle": lambda key: f"{key[:25]}...{key[-25:]}",
    "the beginning": lambda key: key[:20],
    "over two lines": lambda key: f"{key[:9]}\n   {key[9:]}",
}  # fmt: skip


def holds(text, key):
    """Whether a reader of a text could have a key from it; knows nothing of how it is kept out."""
    plain = re.sub(r"\\+[nrt]|&#(\d+);|\\+u([0-9a-fA-F]{4})", _char, text)
    bare = "".join(char for char in plain if char.isprintable() and not char.isspace())
    for each in (text, bare, unquote(bare), "".join(re.findall("[0-9a-fA-F]+", bare))):
        low = each.lower()
        if any(key[k : k + 15].lower() in low for k in range(len(key) - 14)) or key.encode().hex() in low:
            return True
    for run in re.findall(r"[A-Za-z0-9+/_-]{20,}", bare):
        for start in range(4):
            cut = run[start:].translate(str.maketrans("-_", "+/"))
            if key.encode() in b64decode(cut + "A" * (-len(cut) % 4)):
                return True
    return False


def _char(found):
    return chr(int(found[1])) if found[1] else chr(int(found[2], 16)) if found[2] else "\n"


def kept(folder):
    """All that stands in the files of a folder, names included."""
    return "\n".join(
        f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}"
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and path.name not in (".env", "case.yaml")
    )


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch):
    """What this test makes known, and pauses as short as they can be."""
    monkeypatch.setattr(redaction, "_known", frozenset())
    monkeypatch.setattr(redaction, "_any_case", redaction._Forms())
    monkeypatch.setattr(redaction, "_exact", redaction._Forms())
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(scenario(rounds=2).plain()), "utf-8")
    return path


# --- taking a key out -------------------------------------------------------------------------------


@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
@pytest.mark.parametrize("before", ["", "B", "Be"])
def test_both_alphabets_of_base64_are_known(encode, before):
    key = "sk-" + "~?>" * 9
    redaction.know([key])
    spelt = encode((before + key).encode()).decode()
    assert set(spelt) & set("+/-_"), "else the two alphabets are one"
    said = redacted(f"It was {spelt}.")
    assert not any(
        spelt[k : k + redaction.PIECE + 4] in said for k in range(len(spelt) - redaction.PIECE - 3)
    )


@pytest.mark.parametrize(
    "key", ["pw%41%42%43%44%45", "sk-%2Fab%2Fcd%2Fef%2F", r"k\n\n1\u00412\u00423", "a&#66;b&#67;c&#68;"]
)
def test_a_key_may_hold_what_looks_like_an_escape(key):
    redaction.know([key])
    assert redacted(f"It was {key}.") == "It was [key]."


@pytest.mark.parametrize("key", [KEY, OTHER])
@pytest.mark.parametrize("spelt", SPELT.values(), ids=SPELT)
def test_a_key_is_found_however_it_is_spelt(spelt, key):
    redaction.know([KEY, OTHER])
    text = f"It was {spelt(key)} that came."
    assert holds(text, key), "the checker would see it"
    said = redacted(text)
    assert not holds(said, key)
    assert said.startswith("It was ")
    assert said.endswith(" that came.")
    assert redacted(said) == said
    in_json = redacted(json.dumps({"says": text}))
    assert not holds(in_json, key)
    assert json.loads(in_json)["says"].startswith("It was ")


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([*SPELT.values()]))
def test_nothing_else_of_a_text_is_lost(before, after, spelt):
    redaction.know([KEY])
    assert redacted(before) == before
    said = redacted(f"{before}|{spelt(KEY)}|{after}")
    assert said.startswith(before + "|")
    assert said.endswith("|" + after)
    assert not holds(said, KEY)


@pytest.mark.parametrize("piece", [KEY[5 : 5 + redaction.PIECE], KEY[-redaction.PIECE :]])
@pytest.mark.parametrize("before", range(redaction.PIECE))
def test_a_piece_is_found_wherever_in_a_text_it_begins(before, piece):
    """A text is looked at in stretches first: none is so long that a piece could lie across two."""
    redaction.know([KEY])
    assert redacted(f"{'.' * before}{piece} and on") == f"{'.' * before}[key] and on"


def test_a_placeholder_is_a_word_and_no_key():
    for word in ("none", "ollama", "EMPTY", "x" * (LEAST - 1)):
        redaction.know([word, None, ""])
        assert redacted(f"{word} of it") == f"{word} of it"
    redaction.know(["x" * LEAST])
    assert redacted("x" * LEAST) == "[key]"


def test_a_stream_passes_on_all_but_keys(capsys):
    redaction.know([KEY])
    stream = Redacting(sys.stdout)
    print("a", KEY, "b", file=stream)
    stream.writelines([KEY, "\n"])
    assert stream.encoding == sys.stdout.encoding
    assert capsys.readouterr().out == "a [key] b\n[key]\n"


# --- every channel of an endpoint -------------------------------------------------------------------


def form(asked, **fields):
    made = filled(asked.schema, **{"vote": "yes", **fields})
    return made | ({"package": PASSING} if asked.verb == "propose" else {})


def in_every_text(asked, said):
    return Form(_everywhere(form(asked, says=said, reason=said), asked.schema, said))


def _everywhere(made, schema, said):
    """A form with a text wherever a text is free."""
    if schema.get("type") == "object":
        return {name: _everywhere(made.get(name), part, said) for name, part in schema["properties"].items()}
    return said if schema.get("type") == "string" and "enum" not in schema else made


def _answer(text, **more):
    message = {"role": "assistant", "content": text, **more.pop("message", {})}
    data = {"id": "1", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}  # fmt: skip
    return Raw(json.dumps(data | more).encode())


CHANNELS = {
    "speech": in_every_text,
    "refusal": lambda a, k: Form("", content=None, refusal=f"Not with {k}."),
    "content filter": lambda a, k: Form(k, finish_reason="content_filter"),
    "no form": lambda a, k: Form(f"You sent {k}, and I say yes."),
    "half a form": lambda a, k: Form(f'{{"says": "{k}", "vote": ', finish_reason="length"),
    "a field too many": lambda a, k: Form({**form(a), k: k}),
    "a choice that is none": lambda a, k: Form({**form(a), "vote": k, "asks": [k], "tables": [k], "moved_by": [k]}),
    "reasoning": lambda a, k: Form(form(a), reasoning=k, reasoning_content=k),
    "thoughts": lambda a, k: Form(f"<think>{k}</think>{json.dumps(form(a))}"),
    "model": lambda a, k: _answer(json.dumps(form(a)), model=k),
    "id and fingerprint": lambda a, k: _answer(json.dumps(form(a)), id=k, system_fingerprint=k, object=k),
    "usage": lambda a, k: _answer(json.dumps(form(a)), usage={"prompt_tokens": k, "completion_tokens": k}),
    "finish reason": lambda a, k: Form(form(a), finish_reason=k),
    "tool call": lambda a, k: _answer(None, message={"tool_calls": [
        {"id": k, "type": "function", "function": {"name": k, "arguments": json.dumps(form(a, says=k))}}]}),
    "broken tool call": lambda a, k: _answer(None, message={"tool_calls": [
        {"id": k, "type": "function", "function": {"name": k, "arguments": f'{{"says": "{k}'}}]}),
    "a wrong body": lambda a, k: Raw(json.dumps({"choices": k}).encode()),
    "no choices": lambda a, k: Raw(json.dumps({"choices": [], "error": {"message": k, k: k}}).encode()),
    "no JSON": lambda a, k: Raw(f"<html>{k}</html>".encode(), "text/html"),
    "a long text before it": lambda a, k: Form("w " * 985 + k),
    "half an answer": lambda a, k: Drop(after=f'{{"id": "{k}", "choi'.encode()),
    "500": lambda a, k: Status(500, json.dumps({"error": {"message": k, "code": k}}).encode(), Retry_After="0.01"),
    "429 with headers": lambda a, k: Status(429, k.encode(), Retry_After=quote(k), X_Request_Id=quote(k)),
    "400": lambda a, k: Status(400, k.encode()),
    "401": lambda a, k: Status(401, json.dumps({"error": {"message": f"Incorrect key {k}"}}).encode()),
}  # fmt: skip


@pytest.mark.parametrize("first", range(0, len(CHANNELS), 4), ids=lambda k: ", ".join([*CHANNELS][k : k + 4]))
def test_a_key_that_comes_back_goes_no_further(aipm, case, tmp_path, monkeypatch, first):
    """Whatever a seat's endpoint sends back, the key it was sent, and a key of another host, are in no file, on no
    screen, and in no request to anybody else."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    spellings = [spelt(key) for spelt, key in product(SPELT.values(), (KEY, OTHER))]
    channels = [*CHANNELS.values()][first : first + 4]

    def script(asked):
        if asked.role == "pm" and asked.verb in ("frame", "propose") and asked.number < 2:
            return Form(form(asked, says="I propose what we can all live with."))
        return channels[asked.number % 4](asked, spellings[asked.number % len(spellings)])

    with endpoint(script, models=("m", *spellings[:6])) as server, endpoint(agreeable) as other:
        port = other.url.split(":")[2].removesuffix("/v1")
        monkeypatch.setenv(f"OPENAI_API_KEY_127_0_0_1_{port}", OTHER)
        seats = ("--seat", f"legal=openai:b@{other.url}")
        said = ""
        for more in (["--cassette", "tape"], ["--concurrency", "1", "--json"]):
            done = aipm("run", case, "-m", "m", "--base-url", server.url, *seats, *more)
            said += done.out + done.err
        assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {KEY}"}
        assert {asked.headers["authorization"] for asked in other.asked} <= {f"Bearer {OTHER}"}
        told_to_other = "\n".join(text for asked in other.asked for _, text in asked.messages)
        told_to_server = "\n".join(text for asked in server.asked for _, text in asked.messages)
    for path in sorted(Path(os.environ["AIPM_RUNS"]).glob("*.jsonl")):
        read(path)
        done = aipm("show", path, "--as", "facilitator")
        said += done.out + done.err
    for text in (kept(tmp_path), said, told_to_other, told_to_server):
        assert not holds(text, KEY)
        assert not holds(text, OTHER)


def test_a_recorder_and_a_cassette_keep_no_key_whoever_says_it(tmp_path):
    redaction.know([KEY])
    header = new_header(scenario(), 0)
    said = Opened(
        round=0, role="legal", move=Opening(says=f"It is {KEY}, it is."),
        volatile={"came_back": {KEY: [f"Bearer {KEY}"]}},
    )  # fmt: skip
    with Recorder(tmp_path / "run.jsonl", header) as recorder:
        recorder.hold(said)
        assert not holds(kept(tmp_path), KEY)
        recorder.append(said)
    event = json.loads((tmp_path / "run.jsonl").read_text("utf-8").splitlines()[1])
    assert event["move"]["says"] == "It is [key], it is."
    assert event["volatile"] == {"came_back": {"[key]": ["Bearer [key]"]}}
    cassette, request = Cassette(tmp_path / "tape"), Request((("user", KEY),), "form", {}, 9, 0)
    cassette.keep("m", request, ModelReply(f'{{"says": "{KEY}"}}', Usage()))
    assert cassette.played("m", request).text == '{"says": "[key]"}'
    cassette.keep("n", request, SeatError("refusal", f"Not with {KEY}."))
    assert not holds(kept(tmp_path), KEY)


def test_a_key_that_is_a_name_of_the_scenario_breaks_no_record(tmp_path):
    redaction.know(["engineer", "review: "])
    said = Opened(round=0, role="engineer", move=Opening(says="The engineer is me."))
    with Recorder(tmp_path / "run.jsonl", new_header(scenario(), 0)) as recorder:
        recorder.append(said)
    event = json.loads((tmp_path / "run.jsonl").read_text("utf-8").splitlines()[1])
    assert (event["role"], event["move"]["says"]) == ("engineer", "The [key] is me.")


def test_a_transcript_that_holds_a_key_already_is_shown_without(aipm, case, tmp_path, monkeypatch):
    """Of a version that wrote it down."""
    path = Path(aipm("run", case, "--json").json["transcript"])
    header, *events = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text(header + "".join(events).replace('"says":"', f'"says":"{KEY} '), "utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for words in (
        ["show", path], ["show", path, "--json"], ["replay", path], ["show", path, "--as", "facilitator"],
        ["debrief", path], ["compare", path, path],
    ):  # fmt: skip
        done = aipm(*words)
        assert done.code == 0
        assert not holds(done.out + done.err, KEY)
    for name in ("run.md", "run.html", "run.json", "run.csv"):
        assert aipm("export", path, "-o", name, "--as", "facilitator").code in (0, 2)
        assert not (tmp_path / name).exists() or not holds((tmp_path / name).read_text("utf-8"), KEY)


@pytest.mark.parametrize("body", ["raise", "say"])
def test_a_sweep_keeps_no_key(aipm, case, tmp_path, monkeypatch, body):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    channel = CHANNELS["401"] if body == "raise" else CHANNELS["speech"]
    with endpoint(lambda asked: channel(asked, f"Bearer {KEY}")) as server:
        done = aipm("sweep", case, "--seeds", "0:2", *EVERY_SEAT, "--base-url", server.url, "-o", "out")
    assert (tmp_path / "out" / "rows.jsonl").is_file()
    assert list((tmp_path / "out" / ("failed" if body == "raise" else "runs")).rglob("*.json*"))
    assert not holds(kept(tmp_path / "out") + done.out + done.err, KEY)


def test_a_traceback_shows_no_key(case, monkeypatch, capsys):
    def fall(*_):
        raise RuntimeError(f"it was {KEY}") from ValueError(f"Bearer {KEY}")

    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr("aipm_agents.scenario.reader.read", fall)
    for words in (["run", str(case)], ["--debug", "run", str(case)]):
        monkeypatch.setattr(sys, "argv", ["aipm", *words])
        with pytest.raises(SystemExit) as end:
            cli.main()
        assert end.value.code == 1
        said = capsys.readouterr().err
        assert ("Traceback" in said) == ("--debug" in words)
        assert "it was [key]" in said
        assert not holds(said, KEY)


def test_a_redirection_takes_no_key_along(aipm, case, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with endpoint(agreeable) as other:
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        away = lambda asked: Status(307, b"", Location=f"{elsewhere}/chat/completions")  # noqa: E731
        with endpoint(away) as server:
            aipm("run", case, "-m", "m", "--base-url", server.url, "--json")
    assert not any(KEY in str(asked.headers) for asked in other.asked)


def test_doctor_and_a_dry_run_show_no_key(aipm, case, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with endpoint(in_every_key := lambda a: CHANNELS["refusal"](a, KEY), models=(f"gpt-{KEY}",)) as server:
        assert in_every_key
        said = ""
        for words in (
            ["doctor", "--base-url", server.url], ["doctor", "-m", "m", "--base-url", server.url, "--json"],
            ["run", case, "-m", "m", "--base-url", server.url, "--dry-run"],
        ):  # fmt: skip
            done = aipm(*words)
            said += done.out + done.err
    assert "[key]" in said
    assert not holds(said, KEY)


@pytest.mark.parametrize(
    "words",
    [
        ["-m", KEY], ["-m", f"openai:{KEY}"], ["-m", "m", "--base-url", f"http://127.0.0.1:9/{KEY}/v1"],
        ["--seat", f"pm=openai:m@http://127.0.0.1:9/{KEY}"],
    ],
)  # fmt: skip
def test_a_key_typed_where_it_would_be_recorded_is_refused(aipm, case, tmp_path, monkeypatch, words):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    done = aipm("run", case, *words)
    assert done.code == 2
    assert "a transcript would keep it" in done.err
    assert not holds(done.out + done.err + kept(tmp_path), KEY)


@pytest.mark.parametrize(
    "bad", ["sk-clé-0123456789", "sk-0123 456789ab", "sk-01234\n56789ab", "sk-\u200b0123456789"]
)
def test_a_key_that_cannot_be_sent_is_named_and_not_shown(aipm, case, monkeypatch, bad):
    monkeypatch.setenv("OPENAI_API_KEY", bad)
    with endpoint(agreeable) as server:
        for command in (["run", case], ["doctor"]):
            done = aipm(*command, "-m", "m", "--base-url", server.url)
            assert done.code == (2 if command[0] == "run" else 4)
            assert "OPENAI_API_KEY: character" in done.out + done.err
            assert bad not in done.out + done.err
            assert "a fault of ours" not in done.err
    assert server.asked == []


# --- which key goes where ---------------------------------------------------------------------------

KEYS = [
    ({"OPENAI_API_KEY": "k"}, Home(), OPENAI, "k"),
    ({"OPENAI_API_KEY": "k"}, Home("http://h:1/v1"), "http://h:1/v1", "k"),
    ({"OPENAI_API_KEY": "k"}, Home(), "http://h:1/v1", None),
    ({"OPENAI_API_KEY": "k"}, Home(), "https://api.openai.com.evil.example/v1", None),
    ({"OPENAI_API_KEY": "k"}, Home(), "http://api.openai.com/v1", None),
    ({"OPENAI_API_KEY": "k", "OPENAI_API_KEY_H_1": "own"}, Home(), "http://h:1/v1", "own"),
    ({}, Home(), OPENAI, None),
    ({"OPENAI_API_KEY": " \n"}, Home(), OPENAI, None),
]


@pytest.mark.parametrize(("environ", "home", "url", "key"), KEYS, ids=range(len(KEYS)))
def test_a_key_goes_only_where_it_belongs(environ, home, url, key):
    assert Keyring(environ).key(url, home) == key


FILE = "http://file:1/v1"
WITH_FILE = [  # environment, .env, --base-url -> where to, with which key
    ({"OPENAI_API_KEY": "env"}, {"OPENAI_BASE_URL": FILE}, None, FILE, None),
    ({"OPENAI_API_KEY": "env"}, {"OPENAI_BASE_URL": FILE, "OPENAI_API_KEY": "file"}, None, FILE, "file"),
    ({"OPENAI_API_KEY_FILE_1": "env"}, {"OPENAI_BASE_URL": FILE}, None, FILE, None),
    ({}, {"OPENAI_BASE_URL": FILE, "OPENAI_API_KEY_FILE_1": "file"}, None, FILE, "file"),
    ({"OPENAI_API_KEY": "env"}, {"OPENAI_BASE_URL": FILE}, FILE, FILE, "env"),
    ({"OPENAI_API_KEY": "env", "OPENAI_BASE_URL": "http://env/v1"}, {"OPENAI_BASE_URL": FILE}, None, "http://env/v1", "env"),
    ({"OPENAI_BASE_URL": "http://env/v1"}, {"OPENAI_API_KEY": "file"}, None, "http://env/v1", "file"),
    ({"OPENAI_API_KEY": "env"}, {"OPENAI_API_KEY": "file"}, "http://typed/v1", "http://typed/v1", "env"),
    ({"OPENAI_API_KEY": "env"}, {"OPENAI_BASE_URL": OPENAI}, None, OPENAI, "env"),
]  # fmt: skip


@pytest.mark.parametrize(("environ", "file", "typed", "url", "key"), WITH_FILE, ids=range(len(WITH_FILE)))
def test_a_file_that_names_the_address_gives_the_key(environ, file, typed, url, key):
    ring = Keyring(environ, file, "/there/.env")
    home = ring.home(typed)
    assert home.url == url
    assert ring.key(url, home) == key


def test_a_folder_that_names_an_address_gets_its_own_key_and_says_so(aipm, case, tmp_path, monkeypatch):
    """Somebody else's folder may send us anywhere; what is in our environment stays there."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    file = tmp_path / ".env"
    with endpoint(agreeable) as server:
        sent = lambda: {asked.headers["authorization"] for asked in server.asked}  # noqa: E731
        file.write_text(f"OPENAI_BASE_URL={server.url}\n", "utf-8")
        for words in (
            ["run", case, "-m", "m", "--json"], ["sweep", case, "--seeds", "0:1", *EVERY_SEAT, "-o", "out"],
            ["doctor", "-m", "m"],
        ):  # fmt: skip
            server.asked.clear()
            done = aipm(*words)
            assert sent() == {"Bearer none"}
            said = done.out + done.err
            assert said.count(f"{file} names the address {server.url}; it gets no key") == 1
            assert KEY not in said
        file.write_text(f"OPENAI_BASE_URL={server.url}\nOPENAI_API_KEY={OTHER}\n", "utf-8")
        server.asked.clear()
        done = aipm("run", case, "-m", "m", "--json")
        assert sent() == {f"Bearer {OTHER}"}
        assert f"{file} names the address {server.url}; it gets the key of that file" in done.err
        server.asked.clear()
        done = aipm("run", case, "-m", "m", "--json", "--base-url", server.url)
        assert sent() == {f"Bearer {KEY}"}
        assert done.err == ""


@pytest.mark.parametrize(
    "line", ["OPENAI_API_KEY=sk\0aaaaaaaaa", "OPENAI_BASE_URL=http://h\0/v1", "AIPM_RUNS=a\0b"]
)
def test_a_nul_in_the_file_is_named(aipm, tmp_path, line):
    (tmp_path / ".env").write_text(line + "\n", "utf-8")
    done = aipm("list")
    assert done.code == 2
    assert f".env: {line.partition('=')[0]} holds a NUL" in done.err


@pytest.mark.parametrize(
    "url", ["http://me:secret@h/v1", "http://me:secret@[h/v1", "http://me:secret@h:port/v1"]
)
def test_a_password_in_an_address_is_not_shown(url):
    with pytest.raises(UsageError) as told:
        Keyring({}).home(url)
    assert "secret" not in str(told.value)


# --- addresses that came with a transcript ------------------------------------------------------------


@pytest.fixture
def broken_off(aipm, case):
    """A run that was broken off at its first turns, and the two servers it names: one for the PM's seat, one for
    the rest."""
    with endpoint(agreeable) as server, endpoint(agreeable) as other:
        done = aipm(
            "run", case, "-m", "m", "--seat", f"pm=openai:m@{other.url}", "--base-url", server.url, "--max-calls", "1",
            "--json",
        )  # fmt: skip
        assert done.code == 5
        assert f"--base-url {server.url} --allow-address {other.url}" in done.err, (
            "so the printed command goes on"
        )
        server.asked.clear()
        other.asked.clear()
        yield Path(done.json["transcript"]), server, other


def at_a_terminal(monkeypatch, *answers):
    typed = io.StringIO("".join(f"{each}\n" for each in answers))
    typed.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", typed)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)


def test_an_address_of_a_transcript_is_not_called_on_unasked(aipm, broken_off, monkeypatch):
    path, server, other = broken_off
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    before = path.read_bytes()
    for words, address in (
        ([], other.url), (["--base-url", server.url], other.url), (["--allow-address", other.url], server.url),
        (["--seat", "pm=openai:m", "--allow-address", other.url], server.url),
        (["--seat", "pm=embedded"], server.url), (["--from", "0", "--allow-address", other.url], server.url),
        (["--cassette", "tape"], other.url),
    ):  # fmt: skip
        done = aipm("resume", path, "--json", *words)
        assert done.code == 4
        assert done.out == ""
        assert f"{path} names the address {address}" in done.err
        assert f"--allow-address {address}" in done.err
    assert path.read_bytes() == before
    assert server.asked == other.asked == []


@pytest.mark.parametrize(
    "words",
    [
        ["--allow-address", "SERVER", "--allow-address", "OTHER"], ["--base-url", "SERVER", "--allow-address", "OTHER"],
        ["--base-url", "SERVER", "--seat", "pm=openai:m@OTHER"], ["--base-url", "OTHER"],
        ["--seat", "pm=openai:n@OTHER", "--seat", "legal=openai:m@SERVER"],
    ],
    ids=lambda words: " ".join(words),
)  # fmt: skip
def test_an_address_that_is_named_here_is_called_on(aipm, broken_off, words):
    path, server, other = broken_off
    typed = [word.replace("SERVER", server.url).replace("OTHER", other.url) for word in words]
    done = aipm("resume", path, "--json", *typed)
    assert done.code == 0
    assert done.json["outcome"] != "stopped"


def test_an_address_that_the_environment_names_is_called_on(aipm, broken_off, monkeypatch):
    path, server, other = broken_off
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    assert aipm("resume", path, "--seat", "pm=embedded", "--json").code == 0
    assert other.asked == []


@pytest.mark.parametrize(("said", "code"), [("y", 0), ("Yes", 0), ("", 4), ("n", 4), ("yess", 4)])
def test_at_a_terminal_the_address_is_asked_about(aipm, broken_off, monkeypatch, said, code):
    path, server, other = broken_off
    port = other.url.split(":")[2].removesuffix("/v1")
    monkeypatch.setenv(f"OPENAI_API_KEY_127_0_0_1_{port}", OTHER)
    at_a_terminal(monkeypatch, said)
    done = aipm("resume", path, "--base-url", server.url, "--json")
    assert done.code == code
    told = f"{path} names the address {other.url}, and nobody here has. It would get the key OPENAI_API_KEY_127_0_0_1_{port}. "
    assert told + "Call on it? [y/N]" in done.err
    assert bool(other.asked) == (code == 0)
    assert {asked.headers["authorization"] for asked in other.asked} <= {f"Bearer {OTHER}"}


def test_what_a_header_calls_an_address_is_looked_at(aipm, broken_off):
    path, _, _ = broken_off
    for wrong in ('"http://api.openai.com@evil.example/v1"', "{}", '"/etc"'):
        path.write_text(
            re.sub(r'"base_url":"[^"]*"|"base_url":\{\}', f'"base_url":{wrong}', path.read_text("utf-8")),
            "utf-8",
        )
        done = aipm("resume", path)
        assert done.code in (2, 3)
        assert "base_url" in done.err


def test_another_version_is_named(aipm, case):
    path = Path(aipm("run", case, "--json").json["transcript"])
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), "utf-8")
    assert aipm("resume", path, "--json").err == ""
    path.write_text(re.sub(r'"aipm":"[^"]*"', '"aipm":"0.0.1"', "".join(lines[:-1]), count=1), "utf-8")
    done = aipm("resume", path, "--json")
    assert done.code == 0
    assert f"{path} was begun by aipm 0.0.1, and this is aipm {__version__}" in done.err
