//! Models made of little text: they answer as the embedded one does, and damaged ones are refused
//! or harmless.

use proptest::prelude::*;

use crate::model::container::Writer;
use crate::model::segment::Word;
use crate::model::*;

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
