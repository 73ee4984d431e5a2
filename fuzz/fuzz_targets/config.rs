#![no_main]
//! See `kanwu_fuzz::config`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::config(data));
