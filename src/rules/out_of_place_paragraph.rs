//! `out-of-place-paragraph`: a paragraph that belongs to another article of the document, or to
//! none of it. It is looked for together with `out-of-place-sentence`.

use crate::finding::{Confidence, Severity};
use crate::levels::{Levels, NEVER, Writing};
use crate::rule::{Card, Chinese, Group};

pub(super) static CARD: Card = Card {
    name: "out-of-place-paragraph",
    group: Group::Structure,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    default: true,
    summary: "a paragraph that belongs to another article",
    docs: "As out-of-place-sentence, for a whole paragraph. A paragraph inside an article that begins in the middle of a sentence, while the one before it is \
whole, may be the first of several that were torn in: how far they reach is weighed as well, and one finding is given for all of them, with the place where \
the article goes on.",
    chinese: Chinese {
        name: "串文（段）",
        summary: "属于另一篇文章的段落",
        docs: "同“串文（句）”，以整段为单位。文章中某段从句中开始，而前一段完整，可能是混入的几段之首：权衡其范围，合为一处报告，并指出文章在何处接上。\
",
    },
    bad: &[
        "## 山里的桃园\n\n春分前后，合作社给果农送去新品种的桃树苗和有机肥料。技术员走进果园，手把手教大家修剪枝条。\n\n果农老周种了三十年桃树，从前全凭经验，如今学会了看土壤湿度和温度。“剪枝要留三分之一，果子才甜。”他说。\n\n地铁列车驶过换乘车站，乘客在站台排队上车，高峰时段两分钟一班。全自动驾驶的列车停靠每座车站，无障碍电梯直达地铁站厅。\n\n今年桃园装上了滴灌设备，每亩桃树节水一半，果子也更大。合作社还请来农学院的专家，给果农讲病虫害防治。\n\n秋天桃子上市，批发商的卡车开到了桃园门口。每亩桃园比去年增收三千元，果农们脸上都是笑。\n\n## 地铁新线开通\n\n地铁十九号线十二月开通运营，线路全长二十二公里，共设十座车站。列车采用全自动驾驶，最高时速一百二十公里。\n\n乘客从南边的换乘车站到北边的终点站只要三十分钟。高峰时段，地铁列车两分钟一班。\n\n车站里装上了无障碍电梯，站台和车厢之间的缝隙也更小。地铁公司还在每座车站配了志愿者，给乘客指路。\n\n开通第一天，不少乘客特意带着孩子来坐首班列车。",
    ],
    good: &["村里修通了水泥路。\n\n游客一年比一年多。"],
    fix: None,
    yields_to: &[
        "misordered-block",
        "duplicate-paragraph",
        "page-furniture",
        "widget-text",
        "injected-phrase",
    ],
    levels: &[
        (
            Writing::Usual,
            Levels {
                info: 0.7,
                warning: 0.8,
                error: 0.97,
            },
        ),
        (
            Writing::Free,
            Levels {
                info: 0.9,
                warning: 0.985,
                error: NEVER,
            },
        ),
        (Writing::Unended, Levels::SILENT),
        (Writing::Unmarked, Levels::SILENT),
    ],
};
