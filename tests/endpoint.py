"""A chat-completions endpoint for tests: real HTTP, scripted answers, every fault an endpoint can have."""

from __future__ import annotations

import json
import re
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Asked:
    """One request, as a script sees it."""

    def __init__(self, body, headers, number):
        self.body, self.headers, self.number = body, headers, number
        self.messages = [(m["role"], m["content"] or "") for m in body["messages"]]
        self.system = self.messages[0][1]
        self.text = "\n".join(text for _, text in self.messages)
        self.model = body["model"]

    @property
    def role(self):
        """Whose seat this is."""
        found = re.search(r"^(\S+?)[:：][^\n]*?(?:\(you\)|（你）)", self.system, re.MULTILINE)
        return found[1] if found else None

    @property
    def how(self):
        if "tools" in self.body:
            return "tool"
        return {"json_schema": "schema", "json_object": "json"}.get(
            self.body.get("response_format", {}).get("type"), "text"
        )

    @property
    def schema(self):
        if self.how == "schema":
            return self.body["response_format"]["json_schema"]["schema"]
        if self.how == "tool":
            return self.body["tools"][0]["function"]["parameters"]
        return json.loads(self.messages[-1][1].rsplit("JSON Schema:\n", 1)[1])

    @property
    def limit(self):
        """Tokens the answer may take, whatever it is called."""
        return self.body.get("max_tokens") or self.body.get("max_completion_tokens")

    @property
    def verb(self):
        fields = set(self.schema["properties"])
        for verb, field in (("answer", "vote"), ("propose", "package"), ("sign", "signs"), ("open", "asks")):
            if field in fields:
                return verb
        return "frame"

    @property
    def repaired(self):
        return len(self.messages) > 2


def tokens(text):
    """About as many as a tokenizer makes of it: four letters of English, a letter of Chinese."""
    return len(text.encode()) // 4 + 1


def filled(schema, **wanted):
    """The shortest instance of a form, with some fields as wanted; what a form lacks is left out."""
    if "anyOf" in schema:
        return None
    if "enum" in schema:
        return schema["enum"][0]
    match schema["type"]:
        case "object":
            return {
                name: wanted[name] if name in wanted else filled(part)
                for name, part in schema["properties"].items()
            }
        case "array":
            return [filled(schema["items"]) for _ in range(schema.get("minItems", 0))]
        case "boolean":
            return True
        case "null":
            return None
    return "Well."


def agreeable(asked):
    """Says yes, tables everything it holds, signs."""
    return Form(filled(asked.schema, vote="yes", tables=offered(asked.schema, "tables")[:4]))


def offered(schema, name):
    """What can be named in a list of a form; nothing where the list takes null, or is not there."""
    return schema["properties"].get(name, {}).get("items", {}).get("enum", [])


class Form:
    """A filled form, put where the request wants it."""

    def __init__(self, fields, *, usage=True, **message):
        self.fields, self.usage, self.message = fields, usage, message

    def send(self, handler, asked):
        text = self.fields if isinstance(self.fields, str) else json.dumps(self.fields, ensure_ascii=False)
        message = {"role": "assistant", "content": text}
        if asked.how == "tool":
            made = {"name": asked.body["tools"][0]["function"]["name"], "arguments": text}
            message = {
                "role": "assistant", "content": None,
                "tool_calls": [{"id": "1", "type": "function", "function": made}],
            }  # fmt: skip
        finish = self.message.pop("finish_reason", "stop") if self.message else "stop"
        message |= self.message
        data = {
            "id": "1", "object": "chat.completion", "created": 1, "model": f"{asked.model}-0001",
            "choices": [{"index": 0, "finish_reason": finish, "message": message}],
        }  # fmt: skip
        if self.usage:
            prompt, answer = tokens(asked.text), tokens(text)
            if finish == "length":
                answer = asked.limit or 4096
            data["usage"] = {
                "prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer,
                "prompt_tokens_details": {"cached_tokens": tokens(asked.system)},
            }  # fmt: skip
        handler.reply(200, json.dumps(data).encode())


class Status:
    def __init__(self, status, body=b'{"error": {"message": "no"}}', **headers):
        self.status, self.body, self.headers = status, body, headers

    def send(self, handler, asked):
        handler.reply(self.status, self.body, **self.headers)


class Raw:
    """Bytes of whatever kind, as a 200."""

    def __init__(self, body, kind="application/json"):
        self.body, self.kind = body, kind

    def send(self, handler, asked):
        handler.reply(200, self.body, **{"Content-Type": self.kind})


class Drop:
    """The connection breaks: before a word, or in the middle of the answer."""

    def __init__(self, after=b""):
        self.after = after

    def send(self, handler, asked):
        if self.after:
            handler.wfile.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
            )
            handler.wfile.write(self.after)
            handler.wfile.flush()
        handler.close_connection = True
        handler.connection.close()


class Silence:
    """Nothing, until the test ends."""

    def __init__(self, seconds=30.0):
        self.seconds = seconds

    def send(self, handler, asked):
        handler.server.done.wait(self.seconds)
        handler.close_connection = True


class Drip:
    """A byte every now and then, for ever: no read ever times out."""

    def send(self, handler, asked):
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n"
        )
        while not handler.server.done.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()


class Flood:
    """More than anybody would read."""

    def send(self, handler, asked):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
        for _ in range(200):
            handler.wfile.write(b'"' + b"x" * 100_000)
        handler.close_connection = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        if self.server.get is not None and (found := self.server.get(self.path)) is not None:
            self.reply(found[0], json.dumps(found[1]).encode())
            return
        if not self.path.endswith("/models"):
            self.reply(404, b'{"error": {"message": "no such page"}}')
            return
        status = self.server.models_status
        data = {"object": "list", "data": [{"id": name} for name in self.server.models]}
        self.reply(status, json.dumps(data if status == 200 else {"error": {"message": "no"}}).encode())

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        with server.lock:
            server.asked.append(asked := Asked(body, dict(self.headers), len(server.asked)))
        time.sleep(server.latency)
        answer = server.script(asked)
        try:
            (Form(answer) if isinstance(answer, dict | str) else answer).send(self, asked)
        except (BrokenPipeError, ConnectionResetError, ValueError):
            self.close_connection = True

    def reply(self, status, body, **headers):
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass  # a client that hung up is what many tests are about


@contextmanager
def endpoint(script=agreeable, *, latency=0.0, models=("m",), models_status=200, get=None, tls=None):
    """`script`: what is answered to each request. `get`: (status, data) for a path that is looked up, or None for
    what it usually is. Gives the server; its `url` is the base URL."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.script, server.latency, server.models, server.models_status = (
        script,
        latency,
        models,
        models_status,
    )
    server.get = get
    server.asked, server.lock, server.done = [], threading.Lock(), threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}/v1"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.done.set()
        server.shutdown()
        server.server_close()
