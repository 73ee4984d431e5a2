//! What stands around the characters of a pair, by logistic regression.

use std::collections::{BTreeMap, HashMap};

use crate::model::Model;
use crate::model::characters::Line;
use crate::reading::proofreading::pen_slips::{PIECES, SCALE, pieces};
use crate::train::lapses::lines;
use crate::train::random::Random;

/// Common characters that sound alike and stand in each other's place by a slip: each is paired
/// with each of its set. What is a matter of usage (做 and 作, 象 and 像, 的, 地 and 得, 他 and 她)
/// is no slip.
const SETS: &str = "\
    在再 那哪 已以 一以 因应 们门 座坐 后候 里理 根跟 各个 又有 事是 是时 到道 \
    场厂 像向 把吧 清请情 会回 吗码 机几 心新 成城程 便变 即既 声生身 近进 \
    工功公 方放 完玩 主注 住主 小少 信心 年念 共公 名明 长常 只直 值直 段断 \
    化花 和合 建健 历厉 力利 反返 决绝 度渡 带戴 代带 代待 部步 没每 望忘 为维 \
    味位 微危 器气 原元 源原 诚城 终中 钟中 经竟 经精 静净 竟境 深身 尽进 尽近 \
    之知 只之 指只 止只 记计 纪记 级及 急及 极及 致至 治制 销消 功攻 形型 行形 \
    期其 其起 奇其 时实 识实 时识 传转 卖买 练炼 提题 陪赔 培陪 密秘 慢漫 刻克 \
    势事 式势 受收 受授 手首 守首 思司 须需 绪续 检捡 简检 件间 教交 角脚 觉决 \
    惯贯 管馆 官管 喝和 或获 积极 集急 技计 际迹 加家 假价 坚艰 将奖 节结 洁结 \
    接结 今金 仅紧 仅尽 剧据 具据 课科 客科 空控 苦哭 量辆 连联 令另 立力 例利 \
    满慢 每美 拿那 难男 评平 凭平 汽气 确却 任认 伤商 神深 食时 使始 史使 市事 \
    视事 适是 试式 书输 术数 诉素 速诉 虽随 碎岁 往网 文闻 稳问 物务 误务 希西 \
    息习 细系 戏系 现先 线现 鲜先 想响 向响 想向 项像 校效 性姓 许需 言沿 严言 \
    样养 药要 业也 夜也 意义 议义 易意 医一 依一 已一 因音 因引 英应 用拥 又由 \
    由油 优有 友有 与于 遇与 语与 约月 越月 责则 张章 正整 证正 政正 职直 执直 \
    助住 子字 自字 最罪 座作 坐作 昨作 在载 在才 才材 财才 报抱 保报 包报 被备 \
    比彼 必毕 边变 遍变 表标 别憋 不步 布不 部不 采才 常长 超朝 称成 乘成 吃迟 \
    出处 除出 从丛 答达 大打 单担 但担 当档 导到 地的得 底低 点电 定订 动懂 \
    冻动 对队 多夺 而儿 发法 反犯 非飞 分纷 风丰 份分 服复 富副 付副 该改 干敢 \
    感敢 刚钢 更跟 够构 购够 古故 故顾 关官 光广 过国 还孩 好号 何和 很狠 恨很 \
    红宏 候厚 户护 话化 划化 坏怀 换还 黄皇 活火 伙火 己几 继计 寄记 见建 件见 \
    江将 讲奖 叫教 结接 解接 界接 介界 经京 就究 旧就 举句 觉绝 军均 看刊 课刻 \
    快块 况矿 来莱 蓝篮 老劳 类累 离理";

/// Places of each character of a pair that the regression sees at most.
const SEEN: usize = 12_000;
/// Times that it goes through them.
const ROUNDS: usize = 3;
/// Fewer places than this say nothing of a piece of context.
const RARE: u16 = 4;
/// Pieces of context that are kept of a pair.
const KEPT: usize = 300;
/// All pairs, each once.
pub(super) fn pairs() -> Vec<[char; 2]> {
    let mut pairs = Vec::new();
    for set in SETS.split_ascii_whitespace() {
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
pub(super) struct Around {
    /// How many places there are of each.
    all: [usize; 2],
    seen: [Vec<[u32; PIECES]>; 2],
}

/// What stands around the characters of pairs in texts.
pub(super) fn gather_contexts(model: &Model, pairs: &[[char; 2]], texts: &[&str]) -> Vec<Around> {
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

/// The bias towards the second character of a pair, and the weights of pieces, by logistic
/// regression with steps that shrink with what was learned (AdaGrad, Duchi and others 2011).
pub(super) fn regress(around: &Around, weights: &mut BTreeMap<u32, i8>) -> Option<f32> {
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
