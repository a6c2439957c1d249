"""`member`: find a member, tell everything that is kept of one, and erase one who asks for it.

It prints what is kept of a person because somebody asked for that; no error and no log does.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from kiosk.commands import DONE, MACHINE
from kiosk.commands.options import add_data, add_json
from kiosk.commands.output import counted, print_json, say
from kiosk.domain.ids import MemberId
from kiosk.domain.moments import rfc3339

if TYPE_CHECKING:
    from kiosk.buffer.erasures import UnsentEntry
    from kiosk.buffer.mirror import RemoteObject
    from kiosk.domain.outbox import RailMode
    from kiosk.domain.people import Member
    from kiosk.opening.erasing import Ended
    from kiosk.service.desk import Desk
    from kiosk.service.members import Erasure, MemberRecord, SoldTo

HELP = "find a member, tell what is kept of one, or erase one"
ACTIONS: Final = (
    ("find", "members whose name or address begins like TEXT"),
    ("show", "one member, in short"),
    ("export", "everything that is kept of one member, as JSON"),
    ("erase", "forget a person for good; amounts and numbers stay"),
)
BACKUPS: Final = {
    "none": "This kiosk had no backups of its own.",
    "renewed": "Its own backups were replaced by a new one.",
    "kept": "Its own backups could not be replaced and still hold the person: delete them.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    actions = parser.add_subparsers(dest="action", required=True)
    for name, text in ACTIONS:
        action = actions.add_parser(name, help=text, description=text, allow_abbrev=False)
        if name == "find":
            action.add_argument("text", metavar="TEXT", help="the beginning of a name or address")
        else:
            who = action.add_mutually_exclusive_group(required=True)
            who.add_argument("--email", metavar="E", help="the member's e-mail address")
            who.add_argument("--member", metavar="ID", help="the member's id, as `find` prints it")
        if name == "erase":
            waits = action.add_mutually_exclusive_group()
            waits.add_argument(
                "--when-sent",
                action="store_true",
                help="put it off until everything of theirs is sent and paid",
            )
            waits.add_argument(
                "--despite-unsent",
                action="store_true",
                help="do not wait; what was not sent never will be: settle that money by hand",
            )
        add_data(action)
        add_json(action)


def run(options: argparse.Namespace) -> int:
    """Look beside a running kiosk, or hold it to erase."""
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "find": _find,
        "show": _show,
        "export": _export,
        "erase": _erase,
    }
    return actions[options.action](options)


def _find(options: argparse.Namespace) -> int:
    from kiosk.commands.secret import secret_of
    from kiosk.opening import looked_at, require_existing
    from kiosk.service.members import FOUND_MOST, find_members

    require_existing(options.data)
    with looked_at(options.data, secret_of(options)) as desk:
        members = find_members(desk, options.text)
    for member in members:
        if options.json:
            print_json({"member_id": member.member_id, "name": member.name, "email": member.email})
        else:
            print(f"{member.member_id}  {member.name} <{member.email}>")
    if len(members) == FOUND_MOST:
        say(f"These are the first {FOUND_MOST}; write more of the name or address.")
    elif not members:
        say("No member's name or address begins like this.")
    return DONE


def _show(options: argparse.Namespace) -> int:
    from kiosk.commands.secret import secret_of
    from kiosk.opening import looked_at, require_existing
    from kiosk.service.members import member_record

    require_existing(options.data)
    with looked_at(options.data, secret_of(options)) as desk:
        record = member_record(desk, _who(options, desk))
    fields = _fields(record)
    if options.json:
        print_json({**fields, "sales": len(record.sales)})
        return DONE
    if record.member is None:
        print(f"{record.member_id}  erased {fields['erased_at']}")
    else:
        print(f"{record.member_id}  {record.member.name} <{record.member.email}>")
    for sold in record.sales:
        numbers = " ".join(issued.number for issued in sold.passes)
        print(f"{sold.sale.receipt_number}  {sold.sale.sale_id}  passes {numbers}")
    if record.wanted_ms is not None:
        say(f"Asked to be erased on {fields['erasure_asked_at']}; done once everything is sent.")
    if record.unsent:
        say(f"Not sent or not paid yet: {counted(len(record.unsent), 'entry')}.")
    return DONE


def _export(options: argparse.Namespace) -> int:
    from kiosk.commands.journal import record_fields
    from kiosk.commands.secret import secret_of
    from kiosk.opening import looked_at, require_existing
    from kiosk.service.members import member_record
    from kiosk.service.sell import SaleRecord, find_sale

    require_existing(options.data)
    with looked_at(options.data, secret_of(options)) as desk:
        record = member_record(desk, _who(options, desk))
        sales = []
        for sold in record.sales:
            found = find_sale(desk, sold.sale.sale_id)
            told = record_fields(SaleRecord(recorded=found, member=_typed(sold)))
            sales.append({**told, **_agreed(sold)})
    print_json({**_fields(record), "parked_carts": list(record.parked), "sales": sales})
    return DONE


def _erase(options: argparse.Namespace) -> int:
    from kiosk import logs
    from kiosk.buffer.files import BufferPaths
    from kiosk.buffer.salvage_switch import kept_damaged
    from kiosk.commands.secret import secret_of
    from kiosk.opening import make_desk, open_kiosk, require_existing
    from kiosk.service.members import EraseRequest, erase_member

    require_existing(options.data)
    kiosk = open_kiosk(options.data, secret_of(options))
    logs.start(options.data)
    ended: Ended | None = None
    try:
        desk = make_desk(kiosk, staffed=True)
        request = EraseRequest(
            member_id=_who(options, desk),
            when_sent=options.when_sent,
            despite_unsent=options.despite_unsent,
        )
        erasure = erase_member(desk, request)
    finally:
        ended = kiosk.close()
        logs.stop()
    damaged = kept_damaged(BufferPaths(folder=options.data))
    if options.json:
        print_json({**_erasure_fields(erasure, ended), "damaged": list(damaged)})
    _tell(erasure, ended)
    if erasure.erased and damaged:
        say(f"What was damaged and is kept holds the person yet, in {', '.join(damaged)}:")
        say("delete it once nobody needs it any more.")
    return DONE if ended is None or ended.problem is None else MACHINE


def _who(options: argparse.Namespace, desk: Desk) -> MemberId:
    """The member that is meant. Raises EmailInvalid, MemberUnknown."""
    from kiosk.service.members import member_id_of

    if options.email is not None:
        return member_id_of(desk, options.email)
    return MemberId(options.member.lower())


def _fields(record: MemberRecord) -> dict[str, object]:
    member = record.member
    return {
        "member_id": record.member_id,
        "name": member and member.name,
        "email": member and member.email,
        "language": member and member.language,
        "erased_at": _instant(record.erased_ms),
        "erasure_asked_at": _instant(record.wanted_ms),
        "unsent": _unsent(record.unsent),
        "at_the_rail": _customers(record.customers),
    }


def _agreed(sold: SoldTo) -> dict[str, object]:
    """What a sale keeps of its buyer beside what the export of the journal prints."""
    sale = sold.sale
    return {
        "consents": [
            {"kind": one.kind, "version": one.version, "language": one.language}
            for one in sale.consents
        ],
        "enrollments": [
            {
                "offer": one.offer,
                "starts_at": _instant(one.starts_ms),
                "period_ends_at": _instant(one.period_ends_ms),
                "ends_at": _instant(one.ends_ms),
            }
            for one in sale.enrollments
        ],
        "entries": [{"topic": str(topic), "state": str(state)} for topic, state in sold.entries],
    }


def _typed(sold: SoldTo) -> Member | None:
    """Who bought, as they were called at that sale."""
    from kiosk.domain.people import Member

    if sold.person is None:
        return None
    return Member(
        member_id=sold.sale.member_id,
        name=sold.person["name"],
        email=sold.person["email"],
        language=sold.sale.language,
    )


def _erasure_fields(erasure: Erasure, ended: Ended | None) -> dict[str, object]:
    return {
        "member_id": erasure.member_id,
        "erased": erasure.erased,
        "before": erasure.before,
        "unsent": _unsent(erasure.unsent),
        "old_key_destroyed": erasure.erased and (ended is None or ended.problem is None),
        "backups": None if ended is None else ended.backups.value,
        "at_the_rail": _customers(erasure.customers),
    }


def _tell(erasure: Erasure, ended: Ended | None) -> None:
    """What was done, what is left elsewhere, and who can remove it there."""
    from kiosk.domain.outbox import RailMode
    from kiosk.service.members import receipts_of

    if not erasure.erased:
        say(f"Not sent or not paid yet: {receipts_of(erasure.unsent)}. Nothing was erased.")
        say("It is erased by itself once everything is: python -m sync drain sends what waits.")
        return
    say("This member was erased before." if erasure.before else "The member was erased.")
    if ended is not None:
        _tell_ended(ended)
    for mode, remote in erasure.customers:
        if mode is RailMode.PRACTICE and (ended is None or ended.problem is None):
            say(f"The practice Stripe has forgotten the customer {remote.remote_id} too.")
        else:
            say(f"At Stripe ({mode}) remains the customer {remote.remote_id}: delete it there.")
    say(
        "Copies that were taken elsewhere before, on sticks or in black boxes, hold the person yet."
    )


def _tell_ended(ended: Ended) -> None:
    if ended.problem is not None:
        say(f"The key that older copies need is still there ({ended.problem}); the next start")
        say("destroys it.")
        return
    say(BACKUPS[ended.backups.value])
    if not ended.log_emptied:
        say("Somebody is reading the file: its last traces go when they are done.")


def _unsent(entries: tuple[UnsentEntry, ...]) -> list[dict[str, str]]:
    return [
        {
            "receipt_number": entry.receipt_number,
            "topic": str(entry.topic),
            "state": str(entry.state),
        }
        for entry in entries
    ]


def _customers(customers: tuple[tuple[RailMode, RemoteObject], ...]) -> list[dict[str, str]]:
    return [{"mode": str(mode), "customer": remote.remote_id} for mode, remote in customers]


def _instant(ms: int | None) -> str | None:
    return None if ms is None else rfc3339(ms)
