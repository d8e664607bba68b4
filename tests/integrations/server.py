"""Plays the parts of GitHub and GitLab that the integrations talk to, by the providers' rules, on this machine only.

    server.py FOLDER REPOSITORY github|gitlab

REPOSITORY is the clone whose pull request 7 goes from `main` to `feature`. In FOLDER: `port` says where it listens,
`requests.jsonl` what was asked, `state.json` what it holds now; files below `releases/` can be downloaded.
The token `writer` may do everything, `reader` only read; without a token nothing is answered.
"""

import json
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

folder, repository, lab = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "gitlab"
# A test may put something there before.
earlier = folder / "state.json"
state = {"reviews": [], "review_comments": [], "comments": [], "discussions": [], "notes": []}
if earlier.exists():
    state.update(json.loads(earlier.read_text()))


def git(*words):
    return subprocess.run(["git", "-C", repository, *words], check=True, capture_output=True, text=True).stdout


def commentable():
    """(path, side, line) of every line in a hunk, as the pages of a pull request show them."""
    lines, path, old, new = {}, "", 0, 0
    hunk = 0
    for line in git("diff", "--unified=3", "--no-renames", "main...feature").splitlines():
        if line.startswith("diff --git"):
            path = line.rsplit(" b/", 1)[1]
        elif found := re.match(r"@@ -(\d+)(?:,\d+)? \+(\d+)", line):
            old, new, hunk = int(found[1]), int(found[2]), hunk + 1
        elif line.startswith(("---", "+++", "index", "new file", "deleted file", "similarity", "\\")):
            continue
        elif line.startswith("-"):
            lines[path, "LEFT", old], old = hunk, old + 1
        elif line.startswith("+"):
            lines[path, "RIGHT", new], new = hunk, new + 1
        else:
            lines[path, "LEFT", old], lines[path, "RIGHT", new] = hunk, hunk
            old, new = old + 1, new + 1
    return lines


def accepts(comment, lines):
    """GitHub's rules for a comment of a review."""
    if set(comment) - {"path", "body", "line", "side", "start_line", "start_side"} or not comment.get("body"):
        return False
    end = lines.get((comment["path"], comment.get("side", "RIGHT"), comment["line"]))
    if end is None:
        return False
    if "start_line" not in comment:
        return "start_side" not in comment
    start = lines.get((comment["path"], comment.get("start_side", "RIGHT"), comment["start_line"]))
    return start == end and comment["start_line"] < comment["line"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, value):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        (folder / "state.json").write_text(json.dumps(state, indent=1))

    def handle_any(self):
        url = urlparse(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with (folder / "requests.jsonl").open("a") as log:
            log.write(json.dumps({"method": self.command, "path": self.path}) + "\n")
        if url.path.startswith("/releases/"):
            file = folder / url.path.lstrip("/")
            return self.answer(200, file.read_bytes()) if file.is_file() else self.answer(404, {"message": "Not Found"})
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ") or self.headers.get("PRIVATE-TOKEN")
        if token not in ("writer", "reader"):
            return self.answer(401, {"message": "Bad credentials"})
        if self.command != "GET" and token == "reader":
            return self.answer(403, {"message": "Resource not accessible by integration"})
        query = parse_qs(url.query)
        page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["20"])[0])
        for method, pattern, act in ROUTES:
            found = re.fullmatch(pattern, url.path)
            if found and method == self.command:
                status, value = act(json.loads(data) if data else {}, *found.groups())
                if isinstance(value, list):
                    value = value[(page - 1) * size : page * size]
                return self.answer(status, value)
        return self.answer(404, {"message": "Not Found"})

    do_GET = do_POST = do_PATCH = do_PUT = handle_any


def add(kind, value):
    value = {"id": len(state[kind]) + 1, **value}
    if kind == "notes":
        value["author"] = {"id": 5}
    elif kind != "discussions":  # there every note has its own
        value["user"] = {"login": "github-actions[bot]", "type": "Bot"}
    state[kind].append(value)
    return 201, value


def change(kind, number, value):
    for own in state[kind]:
        if own["id"] == int(number):
            own.update(value)
            return 200, own
    return 404, {"message": "Not Found"}


def post_review(review):
    lines = commentable()
    head = git("rev-parse", "feature").strip()
    bad = review.get("commit_id") != head or review.get("event") != "COMMENT" or not review.get("body")
    if bad or not all(accepts(comment, lines) for comment in review.get("comments", [])):
        return 422, {"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}
    for comment in review.get("comments", []):
        add("review_comments", comment)
    return add("reviews", review)


def post_discussion(discussion):
    position, lines = discussion.get("position", {"position_type": "none"}), commentable()
    if position["position_type"] == "text":
        base, head = git("merge-base", "main", "feature").strip(), git("rev-parse", "feature").strip()
        if (position["base_sha"], position["start_sha"], position["head_sha"]) != (base, base, head):
            return 400, {"message": "400 Bad request - the shas do not fit"}
        old, new = position.get("old_line"), position.get("new_line")
        left = old is None or (position["old_path"], "LEFT", old) in lines
        right = new is None or (position["new_path"], "RIGHT", new) in lines
        if not (left and right) or (old is None and new is None):
            return 400, {"message": '400 Bad request - Note {:line_code=>["can\'t be blank"]}'}
    return add("discussions", {"notes": [{"body": discussion["body"], "resolvable": True, "author": {"id": 5}}], "position": position})


def resolve(number):
    for discussion in state["discussions"]:
        if discussion["id"] == number:
            discussion["notes"][0]["resolved"] = True
            return 200, discussion
    return 404, {"message": "404 Not found"}


def versions():
    base = git("merge-base", "main", "feature").strip()
    head = git("rev-parse", "feature").strip()
    return [{"id": 1, "base_commit_sha": base, "start_commit_sha": base, "head_commit_sha": head}]


HUB, LAB = "/repos/owner/name", "/projects/1/merge_requests/7"
ROUTES = [
    ("GET", f"{HUB}/pulls/7/comments", lambda _: (200, state["review_comments"])),
    ("POST", f"{HUB}/pulls/7/comments", lambda body: add("review_comments", body)),
    ("GET", f"{HUB}/pulls/7/reviews", lambda _: (200, state["reviews"])),
    ("POST", f"{HUB}/pulls/7/reviews", post_review),
    ("PATCH", rf"{HUB}/pulls/comments/(\d+)", lambda body, n: change("review_comments", n, body)),
    ("GET", f"{HUB}/issues/7/comments", lambda _: (200, state["comments"])),
    ("POST", f"{HUB}/issues/7/comments", lambda body: add("comments", body)),
    ("PATCH", rf"{HUB}/issues/comments/(\d+)", lambda body, n: change("comments", n, body)),
    ("GET", "/user", lambda _: (200, {"id": 5}) if lab else (403, {"message": "Resource not accessible by integration"})),
    ("GET", f"{LAB}/versions", lambda _: (200, versions())),
    ("GET", f"{LAB}/discussions", lambda _: (200, state["discussions"])),
    ("POST", f"{LAB}/discussions", post_discussion),
    ("PUT", rf"{LAB}/discussions/(\d+)", lambda _, n: resolve(int(n))),
    ("GET", f"{LAB}/notes", lambda _: (200, state["notes"])),
    ("POST", f"{LAB}/notes", lambda body: add("notes", body)),
    ("PUT", rf"{LAB}/notes/(\d+)", lambda body, n: change("notes", n, body)),
]

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
(folder / "state.json").write_text(json.dumps(state))
(folder / "port").write_text(str(server.server_port))
server.serve_forever()
