//! What each fuzz target does with bytes, and what must hold whatever they are. `tests/fuzzed.rs`
//! runs the same over damaged fixtures.

mod server;

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use kanwu::baseline::Baseline;
use kanwu::config::{Choice, Configs, Overrides, Profile};
use kanwu::document::Document;
use kanwu::engine::Linter;
use kanwu::fix::{Allowed, End, mend};
use kanwu::formats::{self, Kind, Options, Packing};
use kanwu::language::Lang;
use kanwu::model::Model;
use kanwu::model::container::Writer;
use kanwu::reading::Reading;
use kanwu::registry::Registry;
use kanwu::report::{Concise, FileReport, Json, Reporter, Sarif, Summary, Terminal};
use kanwu::selection::Selection;
use kanwu::text::{Encoding, Span, visible};

pub use server::server;

/// A target: a name and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 9] = [
    ("decode", decode),
    ("kinds", kinds),
    ("check", check),
    ("fix", fix),
    ("config", config),
    ("pack", pack),
    ("model", model),
    ("baseline", baseline),
    ("server", server),
];

fn all() -> Selection {
    Selection {
        select: vec!["all".into()],
        ..Selection::default()
    }
}

/// Every rule there is.
static ALL: LazyLock<Linter> =
    LazyLock::new(|| Linter::new(Registry::builtin(), &all()).expect("`all` is a selection"));

/// The same for files of any kind.
static PROFILE: LazyLock<Arc<Profile>> = LazyLock::new(|| {
    let overrides = Overrides {
        selection: all(),
        ..Overrides::default()
    };
    let mut configs = Configs::new(Choice::None, overrides).expect("no configuration");
    configs.profile(Path::new("a")).expect("no configuration")
});

/// The kinds that a file is read as: the one that it looks like, plain text with comments or
/// without, and one that its length draws.
fn kinds_of(source: &str) -> [Kind; 3] {
    let drawn = Kind::ALL[source.len() % Kind::ALL.len()];
    [Kind::of("a", source), Kind::Markdown, drawn]
}

/// Offsets of the decoded text lie in the file and never go back.
pub fn decode(bytes: &[u8]) {
    for forced in std::iter::once(None).chain(Encoding::ALL.map(Some)) {
        let Ok(decoded) = kanwu::text::decode(bytes, forced) else {
            continue;
        };
        let borders = decoded.text.char_indices().map(|(at, _)| at);
        let mut last = 0;
        for at in borders.chain([decoded.text.len()]) {
            let in_file = decoded.offsets.to_file(at);
            assert!(last <= in_file && in_file <= bytes.len());
            last = in_file;
        }
    }
}

/// Whatever a file is read as, what is read stands in it, character by character, and edits stay in
/// it.
pub fn kinds(bytes: &[u8]) {
    if let Some(packing) = Packing::of(bytes)
        && let Err(error) = packing.unpack(bytes)
    {
        assert!(!error.to_string().is_empty());
    }
    let Ok(decoded) = kanwu::text::decode(bytes, None) else {
        return;
    };
    let source = &*decoded.text;
    for kind in kinds_of(source) {
        let mut found = Vec::new();
        let malformed = formats::read(kind, &Options::default(), source, &mut |prose| {
            found.push(prose);
        });
        assert!(malformed.iter().all(|m| m.offset <= source.len()));
        for prose in found {
            for (at, c) in prose.text.char_indices() {
                let character = Span::new(at, at + c.len_utf8());
                for span in [character, Span::new(at, at)] {
                    let stands = prose.map.span(span);
                    assert!(source.get(stands.range()).is_some(), "{kind} {stands:?}");
                }
                if let Some((span, _)) = prose.edit(character, "县") {
                    assert!(source.get(span.range()).is_some(), "{kind} {span:?}");
                }
            }
            for (span, _) in &prose.hidden {
                assert!(prose.text.get(span.range()).is_some(), "{kind} {span:?}");
            }
            let invalid = prose.invalid(&decoded);
            assert!(
                invalid
                    .iter()
                    .all(|i| prose.text.get(i.span.range()).is_some())
            );
        }
        assert!(formats::same_syntax(kind, source, source));
    }
}

/// Spans lie in the text, fixes are sound, words can be shown, and every kind of report can be
/// written.
pub fn check(bytes: &[u8]) {
    let Ok(decoded) = kanwu::text::decode(bytes, None) else {
        return;
    };
    let name = "a";
    for kind in kinds_of(&decoded.text) {
        let findings = PROFILE.check_as(kind, name, &decoded, 1).findings;
        for finding in &findings {
            let labels = finding.labels.iter().map(|l| l.span);
            for span in finding.all_places().iter().copied().chain(labels) {
                assert!(decoded.text.get(span.range()).is_some(), "{finding:?}");
            }
            assert!(finding.fixes.iter().all(|f| f.is_sound(&decoded.text)));
            for lang in Lang::ALL {
                let said = finding.told(lang);
                assert_eq!(visible(&said), said);
            }
        }
        let report = FileReport::new(name, decoded.clone(), findings);
        let reporters: [Box<dyn Reporter>; 4] = [
            Box::new(Terminal::new(false, 80)),
            Box::new(Concise),
            Box::<Json>::default(),
            Box::<Sarif>::default(),
        ];
        for mut reporter in reporters {
            let mut out = Vec::new();
            reporter.file(&report, &mut out).expect("memory takes it");
            reporter
                .finish(&Summary::default(), &mut out)
                .expect("memory takes it");
        }
    }
}

/// Mending comes to an end, keeps the encoding and the file's own syntax, and has nothing left to
/// do the second time.
pub fn fix(bytes: &[u8]) {
    let Ok(decoded) = kanwu::text::decode(bytes, None) else {
        return;
    };
    let [looks, _, drawn] = kinds_of(&decoded.text);
    for (kind, allowed) in [
        (looks, Allowed::SAFE),
        (looks, Allowed::ALL),
        (drawn, Allowed::ALL),
    ] {
        let run = |bytes: &[u8]| {
            let mended = mend(
                bytes,
                None,
                allowed,
                |decoded| PROFILE.check_as(kind, "a", decoded, 1).findings,
                |old, new| formats::same_syntax(kind, old, new),
            );
            mended.map(|m| {
                let left = m.refused + m.harmful;
                (m.bytes.into_owned(), m.encoding, m.end, left)
            })
        };
        let (once, encoding, end, left) = run(bytes).expect("it was text");
        let again = kanwu::text::decode(&once, None).expect("it was text and still is");
        assert_eq!(again.encoding, encoding);
        assert!(formats::same_syntax(kind, &decoded.text, &again.text));
        // What only an unsafe fix brought up is for another run.
        if allowed == Allowed::SAFE && end == End::Settled && left == 0 {
            let (twice, ..) = run(&once).expect("it was text and still is");
            assert_eq!(twice, once);
        }
    }
}

/// Any file is a configuration, or refused with words.
pub fn config(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("kanwu.toml"), bytes).expect("a file");
    let mut configs = Configs::new(Choice::Find, Overrides::default()).expect("no choice");
    if let Err(error) = configs.profile(&folder.path().join("a.txt")) {
        assert!(!error.to_string().is_empty());
    }
}

/// Any file is a rule pack and speaks, or is refused with words.
pub fn pack(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rule.toml");
    fs::write(&path, bytes).expect("a file");
    let mut registry = Registry::builtin();
    let taken: Vec<_> = registry.cards().iter().map(|card| card.name).collect();
    match kanwu::pattern::load(&[path], &taken) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(rules) => {
            registry.add(Box::new(rules));
            let linter = Linter::new(registry, &all()).expect("`all` is a selection");
            let text = "本刊春天供稿，责编：李明。\n县县政府与发展 and 改革。\n";
            let _ = linter.check(&Document::new("a.txt", text));
        }
    }
}

/// Any file is a model and can be read with, or is refused with words; so is a whole one with bytes
/// in one of its parts replaced.
pub fn model(bytes: &[u8]) {
    use_model(bytes.to_vec());
    let Some((&[part, high, low, ..], content)) = bytes.split_at_checked(3) else {
        return;
    };
    let embedded = Model::embedded();
    let entry = embedded.parts()[usize::from(part) % embedded.parts().len()];
    let mut body = embedded.part(entry.name()).expect("listed").to_vec();
    // The first bytes are lengths and small tables: they are hit as often as all the rest.
    let share = usize::from(u16::from_be_bytes([high >> 1, low]));
    let reach = if high % 2 == 0 {
        body.len().min(256)
    } else {
        body.len()
    };
    let start = reach * share / usize::from(u16::MAX >> 1);
    for (old, new) in body[start.min(reach)..].iter_mut().zip(content) {
        *old = *new;
    }
    let mut writer = Writer::copy_of(embedded);
    writer.put(entry.name(), entry.version, body);
    use_model(writer.finish());
}

fn use_model(bytes: Vec<u8>) {
    match Model::from_bytes(bytes) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(model) => {
            let text = "我们要靠自已的力量解决问题，县县政府据此制定了方案。\n";
            let document = Document::new("a.txt", text);
            let _ = ALL.check_reading(&Reading::new(&document, &model), 1);
        }
    }
}

/// Any file is a baseline, or refused with words.
pub fn baseline(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("base.json");
    fs::write(&path, bytes).expect("a file");
    match Baseline::read(&path) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(mut baseline) => {
            let text = "各地要统筹发展 and 安全，把工作做实。\n";
            let decoded = kanwu::text::decode(text.as_bytes(), None).expect("text");
            let findings = ALL.check(&Document::of_decoded("a.txt", &decoded));
            let mut report = FileReport::new("a.txt", decoded, findings);
            baseline.filter(&mut report);
            let _ = baseline.stale();
        }
    }
}
