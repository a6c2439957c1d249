"""Members: what people tell us, made comparable and checked, never wrong about a name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Final

from kiosk.domain.ids import MemberId
from kiosk.errors import EmailInvalid, NameInvalid

NAME_MAX_CHARS: Final = 200
EMAIL_MAX_CHARS: Final = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
LOCAL_PART_MAX_CHARS: Final = 64
_COMMON_DOMAINS: Final = (
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com",
    "gmx.de", "gmx.net", "web.de", "t-online.de", "proton.me", "live.com",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with one name as they write it and one address in its comparable form."""

    member_id: MemberId
    name: str = field(repr=False)
    email: str = field(repr=False)
    language: str


def clean_name(raw: str) -> str:
    """The name in NFC with single spaces; invisible controls are dropped, letters never are.

    Raises NameInvalid (reason `empty` or `too_long`). Direction marks (right-to-left names) and
    joiners (emoji, Persian) are kept; other control and line characters are not.
    """
    if raw.isascii() and raw.isprintable():
        return _fit(" ".join(raw.split()))  # nothing in it is composed, invisible or a control
    kept = "".join(" " if c.isspace() else c for c in raw if _may_stand_in_a_name(c))
    # Composed last: a control that stood between a letter and its accent must not keep them apart.
    return _fit(" ".join(unicodedata.normalize("NFC", kept).split()))


def clean_email(raw: str) -> str:
    """The address, trimmed and in lower case.

    Only what could never receive mail is refused, with EmailInvalid (reason `empty`, `no_at`,
    `no_local_part`, `no_domain`, `bad_domain`, `bad_character`, `too_long`); see RFC 5321.
    """
    # Composed last: some letters have a composed form in lower case only.
    email = unicodedata.normalize("NFC", unicodedata.normalize("NFC", raw).lower()).strip()
    if reason := _email_fault(email):
        raise EmailInvalid(reason=reason)
    return email


def email_hint(email: str) -> str | None:
    """What was probably meant (`gmial.com` -> `gmail.com`), or None: a hint, never a refusal."""
    local, at, domain = email.strip().lower().rpartition("@")
    if not at or not local or domain in _COMMON_DOMAINS:
        return None
    near = [known for known in _COMMON_DOMAINS if _one_slip_apart(domain, known)]
    return f"{local}@{near[0]}" if len(near) == 1 else None


def name_hint(name: str, most_bytes: int) -> str:
    """First name and the initial of the last (`Maria Gomez` -> `Maria G.`), cut at a character."""
    parts = name.split()
    text = parts[0] if len(parts) == 1 else f"{parts[0]} {parts[-1][0]}."
    if len(text.encode()) > most_bytes:
        text = parts[0]
    return text.encode()[:most_bytes].decode(errors="ignore")


def search_form(text: str) -> str:
    """Lower case without accents, for prefix search only; never shown."""
    # Split first and last: look-alike capitals become plain ones, and folding makes new accents.
    split = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(c for c in split if not unicodedata.combining(c)).split())


def member_entity(member_id: MemberId) -> str:
    """How a member is named at the rail, so that both wings mean the same customer."""
    return f"member:{member_id}"


def _fit(name: str) -> str:
    if not any(unicodedata.category(c)[0] in "LNSM" for c in name):
        raise NameInvalid(reason="empty", most=NAME_MAX_CHARS)
    if len(name) > NAME_MAX_CHARS:
        raise NameInvalid(reason="too_long", most=NAME_MAX_CHARS)
    return name


def _may_stand_in_a_name(char: str) -> bool:
    if char in "\u200c\u200d\u200e\u200f":
        return True
    return char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def _email_fault(email: str) -> str | None:
    local, at, domain = email.rpartition("@")
    faults = (
        ("empty", not email),
        ("no_at", not at),
        ("no_local_part", not local),
        ("no_domain", not domain),
        ("too_long", len(email) > EMAIL_MAX_CHARS or len(local) > LOCAL_PART_MAX_CHARS),
        ("bad_character", any(c.isspace() or not c.isprintable() or c in '<>,;:"()[]\\@'
                              for c in local + domain)),
        ("bad_domain", not _domain_is_possible(domain)),
        ("bad_character", local.startswith(".") or local.endswith(".") or ".." in local),
    )  # fmt: skip
    return next((reason for reason, wrong in faults if wrong), None)


def _domain_is_possible(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) >= 2 and len(labels[-1]) >= 2 and not labels[-1].isdigit() and all(
        0 < len(label) <= 63
        and not label.startswith("-")
        and not label.endswith("-")
        # Letters, digits and, for the scripts of India and Thailand, the vowel signs beside them.
        and all(unicodedata.category(c)[0] in "LNM" or c == "-" for c in label)
        for label in labels
    )  # fmt: skip


def _one_slip_apart(a: str, b: str) -> bool:
    """One letter missing, added, changed, or two neighbours swapped."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        odd = [i for i in range(len(a)) if a[i] != b[i]]
        swapped = len(odd) == 2 and odd[1] == odd[0] + 1 and a[odd[0]] == b[odd[1]]
        return len(odd) == 1 or (swapped and a[odd[1]] == b[odd[0]])
    short, long = sorted((a, b), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
