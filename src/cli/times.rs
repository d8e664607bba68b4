//! How long each step of a check took, for `--verbose`.

use std::time::Instant;

/// A clock that is read at the end of each step.
pub struct Times {
    began: Instant,
    last: Instant,
    steps: Vec<(&'static str, u128)>,
}

impl Times {
    pub fn start() -> Self {
        let now = Instant::now();
        Self { began: now, last: now, steps: Vec::new() }
    }

    /// A step that ends here.
    pub fn end(&mut self, step: &'static str) {
        let now = Instant::now();
        self.steps.push((step, now.duration_since(self.last).as_millis()));
        self.last = now;
    }

    /// `took 130 ms: opened in 4, read in 100, …`
    pub fn text(&self) -> String {
        let steps: Vec<String> = self.steps.iter().map(|(step, took)| format!("{step} in {took}")).collect();
        format!("took {} ms: {}", self.last.duration_since(self.began).as_millis(), steps.join(", "))
    }
}
