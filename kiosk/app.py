"""The composition root of the window: builds every object once, starts and stops them in order.

The first frame comes before anything is unlocked; three signals cross the wings and nothing else:
a sale recorded wakes the sync wing, its health reaches the badge, and quitting stops both.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtQuick import QQuickWindow

from kiosk import errors
from kiosk.domain.outbox import QueueCounts, QueueHealth, RailState, Stopped
from kiosk.errors import RailKeyMissing, StoreBusy
from kiosk.system_clock import SystemClock
from kiosk.ui.application import make_application
from kiosk.ui.hooks import Hooks, Restored, WaysIn
from kiosk.ui.options import Options
from kiosk.ui.quit_signals import QuitSignals
from kiosk.ui.runner import Runner
from kiosk.ui.shell import Shell

if TYPE_CHECKING:
    from kiosk.counter import Counter
    from kiosk.opening import OpenKiosk
    from kiosk.opening.auto_backup import AutoBackup
    from kiosk.opening.rounds import Rounds
    from sync.thread import SyncThread

ASSETS: Final = Path(__file__).parent.parent / "assets"
REST_MS: Final = 60_000
COLLECT_MS: Final = 5_000
BREATH_MS: Final = 100
SWITCH_SECONDS: Final = 0.0005
PUT_OFF_MAX: Final = 5  # times that tidying up waits for a visitor
YOUNG: Final = 1  # the generations of Python's collector that are worth a look so often
STOP_SECONDS: Final = 3.0  # for each of the network, a backup and a full check


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the command line decided. `secret` None: the keychain, else the screen asks for it."""

    folder: Path
    secret: Callable[[], str] | None
    options: Options
    gpu: bool


class App(QObject):
    """One run of the window, from the first frame to the last commit."""

    def __init__(self, start: Start) -> None:
        super().__init__()
        self._start = start
        self._kiosk: OpenKiosk | None = None
        self._counter: Counter | None = None
        self._sync: SyncThread | None = None
        self._backup: AutoBackup | None = None
        self._rounds: Rounds | None = None
        self.runner = Runner()
        ways_in = WaysIn(methods=self._methods, restore=self._restore, start_over=self._open)
        hooks = Hooks(sale_recorded=self.wake_sync, ways_in=ways_in)
        self.shell = Shell(self.runner, SystemClock(), start.options, hooks)
        self._put_off = 0
        self._rest = QTimer(self, interval=REST_MS)
        self._rest.timeout.connect(self._when_idle)
        self._breath = QTimer(self, interval=BREATH_MS, singleShot=True)
        self._breath.timeout.connect(self._wake_sync)
        # While the sync wing computes, Qt has to wait this long each time it asks Python for a
        # property, and a page asks for dozens: at Python's own 5 ms that is a frame every 100 ms.
        self._switched_every = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        # An object of Qt has to die in the thread it lives in, but Python collects garbage in
        # whichever thread asks for memory next: a timer that dies elsewhere crashes the program.
        self._collected_by_itself = gc.isenabled()
        gc.disable()
        self._collecting = QTimer(self, interval=COLLECT_MS)
        self._collecting.timeout.connect(self._collect)

    def show(self) -> QQuickWindow:
        """Open the window and set the unlocking going behind its first frame."""
        self.shell.first_frame.connect(self._open)
        window = self.shell.start()
        self._rest.start()
        self._collecting.start()
        return window

    def wake_sync(self) -> None:
        """Tell the sync wing that there is something to carry; a hint that may be lost.

        A breath later, when the page with the pass has been drawn: the rail has time, the member
        has not.
        """
        if not self._breath.isActive():
            self._breath.start()
        if self._backup is not None:
            self._backup.sold()

    def stop(self) -> None:
        """Take everything down: window, network, what was accepted, and last the file."""
        for timer in (self._rest, self._collecting, self._breath):
            timer.stop()
        self.shell.stop()
        stopped = self._stop_sync()
        self.runner.stop()
        if self._sync is not stopped:
            self._stop_sync()  # what was accepted last has opened the folder, with a network
        self._close()
        sys.setswitchinterval(self._switched_every)
        gc.collect()
        if self._collected_by_itself:
            gc.enable()

    def _close(self) -> None:
        """Close the folder behind the sync wing, which was told to stop before."""
        backup, rounds, kiosk = self._backup, self._rounds, self._kiosk
        self._kiosk = self._counter = None
        if backup is not None:
            backup.stop(STOP_SECONDS)
        if rounds is not None:
            rounds.stop(STOP_SECONDS)
        if kiosk is not None:
            from kiosk import logs

            # Nobody closes a file under the feet of a thread that hangs in it: the end of the
            # process does, and what was being written is a transaction.
            if self._sync is None or not self._sync.alive:
                kiosk.close()
            if rounds is not None:
                rounds.close()
            logs.stop()

    @Slot()
    def _wake_sync(self) -> None:
        if self._sync is not None:
            self._sync.wake()

    def _stop_sync(self) -> SyncThread | None:
        if self._sync is not None:
            self._sync.stop(STOP_SECONDS)
        return self._sync

    @Slot()
    def _open(self) -> None:
        secret: Callable[[], str | None] = self._start.secret or self._by_keychain
        self.runner.submit(
            lambda: self._counter or self._unlock(secret()), self.shell.ready, self._ask_or_fault
        )

    def _by_keychain(self) -> None:
        """The secret with nobody there, as after a power cut: none, where the keychain opens it."""
        from kiosk.opening import check_unattended

        check_unattended(self._start.folder)

    def _ask_or_fault(self, error: Exception) -> None:
        match error:
            case errors.MethodMissing():
                self.shell.needs_passphrase(self._unlock)
            case errors.KeychainError():
                self.shell.needs_passphrase(self._unlock, error)
            case _:
                self.shell.fault(error, self._open)

    def _unlock(self, secret: str | None) -> Counter:
        """Open the folder. In the runner's thread, which owns the desk from here on."""
        # Late: the first frame waits for none of this.
        from kiosk import logs
        from kiosk.counter import Counter
        from kiosk.opening import make_desk, open_kiosk
        from kiosk.opening.checkup import left_open

        if self._counter is None:
            self._close()  # what an earlier try left half open
            after_crash = left_open(self._start.folder)
            self._kiosk = open_kiosk(self._start.folder, secret)
            logs.start(self._start.folder)
            desk = make_desk(self._kiosk, staffed=False)
            self._rounds = _rounds_of(self._kiosk, after_crash=after_crash)
            self._counter = Counter(desk, self._rounds)
            self._sync = self._start_sync(self._kiosk)
            self._backup = _backup_of(self._kiosk)
        return self._counter

    def _methods(self) -> frozenset[str]:
        """The kinds of secrets that the key file knows. Raises leaves of VaultError."""
        from kiosk import vault

        return frozenset(way.method for way in vault.ways(self._start.folder))

    def _restore(self, secret: str) -> Restored:
        """Acknowledge that an older copy was put back, and open it. In the runner's thread."""
        from kiosk.opening import unlock
        from kiosk.opening.restored import acknowledge

        unlock(self._start.folder, secret)  # a wrong one closes nothing
        self._end_others()
        self._close()
        done = acknowledge(self._start.folder, secret, whole_folder=False)
        return Restored(
            services=self._unlock(secret),
            next_receipt=done.next_receipt,
            passes_from=done.life.pass_floor + 1,
            links_lost=done.life.lost_links,
            unsent=done.unsent,
        )

    def _end_others(self) -> None:
        """End every thread that reads or writes the file. Raises StoreBusy: nothing was closed.

        The network comes last: what was sold here is sent as long as the file stays open.
        """
        ended = self._backup is None or self._backup.stop(STOP_SECONDS)
        ended = ended and (self._rounds is None or self._rounds.stop(STOP_SECONDS))
        sync = self._stop_sync() if ended else None
        if not ended or (sync is not None and sync.alive):
            raise StoreBusy

    def _start_sync(self, kiosk: OpenKiosk) -> SyncThread:
        from kiosk.opening import rail_settings
        from sync.build import build_engine
        from sync.thread import SyncThread

        settings, clock = rail_settings(kiosk), SystemClock()
        thread = SyncThread(
            lambda on_health: build_engine(kiosk.buffer_file.sync(), settings, clock, on_health),
            self.shell.show_health,
            self._sync_failed,
        )
        thread.start()
        return thread

    def _sync_failed(self, error: Exception) -> None:
        """The sync wing ended, as without a key. Selling goes on; the badge calls for staff."""
        state = RailState.KEY_REFUSED if isinstance(error, RailKeyMissing) else None
        none = QueueCounts(waiting=0, watching=0, unknown=0, delivered=0, parked=0, open_findings=0)
        self.shell.show_health(
            QueueHealth(counts=none, rail=state or RailState.UNREACHABLE, stopped=Stopped.RAIL)
        )

    @Slot()
    def _collect(self) -> None:
        gc.collect(YOUNG)

    @Slot()
    def _when_idle(self) -> None:
        """Move the log into the file, and take all garbage away, while nobody waits for anything.

        A visitor would feel it, so it is put off; in a queue that never ends it has to be done too.
        """
        page = self.shell.page
        quiet = page is not None and not page.of_a_visit
        self._put_off = 0 if quiet else (self._put_off + 1) % PUT_OFF_MAX
        due = self._put_off == 0
        if due:
            gc.collect()
        if self._counter is None or not self.runner.idle:
            return
        for tidy in (self._counter, self._kiosk):
            if due and tidy is not None:
                self.runner.submit(tidy.rest, lambda _kept: None, lambda _error: None)
        if self._backup is not None:
            self._backup.rest(quiet=quiet)
        if self._rounds is not None:
            self._rounds.rest()


def _rounds_of(kiosk: OpenKiosk, *, after_crash: bool) -> Rounds:
    from kiosk.opening.rounds import Rounds

    return Rounds(kiosk.folder, kiosk.vault.keys, SystemClock(), after_crash=after_crash)


def _backup_of(kiosk: OpenKiosk) -> AutoBackup:
    from kiosk.opening.auto_backup import AutoBackup
    from kiosk.opening.place import Place

    place = Place(folder=kiosk.folder, config=kiosk.config, vault=kiosk.vault)
    return AutoBackup(place, SystemClock())


def run(start: Start, arguments: list[str]) -> int:
    """Show the window until somebody ends it; the exit code of the process."""
    application = make_application(arguments, gpu=start.gpu)
    app = App(start)
    quitting = QuitSignals(application)
    try:
        app.show()
        return application.exec()
    finally:
        app.stop()
        quitting.close()
