//! From the text of a configuration file to a [`Config`]. Strict: what is not understood is an
//! error with its place.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{FILES, KEYS, nearest};
use super::{Config, ConfigError, FILE_NAME, Layer, Located, PerFile, RuleSettings};
use crate::finding::Severity;
use crate::language::Lang;
use crate::levels::NEVER;
use crate::said;

type Value<'i> = Spanned<DeValue<'i>>;

/// Reads the text of the configuration file `path`. `None` where it is a `pyproject.toml` that does
/// not speak of kanwu.
///
/// # Errors
///
/// [`ConfigError::Invalid`] for the first mistake.
pub(super) fn parse(path: &Path, text: &str) -> Result<Option<Config>, ConfigError> {
    let parser = Parser { path, text };
    let own = path.file_name().is_none_or(|n| n != "pyproject.toml");
    if !own && !text.contains("kanwu") {
        return Ok(None);
    }
    let document = DeTable::parse(text).map_err(|e| {
        let span = e.span().unwrap_or(0..0);
        parser.error(&span, e.message().trim_end(), None)
    })?;
    let mut table = document.get_ref();
    if !own {
        for key in ["tool", "kanwu"] {
            match table.get(key).map(Spanned::get_ref) {
                Some(DeValue::Table(inner)) => table = inner,
                _ => return Ok(None),
            }
        }
    }
    parser.config(table).map(Some)
}

struct Parser<'t> {
    path: &'t Path,
    text: &'t str,
}

impl Parser<'_> {
    fn error(&self, span: &Range<usize>, message: &str, help: Option<String>) -> ConfigError {
        ConfigError::invalid(self.path, self.text, span, message, help)
    }

    fn config(&self, table: &DeTable<'_>) -> Result<Config, ConfigError> {
        let root = self.path.parent().unwrap_or(Path::new(""));
        let mut config = Config {
            path: self.path.to_owned(),
            root: root.to_owned(),
            layer: Layer::default(),
            per_file: Vec::new(),
            rules: Vec::new(),
            packs: Vec::new(),
            vocabulary: Vec::new(),
            vocabulary_files: Vec::new(),
            lang: None,
            model: None,
            baseline: None,
            judgements: Vec::new(),
            chosen: false,
            profile: None,
            opened: OnceLock::new(),
            learned: OnceLock::new(),
            exclude: Vec::new(),
            include: Vec::new(),
            text: Arc::from(self.text),
            excluded: Gitignore::empty(),
            included: Gitignore::empty(),
        };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            match name {
                "vocabulary" => config.vocabulary = self.texts(name, value)?,
                "vocabulary-files" => config.vocabulary_files = self.texts(name, value)?,
                "baseline" => config.baseline = Some(self.text(name, value)?),
                "lang" => config.lang = Some(self.lang(name, value)?),
                "judgements" => config.judgements = self.texts(name, value)?,
                "model" => config.model = Some(self.text(name, value)?),
                "profile" => config.profile = Some(self.text(name, value)?),
                "packs" => config.packs = self.texts(name, value)?,
                "exclude" => config.exclude = self.texts(name, value)?,
                "include" => config.include = self.texts(name, value)?,
                "rules" => config.rules = self.rules(value)?,
                "per-file" => config.per_file = self.per_file(value)?,
                _ if self.layer_key(&mut config.layer, name, value)? => {}
                _ => return Err(self.unknown(key, KEYS.iter().map(|k| k.name))),
            }
        }
        config.excluded = self.globs(&config.exclude)?;
        config.included = self.globs(&config.include)?;
        Ok(config)
    }

    /// Takes a key of the settings that `[[per-file]]` has as well; `false` where it is none.
    fn layer_key(
        &self,
        layer: &mut Layer,
        name: &str,
        value: &Value<'_>,
    ) -> Result<bool, ConfigError> {
        match name {
            "select" => layer.select = self.texts(name, value)?,
            "extend-select" => layer.extend_select = self.texts(name, value)?,
            "ignore" => layer.ignore = self.texts(name, value)?,
            "severity" => layer.severity = self.severities(value)?,
            "level" => layer.level = Some(self.severity(name, value)?),
            "field" => layer.fields = self.texts(name, value)?,
            "as" => {
                let text = self.text(name, value)?;
                let kind = text.value.parse();
                layer.kind = Some(Located {
                    value: kind.map_err(|e: String| self.error(&text.span, &e, None))?,
                    span: text.span,
                });
            }
            "encoding" => {
                let text = self.text(name, value)?;
                let encoding = text
                    .value
                    .parse()
                    .map_err(|e: String| self.error(&text.span, &e, None))?;
                layer.encoding = Some(Located {
                    value: encoding,
                    span: text.span,
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn severities(
        &self,
        value: &Value<'_>,
    ) -> Result<Vec<(Located<String>, Severity)>, ConfigError> {
        self.table("severity", value)?
            .iter()
            .map(|(key, value)| Ok((located(key), self.severity(key.get_ref(), value)?.value)))
            .collect()
    }

    fn lang(&self, name: &str, value: &Value<'_>) -> Result<Located<Lang>, ConfigError> {
        let text = self.text(name, value)?;
        let lang = Lang::ALL.into_iter().find(|l| l.name() == text.value);
        let value = lang.ok_or_else(|| {
            let message =
                said!("kanwu does not speak `{}`", text.value; "没有语言 `{}`", text.value);
            self.error(
                &text.span,
                &message,
                Some(said!("one of en, zh"; "可选：en、zh")),
            )
        })?;
        Ok(Located {
            value,
            span: text.span,
        })
    }

    fn severity(&self, name: &str, value: &Value<'_>) -> Result<Located<Severity>, ConfigError> {
        let levels = [Severity::Error, Severity::Warning, Severity::Info];
        let text = self.text(name, value)?;
        let level = levels.into_iter().find(|s| s.name() == text.value);
        let level = level.ok_or_else(|| {
            let message = said!("there is no severity `{}`", text.value; "没有级别 `{}`", text.value);
            let help = said!("one of error, warning, info; a rule is switched off with `ignore`"; "可选：error、warning、info；关闭规则用 `ignore`");
            self.error(&text.span, &message, Some(help))
        })?;
        Ok(Located {
            value: level,
            span: text.span,
        })
    }

    fn rules(&self, value: &Value<'_>) -> Result<Vec<RuleSettings>, ConfigError> {
        self.table("rules", value)?
            .iter()
            .map(|(key, value)| {
                let mut levels = Vec::new();
                for (name, value) in self.table(&format!("rules.{}", key.get_ref()), value)? {
                    match name.get_ref().as_ref() {
                        "levels" => levels = self.levels(value)?,
                        _ => return Err(self.unknown(name, ["levels"].into_iter())),
                    }
                }
                Ok(RuleSettings {
                    rule: located(key),
                    levels,
                })
            })
            .collect()
    }

    fn levels(&self, value: &Value<'_>) -> Result<Vec<Located<(Severity, f32)>>, ConfigError> {
        const SEVERITIES: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];
        self.table("levels", value)?
            .iter()
            .map(|(key, value)| {
                let named = |s: &Severity| s.name() == key.get_ref().as_ref();
                let Some(severity) = SEVERITIES.into_iter().find(named) else {
                    return Err(self.unknown(key, SEVERITIES.into_iter().map(Severity::name)));
                };
                Ok(Located {
                    value: (severity, self.probability(severity.name(), value)?),
                    span: key.span().start..value.span().end,
                })
            })
            .collect()
    }

    fn probability(&self, name: &str, value: &Value<'_>) -> Result<f32, ConfigError> {
        let expected =
            said!("a probability from 0 to 1, or \"never\""; "0 到 1 的概率，或 \"never\"");
        let number: Option<f32> = match value.get_ref() {
            DeValue::String(text) if text == "never" => return Ok(NEVER),
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => return Err(self.wrong(name, &expected, value)),
        };
        number.filter(|p| (0.0..=1.0).contains(p)).ok_or_else(|| {
            let message = said!("`{name}` must be {expected}"; "`{name}` 应为{expected}");
            self.error(&value.span(), &message, None)
        })
    }

    fn per_file(&self, value: &Value<'_>) -> Result<Vec<PerFile>, ConfigError> {
        let DeValue::Array(tables) = value.get_ref() else {
            return Err(self.wrong(
                "per-file",
                &said!("an array of tables: `[[per-file]]`"; "表的数组：`[[per-file]]`"),
                value,
            ));
        };
        tables
            .iter()
            .map(|value| {
                let mut layer = Layer::default();
                let mut files = Vec::new();
                for (key, value) in self.table("per-file", value)? {
                    let name = key.get_ref().as_ref();
                    if name == FILES {
                        files = self.texts(name, value)?;
                    } else if !self.layer_key(&mut layer, name, value)? {
                        let known = KEYS.iter().filter(|k| k.per_file).map(|k| k.name);
                        return Err(self.unknown(key, known.chain([FILES])));
                    }
                }
                if files.is_empty() {
                    let help = said!("for example: files = [\"letters/\", \"*.old.txt\"]"; "例如：files = [\"letters/\", \"*.old.txt\"]");
                    let message = said!("this table does not say for which `files` it is"; "此表没有写明适用于哪些 `files`");
                    return Err(self.error(&value.span(), &message, Some(help)));
                }
                Ok(PerFile {
                    globs: self.globs(&files)?,
                    files,
                    layer,
                })
            })
            .collect()
    }

    fn globs(&self, patterns: &[Located<String>]) -> Result<Gitignore, ConfigError> {
        // The globs are matched against paths relative to the folder of the file.
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            builder.add_line(None, &pattern.value).map_err(|e| {
                let message = said!("`{}` is no glob: {e}", pattern.value; "`{}` 不是通配式：{e}", pattern.value);
                self.error(&pattern.span, &message, None)
            })?;
        }
        builder
            .build()
            .map_err(|e| self.error(&(0..0), &e.to_string(), None))
    }

    fn table<'v, 'i>(
        &self,
        name: &str,
        value: &'v Value<'i>,
    ) -> Result<&'v DeTable<'i>, ConfigError> {
        match value.get_ref() {
            DeValue::Table(table) => Ok(table),
            _ => Err(self.wrong(name, &said!("a table"; "表"), value)),
        }
    }

    fn texts(&self, name: &str, value: &Value<'_>) -> Result<Vec<Located<String>>, ConfigError> {
        let DeValue::Array(list) = value.get_ref() else {
            return Err(self.wrong(
                name,
                &said!("a list of strings: [\"…\", \"…\"]"; "字符串列表：[\"…\", \"…\"]"),
                value,
            ));
        };
        list.iter().map(|v| self.text(name, v)).collect()
    }

    fn text(&self, name: &str, value: &Value<'_>) -> Result<Located<String>, ConfigError> {
        match value.get_ref() {
            DeValue::String(text) => Ok(Located {
                value: text.to_string(),
                span: value.span(),
            }),
            _ => Err(self.wrong(name, &said!("a string"; "字符串"), value)),
        }
    }

    fn wrong(&self, name: &str, expected: &str, value: &Value<'_>) -> ConfigError {
        let found = type_of(value);
        let message = said!("`{name}` is {expected}, not of type {found}"; "`{name}` 应为{expected}，而不是 {found} 类型");
        self.error(&value.span(), &message, None)
    }

    fn unknown<'n>(
        &self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        known: impl Iterator<Item = &'n str> + Clone,
    ) -> ConfigError {
        let name = key.get_ref();
        let help = match nearest(name, known.clone()) {
            Some(near) => said!("did you mean `{near}`?"; "是否想写 `{near}`？"),
            None => {
                let known = known.collect::<Vec<_>>().join(", ");
                said!("there are {known}"; "可用的有：{known}")
            }
        };
        let of = if self.path.ends_with(FILE_NAME) {
            ""
        } else {
            " of kanwu"
        };
        self.error(
            &key.span(),
            &said!("there is no key{of} `{name}`"; "没有键 `{name}`"),
            Some(help),
        )
    }
}

fn type_of(value: &Value<'_>) -> &'static str {
    match value.get_ref() {
        DeValue::String(_) => "string",
        DeValue::Integer(_) => "integer",
        DeValue::Float(_) => "float",
        DeValue::Boolean(_) => "boolean",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "list",
        DeValue::Table(_) => "table",
    }
}

fn located(key: &Spanned<std::borrow::Cow<'_, str>>) -> Located<String> {
    Located {
        value: key.get_ref().to_string(),
        span: key.span(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::parse;
    use crate::config::keys::{KEYS, Kind};
    use crate::config::{ConfigError, template};
    use crate::language::Lang;

    fn error(name: &str, text: &str) -> (String, String) {
        match parse(Path::new(name), text) {
            Err(ConfigError::Invalid { message, help, .. }) => (message, help.unwrap_or_default()),
            other => panic!("not an error of the file: {other:?}"),
        }
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let (message, help) = error("/p/kanwu.toml", "ignore = []\nselct = [\"repeat\"]\n");
        assert_eq!(message, "/p/kanwu.toml:2: there is no key `selct`");
        assert_eq!(help, "did you mean `select`?");
        let (message, _) = error("kanwu.toml", "select = \"repeat\"");
        assert!(
            message.contains("`select` is a list of strings"),
            "{message}"
        );
        let (message, _) = error("kanwu.toml", "encoding = \"latin-9\"");
        assert!(message.contains("unknown encoding `latin-9`"), "{message}");
        let (message, help) = error("kanwu.toml", "[severity]\nrepeat = \"off\"");
        assert!(
            message.starts_with("kanwu.toml:2: there is no severity"),
            "{message}"
        );
        assert!(help.contains("`ignore`"), "{help}");
        let (message, _) = error("kanwu.toml", "\n[[per-file]]\nignore = [\"repeat\"]\n");
        assert!(
            message.contains("does not say for which `files`"),
            "{message}"
        );
        let (message, _) = error("kanwu.toml", "exclude = [\"[z-a]\"]");
        assert!(message.contains("`[z-a]` is no glob"), "{message}");
        let (message, _) = error("kanwu.toml", "select = [\n\n");
        assert!(message.starts_with("kanwu.toml:"), "{message}");
        let (message, help) = error("pyproject.toml", "[tool.kanwu]\nvocabulry = []\n");
        assert_eq!(
            message,
            "pyproject.toml:2: there is no key of kanwu `vocabulry`"
        );
        assert_eq!(help, "did you mean `vocabulary`?");
    }

    #[test]
    fn other_projects_are_left_alone() {
        let silent = |text| parse(Path::new("pyproject.toml"), text).expect("no error");
        assert!(silent("[tool.ruff]\nfix = true\n").is_none());
        assert!(silent("[project]\ndependencies = [\"kanwu\"]\n").is_none());
        assert!(silent("[tool.kanwu]\nignore = []\n").is_some());
    }

    /// What the template explains can be written: every example is taken out of its comment and
    /// read.
    #[test]
    fn every_key_of_the_template_is_read() {
        for lang in Lang::ALL {
            parse(Path::new("kanwu.toml"), &template(lang)).expect("comments only");
        }
        for key in KEYS {
            let text = match key.kind {
                Kind::Severities => format!("[{}]\n{}", key.name, key.example),
                Kind::PerFile => format!("[[{}]]\n{}", key.name, key.example),
                Kind::Settings => format!("[{}.{}", key.name, key.example),
                _ => format!("{} = {}", key.name, key.example),
            };
            parse(Path::new("kanwu.toml"), &text).unwrap_or_else(|e| panic!("{}: {e}", key.name));
        }
    }
}
