//! The two origin stories.

use super::{at, both, goods::Farms};
use crate::{
    Error, Millis, ProductId,
    db::Tx,
    story::{self, NewStory},
};

pub(super) const CHEN: &str = "laochen-strawberry";
pub(super) const WANG: &str = "wangshen-orange";

const CHEN_ZH: &str = "凌晨四点半，三号棚的灯先亮。老陈掀起草帘的一角，草莓的甜气跟着冷风一块儿冒出来。他不用看表：“太阳一出来，果子就软了，装车颠到镇上，箱底就是一摊水。”

二〇〇四年他从亲戚手里接下两个旧棚，头一年闹白粉病，第二年赶上大雪压塌了架子，两年赔进去三万多。第三年他去山东学了半个月，回来只改了一样：底肥不再用鸡粪，换成堆了半年的羊粪，土松了，一亩地少打了四遍药。

> “你手机里看见的那个棚，就是我脚底下站着的这个棚。想看哪一垄，你说，我走过去。”

现在他有八个棚。每天摘多少、几点摘的、谁装的箱，他都自己记，手上沾着泥就让儿媳妇念给手机听。有人问他图什么，他说以前卖草莓靠嗓门，现在人家扫一下箱子，啥都明白，省得吵吵。

下午收了工，他在地头支起手机播上四十分钟。不唱歌，也不喊口号，就讲果子怎么挑，回家怎么放，磕坏了怎么赔。讲完天也黑了，他去把草帘一卷一卷放下来。";

const CHEN_EN: &str = "At half past four in the morning the lamp in greenhouse three goes on first. Old Chen lifts a corner of the straw curtain, and the smell of strawberries comes out with the cold. He needs no watch. “Once the sun is on them they go soft. By the time the truck has shaken them to town, the bottom of the box is juice.”

In 2004 he took over two old greenhouses from a relative. Mildew came the first year; in the second, snow broke the frames. Two years cost him more than thirty thousand yuan. In the third he went to Shandong for two weeks to learn, and changed one thing: no more chicken manure, but sheep manure left to rot for half a year. The soil loosened, and each mu needed four sprayings fewer.

> “The greenhouse you see on your phone is the one I am standing in. Tell me which row you want to look at and I will walk over.”

He has eight of them now. How much was picked, when, and who packed it, he notes himself; when his hands are muddy, his daughter-in-law reads it to the phone. Asked why he bothers, he says he used to sell with his voice. Now people scan the box and know, and there is less shouting.

When the day's work is done he props the phone up at the edge of the field and goes live for forty minutes. No songs, no slogans: how to choose the fruit, how to keep it, and what he pays when it is bruised. By then it is dark, and he lets the straw curtains down, one after another.";

const WANG_ZH: &str = "王婶的果园在信丰县城往南二十里，一面朝阳的红土坡，三十亩，一千一百棵脐橙。最老的那棵是她嫁过来那年和男人一起栽的，今年二十九岁了，还在结果。

坡陡，机器上不去。浇水靠一根从山塘接下来的管子，摘果靠肩膀挑。她说挑惯了就不觉得沉，觉得沉的是前些年黄龙病，一口气砍了两百多棵，砍完坐在坡上哭了半天。

> “树跟人一样，你糊弄它一年，它记你三年。”

补种以后，她在树底下养了鸡。鸡吃虫，粪就落在树根上，除草剂从那年起没再买过。四月开花，坡上的蜂箱嗡嗡响，远处坐车的人都能闻见香。

果子要等树上自己转了色才摘。早摘半个月能多卖两毛，她不干：“酸的卖出去，人家明年就不认得你了。”每天露水干了才下剪，一颗剪两刀，不留梗，省得路上你扎我、我扎你。

明天傍晚她要头一回对着手机说话，练了好几遍，还是紧张。她说，说不好就让大伙儿看看树。";

const WANG_EN: &str = "Aunt Wang's orchard lies ten kilometres south of Xinfeng, a sunny slope of red earth: thirty mu, eleven hundred navel orange trees. The oldest she planted with her husband in the year they married. It is twenty-nine now and still bears.

No machine gets up the slope. Water comes down a pipe from the hill pond, and the fruit comes down on her shoulders. You get used to the weight, she says. What weighed on her was the yellow-shoot disease some years ago: more than two hundred trees had to go, and when they were down she sat on the slope and cried half a day.

> “A tree is like a person. Cheat it for one year and it remembers for three.”

After replanting she let hens run below the trees. They eat the insects and leave their droppings at the roots, and she has bought no weedkiller since. In April the hives hum among the blossom, and people in passing cars can smell it.

The fruit waits until it colours on the tree. Picked two weeks sooner it would fetch a little more, but she will not. “Sell them sour, and next year nobody knows you.” She cuts only once the dew has dried, two snips for each fruit so that no stem is left to prick its neighbour on the way.

Tomorrow evening she will talk to a phone for the first time. She has practised and is nervous all the same. If the words do not come, she says, she will just show everybody the trees.";

/// Publishes the stories that are not there yet.
pub(super) async fn stories(
    tx: &mut Tx,
    farms: &Farms,
    products: &[(String, ProductId)],
    now: Millis,
) -> Result<(), Error> {
    let product = |slug: &str| {
        products
            .iter()
            .find(|(listed, _)| listed == slug)
            .map(|(_, id)| id.clone())
    };
    let chen = NewStory {
        slug: CHEN.into(),
        farm: farms.chen.id.clone(),
        product: product("strawberry").ok_or(sqlx::Error::RowNotFound)?,
        title: both("二十二个冬天，老陈守着八个棚", "Twenty-two winters, eight greenhouses"),
        byline: both(
            "陈桂田 口述 · 田头编辑 小周 记",
            "Told by Chen Guitian · written down by Zhou of Tiantou",
        ),
        body: both(CHEN_ZH, CHEN_EN),
        photo: "valley".into(),
        photo_foot: "dawn".into(),
        foot: both(
            "天刚亮，头一筐已经下地了。",
            "First light, and the first basket is already down.",
        ),
        published_at: at(now, 2, 7, 0),
    };
    let wang = NewStory {
        slug: WANG.into(),
        farm: farms.wang.id.clone(),
        product: product("citrus").ok_or(sqlx::Error::RowNotFound)?,
        title: both(
            "一面红土坡，一千一百棵橙",
            "A red slope and eleven hundred orange trees",
        ),
        byline: both(
            "王秀兰 口述 · 田头编辑 小周 记",
            "Told by Wang Xiulan · written down by Zhou of Tiantou",
        ),
        body: both(WANG_ZH, WANG_EN),
        photo: "peak".into(),
        photo_foot: "citrus".into(),
        foot: both("等树上自己转了色，才算熟。", "Ripe is when the tree says so."),
        published_at: at(now, 1, 7, 0),
    };
    for story in [chen, wang] {
        story::publish(tx, &story).await?;
    }
    Ok(())
}
