"""A person at a real terminal, for tests: a pseudo-terminal with the command on its other side."""

from __future__ import annotations

import os
import re
import sys
import time

import pexpect

PROMPT = re.compile(r"> (?:\x1b\[[0-9;?]*[A-Za-z])*$")
WHERE = {"en": re.compile(r"(opening|round (\d+))> $"), "zh-Hant": re.compile(r"(開場|第 (\d+) 輪)> $")}
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Player:
    """Sits at a real terminal, types badly, and takes the turn a role is asked for in the end."""

    def __init__(self, folder, words, *, lang="en", size=(24, 80)):
        environment = {
            **os.environ, "AIPM_RUNS": str(folder / "runs"), "TERM": "xterm", "LC_ALL": "C.UTF-8", "INPUTRC": os.devnull,
        }  # fmt: skip
        environment.pop("COLUMNS", None)
        self.lang, self.said = lang, ""
        self.child = pexpect.spawn(
            sys.executable, ["-m", "aipm_agents", "--lang", lang, *map(str, words)], cwd=str(folder),
            env=environment, dimensions=size, encoding="utf-8", timeout=60, codec_errors="replace", searchwindowsize=80,
        )  # fmt: skip
        self.child.delaybeforesend = None

    def prompt(self):
        """The next prompt, without escapes; None at the end."""
        found = self.child.expect([PROMPT, pexpect.EOF])
        self.said += self.child.before + (self.child.after if found == 0 else "")
        return ESCAPES.sub("", self.said[-300:]) if found == 0 else None

    def type(self, text):
        self.child.sendline(text)

    def interrupt(self):
        """Ctrl-C, until it is heard: a signal that comes between a prompt and the first wait for a key is only
        seen with the next one, and no person is that quick."""
        for _ in range(4):
            time.sleep(0.2)
            self.child.sendintr()
            if self.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=10) == 0:
                break
        self.said += self.child.before
        self.child.close()
        return self.child.exitstatus

    def to_the_end(self, noise=lambda player, number: None):
        """Play on until the run has ended; `noise` may do something silly at each prompt first."""
        turn, queue, number = None, [], 0
        while (asked_for := self.prompt()) is not None:
            number += 1
            assert number < 400, self.said[-3000:]
            if noise(self, number):
                continue
            place = WHERE[self.lang].search(asked_for)
            if place is None:
                self.type("")
                continue
            if turn != place[1] or not queue:
                turn, queue = place[1], self.plan(place[1], self.said)
            self.type(queue.pop(0))
        self.child.close()
        return self.child.exitstatus

    def plan(self, turn, said):
        """What to type in a turn, by what the menu offers."""
        menu = ESCAPES.sub("", said)[-700:]
        if turn in ("opening", "開場"):
            return ["send"]
        if re.search(r"1 (sign|簽) ", menu):
            return ["sign", "send"]
        return ["package 2 2 2", "send"] if re.search(r"4 (package|方案) ", menu) else ["yes", "send"]
