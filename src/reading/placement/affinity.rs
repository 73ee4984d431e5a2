//! What stands in the wrong article: sentences and paragraphs weighed against their own article and
//! the others of the document.
//!
//! The evidence is counted over words and topics; the trees of the model weigh it. No piece is any
//! good alone, see the table of names.

use std::cell::RefCell;

use crate::model::forest::Forest;
use crate::model::topics::Topic;
use crate::reading::evidence::evidence;
use crate::text::Span;

use super::sentence_topics::{Content, Number, RARE, RecentTopics, SentenceTopic, Spelling, Term};
use super::term_counts::Tally;
use crate::document::{Paragraph, ParagraphKind};
use crate::reading::Reading;
use crate::reading::{Article, Sentence};

evidence! {
    /// Why a sentence, or a paragraph, may stand in the wrong article.
    pub(crate) struct Place {
        own_share = "own-share": "the share of its words that its article has, too", "其词在本篇也有的比例";
        own_rare_share = "own-rare-share": "the share of its rare words that its article has, too", "其少见词在本篇也有的比例";
        own_rare_alone = "own-rare-alone": "the share of its rare words that it has alone in its article", "本篇只有它才有的少见词的比例";
        own_topic = "own-topic": "how near it is to its article in topic", "与本篇主题的接近程度";
        near_topic = "near-topic": "how near it is in topic to the sentences around it", "与上下文主题的接近程度";
        nearest = "nearest": "how near the nearest sentence of its article is", "与本篇最近一句的接近程度";
        nearest_three = "nearest-three": "how near the three nearest sentences of its article are", "与本篇最近三句的接近程度";
        before = "before": "how near the sentence before it is", "与前一句的接近程度";
        after = "after": "how near the sentence after it is", "与后一句的接近程度";
        around = "around": "how near the sentences on both sides are to each other", "前后两句彼此的接近程度";
        terms = "terms": "how many telling words it has", "其中有分量的词数";
        article_length = "article-length": "how many sentences its article has", "本篇的句数";
        vector = "vector": "how plain its topic is", "其主题的明确程度";
        other_share = "other-share": "the share of its words that the nearest other article has", "其词在最近的另一篇也有的比例";
        other_rare_share = "other-rare-share": "the share of its rare words that the nearest other article has", "其少见词在最近的另一篇也有的比例";
        other_topic = "other-topic": "how near it is to the nearest other article in topic", "与最近的另一篇主题的接近程度";
        lead_share = "lead-share": "by how much more of its words the other article has than its own", "另一篇共有的词比本篇多多少";
        lead_rare = "lead-rare": "by how much more of its rare words the other article has than its own", "另一篇共有的少见词比本篇多多少";
        lead_topic = "lead-topic": "by how much nearer the other article is in topic than its own", "另一篇的主题比本篇近多少";
        first = "first": "whether it begins its paragraph", "是否段首";
        last = "last": "whether it ends its paragraph", "是否段末";
        first_paragraph = "first-paragraph": "whether nothing stands before it in its article", "是否本篇开头";
        last_paragraph = "last-paragraph": "whether nothing stands after it in its article", "是否本篇结尾";
        paragraph_sentences = "paragraph-sentences": "how many sentences its paragraph has", "所在段落的句数";
        rest_of_paragraph = "rest-of-paragraph": "how near it is in topic to the rest of its paragraph", "与本段其余部分主题的接近程度";
        articles = "articles": "how many articles the document has", "文档的篇数";
        quoted = "quoted": "whether it stands between quotation marks", "是否在引号中";
        outer_topic = "outer-topic": "how near it is in topic to the paragraphs around it", "与相邻各段主题的接近程度";
        outer_share = "outer-share": "how plain the topic of the paragraphs around it is", "相邻各段主题的明确程度";
        names_there = "names-there": "how often the other article has a name that stands here, and this article never", "此处的名称在另一篇文章中出现的次数，而本文没有";
        words_there = "words-there": "what the words tell that only the other article has", "只有另一篇文章才有的词语的分量";
        names_here = "names-here": "names that the rest of this article has too", "本文别处也有的名称";
        words_here = "words-here": "what the words tell that the rest of this article has", "本文别处也有的词语的分量";
        headline_there = "headline-there": "words of the other article's headline", "另一篇文章标题中的词语";
        headline_here = "headline-here": "words of this article's headline", "本文标题中的词语";
    }
}
/// The parts of the model that hold the trees: for sentences, for paragraphs.
pub(crate) const PARTS: [&str; 2] = ["place-sentence", "place-paragraph"];

/// Sentences this far away are compared with a sentence one by one.
const NEAR: usize = 14;
/// Sentences of the own paragraph that a sentence is compared with, on either side: as many as
/// nearly all paragraphs have.
const BESIDE: usize = 48;
/// Articles this far away are candidates for a home.
const FAR: usize = 8;
/// A sentence with fewer terms says too little.
const FEWEST: usize = 5;

/// What the first trees must say against a unit for the others not to be asked, in nats.
pub(crate) const PLAIN: f32 = 0.3;
/// The log-odds of what those first trees let pass.
const PLAINLY_IN_PLACE: f32 = -6.0;

/// The counted words and topics of a document's articles.
pub(crate) struct Belonging<'d, 'a> {
    pub(super) document: &'d Reading<'a>,
    pub(super) content: Content<'d>,
    recent: RefCell<RecentTopics>,
    pub(super) tally: Tally<'d>,
    topics: Vec<Topic>,
    /// The lengths of the topics of the articles.
    norms: Vec<f32>,
    /// How many sentences each article has.
    pub(crate) lengths: Vec<usize>,
}

/// A stretch of sentences of one article.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    pub(crate) first: usize,
    pub(crate) last: usize,
}

/// What stands around a unit.
struct Neighbours {
    /// How near the nearest sentence is, and the three nearest on average.
    nearest: f32,
    three: f32,
    /// What the sentences right around it are about.
    around: Topic,
    /// What the article is about without those near by.
    outer: Topic,
}

impl<'d, 'a> Belonging<'d, 'a> {
    pub(crate) fn new(document: &'d Reading<'a>, content: Content<'d>) -> Self {
        let articles = document.articles();
        let mut topics = vec![Topic::default(); articles.len()];
        let mut lengths = vec![0; articles.len()];
        let counted = |sentence: &Sentence| {
            let paragraph = &document.paragraphs()[sentence.paragraph as usize];
            let beside = matches!(paragraph.kind, ParagraphKind::Code | ParagraphKind::Note);
            (!beside).then_some(paragraph.article)
        };
        let mut recent = RecentTopics::new(document.sentences().len());
        let of: Vec<Option<u32>> = document.sentences().iter().map(counted).collect();
        for (index, article) in of.iter().enumerate() {
            if let Some(article) = *article {
                topics[article as usize].add(&recent.of(content, index).topic);
                lengths[article as usize] += 1;
            }
        }
        let norm = |topic: &Topic| topic.length().max(1e-6);
        Self {
            document,
            content,
            recent: RefCell::new(recent),
            tally: Tally::new(content, &of, document.model().lexicon()),
            norms: topics.iter().map(norm).collect(),
            topics,
            lengths,
        }
    }

    /// The sentences of running text that can be judged.
    pub(crate) fn sentence_units(&self) -> Vec<Unit> {
        let judged = |(index, sentence): (usize, &Sentence)| {
            let paragraph = &self.document.paragraphs()[sentence.paragraph as usize];
            let judged = paragraph.kind == ParagraphKind::Body
                && self.content.terms(index).len() >= FEWEST
                && self.lengths[paragraph.article as usize] >= 4;
            judged.then_some(Unit {
                first: index,
                last: index,
            })
        };
        self.document
            .sentences()
            .iter()
            .enumerate()
            .filter_map(judged)
            .collect()
    }

    /// The paragraphs of running text that can be judged.
    pub(crate) fn paragraph_units(&self) -> Vec<Unit> {
        let judged = |paragraph: &Paragraph| {
            let (first, end) = (
                paragraph.sentences.start as usize,
                paragraph.sentences.end as usize,
            );
            let terms: usize = (first..end).map(|i| self.content.terms(i).len()).sum();
            let rest = self.lengths[paragraph.article as usize].saturating_sub(end - first);
            (paragraph.kind == ParagraphKind::Body && terms >= 2 * FEWEST && rest >= 3).then(|| {
                Unit {
                    first,
                    last: end - 1,
                }
            })
        };
        self.document
            .paragraphs()
            .iter()
            .filter_map(judged)
            .collect()
    }

    /// The log-odds of each paragraph of the document to be out of place; not a number where it
    /// cannot be judged.
    pub(crate) fn places(
        &self,
        trees: Forest<'_>,
        mut visit: impl FnMut(Unit, &Place, Option<u32>, Option<f32>),
    ) -> Vec<f32> {
        let mut places = vec![f32::NAN; self.document.paragraphs().len()];
        let mut terms = Vec::new();
        for unit in self.paragraph_units() {
            let (row, other) = self.row(unit, &mut terms);
            let log_odds = trees.log_odds_unless_low(&row.columns(), PLAIN);
            let paragraph = self.document.sentences()[unit.first].paragraph;
            places[paragraph as usize] = log_odds.unwrap_or(PLAINLY_IN_PLACE);
            visit(unit, &row, other, log_odds);
        }
        places
    }

    /// How much nearer a topic is to another article near by than to the one that it stands in; not
    /// a number where there is no other.
    pub(crate) fn lead(&self, topic: &Topic, article: u32) -> f32 {
        let mut rest = self.topics[article as usize];
        rest.subtract(topic);
        let best = self
            .near_articles(article)
            .map(|a| topic.cosine(&self.topics[a as usize]))
            .fold(f32::NAN, f32::max);
        best - topic.cosine(&rest)
    }

    /// The other articles near by that are long enough to be the home of anything.
    fn near_articles(&self, article: u32) -> impl Iterator<Item = u32> {
        let count = self.topics.len() as u32;
        (article.saturating_sub(FAR as u32)..(article + FAR as u32 + 1).min(count))
            .filter(move |a| *a != article && self.lengths[*a as usize] >= 3)
    }

    /// The other article near by that is nearest in topic and words: the cosine and the share of
    /// the telling words that it has, which the own article lacks.
    fn nearest_other(&self, topic: &Topic, terms: &[(Number, u32)], article: u32) -> Option<u32> {
        let first = article.saturating_sub(FAR as u32);
        let (mut all, mut had) = (1.0, [0.0_f32; 2 * FAR + 1]);
        for (term, here) in terms {
            let weight = self.tally.weight(*term);
            if weight <= RARE || self.tally.count(*term, article) > *here {
                continue;
            }
            all += weight;
            for of in self.tally.articles(*term) {
                if let Some(had) = had.get_mut(of.wrapping_sub(first) as usize) {
                    *had += weight;
                }
            }
        }
        let length = topic.length();
        let near = |a: u32| {
            let cosine =
                topic.dot(&self.topics[a as usize]) / (self.norms[a as usize] * length.max(1e-6));
            cosine + had[(a - first) as usize] / all
        };
        self.near_articles(article)
            .max_by(|a, b| near(*a).total_cmp(&near(*b)))
    }

    pub(crate) fn article_of(&self, sentence: usize) -> u32 {
        self.paragraph_of(sentence).article
    }

    fn paragraph_of(&self, sentence: usize) -> &Paragraph {
        &self.document.paragraphs()[self.document.sentences()[sentence].paragraph as usize]
    }

    /// The topic of a sentence.
    pub(super) fn topic(&self, sentence: usize) -> Topic {
        self.recent.borrow_mut().of(self.content, sentence).topic
    }

    /// The sum of the topics of sentences.
    fn topic_of(&self, sentences: impl Iterator<Item = usize>, recent: &mut RecentTopics) -> Topic {
        let mut topic = Topic::default();
        sentences.for_each(|i| topic.add(&recent.of(self.content, i).topic));
        topic
    }

    /// Shares of the terms' weight that an article has: of all, of the rare ones; and the weight of
    /// the rare ones that it lacks.
    fn shares(&self, terms: &[(Number, u32)], article: u32, own: bool) -> (f32, f32, f32) {
        let (mut all, mut seen, mut rare, mut rare_seen) = (0.0, 0.0, 0.0, 0.0);
        for (term, here) in terms {
            let w = self.tally.weight(*term);
            let count = self.tally.count(*term, article);
            let elsewhere = if own {
                count.saturating_sub(*here)
            } else {
                count
            };
            all += w;
            if elsewhere > 0 {
                seen += w;
            }
            if w > RARE {
                rare += w;
                if elsewhere > 0 {
                    rare_seen += w;
                }
            }
        }
        (
            seen / (all + 4.0),
            rare_seen / (rare + 4.0),
            rare - rare_seen,
        )
    }

    /// The row of evidence of a unit, and the other article that it is nearest to. `terms` is
    /// memory to use again.
    pub(crate) fn row(&self, unit: Unit, terms: &mut Vec<(Number, u32)>) -> (Place, Option<u32>) {
        let recent = &mut *self.recent.borrow_mut();
        let article = self.article_of(unit.first);
        let span = &self.document.articles()[article as usize];
        self.tally.terms_of(unit.first, unit.last, terms);
        let topic = self.topic_of(unit.first..=unit.last, recent);
        let length = topic.length();
        let (own_share, own_rare, own_alone) = self.shares(terms, article, true);
        let mut rest = self.topics[article as usize];
        rest.subtract(&topic);
        let own_topic = topic.cosine(&rest);
        let near = self.neighbours(unit, span, (&topic, &rest), recent);
        let (from, to) = self.sentences_of(span);
        let before = unit.first.checked_sub(1).filter(|i| *i >= from);
        let after = Some(unit.last + 1).filter(|i| *i < to);
        let [sentence_before, sentence_after] =
            [before, after].map(|i| Some(*recent.of(self.content, i?)));
        let beside = |sentence: Option<SentenceTopic>| {
            sentence.map_or(f32::NAN, |sentence| sentence.near(&topic, length))
        };
        let around_it = sentence_before.zip(sentence_after);
        let around_it = around_it.map_or(f32::NAN, |(before, after)| {
            before.near(&after.topic, after.length)
        });
        let count = self.topics.len() as u32;
        let other = self.nearest_other(&topic, terms, article);
        let (other_share, other_rare, other_topic) =
            other.map_or((f32::NAN, f32::NAN, f32::NAN), |a| {
                let (share, rare, _) = self.shares(terms, a, false);
                (share, rare, topic.cosine(&self.topics[a as usize]))
            });
        let paragraph = self.paragraph_of(unit.first);
        let rest_of_paragraph = self.rest_of_paragraph(unit, paragraph, recent);
        let flag = |b: bool| f32::from(u8::from(b));
        let text = self.document.slice(self.span_of(unit));
        let told = self.telling(terms, article, other);
        let row = Place {
            own_share,
            own_rare_share: own_rare,
            own_rare_alone: own_alone,
            own_topic,
            near_topic: topic.cosine(&near.around),
            nearest: near.nearest,
            nearest_three: near.three,
            before: beside(sentence_before),
            after: beside(sentence_after),
            around: around_it,
            terms: terms.len() as f32,
            article_length: self.lengths[article as usize] as f32,
            vector: length,
            other_share,
            other_rare_share: other_rare,
            other_topic,
            lead_share: other_share - own_share,
            lead_rare: other_rare - own_rare,
            lead_topic: other_topic - own_topic,
            first: flag(unit.first == paragraph.sentences.start as usize),
            last: flag(unit.last + 1 == paragraph.sentences.end as usize),
            first_paragraph: flag(before.is_none()),
            last_paragraph: flag(after.is_none()),
            paragraph_sentences: (paragraph.sentences.end - paragraph.sentences.start) as f32,
            rest_of_paragraph: rest_of_paragraph.map_or(f32::NAN, |rest| topic.cosine(&rest)),
            articles: count as f32,
            quoted: flag(text.starts_with('“')) + flag(text.contains('”')),
            outer_topic: topic.cosine(&near.outer),
            outer_share: near.outer.length(),
            names_there: told.names_there,
            words_there: told.words_there,
            names_here: told.names_here,
            words_here: told.words_here,
            headline_there: told.headline_there,
            headline_here: told.headline_here,
        };
        (row, other)
    }

    /// What stands around a unit in its article, given the topics of both: of the unit, and of the
    /// rest of the article.
    fn neighbours(
        &self,
        unit: Unit,
        article: &Article,
        (topic, rest): (&Topic, &Topic),
        recent: &mut RecentTopics,
    ) -> Neighbours {
        let length = topic.length();
        let (from, to) = self.sentences_of(article);
        // The three greatest likenesses, the greatest first.
        let (mut likes, mut most) = (0_usize, [f32::NEG_INFINITY; 3]);
        let mut around = Topic::default();
        let mut outer = *rest;
        for i in unit.first.saturating_sub(NEAR)..(unit.last + NEAR + 1).min(to) {
            if i < from || (unit.first..=unit.last).contains(&i) {
                continue;
            }
            let other = recent.of(self.content, i);
            let like = other.near(topic, length);
            likes += 1;
            if like > most[2] {
                most[2] = like;
                if like > most[1] {
                    most.swap(1, 2);
                }
                if like > most[0] {
                    most.swap(0, 1);
                }
            }
            let distance = if i < unit.first {
                unit.first - i
            } else {
                i - unit.last
            };
            if distance <= 8 {
                outer.subtract(&other.topic);
                if distance <= 4 {
                    around.add(&other.topic);
                }
            }
        }
        Neighbours {
            nearest: if likes > 0 { most[0] } else { 0.0 },
            three: most.iter().take(likes).sum::<f32>() / likes.clamp(1, 3) as f32,
            around,
            outer,
        }
    }

    /// What the rest of the paragraph of a unit is about, where there is any.
    fn rest_of_paragraph(
        &self,
        unit: Unit,
        paragraph: &Paragraph,
        recent: &mut RecentTopics,
    ) -> Option<Topic> {
        let (first, end) = (
            paragraph.sentences.start as usize,
            paragraph.sentences.end as usize,
        );
        let mut inside = (first.max(unit.first.saturating_sub(BESIDE))..unit.first)
            .chain(unit.last + 1..end.min(unit.last + 1 + BESIDE))
            .peekable();
        inside.peek()?;
        Some(self.topic_of(inside, recent))
    }

    fn sentences_of(&self, article: &Article) -> (usize, usize) {
        let paragraphs = self.document.paragraphs_of(article);
        let from = paragraphs.first().map_or(0, |p| p.sentences.start as usize);
        let to = paragraphs.last().map_or(0, |p| p.sentences.end as usize);
        (from, to)
    }

    /// The words that tell best where a unit belongs: rare, in the home rather than here.
    pub(crate) fn words(&self, unit: Unit, home: Option<u32>) -> Vec<(String, usize, usize)> {
        let article = self.article_of(unit.first);
        let mut terms = Vec::new();
        self.tally.terms_of(unit.first, unit.last, &mut terms);
        let mut telling: Vec<(f32, Term, usize, usize)> = terms
            .into_iter()
            .map(|(number, here)| {
                let own = self.tally.count(number, article).saturating_sub(here) as usize;
                let there = home.map_or(0, |h| self.tally.count(number, h) as usize);
                let w = self.tally.weight(number);
                let tells = if home.is_some() {
                    w * (1.0 + there as f32).ln() / (1.0 + own as f32)
                } else {
                    w / (1.0 + 4.0 * own as f32)
                };
                (tells, self.tally.term(number), there, own)
            })
            .filter(|(tells, ..)| *tells > 3.0)
            .collect();
        telling.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if telling.is_empty() {
            return Vec::new();
        }
        let spelling = Spelling::of(self.document, self.span_of(unit));
        let spelled = |(_, term, there, own): (f32, Term, usize, usize)| {
            let word = spelling.of_term(term)?;
            (word.chars().count() > 1).then(|| (word.to_owned(), there, own))
        };
        telling
            .into_iter()
            .take(8)
            .filter_map(spelled)
            .take(3)
            .collect()
    }

    pub(crate) fn span_of(&self, unit: Unit) -> Span {
        let sentences = self.document.sentences();
        Span::new(
            sentences[unit.first].span.start(),
            sentences[unit.last].span.end(),
        )
    }
}
