#![no_main]
//! See `kanwu_fuzz::pack`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::pack(data));
