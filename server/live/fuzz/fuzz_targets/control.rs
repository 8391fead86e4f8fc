#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| live::fuzz::control(bytes));
