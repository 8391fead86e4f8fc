//! Strawberries: picked at dawn, tested, boxed, a night on the cold chain.

use super::{Step, absent, line, step};
use crate::{
    Millis,
    demo::{at, both},
    trace::BizStep,
};

/// Its steps, in order: a list, however long.
pub(super) fn steps(now: Millis) -> Vec<Step> {
    let (shed, store) = (
        both("东港 3 号棚", "Greenhouse 3, Donggang"),
        both("丹东冷库", "Dandong cold store"),
    );
    let chen = || both("陈桂田", "Chen Guitian");
    vec![
        step(
            at(now, 80, 9, 0),
            BizStep::Commissioning,
            shed.clone(),
            chen(),
            both("定植红颜脱毒苗", "Planted virus-free Hongyan seedlings"),
            180,
        )
        .noting(
            "3 号棚两亩，底肥是发酵半年的羊粪",
            "Two mu in greenhouse 3, on sheep manure composted for half a year",
        ),
        step(
            at(now, 2, 5, 40),
            BizStep::Commissioning,
            shed.clone(),
            chen(),
            both("采摘 620 斤", "Picked 310 kg"),
            12,
        )
        .weighing(620)
        .noting(
            "七成红就不摘，九成红才下手",
            "Nothing paler than nine tenths red was picked",
        )
        .with_photos(&["strawberry", "dawn"]),
        step(
            at(now, 2, 7, 10),
            BizStep::Inspecting,
            both("田头演示检测站", "Tiantou demonstration laboratory"),
            both("检测员 老孙", "Inspector Sun"),
            both("快检合格", "Rapid test passed"),
            25,
        )
        .noting(
            "抽 12 颗，农残 68 项未检出",
            "Twelve berries sampled, none of 68 residues found",
        )
        .reported(
            "TT-2026-3082",
            vec![
                absent("啶虫脒", "Acetamiprid", "≤ 2 mg/kg"),
                absent("腐霉利", "Procymidone", "≤ 10 mg/kg"),
                line("铅", "Lead", "≤ 0.1 mg/kg", "0.02 mg/kg", "0.02 mg/kg"),
                line("糖度", "Sugar", "", "12.4 °Bx", "12.4 °Bx"),
            ],
        ),
        step(
            at(now, 2, 9, 30),
            BizStep::Packing,
            shed,
            chen(),
            both("分级装箱，一箱一码", "Graded and boxed, a code on every box"),
            6,
        )
        .weighing(600)
        .noting(
            "30 毫米以上的装了 200 箱，剩下 20 斤小果自家熬酱",
            "200 boxes of fruit over 30 mm; 10 kg of small ones went into the family's jam",
        )
        .with_photos(&["bowl"]),
        step(
            at(now, 1, 6, 30),
            BizStep::Transporting,
            store,
            both("东港冷链 5 号车", "Donggang cold-chain truck 5"),
            both("冷链运到镇上", "Trucked to town, chilled"),
            20,
        )
        .noting(
            "前一晚 20:00 发车，全程 386 公里",
            "Left at 20:00 the evening before, 386 km in all",
        )
        .at_degrees((20, 40), 63, &[31, 28, 26, 29, 33, 30, 27, 29, 32, 30, 28]),
        step(
            at(now, 1, 10, 0),
            BizStep::Receiving,
            both("柳树沟村小卖部", "Liushugou village shop"),
            both("李秀英", "Li Xiuying"),
            both("到自提点，入冷柜", "Arrived at the pick-up point, into the cooler"),
            4,
        )
        .weighing(600)
        .noting("200 箱清点无误", "All 200 boxes counted"),
    ]
}
