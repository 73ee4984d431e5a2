//! The linter as Python calls it. Whatever takes long lets go of the interpreter.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kanwu::config::{Choice, Configs, Overrides, Profile};
use kanwu::corpus::Learned;
use kanwu::document::Vocabulary;
use kanwu::finding::Severity;
use kanwu::fix::{self, Allowed};
use kanwu::formats::{self, Kind, Options};
use kanwu::language::Lang;
use kanwu::outline::FileOutline;
use kanwu::reading::parts;
use kanwu::selection::Selection;
use kanwu::text::{self, Decoded};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use serde::Deserialize;

use crate::columns::{self, Columns, Row, refused};
use crate::learned;
use crate::texts::Texts;
use crate::threads::in_order;
use crate::told::{Told, report, told};

/// What a text without a name is called.
const NAMELESS: &str = "text.txt";

/// A linter; one serves any number of threads.
#[pyclass(frozen, module = "kanwu._kanwu")]
pub(crate) struct Engine {
    profile: Arc<Profile>,
    level: Severity,
    lang: Lang,
}

/// What a linter is made of.
#[derive(Deserialize)]
pub(crate) struct Settings {
    config: Option<PathBuf>,
    model: Option<PathBuf>,
    profile: Option<PathBuf>,
    /// A profile that is no file.
    learned: Option<String>,
    rules: Vec<String>,
    extend: Vec<String>,
    ignore: Vec<String>,
    vocabulary: Vec<String>,
    packs: Vec<PathBuf>,
    level: Option<String>,
    lang: Option<String>,
    kind: String,
    skim: bool,
}

impl Settings {
    /// Those that Python writes as JSON.
    pub(crate) fn read(json: &str) -> PyResult<Self> {
        serde_json::from_str(json).map_err(|e| PyValueError::new_err(e.to_string()))
    }

    fn profile(&self) -> PyResult<Arc<Profile>> {
        let wrong = |e: &dyn std::fmt::Display| PyValueError::new_err(e.to_string());
        let model = self.model.as_deref().map(parts::open).transpose();
        let learned = match (&self.profile, &self.learned) {
            (Some(path), _) => Some(Learned::read(path).map_err(|e| wrong(&e))?),
            (None, Some(json)) => Some(learned::of_json(json)?),
            (None, None) => None,
        };
        let mut vocabulary = Vocabulary::default();
        vocabulary.extend(&self.vocabulary);
        let overrides = Overrides {
            selection: Selection {
                select: self.rules.clone(),
                extend_select: self.extend.clone(),
                ignore: self.ignore.clone(),
            },
            vocabulary,
            packs: self.packs.clone(),
            skim: self.skim,
            model: model.map_err(|e| wrong(&e))?.map(Arc::new),
            learned: learned.map(|learned| Arc::new(learned.known())),
            reading: Options {
                kind: kind(&self.kind)?,
                fields: Vec::new(),
            },
            ..Overrides::default()
        };
        let choice = match &self.config {
            Some(path) if !path.exists() => {
                return Err(PyOSError::new_err(format!(
                    "there is no file {}",
                    path.display()
                )));
            }
            Some(path) => Choice::File(path.clone()),
            None => Choice::None,
        };
        Configs::new(choice, overrides)
            .and_then(|mut configs| configs.profile(Path::new(NAMELESS)))
            .map_err(|e| wrong(&e))
    }
}

/// The kind of file by its name; nothing for `auto`.
fn kind(name: &str) -> PyResult<Option<Kind>> {
    if name == "auto" {
        return Ok(None);
    }
    name.parse().map(Some).map_err(PyValueError::new_err)
}

fn severity(name: &str) -> PyResult<Severity> {
    [Severity::Info, Severity::Warning, Severity::Error]
        .into_iter()
        .find(|s| s.name() == name)
        .ok_or_else(|| {
            PyValueError::new_err(format!(
                "a level is \"info\", \"warning\" or \"error\", not \"{name}\""
            ))
        })
}

fn language(name: &str) -> PyResult<Lang> {
    let known = Lang::ALL.into_iter().find(|lang| lang.name() == name);
    known.ok_or_else(|| {
        PyValueError::new_err(format!("a language is \"en\" or \"zh\", not \"{name}\""))
    })
}

impl Engine {
    pub(crate) fn with(settings: &Settings) -> PyResult<Self> {
        let profile = settings.profile()?;
        let level = match &settings.level {
            Some(name) => severity(name)?,
            None => profile.level.unwrap_or(Severity::Warning),
        };
        let configured = || {
            profile
                .config
                .as_ref()?
                .lang
                .as_ref()
                .map(|lang| lang.value)
        };
        let lang = match &settings.lang {
            Some(name) => language(name)?,
            None => configured().unwrap_or_default(),
        };
        Ok(Self {
            profile,
            level,
            lang,
        })
    }

    /// Everything that is found in a text.
    fn all(&self, name: &str, text: &str) -> (Vec<Told>, usize) {
        let decoded = Decoded::of_text(text);
        let kind = self.profile.reading.kind_of(name, text);
        let outcome = self.profile.check_as(kind, name, &decoded, 1);
        let report = report(name, text, outcome.findings, self.lang);
        (told(&report), report.characters)
    }

    /// What is found in a text at the level of this linter.
    fn shown(&self, name: &str, text: &str) -> (Vec<Told>, usize) {
        let (mut told, characters) = self.all(name, text);
        told.retain(|f| f.severity >= self.level);
        (told, characters)
    }

    fn mended(&self, name: &str, text: &str, allowed: Allowed) -> String {
        let kind = self.profile.reading.kind_of(name, text);
        let check = |decoded: &Decoded<'_>| self.profile.check_as(kind, name, decoded, 1).findings;
        let keeps = |old: &str, new: &str| formats::same_syntax(kind, old, new);
        let mended = fix::mend(
            text.as_bytes(),
            Some(text::Encoding::Utf8),
            allowed,
            check,
            keeps,
        );
        match mended {
            Ok(mended) => String::from_utf8_lossy(&mended.bytes).into_owned(),
            // what is no text to the reader of files is left as it is
            Err(_) => text.to_owned(),
        }
    }

    pub(crate) fn rows(&self, texts: &Texts, threads: usize, only_shown: bool) -> Vec<Row> {
        in_order(texts.len(), threads, |row| {
            let text = texts.get(row)?;
            Some(match only_shown {
                true => self.shown(NAMELESS, text),
                false => self.all(NAMELESS, text),
            })
        })
    }

    /// A column of texts with fixes applied.
    pub(crate) fn mended_all(&self, texts: &Texts, threads: usize, unsafe_fixes: bool) -> Columns {
        let allowed = allowed(unsafe_fixes);
        let mended = in_order(texts.len(), threads, |row| {
            Some(self.mended(NAMELESS, texts.get(row)?, allowed))
        });
        columns::texts(mended.into_iter(), &texts.kind)
    }
}

fn allowed(unsafe_fixes: bool) -> Allowed {
    if !unsafe_fixes {
        return Allowed::SAFE;
    }
    Allowed {
        level: Severity::Warning,
        ..Allowed::ALL
    }
}

fn arguments<'py>(py: Python<'py>, told: Vec<Told>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
    told.into_iter().map(|f| f.into_arguments(py)).collect()
}

#[pymethods]
impl Engine {
    #[new]
    fn new(py: Python<'_>, settings: &str) -> PyResult<Self> {
        py.detach(|| Self::with(&Settings::read(settings)?))
    }

    #[pyo3(signature = (text, path=None))]
    fn check<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        path: Option<&str>,
    ) -> PyResult<Vec<Bound<'py, PyTuple>>> {
        let (told, _) = py.detach(|| self.shown(path.unwrap_or(NAMELESS), text));
        arguments(py, told)
    }

    /// The findings of many texts.
    fn check_all<'py>(
        &self,
        py: Python<'py>,
        texts: Vec<String>,
        threads: usize,
    ) -> PyResult<Vec<Vec<Bound<'py, PyTuple>>>> {
        let all =
            py.detach(|| in_order(texts.len(), threads, |i| self.shown(NAMELESS, &texts[i]).0));
        all.into_iter().map(|told| arguments(py, told)).collect()
    }

    fn counts(&self, py: Python<'_>, texts: Texts, threads: usize) -> PyResult<Columns> {
        py.detach(|| columns::counts(&self.rows(&texts, threads, false)))
            .map_err(refused)
    }

    fn findings(&self, py: Python<'_>, texts: Texts, threads: usize) -> PyResult<Columns> {
        py.detach(|| columns::lists(&self.rows(&texts, threads, true)))
            .map_err(refused)
    }

    fn table(&self, py: Python<'_>, texts: Texts, threads: usize) -> PyResult<Columns> {
        py.detach(|| columns::table(&self.rows(&texts, threads, true)))
            .map_err(refused)
    }

    fn fixed(&self, py: Python<'_>, texts: Texts, threads: usize, unsafe_fixes: bool) -> Columns {
        py.detach(|| self.mended_all(&texts, threads, unsafe_fixes))
    }

    #[pyo3(signature = (text, path=None, unsafe_fixes=false))]
    fn fix(&self, py: Python<'_>, text: &str, path: Option<&str>, unsafe_fixes: bool) -> String {
        py.detach(|| self.mended(path.unwrap_or(NAMELESS), text, allowed(unsafe_fixes)))
    }

    /// The score, and the interval in which it lies.
    fn score(&self, py: Python<'_>, text: &str) -> (f64, f64, f64) {
        py.detach(|| {
            let (told, characters) = self.all(NAMELESS, text);
            let damage = told.iter().map(|f| f.weight).sum();
            let (score, [low, high]) = kanwu::audit::score::score(damage, characters);
            (score, low, high)
        })
    }

    /// The outline as JSON.
    #[pyo3(signature = (text, path=None))]
    fn outline(&self, py: Python<'_>, text: &str, path: Option<&str>) -> PyResult<String> {
        let outline = py.detach(|| {
            let decoded = Decoded::of_text(text);
            let outline =
                FileOutline::new(path.unwrap_or(NAMELESS), &decoded, &self.profile.reading);
            serde_json::to_string(&outline)
        });
        outline.map_err(|e| PyValueError::new_err(e.to_string()))
    }

    /// The names of the selected rules, each with its group and what it finds.
    fn rules(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let mut cards: Vec<_> = self
            .profile
            .linter
            .cards()
            .map(|card| (card.name, card.group.name(), card.summary(self.lang)))
            .collect();
        cards.sort_unstable();
        cards
    }
}
