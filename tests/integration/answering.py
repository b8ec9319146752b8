"""How long a request is kept waiting for its work."""

import contextlib
from collections.abc import Iterator

from handlers.errors import Responder
from handlers.responders import ClickResponder, CommandResponder, FormResponder

RESPONDERS: tuple[type[Responder], ...] = (CommandResponder, ClickResponder, FormResponder)


@contextlib.contextmanager
def answering_within(patience_s: float) -> Iterator[None]:
    """Have every request answered with the result of its work if that takes no longer."""
    before = {responder: responder.patience_s for responder in RESPONDERS}
    for responder in RESPONDERS:
        responder.patience_s = patience_s
    try:
        yield
    finally:
        for responder in RESPONDERS:
            responder.patience_s = before[responder]
