from __future__ import annotations

from pathlib import Path

import pytest
from tests.snapshot import snapshot


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """This checkout as the repository of the hooks: one for all, as each is installed anew."""
    folder = tmp_path_factory.mktemp("source")
    return folder, snapshot(folder)
