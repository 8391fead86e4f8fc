//! The two farms and their eight products. Places and produce fit each other: what a farm cannot
//! grow is not sold as its own.

use super::{
    both,
    people::{CHEN, Enrolled, WANG},
};
use crate::{
    Bilingual, Error, FarmId, Millis, Money, ProductId, Weight,
    catalog::{self, Category, Farm, NewProduct, NewVariant, PhotoKind},
    db::Tx,
};

/// The slug of the product the live session in progress sells.
pub(super) const STRAWBERRY: &str = "strawberry";

/// Both farms, as others of the village name them.
pub(super) struct Farms {
    pub(super) chen: Farm,
    pub(super) wang: Farm,
}

/// Adds the farms that are not there yet.
pub(super) async fn farms(tx: &mut Tx, people: &Enrolled) -> Result<Farms, Error> {
    let (chen, wang) = (people.with(CHEN)?, people.with(WANG)?);
    let mut chen = Farm {
        id: FarmId::new(),
        slug: "laochen".into(),
        farmer_id: chen.id.clone(),
        farmer_name: chen.name.clone(),
        name: both("老陈草莓园", "Old Chen's strawberry garden"),
        place: both("辽宁东港", "Donggang, Liaoning"),
        about: both(
            "种草莓二十二年，守着八个棚和六亩稻田",
            "Twenty-two years of strawberries, eight greenhouses, six mu of rice",
        ),
        portrait: "farmer_m".into(),
        story: None,
    };
    let mut wang = Farm {
        id: FarmId::new(),
        slug: "wangshen".into(),
        farmer_id: wang.id.clone(),
        farmer_name: wang.name.clone(),
        name: both("王婶果园", "Aunt Wang's orchard"),
        place: both("江西信丰", "Xinfeng, Jiangxi"),
        about: both(
            "三十亩脐橙坡地，树下养鸡，坡上放蜂",
            "Thirty mu of navel oranges on a slope, hens below the trees, bees above",
        ),
        portrait: "farmer_f".into(),
        story: None,
    };
    chen.id = catalog::add_farm(tx, &chen).await?;
    wang.id = catalog::add_farm(tx, &wang).await?;
    Ok(Farms { chen, wang })
}

/// What differs from product to product.
struct Good<'a> {
    farm: &'a Farm,
    category: Category,
    /// Slug and picture are one word.
    slug: &'a str,
    name: Bilingual,
    about: Bilingual,
    promise: Bilingual,
    packs: Vec<NewVariant>,
}

/// A pack: names, grams, fen, packs on the shelf.
fn pack(zh: &str, en: &str, grams: i64, fen: i64, stock: i64) -> NewVariant {
    NewVariant {
        name: both(zh, en),
        weight: Weight::grams(grams),
        price: Money::fen(fen),
        stock,
    }
}

/// Lists the products that are not there yet; answers their ids by slug.
pub(super) async fn products(tx: &mut Tx, farms: &Farms, now: Millis) -> Result<Vec<(String, ProductId)>, Error> {
    let mut ids = Vec::new();
    for (sort, good) in (1..).zip(chens(farms).into_iter().chain(wangs(farms))) {
        let farm = good.farm;
        let product = NewProduct {
            slug: good.slug.into(),
            farm: farm.id.clone(),
            category: good.category,
            name: good.name,
            about: good.about,
            promise: good.promise,
            photo: good.slug.into(),
            photo_kind: PhotoKind::Demonstration,
            sort,
            also_found_by: [&farm.name, &farm.place]
                .iter()
                .flat_map(|words| [words.zh.clone(), words.en.clone()])
                .chain(other_names(good.slug).iter().map(|name| (*name).to_owned()))
                .collect(),
            variants: good.packs,
        };
        ids.push((product.slug.clone(), catalog::list_product(tx, &product, now).await?));
    }
    Ok(ids)
}

/// What people also call it when they look for it.
fn other_names(slug: &str) -> &'static [&'static str] {
    match slug {
        "rice" => &["大米", "稻米"],
        "sweetpotato" => &["地瓜", "番薯"],
        "citrus" => &["橙子"],
        "mushroom" => &["蘑菇"],
        "honey" => &["蜂蜜"],
        "tea" => &["茶叶"],
        _ => &[],
    }
}

/// What 老陈 grows.
fn chens(farms: &Farms) -> [Good<'_>; 3] {
    let farm = &farms.chen;
    [
        Good {
            farm,
            category: Category::Produce,
            slug: STRAWBERRY,
            name: both("红颜草莓", "Hongyan strawberries"),
            about: both(
                "头茬大果，果径 30 毫米以上，当天摘当天装车。拿到手先别洗，冷藏放一夜更甜，两天内吃完。",
                "First-flush fruit over 30 mm across, picked and loaded the same day. Keep them unwashed in the fridge overnight, they turn sweeter; eat within two days.",
            ),
            promise: both(
                "坏一颗赔一颗：取货后 24 小时内拍照给团长，按坏果的斤两退钱，不用寄回。",
                "Every bad berry is paid for: show your leader a photo within 24 hours of pick-up and the bad weight is refunded. Nothing to send back.",
            ),
            packs: vec![
                pack("3 斤礼盒", "1.5 kg gift box", 1500, 8940, 600),
                pack("5 斤家庭装", "2.5 kg family box", 2500, 13900, 120),
            ],
        },
        Good {
            farm,
            category: Category::Produce,
            slug: "sweetpotato",
            name: both("烟薯25号", "Yanshu 25 sweet potatoes"),
            about: both(
                "沙地里长的，挖出来晾了十天才装箱。烤着吃流糖，蒸着吃面。阴凉处放，别进冰箱。",
                "Grown in sandy soil and rested ten days after digging. Syrupy when baked, mealy when steamed. Keep in a cool place, not in the fridge.",
            ),
            promise: both(
                "烂薯、断薯超过一成，拍照退差价；整箱不满意，原样带回自提点全退。",
                "If more than a tenth is rotten or broken, a photo gets the difference back. Not happy with the box? Bring it back to the pick-up point for a full refund.",
            ),
            packs: vec![
                pack("5 斤箱", "2.5 kg box", 2500, 1900, 240),
                pack("10 斤箱", "5 kg box", 5000, 3600, 160),
            ],
        },
        Good {
            farm,
            category: Category::GrainOil,
            slug: "rice",
            name: both("东港越光新米", "Donggang Koshihikari new rice"),
            about: both(
                "今年秋天的新米，订多少碾多少，不抛光。淘一遍就够，水比陈米少放一成。",
                "This autumn's rice, milled to order and not polished. Rinse once and use a tenth less water than for old rice.",
            ),
            promise: both(
                "开袋有虫、有霉味，整袋退钱；没开袋七天内可退。",
                "Insects or a musty smell on opening: the whole bag is refunded. Unopened bags may be returned within seven days.",
            ),
            packs: vec![
                pack("10 斤袋", "5 kg bag", 5000, 6800, 180),
                pack("5 斤袋", "2.5 kg bag", 2500, 3500, 200),
            ],
        },
    ]
}

/// What 王婶 grows and keeps.
fn wangs(farms: &Farms) -> [Good<'_>; 5] {
    let farm = &farms.wang;
    [
        Good {
            farm,
            category: Category::Produce,
            slug: "citrus",
            name: both("赣南脐橙", "Gannan navel oranges"),
            about: both(
                "树上挂到自然转色才摘，不打蜡不催熟，皮上有几道叶子擦的疤。",
                "Left on the tree until they colour by themselves; not waxed, not gassed. Leaves leave a few scars on the skin.",
            ),
            promise: both(
                "坏果按个赔，三天内拍照退钱；酸了不好吃，退一半，果子留着榨汁。",
                "Bad fruit is paid for piece by piece within three days by photo. Too sour? Half your money back, and keep the fruit for juice.",
            ),
            packs: vec![
                pack("10 斤装", "5 kg box", 5000, 3900, 300),
                pack("5 斤装", "2.5 kg box", 2500, 2100, 220),
            ],
        },
        Good {
            farm,
            category: Category::GrainOil,
            slug: "eggs",
            name: both("散养土鸡蛋", "Free-range eggs"),
            about: both(
                "橘子树下散养的鸡，吃虫吃谷。蛋有大有小，三天内捡的。",
                "From hens that scratch below the orange trees for insects and grain. Sizes vary; gathered within three days.",
            ),
            promise: both(
                "破几个补几个，下一趟带来，或者当场退钱。",
                "Every broken egg is replaced with the next delivery or refunded on the spot.",
            ),
            packs: vec![pack("3 斤装，约 30 枚", "1.5 kg, about 30 eggs", 1500, 3450, 90)],
        },
        Good {
            farm,
            category: Category::Produce,
            slug: "mushroom",
            name: both("鲜香菇", "Fresh shiitake"),
            about: both(
                "果园边上的菇棚，天冷长得慢，肉厚。冷藏能放五天。",
                "From the shed beside the orchard; cold weather makes them slow and thick. Keeps five days in the fridge.",
            ),
            promise: both(
                "发黏、发黑的当天退钱，不用寄回。",
                "Slimy or blackened ones are refunded the same day, nothing to send back.",
            ),
            packs: vec![pack("3 斤装", "1.5 kg box", 1500, 2370, 0)],
        },
        Good {
            farm,
            category: Category::Daily,
            slug: "honey",
            name: both("橙花巢蜜", "Orange-blossom comb honey"),
            about: both(
                "四月橙花开的时候割的，连着巢一块儿。天冷会起沙，是正常的。",
                "Cut from the comb when the orange trees bloom in April. It crystallises in the cold, as it should.",
            ),
            promise: both(
                "漏了、碎了整盒重发；没开封一个月内可退。",
                "A leaking or broken box is replaced. Unopened ones may be returned within a month.",
            ),
            packs: vec![pack("1 斤盒", "500 g box", 500, 3800, 150)],
        },
        Good {
            farm,
            category: Category::Daily,
            slug: "tea",
            name: both("赣南高山绿茶", "Gannan mountain green tea"),
            about: both(
                "王婶娘家的茶山，谷雨前手采。八十度的水泡，头一泡别倒。",
                "From Aunt Wang's family's hill, hand-picked before Grain Rain. Brew at 80 °C, and do not pour away the first cup.",
            ),
            promise: both(
                "喝着不对味，开封一两以内照退。",
                "Not to your taste? Returned in full as long as no more than 50 g was used.",
            ),
            packs: vec![pack("半斤罐", "250 g tin", 250, 4800, 80)],
        },
    ]
}
