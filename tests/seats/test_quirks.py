"""Every way in which public endpoints are reported to behave: the same deal, or a stop that says why."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from endpoint import endpoint
from quirks import NEEDED, QUIRKS, good, meeting, served

from aipm_agents.errors import EndpointError
from aipm_agents.keyring import Home
from aipm_agents.seats.model.address import Address, proxy_of
from aipm_agents.seats.model.asking import is_cut
from aipm_agents.seats.model.blame import meaning
from aipm_agents.seats.model.budget import Budget, Usage
from aipm_agents.seats.model.checkup import reach
from aipm_agents.seats.model.envelope import Complaint, opened
from aipm_agents.seats.model.exchange import Request
from aipm_agents.seats.model.switchboard import Switchboard


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr("aipm_agents.seats.model.patience.FIRST_PAUSE", 0.01)


@pytest.mark.parametrize("name", QUIRKS)
def test_a_reported_endpoint_brings_the_same_deal_or_stops_and_says_why(name):
    with served(name) as server:
        ended = meeting(name, server.url)
    says = QUIRKS[name].says
    assert ended.how == ("stop" if says else "deal"), ended
    assert says in ended.says
    assert ended.calls <= NEEDED + (0 if says else 3)
    if not says:
        assert not ended.says, "nobody abstained"


# --- proxies and certificates -------------------------------------------------------------------


class _Proxy(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.caught.append(self.path)
        self.send_response(502)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_):
        pass


@pytest.fixture
def proxy(monkeypatch):
    """One that catches everything and reaches nobody, as the environment names it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)
    server.caught = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, url)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield server
    server.shutdown()
    server.server_close()


def test_no_proxy_is_used_to_this_machine(proxy):
    """BerriAI/litellm#8510, run-llama/llama_index#13640, shinnpuru/VoiceTransl#32."""
    with endpoint(good) as server:
        for url in (server.url, server.url.replace("127.0.0.1", "localhost")):
            assert meeting("perfect", url).how == "deal"
    assert proxy.caught == []


def test_a_proxy_that_answers_in_an_endpoints_place_is_named(proxy, monkeypatch):
    monkeypatch.setattr("aipm_agents.seats.model.checkup._PAUSE", 0.0)
    board = Switchboard(Home("http://models.example/v1"), Budget(), timeout=5.0)
    with pytest.raises(EndpointError, match=r"It may be the proxy 127\.0\.0\.1 .* NO_PROXY=models\.example"):
        reach(board.line(Address("m", "http://models.example/v1")).endpoint)
    assert proxy.caught
    board.close()
    monkeypatch.setenv("NO_PROXY", "models.example")
    assert proxy_of(Address("m", "http://models.example/v1")) is None


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
def test_a_certificate_that_nobody_signed_is_told(tmp_path):
    """vllm-project/vllm#1644."""
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-days",
        "2",
    ]
    files = [str(tmp_path / "key.pem"), str(tmp_path / "cert.pem")]
    subprocess.run([*made, "-keyout", files[0], "-out", files[1]], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files[1], files[0])
    with endpoint(good, tls=context) as server:
        ended = meeting("perfect", server.url.replace("http:", "https:").replace("127.0.0.1", "localhost"))
    assert (ended.how, ended.calls) == ("stop", 0)
    assert "certificate that is not trusted" in ended.says
    assert "SSL_CERT_FILE" in ended.says


# --- who is to blame ----------------------------------------------------------------------------

HERE = Address("gpt-x", "http://h/v1")
BLAME = [
    (401, "no", "", "key"), (403, "no", "", "forbidden"), (402, "no", "", "money"), (404, "no", "", "missing"),
    (404, "The model `gpt-x` does not exist", "model_not_found", "model"), (405, "Method Not Allowed", "", "path"),
    (404, "No endpoints found that support tool use.", "404", "otherwise"),
    (404, "No endpoints found for gpt-x.", "404", "model"),
    (400, "API key not valid. Please pass a valid API key.", "invalid_argument", "key"),
    (403, "Input was flagged", "moderation", "filter"), (400, "filtered", "content_filter", "filter"),
    (429, "slow down", "rate_limit_exceeded", "again"), (429, "spent", "insufficient_quota", "money"),
    (503, "overloaded", "", "again"), (529, "overloaded", "overloaded_error", "again"), (500, "oops", "", "otherwise"),
    (400, "maximum context length is 8192 tokens", "", "context"), (422, "seed: extra", "", "otherwise"),
    (400, "try again with higher max_tokens", "", "room"), (400, "x", "json_validate_failed", "made"),
    (200, "no choices", "", "again"), (503, "Service Unavailable", "page", "again"), (200, "Sign in", "page", "path"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "said", "code", "means"), BLAME, ids=range(len(BLAME)))
def test_a_complaint_is_blamed_on_whoever_must_act(status, said, code, means):
    assert meaning(Complaint(status, said, code), HERE) == means


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"error": {"message": "no"}}', "no"),
        ('{"error": "no"}', "no"),
        ('[{"error": {"message": "no"}}]', "no"),
        ('{"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs"}]}', "seed: Extra inputs"),
        ('{"object": "error", "message": {"detail": [{"loc": ["a"], "msg": "b"}]}}', "a: b"),
        ('{"error": {"message": "Provider returned error", "metadata": {"raw": "{\\"error\\": \\"full\\"}"}}}',
         "Provider returned error (provider: full)"),
        ('{"error": {"message": "{\\"error\\": {\\"message\\": \\"deep\\"}}"}}', "deep"),
        ("plain words", "plain words"),
        ("<html><h1>Bad\n Gateway</h1></html>", "Bad Gateway"),
    ],
)  # fmt: skip
def test_what_an_endpoint_says_is_shown_and_not_what_it_is_wrapped_in(body, said):
    assert opened(400, body, {}).said == said


@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({"retry-after": "20"}, "{}", 20.0),
        ({"retry-after-ms": "1500"}, "{}", 1.5),
        ({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT"}, "{}", 0.0),
        ({"retry-after": "soon"}, "{}", None),
        ({}, '{"error": {"message": "", "details": [{"retryDelay": "34s"}]}}', 34.0),
    ],
)
def test_how_long_it_asks_to_wait(headers, body, wait):
    assert opened(429, body, headers).wait == wait


SIZES = [(20_000, 5_000, False), (20_000, 4_096, True), (20_000, 2_050, True), (20_000, 2_700, True),
         (20_000, 3_900, False), (20_000, 12, False), (6_000, 1_026, True), (6_000, 1_500, False)]  # fmt: skip


@pytest.mark.parametrize(("sent", "read", "cut"), SIZES)
def test_a_prompt_that_was_cut_is_known_by_its_tokens(sent, read, cut):
    request = Request((("system", "x" * (sent - 10)), ("user", "x" * 10)), "answer", {}, 100, 0)
    assert is_cut(request, Usage(1, read, 0, 10)) is cut
