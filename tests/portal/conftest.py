from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.portal.builders import Client, Service, make_assessment, write_period


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two units that may be published, and one whose evaluation is not final."""
    folder = tmp_path_factory.mktemp("portal")
    write_period(
        folder,
        make_assessment("dinas-satu"),
        make_assessment("rsud-dua", target="WBBM"),
        make_assessment("belum-final", final=None),
    )
    return folder


@pytest.fixture
def service(filled: Path, tmp_path: Path) -> Service:
    """The service on a copy of the filled period."""
    root = tmp_path / "zi"
    shutil.copytree(filled, root)
    return Service(root, root / "parameters" / "2026")


@pytest.fixture
def client(service: Service) -> Client:
    return service.client(service.add_token())
