//! A few neighbours to make pages from: the same shapes the market gives, without a market.

use app::{Assets, Context};
use market::{
    Bilingual, CommunityId, FarmId, GroupId, LiveId, Millis, Money, PersonId, PickupPointId, ProductId, SaleId,
    VariantId, Weight,
    catalog::{Category, Farm, PhotoKind, Product, ProductCard, Variant},
    community::PickupPoint,
    flash_sale::SaleCard,
    group_buy::{Group, GroupCard, GroupState},
    live_session::{GroupPicture, LiveCard, LiveState, SalePicture},
    people::Face,
    story::Story,
    trace::{Action, Batch, BizStep, EventType, Facts, LabLine, LabReport, Reading, TraceEvent, Verdict},
};
use std::sync::Arc;

pub use market::Lang;

/// 2026-11-22 13:53 in Beijing: the day of 小雪.
pub const NOW: Millis = Millis(1_795_326_780_000);
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;

pub fn reader(lang: Lang, path: &str) -> Context {
    Context {
        lang,
        path: path.into(),
        origin: "https://tiantou.example".into(),
        person: None,
        now: NOW,
        save_data: false,
        demonstration: true,
        assets: Arc::new(Assets {
            css: "/pkg/tiantou.css".into(),
            own: "/pkg/own.css".into(),
            stage: "/pkg/stage.css".into(),
            boot: "/pkg/boot.js".into(),
            js: "/pkg/tiantou.js".into(),
            wasm: "/pkg/tiantou.wasm".into(),
        }),
    }
}

fn both(zh: &str, en: &str) -> Bilingual {
    Bilingual::new(zh, en)
}

pub fn farm() -> Farm {
    Farm {
        id: FarmId("f1".into()),
        slug: "chen".into(),
        farmer_id: PersonId("p1".into()),
        farmer_name: "陈桂田".into(),
        name: both("老陈草莓园", "Chen’s strawberry farm"),
        place: both("丹东东港", "Donggang, Dandong"),
        about: both("种草莓 22 年，8 个棚", "22 years of strawberries, 8 greenhouses"),
        portrait: "farmer_m".into(),
        story: Some("chen".into()),
    }
}

pub fn variant(id: &str, zh: &str, en: &str, grams: i64, fen: i64, stock: i64) -> Variant {
    Variant {
        id: VariantId(id.into()),
        name: both(zh, en),
        weight: Weight::grams(grams),
        price: Money::fen(fen),
        stock,
    }
}

#[allow(clippy::too_many_arguments)]
fn good(
    slug: &str,
    category: Category,
    zh: &str,
    en: &str,
    photo: &str,
    place: (&str, &str),
    farm: (&str, &str),
    variant: Variant,
    traced: bool,
) -> ProductCard {
    ProductCard {
        slug: slug.into(),
        category,
        name: both(zh, en),
        place: both(place.0, place.1),
        farm: both(farm.0, farm.1),
        photo: photo.into(),
        photo_kind: PhotoKind::Demonstration,
        variant,
        traced,
    }
}

pub fn strawberry() -> ProductCard {
    good(
        "strawberry",
        Category::Produce,
        "红颜草莓 · 头茬大果",
        "Hongyan strawberries, first pick",
        "strawberry",
        ("丹东东港", "Donggang, Dandong"),
        ("老陈草莓园", "Chen’s strawberry farm"),
        variant("v1", "3 斤礼盒", "1.5 kg gift box", 1500, 8940, 120),
        true,
    )
}

pub fn goods() -> Vec<ProductCard> {
    vec![
        strawberry(),
        good(
            "orange",
            Category::Produce,
            "赣南脐橙 新果",
            "Gannan navel oranges, new season",
            "citrus",
            ("江西信丰", "Xinfeng, Jiangxi"),
            ("王婶果园", "Aunt Wang’s orchard"),
            variant("v2", "10 斤装", "5 kg box", 5000, 3900, 80),
            true,
        ),
        good(
            "rice",
            Category::GrainOil,
            "稻花香 新米",
            "Daohuaxiang rice, new harvest",
            "rice",
            ("黑龙江五常", "Wuchang, Heilongjiang"),
            ("合作社", "Co-op"),
            variant("v3", "10 斤袋", "5 kg bag", 5000, 6800, 40),
            true,
        ),
        good(
            "eggs",
            Category::Daily,
            "散养土鸡蛋",
            "Free-range eggs",
            "eggs",
            ("本县柳树沟", "Liushugou"),
            ("李大爷", "Old Li"),
            variant("v4", "30 枚", "30 pcs", 1500, 3450, 9),
            false,
        ),
        good(
            "mushroom",
            Category::Produce,
            "鲜香菇 厚菇",
            "Fresh shiitake, thick caps",
            "mushroom",
            ("河南西峡", "Xixia, Henan"),
            ("菇棚直采", "Mushroom sheds"),
            variant("v5", "3 斤装", "1.5 kg box", 1500, 2370, 0),
            false,
        ),
        good(
            "greens",
            Category::Produce,
            "霜打菜心",
            "Frost-sweet choy sum",
            "greens",
            ("本村", "This village"),
            ("今早 6 点割", "Cut at 6 this morning"),
            variant("v6", "2 斤把", "1 kg bunch", 1000, 640, 30),
            false,
        ),
        good(
            "honey",
            Category::Daily,
            "荆条巢蜜",
            "Vitex comb honey",
            "honey",
            ("太行山", "Taihang mountains"),
            ("赵师傅", "Master Zhao"),
            variant("v7", "1 斤罐", "500 g jar", 500, 3800, 25),
            true,
        ),
        good(
            "sweetpotato",
            Category::Produce,
            "烟薯 25 号 · 沙地红薯",
            "Yanshu No. 25 sandy-soil sweet potatoes",
            "sweetpotato",
            ("山东莱阳", "Laiyang, Shandong"),
            ("沙地红薯", "Sandy fields"),
            variant("v8", "5 斤袋", "2.5 kg bag", 2500, 1900, 200),
            false,
        ),
    ]
}

pub fn product() -> Product {
    let card = strawberry();
    Product {
        id: ProductId("g1".into()),
        variants: vec![
            card.variant.clone(),
            variant("v1b", "5 斤箱", "2.5 kg box", 2500, 13900, 12),
            variant("v1c", "1 斤尝鲜盒", "500 g taster", 500, 3280, 0),
        ],
        about: both(
            "果径 30 mm 以上，当天摘当天发",
            "Over 30 mm across, picked and shipped the same day",
        ),
        promise: both(
            "收到 24 小时内拍照，坏几个赔几个，不用寄回。",
            "Send a photo within 24 hours: every bad one is paid back, nothing to return.",
        ),
        farm: farm(),
        sold: Weight::grams(1_208_000),
        card,
    }
}

pub fn live(code: &str, state: LiveState) -> LiveCard {
    LiveCard {
        id: LiveId(code.into()),
        code: code.into(),
        title: both(
            "老陈：头茬红颜草莓，现摘现发",
            "Chen: first-pick strawberries, shipped today",
        ),
        state,
        starts_at: NOW.plus(20 * HOUR),
        started_at: (state != LiveState::Scheduled).then_some(NOW.plus(-HOUR)),
        ended_at: None,
        photo: "live".into(),
        farm: farm(),
        host_id: PersonId("p1".into()),
    }
}

pub fn sale(product: ProductCard, joined: i64, need: i64, price: i64, solo: i64) -> SaleCard {
    let groups = if joined == 0 {
        vec![]
    } else {
        vec![GroupPicture {
            code: "LIXY22".into(),
            leader: "李秀英".into(),
            joined,
            need,
            deadline: NOW.plus(8 * HOUR + 7 * MINUTE),
        }]
    };
    SaleCard {
        live_code: "CHEN88".into(),
        sale: SalePicture {
            id: SaleId("s1".into()),
            price: Money::fen(price),
            solo: Money::fen(solo),
            weight: product.variant.weight,
            quota: 300,
            released: 300,
            stock: 108,
            per_person: 4,
            need,
            ends_at: NOW.plus(8 * HOUR + 7 * MINUTE),
            rounds: vec![],
            groups,
            formed: 3,
            quote: None,
        },
        product,
    }
}

pub fn group(state: GroupState, joined: i64, need: i64) -> Group {
    let names = [
        "李秀英",
        "陈国强",
        "王建国",
        "刘洋",
        "赵桂芳",
        "孙丽",
        "周敏",
        "何平",
        "吴刚",
        "郑爽",
    ];
    Group {
        id: GroupId("gr1".into()),
        code: "LIXY22".into(),
        state,
        sale: SaleId("s1".into()),
        live_code: "CHEN88".into(),
        leader_id: PersonId("p2".into()),
        leader_name: "李秀英".into(),
        leader_opened: 146,
        pickup: PickupPoint {
            id: PickupPointId("pp1".into()),
            name: both("柳树沟村小卖部", "Liushugou village shop"),
            address: both("柳树沟村 12 号，村口大槐树旁", "12 Liushugou, by the old locust tree"),
            opens_minute: 600,
            closes_minute: 1140,
            community: CommunityId("c1".into()),
            leader_id: PersonId("p2".into()),
            leader_name: "李秀英".into(),
        },
        product: strawberry(),
        variant: strawberry().variant,
        price: Money::fen(5940),
        solo: Money::fen(8940),
        per_person: 4,
        stock: 108,
        need,
        joined,
        members: names
            .iter()
            .cycle()
            .take(usize::try_from(joined).unwrap_or(0))
            .map(|name| Face::of(name))
            .collect(),
        deadline: NOW.plus(8 * HOUR + 7 * MINUTE),
    }
}

pub fn group_card(code: &str, product: ProductCard, joined: i64, need: i64) -> GroupCard {
    GroupCard {
        code: code.into(),
        state: GroupState::Open,
        price: Money::fen(product.variant.price.as_fen() * 2 / 3),
        solo: product.variant.price,
        weight: product.variant.weight,
        product,
        leader_name: "李秀英".into(),
        need,
        joined,
        deadline: NOW.plus(26 * HOUR),
    }
}

fn event(
    position: i64,
    ago: i64,
    late: i64,
    biz_step: BizStep,
    place: (&str, &str),
    actor: (&str, &str),
    title: (&str, &str),
) -> TraceEvent {
    let at = NOW.plus(-ago);
    let facts = Facts {
        kind: EventType::Object,
        action: if position == 1 { Action::Add } else { Action::Observe },
        event_time: at,
        zone_minutes: 480,
        biz_step,
        batch: "DG-1122-03".into(),
        weight: None,
        place: both(place.0, place.1),
        actor: both(actor.0, actor.1),
        title: both(title.0, title.1),
        note: None,
        photos: vec![],
        temperatures: vec![],
        band: None,
        report: None,
        corrects: None,
    };
    let canonical = serde_json::to_string(&facts).expect("facts are JSON");
    TraceEvent {
        position,
        facts: Some(facts),
        canonical,
        hash: format!(
            "{:064x}",
            0xa3f1_9c0e_77d2_41b8_u64.rotate_left(u32::try_from(position).unwrap_or(1))
        ),
        recorded_at: at.plus(late),
        intact: true,
    }
}

pub fn batch() -> Batch {
    let mut events = vec![
        event(
            1,
            80 * 24 * HOUR,
            0,
            BizStep::Commissioning,
            ("东港 3 号棚", "Greenhouse 3, Donggang"),
            ("陈桂田", "Chen Guitian"),
            ("定植 红颜 脱毒苗", "Planted Hongyan, virus-free"),
        ),
        event(
            2,
            8 * HOUR + 13 * MINUTE,
            MINUTE,
            BizStep::Commissioning,
            ("东港 3 号棚", "Greenhouse 3, Donggang"),
            ("陈桂田", "Chen Guitian"),
            ("采摘", "Picked"),
        ),
        event(
            3,
            6 * HOUR + 43 * MINUTE,
            3 * HOUR,
            BizStep::Inspecting,
            ("东港市农检站", "Donggang food testing station"),
            ("东港市农检站", "Donggang food testing station"),
            ("快检", "Quick test"),
        ),
        event(
            4,
            4 * HOUR + 23 * MINUTE,
            0,
            BizStep::Packing,
            ("丹东冷库", "Dandong cold store"),
            ("老陈草莓园", "Chen’s strawberry farm"),
            ("分级装箱，一箱一码", "Graded and boxed, a code on each box"),
        ),
        event(
            5,
            3 * HOUR,
            0,
            BizStep::Transporting,
            ("沈海高速", "Shenyang–Haikou expressway"),
            ("老周冷链", "Zhou’s cold transport"),
            ("冷链在路上", "On the way, chilled"),
        ),
        event(
            6,
            10 * MINUTE,
            0,
            BizStep::Receiving,
            ("柳树沟村小卖部", "Liushugou village shop"),
            ("李秀英", "Li Xiuying"),
            ("到货", "Arrived"),
        ),
    ];
    let set = |event: &mut TraceEvent, change: &dyn Fn(&mut Facts)| {
        if let Some(facts) = &mut event.facts {
            change(facts)
        }
    };
    set(&mut events[0], &|facts| {
        facts.note = Some(both(
            "3 号棚 2 亩，底肥为发酵羊粪",
            "Greenhouse 3, fermented sheep manure",
        ))
    });
    set(&mut events[1], &|facts| {
        facts.weight = Some(Weight::grams(310_000));
        facts.photos = vec!["strawberry".into(), "valley".into()];
    });
    set(&mut events[2], &|facts| {
        facts.report = Some(LabReport {
            laboratory: both("东港市农产品质量安全检测站", "Donggang food safety testing station"),
            number: "DG2026-11-3082".into(),
            lines: vec![
                LabLine {
                    item: both("啶虫脒", "Acetamiprid"),
                    limit: "≤ 2 mg/kg".into(),
                    result: both("未检出", "not found"),
                    pass: true,
                },
                LabLine {
                    item: both("铅", "Lead"),
                    limit: "≤ 0.1 mg/kg".into(),
                    result: both("0.02", "0.02"),
                    pass: true,
                },
                LabLine {
                    item: both("糖度", "Sugar"),
                    limit: String::new(),
                    result: both("12.4 °Bx", "12.4 °Bx"),
                    pass: true,
                },
            ],
        })
    });
    set(&mut events[4], &|facts| {
        facts.band = Some((20, 40));
        facts.temperatures = [30, 34, 28, 36, 31, 26, 32, 29, 35, 30, 32]
            .iter()
            .enumerate()
            .map(|(at, &deci_celsius)| Reading {
                time: NOW.plus(-3 * HOUR + i64::try_from(at).unwrap_or(0) * 15 * MINUTE),
                deci_celsius,
            })
            .collect();
    });
    Batch {
        code: "DG-1122-03".into(),
        harvested_at: NOW.plus(-8 * HOUR - 13 * MINUTE),
        weight: Weight::grams(310_000),
        product: strawberry(),
        farm: farm(),
        head: events[5].hash.clone(),
        events,
        verdict: Verdict::Intact,
    }
}

pub fn story() -> Story {
    Story {
        slug: "chen".into(),
        title: both("二十二个冬天，老陈守着八个棚", "Twenty-two winters, eight greenhouses"),
        byline: both(
            "陈桂田 口述 · 田头编辑 小周 记",
            "Told by Chen Guitian, written down by Zhou",
        ),
        body: both(
            "凌晨四点半，棚里挂的那盏灯先亮。老陈掀开草帘一角，冷气和草莓味一起涌出来。“摘早不摘晚，太阳一晒，果就软。”\n\n他 2004 年开始种草莓，头三年赔了两年。后来他改了一件事：底肥只用发酵过半年的羊粪，一亩少打四遍药。\n\n> “你在手机里看见的棚，就是我站着的这个棚。”\n\n今年起，每一箱都贴码。哪天摘的、谁摘的、几点装的车，扫一下都在。老陈说，这比喊“纯天然”管用。",
            "At half past four the lamp in the greenhouse is the first light. Chen lifts a corner of the straw mat, and the cold comes out with the smell of strawberries.\n\n> “The greenhouse you see on your phone is the one I am standing in.”\n\nSince this year every box carries a code.",
        ),
        photo: "valley".into(),
        photo_foot: "dawn".into(),
        foot: both(
            "天刚亮，头一筐果已经下地了。",
            "At first light the first basket is already down.",
        ),
        farm: farm(),
        product: strawberry(),
        published_at: NOW.plus(-48 * HOUR),
    }
}
