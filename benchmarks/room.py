"""Two hundred phones: tables of five clients over real HTTP and event streams, all on one machine.

    python benchmarks/room.py [--tables 40] [--rounds 3] [--spread 20] [--otree URL]

Measured: from the last vote of a table to the ruling on every phone of that table (the stream rings, the phone fetches the
page that shows it), p50 and p95; the server's memory; and that nobody's answer is lost. The tables end their rounds over `--spread` seconds; with 0 all two hundred act at the same
instant, and what is measured is the queue. `--otree` asks an oTree server (the public framework for such classes, `pip install otree` in an
environment of its own, an app with a page that has a vote and a sentence, served with `otree prodserver`; URL: a session's common link) for as
many participants' pages as often, and gives the ratio of the p95 of a page.

The server is a process of its own; the clients share this one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

SERVER = """
import sys
from pathlib import Path
from aipm_agents.room.chairs import Chairs
from aipm_agents.room.classroom import site
from aipm_agents.room.lesson import Lesson
from aipm_agents.room.register import Register, new_class
from aipm_agents.room.server import Server, claimed, port_of
from aipm_agents.scenario.library import bundled
from aipm_agents.scenario.reader import read
from aipm_agents.seats.embedded import Embedded
case = read(bundled()["refund-copilot"])
opened = new_class(case, seed=1, tables=int(sys.argv[2]), minutes=50, patience=3600, kinds={})
lesson = Lesson(Register(Path(sys.argv[1]), opened), Chairs({"embedded": {r: Embedded() for r in case.parties}}))
with claimed("127.0.0.1", 0) as listening:
    from aipm_agents.room.tokens import derived
    app = site(lesson, "http://127.0.0.1/")
    app.by_address.a_second = app.by_address.burst = 1e9  # one machine is two hundred phones here
    print(port_of(listening), opened.code, derived(opened.secret, "teacher"), flush=True)
    Server(listening).run(app)
"""
LONG = 120
"""Seconds after which somebody who waits says so, and the measurement ends."""
_HIDDEN = re.compile(r'name="(verb|round)" value="([^"]*)"')
_CHIP = re.compile(r'name="(package-[^"]+)" value="([^"]+)"')


class Phone:
    def __init__(self, base: str, code: str, number: int) -> None:
        self.base, self.code, self.number = base, code, number
        self.client = httpx.AsyncClient(
            base_url=base, timeout=60, headers={"origin": base}, limits=httpx.Limits(max_connections=4)
        )
        self.shown: dict[int, float] = {}
        """Round -> when this phone showed its ruling."""
        self.rang, self.sent = asyncio.Event(), 0

    async def join(self) -> None:
        reply = await self.client.post(
            "/join", data={"code": self.code, "name": f"N{self.number}", "language": "en"}
        )
        assert reply.status_code == 303, reply.status_code

    async def listen(self) -> None:
        """As the script does: the stream rings, and the page is fetched again, until it has come."""
        async with self.client.stream("GET", "/events/seat", timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    page = await self.page("/seat/table")
                    found = re.search(r"as ruled in round (\d+)", page)
                    if found:
                        self.shown.setdefault(int(found[1]), time.perf_counter())
                    self.rang.set()
        raise SystemExit(f"phone {self.number}: the stream ended")

    async def page(self, path: str) -> str:
        while True:
            reply = await self.client.get(path, headers={"sec-fetch-mode": "cors"})
            if reply.status_code == 200:
                return reply.text
            assert reply.status_code == 429, (path, reply.status_code)
            await asyncio.sleep(1)

    async def waited(self, what: str) -> None:
        """For the next ring. Whoever waits too long says for what, and the measurement ends."""
        try:
            await asyncio.wait_for(self.rang.wait(), LONG)
        except TimeoutError:
            raise SystemExit(f"phone {self.number} waited {LONG} s for {what}") from None
        self.rang.clear()

    async def turn(self, vote: str) -> None:
        """Once it is asked: sent, and told to be sent."""
        while True:
            page = await self.page("/seat/turn")
            data = dict(_HIDDEN.findall(page))
            if "verb" in data:
                break
            await self.waited("its turn")
        if data["verb"] == "propose":
            for name, value in _CHIP.findall(page):
                data.setdefault(name, value)
        data |= {"vote": vote} if data["verb"] == "answer" else {}
        data["says"] = f"{self.number} says {data['verb']} {data['round']}"
        reply = await self.client.post("/seat/answer", data=data, follow_redirects=False)
        assert reply.status_code == 303, (data["verb"], data["round"], reply.status_code)
        self.sent += 1

    async def ruling(self, number: int) -> float:
        while number not in self.shown:
            await self.waited(f"the ruling of round {number}")
        return self.shown[number]


async def table(phones: list[Phone], rounds: int, spread: float, took: list[float]) -> None:
    """One table plays; five people answer when they are asked."""
    await phones[0].turn("no")
    await asyncio.gather(*(phone.turn("no") for phone in phones[1:]))
    for number in range(1, rounds + 1):
        await phones[0].turn("no")
        await asyncio.gather(*(phone.turn("no") for phone in phones[1:4]))
        await asyncio.sleep(1 + spread * (phones[0].number % 41) / 41)  # tables do not answer in step
        began = time.perf_counter()
        await phones[4].turn("no")
        took += [await phone.ruling(number) - began for phone in phones]


async def measure(
    base: str, code: str, teacher: str, tables: int, rounds: int, spread: float
) -> tuple[list[float], list[float], int]:
    phones = [Phone(base, code, number) for number in range(5 * tables)]
    for phone in phones:
        await phone.join()
    lead = httpx.AsyncClient(base_url=base, timeout=120, headers={"origin": base}, follow_redirects=True)
    await lead.get(f"/teacher/enter/{teacher}")
    await lead.post("/teacher/act", data={"act": "deal"})
    await lead.post("/teacher/act", data={"act": "begin"})
    took: list[float] = []
    streams = [asyncio.create_task(phone.listen()) for phone in phones]
    # the deal goes round the tables: person k sits at table k mod tables, in the order of the seats
    played = asyncio.gather(*(table(phones[k::tables], rounds, spread, took) for k in range(tables)))
    await asyncio.wait({played, *streams}, return_when=asyncio.FIRST_COMPLETED)
    for stream in streams:
        if stream.done():
            stream.result()  # it ended before the game did, and says why
        stream.cancel()
    await played
    seen = await pages([phone.client for phone in phones], "/seat/turn")
    return took, seen, sum(phone.sent for phone in phones)


async def pages(clients: list[httpx.AsyncClient], url: str, times: int = 5) -> list[float]:
    """How long each client's own page takes, in seconds, when all ask for theirs again and again. `url` leads there."""
    took: list[float] = []

    async def asks(client: httpx.AsyncClient) -> None:
        page = (await client.get(url)).url
        for _ in range(times):
            await asyncio.sleep(1)
            began = time.perf_counter()
            reply = await client.get(page)
            took.append(time.perf_counter() - began)
            assert reply.status_code == 200, (page, reply.status_code)

    await asyncio.gather(*(asks(client) for client in clients))
    return took


async def theirs(url: str, count: int) -> list[float]:
    return await pages([httpx.AsyncClient(timeout=120, follow_redirects=True) for _ in range(count)], url)


def p(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] * 1000


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--tables", type=int, default=40)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--spread", type=float, default=20, help="Seconds over which the tables end a round.")
    asked.add_argument(
        "--otree", metavar="URL", help="The common link of an oTree session with as many participants."
    )
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "class"
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(folder), str(given.tables)], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        port, code, teacher = server.stdout.readline().split()
        base = f"http://127.0.0.1:{port}"
        try:
            took, ours, sent = asyncio.run(
                measure(base, code, teacher, given.tables, given.rounds, given.spread)
            )
            memory = psutil.Process(server.pid).memory_info().rss / 1e6
            busy = sum(psutil.Process(server.pid).cpu_times()[:2])
        finally:
            server.send_signal(signal.SIGKILL)
            server.wait()
        kept = [
            json.loads(line)
            for path in folder.glob("table-*.jsonl*")
            for line in path.read_text("utf-8").splitlines()
        ]
        spoken = {line["move"]["says"] for line in kept if line.get("move") and line["move"].get("says")}
        mine = [text for text in spoken if re.fullmatch(r"\d+ says \w+ \d+", text)]
        print(
            f"{given.tables} tables of 5 phones, {given.rounds} rounds, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        )
        print(
            f"last vote to ruling on every phone: p50 {p(took, 0.5):.0f} ms, p95 {p(took, 0.95):.0f} ms ({len(took)} phones x rounds)"
        )
        print(
            f"server: {memory:.0f} MB, {busy:.1f} s of processor, mean {statistics.mean(took) * 1000:.0f} ms"
        )
        print(f"told sent {sent}, kept {len(mine)}, lost {sent - len(mine)} (killed with -9 before reading)")
        print(f"our page of a seat, {5 * given.tables} clients: p95 {p(ours, 0.95):.0f} ms")
        if given.otree:
            other = asyncio.run(theirs(given.otree, 5 * given.tables))
            print(
                f"oTree's page of a participant, as many clients: p95 {p(other, 0.95):.0f} ms; ratio {p(other, 0.95) / p(ours, 0.95):.1f}"
            )


if __name__ == "__main__":
    main()
