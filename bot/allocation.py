"""Keep the memory of a long-lived process small: settings of the C library's allocator and of the garbage collector."""

import asyncio
import contextlib
import ctypes
import gc

#: Parameters of glibc's mallopt(3).
M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8
TRIM_THRESHOLD_BYTES = 128 * 1024
RETURN_EVERY_S = 60.0
#: New objects after which Python collects the youngest generation. A request holds some six hundred and leaves no
#: cycle, so that Python's default of 700 would scan objects in use several times and free none.
YOUNG_OBJECTS = 10_000
#: Collections of the youngest before one of the middle generation, which stalls the loop for 20 to 65 ms while ten
#: thousand people are written to in half a minute; with Python's default of 10 there would be twenty then, none of
#: which frees anything. And how many of these come before one of all objects.
YOUNG_COLLECTIONS, MIDDLE_COLLECTIONS = 250, 1
#: A full collection of so many objects took seven milliseconds on a slow machine. With more Python chooses when.
QUICKLY_COLLECTED = 100_000


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


def freeze_modules() -> None:
    """Exempt what importing made from collecting: a scan takes a twentieth of a start, and frees half a megabyte."""
    gc.freeze()


def freeze_startup_objects() -> None:
    """Free what starting left, and exempt what there is from collecting: scanning it would stall the loop for 80 ms."""
    gc.collect()
    gc.freeze()
    # A full collection waits until a quarter as many objects are new as the last one left: now it has left none.
    gc.collect()
    gc.set_threshold(YOUNG_OBJECTS, YOUNG_COLLECTIONS, MIDDLE_COLLECTIONS)
    gc.enable()
    return_freed_memory()


async def keep_returning_freed_memory() -> None:
    """Give what was freed between other things back to the system, again and again. Takes a few milliseconds."""
    while True:
        await asyncio.sleep(RETURN_EVERY_S)
        return_freed_memory()


def return_freed_memory() -> None:
    """Collect garbage, if that is quick, and return free pages of the C library's heap to the system.

    Garbage that has survived a collection would wait for millions of new objects, and pages that it is in stay in use
    with it.
    """
    if len(gc.get_objects()) < QUICKLY_COLLECTED:
        gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
