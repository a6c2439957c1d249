"""kiosk.toml: defaults, every mistake at once, and no way to sell for money by a slip."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kiosk.config import (
    FILE_NAME,
    TEMPLATE,
    BackupConfig,
    Config,
    StripeConfig,
    WindowConfig,
    load,
    portable,
    read,
)
from kiosk.domain.outbox import RailMode
from kiosk.errors import ConfigInvalid, Mistake


def written(folder: Path, text: str | bytes) -> Path:
    raw = text.encode() if isinstance(text, str) else text
    (folder / FILE_NAME).write_bytes(raw)
    return folder


def mistakes_of(text: str, folder: Path) -> tuple[Mistake, ...]:
    with pytest.raises(ConfigInvalid) as refused:
        read(tomllib.loads(text), folder)
    assert refused.value.fields == {"mistakes": len(refused.value.mistakes)}
    return refused.value.mistakes


def base_url(url: object, folder: Path) -> str | None:
    return read({"stripe": {"base_url": url}}, folder).stripe.base_url


DEFAULTS = Config(stripe=StripeConfig(), window=WindowConfig())


def test_a_missing_file_means_practice_and_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == DEFAULTS
    assert DEFAULTS.stripe.mode is RailMode.PRACTICE
    assert not DEFAULTS.window.kiosk


def test_the_template_says_what_is_the_default_anyway(tmp_path: Path) -> None:
    assert load(written(tmp_path, TEMPLATE)) == DEFAULTS


def test_every_setting_the_template_mentions_is_known(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") for line in TEMPLATE.splitlines()]
    settings = [line for line in lines if line.startswith("[") or " = " in line]
    found = load(written(tmp_path, "\n".join(settings)))
    assert found.stripe == StripeConfig(
        mode=RailMode.PRACTICE,
        base_url="https://stripe-relay.example",
        key_file=tmp_path / "stripe.key",
    )
    assert len([line for line in settings if " = " in line]) == 8


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(written(tmp_path, "")) == DEFAULTS


@pytest.mark.parametrize("mode", list(RailMode))
def test_each_mode_can_be_named(tmp_path: Path, mode: RailMode) -> None:
    assert load(written(tmp_path, f'[stripe]\nmode = "{mode}"')).stripe.mode is mode


def test_a_relative_key_file_begins_at_the_folder_and_an_absolute_one_does_not(
    tmp_path: Path,
) -> None:
    def key_file(name: str) -> Path | None:
        return read({"stripe": {"key_file": name}}, tmp_path).stripe.key_file

    assert key_file("keys/stripe.key") == tmp_path / "keys" / "stripe.key"
    assert key_file("/etc/stripe.key") == Path("/etc/stripe.key")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    mistakes = mistakes_of(
        """
        seller = 5
        [stripe]
        mode = "lvie"
        key_file = ""
        base_url = "stripe.example"
        colour = 1
        [window]
        kiosk = "yes"
        gpu = 1
        size = 2
        [shop]
        """,
        tmp_path,
    )
    assert {mistake.key for mistake in mistakes} == {
        "seller", "shop", "stripe.mode", "stripe.key_file", "stripe.base_url", "stripe.colour",
        "window.kiosk", "window.gpu", "window.size",
    }  # fmt: skip
    assert len(mistakes) == 9
    assert all(mistake.reason for mistake in mistakes)
    reasons = {mistake.key: mistake.reason for mistake in mistakes}
    assert "practice, test, live" in reasons["stripe.mode"]


@pytest.mark.parametrize("text", ["stripe = 5", "stripe = []", 'window = "big"', "[[stripe]]"])
def test_what_should_be_a_section_is_one(tmp_path: Path, text: str) -> None:
    (mistake,) = mistakes_of(text, tmp_path)
    assert mistake.reason == "must be a section"


@pytest.mark.parametrize("value", ["5", "true", '""', "[]", "1979-05-27", "{}"])
def test_a_mode_of_another_type_is_refused_and_not_taken_for_live(
    tmp_path: Path, value: str
) -> None:
    assert mistakes_of(f"[stripe]\nmode = {value}", tmp_path)[0].key == "stripe.mode"


def test_a_secret_written_here_is_refused_and_not_repeated(tmp_path: Path) -> None:
    mistakes = mistakes_of('[stripe]\nkey = "rk_live_51Secret"', tmp_path)
    assert [mistake.key for mistake in mistakes] == ["stripe.key"]
    assert "Secret" not in repr(mistakes)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://relay.example", "https://relay.example"),
        ("https://relay.example/", "https://relay.example"),
        ("https://relay.example:8443/v1/", "https://relay.example:8443/v1"),
        ("http://127.0.0.1:12111", "http://127.0.0.1:12111"),
        ("http://localhost:12111/", "http://localhost:12111"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:12111", "http://[::1]:12111"),
    ],
)
def test_addresses_that_may_be_reached(tmp_path: Path, url: str, kept: str) -> None:
    assert base_url(url, tmp_path) == kept


@pytest.mark.parametrize(
    "url",
    [
        # Without https only this machine: the key would travel in clear.
        "http://relay.example",
        "http://192.168.1.5:8080",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://0.0.0.0",
        # Read as this machine by a careless eye, and as another host by a client.
        "http://localhost:80@evil.example",
        "http://localhost:x@evil.example/",
        "http://127.0.0.1@evil.example",
        "http://localhost\\@evil.example",
        "http://localhost#@evil.example",
        "https://user:secret@relay.example",
        # No address at all.
        "relay.example",
        "https://",
        "https:///path",
        "ftp://relay.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://relay.example:99999",
        "https://relay.example:port",
        "https://[::1",
        "https://relay.example/?a=b",
        "https://relay .example",
        "https://relay.example\n",
        "https://rel\u0430y.example",
        "https://" + "a" * 200,
    ],
)
def test_addresses_that_may_not(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigInvalid) as refused:
        base_url(url, tmp_path)
    assert [mistake.key for mistake in refused.value.mistakes] == ["stripe.base_url"]


@pytest.mark.parametrize(
    "text",
    [
        b"[stripe",
        b"\xff\xfe",
        b"mode = 'live'\nmode = 'live'",
        b"n = " + b"9" * 5000,
        b"x = " + b"[" * 20_000 + b"]" * 20_000,
    ],
    ids=["cut off", "not UTF-8", "twice", "giant number", "deep nesting"],
)
def test_a_file_that_cannot_be_read_stops_before_anything_is_sold(
    tmp_path: Path, text: bytes
) -> None:
    with pytest.raises(ConfigInvalid) as refused:
        load(written(tmp_path, text))
    (mistake,) = refused.value.mistakes
    assert mistake.key == FILE_NAME
    assert len(mistake.reason) < 300


def test_a_folder_in_the_place_of_the_file_is_a_mistake_too(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ConfigInvalid):
        load(tmp_path)


def test_the_window_can_be_a_kiosk_drawn_by_the_card(tmp_path: Path) -> None:
    found = load(written(tmp_path, "[window]\nkiosk = true\ngpu = true"))
    assert found.window == WindowConfig(kiosk=True, gpu=True)


def test_backups_are_made_without_being_asked_for(tmp_path: Path) -> None:
    usual = load(tmp_path).backup
    assert (usual.minutes, usual.folder, usual.keep) == (15, Path("backups"), 4)
    assert not usual.second_place


def test_a_folder_somebody_chose_is_a_second_place(tmp_path: Path) -> None:
    found = read({"backup": {"minutes": 0, "folder": "/media/stick", "keep": 1}}, tmp_path).backup
    assert found == BackupConfig(minutes=0, folder=Path("/media/stick"), keep=1)
    assert found.second_place


@pytest.mark.parametrize(
    "text",
    ["minutes = -1", "minutes = 1.5", "minutes = true", "minutes = 10081", 'minutes = "15"',
     "keep = 0", "keep = 101", 'folder = ""', "folder = 3", "often = 3"],
)  # fmt: skip
def test_a_backup_that_could_not_be_meant_is_a_mistake(text: str, tmp_path: Path) -> None:
    (mistake,) = mistakes_of(f"[backup]\n{text}", tmp_path)
    assert mistake.key == f"backup.{text.partition(' ')[0]}"


def test_settings_travel_without_the_places_of_this_machine(tmp_path: Path) -> None:
    here = read(
        {
            "stripe": {"mode": "test", "base_url": "http://127.0.0.1:9", "key_file": "/etc/rk"},
            "window": {"kiosk": True},
            "backup": {"minutes": 3, "folder": "/media/stick", "keep": 9},
        },
        tmp_path,
    )
    text = portable(here)
    assert not any(place in text for place in ("/etc", "/media", str(tmp_path)))
    there = read(tomllib.loads(text), tmp_path)
    assert there.stripe == StripeConfig(
        mode=RailMode.TEST, base_url="http://127.0.0.1:9", key_file=tmp_path / "stripe.key"
    )
    assert there.window == here.window
    assert there.backup == BackupConfig(minutes=3, keep=9)


def test_the_usual_settings_travel_as_they_are(tmp_path: Path) -> None:
    assert read(tomllib.loads(portable(DEFAULTS)), tmp_path) == DEFAULTS
