//! Clean documents with confused characters set in, to fit the spelling on: real pairs are few, and
//! of few kinds of text.

use super::pairs::Sample;
use super::random::Random;
use super::slips::Slips;
use crate::model::Model;
use crate::text::is_han;

/// Slips a character of words; each document has one of these rates: most have few, some many.
const RATES: [f32; 4] = [1.0 / 3000.0, 1.0 / 3000.0, 1.0 / 800.0, 1.0 / 200.0];
/// Words hold about three characters in five of a text.
const IN_WORDS: f32 = 1.7;
/// Numerals and what dates are made of: which of them is right no text says.
const NUMERALS: &str = "一二三四五六七八九十百千万亿零〇两廿卅年月日";

/// Sets slips into words of a document.
pub(super) fn document(
    model: &Model,
    slips: &Slips<'_>,
    document: &str,
    random: &mut Random,
) -> Sample {
    let rate = RATES[random.below(RATES.len())] * IN_WORDS;
    let mut sample = Sample::default();
    let mut words = Vec::new();
    let (lexicon, characters) = (model.lexicon(), model.characters());
    for (number, line) in document.lines().enumerate() {
        model.segment(line, &mut words);
        let mut damaged = String::with_capacity(line.len());
        let (mut at, mut from) = (0, 0);
        for word in &words {
            let gap = &line[from..word.start as usize];
            damaged.push_str(gap);
            at += gap.chars().count();
            from = word.end as usize;
            let spelling = &line[word.start as usize..from];
            let count = usize::from(word.characters);
            let hit = random.below(1 << 20) as f32 / (1 << 20) as f32 <= rate * count as f32;
            let mut wrong = None;
            if hit && (2..5).contains(&count) && spelling.chars().all(is_han) {
                let place = random.below(count);
                wrong = confused(spelling, place, slips, random)
                    // what is corrected is what it is read as
                    .filter(|(_, right)| {
                        characters.character(characters.id(*right)) == Some(*right)
                    })
                    .filter(|(word, ..)| lexicon.find_text(characters, word).is_none());
                if let Some((_, right)) = &wrong {
                    sample.errors.insert((number, at + place), *right);
                }
            }
            damaged.push_str(wrong.as_ref().map_or(spelling, |w| w.0.as_str()));
            at += count;
        }
        damaged.push_str(&line[from..]);
        sample.paragraphs.push(damaged);
    }
    sample
}

/// A word with another character at a place, and the right one.
fn confused(
    word: &str,
    place: usize,
    slips: &Slips<'_>,
    random: &mut Random,
) -> Option<(String, char)> {
    let mut characters: Vec<char> = word.chars().collect();
    let right = characters[place];
    let wrong = slips.misread(right, random)?;
    if NUMERALS.contains(right) || NUMERALS.contains(wrong) {
        return None;
    }
    characters[place] = wrong;
    Some((characters.into_iter().collect(), right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_in_is_noted() {
        let model = Model::embedded();
        let slips = Slips::of(model).expect("a whole model");
        let mut random = Random::new(3);
        let text = "各级党委和政府要高度重视社会保障工作。\n".repeat(200);
        let mut errors = 0;
        for _ in 0..8 {
            let sample = document(model, &slips, &text, &mut random);
            for (&(paragraph, position), right) in &sample.errors {
                let written = sample.paragraphs[paragraph].chars().nth(position);
                assert!(written.is_some_and(|wrong| wrong != *right));
            }
            let lengths = sample.paragraphs.iter().map(|p| p.chars().count());
            assert!(lengths.into_iter().all(|n| n == 19));
            errors += sample.errors.len();
        }
        assert!(errors > 10, "{errors}");
    }
}
