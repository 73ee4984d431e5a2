//! What each fuzz target does with bytes, and what must hold whatever they are. `tests/fuzzed.rs`
//! runs the same over damaged fixtures.

use std::fs;
use std::sync::LazyLock;

use kanwu::baseline::Baseline;
use kanwu::config::{Choice, Configs, Overrides};
use kanwu::document::Document;
use kanwu::engine::Linter;
use kanwu::fix::{Allowed, End, mend};
use kanwu::language::Lang;
use kanwu::model::Model;
use kanwu::reading::Reading;
use kanwu::registry::Registry;
use kanwu::report::{Concise, FileReport, Json, Reporter, Sarif, Summary, Terminal};
use kanwu::selection::Selection;
use kanwu::text::{Decoded, Encoding, visible};

/// A target: a name and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 7] = [
    ("decode", decode),
    ("check", check),
    ("fix", fix),
    ("config", config),
    ("pack", pack),
    ("model", model),
    ("baseline", baseline),
];

/// Every rule there is.
static ALL: LazyLock<Linter> = LazyLock::new(|| {
    let selection = Selection {
        select: vec!["all".into()],
        ..Selection::default()
    };
    Linter::new(Registry::builtin(), &selection).expect("`all` is a selection")
});

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

/// Spans lie in the text, fixes are sound, words can be shown, and every kind of report can be
/// written.
pub fn check(bytes: &[u8]) {
    for name in ["a.txt", "a.md"] {
        let Ok(decoded) = kanwu::text::decode(bytes, None) else {
            return;
        };
        let findings = ALL.check(&Document::of_decoded(name, &decoded));
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
        let report = FileReport::new(name, decoded, findings);
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

/// Mending comes to an end, keeps the encoding, and has nothing left to do the second time.
pub fn fix(bytes: &[u8]) {
    for allowed in [Allowed::SAFE, Allowed::ALL] {
        let run = |bytes: &[u8]| {
            let find = |decoded: &Decoded<'_>| ALL.check(&Document::of_decoded("a.txt", decoded));
            let mended = mend(bytes, None, allowed, find, |_, _| true);
            mended.map(|m| (m.bytes.into_owned(), m.encoding, m.end, m.refused))
        };
        let Ok((once, encoding, end, refused)) = run(bytes) else {
            return;
        };
        let again = kanwu::text::decode(&once, None).expect("it was text and still is");
        assert_eq!(again.encoding, encoding);
        // What only an unsafe fix brought up is for another run.
        if allowed == Allowed::SAFE && end == End::Settled && refused == 0 {
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
            let selection = Selection {
                select: vec!["all".into()],
                ..Selection::default()
            };
            let linter = Linter::new(registry, &selection).expect("`all` is a selection");
            let text = "本刊春天供稿，责编：李明。\n县县政府与发展 and 改革。\n";
            let _ = linter.check(&Document::new("a.txt", text));
        }
    }
}

/// Any file is a model and can be read with, or is refused with words.
pub fn model(bytes: &[u8]) {
    match Model::from_bytes(bytes.to_vec()) {
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
