//! What goes on in what: where paragraphs are broken, and which piece continues which.

mod across;
pub(crate) mod breaks;
mod categories;
mod cut;
mod echo;
pub(crate) mod habit;
mod matching;
mod recent;
pub(crate) mod seam;
mod shared_pairs;

pub use cut::Cut;
