#![no_main]

use driftline_fuzz::judge::split;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| split::judge(data));
