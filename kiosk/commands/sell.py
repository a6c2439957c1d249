"""`sell`: one sale without a screen. Nothing is printed before it is durable."""

from __future__ import annotations

import argparse
import re
import secrets
import time
from typing import TYPE_CHECKING, Final

from kiosk.commands import DONE
from kiosk.commands.options import add_data, add_json
from kiosk.commands.output import print_json, say
from kiosk.domain.ids import OfferCode, SaleId, is_uuid, uuid7
from kiosk.domain.money import plain
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind

if TYPE_CHECKING:
    from kiosk.service.sell import RecordedSale

HELP = "record one sale and print its pass"
_QUANTITY: Final = re.compile(r"[+-]?[0-9]{1,20}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this command."""
    add_data(parser)
    parser.add_argument(
        "--offer",
        action="append",
        required=True,
        type=_cart_line,
        metavar="CODE[:QTY]",
        help="what is sold; may be given several times",
    )
    parser.add_argument("--name", required=True, metavar="N", help="the member's name")
    parser.add_argument("--email", required=True, metavar="E", help="the member's e-mail address")
    parser.add_argument(
        "--tender", required=True, choices=[str(kind) for kind in TenderKind], help="the way to pay"
    )
    parser.add_argument(
        "--consent",
        action="append",
        default=[],
        metavar="KIND",
        help='a text the member agreed to; "terms" is compulsory',
    )
    parser.add_argument(
        "--sale-id",
        type=_sale_id,
        metavar="UUID",
        help="repeat a call with the same id and it is the same sale",
    )
    parser.add_argument("--language", default="en", metavar="LANG", help="the member's language")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Record the sale, then print it."""
    from kiosk.commands.opened import desk_of
    from kiosk.service.sell import record_sale

    draft = Draft(
        sale_id=options.sale_id or _new_sale_id(),
        lines=tuple(options.offer),
        name=options.name,
        email=options.email,
        language=options.language,
        consents=frozenset(options.consent),
        tender=TenderKind(options.tender),
    )
    with desk_of(options) as (_, desk):
        recorded = record_sale(desk, draft)
        # Printed inside, right after the commit: closing up may take its time or fail.
        _show(recorded, as_json=options.json)
    return DONE


def sale_fields(recorded: RecordedSale) -> dict[str, object]:
    """The object that `sell --json` prints; the export of the journal begins with the same."""
    sale = recorded.sale
    return {
        "sale_id": sale.sale_id,
        "receipt_number": sale.receipt_number,
        "total_minor": sale.total_minor,
        "currency": sale.currency,
        "tender": str(sale.tenders[0].kind) if sale.tenders else None,
        "passes": [
            {"number": issued.number, "text": issued.text, "url": url}
            for issued, url in zip(recorded.passes, recorded.pass_urls, strict=True)
        ],
        "pay_urls": [code.url for code in recorded.pay_codes],
    }


def _show(recorded: RecordedSale, *, as_json: bool) -> None:
    if as_json:
        print_json(sale_fields(recorded))
        return
    sale = recorded.sale
    print(f"{sale.receipt_number}  {plain(sale.total_minor, sale.currency)}  {sale.sale_id}")
    for issued, url in zip(recorded.passes, recorded.pass_urls, strict=True):
        print(f"pass {issued.number}  {url}")
    for code in recorded.pay_codes:
        print(f"pay {plain(code.amount_minor, code.currency)}  {code.url}", flush=True)
    if recorded.repeated:
        say("This sale was recorded before; nothing new was sold.")


def _new_sale_id() -> SaleId:
    return SaleId(uuid7(time.time_ns() // 1_000_000, secrets.token_bytes(10)))


def _sale_id(text: str) -> SaleId:
    if not is_uuid(text.lower()):
        raise argparse.ArgumentTypeError(
            "must be a UUID such as 01234567-89ab-7def-8123-456789abcdef"
        )
    return SaleId(text.lower())


def _cart_line(text: str) -> CartLine:
    code, colon, quantity = text.partition(":")
    # Not all that `int` takes for a number is one to a person: 1_0 would sell ten.
    if colon and not _QUANTITY.fullmatch(quantity):
        raise argparse.ArgumentTypeError("must be CODE or CODE:QUANTITY")
    return CartLine(offer=OfferCode(code), quantity=int(quantity) if colon else 1)
