"""A page read for tests: its words, its tags."""

from __future__ import annotations

from html.parser import HTMLParser


class Words(HTMLParser):
    """All text of a page, tags and style left out."""

    def __init__(self, text):
        super().__init__()
        self.words, self.muted, self.tags = [], 0, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.muted += tag in ("style", "script")

    def handle_endtag(self, tag):
        self.muted -= tag in ("style", "script")

    def handle_data(self, data):
        if not self.muted:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
