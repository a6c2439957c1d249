"""`member`: found by any name, told everything, erased for good, and refused while unsent."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Cli
from tests.service.world import EVENTS

WHO = "--email=maria@example.org"


def erased(club: Cli) -> None:
    assert club.sell().code == 0
    assert club.sync("drain").code == 0
    assert club.on("member", "erase", WHO).code == 0


@pytest.mark.parametrize("typed", ["gom", "MARIA", "gomez maria", "maria@ex"])
def test_a_member_is_found_by_any_name_or_the_address(club: Cli, typed: str) -> None:
    club.sell()
    club.sell(name="Ben Okafor", email="ben@example.org")
    (found,) = club.on("member", "find", typed, "--json").lines
    assert (found["name"], found["email"]) == ("Maria Gomez", "maria@example.org")
    told = club.on("member", "find", typed)
    assert told.out == f"{found['member_id']}  Maria Gomez <maria@example.org>\n"
    by_id = club.on("member", "show", f"--member={found['member_id'].upper()}", "--json")
    assert by_id.json["email"] == "maria@example.org"


def test_nobody_is_found_and_it_says_so(club: Cli) -> None:
    nobody = club.on("member", "find", "zzz")
    assert (nobody.code, nobody.out) == (0, "")
    assert "No member" in nobody.err


@pytest.mark.parametrize(
    ("action", "who"),
    [
        ("show", WHO),
        ("export", "--member=01a20624-78ad-78da-9958-fa2134c81953"),
        ("erase", WHO),
        ("erase", "--email=nonsense"),
    ],
)
def test_who_is_no_member_is_refused_without_repeating_the_address(club: Cli, action, who) -> None:
    refused = club.on("member", action, who)
    assert (refused.code, refused.out) == (1, "")
    assert who.split("=")[1] not in refused.err


def test_the_export_tells_everything_of_one_member_and_nothing_of_another(club: Cli) -> None:
    club.sell("--offer=four-weeks", name="Mia G")
    club.sell(name="Ben Okafor", email="ben@example.org")
    told = club.on("member", "export", WHO)
    assert told.code == 0
    assert "Ben" not in told.out
    kept = told.json
    assert (kept["name"], kept["email"], kept["language"]) == ("Mia G", "maria@example.org", "en")
    (sale,) = kept["sales"]
    assert sale["member"] == {"name": "Mia G", "email": "maria@example.org"}
    assert [line["offer"] for line in sale["lines"]] == ["spice-jar", "four-weeks"]
    assert sale["consents"][0]["kind"] == "terms"
    assert [one["offer"] for one in sale["enrollments"]] == ["four-weeks"]
    assert all(one["state"] == "waiting" for one in sale["entries"])
    assert sale["passes"][0]["text"]
    assert kept["unsent"][0]["receipt_number"] == "K3-000001"


def test_it_is_refused_while_something_is_unsent_and_says_what(club: Cli) -> None:
    club.sell()
    refused = club.on("member", "erase", WHO)
    assert refused.code == 1
    assert "K3-000001" in refused.err
    assert "--when-sent" in refused.err
    assert club.on("member", "show", WHO).code == 0


def test_sent_and_erased_the_sale_stays_and_the_person_goes(club: Cli) -> None:
    sold = club.sell().json
    text = sold["passes"][0]["text"]
    club.sync("drain")
    done = club.on("member", "erase", WHO, "--json")
    assert done.code == 0, done
    told = done.json
    assert (told["erased"], told["before"], told["unsent"]) == (True, False, [])
    assert (told["old_key_destroyed"], told["backups"]) == (True, "none")
    (rail,) = told["at_the_rail"]
    assert rail["mode"] == "practice"
    assert rail["customer"].startswith("cus_")
    assert rail["customer"] in done.err
    (record,) = club.exported()
    assert (record["total_minor"], record["member"]) == (750, None)
    assert record["passes"] == [{"number": "3-1", "text": "", "url": ""}]
    assert "Maria" not in str(record)
    assert club.on("journal", "verify").code == 0
    # What is on the phone needs nothing of ours.
    root = club.folder / "root.pub"
    assert club.run("pass", "verify", f"--root={root}", "--training", text).code == 0


def test_an_erased_member_can_be_shown_by_id_and_erased_again(club: Cli) -> None:
    club.sell()
    member_id = club.on("member", "show", WHO, "--json").json["member_id"]
    club.sync("drain")
    club.on("member", "erase", WHO)
    shown = club.on("member", "show", f"--member={member_id}", "--json").json
    assert (shown["name"], shown["email"], shown["sales"]) == (None, None, 1)
    assert shown["erased_at"] is not None
    again = club.on("member", "erase", f"--member={member_id}", "--json")
    assert (again.code, again.json["before"], again.json["erased"]) == (0, True, True)
    (sale,) = club.on("member", "export", f"--member={member_id}").json["sales"]
    assert sale["member"] is None
    assert club.on("member", "show", WHO).code == 1


def test_put_off_it_is_done_when_everything_was_sent(club: Cli) -> None:
    club.sell()
    put_off = club.on("member", "erase", WHO, "--when-sent", "--json")
    assert (put_off.code, put_off.json["erased"]) == (0, False)
    assert "sync drain" in put_off.err
    assert club.on("member", "show", WHO, "--json").json["erasure_asked_at"] is not None
    assert club.on("journal", "verify").code == 0  # opening it changes nothing yet
    assert club.sync("drain").code == 0
    assert club.on("member", "show", WHO).code == 1
    assert club.exported()[0]["member"] is None


def test_despite_unsent_the_entries_are_parked_for_a_person(club: Cli) -> None:
    club.sell()
    done = club.on("member", "erase", WHO, "--despite-unsent", "--json")
    assert done.code == 0
    assert done.json["unsent"][0]["topic"] == "invoice"
    drained = club.sync("drain", "--json").json
    assert (drained["delivered"], drained["parked"]) == (0, 1)


def test_the_same_address_enrolls_somebody_new_afterwards(club: Cli) -> None:
    erased(club)
    assert club.sell().code == 0
    first, second = club.exported()
    assert first["member"] is None
    assert second["member"] == {"name": "Maria Gomez", "email": "maria@example.org"}


def test_a_backup_of_before_is_replaced_by_one_without_the_person(club: Cli) -> None:
    club.sell()
    club.sync("drain")
    assert club.on("backup").code == 0
    (older,) = (club.folder / "backups").iterdir()
    with_her = older.read_bytes()
    done = club.on("member", "erase", WHO, "--json")
    assert done.json["backups"] == "renewed"
    # Of the same second it has the same name.
    (newer,) = (club.folder / "backups").iterdir()
    assert newer.read_bytes() != with_her


def test_each_action_wants_to_know_whom(club: Cli) -> None:
    for words in (["show"], ["erase", WHO, "--member=x"], ["find"], []):
        assert club.on("member", *words).code == 2
    both = club.on("member", "erase", WHO, "--when-sent", "--despite-unsent")
    assert both.code == 2


def test_a_search_looks_beside_a_kiosk_that_is_open(club: Cli) -> None:
    from kiosk.opening import open_kiosk

    club.sell()
    kiosk = open_kiosk(club.folder, "correct horse battery")
    try:
        assert club.on("member", "find", "gom").code == 0
        assert club.on("member", "erase", WHO).code == 3
    finally:
        kiosk.close()
    assert club.on("load", EVENTS / "recipe-club.toml").code == 0
