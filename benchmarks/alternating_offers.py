"""NegMAS's alternating offers on games given as JSON lines; processor time and deals, as JSON. In a process of its
own: NegMAS is AGPL and no dependency of ours. It is installed beside: `pip install negmas`. Of each game the least of so
many turns is taken."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")
from negmas import BoulwareTBNegotiator, SAOMechanism, make_issue  # noqa: E402
from negmas.preferences import LinearAdditiveUtilityFunction  # noqa: E402


def play(game, steps):
    issues = [make_issue(list(options), name) for name, options in game["options"].items()]
    session = SAOMechanism(issues=issues, n_steps=steps)
    for points, walk_away in game["parties"]:
        values = {issue: dict(row) for issue, row in points.items()}
        ufun = LinearAdditiveUtilityFunction(values=values, issues=issues, reserved_value=walk_away)
        session.add(BoulwareTBNegotiator(), ufun=ufun)
    return session.run().agreement is not None


def main():
    steps, turns = map(int, sys.argv[1:])
    games = [json.loads(line) for line in sys.stdin]
    play(games[0], steps)
    least, deals = [float("inf")] * len(games), set()
    for _ in range(turns):
        for number, game in enumerate(games):
            began = time.process_time()
            if play(game, steps):
                deals.add(number)
            least[number] = min(least[number], time.process_time() - began)
    print(json.dumps({"seconds": sum(least), "deals": len(deals), "games": len(games)}))


main()
