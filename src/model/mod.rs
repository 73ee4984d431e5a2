//! The language model: how likely is this text, and how much likelier would it be otherwise?
//!
//! A model is one file, embedded in the program ([`Model::embedded`]) or given by the user
//! ([`Model::open`]), and used as it lies there: opening decodes nothing. Its parts are views over
//! the bytes, free to make and to copy:
//!
//! - [`Characters`]: text into numbers, which all the rest works on;
//! - [`Ngram`]: how likely is a character after two others;
//! - [`Lexicon`]: which words there are, how usual they are, of what kind; [`Model::segment`] cuts
//!   text into them.
//! - [`Topics`]: what a word, and so a text, is about.
//!
//! [`Model::reader`] answers the questions of the rules. Positions are character positions in a
//! slice of numbers; what lies outside the slice counts as the edge of a paragraph, so give the
//! paragraph, or a window with a few characters on either side. Logarithms are natural.

pub mod characters;
pub mod common_pairs;
pub mod confusables;
pub mod container;
mod error;
pub mod forest;
pub mod initial_words;
pub mod lexicon;
pub mod ngram;
mod packed;
pub mod phrases;
pub mod provenance;
pub mod reader;
pub mod segment;
pub mod sentence_openings;
pub mod topics;
pub mod trees;
pub mod variants;
pub mod word_partners;

use std::path::Path;
use std::sync::{LazyLock, OnceLock};

use characters::Characters;
use container::{Container, Entry, ModelError, Writer};
use forest::Forest;
use lexicon::Lexicon;
use ngram::Ngram;
use provenance::Provenance;
pub use reader::Reader;
use segment::{Segmenter, Word};
use topics::Topics;
use trees::Trees;

/// A language model.
#[derive(Debug)]
pub struct Model {
    container: Container<'static>,
    /// The parts of [`FORESTS`], laid out when they are first asked for.
    forests: [OnceLock<Option<Forest>>; FORESTS.len()],
}

/// The parts that are decision trees, and how many bytes stand before the trees.
const FORESTS: [(&str, usize); 16] = [
    ("cut-end", 0),
    ("cut-start", 0),
    ("join", 0),
    ("border", 0),
    ("place-sentence", 0),
    ("place-paragraph", 0),
    ("torn", 0),
    ("spelling", SPELLING_HEAD),
    ("missing", 0),
    ("extra", 0),
    ("garbled", 0),
    ("misquotation", 0),
    ("rewording", 0),
    ("doubling", 0),
    ("wrong-word", 0),
    ("pen-slip", 0),
];

/// Bytes before the trees of the spelling part: how often characters are wrong where they were
/// fitted.
pub(crate) const SPELLING_HEAD: usize = 16;

/// The version of the parts that `train::order` fits.
pub(crate) const ORDER_VERSION: u32 = 1;

/// Bytes from the start of a cache line on: the parts are laid out for that.
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/zh.model")));

static EMBEDDED: LazyLock<Model> = LazyLock::new(|| {
    // a test opens the same bytes and checks all of them
    let container = Container::read(&BYTES.0).expect("the embedded model has a readable table");
    Model::of(container)
});

impl Model {
    /// The model of Chinese that comes with the program. Costs nothing: its bytes are used where
    /// the program was loaded.
    pub fn embedded() -> &'static Model {
        &EMBEDDED
    }

    /// Opens a model file and checks all of it.
    ///
    /// # Errors
    /// If the file cannot be read, is no model, was written by another version, or is damaged.
    pub fn open(path: &Path) -> Result<Model, ModelError> {
        Model::of(Container::open(path)?).checked()
    }

    /// Like [`open`](Self::open), for a file in memory.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Model, ModelError> {
        let container = Container::read(bytes)?;
        container.verify()?;
        Model::of(container).checked()
    }

    fn of(container: Container<'static>) -> Model {
        Model {
            container,
            forests: [const { OnceLock::new() }; FORESTS.len()],
        }
    }

    fn checked(self) -> Result<Model, ModelError> {
        let readable = |part| {
            move || ModelError::Damaged {
                part,
                what: "its sections do not add up",
            }
        };
        let body = self
            .container
            .expect(characters::PART, characters::VERSION)?;
        let characters = Characters::parse(body).ok_or_else(readable(characters::PART))?;
        characters.check()?;
        let body = self.container.expect(ngram::PART, ngram::VERSION)?;
        Ngram::parse(body)
            .ok_or_else(readable(ngram::PART))?
            .check(characters.len())?;
        let body = self.container.expect(lexicon::PART, lexicon::VERSION)?;
        Lexicon::parse(body)
            .ok_or_else(readable(lexicon::PART))?
            .check()?;
        let body = self.container.expect(topics::PART, topics::VERSION)?;
        Topics::parse(body)
            .ok_or_else(readable(topics::PART))?
            .check()?;
        let body = self
            .container
            .expect(provenance::PART, provenance::VERSION)?;
        let history = serde_json::from_slice::<Provenance>(body);
        history.map_err(|_| ModelError::Damaged {
            part: provenance::PART,
            what: "it cannot be read",
        })?;
        Ok(self)
    }

    /// The content of a part, if the model has it. Rules with fitted weights read theirs here;
    /// check the version with [`parts`](Self::parts) if the layout may change.
    pub fn part(&self, name: &str) -> Option<&[u8]> {
        self.container.part(name)
    }

    /// The decision trees of a part, if the model has them.
    pub(crate) fn forest(&self, part: &str) -> Option<&Forest> {
        let place = FORESTS.iter().position(|(name, _)| *name == part)?;
        let bytes = || self.part(part)?.get(FORESTS[place].1..);
        let laid_out = || Forest::new(Trees::read(bytes()?).ok()?);
        self.forests[place].get_or_init(laid_out).as_ref()
    }

    /// The table of parts.
    pub fn parts(&self) -> &[Entry] {
        self.container.entries()
    }

    /// What the model was made from.
    pub fn provenance(&self) -> Provenance {
        self.part(provenance::PART)
            .and_then(|body| serde_json::from_slice(body).ok())
            .unwrap_or_default()
    }

    /// The numbering of characters.
    pub fn characters(&self) -> Characters<'_> {
        self.part(characters::PART)
            .and_then(Characters::parse)
            .expect("checked on opening")
    }

    /// The character n-grams.
    pub fn ngram(&self) -> Ngram<'_> {
        self.part(ngram::PART)
            .and_then(Ngram::parse)
            .expect("checked on opening")
    }

    /// The words.
    pub fn lexicon(&self) -> Lexicon<'_> {
        self.part(lexicon::PART)
            .and_then(Lexicon::parse)
            .expect("checked on opening")
    }

    /// The topic vectors.
    pub fn topics(&self) -> Topics<'_> {
        self.part(topics::PART)
            .and_then(Topics::parse)
            .expect("checked on opening")
    }

    /// Forms of characters, if the model has them.
    pub fn variants(&self) -> Option<variants::Variants<'_>> {
        self.part(variants::PART)
            .and_then(variants::Variants::parse)
    }

    /// Cuts a text into words, over what `words` held. See [`Segmenter::cut`].
    pub fn segment(&self, text: &str, words: &mut Vec<Word>) {
        self.segmenter().cut(text, words);
    }

    /// Cuts many texts into words.
    pub fn segmenter(&self) -> Segmenter<'_> {
        Segmenter::new(self.characters(), self.lexicon())
    }
}

impl Writer {
    /// Writes what the model was made from.
    pub fn put_provenance(&mut self, provenance: &Provenance) {
        let json =
            serde_json::to_vec_pretty(provenance).expect("plain names and numbers are valid JSON");
        self.put(provenance::PART, provenance::VERSION, json);
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_embedded_model_is_whole() {
        let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/zh.model")).to_vec();
        let opened = Model::from_bytes(bytes).expect("the embedded model is sound");
        assert_eq!(opened.parts(), Model::embedded().parts());
        let provenance = Model::embedded().provenance();
        let trained = provenance
            .steps
            .first()
            .expect("the model says how it was made");
        assert!(trained.sources.iter().any(|source| source.characters > 0));
        for part in [characters::PART, ngram::PART, lexicon::PART, topics::PART] {
            assert!(
                trained.parts.iter().any(|written| written == part),
                "{part} comes from nowhere"
            );
        }
    }

    /// A model that takes no time to damage in a thousand ways.
    fn small() -> Vec<u8> {
        crate::train::small(
            &"今天天气很好，我们去公园散步。\n明天天气也很好。\n".repeat(3),
            "今天 9 t\n天气 9 n\n公园 9 n\n",
        )
    }

    /// Asks a model everything.
    fn use_all(model: &Model) {
        let reader = model.reader();
        let mut line = characters::Line::default();
        reader
            .characters
            .read("今天天气很好，2024年ABC公园", &mut line);
        let ids = &line.ids;
        reader.log_prob(ids, 0..ids.len());
        for at in 0..ids.len() {
            reader.gain(ids, at..at + 1, &[7, 8]);
            reader.word_cover(ids, at);
            reader.word_cover_with(ids, at, 9);
            reader.word_across(ids, at);
            reader
                .ngram
                .successors(ids[at])
                .chain(reader.ngram.successors_of_two(5, ids[at]))
                .count();
        }
        reader.continuation(&ids[..3], &ids[3..]);
        let mut words = Vec::new();
        model.segment("今天天气很好，2024年ABC公园", &mut words);
        reader.lexicon.words(reader.characters);
        let topic = model.topics().text(&words);
        model.topics().nearest(&topic, 3);
    }

    #[test]
    fn truncated_models_do_not_open() {
        let file = small();
        let model = Model::from_bytes(file.clone()).expect("just trained");
        use_all(&model);
        let borders = model
            .parts()
            .iter()
            .flat_map(|part| [part.offset, part.offset + part.length]);
        for border in borders.flat_map(|border| [border.saturating_sub(1), border]) {
            if (border as usize) < file.len() {
                assert!(
                    Model::from_bytes(file[..border as usize].to_vec()).is_err(),
                    "cut at {border}"
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        /// Whoever makes a model by hand can make its checksums right as well.
        #[test]
        fn hostile_parts_are_refused_or_harmless(
            part in 0usize..4,
            position in any::<prop::sample::Index>(),
            bytes in proptest::collection::vec(any::<u8>(), 1..9),
        ) {
            let model = Model::from_bytes(small()).expect("just trained");
            let mut writer = Writer::copy_of(&model);
            let entry = model.parts()[part];
            let mut content = model.part(entry.name()).expect("listed").to_vec();
            // the first bytes are lengths and small tables: hit them as often as all the rest
            let reach = if bytes[0] % 2 == 0 { content.len().min(200) } else { content.len() };
            let start = position.index(reach);
            for (old, new) in content[start..].iter_mut().zip(bytes) {
                *old = new;
            }
            writer.put(entry.name(), entry.version, content);
            if let Ok(model) = Model::from_bytes(writer.finish()) {
                use_all(&model);
            }
        }
    }

    #[test]
    fn training_twice_gives_the_same_bytes() {
        assert_eq!(small(), small());
    }

    fn cut(text: &str) -> String {
        let mut words = Vec::new();
        Model::embedded().segment(text, &mut words);
        let slice = |word: &Word| &text[word.start as usize..word.end as usize];
        words.iter().map(slice).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn sentences_are_cut_into_words() {
        assert_eq!(
            cut("他们研究究竟如何处理土地问题。"),
            "他们|研究|究竟|如何|处理|土地|问题|。"
        );
        assert_eq!(
            cut("乒乓球拍卖完了 GDP增长5.2%"),
            "乒乓球|拍卖|完|了|GDP|增长|5|.|2|%"
        );
        assert_eq!(cut(""), "");
    }

    #[test]
    fn a_wrong_character_gains_by_its_correction() {
        let reader = Model::embedded().reader();
        let mut line = characters::Line::default();
        reader.characters.read("这是解决问题的关健所在", &mut line);
        let right = reader.characters.id('键');
        assert!(reader.gain(&line.ids, 8..9, &[right]) > 12.0);
        assert_eq!(reader.word_cover(&line.ids, 8), None);
        let word = reader
            .word_cover_with(&line.ids, 8, right)
            .expect("关键 is a word");
        assert_eq!((word.start, word.end), (7, 9));
        assert_eq!(reader.lexicon.find_text(reader.characters, "关健"), None);
    }

    #[test]
    fn a_doubled_character_gains_more_than_two_words_that_meet() {
        let reader = Model::embedded().reader();
        let gain = |text: &str, at: usize| {
            let mut line = characters::Line::default();
            reader.characters.read(text, &mut line);
            reader.gain(&line.ids, at..at + 1, &[])
        };
        let doubled = gain("这是历史的必然然趋势", 7);
        let meeting = gain("专家们研究究竟是谁先到", 5);
        assert!(doubled > meeting + 2.0, "{doubled} against {meeting}");
    }

    #[test]
    fn words_of_one_subject_are_near() {
        let (reader, topics) = (Model::embedded().reader(), Model::embedded().topics());
        let word = |word: &str| {
            let id = reader
                .lexicon
                .find_text(reader.characters, word)
                .expect("a usual word");
            topics.word(id).expect("usual words have a topic")
        };
        let near = word("呼和浩特").cosine(&word("西宁"));
        let far = word("呼和浩特").cosine(&word("期权"));
        assert!(near > 0.7 && far < 0.5, "{near} {far}");
        let nearest = topics.nearest(&word("法院"), 20);
        let names = reader.lexicon.words(reader.characters);
        assert!(
            nearest
                .iter()
                .any(|&(word, _)| names[word as usize] == "判决")
        );
    }

    #[test]
    fn what_belongs_together_continues() {
        let reader = Model::embedded().reader();
        let ids = |text: &str| {
            let mut line = characters::Line::default();
            reader.characters.read(text, &mut line);
            line.ids
        };
        assert!(reader.continuation(&ids("他昨天从上"), &ids("海出发")) > 4.0);
        assert!(reader.continuation(&ids("他昨天从上"), &ids("的问题")) < 0.0);
        assert!(reader.opening(&ids("记者从会上获悉")) > 0.0);
        assert!(reader.opening(&ids("的时候到了")) < -2.0);
        assert!(reader.ending(&ids("已经结束。")) > reader.ending(&ids("已经结束")) + 2.0);
    }
}
