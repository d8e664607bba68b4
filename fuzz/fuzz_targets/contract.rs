#![no_main]

use driftline_fuzz::judge::contract;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| contract::judge(data));
