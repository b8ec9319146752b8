"""Keep the memory of a long-lived process small: settings of the C library's allocator and of the garbage collector."""

import contextlib
import ctypes
import gc

#: Parameters of glibc's mallopt(3).
M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8
TRIM_THRESHOLD_BYTES = 128 * 1024


def configure_allocator() -> None:
    """Let all threads allocate from one arena, give freed memory back, and stop collecting until the start is over.

    glibc would create an arena of its own for each thread. The interpreter runs one thread at a time, so they would
    seldom wait for each other. Where the C library has no mallopt, that is left as it is. While modules are imported
    nearly everything that is made stays, so that a collection would free almost nothing.
    """
    gc.disable()
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, TRIM_THRESHOLD_BYTES)


def freeze_startup_objects() -> None:
    """Free what starting left, and exempt what there is from collecting: scanning it would stall the loop for 80 ms."""
    gc.collect()
    gc.freeze()
    gc.enable()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
