//! Rice: dried, tested, and a lot that became another at the mill.

use super::{Step, absent, line, step};
use crate::{
    Millis,
    demo::{at, both},
    trace::BizStep,
};

/// Its steps, in order: a list, however long.
pub(super) fn steps(now: Millis) -> Vec<Step> {
    let (field, mill) = (
        both("东港 六亩洼", "Liumuwa field, Donggang"),
        both("东港 合作社米坊", "Co-op mill, Donggang"),
    );
    let chen = || both("陈桂田", "Chen Guitian");
    vec![
        step(
            at(now, 40, 9, 30),
            BizStep::Commissioning,
            field,
            chen(),
            both("收割稻谷 2100 斤", "Harvested 1,050 kg of paddy"),
            60,
        )
        .weighing(2100)
        .with_photos(&["rice", "peak"]),
        step(
            at(now, 38, 16, 0),
            BizStep::Storing,
            mill.clone(),
            both("合作社 老于", "Yu of the co-op"),
            both("低温烘干，入仓", "Dried slowly and stored"),
            45,
        )
        .weighing(1980)
        .noting("水分从 22% 降到 14.5%", "Moisture down from 22% to 14.5%"),
        step(
            at(now, 30, 10, 0),
            BizStep::Inspecting,
            both("田头演示检测站", "Tiantou demonstration laboratory"),
            both("检测员 老孙", "Inspector Sun"),
            both("抽检合格", "Sample passed"),
            120,
        )
        .reported(
            "TT-2026-2610",
            vec![
                line("镉", "Cadmium", "≤ 0.2 mg/kg", "0.03 mg/kg", "0.03 mg/kg"),
                absent("黄曲霉毒素 B1", "Aflatoxin B1", "≤ 10 μg/kg"),
                line("水分", "Moisture", "≤ 15.5%", "14.5%", "14.5%"),
            ],
        ),
        step(
            at(now, 6, 8, 0),
            BizStep::Commissioning,
            mill.clone(),
            both("合作社 老于", "Yu of the co-op"),
            both(
                "碾米：1980 斤稻谷出 1380 斤米",
                "Milled: 990 kg of paddy gave 690 kg of rice",
            ),
            30,
        )
        .weighing(1380)
        .transforming(),
        step(
            at(now, 6, 14, 0),
            BizStep::Packing,
            mill,
            chen(),
            both("真空装袋", "Vacuum-packed"),
            10,
        )
        .weighing(1380)
        .noting("10 斤袋 88 个，5 斤袋 100 个", "88 bags of 5 kg and 100 bags of 2.5 kg"),
        step(
            at(now, 3, 11, 0),
            BizStep::Receiving,
            both("柳树沟村小卖部", "Liushugou village shop"),
            both("李秀英", "Li Xiuying"),
            both("到自提点", "Arrived at the pick-up point"),
            6,
        )
        .weighing(1380),
    ]
}
