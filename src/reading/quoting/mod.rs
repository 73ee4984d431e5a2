//! Whether what is quoted is quoted rightly: set phrases, and what the document quotes twice.

pub mod quotations;
pub mod rewording;
pub mod set_phrases;
