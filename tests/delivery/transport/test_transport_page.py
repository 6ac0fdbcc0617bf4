"""The example in docs/transport.md is run as it is: it sends a mailing."""

from __future__ import annotations

import re
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from anytown import address_of, begin_mailing, read_states
from bulletin.database.schema import open_database
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.transport.transport import ServiceRelay
from checkout import ROOT
from dispatching import many, now_ms
from lenient import Lenient, Unlimited


def load_example() -> Any:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "transport.md").read_text(encoding="utf-8"), re.DOTALL)
    (code,) = blocks
    names: dict[str, Any] = {}
    exec(code, names)
    return names["ExampleTransport"]


def send(engine: Engine, transport: Any) -> None:
    mailing = begin_mailing(engine, *many(20))
    relay = ServiceRelay(host="localhost", transport=transport)
    send_mailing(
        engine,
        mailing,
        routes=[Route(relay=relay, pace=Unlimited(connections=4))],
        stop_rule=Lenient(),
        options=SendOptions(secret=b"a secret of this test", run="run"),
        control=Control(clock=now_ms, stop=threading.Event()),
        observer=Callbacks(),
    )


def test_the_example_sends_each_message_once_and_says_what_became_of_it(tmp_path: Path) -> None:
    posted: list[str] = []
    special = {address_of("name-003"): 550, address_of("name-007"): OSError("reset")}

    def post(_sender: str, recipient: str, message: bytes) -> int:
        posted.append(recipient)
        assert message.endswith(b"\r\n")
        answer = special.get(recipient, 202)
        if isinstance(answer, OSError):
            raise answer
        return answer

    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    send(engine, load_example()(post))
    states = Counter(read_states(engine).values())
    engine.dispose()

    assert max(Counter(posted).values()) == 1
    assert len(posted) == 20
    assert states == {"accepted": 18, "refused": 1, "uncertain": 1}
