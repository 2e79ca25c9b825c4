"""A class played by a script in this process, which kills itself at the n-th write; started again, it goes on.

    python killed_class.py FOLDER N     N = -1: to the end

Each word that a phone was told is sent is printed, once the reply has come.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1]))
from asking import Browser
from records import bundle
from roomful import Room, turn

from aipm_agents import disk
from aipm_agents.language import settle
from aipm_agents.room import register
from aipm_agents.transcript import lines, recorder

left = int(sys.argv[2])


def counted(real):
    """Dies before it is done, or after."""

    def made(*args, **kwargs):
        step()
        done = real(*args, **kwargs)
        step()
        return done

    return made


def step():
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


register.write = recorder.write = counted(lines.write)
disk.write = counted(disk.write)
Path.unlink = counted(Path.unlink)

settle(None, {})
folder = Path(sys.argv[1])
case = bundle("refund-copilot")
if (folder / "class.jsonl").exists():
    room = Room.__new__(Room)
    room.scenario, room.folder, room.players, room.phones = case, folder, {}, []
    room._open(register.Register(folder))
    room.lesson.wake()
else:
    room = Room(folder, case)
roster = room.lesson.roster
while len(roster.people) < 3:
    room.lesson.join(f"N{len(roster.people) + 1}", "en")
if not roster.places:
    room.lesson.deal()
room.lesson.begin()
phones = {}
for person in sorted(roster.people):
    phones[person] = Browser(room.app)
    phones[person].client.cookies.set("aipm-seat", room.lesson.rekey(person))
for _ in range(200):
    if room.lesson.over:
        break
    for person, phone in phones.items():
        now = room.table.step
        words = f"{person} in round {now.round}, {now.phase}."
        reply = turn(phone, says=words)
        if reply is not None and reply.status_code == 200 and "Not sent:" not in reply.text:
            print(words, flush=True)
assert room.lesson.over
