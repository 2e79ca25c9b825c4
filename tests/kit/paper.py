"""A class on paper that cannot ask the program: it reads the printed Markdown of a kit, keeps what has come out, and rules
by the sheets alone. Nothing of the house is imported here."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

SAYS = {
    "en": {
        "met when": "met when", "option": "Option", "only": "; follow-up only", "proof": "a fact on the table is its proof", "has": "the package has ",
        "most": " at most ", "least": " at least ", "with": " with ", "base": r"Before anything is added: (.*)\. What is not", "parts": "; ",
        "deal": r"half of Alignment needs (\d+) of (\d+) yeses(?: \(always among them: (.*?)\))?,", "case": ", or ", "list": ", ", "colon": ": ",
        "never": ("You never accept", " never accepts this: ", "You never accept this: "), "because": ": ",
        "proves with": r"Proof for ([^.]*?), if the package has ([^.]*)\.",
        "proves": r"Proof for ([^.]*?)\.", "fails": r"It fails ([^.]*?), (?:unless the package has ([^.]*)|whatever the package)\.",
        "both": r"Proof for ([^.]*?) with ([^.]*?) in the package; with anything else it fails it\.",
        "met now": r"(⟨c\d+⟩) is met when (.*)\.", "once": (r"when somebody says (⟨o\d+⟩)", r"when somebody challenges this fact: (.*)"),
        "links": (r"when (⟨o\d+⟩) and this fact", r"when (⟨o\d+⟩) and that challenge", "when that challenge and this fact"),
        "answers": (r"It is answered by (.*)\.", r"A package with (.*) answers it", "the fact "), "answer": r'"(.*)" answers it\. Unless',
        "slip": r"## Slip \d+, for (the table|(.*) alone) \((.*)\)",
    },
    "zh-Hant": {
        "met when": "怎樣算成立", "option": "選項", "only": "；只列後續事項", "proof": "有已知的事實能證明", "has": "方案裡有", "most": "最多 ", "least": "至少 ", "with": "搭配",
        "base": r"還沒選任何東西的時候：(.*)。沒寫的", "parts": "；", "case": "，或是", "list": "、", "colon": "：",
        "deal": r"那一半：(?P<seats>\d+) 人裡要有 (?P<needed>\d+) 人贊成(?:（一定要有：(.*?)）)?，",
        "never": ("你絕對不接受", "絕對不接受：", "你絕對不接受："), "because": "：",
        "proves with": r"方案裡有([^。]*?)時，可以證明([^。]*?)這一條。",
        "proves": r"可以證明([^。]*?)這一條。", "fails": r"會讓([^。]*?)不成立，(?:除非方案裡有([^。]*)|什麼方案都一樣)。",
        "both": r"方案裡有([^。]*?)，就可以證明([^。]*?)這一條；沒有，就會讓它不成立。",
        "met now": r"(⟨c\d+⟩)這一條：(.*)，就成立。", "once": (r"有人說出(⟨o\d+⟩)", r"有人質疑這件事實：(.*)"),
        "links": (r"(⟨o\d+⟩)跟這件事實", r"(⟨o\d+⟩)跟那個質疑", "那個質疑跟這件事實"),
        "answers": (r"能回應的有：(.*)。", r"方案裡有(.*)，就算回應了", "這件事實"), "answer": r"「(.*)」回應了這個質疑。沒有別的",
        "slip": r"## 紙條 \d+：(給全桌|只給\s*(.*?))（(.*)）",
    },
}  # fmt: skip
NUMBER = r"([+-]?[\d,]+(?:\.\d+)?)"


class Criterion(NamedTuple):
    checkpoint: int
    asks: str
    blocking: bool


class Bearing(NamedTuple):
    """What a printed fact says that it does: to a criterion, and which packages answer it there."""

    proves: bool
    fails: bool
    cases: tuple[dict[str, set[str]], ...]
    beside: tuple[dict[str, set[str]], ...] = ()
    """It is proof for these packages alone; for all where it names none."""


def plain(text):
    text = re.sub(r"\\(.)", r"\1", text).replace("&#58;", ":").replace("&#46;", ".")
    return " ".join(text.split())


def cells(line):
    return [plain(each) for each in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def tables(text):
    """Every table of a sheet as (head, rows)."""
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.M):
        lines = [cells(each) for each in block.splitlines()]
        yield lines[0], lines[2:]


def quotes(text):
    """Every fact as (what it says, what it does)."""
    for line in re.findall(r"^> (.*)$", text, re.M):
        body, _, note = line.partition("_(")
        yield plain(re.sub(r"^\*\*.*?\*\*", "", body)), plain(note.removesuffix(")_"))


class Class:
    """One table of a class, with its sheets."""

    def __init__(self, sheets, language):
        self.sheets, self.say = sheets, SAYS[language]
        general = sheets["general"]
        self.issue, self.adds, self.base, self.sums = {}, {}, {}, {}
        self.criteria, self.rules = {}, {}
        grids = list(tables(general))
        for head, rows in grids:
            if self.say["met when"] in head:
                continue
            if head[0] == self.say["option"]:
                self.matrix(head, rows)
        for text in map(plain, general.splitlines()):
            if found := re.search(self.say["base"], text):
                for part in found[1].split(self.say["parts"]):
                    label, number = re.match(rf"(.*) {NUMBER}\D*$", part).groups()
                    self.base[label] = value(number)
            if found := re.search(self.say["deal"], text):
                named = found.groupdict() or {"needed": found[1], "seats": found[2]}
                self.needed, self.vetoes = int(named["needed"]), (found[3] or "").split(self.say["list"])
            for sign in ("×", "+"):
                if found := re.fullmatch(rf"(.*) = (.* {re.escape(sign)} .*)", text):
                    self.sums[found[1]] = sign, found[2].split(f" {sign} ")
        gates = [rows for head, rows in grids if self.say["met when"] in head]
        titles = [head[0] for head, _ in grids if self.say["met when"] in head]
        for title, rows in zip(titles, gates, strict=True):
            for asks, decides, _ in rows:
                self.criteria[asks] = Criterion(titles.index(title), asks, self.say["only"] not in decides)
        self.titles = titles
        for rows in gates:
            for asks, decides, _ in rows:
                self.rules[asks] = [self.rule(decides.replace(self.say["only"], ""))]
        self.bears = {}
        """Fact, as printed -> criterion -> what every sheet that has come out says of it."""
        self.out, self.doubts, self.read = set(), {}, set()
        self.lines = {}
        for name, text in sheets.items():
            if name.startswith("card-"):
                self.lines[name] = list(self.red_lines(text))

    # --- what is printed, understood ---

    def matrix(self, head, rows):
        """A row with its question alone begins the options of that question."""
        question, mine = "", []
        for n, row in enumerate([*rows, [""]]):
            if n == len(rows) or (row[0].endswith(("?", "？")) and not any(row[1:])):
                self.options([question, *head[1:]], mine)
                question, mine = row[0], []
            else:
                mine.append(row)

    def options(self, head, rows):
        for label, *figures in rows:
            self.issue[label] = head[0]
            for metric, figure in zip(head[1:], figures, strict=True):
                if not figure:
                    continue
                row = self.adds.setdefault(label, {})
                row[metric] = figure  # what stands in brackets may be its unit, or the end of its name
                row |= {metric[: found.start()]: figure for found in re.finditer(r" ?[(（]", metric)}

    def marked(self, text):
        """A text with its criteria and options as marks, which no full stop cuts in two."""
        known = [(f"c{n}", each) for n, each in enumerate(self.criteria)]
        known += [(f"o{n}", each) for n, each in enumerate(self.issue)]
        for mark, each in sorted(known, key=lambda pair: -len(pair[1])):
            within = each.replace("「", "『").replace("」", "』")  # as Chinese sets a quotation within one
            for quoted in (f'"{each}"', f"「{each}」", f"「{within}」"):
                text = text.replace(quoted, f"⟨{mark}⟩")
        return text

    def named(self, text, kind):
        these = list(self.criteria if kind == "c" else self.issue)
        return [these[int(number)] for number in re.findall(rf"⟨{kind}(\d+)⟩", text)]

    def cases(self, text):
        """Choices as they are printed: the cases, each the options it allows, question by question."""
        found = []
        for part in (text or "").split(self.say["case"]):
            case = {}
            for label in self.named(part, "o"):
                case.setdefault(self.issue[label], set()).add(label)
            if case:
                found.append(case)
        return tuple(found)

    def rule(self, decides):
        """A criterion as (needs proof, bounds, choices)."""
        text, bounds = self.marked(decides), []
        metrics = {*self.sums, *self.base, *(m for row in self.adds.values() for m in row)}
        for metric in sorted(metrics, key=len, reverse=True):
            for word in ("most", "least"):
                for found in re.finditer(re.escape(metric + self.say[word]) + NUMBER, text):
                    bounds.append((metric, word, value(found[1])))
                    text = text.replace(found[0], "")
        chosen = [self.cases(part) for part in text.split(self.say["has"])[1:]]
        return self.say["proof"] in text, bounds, chosen

    def red_lines(self, text):
        part = text.partition(f"## {self.say['never'][0]}")[2].partition("\n## ")[0]
        for line in part.splitlines():
            if "⟨o" in (marked := self.marked(plain(line))):
                yield self.cases(marked.partition(self.say["because"])[0])

    def does(self, note):
        """What a printed note says that a fact does: criterion -> bearing."""
        text, found = self.marked(note), {}
        if both := re.search(self.say["both"], text):
            first, second = both.groups()
            asks, choices = (first, second) if "⟨c" in first else (second, first)
            found |= {each: Bearing(True, True, self.cases(choices)) for each in self.named(asks, "c")}
            text = text.replace(both[0], "")
        if some := re.search(self.say["proves with"], text):
            first, second = some.groups()
            asks, choices = (first, second) if "⟨c" in first else (second, first)
            found |= {each: Bearing(True, False, (), self.cases(choices)) for each in self.named(asks, "c")}
            text = text.replace(some[0], "")
        for each in re.findall(self.say["proves"], text):
            found |= {asks: Bearing(True, False, ()) for asks in self.named(each, "c")}
        for each, choices in re.findall(self.say["fails"], text):
            found |= {asks: Bearing(False, True, self.cases(choices)) for asks in self.named(each, "c")}
        return found

    # --- what comes out ---

    def tell(self, fact):
        """A fact is read out, or arrives: whoever has a sheet with it says what it does."""
        for name, text in self.sheets.items():
            if name == "general" or name == "handouts" or name.startswith("card-"):
                self.learn(text, fact)
        self.read.add(fact)
        self.hand_out()

    def learn(self, text, fact):
        for says, note in quotes(text):
            if says.startswith(fact):
                for asks, bearing in self.does(note).items():
                    self.bears.setdefault(fact, {}).setdefault(asks, []).append(bearing)

    def bring(self, label):
        self.out.add(label)
        self.hand_out()

    def challenge(self, fact, ground):
        """Whether there is something to it: whether there is a slip for it."""
        before = len(self.doubts)
        self.doubts[fact, ground] = []
        self.hand_out()
        if not self.doubts[fact, ground]:
            del self.doubts[fact, ground]
        return len(self.doubts) > before

    def slips(self):
        parts = re.split(r"^(?=## )", self.sheets.get("slips", ""), flags=re.M)
        for part in parts:
            if found := re.match(self.say["slip"], plain(part.splitlines()[0]) if part.strip() else ""):
                yield found[2] or "", found[3], part

    def hand_out(self):
        """Every slip whose hour has come is read or given, again and again: nothing is lost by that."""
        for who, when, part in self.slips():
            told = [says for says, _ in quotes(part)]
            for label in [each for each in self.out if f'"{each}"' in when or f"「{each}」" in when]:
                if "⟨" not in self.mark(when, label):
                    continue
                self.on_option(who, when, part, told)
            if found := re.search(self.say["once"][1], when):
                key = self.doubted(part, found[1])
                if key in self.doubts and not who:
                    self.answered(key, part, self.say["answers"][0])
            if re.search(self.say["links"][2], when):
                answer = re.search(self.say["answer"], plain(part))
                key = self.doubted(part)
                if key in self.doubts and any(
                    single(fact).startswith(single(answer[1])) for fact in self.read
                ):
                    self.doubts[key].append(())

    def mark(self, text, label):
        return text.replace(f'"{label}"', "⟨o⟩").replace(f"「{label}」", "⟨o⟩")

    def on_option(self, who, when, part, told):
        if not who and (grid := [pair for pair in tables(part) if pair[0][0].endswith(("?", "？"))]):
            for head, rows in grid:
                self.options(head, rows)
        for label in self.out:  # where it adds nothing there is no row, and its question stands in the text
            if label not in self.issue and not who and label in when:
                self.issue[label] = next(q for q in {*self.issue.values()} if q in plain(part))
        pattern = self.say["links"]
        if re.search(pattern[1].replace(r"(⟨o\d+⟩)", "⟨o⟩"), self.squeezed(when)):
            key = self.doubted(part)
            if key in self.doubts:
                self.answered(key, part, self.say["answers"][1])
            return
        linked = re.search(pattern[0].replace(r"(⟨o\d+⟩)", "⟨o⟩"), self.squeezed(when))
        for fact in self.read:
            if any(says.startswith(fact) for says in told) and (linked or not who):
                self.learn(part, fact)
        for line in map(plain, part.splitlines()):
            if found := re.search(self.say["met now"], self.marked(line)):
                (asks,) = self.named(found[1], "c")
                self.rules[asks].append(self.rule(found[2]))
            if who and self.say["never"][2] in line:
                marked = self.marked(line).partition(self.say["never"][2])[2]
                self.lines.setdefault(who, []).append(self.cases(marked.partition(self.say["because"])[0]))

    def squeezed(self, when):
        for label in self.out:
            when = self.mark(when, label)
        return when

    def doubted(self, part, ground=None):
        """The challenge that a slip is about, as it was made."""
        ((says, note),) = list(quotes(part))[:1]
        ground = note.partition(self.say["colon"])[0]
        return next((key for key in self.doubts if says.startswith(key[0]) and key[1] == ground), None)

    def answered(self, key, part, pattern):
        text = self.marked(plain(part))
        self.doubts[key].append(None)  # it stands, whatever answers it
        if found := re.search(pattern, text):
            self.doubts[key] += [(case,) for case in self.cases(found[1])]
            if self.say["answers"][2] in found[1] and any(
                fact[:40] in plain(part) for fact in self.read - {key[0]}
            ):
                self.doubts[key].append(())

    # --- a ruling by hand ---

    def total(self, metric, package):
        if metric in self.sums:
            sign, parts = self.sums[metric]
            totals = [self.total(each, package) for each in parts]
            whole = Decimal(1) if sign == "×" else Decimal(0)
            for each in totals:
                whole = whole * each if sign == "×" else whole + each
            return whole
        return self.base.get(metric, Decimal(0)) + sum(
            (self.added(o, metric, package) for o in package.values()), Decimal(0)
        )

    def added(self, option, metric, package):
        figure = self.adds.get(option, {}).get(metric, "0")
        whole = Decimal(0)
        for part in figure.split(self.say["parts"]):
            number = value(re.search(NUMBER, part)[1])
            cases = self.cases(self.marked(part)) if self.say["with"] in part else ()
            whole += number if not cases or fits(package, cases) else 0
        return whole

    def status(self, asks, package):
        proof, held = False, False
        for needs, bounds, chosen in self.rules[asks]:
            proof = proof or needs
            met = all(
                self.total(metric, package) <= bound
                if word == "most"
                else self.total(metric, package) >= bound
                for metric, word, bound in bounds
            )
            held = held or (met and all(fits(package, cases) for cases in chosen))
        shown = False
        for fact, bears in self.bears.items():
            said = bears.get(asks, [])
            if any(each.fails for each in said) and not any(fits(package, each.cases) for each in said):
                return "failed"
            proved = any(each.proves and (not each.beside or fits(package, each.beside)) for each in said)
            shown = shown or (proved and not self.silenced(fact, package))
        if not held:
            return "failed"
        return "met" if shown or not proof else "not_shown"

    def silenced(self, fact, package):
        return any(
            not any(answer is not None and (not answer or fits(package, answer)) for answer in answers)
            for (doubted, _), answers in self.doubts.items() if doubted == fact
        )  # fmt: skip

    def fails_something(self, fact):
        return any(each.fails for said in self.bears.get(fact, {}).values() for each in said)

    def ruling(self, package, yes, fresh=()):
        """(criterion -> status, checkpoint -> verdict, whether the team's half passes, whether it is a deal)."""
        found = {asks: self.status(asks, package) for asks in self.criteria}
        verdicts = {}
        for asks, status in found.items():
            mine = self.criteria[asks]
            worse = "pass" if status == "met" else "pass_with_follow_up" if not mine.blocking else "blocked" if status == "failed" else "not_shown"  # fmt: skip
            order = ("pass", "pass_with_follow_up", "not_shown", "blocked")
            verdicts[mine.checkpoint] = max(verdicts.get(mine.checkpoint, "pass"), worse, key=order.index)
        crossed = any(fits(package, line) for lines in self.lines.values() for line in lines)
        team = len(yes) >= self.needed and all(each in yes for each in self.vetoes if each) and not crossed
        late = any(self.fails_something(fact) for fact in fresh)
        passed = all(each.startswith("pass") for each in verdicts.values())
        return found, verdicts, team, passed and team and not late


def single(text):
    """A text as it stands, and as it stands within another's quotation marks."""
    return text.replace("『", "「").replace("』", "」").replace('"', "'")


def value(text):
    return Decimal(text.replace(",", ""))


def fits(package, cases):
    return any(all(package[question] in allowed for question, allowed in case.items()) for case in cases)
