from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import START
from tests.browser.desk import Desk
from tests.browser.lab import Server, is_alive, open_notebook, restart_kernel, run_all, running_lab

pytestmark = [pytest.mark.browser, pytest.mark.kernel]

WIDGETS = """\
import anywidget, ipywidgets, traitlets

class Greeting(anywidget.AnyWidget):
    _esm = '''export default { render({ model, el }) {
      const show = () => { el.innerHTML = `<p class="greeting">${model.get("text")}</p>`; };
      model.on("change:text", show); show(); } }'''
    text = traitlets.Unicode("belum ditekan").tag(sync=True)

greeting, button = Greeting(), ipywidgets.Button(description="Tekan")
button.on_click(lambda _: setattr(greeting, "text", "sudah ditekan"))
ipywidgets.VBox([button, greeting])
"""


def write_notebook(path: Path, *sources: str) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=PYTHON), path)


PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture(scope="module")
def folder(shared_lab: Server) -> Path:
    folder = shared_lab.folder / "coba"
    write_notebook(folder / "notebooks" / "coba.ipynb", WIDGETS)
    write_notebook(folder / "notebooks" / "gagal.ipynb", "1 / 0")
    return folder


@pytest.fixture
def page(desk: Desk) -> Iterator[Page]:
    with desk.lend() as page:
        yield page


def test_lab_starts_with_the_notebook_asked_for(shared_lab: Server, page: Page) -> None:
    page.goto(shared_lab.address(reset=""))
    expect(page.get_by_role("tab", name=START.name)).to_be_visible()
    assert f"/tree/{START}" in page.url


def test_widgets_work_and_work_again_after_a_kernel_restart(lab: Server, page: Page) -> None:
    open_notebook(page, lab, "coba.ipynb")
    for _ in range(2):
        run_all(page)
        expect(page.locator(".greeting")).to_have_text("belum ditekan")
        page.get_by_role("button", name="Tekan").click()
        expect(page.locator(".greeting")).to_have_text("sudah ditekan")
        restart_kernel(page)


def test_a_failing_cell_is_an_error_of_the_harness(lab: Server, page: Page) -> None:
    open_notebook(page, lab, "gagal.ipynb")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        run_all(page)


def test_no_kernel_outlives_the_lab(tmp_path: Path) -> None:
    write_notebook(tmp_path / "notebooks" / "coba.ipynb", "1")
    with running_lab(tmp_path) as lab:
        request = Request(
            lab.url + "api/kernels",
            data=b'{"name": "python3"}',
            headers={"Authorization": f"token {lab.token}"},
        )
        with urlopen(request):
            pass
        kernels = lab.kernels()
        assert len(kernels) == 1
    assert not any(is_alive(kernel) for kernel in kernels)
