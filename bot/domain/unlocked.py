"""A cached property without a lock.

Until Python 3.12 functools.cached_property takes a lock at each first reading, which took a tenth of a decision about a
person. What is cached here is computed from values that do not change: two threads would find the same.
"""

import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.version_info >= (3, 12):
    unlocked_property = cached_property
else:

    class unlocked_property(cached_property):  # noqa: N801  it is used as a decorator
        """cached_property as it is from Python 3.12 on."""

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is None:
                return self
            value = instance.__dict__[self.attrname] = self.func(instance)
            return value
