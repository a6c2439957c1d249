"""The box: one sealed file that carries a whole kiosk, as a backup or to another laptop.

It knows bytes and keys. What goes into a box and what becomes of it is for the rooms above.

    file        HEADER, then one generation after another; the last whole one counts
    generation  opening, frames, closing
    opening     in clear: mark, who seals, number, ids, time, the key file, SHA-256 of all that
    frame       kind and length in clear, then AES-256-GCM of the content; the nonce counts frames
    closing     in clear: mark and length, so that a reader knows where it ends

A generation's key is derived from the seal's key and the opening's hash (HKDF, RFC 5869), so no
frame can be moved, dropped or taken from elsewhere unnoticed, and no nonce is used twice. The last
frame counts the others: what is cut short never passes for whole. An append that dies leaves a
generation without its end, which readers pass over; those before it stay as they were.
"""

from kiosk.blackbox.layout import CHUNK_BYTES, GENERATIONS_MOST, Opening, SealedBy
from kiosk.blackbox.read import BoxReader, Found, look_into
from kiosk.blackbox.write import BoxWriter, append_generation, new_box

__all__ = [
    "CHUNK_BYTES",
    "GENERATIONS_MOST",
    "BoxReader",
    "BoxWriter",
    "Found",
    "Opening",
    "SealedBy",
    "append_generation",
    "look_into",
    "new_box",
]
