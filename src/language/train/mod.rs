//! Training: from texts and rows of evidence to the parts of a model file.

pub mod boost;
