"""The recovery key as one page to print: groups, words and a QR code, and what they are for.

The page is whole in itself: no script, nothing from a network, nothing that remembers it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Final

from kiosk.passes.qr import QrMatrix, qr_text
from kiosk.vault.recovery_key import RecoveryKey
from kiosk.vault.recovery_words import words_of

_QUIET: Final = 4  # modules of white around the code, as ISO/IEC 18004 asks for
# Small enough for one page of A4 or of US Letter: half a key on a second sheet gets lost.
_STYLE: Final = """
@page { margin: 15mm }
body { color: #000; background: #fff; font: 11pt/1.4 sans-serif; max-width: 170mm; margin: 0 auto }
h1 { font-size: 20pt; margin: 0 0 2mm } h2 { font-size: 13pt; margin: 6mm 0 2mm }
ol { list-style: none; padding: 0; margin: 0; display: grid; gap: 2mm 4mm }
li { border-bottom: 1px solid #999; white-space: nowrap }
li span { color: #555; display: inline-block; font: 8pt sans-serif; width: 6mm }
.groups { grid-template-columns: repeat(7, 1fr); font: bold 14pt monospace }
.groups li span { display: block; width: auto }
.words { grid-template-columns: repeat(4, 1fr); font: 12pt monospace }
svg { display: block; width: 45mm; height: 45mm } p { margin: 0 0 2mm }
""".strip()
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Recovery key of kiosk {device}</title>
<style>{style}</style>
</head>
<body>
<h1>Recovery key of kiosk {device}</h1>
<p>Made on {day}. A newer sheet of this kiosk replaces this one.</p>
<p>It opens the kiosk's sales when the passphrase is lost or the computer is. Whoever has this
sheet and the kiosk's folder can read everything in it: keep it like cash, away from the kiosk.
Print it, then delete the file.</p>
<h2>The key</h2>
<ol class="groups">{groups}</ol>
<h2>The same key as words</h2>
<ol class="words">{words}</ol>
<h2>The same key to scan</h2>
{code}
<h2>How to use it</h2>
<p>Type the groups or the words wherever the kiosk asks for its passphrase. Capitals, spaces and
dashes do not matter. One of the three spellings is enough.</p>
<p>Try it once, now: <code>kiosk vault check --recovery-file FILE --data DIR</code>, with the key in
the file. That changes nothing.</p>
<p>The words belong to no wallet and to no coin.</p>
</body>
</html>
"""


def recovery_sheet(recovery: RecoveryKey, *, device: int, made_ms: int) -> str:
    """The page, as HTML. `made_ms` is UTC milliseconds and is shown as a day."""
    return _PAGE.format(
        device=device,
        day=datetime.fromtimestamp(made_ms / 1000, UTC).strftime("%Y-%m-%d"),
        style=_STYLE,
        groups=_numbered(tuple(recovery.text.split("-"))),
        words=_numbered(words_of(recovery)),
        code=_svg(qr_text(recovery.text)),
    )


def _numbered(parts: tuple[str, ...]) -> str:
    """List items with their numbers as text: a list's own do not survive copying."""
    return "".join(
        f"<li><span>{number}</span>{escape(part)}</li>" for number, part in enumerate(parts, 1)
    )


def _svg(matrix: QrMatrix) -> str:
    """The code as one path, a square for each dark module."""
    size = matrix.size + 2 * _QUIET
    path = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(matrix.rows)
        for x, dark in enumerate(row)
        if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"'
        ' shape-rendering="crispEdges" role="img" aria-label="Recovery key as a QR code">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )
