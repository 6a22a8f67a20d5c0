"""`python -m tests.fuzz [--seconds N] [FAMILY ...]`: feed the hooks until the time is over.

A run is guided by coverage where atheris is installed, else by chance. A defect leaves its input
in .venv/fuzz/ and ends the run with exit code 1.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.snapshot import ROOT, VENV, environment

FOUND = VENV / "fuzz"


def _import_all() -> None:
    import definition_of_done

    for module in pkgutil.walk_packages(definition_of_done.__path__, "definition_of_done."):
        if not module.name.endswith("alembic_child"):
            importlib.import_module(module.name)


def _guide() -> Any:
    """The module atheris with the hooks' modules instrumented, None where there is none."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        return None
    with atheris.instrument_imports(include=["definition_of_done"]):
        _import_all()
    return atheris


def _feed(family: str, seconds: int, seed: int) -> None:
    """Feed mutated texts and, now and then, random bytes."""
    guide = _guide()
    import tests.fuzz.world as fuzz

    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        world = fuzz.World(Path(folder))
        pool = world.seeds(family)

        def feed(data: bytes) -> None:
            (FOUND / f"{family}.input").write_bytes(data)
            world.feed(family, data)

        def mutated(data: bytes, size: int, seed: int) -> bytes:
            chance = random.Random(seed)
            if guide and chance.randrange(4) == 0:
                return bytes(guide.Mutate(data, size))
            return fuzz.mutated(data, fuzz.steps(chance), pool)[:size]

        if guide:
            corpus = Path(tempfile.mkdtemp(dir=folder))
            for at, data in enumerate(pool[:10]):
                (corpus / str(at)).write_bytes(data)
            limits = [f"-max_total_time={seconds}", f"-seed={seed}", "-max_len=20000"]
            quiet = [f"-artifact_prefix={FOUND}/{family}-", "-verbosity=1"]
            guide.Setup([family, *limits, *quiet, str(corpus)], feed, custom_mutator=mutated)
            # It does not return.
            guide.Fuzz()
        end, done = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            data = chance.randbytes(chance.randrange(300))
            if chance.randrange(10):
                data = mutated(chance.choice(pool), 20_000, chance.randrange(2**32))
            feed(data)
            done += 1
        print(f"{family}: {done} inputs")


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help="default: all")
    parser.add_argument("--seconds", type=int, default=60, help="for each family; default: 60")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", action="store_true", help="in this process, one family")
    options = parser.parse_args()
    FOUND.mkdir(exist_ok=True)
    if options.here:
        os.environ.update(environment())
        _feed(options.families[0], options.seconds, options.seed)
        return 0
    # Not before atheris has seen the hooks' modules come in.
    from tests.fuzz.world import FAMILIES

    if not set(options.families) <= set(FAMILIES):
        parser.error(f"the families are {', '.join(FAMILIES)}")
    broken = []
    for family in options.families or FAMILIES:
        command = [sys.executable, "-m", "tests.fuzz", "--here", family]
        command += [f"--seconds={options.seconds}", f"--seed={options.seed}"]
        # What hangs leaves its input, too.
        patience = options.seconds + 120
        try:
            subprocess.run(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, timeout=patience, check=True
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            broken.append(family)
    for family in broken:
        print(f"{family}: a defect, see {FOUND / family}.input")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
