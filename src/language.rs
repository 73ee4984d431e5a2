//! The languages that kanwu speaks: [`Lang`], and [`Message`], what is said to a person in each of
//! them.
//!
//! A message is made by [`told!`](crate::told), which takes both wordings, so the compiler refuses
//! one without its Chinese. Findings carry messages and know no language; whoever shows them picks
//! the wording.

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

/// A language that is read by people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English
    #[default]
    En,
    /// Chinese, in simplified characters
    Zh,
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The name used in settings and options.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// The language of a locale as POSIX (`zh_CN.UTF-8`) or an editor (`zh-cn`) names it.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next();
        match language {
            Some(name) if name.eq_ignore_ascii_case("zh") => Self::Zh,
            _ => Self::En,
        }
    }

    /// The language of the process: LC_ALL goes before LC_MESSAGES, and that before LANG.
    #[must_use]
    pub fn of_environment() -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(std::env::var_os)
            .find(|value| !value.is_empty())
            .map_or(Self::En, |value| Self::of_locale(&value.to_string_lossy()))
    }

    /// The wording of this language.
    #[must_use]
    pub fn pick<T>(self, english: T, chinese: T) -> T {
        match self {
            Self::En => english,
            Self::Zh => chinese,
        }
    }
}

/// The language that the errors of this process are told in: they arise deep inside, where nobody
/// knows who will read them.
static SPOKEN: AtomicBool = AtomicBool::new(false);

/// From now on errors are told in this language.
pub fn speak(lang: Lang) {
    SPOKEN.store(lang == Lang::Zh, Ordering::Relaxed);
}

/// The language that errors are told in: English unless [`speak`] says otherwise.
#[must_use]
pub fn spoken() -> Lang {
    if SPOKEN.load(Ordering::Relaxed) {
        Lang::Zh
    } else {
        Lang::En
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is said to a person, in each language; one piece of memory holds both wordings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The English wording, and right behind it the Chinese one.
    words: Cow<'static, str>,
    /// Where the Chinese one begins, in bytes.
    chinese: usize,
}

impl Message {
    /// A message of two wordings. [`told!`](crate::told) is the usual way to write one.
    #[must_use]
    pub fn new(english: fmt::Arguments<'_>, chinese: fmt::Arguments<'_>) -> Self {
        let mut words = String::with_capacity(128);
        // Writing into memory does not fail.
        let _ = words.write_fmt(english);
        let at = words.len();
        let _ = words.write_fmt(chinese);
        Self {
            words: Cow::Owned(words),
            chinese: at,
        }
    }

    /// Of two wordings that are there already.
    #[must_use]
    pub fn of(english: &str, chinese: &str) -> Self {
        Self {
            words: Cow::Owned([english, chinese].concat()),
            chinese: english.len(),
        }
    }

    /// The wording of a language.
    #[must_use]
    pub fn read(&self, lang: Lang) -> &str {
        lang.pick(&self.words[..self.chinese], &self.words[self.chinese..])
    }

    /// The English wording.
    #[must_use]
    pub fn en(&self) -> &str {
        self.read(Lang::En)
    }

    /// The Chinese wording.
    #[must_use]
    pub fn zh(&self) -> &str {
        self.read(Lang::Zh)
    }

    /// With another message behind it.
    #[must_use]
    pub fn and(&self, more: &Self) -> Self {
        Self::new(
            format_args!("{}{}", self.en(), more.en()),
            format_args!("{}{}", self.zh(), more.zh()),
        )
    }

    /// Each wording as `change` makes it; nothing is copied where it changes none.
    pub(crate) fn rewrite(&mut self, change: impl Fn(&str) -> Cow<'_, str>) {
        let (english, chinese) = (change(self.en()), change(self.zh()));
        if matches!((&english, &chinese), (Cow::Borrowed(_), Cow::Borrowed(_))) {
            return;
        }
        *self = Self::of(&english, &chinese);
    }
}

/// A [`Message`]: the English wording and its values, a semicolon, the Chinese wording and its
/// values. Names in braces are taken from where it stands, as in `format!`.
///
/// ```
/// use kanwu::{language::Lang, told};
///
/// let mark = '，';
/// let message = told!("one {mark} too many"; "多了一个“{mark}”");
/// assert_eq!(message.read(Lang::Zh), "多了一个“，”");
/// ```
#[macro_export]
macro_rules! told {
    ($english:literal $(, $value:expr)* ; $chinese:literal $(, $other:expr)* $(,)?) => {
        $crate::language::Message::new(
            format_args!($english $(, $value)*),
            format_args!($chinese $(, $other)*),
        )
    };
}

/// What an error says: as [`told!`](crate::told), in the language that [`spoken`] names.
#[macro_export]
macro_rules! said {
    ($($wording:tt)*) => {
        $crate::told!($($wording)*).read($crate::language::spoken()).to_owned()
    };
}

#[cfg(test)]
mod tests {
    use super::{Lang, Message};

    #[test]
    fn a_locale_says_which_language() {
        for (locale, lang) in [
            ("zh_CN.UTF-8", Lang::Zh),
            ("zh-tw", Lang::Zh),
            ("ZH", Lang::Zh),
            ("en_GB.UTF-8", Lang::En),
            ("zha", Lang::En),
            ("C", Lang::En),
            ("", Lang::En),
        ] {
            assert_eq!(Lang::of_locale(locale), lang, "{locale}");
        }
    }

    #[test]
    fn both_wordings_are_kept_apart() {
        let n = 3;
        let message = told!("{n} times"; "共{}处", n);
        assert_eq!((message.en(), message.zh()), ("3 times", "共3处"));
        let both = message.and(&Message::of("!", "！"));
        assert_eq!((both.en(), both.zh()), ("3 times!", "共3处！"));
    }
}
