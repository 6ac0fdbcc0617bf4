"""A worker's process: it registers, fetches jobs, says that it is alive, and starts anew if it was given up.

Jobs are fetched by polling: listening for them ends when the database's server restarts. Shifts are in threads, so that
a slow one keeps no one from being heard.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from bulletin.delivery.workers.job_queue import (
    fetch_jobs,
    is_heard,
    make_app,
    make_queue_worker,
    queue_errors,
    stop_fetching,
)
from bulletin.delivery.workers.queue_schema import upgrade_queue
from bulletin.delivery.workers.roster import beat_worker, is_upgraded, register_worker, retire_worker
from bulletin.delivery.workers.shift_work import Shifts, ShiftSettings
from bulletin.delivery.workers.upkeep import keep_up
from bulletin.delivery.workers.watchdog import ALIVE, READY, STOPPING, notify
from bulletin.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.sending.log import DeliveryLog
    from bulletin.workspace.workspace import Workspace

T = TypeVar("T")

_BEAT: Final = 2.0  # seconds
_AGAIN: Final = 2.0  # seconds after which a worker that lost the database tries anew
_THREADS: Final = 12
_RESTS: Final = timedelta(days=1)
"""How much longer than the grace of bulletin.yaml a mailing may rest: a day's quota may be used up."""

_GRACE: Final = 15.0  # seconds before a queue that has not heard of us is believed


@dataclass(frozen=True, kw_only=True)
class Chore:
    """What one of all workers does at times, by `cron`: in the workspace, not for one mailing."""

    name: str
    cron: str
    act: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class WorkerSettings:
    """A worker of a workspace. `report` gets lines for its log; `stop` ends it once that is set.

    `connections` as in `ShiftSettings`. `once`: it ends when nothing is left to do.
    """

    workspace: Workspace
    engine: Engine
    clock: Callable[[], int]
    stop: threading.Event
    report: Callable[[str], None]
    chores: tuple[Chore, ...] = ()
    connections: int | None = None
    log: DeliveryLog | None = None
    once: bool = False

    def keep_up(self) -> None:
        """Do what is to be done every few seconds for all workers. Raises DatabaseError."""
        longest = self.workspace.settings.sending.grace + _RESTS
        keep_up(self.engine, longest=longest, clock=self.clock, report=self.report)


def run_worker(settings: WorkerSettings) -> None:
    """Work until `stop` is set. Raises DatabaseError if the database can't be used at the start, or with `once`.

    A KeyboardInterrupt comes through at once, and leaves shifts at work in their threads: the caller has to exit.
    """
    upgrade_queue(settings.engine)
    runner = asyncio.Runner()
    try:
        runner.run(_run(settings))
    except Exception:
        runner.close()
        raise
    runner.close()  # not for a KeyboardInterrupt: it would wait for the shifts


async def _run(settings: WorkerSettings) -> None:
    first = True
    while not settings.stop.is_set():
        try:
            await _Session(settings).run()
        except DatabaseError as error:
            if first or settings.once:
                raise
            settings.report(str(error))
        if settings.once:
            return
        first = False
        await _wait(settings.stop, _AGAIN)
    notify(STOPPING)


async def _wait(stop: threading.Event, seconds: float) -> None:
    """So long, or until a signal or another thread has asked to stop, neither of which can wake this loop."""
    until = asyncio.get_running_loop().time() + seconds
    while not stop.is_set() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 -- as above
        await asyncio.sleep(0.1)


class _Ended(threading.Event):
    """Set once a session must end: with the worker, or alone."""

    def __init__(self, worker: threading.Event) -> None:
        super().__init__()
        self._worker = worker

    def is_set(self) -> bool:
        return super().is_set() or self._worker.is_set()


class _Session:
    """A worker from its registration until it ends, is given up, or loses the database."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._ended = _Ended(settings.stop)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="bulletin shift")

    async def run(self) -> None:
        """Raises DatabaseError."""
        ours = self._settings
        number = await self._in_thread(lambda: register_worker(ours.engine))
        shifts = Shifts(self._make_shift_settings(number))
        try:
            if ours.once:
                await self._do_once()
            await self._fetch(number, shifts)
        finally:
            with suppress(DatabaseError):
                await self._in_thread(lambda: retire_worker(ours.engine, number))
            self._threads.shutdown(wait=False)

    async def _do_once(self) -> None:
        for chore in self._settings.chores:
            await self._in_thread(chore.act)
        await self._in_thread(self._settings.keep_up)

    async def _fetch(self, number: int, shifts: Shifts) -> None:
        ours = self._settings
        app = make_app(ours.engine, lambda mailing: self._in_thread(lambda: shifts.work(mailing)), self._list_upkeep())
        with queue_errors():
            async with app.open_async():
                fetcher = make_queue_worker(app, number, wait=not ours.once)
                fetching = asyncio.create_task(fetch_jobs(fetcher))
                notify(READY)
                ours.report(f"Worker {number} is ready.")
                beating = asyncio.create_task(self._beat(number, shifts, lambda: fetcher.worker_id))
                await asyncio.wait({fetching, beating}, return_when=asyncio.FIRST_COMPLETED)
                self._ended.set()
                stop_fetching(fetcher)
                try:
                    await fetching
                finally:
                    await beating

    async def _beat(self, number: int, shifts: Shifts, find_queue_worker: Callable[[], int | None]) -> None:
        """Say that we are alive, after a real answer of the database each time; end once that is not believed."""
        loop = asyncio.get_running_loop()
        doubted_from = loop.time() + _GRACE
        while not self._ended.is_set():
            try:
                known = await self._in_thread(lambda: beat_worker(self._settings.engine, number, rate=shifts.rate))
                heard = await self._in_thread(lambda: is_heard(self._settings.engine, find_queue_worker()))
            except DatabaseError as error:
                self._settings.report(str(error))
            else:
                notify(ALIVE)
                if await self._in_thread(lambda: is_upgraded(self._settings.engine)):
                    self._settings.report("A newer version has upgraded the database. Upgrade bulletin here too.")
                    self._settings.stop.set()
                if not known or (not heard and loop.time() > doubted_from):
                    self._settings.report("This worker was silent for too long. It starts anew.")
                    return
            await _wait(self._ended, _BEAT)

    def _list_upkeep(self) -> Mapping[str, tuple[str, Callable[[], Awaitable[None]]]]:
        tasks = {"keep-up": ("* * * * * */5", self._settings.keep_up)}
        tasks |= {chore.name: (chore.cron, chore.act) for chore in self._settings.chores}
        return {name: (cron, self._make_task(act)) for name, (cron, act) in tasks.items()}

    def _make_task(self, act: Callable[[], None]) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            try:
                await self._in_thread(act)
            except DatabaseError as error:
                self._settings.report(str(error))

        return run

    async def _in_thread(self, act: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, act)

    def _make_shift_settings(self, number: int) -> ShiftSettings:
        ours = self._settings
        return ShiftSettings(
            workspace=ours.workspace,
            engine=ours.engine,
            worker=number,
            clock=ours.clock,
            stop=self._ended,
            report=ours.report,
            connections=ours.connections,
            log=ours.log,
        )
