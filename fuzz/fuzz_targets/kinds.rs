#![no_main]
//! See `kanwu_fuzz::kinds`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::kinds(data));
