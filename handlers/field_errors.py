"""The errors of a submitted form, collected so that all its faulty fields are named together."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.domain.errors import KeptError
from bot.language import N_, _
from handlers.payloads import Inputs
from handlers.responders import input_at_fault

Value = TypeVar("Value")
Fallback = TypeVar("Fallback")


#: The sentence at a required text of which nothing can be seen, unless the domain has its own sentence about it.
_BLANK = N_("Write something here.")


class FieldErrors:
    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._found: list[KeptError] = []
        self._blank = [name for name in inputs.required if not inputs.text(name)]

    def __bool__(self) -> bool:
        return bool(self._found or self._blank)

    def add(self, error: KeptError) -> None:
        self._found.append(error)

    def extend(self, errors: Iterable[KeptError]) -> None:
        self._found.extend(errors)

    def caught(self, otherwise: Fallback, read: Callable[[], Value]) -> Value | Fallback:
        """Return what `read` returns. If it raises one of our errors, collect that and return `otherwise`."""
        try:
            return read()
        except KeptError as error:
            self.add(error)
            return otherwise

    def fields(self) -> dict[str, str]:
        """Return the first error of each input, by its name.

        Raises the first error of all if the form has no inputs.
        """
        fields: dict[str, str] = {}
        for error in self._found:
            name = input_at_fault(error, self._inputs)
            if name is None:
                raise self._found[0]
            fields.setdefault(name, str(error))
        for name in self._blank:
            fields.setdefault(name, _(_BLANK))
        return fields
