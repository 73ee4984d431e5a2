//! Measures how right and how fast kanwu is: injects damage into clean text, and compares what is
//! found with what was done.
//!
//! | part | what it is for |
//! |---|---|
//! | [`base`] | clean articles to damage |
//! | [`page`], [`damage`] | pages of several articles, and what is done to them |
//! | [`han`], [`confusion`], [`random`] | words, look-alikes, chance that repeats itself |
//! | [`run`] | runs the command and reads what it prints |
//! | [`score`], [`floors`], [`table`] | recall and precision by class, as tables |
//! | [`callgrind`] | instructions of functions, as valgrind counts them |
//!
//! Damage is written here by other code than where a fit trains on it (`kanwu::train`): who judges
//! does not teach.

pub mod base;
pub mod callgrind;
pub mod confusion;
pub mod damage;
pub mod floors;
pub mod han;
pub mod page;
pub mod random;
pub mod run;
pub mod score;
pub mod table;
