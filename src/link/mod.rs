//! Columns and properties that hold the same value. Comes in: the two layers of one revision. Goes out: links with
//! confidence and reason. Must not know: revisions.
