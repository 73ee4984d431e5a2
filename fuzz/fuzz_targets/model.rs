#![no_main]
//! See `kanwu_fuzz::model`.

libfuzzer_sys::fuzz_target!(|data: &[u8]| kanwu_fuzz::model(data));
