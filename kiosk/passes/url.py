"""The text that a pass's QR code carries: a link to the member page, or the bare token."""

from __future__ import annotations

from typing import Final

SCHEME_PREFIX: Final = "EP1:"
"""Marks a token that travels without a link."""


def pass_url(host: str | None, text: str) -> str:
    """The link whose fragment is the pass; with no host, the token behind `EP1:`.

    The fragment is never sent to the host: the pass stays on the phone.
    """
    return pass_prefix(host) + text


def pass_prefix(host: str | None) -> str:
    """What stands before the token. `host` is a name, with a port and a path where it has them."""
    if not host:
        return SCHEME_PREFIX
    # Several phones do not open an upper-case scheme or host. A path keeps its letters.
    name, slash, path = host.rstrip("/").partition("/")
    return f"https://{name.lower()}{slash}{path}/#"
