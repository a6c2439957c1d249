"""QR codes: read back by an independent decoder, as small as they can be, without an imager."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode import constants, util
from qrcode.main import QRCode

from kiosk.domain.verdict import Verdict
from kiosk.passes.base41 import ALPHABET
from kiosk.passes.qr import (
    Level,
    Mode,
    Segment,
    TooLongForQr,
    pass_segments,
    qr_pass,
    qr_text,
    smallest_version,
)
from kiosk.passes.url import pass_url
from kiosk.passes.verify import verify

QUIET = 4
HOSTS = [None, "pass.example.org", "seller.github.io/PopUp", "a" * 30]
LINK = "https://buy.stripe.com/test_9B6eVd0Rg2Jq?client_reference_id=0192f3a4-7c1e&locale=de"


def read(matrix, scale=3):
    """The code an independent decoder finds in the picture of a matrix; there must be just one."""
    edge = (matrix.size + 2 * QUIET) * scale
    side = b"\xff" * (QUIET * scale)
    lines = [
        side + row.translate(b"\xff\x00" + bytes(254)) + side for row in _widened(matrix, scale)
    ]
    margin = b"\xff" * (edge * QUIET * scale)
    picture = margin + b"".join(line * scale for line in lines) + margin
    found = zxingcpp.read_barcodes(
        memoryview(picture).cast("B", (edge, edge)),
        formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
    )
    assert len(found) == 1
    return found[0]


def _widened(matrix, scale):
    return [b"".join(bytes((module,)) * scale for module in row) for row in matrix.rows]


@pytest.mark.parametrize("host", HOSTS)
def test_an_independent_decoder_reads_the_link_of_a_pass(vector, host):
    matrix = qr_pass(host, vector.text)
    code = read(matrix)
    assert code.text == pass_url(host, vector.text)
    assert code.extra["ECLevel"] == "L"
    assert code.extra["DataMask"] == 3
    assert int(code.extra["Version"]) == matrix.version


@pytest.mark.parametrize("host", HOSTS)
def test_what_the_decoder_reads_is_accepted_at_the_gate(vector, host):
    text = read(qr_pass(host, vector.text)).text
    assert verify(text, vector.context).verdict is Verdict.ACCEPTED


def test_the_golden_pass_fits_version_10(vector):
    matrix = qr_pass("pass.example.org", vector.text)
    assert (matrix.version, matrix.size) == (10, 57)
    assert len(matrix.rows) == 57
    assert {len(row) for row in matrix.rows} == {57}
    assert set(b"".join(matrix.rows)) == {0, 1}


def test_a_link_is_bytes_up_to_the_fragment_and_alphanumeric_from_there(vector):
    assert pass_segments("pass.example.org", vector.text) == (
        Segment(data=b"https://pass.example.org/#", mode=Mode.BYTE),
        Segment(data=vector.text.encode(), mode=Mode.ALPHANUMERIC),
    )


def test_a_token_without_a_link_is_one_alphanumeric_segment(vector):
    wanted = (Segment(data=b"EP1:" + vector.text.encode(), mode=Mode.ALPHANUMERIC),)
    assert pass_segments(None, vector.text) == wanted


def test_two_segments_beat_one(vector):
    whole = Segment(data=pass_url("pass.example.org", vector.text).encode(), mode=Mode.BYTE)
    two = smallest_version(pass_segments("pass.example.org", vector.text), Level.L)
    assert two < smallest_version((whole,), Level.L)


@pytest.mark.parametrize("text", [LINK, "x", "https://example.org/ü?q=€", "A" * 700])
def test_any_other_text_is_read_back_at_level_m(text):
    code = read(qr_text(text))
    assert code.bytes == text.encode("utf-8")
    assert code.extra["ECLevel"] == "M"


def test_more_than_the_largest_code_holds_is_refused():
    assert qr_text("x" * 2_331).version == 40
    with pytest.raises(TooLongForQr):
        qr_text("x" * 2_332)


def test_the_longest_text_a_gate_reads_still_has_a_code():
    assert read(qr_pass("a" * 80, "Z" * 1_100)).text.endswith("Z" * 1_100)


_segment = st.builds(Segment, data=st.binary(max_size=300), mode=st.just(Mode.BYTE)) | st.builds(
    Segment,
    data=st.text(alphabet=ALPHABET, max_size=600).map(str.encode),
    mode=st.just(Mode.ALPHANUMERIC),
)


@settings(max_examples=50)
@given(st.lists(_segment, min_size=1, max_size=3), st.sampled_from(Level))
def test_the_smallest_version_is_the_one_the_library_finds_by_encoding_everything(segments, level):
    code = QRCode(error_correction=level.value)
    for segment in segments:
        code.add_data(util.QRData(segment.data, mode=segment.mode.value), optimize=0)
    assert smallest_version(segments, level) == code.best_fit()


@pytest.mark.parametrize(
    ("mode", "level", "version", "capacity"),
    [
        (Mode.ALPHANUMERIC, Level.L, 1, 25),
        (Mode.ALPHANUMERIC, Level.L, 10, 395),
        (Mode.ALPHANUMERIC, Level.L, 11, 468),
        (Mode.BYTE, Level.L, 10, 271),
        (Mode.BYTE, Level.M, 10, 213),
        (Mode.BYTE, Level.M, 1, 14),
    ],
)
def test_a_version_is_filled_to_its_published_capacity(mode, level, version, capacity):
    """ISO/IEC 18004, table 7: the last character that fits, and the first that does not."""
    full = Segment(data=b"A" * capacity, mode=mode)
    assert smallest_version((full,), level) == version
    over = Segment(data=b"A" * (capacity + 1), mode=mode)
    assert smallest_version((over,), level) == version + 1


def test_the_levels_are_the_librarys():
    assert Level.L.value == constants.ERROR_CORRECT_L
    assert Level.M.value == constants.ERROR_CORRECT_M


def test_one_code_leaves_no_trace_in_the_next(vector):
    first = qr_pass("pass.example.org", vector.text)
    qr_pass("pass.example.org", vector.text[:-1] + "0")
    assert qr_pass("pass.example.org", vector.text) == first


def test_making_a_code_needs_no_imaging_library(tmp_path):
    """The packaged kiosk ships none, whatever the machine that runs this test happens to have."""
    for name in ("PIL", "png", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise ImportError", encoding="utf-8")
    script = (
        "from kiosk.passes.qr import qr_pass, qr_text;"
        "qr_pass('pass.example.org', 'ABC'); qr_text('https://example.org/')"
    )
    here = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(here)))}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=60)
