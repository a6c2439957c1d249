"""In practice the rail lies in the kiosk's own folder: an erased member goes from there as well."""

from __future__ import annotations

import json

from kiosk.buffer.practice_shelf import NOBODY, PracticeShelf
from kiosk.opening import unlock_to_look
from tests.commands.conftest import SECRET, Cli

NAME, EMAIL = 'Zoë "Zed" Quetzal', "zoe.zed@example.org"


def shelf_of(club: Cli) -> list[tuple[str, str, str]]:
    shelf = PracticeShelf.open(club.folder, unlock_to_look(club.folder, SECRET).practice_key)
    try:
        return list(shelf.load())
    finally:
        shelf.close()


def traces(rows: list[tuple[str, str, str]]) -> int:
    return sum("Quetzal" in document or EMAIL in document for _, _, document in rows)


def test_the_practice_stripe_forgets_an_erased_member_and_nobody_else(club: Cli) -> None:
    assert club.sell(name=NAME, email=EMAIL).code == 0
    assert club.sell().code == 0
    assert club.sync("drain").code == 0
    before = shelf_of(club)
    assert traces(before) > 3
    done = club.on("member", "erase", f"--email={EMAIL}")
    assert done.code == 0
    assert "practice Stripe has forgotten" in done.err
    after = shelf_of(club)
    assert traces(after) == 0
    assert [row[:2] for row in after] == [row[:2] for row in before]
    names = [json.loads(text)["o"]["name"] for kind, _, text in after if kind == "customer"]
    assert sorted(names) == [NOBODY, "Maria Gomez"]


def test_practice_goes_on_with_them_as_with_somebody_new(club: Cli) -> None:
    club.sell(name=NAME, email=EMAIL)
    club.sync("drain")
    club.on("member", "erase", f"--email={EMAIL}")
    assert club.sell(name=NAME, email=EMAIL).code == 0
    drained = club.sync("drain", "--json").json
    assert (drained["delivered"], drained["parked"]) == (2, 0)  # of all there ever were
