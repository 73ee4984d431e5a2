//! The fixes of every rule, on its examples and its fixtures.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use kanwu::document::Document;
use kanwu::engine::Linter;
use kanwu::finding::Safety;
use kanwu::fix::{Allowed, End, mend};
use kanwu::registry::Registry;
use kanwu::rule::{Card, Group};
use kanwu::selection::Selection;

/// The texts in which a rule speaks, by name.
fn texts(card: &Card) -> Vec<(String, Vec<u8>)> {
    let examples = card
        .bad
        .iter()
        .map(|t| ("example.txt".to_owned(), kanwu::explain::example_bytes(t)));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(card.group.name())
        .join(card.name);
    let files = fs::read_dir(folder).into_iter().flatten().map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read(path).unwrap())
    });
    examples
        .chain(files.filter(|(name, _)| !name.starts_with("expected.")))
        .collect()
}

/// The cards of rules that a document by itself sets off; those of the group `corpus` are tested in
/// `audit.rs`.
fn of_one_document() -> Vec<&'static Card> {
    let mut cards = Registry::builtin().cards();
    cards.retain(|card| card.group != Group::Corpus);
    cards
}

#[test]
fn fixes_settle_and_leave_nothing_to_fix() {
    let mut wrong = String::new();
    for card in of_one_document() {
        let selection = Selection {
            select: vec![card.name.to_owned()],
            ..Selection::default()
        };
        let linter = Linter::new(Registry::builtin(), &selection).unwrap();
        let mut any = false;
        for (name, bytes) in texts(card) {
            let once = mend(
                &bytes,
                None,
                Allowed::ALL,
                |d| linter.check(&Document::of_decoded(&name, d)),
                |_, _| true,
            );
            let Ok(once) = once else { continue };
            any |= once.applied > 0;
            if once.end != End::Settled || once.refused > 0 {
                writeln!(
                    wrong,
                    "{}: fixes of {name} do not settle ({} applied, {} refused)",
                    card.name, once.applied, once.refused
                )
                .unwrap();
                continue;
            }
            // The fix did its work: what it was offered for is not found again, so nothing is left
            // to apply.
            let twice = mend(
                &once.bytes,
                Some(once.encoding),
                Allowed::ALL,
                |d| linter.check(&Document::of_decoded(&name, d)),
                |_, _| true,
            )
            .unwrap();
            if twice.applied > 0 || twice.bytes != once.bytes {
                writeln!(
                    wrong,
                    "{}: {name} changes again when mended twice",
                    card.name
                )
                .unwrap();
            }
        }
        if any != card.fix.is_some() {
            writeln!(
                wrong,
                "{}: the card says fix {:?}, and a fix was {}applied to its texts",
                card.name,
                card.fix,
                if any { "" } else { "not " }
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn fixes_are_as_safe_as_the_card_says() {
    for card in of_one_document() {
        let selection = Selection {
            select: vec![card.name.to_owned()],
            ..Selection::default()
        };
        let linter = Linter::new(Registry::builtin(), &selection).unwrap();
        for (name, bytes) in texts(card) {
            let Ok(decoded) = kanwu::text::decode(&bytes, None) else {
                continue;
            };
            for finding in linter.check(&Document::of_decoded(&name, &decoded)) {
                for fix in &finding.fixes {
                    assert!(
                        fix.safety == Safety::Unsafe || card.fix == Some(Safety::Safe),
                        "{}: a safe fix in {name}, but the card says {:?}",
                        card.name,
                        card.fix
                    );
                }
            }
        }
    }
}
