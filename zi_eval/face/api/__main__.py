"""``python -m zi_eval.face.api DIR``: write the page, say where it is."""

import sys
from pathlib import Path

from zi_eval.errors import ZiEvalError
from zi_eval.face.api import write_api_page

if __name__ == "__main__":
    try:
        print(write_api_page(Path(sys.argv[1] if len(sys.argv) > 1 else "outputs/api")))
    except ZiEvalError as error:
        sys.exit(str(error))
