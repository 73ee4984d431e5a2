#![no_main]
//! See `kanwu_fuzz::fix`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::fix(data));
