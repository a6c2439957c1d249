"""The log: named fields only, nobody's name, no secret, and never more than its share of disk."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from kiosk import logs
from kiosk.errors import KioskError
from kiosk.service.park import park_cart
from kiosk.service.sell import complete_sale
from tests.service.world import World

MARKER = "zyxwvut"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder that is logged to; afterwards everything is as it was."""
    root = logging.getLogger()
    handlers, level, before = root.handlers, root.level, structlog.get_config()
    # The watch of tests/conftest.py as well: what is warned of here is warned of on purpose.
    root.handlers = []
    logs.start(tmp_path)
    yield tmp_path
    logs.stop()
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**before)


def lines(folder: Path) -> list[dict[str, object]]:
    text = (folder / logs.FOLDER / logs.FILE_NAME).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_each_event_is_one_line_of_json_with_when_who_and_how_bad(folder: Path) -> None:
    structlog.get_logger("kiosk.sale").info("sale_completed", sale_id="s1", count=2)
    structlog.get_logger("kiosk.sale").error("job_crashed", exception_type="KeyError")
    first, second = lines(folder)
    assert (first["event"], first["level"], first["sale_id"]) == ("sale_completed", "info", "s1")
    assert first["count"] == 2
    assert str(first["timestamp"]).endswith("Z")
    assert first["logger"]
    assert (second["level"], second["exception_type"]) == ("error", "KeyError")


def test_only_fields_somebody_thought_about_get_through(folder: Path) -> None:
    structlog.get_logger().info(
        "sale_completed", sale_id="s1", name=MARKER, email=f"{MARKER}@x.example", draft={"a": 1},
        password=MARKER, exc_info=False, stack_info=False,
    )  # fmt: skip
    (line,) = lines(folder)
    assert set(line) <= logs.ALLOWED
    assert MARKER not in json.dumps(line)


def test_bound_fields_are_sifted_too(folder: Path) -> None:
    structlog.get_logger().bind(member=MARKER, code="sold_out").warning("refused")
    (line,) = lines(folder)
    assert (line["code"], "member" in line) == ("sold_out", False)


def test_an_exception_leaves_its_kind_and_not_its_words(folder: Path) -> None:
    try:
        raise ValueError(f"{MARKER}@example.org is wrong")
    except ValueError:
        structlog.get_logger().exception("job_crashed", exception_type="ValueError")
        logging.getLogger("somelibrary").exception("could not use %s", MARKER)
    ours, theirs = lines(folder)
    assert ours["exception_type"] == theirs["exception_type"] == "ValueError"
    assert MARKER not in json.dumps([ours, theirs])


def test_what_libraries_say_is_noted_without_what_they_said(folder: Path) -> None:
    logging.getLogger("asyncio").error("Task failed for %s", f"{MARKER}@example.org")
    logging.getLogger("stripe").info("body: %s", MARKER)
    logging.getLogger("httpx").debug("GET https://%s", MARKER)
    assert lines(folder) == [{"event": "library_message", "level": "error", "logger": "asyncio"}]


def test_a_field_that_json_has_no_word_for_is_named_not_printed(folder: Path) -> None:
    class Person:
        def __repr__(self) -> str:
            return MARKER

    structlog.get_logger().info("odd", reason=Person(), where=Path("x"), count={1})
    (line,) = lines(folder)
    assert line["reason"] == "Person"
    assert line["count"] == "set"


def test_line_breaks_in_a_field_forge_no_second_line(folder: Path) -> None:
    structlog.get_logger().info("refused", reason='x"}\n{"event":"sale_completed"}')
    assert [line["event"] for line in lines(folder)] == ["refused"]


def test_percent_signs_are_no_formats(folder: Path) -> None:
    structlog.get_logger().info("100%s %d", reason="%(message)s")
    assert lines(folder)[0]["reason"] == "%(message)s"


def test_a_person_who_buys_never_stands_in_the_log(folder: Path, tmp_path: Path) -> None:
    """A sale, a refusal and a parked cart, with everything logged that there is to log."""
    (tmp_path / "world").mkdir()
    world = World(folder=tmp_path / "world")
    log = structlog.get_logger()
    try:
        world.load("recipe-club.toml")
        draft = world.draft("weekly", name=f"Ms {MARKER}", email=f"a@{MARKER}.example")
        log.info("sale", **vars_of(complete_sale(world.desk, draft)))
        park_cart(world.desk, world.draft("tasting", name=MARKER))
        try:
            complete_sale(world.desk, world.draft("late-supper", name=MARKER))
        except KioskError as error:
            log.warning(error.code, fields=error.fields, reason=str(error), draft=draft)
        log.error("unexpected", reason=repr(draft), fields={"draft": draft})
    finally:
        world.file.close()
    assert len(lines(folder)) == 3
    assert MARKER not in (folder / logs.FOLDER / logs.FILE_NAME).read_text(encoding="utf-8").lower()


def vars_of(completed: object) -> dict[str, object]:
    """Everything a thoughtless caller could pass."""
    slots = [name for name in getattr(type(completed), "__slots__", ()) if name != "event"]
    return {name: getattr(completed, name) for name in slots}


def test_the_log_keeps_to_its_share_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(logs, "FILE_MAX_BYTES", 2_000)
    folder: Path = request.getfixturevalue("folder")
    for n in range(400):
        structlog.get_logger().info("sale_completed", count=n)
    files = sorted((folder / logs.FOLDER).iterdir())
    assert [file.name for file in files] == [
        logs.FILE_NAME,
        *(f"{logs.FILE_NAME}.{n}" for n in range(1, logs.FILES_KEPT + 1)),
    ]
    assert all(file.stat().st_size <= 2_000 for file in files)
    # The newest lines are the ones that are kept.
    assert lines(folder)[-1]["count"] == 399


def test_a_folder_that_cannot_be_written_logs_nowhere_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    (tmp_path / logs.FOLDER).write_text("a file where the folder should be")
    request.getfixturevalue("folder")
    structlog.get_logger().error("job_crashed", exception_type="KeyError")
    assert (tmp_path / logs.FOLDER).read_text() == "a file where the folder should be"


def test_a_log_that_is_started_twice_writes_each_line_once(folder: Path) -> None:
    logs.start(folder)
    structlog.get_logger().info("once")
    assert [line["event"] for line in lines(folder)] == ["once"]


def test_a_log_that_was_stopped_writes_no_more(folder: Path) -> None:
    structlog.get_logger().info("before")
    logs.stop()
    logging.getLogger().addHandler(logging.NullHandler())
    structlog.get_logger().info("after")
    assert [line["event"] for line in lines(folder)] == ["before"]


def test_the_logs_folder_is_for_its_owner(folder: Path) -> None:
    assert (folder / logs.FOLDER).stat().st_mode & 0o077 == 0


def test_nothing_that_names_a_person_or_a_secret_is_on_the_list() -> None:
    words = ("name", "mail", "phone", "address", "key", "pin", "pass", "secret", "token", "url")
    assert [field for field in logs.ALLOWED if any(word in field for word in words)] == []
