//! Oranges: a corrected weight, and a warm hour on the road that is shown, not hidden.

use super::{Step, absent, line, step};
use crate::{
    Millis,
    demo::{at, both},
    trace::BizStep,
};

/// Its steps, in order: a list, however long.
pub(super) fn steps(now: Millis) -> Vec<Step> {
    let (slope, shed) = (
        both("信丰 南坡果园", "South slope, Xinfeng"),
        both("信丰 分选棚", "Sorting shed, Xinfeng"),
    );
    let wang = || both("王秀兰", "Wang Xiulan");
    let truck = || both("赣南冷链 12 号车", "Gannan cold-chain truck 12");
    vec![
        step(
            at(now, 5, 8, 20),
            BizStep::Commissioning,
            slope,
            wang(),
            both("采摘 3000 斤", "Picked 1,500 kg"),
            35,
        )
        .weighing(3000)
        .noting(
            "露水干了才摘，两剪法，不带梗",
            "Picked after the dew dried, stems cut twice so none is left",
        )
        .with_photos(&["citrus", "valley"]),
        step(
            at(now, 5, 15, 0),
            BizStep::Inspecting,
            both("田头演示检测站", "Tiantou demonstration laboratory"),
            both("检测员 小钟", "Inspector Zhong"),
            both("抽检合格", "Sample passed"),
            90,
        )
        .reported(
            "TT-2026-2977",
            vec![
                absent("毒死蜱", "Chlorpyrifos", "≤ 1 mg/kg"),
                absent("抑霉唑", "Imazalil", "≤ 5 mg/kg"),
                line("糖度", "Sugar", "", "13.1 °Bx", "13.1 °Bx"),
                line("果汁率", "Juice", "", "52%", "52%"),
            ],
        ),
        step(
            at(now, 4, 9, 0),
            BizStep::Packing,
            shed.clone(),
            wang(),
            both("清水洗，分级装箱", "Washed in plain water, graded and boxed"),
            40,
        )
        .weighing(2680)
        .noting("不打蜡不上色", "No wax, no colouring"),
        step(
            at(now, 4, 9, 50),
            BizStep::Packing,
            shed,
            wang(),
            both("更正：装箱是 2860 斤", "Correction: 1,430 kg were boxed"),
            5,
        )
        .weighing(2860)
        .noting(
            "上一条把斤数写反了，按出库单改正；140 斤伤果没装",
            "The figures before were swapped; corrected from the delivery note. 70 kg of bruised fruit were left out",
        )
        .correcting(3),
        step(
            at(now, 3, 18, 0),
            BizStep::Shipping,
            both("信丰 果品站", "Fruit depot, Xinfeng"),
            truck(),
            both("预冷到 7 ℃，发车", "Pre-cooled to 7 °C and dispatched"),
            15,
        ),
        step(
            at(now, 2, 14, 0),
            BizStep::Transporting,
            both("路上", "On the road"),
            truck(),
            both("冷链途中", "On the cold chain"),
            30,
        )
        .noting(
            "中午换车装卸，升到 11.2 ℃，四十分钟后回落",
            "Reloading at noon let it rise to 11.2 °C; back in the band forty minutes later",
        )
        .at_degrees((50, 100), 120, &[71, 69, 66, 70, 74, 73, 68, 75, 112, 86, 78]),
        step(
            at(now, 1, 9, 10),
            BizStep::Receiving,
            both("河湾村老粮站", "Hewan old grain station"),
            both("张建国", "Zhang Jianguo"),
            both("到自提点", "Arrived at the pick-up point"),
            8,
        )
        .weighing(2860),
    ]
}
