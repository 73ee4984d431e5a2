//! The wrong words that every editor knows: each is found in a sentence that is a document of its
//! own.

use std::fs;
use std::path::Path;

use kanwu::document::Document;
use kanwu::engine::Linter;
use kanwu::finding::Severity;

/// Of a hundred, so many must be found as warnings or errors.
const FLOOR: usize = 95;

/// The sentences, and where in each the wrong word stands, in bytes.
fn sentences() -> Vec<(String, Vec<(usize, usize)>)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known_wrong_words.txt");
    let text = fs::read_to_string(file).expect("the list of sentences");
    let marked = |line: &str| {
        let (mut sentence, mut words) = (String::new(), Vec::new());
        for (number, part) in line.split('|').enumerate() {
            if number % 2 == 1 {
                words.push((sentence.len(), sentence.len() + part.len()));
            }
            sentence.push_str(part);
        }
        (sentence, words)
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(marked).collect()
}

/// The words of a sentence that no warning and no error touches.
fn missed(linter: &Linter, sentence: &str, words: &[(usize, usize)]) -> Vec<String> {
    let document = Document::new("a.txt", sentence);
    let found = linter.check(&document);
    let is_missed = |(start, end): &&(usize, usize)| {
        !found.iter().any(|f| {
            f.severity >= Severity::Warning && f.span.start() < *end && f.span.end() > *start
        })
    };
    let missed = words.iter().filter(is_missed);
    missed
        .map(|(start, end)| sentence[*start..*end].to_owned())
        .collect()
}

#[test]
fn known_wrong_words_are_found_in_single_sentences() {
    let linter = Linter::standard();
    let sentences = sentences();
    let count: usize = sentences.iter().map(|(_, words)| words.len()).sum();
    let missed: Vec<String> = sentences
        .iter()
        .flat_map(|(sentence, words)| missed(&linter, sentence, words))
        .collect();
    assert!(count >= 200, "{count}");
    assert!(
        missed.len() * 100 <= count * (100 - FLOOR),
        "{} of {count} are not found: {missed:?}",
        missed.len()
    );
}

#[test]
fn a_slip_that_comes_again_is_as_certain_as_the_first() {
    let linter = Linter::standard();
    for wrong in ["关健", "脉博", "自已", "迫不急待"] {
        let text = format!("这是他说的{wrong}。\n\n后来又有人写了{wrong}，第三次还是{wrong}。\n");
        let found = linter.check(&Document::new("a.txt", &text));
        let places: usize = found
            .iter()
            .filter(|f| f.card.name == "known-wrong-word" && f.severity >= Severity::Warning)
            .map(|f| f.all_places().len())
            .sum();
        assert_eq!(places, 3, "{wrong}");
    }
}
