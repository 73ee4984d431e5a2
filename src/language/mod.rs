//! What is known of the language: models that are embedded in the binary and read in place.

pub mod train;
pub mod trees;
