//! A sign of life on standard error: only on a terminal, only when the work lasts longer than a second.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::past::Counter;

/// Shows the seconds until it is dropped.
pub struct Progress {
    done: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    counter: Counter,
}

impl Progress {
    pub fn start(what: &'static str, visible: bool) -> Self {
        if !visible {
            return Self { done: None, thread: None, counter: Counter::default() };
        }
        let counter = Counter::default();
        let shared = counter.clone();
        let (done, wait) = mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            let began = Instant::now();
            let mut shown = false;
            while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(Duration::from_secs(1)) {
                let _ = write!(std::io::stderr(), "\r{what} …{} {} s", shared.text(), began.elapsed().as_secs());
                let _ = std::io::stderr().flush();
                shown = true;
            }
            if shown {
                let _ = write!(std::io::stderr(), "\r\u{1b}[K");
            }
        });
        Self { done: Some(done), thread: Some(thread), counter }
    }
}

impl Progress {
    /// Where to say how far the work is.
    pub fn counter(&self) -> Counter {
        self.counter.clone()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
