"""`python -m tests.fuzz [--seconds N] [FAMILY ...]`: feed the hooks until the time is over.

Guided by coverage where atheris is installed, else by chance. A defect leaves its input in
.venv/fuzz/ and ends the run with exit code 1.
"""

import contextlib
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.world import World, mutated
from tests.snapshot import VENV, environment

FOUND = VENV / "fuzz"


def _steps(chance: random.Random) -> list[tuple[int, int, int]]:
    count = chance.choice((1, 1, 2, 3, 5, 8))
    return [
        (chance.randrange(99), chance.randrange(2**20), chance.randrange(2**20))
        for _ in range(count)
    ]


def by_chance(world: World, family: str, seconds: float, seed: int) -> int:
    """Feed mutated texts and, one time in ten, random bytes; returns how many."""
    chance, pool, done = random.Random(seed), world.seeds(family), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutated(chance.choice(pool), _steps(chance), pool)
        if chance.randrange(10) == 0:
            data = chance.randbytes(chance.randrange(300))
        _feed(world, family, data)
        done += 1
    return done


def guided(world: World, family: str, seconds: float, seed: int) -> None:
    """As `by_chance`, keeping what reaches new code as the next text to mutate; does not return."""
    import atheris

    pool = world.seeds(family)
    corpus = Path(tempfile.mkdtemp())
    for at, data in enumerate(pool):
        (corpus / str(at)).write_bytes(data)

    def mutator(data: bytes, size: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.randrange(4) == 0:
            return bytes(atheris.Mutate(data, size))
        return mutated(data, _steps(chance), pool)[:size]

    limits = [f"-max_total_time={int(seconds)}", f"-seed={seed}", "-max_len=20000", "-timeout=60"]
    quiet = [f"-artifact_prefix={FOUND}/{family}-", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup(
        [sys.argv[0], *limits, *quiet, str(corpus)],
        lambda data: _feed(world, family, data),
        custom_mutator=mutator,
    )
    atheris.Fuzz()


def _feed(world: World, family: str, data: bytes) -> None:
    try:
        world.feed(family, data)
    except BaseException:
        FOUND.mkdir(exist_ok=True)
        (FOUND / f"{family}.input").write_bytes(data)
        raise


def _child(family: str, seconds: float, seed: int) -> None:
    os.environ.update(environment())
    with contextlib.suppress(ImportError):
        import atheris

        with atheris.instrument_imports(include=["definition_of_done"]):
            from definition_of_done.engine import cli  # noqa: F401

            ...
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        if "atheris" in sys.modules:
            guided(world, family, seconds, seed)
        print(f"{family}: {by_chance(world, family, seconds, seed)} inputs")
