//! How bad, how sure, how safe: the scales on which findings and their fixes are told.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::language::Lang;

/// How sure it is that the text is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look.
    Info,
    /// Most likely damaged.
    Warning,
    /// Surely damaged.
    Error,
}

impl Severity {
    /// The name used in reports and settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// What people call it in a language.
    #[must_use]
    pub fn called(self, lang: Lang) -> &'static str {
        match (lang, self) {
            (Lang::En, _) => self.name(),
            (Lang::Zh, Self::Info) => "提示",
            (Lang::Zh, Self::Warning) => "警告",
            (Lang::Zh, Self::Error) => "错误",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How often findings of this kind are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// One in two or less.
    Low,
    /// Four in five.
    Medium,
    /// Nineteen in twenty.
    High,
}

impl Confidence {
    /// The name used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The level that a calibrated probability of being right amounts to.
    #[must_use]
    pub fn of_probability(p: f32) -> Self {
        if p >= 0.9 {
            Self::High
        } else if p >= 0.7 {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// The meaning cannot change: applied by `--fix`.
    Safe,
    /// It may: applied by `--unsafe-fixes` only.
    Unsafe,
}
