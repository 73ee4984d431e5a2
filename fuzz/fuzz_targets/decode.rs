#![no_main]
//! See `kanwu_fuzz::decode`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::decode(data));
