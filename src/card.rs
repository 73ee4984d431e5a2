//! What users see of a rule: its [`Card`].

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::grade::{Confidence, Safety, Severity};
use crate::language::Lang;
use crate::levels::{Levels, Writing};

/// The family a rule belongs to; selectable like a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Bytes and code points.
    Encoding,
    /// Characters of the wrong script or variant.
    Script,
    /// Text that stands twice.
    Repeat,
    /// What belongs where.
    Structure,
    /// Marks.
    Punctuation,
    /// Wrong, missing and extra characters.
    Spelling,
    /// What pages, sites and tools left behind.
    Residue,
    /// What is seen only across files.
    Corpus,
}

impl Group {
    /// All groups, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::Encoding,
        Self::Script,
        Self::Repeat,
        Self::Structure,
        Self::Punctuation,
        Self::Spelling,
        Self::Residue,
        Self::Corpus,
    ];

    /// The name used in settings and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Script => "script",
            Self::Repeat => "repeat",
            Self::Structure => "structure",
            Self::Punctuation => "punctuation",
            Self::Spelling => "spelling",
            Self::Residue => "residue",
            Self::Corpus => "corpus",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The single source of a rule's documentation: `explain`, SARIF help, LSP hover, the README table
/// and the rule reference all render from it.
#[derive(Debug)]
pub struct Card {
    /// Kebab-case; says the fault, so that "allow doubled-character" reads right.
    pub name: &'static str,
    /// The family.
    pub group: Group,
    /// The usual severity.
    pub severity: Severity,
    /// The usual confidence.
    pub confidence: Confidence,
    /// Whether the rule is on unless it is ignored.
    pub default: bool,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Markdown: how it decides, what it leaves alone and why, where it is blind.
    pub docs: &'static str,
    /// The same in Chinese.
    pub chinese: Chinese,
    /// Documents in which it speaks; executed by the tests.
    pub bad: &'static [&'static str],
    /// Documents that look like the fault and are right; executed by the tests.
    pub good: &'static [&'static str],
    /// The best that its fixes can be, `None` where it has none.
    pub fix: Option<Safety>,
    /// Rules that explain the same defect better: where one of them speaks on overlapping text,
    /// this one is silent.
    pub yields_to: &'static [&'static str],
    /// From which probability on its findings are notes, warnings, errors: in usual text first,
    /// then in kinds of writing where it takes more to be as right. Empty where the rule knows and
    /// does not weigh.
    pub levels: &'static [(Writing, Levels)],
}

/// What a card says in Chinese.
#[derive(Clone, Copy, Debug)]
pub struct Chinese {
    /// A short name for people; settings and comments have the English one.
    pub name: &'static str,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Markdown: how it decides, what it leaves alone and why, where it is blind.
    pub docs: &'static str,
}

impl Card {
    /// What the rule is called among people who read this language: in Chinese its short name, too.
    #[must_use]
    pub fn title(&self, lang: Lang) -> Cow<'static, str> {
        match lang {
            Lang::En => Cow::Borrowed(self.name),
            Lang::Zh => Cow::Owned(format!("{} {}", self.chinese.name, self.name)),
        }
    }

    /// One line in this language: what it finds.
    #[must_use]
    pub fn summary(&self, lang: Lang) -> &'static str {
        lang.pick(self.summary, self.chinese.summary)
    }

    /// Markdown in this language: how it decides.
    #[must_use]
    pub fn docs(&self, lang: Lang) -> &'static str {
        lang.pick(self.docs, self.chinese.docs)
    }
}
