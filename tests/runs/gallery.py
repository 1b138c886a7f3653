"""Small cells of every kind of output, to run with papermill's engine and with ours."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

HARMLESS = {
    "fresh interpreter": (
        "import sys\n"
        "[name for name in ('zi_eval', 'papermill', 'nbconvert', 'numpy', 'scipy', 'openpyxl', "
        "'docx', 'lxml', 'jinja2', 'pydantic', 'yaml', 'IPython') if name in sys.modules]"
    ),
    "nothing": "x = 1",
    "empty": "   ",
    "result": "x + 1",
    "silenced result": "x + 1;",
    "underscores": "_, __, _3",
    "result of an earlier cell": "Out[3], In[2]",
    "stdout": "print('satu')\nprint('dua')",
    "no newline": "print('a', end='')",
    "stderr": "import sys\nprint('galat', file=sys.stderr)",
    "mixed streams": (
        "print('a')\nprint('b', file=sys.stderr)\nprint('c')\nprint('d', file=sys.stderr)"
    ),
    "mixed streams, flushed": (
        "for i in range(3):\n"
        "    print('out', i, flush=True)\n"
        "    print('err', i, file=sys.stderr, flush=True)"
    ),
    "slow streams": (
        "import time\n"
        "for i in range(3):\n"
        # Flushed, since which stream a busy kernel empties first is chance.
        "    print('out', i, flush=True)\n"
        "    print('err', i, file=sys.stderr, flush=True)\n"
        "    time.sleep(0.3)"
    ),
    "stream then result": "print('dulu')\n42",
    "stream between displays": (
        "from IPython.display import display\n"
        "print('a'); display(1); print('b'); display('dua'); print('c')"
    ),
    "stream facts": "sys.stdout.encoding, sys.stdout.isatty(), sys.stdout.writable()",
    "not a string": "try:\n    sys.stdout.write(1)\nexcept TypeError as e:\n    print(e)",
    "unicode": "print('Évaluasi — 日本語 \\U0001f600'); 'ñ \\U0001f600'",
    "long": "print('x' * 200000)",
    "html": "from IPython.display import HTML\nHTML('<b>tebal</b>')",
    "rich": (
        "class Rich:\n"
        "    def _repr_html_(self): return '<i>html</i>'\n"
        "    def _repr_markdown_(self): return '*md*'\n"
        "    def _repr_latex_(self): return '$x$'\n"
        "    def _repr_json_(self): return {'a': [1, 2.5, None]}\n"
        "    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n'\n"
        "    def __repr__(self): return 'Rich()'\n"
        "Rich()"
    ),
    "mime bundle": (
        "class Bundle:\n"
        "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/plain': 'p', 'text/html': 'h'}, {'text/html': {'isolated': True}}\n"
        "display(Bundle())\nBundle()"
    ),
    "broken repr": (
        "class Broken:\n"
        "    def _repr_html_(self): raise ValueError('rusak')\n"
        "    def __repr__(self): return 'Broken()'\n"
        "display(Broken())"
    ),
    "raw display": (
        "display({'text/plain': 'x', 'application/json': {'k': (1, 2)}}, raw=True, "
        "metadata={'application/json': {'expanded': True}})"
    ),
    "display id": "handle = display('awal', display_id='papan'); print('antara')",
    "update from another cell": "handle.update('akhir')\nhandle.display('lagi')",
    "update all": (
        "from IPython.display import update_display\nupdate_display(3, display_id='papan')"
    ),
    "clear at once": (
        "from IPython.display import clear_output\nprint('a')\nclear_output()\nprint('b')"
    ),
    "clear and wait": "print('a')\ndisplay(1)\nclear_output(wait=True)\nprint('b')",
    "clear and wait, nothing after": "print('a')\nclear_output(wait=True)",
    "progress": "for i in range(3): print(i, end='\\r')",
    "pandas": (
        "import pandas as pd\n"
        "frame = pd.DataFrame({'unit': ['a', 'b'], 'nilai': [1.5, float('nan')]})\nframe"
    ),
    "pandas styled text": "display(frame.describe())\nframe['nilai']",
    "numpy": "import numpy as np\nnp.arange(6).reshape(2, 3) / 7",
    "figure": (
        "import matplotlib.pyplot as plt\nplt.rcParams['svg.hashsalt'] = 'a'\n"
        "fig, ax = plt.subplots()\nax.plot([1, 3, 2])\nprint('sebelum')"
    ),
    "backend": "import matplotlib\nmatplotlib.get_backend(), plt.get_fignums()",
    "two figures, shown": "plt.figure(); plt.plot([1]); plt.show(); print('x'); plt.figure(); None",
    "figure as result": "fig",
    "magic inline": "%matplotlib inline",
    "svg": (
        "from matplotlib_inline.backend_inline import set_matplotlib_formats\n"
        "set_matplotlib_formats('svg', metadata={'Date': None, 'Title': 'gambar'})\n"
        "plt.plot([1, 2]); plt.title('judul');"
    ),
    "svg with alt text": (
        "from IPython.display import SVG\n"
        "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>'), "
        "metadata={'image/svg+xml': {'alt': 'segi'}})"
    ),
    "image with alt text": (
        "import base64\nfrom IPython.display import Image\n"
        "Image(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
        "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), alt='titik', width=10)"
    ),
    "capture": "%%capture kept\nprint('diam')\ndisplay(1)",
    "captured": "kept.stdout, len(kept.outputs)\n",
    "html magic": "%%html\n<p>halo</p>",
    "who": "%who str",
    "who of a fresh name": "sendiri = 5\n%who_ls int",
    "shell command": "!echo dari-shell",
    "shell capture": "lines = !echo satu; echo dua\nlines",
    "process output": "import subprocess\nsubprocess.run(['echo', 'anak'], check=True).returncode",
    "bash magic": "%%bash\necho dari-bash",
    "pinfo": "len?",
    "autocall off": "x",
    "warning": "import warnings\nwarnings.warn('hati-hati')",
    "logging": "import logging\nlogging.warning('catatan'); logging.info('tidak')",
    "await": (
        "import asyncio\nawait asyncio.sleep(0.01)\nprint('sudah')\nawait asyncio.sleep(0, 'isi')"
    ),
    "running loop": "asyncio.get_running_loop().is_running()",
    "nested loop": (
        # Flushed before the coroutine is dropped, of which stderr tells.
        "try:\n    asyncio.run(asyncio.sleep(0))\nexcept RuntimeError as e:\n"
        "    print(e, flush=True)"
    ),
    "async for": "async def g():\n    yield 1\nasync for i in g():\n    print(i)",
    "task over cells": "task = asyncio.ensure_future(asyncio.sleep(0.01, 'tugas'))",
    "task awaited": "await task",
    "thread": (
        "import threading\n"
        "t = threading.Thread(target=print, args=('benang',))\nt.start(); t.join()"
    ),
    "main module": "__name__, __import__('__main__').x, '__file__' in globals()",
    "pickle": ("import pickle\nclass Own: pass\ntype(pickle.loads(pickle.dumps(Own()))) is Own"),
    "inspect": "import inspect\ndef f(a):\n    return a\nprint(inspect.getsource(f))",
    "shell facts": (
        "ip = get_ipython()\n"
        "type(ip).__name__, ip.colors, ip.execution_count, 'IPKernelApp' in ip.config"
    ),
    "run line": "get_ipython().run_cell('1/0').success",
    "postfix": "def f():\n    return 1\nf()\nf() + 1",
    "tqdm": ("from tqdm.auto import tqdm\nimport tqdm as t\ntype(tqdm).__name__, tqdm.__module__"),
    "environment": "import os\nos.environ['MPLBACKEND'], os.environ['TERM'], os.environ['PAGER']",
    "nan in json": (
        "try:\n    display({'application/json': {1, 2}}, raw=True)\n"
        "except TypeError as e:\n    print(type(e))"
    ),
    "forbidden input": "try:\n    input('?')\nexcept Exception as e:\n    print(type(e), e)",
    "forbidden getpass": (
        "import getpass\ntry:\n    getpass.getpass()\nexcept Exception as e:\n    print(type(e), e)"
    ),
    "widget": ("import ipywidgets\nipywidgets.IntSlider(3).value"),
    "search path": "sys.path",
    "program": "sys.argv[0], sys.argv[1], len(sys.argv), sys.modules['__main__'].__doc__",
    "names of the module": (
        "__doc__, __spec__, __loader__, sorted(name for name in globals() if name.startswith('__'))"
    ),
    "names of the environment": "sorted(os.environ)",
    "process": (
        "import multiprocessing\n"
        "print(multiprocessing.current_process().name, multiprocessing.get_start_method())\n"
        "os.getpgid(0) == os.getsid(0) == os.getpid()"
    ),
    "after a change of folder": (
        "os.mkdir('lain'); os.chdir('lain')\n"
        "open('modul_lain.py', 'w').write('x = 7')\n"
        "import modul_lain\n"
        "os.chdir('..')\n"
        "modul_lain.x, sys.path[0]"
    ),
    "history": "hist = get_ipython().history_manager\nhist.hist_file, [*hist.get_range(0, 1, 4)]",
    "interrupt handler": "import signal\nsignal.getsignal(signal.SIGINT)",
    "interrupt": (
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGINT); time.sleep(60); print('terus')\n"
        "except KeyboardInterrupt:\n    print('berhenti')"
    ),
    "context variable": "import contextvars\nv = contextvars.ContextVar('v')\nv.set(1) and None",
    "context variable kept": "v.get('lupa')",
    "context variable of an await": "await asyncio.sleep(0)\nv.set(2) and None",
    "context variable of an await kept": "v.get('lupa')",
    "exception of a task": (
        "async def gagal():\n    raise ValueError('dalam tugas')\n"
        "tugas = asyncio.ensure_future(gagal())\n"
        "await asyncio.sleep(0.01)\nprint(tugas.exception())"
    ),
    "spawned pool": (
        "with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "    print(pool.map(abs, [-1, 2]))"
    ),
    "output widget": (
        "tempat = ipywidgets.Output()\ndisplay(tempat)\n"
        "with tempat:\n    print('satu')\n    print('dua')\n    display(3)\nprint('luar')"
    ),
    "output widget read": "tempat.outputs",
    "output widget cleared": "tempat.clear_output()\nwith tempat:\n    print('baru')",
    "output widget read again": "tempat.outputs",
    "message of one's own": (
        "def send(kind, text):\n"
        "    kernel = get_ipython().kernel\n"
        "    content = {'data': {'text/plain': text}, 'metadata': {}, 'transient': "
        "{'display_id': 'sendiri'}}\n"
        "    parent = get_ipython().parent_header\n"
        "    kernel.session.send(kernel.iopub_socket, kind, content, parent=parent)\n"
        "send('display_data', 'a'); send('update_display_data', 'b')"
    ),
    "magic gui": "%gui asyncio",
    "magic notebook": "%matplotlib notebook",
    "backend of a notebook": "matplotlib.get_backend()",
}
"""Cells by what they show; they run in one notebook, in this order."""

ALLOWED_ERRORS = {
    "division": "def bagi(n):\n    return 1 / n\n\nbagi(0)",
    "after output": "print('dulu')\nprint('galat', file=__import__('sys').stderr)\n{}['kunci']",
    "chained": (
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('nilai') from e"
    ),
    "syntax": "x = = 1",
    "indentation": "def f():\nreturn 1",
    "import": "import tidak_ada_modul_ini",
    "import of a name": "from os import tidak_ada",
    "name": "belum_ada",
    "library": "import json\njson.loads('{')",
    "system exit": "raise SystemExit",
    "system exit with a code": "import sys\nsys.exit('berhenti')",
    "interrupt": "raise KeyboardInterrupt",
    "input": "input('nama: ')",
    "magic": "%tidak_ada",
    "usage": "%%capture_tidak_ada\nx",
    "assertion": "assert 1 == 2, 'beda'",
    "unicode": "raise ValueError('Évaluasi 日本語')",
    "await": "import asyncio\nasync def gagal():\n    raise OSError(5, 'disk')\nawait gagal()",
    "group": "raise ExceptionGroup('grup', [ValueError(1), TypeError(2)])",
    "in a display": ("class Rusak:\n    def __repr__(self): raise ValueError('repr')\nRusak()"),
    "shown by hand": "try:\n    1 / 0\nexcept Exception:\n    get_ipython().showtraceback()",
    "warning as error": "import warnings\nwarnings.simplefilter('error')\nwarnings.warn('x')",
    "gui": "%gui tidak_ada",
    "interrupt of an await": (
        "import os, signal, asyncio\nos.kill(os.getpid(), signal.SIGINT)\nawait asyncio.sleep(60)"
    ),
    "note": "e = ValueError('v')\ne.add_note('catatan')\nraise e",
    # The last, for its limit stays: with the usual one, drawing the traceback takes seconds.
    "recursion": ("import sys\nsys.setrecursionlimit(400)\ndef r(n):\n    return r(n + 1)\nr(0)"),
}
"""Cells that fail, each tagged ``raises-exception``; they run in one notebook."""

FATAL = {
    "error": ["a = 1\na", "print('x')\n1 / 0", "'tidak jalan'"],
    "exit": ["1", "raise SystemExit", "2"],
    "exit with a code": ["1", "import sys\nsys.exit(3)", "2"],
    "syntax": ["1", "x = = 1", "2"],
    "base exception": ["1", "raise KeyboardInterrupt", "2"],
}
"""Whole notebooks that stop at a failing cell."""


def notebook(cells: list[str], tags: tuple[str, ...] = ()) -> NotebookNode:
    """Make a notebook of code cells, after one of text."""
    book = nbformat.v4.new_notebook()
    book.metadata.kernelspec = {"name": "python3", "display_name": "p", "language": "python"}
    book.cells = [nbformat.v4.new_markdown_cell("Teks")]
    book.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    for number, cell in enumerate(book.cells):
        cell.id = f"cell-{number}"
        cell.metadata.tags = list(tags)
    return book
