"""Making and opening a kiosk folder: cut off anywhere it can go on, and no key is ever deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk import opening, vault
from kiosk.buffer.buffer import BufferFile
from kiosk.config import FILE_NAME
from kiosk.domain.ids import OfferCode, SaleId
from kiosk.domain.outbox import RailMode
from kiosk.domain.sale import CartLine, Draft
from kiosk.domain.tender import TenderKind
from kiosk.errors import (
    CertificateInvalid,
    ConfigInvalid,
    KeyFileDamaged,
    KeyFileLoose,
    KeyFileMissing,
    PassphraseWeak,
    PassphraseWrong,
    RecoveryUnconfirmed,
    RootInvalid,
    StoreExists,
    StoreInUse,
    StoreMissing,
    StoreReadOnly,
)
from kiosk.opening import (
    OpenKiosk,
    create,
    device,
    looked_at,
    make_desk,
    making,
    open_kiosk,
    read_root,
)
from kiosk.opening import folder as folder_module
from kiosk.opening import held as held_module
from kiosk.passes.trust import day_of, public_bytes
from kiosk.service.desk import CERTIFICATE, Desk
from kiosk.service.prepare import load_event
from kiosk.service.sell import find_sale, record_sale
from kiosk.vault import KEY_FILE_NAME, KeyCost, RecoveryKey, Vault
from tests.service.world import EVENTS

SECRET = "correct horse battery"
CHEAP = KeyCost(memory_kib=8, iterations=1, lanes=1)


class CutOffError(Exception):
    """The power went."""


@pytest.fixture(autouse=True)
def _cheap_keys(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """What is spent on each guess is the vault's own matter; one test here pays the real price."""
    if "real_cost" not in request.fixturenames:
        real = vault.make

        def make(
            folder: Path, passphrase: str, *, device: int, made_ms: int
        ) -> tuple[Vault, RecoveryKey]:
            return real(folder, passphrase, device=device, cost=CHEAP, made_ms=made_ms)

        monkeypatch.setattr(vault, "make", make)


@pytest.fixture
def real_cost() -> None:
    """Asks for the real price of a guess."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create(tmp_path / "kiosk", SECRET, 3, kept)
    return tmp_path / "kiosk"


@pytest.fixture
def kiosk(folder: Path) -> Iterator[OpenKiosk]:
    held = open_kiosk(folder, SECRET)
    yield held
    held.close()


def kept(recovery: RecoveryKey) -> None:
    assert len(recovery.text) == 69


def sell(desk: Desk) -> SaleId:
    """Load the recipe club if there is no event yet, and sell a jar."""
    with desk.buffer.reading() as uow:
        new = uow.catalog.current_number() is None
    if new:
        load_event(desk, (EVENTS / "recipe-club.toml").read_text(encoding="utf-8"), "club")
    draft = Draft(
        sale_id=SaleId(desk.make_id()),
        lines=(CartLine(offer=OfferCode("spice-jar"), quantity=1),),
        name="Maria Gomez",
        email="maria@example.org",
        language="en",
        consents=frozenset({"terms"}),
        tender=TenderKind.CASH,
    )
    return record_sale(desk, draft).sale.sale_id


def key_files(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.iterdir() if path.name.startswith(KEY_FILE_NAME)}


# ------------------------------------------------------------------------------------- create


def test_a_new_folder_holds_everything_and_sells(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert {"kiosk.toml", "kiosk.keys.json", "root.pub", "buffer.db", "buffer.anchor"} <= names
    text = (folder / "root.pub").read_text()
    assert len(text.strip()) == 64
    assert int(text, 16) > 0
    held = open_kiosk(folder, SECRET)
    desk = make_desk(held, staffed=True)
    sale_id = sell(desk)
    assert (desk.device, desk.mode, desk.staffed) == (3, RailMode.PRACTICE, True)
    held.close()
    again = open_kiosk(folder, SECRET)
    assert find_sale(make_desk(again, staffed=False), sale_id).sale.receipt_number == "K3-000001"
    again.close()


def test_a_folder_is_for_its_owner(folder: Path) -> None:
    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / KEY_FILE_NAME).stat().st_mode & 0o177 == 0


@pytest.mark.usefixtures("real_cost")
def test_with_the_real_cost_it_opens_all_the_same(tmp_path: Path) -> None:
    texts: list[str] = []
    create(tmp_path, SECRET, 1, lambda recovery: texts.append(recovery.text))
    for secret in (SECRET, *texts):
        open_kiosk(tmp_path, secret).close()
    with pytest.raises(PassphraseWrong):
        open_kiosk(tmp_path, SECRET + " ")


def test_what_is_there_is_never_overwritten(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(StoreExists):
        create(folder, "another passphrase", 4, kept)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_settings_somebody_wrote_before_are_kept(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('[stripe]\nmode = "test"\n')
    create(tmp_path, SECRET, 3, kept)
    held = open_kiosk(tmp_path, SECRET)
    assert held.config.stripe.mode is RailMode.TEST
    held.close()


def test_an_empty_passphrase_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(PassphraseWeak):
        create(tmp_path / "kiosk", "", 3, kept)
    assert list((tmp_path / "kiosk").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreReadOnly):
        create(tmp_path / "file" / "kiosk", SECRET, 3, kept)


def test_without_a_kept_recovery_key_nothing_can_be_sold(tmp_path: Path) -> None:
    def refuse(_recovery: RecoveryKey) -> None:
        raise RecoveryUnconfirmed

    with pytest.raises(RecoveryUnconfirmed):
        create(tmp_path, SECRET, 3, refuse)
    with pytest.raises(StoreMissing):
        open_kiosk(tmp_path, SECRET)
    create(tmp_path, SECRET, 3, kept)
    open_kiosk(tmp_path, SECRET).close()


def cut_off(patch: pytest.MonkeyPatch, where: str, *, after: bool) -> None:
    """Have the power go before or after this function has done its work."""
    name, _, attribute = where.rpartition(".")
    owner = OWNERS[name]
    real: Callable[..., object] = getattr(owner, attribute)

    def stop(*args: object, **options: object) -> object:
        if after:
            made = real(*args, **options)
            if isinstance(made, BufferFile):
                made.close()
        raise CutOffError

    patch.setattr(owner, attribute, stop)


OWNERS = {
    "BufferFile": BufferFile,
    "device": device,
    "folder": folder_module,
    "making": making,
    "vault": vault,
}
STEPS = (
    "vault.make",
    "making.write_beside",
    "BufferFile.create",
    "making.write_first_secrets",
    "folder.flush_file",
    "device.make_device_certificate",
)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_cut_off_at_any_step_it_goes_on_and_keeps_every_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    seen: set[bytes] = set()
    for _ in range(2):
        with monkeypatch.context() as patch:
            cut_off(patch, step, after=after)
            try:
                create(tmp_path, SECRET, 3, kept)
            except (CutOffError, StoreExists):
                pass
            else:
                raise AssertionError("it was not cut off")
        assert seen <= key_files(tmp_path)
        seen = key_files(tmp_path)
    if not (tmp_path / "buffer.db").exists():
        create(tmp_path, SECRET, 3, kept)
        assert seen < key_files(tmp_path)
    held = open_kiosk(tmp_path, SECRET)
    try:
        sell(make_desk(held, staffed=True))
    finally:
        held.close()
    assert seen <= key_files(tmp_path)


def test_a_set_up_cut_off_in_its_last_step_gets_one_device_key_and_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        cut_off(patch, "making.write_first_secrets", after=False)
        with pytest.raises(CutOffError):
            create(tmp_path, SECRET, 3, kept)
    keys = []
    for _ in range(2):
        held = open_kiosk(tmp_path, SECRET)
        keys.append(public_bytes(make_desk(held, staffed=True).signer.key))
        held.close()
    assert keys[0] == keys[1]


# --------------------------------------------------------------------------------------- open


def test_the_same_folder_is_opened_once(kiosk: OpenKiosk, folder: Path) -> None:
    with pytest.raises(StoreInUse):
        open_kiosk(folder, SECRET)
    kiosk.close()
    open_kiosk(folder, SECRET).close()


def test_beside_whoever_sells_a_folder_can_be_looked_at(kiosk: OpenKiosk, folder: Path) -> None:
    desk = make_desk(kiosk, staffed=True)
    sale_id = sell(desk)
    with looked_at(folder, SECRET) as reader:
        assert find_sale(reader, sale_id).sale.sale_id == sale_id
        with pytest.raises(StoreReadOnly):
            sell(reader)
    sell(desk)


@pytest.mark.parametrize("opener", [open_kiosk, lambda *args: looked_at(*args).__enter__()])
def test_wrong_secrets_and_missing_files_are_told_apart(folder: Path, opener, tmp_path) -> None:
    with pytest.raises(StoreMissing):
        opener(tmp_path / "nowhere", SECRET)
    with pytest.raises(PassphraseWrong):
        opener(folder, "wrong horse battery")
    keys = folder / KEY_FILE_NAME
    good = keys.read_bytes()
    keys.chmod(0o644)
    with pytest.raises(KeyFileLoose):
        opener(folder, SECRET)
    keys.chmod(0o600)
    keys.write_bytes(good.replace(b'"device": 3', b'"device": 4'))
    with pytest.raises(KeyFileDamaged):
        opener(folder, SECRET)
    keys.unlink()
    with pytest.raises(KeyFileMissing):
        opener(folder, SECRET)
    assert (folder / "buffer.db").exists()


def test_wrong_settings_stop_before_the_vault_is_opened(folder: Path) -> None:
    (folder / FILE_NAME).write_text('[stripe]\nmode = "lvie"')
    with pytest.raises(ConfigInvalid):
        open_kiosk(folder, "not even the passphrase")


def test_a_root_that_is_not_this_kiosks_own_signs_nothing(folder: Path, tmp_path: Path) -> None:
    create(tmp_path / "other", SECRET, 3, kept)
    (folder / "root.pub").write_bytes((tmp_path / "other" / "root.pub").read_bytes())
    held = open_kiosk(folder, SECRET)
    try:
        with pytest.raises(CertificateInvalid):
            make_desk(held, staffed=True)
    finally:
        held.close()


@pytest.mark.parametrize(
    "text", ["", "00", "g" * 64, "0" * 63, "0" * 65, "\u0660" * 64, "0" * 64 + "\n1"]
)
def test_what_is_no_root_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "root.pub").write_text(text, encoding="utf-8")
    with pytest.raises(RootInvalid):
        read_root(tmp_path / "root.pub")


def test_a_root_key_may_end_with_a_newline_and_a_missing_one_is_said(tmp_path: Path) -> None:
    (tmp_path / "root.pub").write_text("ab" * 32 + "\r\n")
    assert read_root(tmp_path / "root.pub") == b"\xab" * 32
    with pytest.raises(RootInvalid):
        read_root(tmp_path / "missing")


def test_a_certificate_that_runs_out_is_renewed_and_written_down(
    kiosk: OpenKiosk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(kiosk, staffed=True)
    sell(desk)
    first = desk.signer.certificate.claims

    class Later:
        def now_ms(self) -> int:
            return (first.expires + 40) * 86_400_000

        def monotonic(self) -> float:
            return 0.0

    monkeypatch.setattr(held_module, "SystemClock", Later)
    desk = make_desk(kiosk, staffed=True)
    load_event(desk, (EVENTS / "recipe-club.toml").read_text(encoding="utf-8"), "again")
    sell(desk)
    renewed = desk.signer.certificate.claims
    assert renewed.covers_day(day_of(Later().now_ms() // 1000))
    assert renewed.public_key == first.public_key
    with desk.buffer.reading() as uow:
        written = uow.settings.secret(CERTIFICATE)
    kiosk.close()
    held = open_kiosk(folder, SECRET)
    again = make_desk(held, staffed=True)
    assert again.signer.certificate.claims == renewed
    with again.buffer.reading() as uow:
        assert uow.settings.secret(CERTIFICATE) == written
    held.close()


def test_the_rail_is_told_what_the_settings_say(kiosk: OpenKiosk, folder: Path) -> None:
    settings = opening.rail_settings(kiosk)
    assert (settings.mode, settings.base_url, settings.key_file) == (RailMode.PRACTICE, None, None)


def test_nothing_secret_is_in_what_an_open_kiosk_prints(kiosk: OpenKiosk) -> None:
    desk = make_desk(kiosk, staffed=True)
    printed = repr(kiosk) + repr(desk)
    for secret in (
        kiosk.vault.keys.database,
        kiosk.vault.keys.journal,
        kiosk.vault.practice_key,
        desk.reference_key,
    ):
        assert secret.hex() not in printed
        assert repr(secret) not in printed
