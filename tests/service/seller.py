"""Sells through the use case in a loop until it is killed, and says so after each commit.

Not a test: test_kill.py starts it with a folder and a seed; the secret comes on standard input.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from kiosk.domain.tender import TenderKind
from kiosk.errors import RuleError
from kiosk.service.sell import record_sale
from tests.service.world import World

OFFERS = ("weekly", "four-weeks", "spice-jar", "apron", "tasting")
MOST = 5_000  # more than any machine sells before it is killed


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    world = World(folder=folder, secret=bytes.fromhex(sys.stdin.readline()), fresh=False)
    dice = random.Random(seed)
    say("open")
    for _ in range(MOST):
        draft = world.draft(
            *dice.sample(OFFERS, dice.randint(1, 2)),
            email=f"m{dice.randrange(200)}@example.org",
            tender=dice.choice(list(TenderKind)),
        )
        try:
            recorded = record_sale(world.desk, draft)
        except RuleError as refused:
            say(f"refused {refused.code}")
        else:
            say(f"sold {recorded.sale.sale_id} {recorded.sale.receipt_number}")


if __name__ == "__main__":
    main()
