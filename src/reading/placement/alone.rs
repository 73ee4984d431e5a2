//! Sentences and paragraphs that have nothing to do with their article, and that no other one
//! claims.
//!
//! What tells is how they compare with the others of the article: each text keeps to its
//! subject more or less, and only what falls out of the range of its own sentences is strange.
//! Trees of their own weigh that.

use super::affinity::Place;
use crate::reading::evidence::evidence;

evidence! {
    /// Why a sentence, or a paragraph, may have nothing to do with its article.
    pub(crate) struct Alone {
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
        first = "first": "whether it begins its paragraph", "是否段首";
        last = "last": "whether it ends its paragraph", "是否段末";
        first_paragraph = "first-paragraph": "whether nothing stands before it in its article", "是否本篇开头";
        last_paragraph = "last-paragraph": "whether nothing stands after it in its article", "是否本篇结尾";
        paragraph_sentences = "paragraph-sentences": "how many sentences its paragraph has", "所在段落的句数";
        rest_of_paragraph = "rest-of-paragraph": "how near it is in topic to the rest of its paragraph", "与本段其余部分主题的接近程度";
        quoted = "quoted": "whether it stands between quotation marks", "是否在引号中";
        outer_topic = "outer-topic": "how near it is in topic to the paragraphs around it", "与相邻各段主题的接近程度";
        names_here = "names-here": "names that the rest of this article has too", "本文别处也有的名称";
        words_here = "words-here": "what the words tell that the rest of this article has", "本文别处也有的词语的分量";
        headline_here = "headline-here": "words of this article's headline", "本文标题中的词语";
        usual_topic = "usual-topic": "how near the sentences of its article are to the article in topic, on average", "本篇各句与本篇主题的平均接近程度";
        usual_nearest = "usual-nearest": "how near the three nearest sentences are to a sentence of its article, on average", "本篇各句与最近三句的平均接近程度";
        usual_share = "usual-share": "the share of the words of a sentence of its article that the rest has, on average", "本篇各句的词在别处也有的平均比例";
        topic_below = "topic-below": "how far its nearness to the article lies below the average, in standard deviations", "其与本篇主题的接近程度低于平均几个标准差";
        nearest_below = "nearest-below": "how far the nearness of its nearest sentences lies below the average, in standard deviations", "其与最近三句的接近程度低于平均几个标准差";
        around_below = "around-below": "how far its nearness to the sentences around it lies below the average, in standard deviations", "其与上下文的接近程度低于平均几个标准差";
        share_below = "share-below": "how far the share of its words that the article has lies below the average, in standard deviations", "其词在本篇也有的比例低于平均几个标准差";
        topic_nearer = "topic-nearer": "the share of the article's sentences that are nearer to it in topic", "本篇中比它更接近主题的句子的比例";
        nearest_nearer = "nearest-nearer": "the share of the article's sentences whose nearest sentences are nearer", "本篇中最近三句更接近的句子的比例";
    }
}

/// The parts of the model that hold the trees: for sentences, for paragraphs.
pub(crate) const PARTS: [&str; 2] = ["alone-sentence", "alone-paragraph"];

/// An article of fewer does not show its range.
const FEWEST: usize = 6;
/// A longer one is a book, which has more than one subject.
pub(crate) const MOST: usize = 300;

/// Whether something may have nothing to do with its article: at least half of the others are
/// nearer to it.
pub(crate) fn may_be_strange(row: &Alone) -> bool {
    row.topic_nearer >= 0.5
}

/// Whether an article of so many sentences, or paragraphs, shows its range.
pub(crate) fn has_range(units: usize) -> bool {
    (FEWEST..=MOST).contains(&units)
}

/// The evidence on the sentences or the paragraphs of an article, given where each stands.
pub(crate) fn rows(places: &[Place]) -> Vec<Alone> {
    let range = |of: fn(&Place) -> f32| Range::of(places.iter().map(of).collect());
    let (topic, nearest) = (range(|p| p.own_topic), range(|p| p.nearest_three));
    let (around, share) = (range(|p| p.near_topic), range(|p| p.own_share));
    let row = |place: &Place| Alone {
        own_share: place.own_share,
        own_rare_share: place.own_rare_share,
        own_rare_alone: place.own_rare_alone,
        own_topic: place.own_topic,
        near_topic: place.near_topic,
        nearest: place.nearest,
        nearest_three: place.nearest_three,
        before: place.before,
        after: place.after,
        around: place.around,
        terms: place.terms,
        article_length: place.article_length,
        vector: place.vector,
        first: place.first,
        last: place.last,
        first_paragraph: place.first_paragraph,
        last_paragraph: place.last_paragraph,
        paragraph_sentences: place.paragraph_sentences,
        rest_of_paragraph: place.rest_of_paragraph,
        quoted: place.quoted,
        outer_topic: place.outer_topic,
        names_here: place.names_here,
        words_here: place.words_here,
        headline_here: place.headline_here,
        usual_topic: topic.mean,
        usual_nearest: nearest.mean,
        usual_share: share.mean,
        topic_below: topic.below(place.own_topic),
        nearest_below: nearest.below(place.nearest_three),
        around_below: around.below(place.near_topic),
        share_below: share.below(place.own_share),
        topic_nearer: topic.above(place.own_topic),
        nearest_nearer: nearest.above(place.nearest_three),
    };
    places.iter().map(row).collect()
}

/// What the sentences of an article have of something.
struct Range {
    /// The values, the least first.
    values: Vec<f32>,
    mean: f32,
    deviation: f32,
}

impl Range {
    fn of(mut values: Vec<f32>) -> Self {
        let count = values.len() as f32;
        let mean = values.iter().sum::<f32>() / count;
        let squares: f32 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
        values.sort_unstable_by(f32::total_cmp);
        Self {
            values,
            mean,
            deviation: (squares / count).sqrt(),
        }
    }

    /// How far a value lies below the mean, in standard deviations.
    fn below(&self, value: f32) -> f32 {
        (self.mean - value) / self.deviation.max(0.01)
    }

    /// The share of the values that are greater.
    fn above(&self, value: f32) -> f32 {
        let up_to = self.values.partition_point(|v| *v <= value);
        (self.values.len() - up_to) as f32 / self.values.len() as f32
    }
}
