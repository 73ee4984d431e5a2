//! Where in a collection that belongs what stands in the wrong document, and which document has the
//! rest of a sentence that is cut.
//!
//! What is [asked](asks) comes out of the check of each document. A question is known again by its
//! rare words: those of a stretch that its own document has nowhere else, or those around a cut.
//! One pass over the collection looks for these alone; of the documents that have most of them the
//! best are weighed on the text.

mod ask;
mod half;
mod home;
mod seam;
mod search;
mod terms;
mod weigh;

use std::ops::Range;

pub use ask::{Ask, Question, asks};

use super::{Collection, each};
use crate::text::Span;
use search::{Postings, search};
use weigh::Weighing;

/// Terms that are looked for at a time.
const BLOCK: usize = 300_000;
/// Words that are named of those by which an answer is known.
const WORDS: usize = 3;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// The document that was asked about.
    pub document: usize,
    /// Which of the questions about it.
    pub ask: usize,
    /// What was asked, and about which stretch.
    pub question: Question,
    /// The stretch that was asked about, in bytes of what there is to read.
    pub stretch: [usize; 2],
    /// The other document.
    pub other: usize,
    /// Where in the other: the paragraph that is nearest in its words; the beginning or the end
    /// that the cut one goes on at.
    pub span: Span,
    /// The line of that, from 1.
    pub line: usize,
    /// The probability that this is so.
    pub probability: f32,
    /// Whether a paragraph at the end of a document goes on at the top of the next one of its
    /// source.
    pub turns_page: bool,
    /// The words by which it is known.
    pub words: Vec<String>,
}

/// Answers questions about documents, which come in the order of the documents. What is answered
/// does not depend on the threads. `progress` is told of each document that is read, with its
/// bytes.
#[must_use]
pub fn find(
    collection: &dyn Collection,
    asks: &[(usize, Vec<Ask>)],
    threads: usize,
    progress: &(dyn Fn(usize) + Sync),
) -> Vec<Home> {
    let mut homes = Vec::new();
    let mut from = 0;
    while from < asks.len() {
        let (to, terms) = terms_of(collection, asks, from, threads);
        let postings = search(collection, &terms, threads, progress);
        homes.extend(answer(collection, &asks[from..to], &postings, threads));
        from = to;
    }
    weigh::settle(homes)
}

/// The terms of as many questions as are looked for at a time, from one document on, and the
/// document after the last.
fn terms_of(
    collection: &dyn Collection,
    asks: &[(usize, Vec<Ask>)],
    from: usize,
    threads: usize,
) -> (usize, Vec<u64>) {
    const STEP: usize = 4_096;
    let mut all: Vec<u64> = Vec::new();
    let mut to = from;
    while to < asks.len() && all.len() < BLOCK {
        let step: Range<usize> = to..asks.len().min(to + STEP);
        let begin = || (Vec::new(), Weighing::new(collection), Vec::new());
        let work = |i: usize, (buffer, weighing, found): &mut (Vec<u8>, Weighing<'_>, Vec<u64>)| {
            let (document, asks) = &asks[step.start + i];
            weighing.read_as(*document);
            collection.read(*document, buffer, &mut |text| {
                for ask in asks {
                    weighing.terms(text, ask, found);
                }
            });
        };
        for (_, _, found) in each(step.len(), threads, begin, work) {
            all.extend(found);
        }
        all.sort_unstable();
        all.dedup();
        to = step.end;
    }
    (to, all)
}

fn answer(
    collection: &dyn Collection,
    asks: &[(usize, Vec<Ask>)],
    postings: &Postings,
    threads: usize,
) -> Vec<Home> {
    let begin = || (Vec::new(), Weighing::new(collection), Vec::new());
    let work = |i: usize, (buffer, weighing, found): &mut (Vec<u8>, Weighing<'_>, Vec<Home>)| {
        let (document, asks) = &asks[i];
        weighing.read_as(*document);
        collection.read(*document, buffer, &mut |text| {
            for (number, ask) in asks.iter().enumerate() {
                weighing.weigh(text, (*document, number), ask, postings, found);
            }
        });
    };
    let found = each(asks.len(), threads, begin, work);
    found.into_iter().flat_map(|(_, _, found)| found).collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Ask, Home, Question, find};
    use crate::corpus::Collection;
    use crate::model::Model;
    use crate::model::container::Writer;

    struct Texts(Vec<String>, [String; 1], Option<Model>);

    impl Collection for Texts {
        fn len(&self) -> usize {
            self.0.len()
        }

        fn text(&self, document: usize) -> Option<Cow<'_, str>> {
            self.0
                .get(document)
                .map(|text| Cow::Borrowed(text.as_str()))
        }

        fn source(&self, _: usize) -> usize {
            0
        }

        fn sources(&self) -> &[String] {
            &self.1
        }

        fn bytes(&self) -> u64 {
            self.0.iter().map(|text| text.len() as u64).sum()
        }

        fn model(&self, _: usize) -> &Model {
            self.2.as_ref().unwrap_or_else(|| Model::embedded())
        }
    }

    const ORCHARD: &str = "县里的桃园今年丰收，果农老周种了三十年桃树。\n合作社给果农送去桃树苗，\
技术员手把手教大家修剪枝条。\n秋天桃子上市，批发商的卡车开到了桃园门口。";
    const STRAY: &str = "船上的潜水器下潜到四千米，采到了管状蠕虫和多金属结核。";
    const CRUISE: &str = "科考船昨天驶入海沟，开始本航次的第三次作业。\n潜水器的机械手夹住了多金属结核，\
甲板上的人都鼓起掌来。\n管状蠕虫装进了保温箱，科学家们说，这次采到的多金属结核和管状蠕虫，足够实验室研究三";
    const NEXT: &str = "年，潜水器带回的管状蠕虫里有几种可能从未被记录过。\n多金属结核则要送到岸上去，\
由海洋研究所的实验室切片。";

    fn answers(texts: &[&str], threads: usize) -> Vec<Home> {
        answers_with(None, texts, threads)
    }

    fn answers_with(model: Option<Model>, texts: &[&str], threads: usize) -> Vec<Home> {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        let collection = Texts(texts, [".".to_owned()], model);
        let asks: Vec<(usize, Vec<Ask>)> = (0..collection.len())
            .map(|document| {
                let text = &collection.0[document];
                let ask = |question, start: usize, end: usize| Ask {
                    question,
                    span: [start, end],
                    whole: true,
                    log_odds: 1.0,
                };
                let mut asks = Vec::new();
                if let Some(start) = text.find(STRAY) {
                    asks.push(ask(Question::Home, start, start + STRAY.len()));
                }
                if text.ends_with('三') {
                    let start = text.rfind('\n').map_or(0, |end| end + 1);
                    asks.push(ask(Question::Rest, start, text.len()));
                }
                (document, asks)
            })
            .filter(|(_, asks)| !asks.is_empty())
            .collect();
        find(&collection, &asks, threads, &|_| {})
    }

    #[test]
    fn a_stretch_is_told_the_article_that_has_its_words() {
        let orchard = ORCHARD.replacen('\n', &format!("\n{STRAY}\n"), 1);
        let found = answers(&[&orchard, "一篇别的文章。", CRUISE], 1);
        let home = found.iter().find(|home| home.question == Question::Home);
        let home = home.expect("a home");
        assert_eq!((home.document, home.other), (0, 2));
        assert!(
            home.words.iter().any(|word| word.contains("蠕虫")),
            "{home:?}"
        );
        // where it stands there too it is a copy
        let copied = CRUISE.replacen('\n', &format!("\n{STRAY}\n"), 1);
        let found = answers(&[&orchard, "一篇别的文章。", &copied], 1);
        assert!(found.iter().all(|home| home.question != Question::Home));
        // and where two articles have its words alike, neither is told
        let other = CRUISE
            .replace("昨天", "上周")
            .replace("足够实验室研究三", "都很珍贵。");
        let found = answers(&[&orchard, CRUISE, &other], 1);
        assert!(found.iter().all(|home| home.question != Question::Home));
    }

    /// The embedded model, but for the directions of its topics.
    fn without_topics() -> Model {
        let (whole, mut model) = (Model::embedded(), Writer::new());
        for entry in whole.parts() {
            let mut content = whole.part(entry.name()).expect("there").to_vec();
            if entry.name() == "topics" {
                let half = content.len() / 2;
                content[half..].fill(0);
            }
            model.put(entry.name(), entry.version, content);
        }
        Model::from_bytes(model.finish()).expect("sound")
    }

    #[test]
    fn the_model_is_that_of_the_collection() {
        let pages = [ORCHARD, CRUISE, NEXT];
        let [home] = &answers(&pages, 1)[..] else {
            panic!("one");
        };
        let [other] = &answers_with(Some(without_topics()), &pages, 1)[..] else {
            panic!("one");
        };
        assert_eq!((home.other, home.span), (other.other, other.span));
        assert!(other.probability < home.probability);
    }

    #[test]
    fn a_cut_sentence_goes_on_in_the_next_page() {
        let pages = [ORCHARD, CRUISE, NEXT];
        let found = answers(&pages, 1);
        let [home] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((home.document, home.other, home.line), (1, 2, 1));
        assert!(home.turns_page);
        assert_eq!(found, answers(&pages, 2));
        // in a text about something else it does not
        assert_eq!(
            answers(&[NEXT, CRUISE, ORCHARD], 1)
                .iter()
                .filter(|h| h.other == 2)
                .count(),
            0
        );
    }
}
