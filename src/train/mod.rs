//! Training: from text to a model file, by a recipe of stages.
//!
//! [`recipe`] declares what is made from what; [`make`](make::make) runs the stages and keeps each
//! until all are done. [`material`] is what they read: text by register, dealt out into a part to
//! count, a part to fit on and a part to measure on, pairs of slips, lists. `stages` gives every
//! stage its part of it. `count` makes characters, n-grams, words and topics; the other stages fit
//! trees on damage set into clean text and on real slips, and measure themselves on what they have
//! not seen. The same text and recipe give the same bytes, with any number of threads.

pub mod boost;
mod confuse;
mod corpus;
mod count;
mod counts;
mod doublings;
mod figures;
pub mod garble;
mod gathered;
pub mod lapses;
mod lists;
pub mod make;
pub mod material;
pub mod order;
pub mod pairs;
mod pen_slips;
pub mod phrases;
mod random;
pub mod recipe;
pub mod rewordings;
#[cfg(test)]
mod served;
pub mod slips;
#[cfg(test)]
mod small_models;
mod smoothing;
pub mod spelling;
mod stages;
mod texts;
mod topics;
mod trie;
mod vocabulary;
mod word_lists;
mod words;
mod wrong_words;

use std::path::PathBuf;

#[cfg(test)]
pub(crate) use count::small;

use crate::model::container::ModelError;
use crate::said;

/// Why a training came to nothing.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum TrainError {
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is nothing to learn from.
    #[error("{}", said!("the text holds no Chinese"; "文本中没有中文"))]
    #[diagnostic(help("{}", said!("plain text is one paragraph a line, UTF-8; JSON lines need a \"text\" field and a name ending in .jsonl"; "纯文本每行一段，UTF-8；JSON Lines 要有 \"text\" 字段，文件名以 .jsonl 结尾")))]
    Empty,
    /// A recipe contradicts itself.
    #[error("{}", said!("the recipe: {}", .0; "配方：{}", .0))]
    Recipe(String),
    /// A part was written and cannot be read back.
    #[error("{}", said!("the part `{}` cannot be read back", .0; "部分 `{}` 写出后无法读回", .0))]
    Lost(&'static str),
    /// The model that came out cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Model(#[from] ModelError),
}
