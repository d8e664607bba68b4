//! A server that plays GitHub and GitLab: the same paths, and the rules by which they refuse comments.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::judge::{list, placed};
use super::shown::Shown;

/// What the provider keeps.
#[derive(Default)]
pub struct State {
    pub shown: Shown,
    pub head: String,
    pub base: String,
    /// Comments at lines and files.
    pub comments: Vec<Value>,
    pub reviews: Vec<Value>,
    /// Comments at the pull request; notes of a merge request.
    pub notes: Vec<Value>,
    pub discussions: Vec<Value>,
    /// Answers that were no success, as method, path and code.
    pub refused: Vec<String>,
    /// Calls that wrote something.
    pub written: usize,
    ids: u64,
}

pub struct Server {
    pub address: String,
    pub state: Arc<Mutex<State>>,
}

impl Server {
    /// Runs until the test ends.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &shared);
            }
        });
        Self { address, state }
    }

    /// What the page of the pull request shows from now on.
    pub fn push(&self, shown: Shown, base: &str, head: &str) {
        let mut state = self.state.lock().unwrap();
        state.shown = shown;
        (state.base, state.head) = (base.to_string(), head.to_string());
    }

    /// One call as a bot makes it: the code and the answer.
    pub fn call(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let text = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = text.len();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{text}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return };
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let header = header.trim().to_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if header == "expect: 100-continue" {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut state = state.lock().unwrap();
    let (code, value) = state.handle(method, path, &body);
    if code >= 300 {
        state.refused.push(format!("{method} {path}: {code} {value}"));
    } else if method != "GET" {
        state.written += 1;
    }
    let text = value.to_string();
    let length = text.len();
    let _ = write!(stream, "HTTP/1.1 {code} x\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}");
}

impl State {
    fn handle(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let steps: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method, steps.as_slice()) {
            ("GET", ["repos", _, _, "pulls", _, "comments"]) => (200, json!(self.comments)),
            ("GET", ["repos", _, _, "pulls", _, "reviews"]) => (200, json!(self.reviews)),
            ("POST", ["repos", _, _, "pulls", _, "reviews"]) => self.review(body),
            ("POST", ["repos", _, _, "pulls", _, "comments"]) => self.file_comment(body),
            ("GET", ["repos", _, _, "issues", _, "comments"]) => (200, json!(self.notes)),
            ("POST", ["repos", _, _, "issues", _, "comments"]) => self.note(body),
            ("PATCH", ["repos", _, _, "issues", "comments", id]) => self.change_note(id, body),
            ("GET", ["projects", _, "merge_requests", _]) => {
                let refs = json!({ "base_sha": self.base, "start_sha": self.base, "head_sha": self.head });
                (200, json!({ "diff_refs": refs }))
            }
            ("GET", ["projects", _, "merge_requests", _, "discussions"]) => (200, json!(self.discussions)),
            ("POST", ["projects", _, "merge_requests", _, "discussions"]) => self.discussion(body),
            ("PUT", ["projects", _, "merge_requests", _, "discussions", id]) if query == "resolved=true" => {
                let thread = self.discussions.iter_mut().find(|thread| thread["id"] == *id);
                thread.map_or((404, json!({})), |thread| {
                    thread["resolved"] = json!(true);
                    (200, json!({}))
                })
            }
            ("GET", ["projects", _, "merge_requests", _, "notes"]) => (200, json!(self.notes)),
            ("POST", ["projects", _, "merge_requests", _, "notes"]) => self.note(body),
            ("PUT", ["projects", _, "merge_requests", _, "notes", id]) => self.change_note(id, body),
            _ => (404, json!({ "message": "Not Found" })),
        }
    }

    fn id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    /// All or nothing, and without naming the culprit.
    fn review(&mut self, body: &Value) -> (u16, Value) {
        let refused = |why: &str| (422, json!({ "message": "Unprocessable Entity", "errors": [why] }));
        let event = body["event"].as_str().unwrap_or("PENDING");
        if !["COMMENT", "REQUEST_CHANGES"].contains(&event) || !text(&body["body"]) {
            return refused("a review needs an event and a body");
        }
        if body["commit_id"] != json!(self.head) {
            return refused("commit_id is not part of the pull request");
        }
        for comment in list(&body["comments"]) {
            if !text(&comment["body"]) || comment.get("subject_type").is_some() || placed(comment, &self.shown).is_err()
            {
                return refused("Pull request review thread line must be part of the diff");
            }
        }
        for comment in list(&body["comments"]) {
            let mut comment = comment.clone();
            comment["id"] = json!(self.id());
            self.comments.push(comment);
        }
        let review = json!({ "id": self.id(), "state": event, "body": body["body"] });
        self.reviews.push(review.clone());
        (200, review)
    }

    fn file_comment(&mut self, body: &Value) -> (u16, Value) {
        let is_file = body["subject_type"] == "file" && body.get("line").is_none();
        if !is_file
            || body["commit_id"] != json!(self.head)
            || placed(body, &self.shown).is_err()
            || !text(&body["body"])
        {
            return (422, json!({ "message": "Validation Failed" }));
        }
        let mut comment = body.clone();
        comment["id"] = json!(self.id());
        self.comments.push(comment.clone());
        (201, comment)
    }

    fn note(&mut self, body: &Value) -> (u16, Value) {
        if !text(&body["body"]) {
            return (422, json!({ "message": "body is missing or too long" }));
        }
        let note = json!({ "id": self.id(), "body": body["body"] });
        self.notes.push(note.clone());
        (201, note)
    }

    fn change_note(&mut self, id: &str, body: &Value) -> (u16, Value) {
        let known = self.notes.iter_mut().find(|note| note["id"].as_u64() == id.parse().ok());
        match known {
            Some(note) if text(&body["body"]) => {
                note["body"] = body["body"].clone();
                (200, note.clone())
            }
            _ => (404, json!({ "message": "Not Found" })),
        }
    }

    /// Each alone.
    fn discussion(&mut self, body: &Value) -> (u16, Value) {
        if let Some(position) = body.get("position") {
            let refs = [("base_sha", &self.base), ("start_sha", &self.base), ("head_sha", &self.head)];
            let known = refs.iter().all(|(name, hash)| position[name] == json!(hash));
            let paths = text(&position["old_path"]) && text(&position["new_path"]);
            if !known || !paths || placed(body, &self.shown).is_err() {
                return (400, json!({ "message": "400 Bad request - Note {:line_code=>[\"can't be blank\"]}" }));
            }
        }
        if !text(&body["body"]) {
            return (400, json!({ "message": "body is missing" }));
        }
        let thread = json!({ "id": format!("d{}", self.id()), "resolved": false, "notes": [{ "body": body["body"] }] });
        self.discussions.push(thread.clone());
        (201, thread)
    }
}

/// Text that fits.
fn text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty() && text.chars().count() <= 65_536)
}
