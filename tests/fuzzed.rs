//! Inputs that fuzzing found wrong once, against the judges of the fuzz targets; `DRIFTLINE_FUZZED` names a file (with
//! the target before a colon) to look at a new one.

#[path = "../fuzz/src/judge/mod.rs"]
mod judge;

const FOUND: &[(&str, &[u8])] = &[
    // A list as a key, empty at the end of the file.
    ("contract", b"(\n\n?\n\n\n-"),
    // A lone carriage return ends a comment of PostgreSQL.
    ("split", b"0TRUNCATE a; -- \0 error: u\rsers\n"),
    // Data that the file ends before.
    ("split", b"0CREATE TABLE t (a int);\nCOPY t FROM stdin;"),
    // A comment that MySQL executes, opened inside another.
    ("split", b"1a /*!4010/*!401f b;\n*/"),
    // A delimiter that is set behind the place at which reading is taken up again.
    ("split", b"1SET a = 'x;\nINSERT INTO t VALUES (M);\n';\nDELIMITER M\nc M\n'd"),
    // More digits than a version has.
    ("split", b"1a;/*!16030113642508463636; b */;"),
    // Lines that end with carriage returns alone.
    ("split", b"1--\r\r E\rR;\r\rCOLUMN Z;"),
];

fn run(target: &str, input: &[u8]) {
    match target {
        "split" => judge::split::judge(input),
        "replay" => judge::replay::judge(input),
        "contract" => judge::contract::judge(input),
        _ => panic!("no target `{target}`"),
    }
}

#[test]
fn what_was_found_stays_right() {
    FOUND.iter().for_each(|(target, input)| run(target, input));
}

#[test]
fn a_file_from_outside() {
    let Ok(named) = std::env::var("DRIFTLINE_FUZZED") else { return };
    let (target, path) = named.split_once(':').expect("target:path");
    run(target, &std::fs::read(path).expect("the file is readable"));
}
