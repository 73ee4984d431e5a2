//! The kinds of damage, one function each, and the making of a whole set of pages.
//!
//! An injector picks a random undamaged place that fits, changes the text and records where the
//! damage is. It knows how damage looks, never how it is found.

mod characters;
mod enumeration;
mod order;
mod punctuation;
mod radicals;
mod repetition;
mod residue;
mod spelling;
mod structure;

use crate::base::Article;
use crate::confusion::{Confusions, Origin};
use crate::han::Words;
use crate::page::{Page, Row, Style};
use crate::random::Random;
use structure::Seam;

/// What injectors draw from besides the page.
pub struct Sources<'a> {
    /// Articles that are on no page; pieces of them are foreign everywhere.
    pub foreign: &'a [Article],
    pub words: &'a Words,
    pub confusions: &'a Confusions,
}

/// `None` where the page has no place that fits.
type Inject = fn(&mut Page, &Sources, &mut Random) -> Option<()>;

/// Every kind of damage that leaves the rest of the page as it is.
const KINDS: &[(&str, Inject)] = &[
    ("stray-latin", spelling::stray_latin),
    ("doubled-character", repetition::doubled_character),
    ("doubled-word", repetition::doubled_word),
    ("repeated-phrase", repetition::repeated_phrase),
    ("duplicate-paragraph/exact", repetition::duplicate_exact),
    ("duplicate-paragraph/near", repetition::duplicate_near),
    (
        "duplicate-paragraph/head",
        repetition::duplicate_without_head,
    ),
    (
        "duplicate-paragraph/tail",
        repetition::duplicate_without_tail,
    ),
    ("duplicate-line", repetition::duplicate_line),
    ("broken-paragraph/word", |page, sources, random| {
        structure::broken(page, sources, random, Seam::InWord)
    }),
    ("broken-paragraph/phrase", |page, sources, random| {
        structure::broken(page, sources, random, Seam::BetweenWords)
    }),
    ("broken-paragraph/clause", |page, sources, random| {
        structure::broken(page, sources, random, Seam::AfterComma)
    }),
    ("truncated-start/word", |page, sources, random| {
        structure::truncated_start(page, sources, random, Seam::InWord)
    }),
    ("truncated-start/phrase", |page, sources, random| {
        structure::truncated_start(page, sources, random, Seam::BetweenWords)
    }),
    ("truncated-end", structure::truncated_end),
    ("misordered-block", structure::misordered_block),
    ("out-of-place-sentence/sibling", order::sentence_of_sibling),
    ("out-of-place-sentence/foreign", order::foreign_sentence),
    (
        "out-of-place-paragraph/sibling",
        order::paragraph_of_sibling,
    ),
    ("out-of-place-paragraph/foreign", order::foreign_paragraph),
    (
        "out-of-place-paragraph/torn sibling",
        order::torn_from_sibling,
    ),
    (
        "out-of-place-paragraph/torn foreign",
        order::torn_from_elsewhere,
    ),
    (
        "out-of-place-paragraph/torn subject",
        order::torn_from_subject,
    ),
    ("misplaced-heading", order::misplaced_heading),
    ("missing-heading", order::missing_heading),
    ("broken-enumeration/inline", enumeration::inline),
    ("broken-enumeration/paragraphs", enumeration::paragraphs),
    ("unbalanced-pair/open", punctuation::closing_alone),
    ("unbalanced-pair/close", punctuation::opening_alone),
    ("halfwidth-punctuation", punctuation::single_half_width),
    ("repeated-punctuation", punctuation::repeated),
    ("stray-space", punctuation::stray_space),
    ("page-furniture/line", residue::furniture_line),
    ("page-furniture/inline", residue::furniture_inline),
    ("markup-residue", residue::markup),
    ("replacement-character", characters::replacement),
    ("invisible-character", characters::invisible),
    ("private-use-character", characters::private_use),
    ("compatibility-character", characters::compatibility),
    ("mojibake/latin", characters::utf8_as_latin),
    ("mojibake/gbk", characters::utf8_as_gbk),
    ("mojibake/kun", characters::kun_jin_kao),
    ("confused-character/counted", |page, sources, random| {
        spelling::confused(page, sources, random, Origin::Counted)
    }),
    ("confused-character/shape", |page, sources, random| {
        spelling::confused(page, sources, random, Origin::Shape)
    }),
    ("confused-character/sound", |page, sources, random| {
        spelling::confused(page, sources, random, Origin::Sound)
    }),
    ("dropped-character", spelling::dropped_character),
    ("extra-character", spelling::extra_character),
    ("garbled-text", spelling::garbled_text),
    ("misquoted-phrase", spelling::misquoted_phrase),
];

/// One document, with and without its damage.
pub struct Document {
    pub file: String,
    pub damaged: String,
    pub clean: String,
    pub rows: Vec<Row>,
}

/// Makes `count` pages. The kinds take turns, so that each is injected about as often as any other
/// that finds a place.
pub fn pages(
    base: &[Article],
    words: &Words,
    confusions: &Confusions,
    count: usize,
    seed: u64,
) -> Vec<Document> {
    // One article in four is kept off the pages.
    let (on_page, foreign): (Vec<&Article>, Vec<Article>) = {
        let mut on_page = Vec::new();
        let mut foreign = Vec::new();
        for (i, article) in base.iter().enumerate() {
            if i % 4 == 3 {
                foreign.push(article.clone())
            } else {
                on_page.push(article)
            }
        }
        (on_page, foreign)
    };
    let sources = Sources {
        foreign: &foreign,
        words,
        confusions,
    };
    let mut order: Vec<usize> = (0..on_page.len()).collect();
    let mut shuffler = Random::new(seed);
    shuffler.shuffle(&mut order);
    let mut next_article = order.iter().cycle().map(|&i| on_page[i]);
    let mut waiting: Vec<usize> = Vec::new();
    let mut documents = Vec::new();
    for number in 0..count {
        let mut random = Random::of_page(seed, number);
        let articles: Vec<&Article> = next_article.by_ref().take(3).collect();
        let style = Style::any(&mut random);
        let file = format!("{number:05}.txt");
        let clean = Page::compose(&articles, style, &mut Random::of_page(seed ^ 1, number))
            .render(&file)
            .0;
        let mut page = Page::compose(&articles, style, &mut Random::of_page(seed ^ 1, number));
        if number % 24 == 11 {
            structure::lose_line_breaks(&mut page);
        } else if number % 24 == 23 {
            repetition::inject_phrase(&mut page, &mut random);
        } else {
            let mut wanted = random.between(5, 9);
            let mut tries = 0;
            while wanted > 0 && tries < 24 {
                if waiting.is_empty() {
                    waiting = (0..KINDS.len()).collect();
                    random.shuffle(&mut waiting);
                }
                // A kind that finds no place here waits for the next page.
                let at = tries.min(waiting.len() - 1);
                let (kind, inject) = KINDS[waiting[at]];
                if inject(&mut page, &sources, &mut random).is_some() {
                    waiting.remove(at);
                    wanted -= 1;
                    let made = page.marks.len();
                    debug_assert!(made > 0, "{kind} left no row");
                    tries = 0;
                } else {
                    tries += 1;
                    if at + 1 == waiting.len() {
                        break;
                    }
                }
            }
        }
        let (damaged, rows) = page.render(&file);
        documents.push(Document {
            file,
            damaged,
            clean,
            rows,
        });
    }
    documents
}
