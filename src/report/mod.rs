//! A report value and one file per output format: pure functions. Must not know git or the logic of rules.
