//! Fits what tells slips of the pen: what stands around the characters of a pair, by logistic regression on clean text; and the trees that weigh it, on
//! the same text with characters exchanged as writers exchange them, here and there or always.

use std::collections::{BTreeMap, HashMap};

use super::boost::{Options, Rows, fit_calibrated, score_held_out};
use super::figures::{self, Figures};
use super::lapses::lines;
use super::random::Random;
use crate::model::Model;
use crate::model::characters::Line;
use crate::model::container::{ModelError, Writer};
use crate::model::trees::Trees;
use crate::reading::proofreading::pen_slips::{
    CONTEXTS, PART, PIECES, PenSlip, PenSlips, Place, SCALE, VERSION, encode, pieces,
};
use crate::reading::proofreading::scored_paragraph::Passage;

/// Common characters that sound alike and stand in each other's place by a slip: each is paired with each of its set. What is a matter of usage (做 and
/// 作, 象 and 像, 的, 地 and 得, 他 and 她) is no slip.
const SETS: &[&str] = &[
    "在再",
    "那哪",
    "已以",
    "一以",
    "因应",
    "们门",
    "座坐",
    "后候",
    "里理",
    "根跟",
    "各个",
    "又有",
    "事是",
    "是时",
    "到道",
    "场厂",
    "像向",
    "把吧",
    "清请情",
    "会回",
    "吗码",
    "机几",
    "心新",
    "成城程",
    "便变",
    "即既",
    "声生身",
    "近进",
    "工功公",
    "方放",
    "完玩",
    "主注",
    "住主",
    "小少",
    "信心",
    "年念",
    "共公",
    "名明",
    "长常",
    "只直",
    "值直",
    "段断",
    "化花",
    "和合",
    "建健",
    "历厉",
    "力利",
    "反返",
    "决绝",
    "度渡",
    "带戴",
    "代带",
    "代待",
    "部步",
    "没每",
    "望忘",
    "为维",
    "味位",
    "微危",
    "器气",
    "原元",
    "源原",
    "诚城",
    "终中",
    "钟中",
    "经竟",
    "经精",
    "静净",
    "竟境",
    "深身",
    "尽进",
    "尽近",
    "之知",
    "只之",
    "指只",
    "止只",
    "记计",
    "纪记",
    "级及",
    "急及",
    "极及",
    "致至",
    "治制",
    "销消",
    "功攻",
    "形型",
    "行形",
    "期其",
    "其起",
    "奇其",
    "时实",
    "识实",
    "时识",
    "传转",
    "卖买",
    "练炼",
    "提题",
    "陪赔",
    "培陪",
    "密秘",
    "慢漫",
    "刻克",
    "势事",
    "式势",
    "受收",
    "受授",
    "手首",
    "守首",
    "思司",
    "须需",
    "绪续",
    "检捡",
    "简检",
    "件间",
    "教交",
    "角脚",
    "觉决",
    "惯贯",
    "管馆",
    "官管",
    "喝和",
    "或获",
    "积极",
    "集急",
    "技计",
    "际迹",
    "加家",
    "假价",
    "坚艰",
    "将奖",
    "节结",
    "洁结",
    "接结",
    "今金",
    "仅紧",
    "仅尽",
    "剧据",
    "具据",
    "课科",
    "客科",
    "空控",
    "苦哭",
    "量辆",
    "连联",
    "令另",
    "立力",
    "例利",
    "满慢",
    "每美",
    "拿那",
    "难男",
    "评平",
    "凭平",
    "汽气",
    "确却",
    "任认",
    "伤商",
    "神深",
    "食时",
    "使始",
    "史使",
    "市事",
    "视事",
    "适是",
    "试式",
    "书输",
    "术数",
    "诉素",
    "速诉",
    "虽随",
    "碎岁",
    "往网",
    "文闻",
    "稳问",
    "物务",
    "误务",
    "希西",
    "息习",
    "细系",
    "戏系",
    "现先",
    "线现",
    "鲜先",
    "想响",
    "向响",
    "想向",
    "项像",
    "校效",
    "性姓",
    "许需",
    "言沿",
    "严言",
    "样养",
    "药要",
    "业也",
    "夜也",
    "意义",
    "议义",
    "易意",
    "医一",
    "依一",
    "已一",
    "因音",
    "因引",
    "英应",
    "用拥",
    "又由",
    "由油",
    "优有",
    "友有",
    "与于",
    "遇与",
    "语与",
    "约月",
    "越月",
    "责则",
    "张章",
    "正整",
    "证正",
    "政正",
    "职直",
    "执直",
    "助住",
    "子字",
    "自字",
    "最罪",
    "座作",
    "坐作",
    "昨作",
    "在载",
    "在才",
    "才材",
    "财才",
    "报抱",
    "保报",
    "包报",
    "被备",
    "比彼",
    "必毕",
    "边变",
    "遍变",
    "表标",
    "别憋",
    "不步",
    "布不",
    "部不",
    "采才",
    "常长",
    "超朝",
    "称成",
    "乘成",
    "吃迟",
    "出处",
    "除出",
    "从丛",
    "答达",
    "大打",
    "单担",
    "但担",
    "当档",
    "导到",
    "地的得",
    "底低",
    "点电",
    "定订",
    "动懂",
    "冻动",
    "对队",
    "多夺",
    "而儿",
    "发法",
    "反犯",
    "非飞",
    "分纷",
    "风丰",
    "份分",
    "服复",
    "富副",
    "付副",
    "该改",
    "干敢",
    "感敢",
    "刚钢",
    "更跟",
    "够构",
    "购够",
    "古故",
    "故顾",
    "关官",
    "光广",
    "过国",
    "还孩",
    "好号",
    "何和",
    "很狠",
    "恨很",
    "红宏",
    "候厚",
    "户护",
    "话化",
    "划化",
    "坏怀",
    "换还",
    "黄皇",
    "活火",
    "伙火",
    "己几",
    "继计",
    "寄记",
    "见建",
    "件见",
    "江将",
    "讲奖",
    "叫教",
    "结接",
    "解接",
    "界接",
    "介界",
    "经京",
    "就究",
    "旧就",
    "举句",
    "觉绝",
    "军均",
    "看刊",
    "课刻",
    "快块",
    "况矿",
    "来莱",
    "蓝篮",
    "老劳",
    "类累",
    "离理",
];

/// Places of each character of a pair that the regression sees at most.
const SEEN: usize = 12_000;
/// Times that it goes through them.
const ROUNDS: usize = 3;
/// Fewer places than this say nothing of a piece of context.
const RARE: u16 = 4;
/// Pieces of context that are kept of a pair.
const KEPT: usize = 300;
/// One slip of the pen in so many characters: the prior of the fit.
const CHARACTERS_PER_SLIP: f32 = 8_000.0;
/// Log-odds, by trees that did not see it, from which a place of clean text is taken for a slip of its own.
const ASIDE: f32 = 1.0;
/// Parts that the documents are dealt to.
const FOLDS: usize = 4;

fn pairs() -> Vec<[char; 2]> {
    let mut pairs = Vec::new();
    for set in SETS {
        let set: Vec<char> = set.chars().collect();
        for (at, one) in set.iter().enumerate() {
            for other in &set[at + 1..] {
                let usage = [
                    ['地', '的'],
                    ['地', '得'],
                    ['的', '得'],
                    ['份', '分'],
                    ['定', '订'],
                ];
                let is = |pair: &[char; 2]| pair == &[*one, *other] || pair == &[*other, *one];
                if !usage.iter().chain(&pairs).any(is) {
                    pairs.push([*one, *other]);
                }
            }
        }
    }
    pairs
}

/// What stands around the two characters of a pair, by places taken at random.
#[derive(Default)]
struct Around {
    /// How many places there are of each.
    all: [usize; 2],
    seen: [Vec<[u32; PIECES]>; 2],
}

fn gather_contexts(model: &Model, pairs: &[[char; 2]], texts: &[&str]) -> Vec<Around> {
    let characters = model.characters();
    let mut of: HashMap<u16, Vec<(usize, usize)>> = HashMap::new();
    for (number, pair) in pairs.iter().enumerate() {
        for (side, c) in pair.iter().enumerate() {
            of.entry(characters.id(*c))
                .or_default()
                .push((number, side));
        }
    }
    let mut around: Vec<Around> = pairs.iter().map(|_| Around::default()).collect();
    let mut random = Random::new(5);
    let mut line = Line::default();
    for text in texts {
        for paragraph in lines(text) {
            characters.read(&text[paragraph], &mut line);
            for (position, id) in line.ids.iter().enumerate() {
                for &(number, side) in of.get(id).into_iter().flatten() {
                    let Around { all, seen } = &mut around[number];
                    all[side] += 1;
                    // a sample of fixed size (Vitter's algorithm R, 1985)
                    let slot = match all[side] {
                        n if n <= SEEN => Some(n - 1),
                        n => Some(random.below(n)).filter(|at| *at < SEEN),
                    };
                    let Some(slot) = slot else { continue };
                    let pieces = pieces(number, characters, &line.ids, position);
                    match seen[side].get_mut(slot) {
                        Some(place) => *place = pieces,
                        None => seen[side].push(pieces),
                    }
                }
            }
        }
    }
    around
}

/// The bias towards the second character of a pair, and the weights of pieces, by logistic regression with steps that shrink with what was learned (AdaGrad,
/// Duchi and others 2011).
fn regress(around: &Around, weights: &mut BTreeMap<u32, i8>) -> Option<f32> {
    let [one, two] = &around.seen;
    if one.len().min(two.len()) < 200 {
        return None;
    }
    let mut counted: HashMap<u32, u16> = HashMap::new();
    for piece in one.iter().chain(two).flatten() {
        let count = counted.entry(*piece).or_default();
        *count = count.saturating_add(1);
    }
    // weight and what was learned of it
    let mut learned: HashMap<u32, (f32, f32)> = HashMap::new();
    let mut bias = (0.0_f32, 1e-6_f32);
    let step = |weight: &mut (f32, f32), slope: f32| {
        weight.1 += slope * slope;
        weight.0 -= 0.3 * slope / weight.1.sqrt();
    };
    let share = one.len() as f32 / two.len() as f32;
    for _ in 0..ROUNDS {
        // both in turn, as often as each occurs
        let (mut at, mut next) = ([0, 0], 0.0_f32);
        while at[0] < one.len() || at[1] < two.len() {
            let second = at[0] >= one.len() || at[1] < two.len() && next >= share;
            let pieces = if second {
                next -= share;
                at[1] += 1;
                &two[at[1] - 1]
            } else {
                next += 1.0;
                at[0] += 1;
                &one[at[0] - 1]
            };
            let known = || {
                pieces
                    .iter()
                    .filter(|p| counted.get(p).is_some_and(|n| *n >= RARE))
            };
            let sum: f32 = known().filter_map(|p| learned.get(p)).map(|w| w.0).sum();
            let stated = 1.0 / (1.0 + (-(sum + bias.0)).exp());
            let slope = stated - f32::from(u8::from(second));
            step(&mut bias, slope);
            for piece in known() {
                step(learned.entry(*piece).or_insert((0.0, 1e-2)), slope);
            }
        }
    }
    let mut kept: Vec<(u32, f32, f32)> = learned
        .into_iter()
        .map(|(piece, (weight, _))| {
            let count = f32::from(counted.get(&piece).copied().unwrap_or(0));
            (piece, weight, weight.abs() * count.sqrt())
        })
        .collect();
    kept.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    for (piece, weight, _) in kept.into_iter().take(KEPT) {
        let weight = (weight * SCALE).round().clamp(-127.0, 127.0) as i8;
        if weight != 0 {
            weights.insert(piece, weight);
        }
    }
    // the sample holds the two in other shares than the text
    let [all_one, all_two] = around.all.map(|n| n as f32);
    Some(bias.0 + (all_two / all_one).ln() - (1.0 / share).ln())
}

/// All places of a text that speak for a slip.
pub(super) fn places(slips: &PenSlips<'_>, model: &Model, text: &str) -> Vec<Place> {
    let mut reading = slips.reading();
    let mut passage = Passage::default();
    for paragraph in lines(text) {
        passage.read(model.reader(), &text[paragraph.clone()]);
        reading.paragraph(paragraph.start, &text[paragraph], &passage);
    }
    reading.places()
}

/// One character that can be exchanged of so many is, by chance.
const SPACING: usize = 300;
/// Three characters of so many are exchanged by habit: always, every second or every third time.
const HABITS: usize = 200;

/// A text in which characters are exchanged, by chance and by the habits of a writer: where.
fn damage(
    text: &str,
    others: &HashMap<char, Vec<char>>,
    random: &mut Random,
) -> (String, Vec<usize>) {
    let mut habits: HashMap<char, (char, usize)> = HashMap::new();
    let (mut damaged, mut made) = (String::with_capacity(text.len()), Vec::new());
    for c in text.chars() {
        let Some(alike) = others.get(&c) else {
            damaged.push(c);
            continue;
        };
        let draw = random.below(HABITS);
        let pick = alike[random.below(alike.len())];
        let habit = habits
            .entry(c)
            .or_insert((pick, if draw < 3 { draw + 1 } else { 0 }));
        let by_habit = habit.1 > 0 && random.below(habit.1) == 0;
        let by_chance = random.below(SPACING) == 0;
        if by_habit || by_chance {
            made.push(damaged.len());
            damaged.push(if by_habit { habit.0 } else { pick });
        } else {
            damaged.push(c);
        }
    }
    (damaged, made)
}

#[derive(Default)]
struct Gathered {
    rows: Vec<([f32; PenSlip::WIDTH], bool)>,
    folds: Vec<u8>,
    characters: usize,
    made: usize,
}

impl Gathered {
    fn of(model: &Model, texts: &[&str]) -> Self {
        let mut gathered = Self::default();
        let Some(slips) = PenSlips::of(model) else {
            return gathered;
        };
        let mut others: HashMap<char, Vec<char>> = HashMap::new();
        for [one, other] in pairs() {
            others.entry(one).or_default().push(other);
            others.entry(other).or_default().push(one);
        }
        let mut random = Random::new(13);
        for (number, text) in texts.iter().enumerate() {
            let mut push = |row: &PenSlip, slip| {
                gathered.rows.push((row.columns(), slip));
                gathered.folds.push((number % FOLDS) as u8);
            };
            for place in places(&slips, model, text) {
                push(&place.row, false);
            }
            let (damaged, made) = damage(text, &others, &mut random);
            for place in places(&slips, model, &damaged) {
                let right = || text[place.start..].starts_with(place.meant);
                if made.binary_search(&place.start).is_ok() && right() {
                    push(&place.row, true);
                }
            }
            gathered.made += made.len();
            gathered.characters += text.chars().count();
        }
        gathered
    }

    fn to_fit(&self) -> Rows {
        let weight = self.characters as f32 / CHARACTERS_PER_SLIP / self.made.max(1) as f32;
        let mut rows = Rows::new(PenSlip::NAMES);
        for (row, slip) in &self.rows {
            rows.push(row, *slip, if *slip { weight } else { 1.0 });
        }
        rows
    }

    /// Without what trees that did not see it call slips of clean text.
    fn cleaned(mut self, options: &Options) -> Self {
        let scores = score_held_out(&self.to_fit(), &self.folds, options);
        let kept = |i: usize, slip: bool| slip || scores[i] <= ASIDE;
        let rows = std::mem::take(&mut self.rows);
        let folds = std::mem::take(&mut self.folds);
        for (i, (row, fold)) in rows.into_iter().zip(folds).enumerate() {
            if kept(i, row.1) {
                self.rows.push(row);
                self.folds.push(fold);
            }
        }
        self
    }
}

/// Adds the contexts and the trees to a copy of a model.
pub(super) fn fit(
    model: &Model,
    counted: &[&str],
    (texts, unseen): (&[&str], &[&str]),
    tell: &mut dyn FnMut(&str),
) -> Result<(Writer, Figures), ModelError> {
    let pairs = pairs();
    let around = gather_contexts(model, &pairs, counted);
    let mut weights = BTreeMap::new();
    // a pair that the text is too poor in is never asked: nothing speaks for its second character
    let biases = around.iter().map(|a| regress(a, &mut weights));
    let known: Vec<_> = pairs.iter().copied().zip(biases).collect();
    let asked = known.iter().filter(|(_, bias)| bias.is_some()).count();
    let table: Vec<_> = known
        .iter()
        .map(|(pair, bias)| match bias {
            Some(bias) => (*pair, *bias),
            None => (['\0', '\0'], 0.0),
        })
        .collect();
    tell(&format!(
        "{asked} pairs, {} pieces of context",
        weights.len()
    ));
    let mut writer = Writer::copy_of(model);
    writer.put(CONTEXTS, VERSION, encode(&table, &weights));
    let model = Model::from_bytes(writer.finish())?;
    let gathered = Gathered::of(&model, texts);
    let (rows, found) = (
        gathered.rows.len(),
        gathered.rows.iter().filter(|r| r.1).count(),
    );
    tell(&format!("{rows} rows, {found} of {} slips", gathered.made));
    let options = Options {
        trees: 120,
        leaves: 12,
        min_rows: 20.0,
        ..Options::default()
    };
    let cleaned = gathered.cleaned(&options);
    tell(&format!(
        "{} rows of the text set aside",
        rows - cleaned.rows.len()
    ));
    let trees = fit_calibrated(&cleaned.to_fit(), &cleaned.folds, &options);
    let figures = measure(&model, unseen, &trees);
    writer.put(PART, VERSION, trees);
    Ok((writer, figures))
}

/// Probability from which a slip counts as found when the trees are measured.
const FOUND: f32 = 0.7;

/// Notes how many of exchanged characters are found, and how much of text as it stands is called a slip; real slips are among that.
fn measure(model: &Model, unseen: &[&str], trees: &[u8]) -> Figures {
    let mut figures = Figures::new();
    let Some(trees) = Trees::view(trees) else {
        return figures;
    };
    let gathered = Gathered::of(model, unseen);
    let found = |slip: bool| {
        let told = gathered
            .rows
            .iter()
            .filter(|(row, is)| *is == slip && trees.probability(row) >= FOUND);
        told.count()
    };
    if gathered.made > 0 {
        figures.insert(
            format!("recall.{PART}"),
            found(true) as f64 / gathered.made as f64,
        );
    }
    figures::alarms(&mut figures, PART, found(false), gathered.characters);
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_of_two_different_characters_and_stand_once() {
        let pairs = pairs();
        for (at, [one, other]) in pairs.iter().enumerate() {
            assert_ne!(one, other);
            let again = |p: &&[char; 2]| p.contains(one) && p.contains(other);
            assert_eq!(pairs[at..].iter().filter(again).count(), 1, "{one}{other}");
        }
        assert!(!pairs.contains(&['的', '得']) && !pairs.contains(&['地', '的']));
    }

    #[test]
    fn a_regression_learns_what_stands_beside_which() {
        // the first character stands before 1, the second before 2; the rest is the same
        let place = |beside| {
            let mut place = [7; PIECES];
            place[1] = beside;
            place
        };
        let around = Around {
            all: [900, 300],
            seen: [vec![place(1); 300], vec![place(2); 300]],
        };
        let mut weights = BTreeMap::new();
        let bias = regress(&around, &mut weights).expect("enough places");
        assert!(bias < 0.0, "the first is three times as common: {bias}");
        assert!(weights[&1] < 0 && weights[&2] > 0, "{weights:?}");
        assert!(regress(&Around::default(), &mut weights).is_none());
    }
}
