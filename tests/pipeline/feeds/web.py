"""A real web server on loopback whose pages a test chooses."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Answers by path; `seen` are the headers of each request."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen, self.pages, self.over = [], {}, threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        pass

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        page = self.server.pages.get(self.path)
        if callable(page):
            page(self)
            return
        status, headers, body = page or (404, {}, b"")
        etag = headers.get("ETag")
        if etag and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def redirect(to, status=302):
    return status, {"Location": to}, b""


def drip(piece, head=b""):
    """Sends one piece after another until the client is gone."""

    def page(handler):
        handler.close_connection = True
        try:
            handler.wfile.write(head)
            while not handler.server.over.wait(0.02):
                handler.wfile.write(piece)
                handler.wfile.flush()
        except OSError:
            pass

    return page
