#![no_main]
//! See `kanwu_fuzz::baseline`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::baseline(data));
