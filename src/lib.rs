//! kanwu (勘误): a linter for text that came out of OCR or a scraper, Chinese first.

pub mod language;
