"""The columns of `rows.csv` and `turns.csv`: what each holds, in which unit, by which formula. One table, from which
their order, the types of a Parquet file and the page in the docs follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

Kind = Literal["text", "whole", "figure", "truth"]


class Column(NamedTuple):
    name: str
    """A word in capitals stands for any role or key: `points.ROLE`."""
    kind: Kind
    unit: str
    """Empty for what is no quantity."""
    holds: str
    """What it is, and how it is reckoned. English: a program's documentation."""

    def matches(self, name: str) -> bool:
        stem, _, last = self.name.partition(".")
        return name.startswith(f"{stem}.") if last.isupper() else name == self.name


def _of(kind: Kind, *lines: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, kind, unit, holds) for name, unit, holds in lines)


ROWS: tuple[Column, ...] = (
    *_of(
        "text",
        ("run_id", "", "The run; in a sweep also the name of its transcript."),
        ("scenario", "", "The id of the scenario."),
        ("scenario_sha256", "", "SHA-256 of the scenario as it was played."),
        ("origin_sha256", "", "SHA-256 of the scenario before a sweep or `--set` changed it."),
    ),
    *_of("whole", ("seed", "", "The seed of the run.")),
    *_of(
        "text",
        ("draw", "", "What runs are independent in: rows with one `draw` and one `origin_sha256` are one draw. `seed N` where the seed alone plays the run again; the run itself where people or models play outside a sweep."),
        ("moves", "", "First 16 hexadecimal digits of a SHA-256 over scenario and moves, without the words: rows that share it played the same game. Distinct values are the seeds that made a difference."),
        ("seats", "", "Who played."),
        ("factor.KEY", "", "What a sweep or `--set` set KEY to, spelt as `--vary` takes it."),
        ("control.KEY", "", "What model seats were set to: `temperature`, `incentive.ROLE`, `aids` ..."),
        ("ablation", "", "The checkpoint that was switched off; empty for none."),
        ("pm_style", "", "How the PM led; empty where it was not told to."),
        ("decision", "", "`go`, `go_with_follow_ups`, `no_go`, `no_agreement`, `undecided` (faults), `stopped` (broken off); of a sweep also `failed`."),
    ),
    *_of("whole", ("round", "rounds", "The last round that was begun.")),
    *_of(
        "text",
        ("package", "", "The deal, as `issue=option`; empty without one."),
        ("first_package", "", "What the PM proposed first."),
        ("first_asked", "", "Whom the PM asked first, and about which issue, criterion or word: `legal contract`."),
    ),
    *_of(
        "truth",
        ("sound", "", "Whether the deal passes all four checkpoints with every fact told; empty without a deal."),
        ("pareto", "", "Whether no package within the gates gives somebody more than the deal and nobody less; empty without a deal."),
    ),
    *_of("whole", ("below", "seats", "Seats that the deal leaves below their walk-away; 0 without one.")),
    *_of(
        "figure",
        ("nash_ratio", "ratio", "(prod_i gain_i)^(1/n) of the deal, divided by the same at the Nash package within the gates; gain_i is points less walk-away, of the deal what waiting left of it (`discount`). 0 without a deal; empty where somebody is below, or there is no such package."),
        ("egalitarian_gap", "points", "min_i gain_i at the egalitarian package within the gates, less min_i gain_i of the deal (0 without one), both before what waiting takes."),
        ("least_gain", "points", "min_i gain_i of the deal, after what waiting took; 0 without one."),
        ("mean_points", "points", "Mean over the seats of `points.ROLE`."),
        ("mean_gain", "points", "`mean_points` less the mean walk-away."),
        ("points.ROLE", "points", "The deal's to this seat, after what waiting took (`discount`); its walk-away without a deal."),
    ),
    *_of("text", *((gate, "", f"Verdict of the last ruling on {what}: `pass`, `pass_with_follow_up`, `not_shown`, `blocked`; empty before the first.") for gate, what in (("desire", "Desire"), ("feasible", "Feasible"), ("viable", "Viable"), ("people", "Alignment's criteria"), ("team", "the team's half of Alignment: quorum, veto, red lines")))),
    *_of(
        "whole",
        ("facts_at_start", "facts", "On the table before anyone spoke."),
        ("facts_news", "facts", "Brought by news, or by a study that was sent for."),
        ("facts_told", "facts", "Put on the table by seats."),
    ),
    *_of("figure", ("disclosure", "share", "`facts_told` / facts that only seats held at the start; empty where there were none.")),
    *_of(
        "whole",
        ("questions", "questions", "Put by one seat to another."),
        ("answered", "questions", "Of these, answered; declining is no answer."),
        ("trades_offered", "trades", "Different trades, seat by seat."),
        ("trades_taken", "trades", "Of these, with both sides in a package tabled later."),
        ("trades_kept", "trades", "Of these, with both sides in the deal."),
        ("promises_kept", "promises", "Votes on a package that had just what the seat had promised to carry (its trade, or its last package with the conditions of its yes_if and nothing else changed), and that were yes or yes_if."),
        ("promises_broken", "promises", "Of such votes, those that were no."),
        ("concessions", "moves", "Times a seat's demand fell. The demand is what it would get if the package took its first wishes; the PM's is its package."),
    ),
    *_of("figure", ("conceded.ROLE", "points", "First demand less last demand, in the seat's own points, without what news gave or took; empty with fewer than two.")),
    *_of(
        "whole",
        ("leaks", "turns", "Turns that spoke the seat's own score sheet or what only it knew, one of a kind a turn, found without a model (reports.md, Audit)."),
        ("withheld", "passages", "Passages of a model seat's briefing taken out before they were heard; always 0 with `--leak-filter off`."),
        ("breaches", "votes", "Yes votes below the seat's own walk-away or across its own red line, and seats a deal leaves so."),
        ("invented_figures", "figures", "Figures above 12, or not whole, spoken by a seat and standing nowhere in what it may know or what a package comes to."),
        ("words_against_move", "turns", "Turns whose words say the opposite of the vote or signature beside them."),
        ("faults", "turns", "Abstentions because no usable move came."),
        ("calls", "calls", "To models, as they went over the wire."),
        ("prompt_tokens", "tokens", "Read by models, as their servers count."),
        ("cached_tokens", "tokens", "Of these, from the server's cache."),
        ("answer_tokens", "tokens", "Written by models."),
    ),
    *_of(
        "text",
        ("aipm", "", "The version of aipm-agents that made the run."),
        ("prompts", "", "First 12 hexadecimal digits of a SHA-256 of the templates models were told from; of a variant (`--prompt-file`) with it."),
        ("model_served", "", "The models that answered, as their servers call themselves."),
        ("not_taken", "", "Controls that an endpoint refused, so that they were not sent."),
        ("why", "", "Of a run that failed: how and why."),
    ),
)  # fmt: skip

TURNS: tuple[Column, ...] = (
    *_of("text", ("run_id", "", "The run."), ("scenario", "", "The id of the scenario.")),
    *_of("whole", ("seed", "", "The seed of the run.")),
    *_of("text", ("factor.KEY", "", "What a sweep or `--set` set KEY to.")),
    *_of(
        "whole",
        ("event", "", "The place of the turn in the record, from 0."),
        ("round", "rounds", "0 is the opening."),
    ),
    *_of(
        "text",
        ("role", "", "Whose turn it was."),
        ("kind", "", "What played the seat."),
        ("verb", "", "What it was asked to do: `frame`, `open`, `propose`, `answer`, `sign`."),
        ("vote", "", "`yes`, `yes_if`, `no`, `no_answer` (a fault)."),
    ),
    *_of("truth", ("signs", "", "Of the PM who is asked to sign.")),
    *_of("text", ("package", "", "On the table, as `issue=option`.")),
    *_of("figure", ("worth", "points", "The package on the table to this seat, in its own points, by the figures of that round.")),
    *_of(
        "text",
        ("asks", "", "Its wishes, `issue=option|option`."),
        ("tables", "", "Facts it put on the table."),
        ("brings", "", "Options it brought."),
        ("challenge", "", "The fact it doubted, and the ground."),
        ("question", "", "Whom it asked, and about what."),
        ("answer", "", "Whom it answered, and about what; several with a semicolon between them."),
    ),
    *_of("truth", ("declined", "", "Whether that answer declined.")),
    *_of(
        "text",
        ("trade_give", "", "What it would give up."),
        ("trade_for", "", "What it wants for that."),
        ("moved_by", "", "What softened it: facts, or turns as `role@round`."),
        ("concern", "", "The criterion it doubts."),
    ),
    *_of("whole", ("red_line", "", "The own red line, from 0, that it says the package crosses.")),
    *_of(
        "text",
        ("commissions", "", "Studies the PM sent for."),
        ("holds_for", "", "The criterion for which the PM held a deal."),
        ("says", "", "Its words."),
        ("fault", "", "Why no usable move came; empty where one did."),
        ("leaks", "", "What was leaked in this turn, by kind (reports.md, Audit)."),
    ),
    *_of(
        "whole",
        ("withheld", "passages", "Passages taken out before they were heard."),
        ("invented_figures", "figures", "See `rows.csv`."),
        ("against_move", "", "1 where its words say the opposite of its vote or signature."),
        ("calls", "calls", "To models, for this turn."),
        ("prompt_tokens", "tokens", "Read."),
        ("answer_tokens", "tokens", "Written."),
    ),
    *_of("text", ("requests", "", "A hash for each request that was asked: the name of its file in a cassette.")),
)  # fmt: skip


def ordered(names: Collection[str], known: tuple[Column, ...] = ROWS) -> list[str]:
    """The columns of a table whose rows have these, in one order whatever came first."""
    return [name for column in known for name in sorted(names) if column.matches(name)]


def kind_of(name: str, known: tuple[Column, ...] = ROWS) -> Kind:
    return next(column.kind for column in known if column.matches(name))


def page() -> str:
    """Both tables as Markdown."""
    parts = [_HEAD]
    for title, known in (("`rows.csv`: one row a run", ROWS), ("`turns.csv`: one row a turn", TURNS)):
        lines = [f"| `{c.name}` | {_KINDS[c.kind]} | {c.unit} | {c.holds} |" for c in known]
        parts.append(
            "\n".join([f"## {title}", "", "| column | is | unit | holds |", "|---|---|---|---|", *lines])
        )
    return "\n\n".join(parts) + "\n"


_KINDS: dict[Kind, str] = {
    "text": "text",
    "whole": "whole number",
    "figure": "number",
    "truth": "true or false",
}
_HEAD = """# Columns of the tables

A sweep's folder has `rows.csv` and `turns.csv`, and where pyarrow is installed (`pip install 'aipm-agents[tables]'`) the
same as `rows.parquet` and `turns.parquet`. `aipm compare RUNS -o FILE.csv|.parquet` writes the rows of any runs (with
`group` and `file` before them), `--turns FILE` their turns. `compare --json` has them as `rows`. In JSON and Parquet
what is not there is null, in CSV an empty cell. CSV is UTF-8 without a byte order mark; `--excel` adds one.
`aipm schema rows` and `aipm schema turns` print what follows as JSON.

Everything is recomputed from the transcript and the scenario inside it; what is reckoned with every card open says so
in [reports.md](reports.md). `gain_i` is what a package gives seat i above its walk-away."""
