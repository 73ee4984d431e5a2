#![no_main]
//! See `kanwu_fuzz::check`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::check(data));
