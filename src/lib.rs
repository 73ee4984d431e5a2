//! kanwu (勘误): a linter for text that came out of OCR or a scraper, Chinese first.
//!
//! The rooms, from the ground up; each knows only those below it:
//!
//! | room | what it is for |
//! |---|---|
//! | [`text`] | bytes to text: decoding, spans, lines, character classes |
//! | [`language`] | what is said to people, in English and in Chinese |
//! | [`formats`] | kinds of file: what there is to read in each, with a map back to the file |
//! | [`model`] | the language model, read in place: what is likely, what is a word |
//! | [`document`] | the text as it is laid out: paragraphs, tokens, masks, as tables of spans |
//! | [`reading`] | what is thought of a document with a model: articles, misspellings, breaks |
//! | [`grade`], [`levels`] | how bad and how sure; from which probability on |
//! | [`card`] | what users see of a rule |
//! | [`finding`], [`rule`] | what a rule says, and what a rule is |
//! | `ignore_comments` | comments in the text that are addressed to kanwu |
//! | [`rules`], [`pattern`] | the coded rules; the engine of the declared rules |
//! | [`selection`], [`registry`] | which rules are selected; every card |
//! | [`engine`] | runs the selected rules over a document, settles overlaps |
//! | [`corpus`] | what is seen only across documents: copies, lines of sites, planted phrases |
//! | [`suppress`] | comments in the text that silence rules |
//! | [`fingerprint`] | what makes a finding the same one again |
//! | [`judgements`] | what people said of findings |
//! | [`config`] | `kanwu.toml`: what applies to which file |
//! | `regular_file` | files that settings are read from |
//! | [`atomic_file`] | files replaced whole or not at all |
//! | [`report`], [`explain`] | findings and cards as people and programs read them |
//! | [`outline`] | the structure of a text |
//! | [`fix`], [`baseline`] | what becomes of findings: mended, or known and passed over |
//! | [`audit`] | a whole collection: counts, scores, precision, comparison, tables, the page |
//! | `train` | makes model files (feature `train`, on by default); used by [`cli`] alone |
//! | [`lsp`] | the language server |
//! | [`cli`] | arguments in, exit code out |
//!
//! The way of the data: bytes → [`text::decode`] → [`formats::read`] → [`document::Document`] →
//! [`reading::Reading`] → [`engine::Linter::check`] → findings → [`report::FileReport`] → a
//! [`report::Reporter`].
//!
//! ```
//! use kanwu::{document::Document, engine::Linter};
//!
//! let linter = Linter::standard();
//! let document = Document::new("a.txt", "统筹发展 and 安全。");
//! for finding in linter.check(&document) {
//!     assert_eq!(finding.card.name, "stray-latin");
//!     assert_eq!(document.slice(finding.span), " and ");
//! }
//! ```

#![cfg_attr(
    not(feature = "train"),
    allow(
        dead_code,
        reason = "what writes a part of a model stands beside what reads it, and what surveys a \
                  collection beside what reads a document"
    )
)]

#[cfg(feature = "cli")]
pub mod atomic_file;
#[cfg(feature = "cli")]
pub mod audit;
#[cfg(feature = "cli")]
pub mod baseline;
pub mod card;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod config;
#[cfg(feature = "cli")]
pub mod corpus;
pub mod document;
pub mod engine;
pub mod explain;
pub mod finding;
pub mod fingerprint;
pub mod fix;
pub mod formats;
pub mod grade;
mod ignore_comments;
#[cfg(feature = "cli")]
pub mod judgements;
pub mod language;
pub mod levels;
#[cfg(feature = "cli")]
pub mod lsp;
pub mod model;
#[cfg(feature = "embedded-model")]
pub mod outline;
pub mod pattern;
pub mod reading;
pub mod registry;
mod regular_file;
pub mod report;
pub mod rule;
pub mod rules;
pub mod selection;
pub mod suppress;
pub mod text;
#[cfg(feature = "train")]
pub mod train;
