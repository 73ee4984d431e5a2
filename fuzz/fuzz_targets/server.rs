#![no_main]
//! See `kanwu_fuzz::server`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::server(data));
