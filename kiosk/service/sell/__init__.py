"""Selling: the transaction in which a sale comes to exist, and what is shown because of it."""

from kiosk.service.sell.history import SaleRecord, readable_records, sale_records
from kiosk.service.sell.record import complete_sale, record_sale
from kiosk.service.sell.shown import (
    CompletedSale,
    RecordedSale,
    drawn,
    find_sale,
    newest_sale,
)
from kiosk.service.sell.tenders import tender_choices

__all__ = [
    "CompletedSale",
    "RecordedSale",
    "SaleRecord",
    "complete_sale",
    "drawn",
    "find_sale",
    "newest_sale",
    "readable_records",
    "record_sale",
    "sale_records",
    "tender_choices",
]
