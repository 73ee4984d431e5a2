//! What is counted: characters, n-grams, words, topics.

use std::collections::BTreeMap;

use super::corpus::{Corpus, Text};
use super::recipe::Stage;
use super::texts::Texts;
use super::word_lists::WordLists;
use super::{TrainError, counts, smoothing, topics, vocabulary, words};
use crate::model::characters::{self, BOUNDARY, CharId};
use crate::model::container::Writer;
use crate::model::lexicon::{self, Lexicon};
use crate::model::ngram::{self, Ngram};
use crate::model::topics as vectors;
use crate::model::variants::{self, Variants};
use crate::said;

/// Counts the text into a model of its own. `forms` is the part `variants`. Returns what was
/// measured on the text held out, by register.
pub(super) fn fit(
    texts: &[&Texts],
    lists: &WordLists,
    forms: Vec<u8>,
    stage: &Stage,
    threads: usize,
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, BTreeMap<String, f64>), TrainError> {
    let variants = Variants::parse(&forms).ok_or(TrainError::Lost("variants"))?;
    let mut text = gather(variants, texts.iter().flat_map(|t| &t.counted));
    if text.codes.is_empty() {
        return Err(TrainError::Empty);
    }
    tell(&said!("numbering characters"; "为字符编号"));
    let least = stage.option("least") as u32;
    let of_words = lists
        .kinds
        .keys()
        .filter(|word| word.chars().nth(1).is_some())
        .flat_map(|word| word.chars());
    let mut chars = vocabulary::choose(&text, of_words, u64::from(least));
    chars.truncate(stage.option("characters"));
    vocabulary::number(&mut text, &chars);
    let characters = characters::encode(&chars, |form| variants.read_as(form));

    tell(&said!("counting characters"; "统计字符"));
    let known = chars.len() + usize::from(characters::FIRST);
    let counts = counts::count(&text, known, least, threads);
    tell(&said!("smoothing"; "平滑"));
    let size = smoothing::Size {
        bigrams: stage.option("bigrams"),
        trigrams: stage.option("trigrams"),
    };
    let ngram = smoothing::estimate(&counts, size).encode();
    drop(counts);

    tell(&said!("counting words"; "统计词语"));
    let words = words::choose(&text, lists, &chars, stage.option("words"), threads);
    let lexicon = words.encode();
    let view = Lexicon::parse(&lexicon).ok_or(TrainError::Lost(lexicon::PART))?;
    let with_topic = words.compounds().min(stage.option("topics"));
    tell(&said!("finding topics"; "寻找主题"));
    if texts.iter().any(|t| t.topics.is_some()) {
        text = gather(variants, texts.iter().flat_map(|t| of_topics(t)));
        vocabulary::number(&mut text, &chars);
    }
    let topics = topics::vectors(&text, view, with_topic, threads, &mut |_, _, _| {});
    let topics = vectors::encode(&topics);

    let mut measured = BTreeMap::new();
    for register in texts {
        let mut unseen = gather(variants, register.measured.iter());
        if !unseen.codes.is_empty() {
            vocabulary::number(&mut unseen, &chars);
            let name = format!("perplexity.{}", register.name);
            measured.insert(name, perplexity(&ngram, &unseen)?);
        }
    }
    let mut writer = Writer::new();
    writer.put(characters::PART, characters::VERSION, characters);
    writer.put(ngram::PART, ngram::VERSION, ngram);
    writer.put(lexicon::PART, lexicon::VERSION, lexicon);
    writer.put(vectors::PART, vectors::VERSION, topics);
    writer.put(variants::PART, variants::VERSION, forms);
    Ok((writer, measured))
}

/// The paragraphs of documents as codes.
fn gather<'d>(variants: Variants<'_>, documents: impl Iterator<Item = &'d String>) -> Text {
    let mut corpus = Corpus::new(variants);
    for paragraph in documents.flat_map(|d| d.lines()) {
        corpus.add(paragraph);
    }
    corpus.text
}

/// The documents of a register that topics are found in.
fn of_topics(texts: &Texts) -> impl Iterator<Item = &String> {
    let mut left = texts.topics.unwrap_or(usize::MAX);
    texts.counted.iter().take_while(move |document| {
        let within = left > 0;
        left = left.saturating_sub(document.chars().count());
        within
    })
}

/// The perplexity a character of a numbered text, the ends of paragraphs included.
fn perplexity(ngram: &[u8], text: &Text) -> Result<f64, TrainError> {
    let ngram = Ngram::parse(ngram).ok_or(TrainError::Lost(ngram::PART))?;
    let mut sum = 0.0;
    let mut context = ngram.start();
    for &code in &text.codes {
        let (log_prob, next) = ngram.step(context, CharId::from(code));
        sum += f64::from(log_prob);
        context = if code == BOUNDARY {
            ngram.start()
        } else {
            next
        };
    }
    Ok((-sum / text.codes.len() as f64).exp())
}

/// A small model of some text, for tests of models.
#[cfg(test)]
pub(crate) fn small(text: &str, words: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let list = folder.path().join("words.txt");
    std::fs::write(&list, words).expect("writable");
    let lists = WordLists::read(&[list], &[]).expect("readable");
    let texts = Texts {
        counted: vec![text.to_owned()],
        ..Texts::default()
    };
    let mut recipe = super::recipe::Recipe::standard().expect("a sound recipe");
    let stage = &mut recipe.stage[0];
    stage.options.insert("least".to_owned(), 1);
    let forms = crate::model::variants::encode(&[], &[]);
    let mut made = fit(&[&texts], &lists, forms, stage, 2, &mut |_| {}).expect("countable");
    made.0
        .put_provenance(&crate::model::provenance::Provenance::default());
    made.0.finish()
}
