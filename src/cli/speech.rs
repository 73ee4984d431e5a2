//! Which language a run speaks: `--lang`, else that of the configuration, else that of the locale.

use crate::config::{Choice, Config, Configs, Overrides};
use crate::language::{self, Lang};

/// The language of a run over files: that of the configuration of the first of them counts.
pub(super) fn with(asked: Option<Lang>, config: Option<&Config>) -> Lang {
    let configured = config.and_then(|c| c.lang.as_ref()).map(|lang| lang.value);
    let lang = asked.or(configured).unwrap_or_else(Lang::of_environment);
    language::speak(lang);
    lang
}

/// The language of a command that looks at no file: that of the configuration of the folder it is
/// called in. A configuration that cannot be read is no reason not to answer.
pub(super) fn here(asked: Option<Lang>) -> Lang {
    let config = || {
        let folder = std::env::current_dir().ok()?;
        let mut configs = Configs::new(Choice::Find, Overrides::default()).ok()?;
        configs.of_folder(&folder).ok().flatten()
    };
    match asked {
        Some(lang) => with(Some(lang), None),
        None => with(None, config().as_deref()),
    }
}
