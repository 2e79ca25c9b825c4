"""A browser without a window: asks our programs in this process, and keeps its cookies."""

from __future__ import annotations

from pagetext import Tags, Words
from starlette.testclient import TestClient

HOST = "127.0.0.1:8300"


class Browser:
    def __init__(self, app, host=HOST, address="10.0.0.7"):
        self.host, self.address, self.name = host, address, ""
        self.client = TestClient(app, base_url=f"http://{host}", client=(address, 50000), follow_redirects=True, raise_server_exceptions=False)  # fmt: skip
        self.seen = ""

    def get(self, path, **headers):
        return self._kept(self.client.get(path, headers=headers))

    def post(self, path, data=None, **headers):
        return self._kept(
            self.client.post(path, data=data or {}, headers={"origin": f"http://{self.host}", **headers})
        )

    def _kept(self, reply):
        self.seen += reply.text
        return reply


def words(reply):
    return Words(reply.text).text


def tags(reply, name):
    return [attrs for tag, attrs in Tags(reply.text).tags if tag == name]
