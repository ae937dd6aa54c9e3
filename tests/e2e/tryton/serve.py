"""A plain Tryton on a free port: python -m tests.e2e.tryton.serve CONFIGURATION DATABASE LOGIN PASSWORD FD.

It names its address, key and ids on the file descriptor FD and ends when its standard input does.
"""

import json
import os
import sys
from threading import Thread

from trytond import config  # type: ignore[import-not-found]  # lives in the server's own environment

configuration, database, login, password, ready = sys.argv[1:]
config.update_etc(configuration)

from trytond.wsgi import app  # type: ignore[import-not-found]  # noqa: E402  # reads its settings when imported
from werkzeug.serving import make_server  # type: ignore[import-not-found]  # noqa: E402  # as above

from tests.e2e.tryton.seed import seed  # noqa: E402  # as above

known = seed(database, configuration, login, password)
server = make_server("127.0.0.1", 0, app, threaded=True)
url = f"http://127.0.0.1:{server.server_port}"
os.write(int(ready), json.dumps(known | {"url": url}).encode() + b"\n")
Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
