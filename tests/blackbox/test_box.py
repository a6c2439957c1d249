"""A box gives back what went in, or says that it is not whole; there is nothing between."""

from __future__ import annotations

import dataclasses
import json
import random
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.blackbox import (
    BoxReader,
    BoxWriter,
    SealedBy,
    append_generation,
    look_into,
    new_box,
)
from kiosk.blackbox.layout import (
    CHUNK_BYTES,
    CLOSING_BYTES,
    CLOSING_MARK,
    HEADER,
    OPENING_MARK,
    FrameKind,
    Seal,
    closing,
)
from kiosk.errors import (
    BoxDamaged,
    BoxError,
    BoxForeign,
    BoxMissing,
    BoxTooNew,
    BoxTorn,
    StoreReadOnly,
)
from tests.blackbox.boxes import (
    CONTENT,
    KEY,
    content_of,
    made,
    newest,
    opening,
    writing,
)


def test_what_went_in_comes_out(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    (found,) = look_into(path)
    assert (found.opening, found.followed_by_ruin) == (opening(), False)
    assert content_of(path, found) == CONTENT
    assert BoxReader(path, found, KEY).check() == tuple(CONTENT)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_section_larger_than_a_chunk_is_sealed_in_pieces(tmp_path: Path) -> None:
    large = random.Random(1).randbytes(2 * CHUNK_BYTES + 17)
    path = made(tmp_path / "a.box", {"buffer.db": large})
    assert newest(path) == {"buffer.db": large}
    # Not even the start of it stands there in clear.
    assert large[:64] not in path.read_bytes()


@given(st.dictionaries(st.sampled_from(["a", "b.db", "c-d"]), st.binary(max_size=5000)))
@settings(max_examples=30)
def test_any_content_survives(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, bytes]
) -> None:
    assert newest(made(tmp_path_factory.mktemp("box") / "a.box", content)) == content


def test_the_last_generation_counts_and_the_older_ones_stay(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", {"a": b"1"}, {"a": b"2"}, {"a": b"3"})
    found = look_into(path)
    assert [each.opening.number for each in found] == [1, 2, 3]
    assert [content_of(path, each) for each in found] == [{"a": b"1"}, {"a": b"2"}, {"a": b"3"}]


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    before = path.read_bytes()
    with pytest.raises(StoreReadOnly):
        made(path, {"a": b"other"})
    # It is not ours to remove either.
    assert path.read_bytes() == before


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    whole = bytearray(made(tmp_path / "a.box", {"a": b"sold", "b": b""}).read_bytes())
    path = tmp_path / "flipped.box"
    for at in range(len(whole)):
        whole[at] ^= 1 << at % 8
        path.write_bytes(whole)
        with pytest.raises(BoxError):
            newest(path)
        whole[at] ^= 1 << at % 8


@given(st.integers(0), st.integers(0, 7))
@settings(max_examples=60)
def test_a_flip_in_the_newer_generation_never_gives_a_third_content(
    two_generations: bytes, tmp_path_factory: pytest.TempPathFactory, at: int, bit: int
) -> None:
    raw = bytearray(two_generations)
    raw[at % len(raw)] ^= 1 << bit
    path = tmp_path_factory.mktemp("box") / "a.box"
    path.write_bytes(raw)
    try:
        found = look_into(path)[-1]
        content = content_of(path, found)
    except BoxError:
        return
    older = found.opening.number == 1
    assert content == ({"a": b"older"} if older else {"a": b"newer"})
    # Whoever is given older content is told that there was something behind it.
    assert found.followed_by_ruin == older


@pytest.fixture(scope="module")
def two_generations(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("two") / "a.box"
    return made(path, {"a": b"older"}, {"a": b"newer"}).read_bytes()


def test_frames_cannot_be_moved_dropped_or_repeated(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", {"a": b"1" * 100, "b": b"2" * 100})
    raw = path.read_bytes()
    (found,) = look_into(path)
    start = found.start + len(found.opening.packed())
    frames = []
    at = start
    while not raw[at:].startswith(CLOSING_MARK):
        end = at + 5 + int.from_bytes(raw[at + 1 : at + 5], "big") + 16
        frames.append(raw[at:end])
        at = end
    assert len(frames) == 7
    dice = random.Random(5)
    for _ in range(30):
        shuffled = frames[:]
        dice.shuffle(shuffled)
        if shuffled != frames:
            path.write_bytes(raw[:start] + b"".join(shuffled) + raw[at:])
            with pytest.raises(BoxError):
                newest(path)
    for left_out in range(len(frames)):
        fewer = b"".join(frames[:left_out] + frames[left_out + 1 :])
        length = (len(raw) - len(HEADER) - len(frames[left_out])).to_bytes(8, "big")
        path.write_bytes(raw[:start] + fewer + CLOSING_MARK + length)
        with pytest.raises(BoxError):
            newest(path)


def test_a_generation_of_another_box_is_not_taken_for_ours(tmp_path: Path) -> None:
    ours = made(tmp_path / "a.box", CONTENT)
    theirs = made(tmp_path / "b.box", CONTENT, key=bytes(32))
    raw = ours.read_bytes() + theirs.read_bytes()[len(HEADER) :]
    ours.write_bytes(raw)
    with pytest.raises(BoxDamaged):
        newest(ours)


def test_an_opening_that_says_something_else_opens_nothing(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    raw, told = path.read_bytes(), opening()
    for change in ({"number": 9}, {"made_ms": 1}, {"buffer_id": str(uuid.UUID(int=1))}):
        other = dataclasses.replace(told, **change)
        path.write_bytes(raw.replace(told.packed(), other.packed()))
        assert look_into(path)[-1].opening == other
        with pytest.raises(BoxDamaged):
            newest(path)


def test_a_seal_that_counts_something_else_holds_nothing(tmp_path: Path) -> None:
    told = opening()
    for sealed in ({"frames": 4, "sections": ["a"]}, {"frames": 3, "sections": ["b"]}, {}):
        seal = Seal(KEY, told)
        frames = [
            seal.close(FrameKind.SECTION, b"a"),
            seal.close(FrameKind.DATA, b"1"),
            seal.close(FrameKind.END, b'{"bytes":1}'),
            seal.close(FrameKind.SEAL, json.dumps(sealed).encode()),
        ]
        body = told.packed() + b"".join(frames)
        path = tmp_path / "a.box"
        path.write_bytes(HEADER + body + closing(len(body) + CLOSING_BYTES))
        with pytest.raises(BoxDamaged):
            newest(path)


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    with pytest.raises(BoxDamaged):
        newest(path, bytes(32))


def test_without_a_passphrase_damage_still_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.box"
    told = opening(sealed_by=SealedBy.NOBODY)
    new_box(path, b"", told, writing(CONTENT))
    assert newest(path, b"") == CONTENT
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(BoxDamaged):
        newest(path, b"")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", BoxForeign),
        (b"SQLite format 3\x00" + bytes(100), BoxForeign),
        (HEADER.replace(b"\r\n", b"\n") + bytes(50), BoxTooNew),
        (HEADER.replace(b"-1", b"-2") + bytes(50), BoxTooNew),
        (HEADER, BoxTorn),
        (HEADER + bytes(200), BoxDamaged),
        (HEADER + OPENING_MARK + b"\xff" * 200, BoxDamaged),
    ],
)
def test_what_is_no_box_is_told_apart(
    tmp_path: Path, content: bytes, error: type[BoxError]
) -> None:
    path = tmp_path / "a.box"
    path.write_bytes(content)
    with pytest.raises(error):
        look_into(path)


def test_a_file_that_is_not_there_or_a_folder_is_missing(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(BoxMissing):
            look_into(path)
    with pytest.raises(BoxMissing):
        append_generation(tmp_path / "none", KEY, opening(), lambda _writer: None)


def test_a_small_section_is_read_without_the_rest_and_never_beyond_its_bound(
    tmp_path: Path,
) -> None:
    path = made(tmp_path / "a.box", CONTENT)
    reader = BoxReader(path, look_into(path)[0], KEY)
    assert reader.small_section("about.json", 100) == b'{"a":1}'
    for name, most in (("buffer.db", 100), ("absent", 100)):
        with pytest.raises(BoxDamaged):
            reader.small_section(name, most)


def test_a_writer_refuses_names_that_a_reader_would_not_take(tmp_path: Path) -> None:
    for names in (["../a"], ["A"], [""], ["a/b"], ["a", "a"], [f"n{i}" for i in range(40)]):

        def fill(writer: BoxWriter, names: list[str] = names) -> None:
            for name in names:
                writer.section(name, [b"1"])

        with pytest.raises(AssertionError):
            new_box(tmp_path / "a.box", KEY, opening(), fill)
        assert not (tmp_path / "a.box").exists()
