//! `driftline.yaml`: what people settled. Comes in: bytes. Goes out: a `Config`. Must not know: git, formats of inputs, rules' logic.
//! Knows no other module of the crate but `model`.
