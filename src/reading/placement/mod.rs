//! What belongs where: articles, and what stands in the wrong one.

pub(crate) mod affinity;
pub(crate) mod alone;
pub(crate) mod articles;
pub(crate) mod displaced;
pub(crate) mod displaced_runs;
pub(crate) mod sentence_topics;
mod stretch;
pub(crate) mod telling;
pub(crate) mod term_counts;

pub use articles::Article;
pub use displaced::Stray;
pub use displaced_runs::Torn;
