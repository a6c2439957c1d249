"""Lines of an event file: the right one for every key, whatever stands between."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.event_lines import DEPTH_MAX, locate, with_lines
from kiosk.errors import Mistake
from tests.domain.made import SAMPLES, mistakes_of, sample_text

SOURCE = '''\
# [event] in a comment, and "a quote
[event]                       # the fair
name = { en = "Fair # not", de = "Messe [event]" }
languages = [
  "en",  # first
  "de",
]
"pass host" = 'C:\\path\\'
site.main.port = 80

[[membership]]
code = "a"
cadence.every = 1

  [[membership]]
code = "b"
text = """
[[membership]]
price_minor = 1
\\""" = "still inside"
"""
plain = \'\'\'
# price_minor = 2
\'\'\'
entitlements = [
  { number = 1, name = { en = "x" } },
  { number = 2,
    uses = 3 },  # TOML 1.1
]
price_minor = 490

[membership.extra]
colour = "red"

[[membership.prices]]
eur = 1
[[membership.prices]]
eur = 2

[limits]
per_sale_minor = 5
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("event", 2),
        ("event.name", 3),
        ("event.name.de", 3),
        ("event.languages", 4),
        ("event.languages[1]", 5),
        ("event.languages[2]", 6),
        ("event.pass host", 8),
        ("event.site", 9),
        ("event.site.main.port", 9),
        ("membership", 11),
        ("membership[1]", 11),
        ("membership[1].code", 12),
        ("membership[1].cadence", 13),
        ("membership[1].cadence.every", 13),
        ("membership[2]", 15),
        ("membership[2].code", 16),
        ("membership[2].text", 17),
        ("membership[2].plain", 22),
        ("membership[2].entitlements", 25),
        ("membership[2].entitlements[1].number", 26),
        ("membership[2].entitlements[1].name.en", 26),
        ("membership[2].entitlements[2]", 27),
        ("membership[2].entitlements[2].uses", 28),
        ("membership[2].price_minor", 30),
        ("membership[2].extra", 32),
        ("membership[2].extra.colour", 33),
        ("membership[2].prices", 35),
        ("membership[2].prices[1].eur", 36),
        ("membership[2].prices[2].eur", 38),
        ("limits", 40),
        ("limits.per_sale_minor", 41),
    ],
)
def test_a_key_is_found_on_its_line(key: str, line: int) -> None:
    assert locate(SOURCE, key) == line


@pytest.mark.parametrize(
    "key",
    [
        "", "item", "event.venue", "membership[3]", "membership[0]", "membership[1].price_minor",
        "limits[1]", "Event", "event.name.", "per_sale_minor", "event.languages[3]", "[event]",
    ],
)  # fmt: skip
def test_a_key_that_does_not_stand_there_has_no_line(key: str) -> None:
    assert locate(SOURCE, key) == 0


def test_line_ends_of_windows_count_once() -> None:
    assert locate(SOURCE.replace("\n", "\r\n"), "limits.per_sale_minor") == 41


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a = 1", "a", 1),
        ("\n\na = 1", "a", 3),
        ("[a.b]\nc = 1", "a", 1),
        ("[a.b]\nc = 1", "a.b.c", 2),
        ("[ a . 'b' ]\nc = 1", "a.b.c", 2),
        ('"a.b" = 1', "a.b", 1),
        ('"q\\"x" = 1', 'q"x', 1),
        ('"caf\\u00e9" = 1\n"\\U0001F98A" = 2', "🦊", 2),
        ('"\\UFFFFFFFF" = 1', "\\UFFFFFFFF", 1),
        ('"tab\\t" = 1', "tab\t", 1),
        ("item = [ { code = 1 },\n { code = 2 } ]", "item[2].code", 2),
        ("a = [[1, 2],\n [3]]\nb = 1", "b", 3),
        ("a = [ [1], [2,\n3] ]", "a[2][2]", 2),
        ("at = 2026-11-23 10:00:00+01:00\nb = 1.5e3\nc = 1", "c", 3),
        ("a = ''\nb = \"\"\nc = ''''''\nd = \"\"\"\"\"\"\ne = 1", "e", 5),
        ('a = """x""""\nb = 1', "b", 2),
        ('a = """\\\n  x"""\nb = 1', "b", 3),
        ("1234 = 1\n-a_b = 2", "-a_b", 2),
    ],
)
def test_every_way_to_write_a_key_is_understood(text: str, key: str, line: int) -> None:
    assert locate(text, key) == line


def paths(value: object, path: str = "") -> list[str]:
    """Every path in a document, as mistakes spell them."""
    inner: list[tuple[str, object]] = []
    if isinstance(value, dict):
        inner = [(f"{path}.{key}".lstrip("."), below) for key, below in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{n}]", below) for n, below in enumerate(value, start=1)]
    return [found for at, below in inner for found in (at, *paths(below, at))]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_key_of_a_sample_event_is_found_where_it_is_written(name: str) -> None:
    source = sample_text(name)
    lines = source.splitlines()
    for path in paths(tomllib.loads(source)):
        line = locate(source, path)
        assert line, path
        last = path.rpartition(".")[2].partition("[")[0]
        assert last in lines[line - 1] or path.endswith("]"), path


# Documents whose lines are known because they were written line by line.
names = st.sampled_from(["code", "price_minor", "name", "a-b", "x1"])
scalars = st.sampled_from(
    [
        "1",
        '"x = 1"',
        "'[a]'",
        "{ y = 1 }",
        "[1, 2]",
        "1.5",
        "true",
        '"""\n[b]\nq = 1\n"""',
        "[\n1,\n]",
    ]
)
noise = st.sampled_from(["", "# [item]", "   ", '# "', "# '''"])


@given(st.lists(st.tuples(noise, names, scalars), max_size=12), st.integers(1, 4))
def test_lines_are_right_in_documents_of_any_make(
    rows: list[tuple[str, str, str]], per_table: int
) -> None:
    text, wanted, table, seen = "", {}, 0, set[str]()
    for n, (between, name, value) in enumerate(rows):
        if n % per_table == 0:
            text += "[[item]]\n"
            table, seen = table + 1, set()
        text += between + "\n"
        if name not in seen:
            seen.add(name)
            wanted[f"item[{table}].{name}"] = text.count("\n") + 1
            text += f"{name} = {value} # {name} = 2\n"
    tomllib.loads(text)
    assert {key: locate(text, key) for key in wanted} == wanted


@given(st.text(st.sampled_from("[]{}=.,\"'#\n\\ a1"), max_size=60), st.text("ab.[1]", max_size=8))
def test_text_that_is_no_toml_gives_a_line_or_none_but_never_an_error(text: str, key: str) -> None:
    assert 0 <= locate(text, key) <= text.count("\n") + 1


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "{ b = " * 5000, "[" * 5000])
def test_depth_has_an_end(text: str) -> None:
    assert locate("z = 1\n" + text, "z") == 1


def test_what_people_nest_is_within_the_depth() -> None:
    deep = "a = " + "[" * DEPTH_MAX + "1" + "]" * DEPTH_MAX + "\nb = 1"
    assert locate(deep, "b") == 2


def test_mistakes_get_their_lines() -> None:
    found = with_lines([Mistake("limits.per_sale_minor", "5", "too small")], SOURCE)
    assert found == (Mistake("limits.per_sale_minor", "5", "too small", 41),)


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("event.venue", 2),
        ("membership[2].cadence.unit", 15),
        ("membership[2].entitlements[2].name", 27),
        ("membership[9].code", 11),
        ("seller.contact", 0),
        ("item", 0),
        ("", 0),
    ],
)
def test_a_missing_key_points_at_the_nearest_table_that_stands_there(key: str, line: int) -> None:
    (found,) = with_lines([Mistake(key, "", "is missing")], SOURCE)
    assert found.line == line


def test_every_mistake_the_reader_makes_of_a_broken_sample_has_a_line() -> None:
    source = sample_text("recipe-club").replace("price_minor", "prize_minor")
    source = source.replace('unit = "week"', 'unit = "weak"').replace("[seller]", "[sellers]")
    found = with_lines(mistakes_of(tomllib.loads(source)), source)
    lines = source.splitlines()
    assert len(found) > 10
    for mistake in found:
        if mistake.key.endswith("prize_minor"):
            assert "prize_minor" in lines[mistake.line - 1]
        elif mistake.key.endswith("cadence.unit"):
            assert "weak" in lines[mistake.line - 1]
        assert mistake.line or mistake.key.startswith("seller")
