"""What the doctor says: for each check a sentence and, where there is something to do, what."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.domain.checkup import Grade
from kiosk.ui.typed_qt import QT_TRANSLATE_NOOP

# The sentence, and what to do; by the `words` of kiosk.domain.checkup.Check.
CHECKS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "versions.ok": (
        QT_TRANSLATE_NOOP("Checks", "Program {program}, tables {schema}, SQLite {sqlite}, "
        "SQLCipher {sqlcipher}, {openssl}, Python {python}, Qt {qt}."),
        ""),
    "place.ok": (
        QT_TRANSLATE_NOOP("Checks", "The data lie on a disk of this machine."),
        ""),
    "place.synced": (
        QT_TRANSLATE_NOOP("Checks", "The data lie in a folder that another program copies "
        "elsewhere: {folder}."),
        QT_TRANSLATE_NOOP("Checks", "Close the kiosk, move the whole folder to one that "
        "nothing copies, and start it there.")),
    "place.network": (
        QT_TRANSLATE_NOOP("Checks", "The data lie on a network disk ({kind}), where a sale can "
        "be lost: {folder}."),
        QT_TRANSLATE_NOOP("Checks", "Close the kiosk, move the whole folder to a disk of this "
        "machine, and start it there.")),
    "permissions.ok": (
        QT_TRANSLATE_NOOP("Checks", "Only the kiosk's own user can read the files."),
        ""),
    "permissions.loose": (
        QT_TRANSLATE_NOOP("Checks", "Others on this machine may read {file} (mode {mode})."),
        QT_TRANSLATE_NOOP("Checks", "Take their rights away: chmod go= {file}")),
    "permissions.read_only": (
        QT_TRANSLATE_NOOP("Checks", "The kiosk may not write in its folder {folder}."),
        QT_TRANSLATE_NOOP("Checks", "Give its user the right to write there.")),
    "space.ok": (
        QT_TRANSLATE_NOOP("Checks", "{free_mb} MB are free on the disk."),
        ""),
    "space.low": (
        QT_TRANSLATE_NOOP("Checks", "Only {free_mb} MB are free on the disk; selling needs "
        "{needed_mb} MB."),
        QT_TRANSLATE_NOOP("Checks", "Free some space: remove what does not belong to the "
        "kiosk.")),
    "ballast.none": (
        QT_TRANSLATE_NOOP("Checks", "There is no reserve for the day the disk is full."),
        QT_TRANSLATE_NOOP("Checks", "Free some space; the reserve comes back by itself while "
        "the kiosk rests.")),
    "ballast.later": (
        QT_TRANSLATE_NOOP("Checks", "There is no reserve yet for the day the disk is full."),
        QT_TRANSLATE_NOOP("Checks", "Nothing to do: there is room for it, and the window makes it "
        "by itself while the kiosk rests.")),
    "keys.ok": (
        QT_TRANSLATE_NOOP("Checks", "The key file is whole. It opens with: {methods}."),
        ""),
    "keys.missing": (
        QT_TRANSLATE_NOOP("Checks", "There is no key file. Without it nothing opens."),
        QT_TRANSLATE_NOOP("Checks", "Put kiosk.keys.json back into the folder, from a backup "
        "of the folder.")),
    "keys.loose": (
        QT_TRANSLATE_NOOP("Checks", "Others on this machine may read the key file (mode "
        "{mode})."),
        QT_TRANSLATE_NOOP("Checks", "Take their rights away: chmod 600 kiosk.keys.json")),
    "keys.damaged": (
        QT_TRANSLATE_NOOP("Checks", "The key file is damaged ({code}). The sales are safe but "
        "locked."),
        QT_TRANSLATE_NOOP("Checks", "Restore kiosk.keys.json from a backup of the folder.")),
    "recovery.ok": (
        QT_TRANSLATE_NOOP("Checks", "There is a recovery key, and it was kept before the first "
        "sale."),
        ""),
    "recovery.none": (
        QT_TRANSLATE_NOOP("Checks", "There is no recovery key: a forgotten passphrase would "
        "lock the sales for ever."),
        QT_TRANSLATE_NOOP("Checks", "Add one: kiosk vault add recovery")),
    "buffer.missing": (
        QT_TRANSLATE_NOOP("Checks", "There is no sales file in {folder}."),
        QT_TRANSLATE_NOOP("Checks", "Check the folder, or set the kiosk up with: kiosk init")),
    "buffer.locked": (
        QT_TRANSLATE_NOOP("Checks", "The sales file was not opened ({code}), so what it holds "
        "was not looked at."),
        QT_TRANSLATE_NOOP("Checks", "Name the passphrase file, or the recovery key, and look "
        "again.")),
    "buffer.damaged": (
        QT_TRANSLATE_NOOP("Checks", "The sales file is damaged ({check}). Nothing of it was "
        "deleted."),
        QT_TRANSLATE_NOOP("Checks", "Close the kiosk and run kiosk salvage: it copies "
        "everything readable into a new file.")),
    "damaged.kept": (
        QT_TRANSLATE_NOOP("Checks", "What was damaged before a salvage is kept in {folders}, with "
        "everybody who was erased since."),
        QT_TRANSLATE_NOOP("Checks", "Delete it once everything that was missing is found or "
        "given up.")),
    "buffer.empty": (
        QT_TRANSLATE_NOOP("Checks", "The sales file is empty: what was in it is not in this folder "
        "any more."),
        QT_TRANSLATE_NOOP("Checks", "Leave everything as it is, and start from the newest backup "
        "or from a copy of the folder.")),
    "buffer.closed": (
        QT_TRANSLATE_NOOP("Checks", "The sales file could not be opened ({code})."),
        QT_TRANSLATE_NOOP("Checks", "Look at what the kiosk says when it starts; nothing was "
        "changed.")),
    "buffer.ok": (
        QT_TRANSLATE_NOOP("Checks", "The sales file opens and can be read."),
        ""),
    "chain.ok": (
        QT_TRANSLATE_NOOP("Checks", "The journal's newest links are whole; there are {links}."),
        ""),
    "chain.broken": (
        QT_TRANSLATE_NOOP("Checks", "The journal is broken at link {link}."),
        QT_TRANSLATE_NOOP("Checks", "Stop selling here, keep the folder as it is, and run "
        "kiosk salvage.")),
    "anchor.ok": (
        QT_TRANSLATE_NOOP("Checks", "The journal is the newest one known (life {life})."),
        ""),
    "anchor.missing": (
        QT_TRANSLATE_NOOP("Checks", "The anchor beside the sales file is missing, so an old "
        "copy could not be told."),
        QT_TRANSLATE_NOOP("Checks", "Look for the newest copy of the folder. If this is it: kiosk "
        "restored")),
    "anchor.garbled": (
        QT_TRANSLATE_NOOP("Checks", "The anchor beside the sales file cannot be read, so an old "
        "copy could not be told."),
        QT_TRANSLATE_NOOP("Checks", "Look for the newest copy of the folder. If this is it: kiosk "
        "restored")),
    "anchor.lost": (
        QT_TRANSLATE_NOOP("Checks", "The anchor beside the sales file was lost, so nobody can "
        "tell whether newer sales are missing."),
        QT_TRANSLATE_NOOP("Checks", "Look for the newest copy of the folder. If this is it: kiosk "
        "restored")),
    "anchor.foreign": (
        QT_TRANSLATE_NOOP("Checks", "The anchor beside the sales file belongs to another kiosk."),
        QT_TRANSLATE_NOOP("Checks", "Put the buffer.anchor back that lay beside this sales file, "
        "or move this one out of the folder and run kiosk restored.")),
    "anchor.ahead": (
        QT_TRANSLATE_NOOP("Checks", "The anchor knows {known} links, the journal has {links}: "
        "an older copy was put back."),
        QT_TRANSLATE_NOOP("Checks", "Look for the newest copy. If there is none: kiosk "
        "restored")),
    "anchor.elsewhere": (
        QT_TRANSLATE_NOOP("Checks", "Another copy of this kiosk has come to link {known}; this "
        "one has {links}."),
        QT_TRANSLATE_NOOP("Checks", "Sell with one of them only. If it is to be this one: "
        "kiosk restored")),
    "numbers.ok": (
        QT_TRANSLATE_NOOP("Checks", "The numbers of receipts and passes have no gap."),
        ""),
    "numbers.gap": (
        QT_TRANSLATE_NOOP("Checks", "There is a gap in the numbers: {where}."),
        QT_TRANSLATE_NOOP("Checks", "Keep the folder as it is, and check everything: kiosk "
        "doctor --full")),
    "salvaged.unsent": (
        QT_TRANSLATE_NOOP("Checks", "Of {sales} salvaged sales nobody knows what they owe, so "
        "nothing of them is sent: {receipts}."),
        QT_TRANSLATE_NOOP("Checks", "Look each of them up at Stripe, and enter by hand what is "
        "missing there.")),
    "salvaged.before": (
        QT_TRANSLATE_NOOP("Checks", "This file was salvaged once: {sales} sales in part, "
        "{links} journal links missing."),
        QT_TRANSLATE_NOOP("Checks", "Compare those sales with their receipts; the damaged file "
        "lies in damaged-1.")),
    "unsent.none": (
        QT_TRANSLATE_NOOP("Checks", "Everything is sent."),
        ""),
    "unsent.waiting": (
        QT_TRANSLATE_NOOP("Checks", "{entries} entries wait to be sent; they are sent by "
        "themselves."),
        ""),
    "unsent.old": (
        QT_TRANSLATE_NOOP("Checks", "{entries} entries wait to be sent, the oldest for {hours} "
        "hours."),
        QT_TRANSLATE_NOOP("Checks", "Bring the kiosk to a network and leave it open until "
        "everything is sent.")),
    "attention.none": (
        QT_TRANSLATE_NOOP("Checks", "Nothing waits for a person."),
        ""),
    "attention.some": (
        QT_TRANSLATE_NOOP("Checks", "{entries} things wait for a person."),
        QT_TRANSLATE_NOOP("Checks", "Look at the outbox.")),
    "clock.ok": (
        QT_TRANSLATE_NOOP("Checks", "The clock is right, to {seconds} seconds."),
        ""),
    "clock.unmeasured": (
        QT_TRANSLATE_NOOP("Checks", "The clock has not been compared with Stripe's yet; "
        "nothing speaks against it."),
        ""),
    "clock.wrong": (
        QT_TRANSLATE_NOOP("Checks", "The clock of this machine is wrong, by {seconds} seconds "
        "as far as is known."),
        QT_TRANSLATE_NOOP("Checks", "Set the clock. Selling goes on meanwhile.")),
    "full_check.ok": (
        QT_TRANSLATE_NOOP("Checks", "Everything was checked {days} days ago: {sales} sales, "
        "and nothing was wrong."),
        ""),
    "full_check.never": (
        QT_TRANSLATE_NOOP("Checks", "Not everything has been checked yet."),
        QT_TRANSLATE_NOOP("Checks", "Check everything now; selling goes on meanwhile.")),
    "full_check.old": (
        QT_TRANSLATE_NOOP("Checks", "Everything was last checked {days} days ago."),
        QT_TRANSLATE_NOOP("Checks", "Check everything again; selling goes on meanwhile.")),
    "full_check.bad": (
        QT_TRANSLATE_NOOP("Checks", "Faults that the last check of everything found: {flaws}. "
        "Nothing of the file was changed."),
        QT_TRANSLATE_NOOP("Checks", "Close the kiosk, make a copy of its folder, and run kiosk "
        "salvage.")),
    "backup.ok": (
        QT_TRANSLATE_NOOP("Checks", "The last backup is {hours} hours old."),
        ""),
    "backup.never": (
        QT_TRANSLATE_NOOP("Checks", "There is no backup yet."),
        QT_TRANSLATE_NOOP("Checks", "Make one: kiosk backup --out FILE")),
    "backup.old": (
        QT_TRANSLATE_NOOP("Checks", "The last backup is {hours} hours old by now."),
        QT_TRANSLATE_NOOP("Checks", "Make a new one: kiosk backup")),
    "backup.failed": (
        QT_TRANSLATE_NOOP("Checks", "The last backup failed ({problem})."),
        QT_TRANSLATE_NOOP("Checks", "Look whether there is room where the backups go, then: "
        "kiosk backup")),
})  # fmt: skip

# What was looked at, in a word or two.
CHECK_NAMES: Final[Mapping[str, str]] = MappingProxyType({
    "versions": QT_TRANSLATE_NOOP("Checks", "Versions"),
    "place": QT_TRANSLATE_NOOP("Checks", "Where the data lie"),
    "permissions": QT_TRANSLATE_NOOP("Checks", "Rights of the files"),
    "space": QT_TRANSLATE_NOOP("Checks", "Free space"),
    "ballast": QT_TRANSLATE_NOOP("Checks", "Reserve"),
    "keys": QT_TRANSLATE_NOOP("Checks", "Keys"),
    "recovery": QT_TRANSLATE_NOOP("Checks", "Recovery key"),
    "buffer": QT_TRANSLATE_NOOP("Checks", "Sales file"),
    "chain": QT_TRANSLATE_NOOP("Checks", "Journal"),
    "anchor": QT_TRANSLATE_NOOP("Checks", "Anchor"),
    "numbers": QT_TRANSLATE_NOOP("Checks", "Numbers"),
    "salvaged": QT_TRANSLATE_NOOP("Checks", "Salvage"),
    "damaged": QT_TRANSLATE_NOOP("Checks", "Damaged files"),
    "unsent": QT_TRANSLATE_NOOP("Checks", "To be sent"),
    "attention": QT_TRANSLATE_NOOP("Checks", "For a person"),
    "clock": QT_TRANSLATE_NOOP("Checks", "Clock"),
    "full_check": QT_TRANSLATE_NOOP("Checks", "Check of everything"),
    "backup": QT_TRANSLATE_NOOP("Checks", "Backup"),
})  # fmt: skip

# The parts of a full check, while it is at them.
PARTS: Final[Mapping[str, str]] = MappingProxyType({
    "pages": QT_TRANSLATE_NOOP("Checks", "Reading every page"),
    "schema": QT_TRANSLATE_NOOP("Checks", "Reading the tables' plan"),
    "tables": QT_TRANSLATE_NOOP("Checks", "Checking the tables"),
    "references": QT_TRANSLATE_NOOP("Checks", "Checking what belongs together"),
    "journal": QT_TRANSLATE_NOOP("Checks", "Following the journal"),
    "numbers": QT_TRANSLATE_NOOP("Checks", "Counting receipts and passes"),
    "stock": QT_TRANSLATE_NOOP("Checks", "Counting what was sold"),
})  # fmt: skip

GRADES: Final[Mapping[Grade, str]] = MappingProxyType({
    Grade.OK: QT_TRANSLATE_NOOP("Checks", "In order"),
    Grade.NOTICE: QT_TRANSLATE_NOOP("Checks", "To know"),
    Grade.BAD: QT_TRANSLATE_NOOP("Checks", "To do"),
})  # fmt: skip

# How everything is, by the worst of the checks.
WHOLE: Final[Mapping[Grade, str]] = MappingProxyType({
    Grade.OK: QT_TRANSLATE_NOOP("Checks", "Everything is in order."),
    Grade.NOTICE: QT_TRANSLATE_NOOP("Checks", "The kiosk is well; there is something to know."),
    Grade.BAD: QT_TRANSLATE_NOOP("Checks", "There is something to do. What was sold is kept."),
})  # fmt: skip
