#![no_main]

use driftline_fuzz::judge::replay;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| replay::judge(data));
