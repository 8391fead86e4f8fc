//! Products, search, farms, portraits, pick-up points and stories, as pages read them.

mod village;

use market::{
    Error, Market, Millis, Money, PhotoId, Refusal, Weight,
    catalog::{Category, PhotoKind},
    order::{self, Method, Target},
};
use village::*;

async fn found(market: &Market, text: &str) -> Vec<String> {
    market
        .search(text, 20)
        .await
        .expect("searched")
        .into_iter()
        .map(|card| card.slug)
        .collect()
}

#[tokio::test]
async fn eight_products_in_three_categories() {
    each_village(|market| async move {
        let all = market.products(None, 20).await.expect("read");
        assert_eq!(all.len(), 8);
        let mut of_categories = 0;
        for &category in Category::ALL {
            let some = market.products(Some(category), 20).await.expect("read");
            assert!(!some.is_empty() && some.iter().all(|card| card.category == category));
            of_categories += some.len();
        }
        assert_eq!(of_categories, 8);
        let photos = market.category_photos().await.expect("read");
        for (&category, (of, photo)) in Category::ALL.iter().zip(&photos) {
            let first = &market.products(Some(category), 1).await.expect("read")[0];
            assert_eq!((category, &first.photo), (*of, photo));
        }
        assert_eq!(photos.len(), Category::ALL.len());
        assert_eq!(market.products(None, 3).await.expect("read"), all[..3]);
        assert!(all.iter().all(|card| card.photo_kind == PhotoKind::Demonstration));
        let sold_out: Vec<_> = all
            .iter()
            .filter(|card| card.variant.stock == 0)
            .map(|card| card.slug.as_str())
            .collect();
        assert_eq!(sold_out, ["mushroom"]);
        let traced: Vec<_> = all
            .iter()
            .filter(|card| card.traced)
            .map(|card| card.slug.as_str())
            .collect();
        assert_eq!(traced, ["strawberry", "rice", "citrus"]);
    })
    .await;
}

#[tokio::test]
async fn a_products_page_is_whole() {
    each_village(|market| async move {
        let product = market.find_product("strawberry").await.expect("read").expect("listed");
        assert_eq!(
            (product.card.name.zh.as_str(), product.card.place.zh.as_str()),
            ("红颜草莓", "辽宁东港")
        );
        assert_eq!(product.variants.len(), 2);
        assert_eq!(product.variants[0], product.card.variant);
        let (price, weight) = (product.variants[0].price, product.variants[0].weight);
        assert_eq!(
            (price, weight, price.per_jin(weight)),
            (Money::fen(8940), Weight::grams(1500), Money::fen(2980))
        );
        assert_eq!(
            (product.farm.slug.as_str(), product.farm.story.as_deref()),
            ("laochen", Some("laochen-strawberry"))
        );
        assert!(!product.promise.zh.is_empty() && !product.promise.en.is_empty());
        // 600 on the shelf, 300 of them set aside for the sale that is on.
        assert_eq!(product.variants[0].stock, 300);
        assert_eq!(market.find_product("durian").await.expect("read"), None);
    })
    .await;
}

#[tokio::test]
async fn what_was_sold_is_counted_as_weight() {
    each_village(|market| async move {
        let sold = async || market.find_product("citrus").await.expect("read").expect("listed").sold;
        assert_eq!(sold().await, Weight::grams(0));
        let he = sign_in(&market, HE).await;
        let product = market.find_product("citrus").await.expect("read").expect("listed");
        let wanted = |packs: i64, method| order::Wanted {
            request_id: format!("{packs}"),
            target: Target::Solo(product.variants[1].id.clone()),
            quantity: packs,
            pickup: market::PickupPointId(String::new()),
            method,
            shown_price: product.variants[1].price,
        };
        let pickup = market.pickup_points().await.expect("read").remove(0).id;
        let at = |wanted: order::Wanted| order::Wanted {
            pickup: pickup.clone(),
            ..wanted
        };
        let kept = market.place(&he, at(wanted(3, Method::Cash))).await.expect("placed");
        assert_eq!(sold().await, Weight::grams(7500));
        let held = market
            .place(&he, at(wanted(20, Method::Balance)))
            .await
            .expect("not paid")
            .order;
        assert!(!held.paid);
        assert_eq!(sold().await, Weight::grams(7500), "what is only held is not sold");
        market.cancel(&he, &kept.order.code).await.expect("called off");
        assert_eq!(sold().await, Weight::grams(0));
    })
    .await;
}

#[tokio::test]
async fn the_card_sells_what_is_on_the_shelf() {
    each_village(|market| async move {
        let he = sign_in(&market, HE).await;
        let product = market.find_product("rice").await.expect("read").expect("listed");
        let pickup = market.pickup_points().await.expect("read").remove(0).id;
        for (key, packs) in [("a", 99), ("b", 81)] {
            let wanted = order::Wanted {
                request_id: key.into(),
                target: Target::Solo(product.variants[0].id.clone()),
                quantity: packs,
                pickup: pickup.clone(),
                method: Method::Cash,
                shown_price: product.variants[0].price,
            };
            market.place(&he, wanted).await.expect("placed");
        }
        let after = market.find_product("rice").await.expect("read").expect("listed");
        assert_eq!(after.card.variant.id, product.variants[1].id);
        assert_eq!(
            after.variants.iter().map(|pack| pack.stock).collect::<Vec<_>>(),
            [200, 0]
        );
    })
    .await;
}

#[tokio::test]
async fn products_are_found_in_both_languages_and_by_sound() {
    each_village(|market| async move {
        for text in [
            "草莓",
            "红颜",
            "hongyan",
            "HongYanCaoMei",
            "caomei",
            "hycm",
            "cm",
            "strawberr",
            "cao mei",
            " 红颜  草莓 ",
        ] {
            assert_eq!(
                found(&market, text).await.first().map(String::as_str),
                Some("strawberry"),
                "{text}"
            );
        }
        assert_eq!(found(&market, "qicheng").await, ["citrus"]);
        assert_eq!(found(&market, "lvcha").await, ["tea"]);
        assert_eq!(found(&market, "烟薯25").await, ["sweetpotato"]);
        assert_eq!(found(&market, "ys25").await, ["sweetpotato"]);
        // By farm and by place: everything from there.
        assert_eq!(found(&market, "老陈").await, ["strawberry", "sweetpotato", "rice"]);
        assert_eq!(found(&market, "xinfeng").await.len(), 5);
        assert_eq!(found(&market, "wsgy").await.len(), 5);
        // Every word must fit.
        assert_eq!(found(&market, "信丰 蛋").await, ["eggs"]);
        assert!(found(&market, "信丰 草莓").await.is_empty());
        // A name comes before a farm that is called so.
        assert_eq!(found(&market, "strawberr").await, ["strawberry", "sweetpotato", "rice"]);
    })
    .await;
}

#[tokio::test]
async fn a_search_cannot_reach_beyond_its_words() {
    each_village(|market| async move {
        for text in [
            "",
            "   ",
            "%",
            "_",
            "%_%",
            "100%",
            "草_",
            "\\",
            "' OR 1=1 --",
            "x%",
            "\u{0}",
        ] {
            assert!(found(&market, text).await.is_empty(), "{text:?}");
        }
        assert!(found(&market, &"草莓".repeat(5000)).await.is_empty());
        assert!(found(&market, "durian\u{0}\n").await.is_empty());
        // PostgreSQL holds no such text: there is nothing by that name, which is no fault.
        for strange in ["strawberry\u{0}", "\u{0}"] {
            let found = market.find_product(strange).await;
            assert!(
                matches!(found, Ok(None) | Err(Error::Refused(Refusal::NotFound))),
                "{found:?}"
            );
        }
        assert_eq!(market.search("信丰", 2).await.expect("searched").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn farms_know_their_farmer_and_their_goods() {
    each_village(|market| async move {
        let chen = sign_in(&market, CHEN).await;
        let farm = market.farm_of(&chen.id).await.expect("read").expect("a farmer");
        assert_eq!((farm.farmer_name.as_str(), farm.slug.as_str()), ("陈桂田", "laochen"));
        assert_eq!(market.farms().await.expect("read").len(), 2);
        let goods = market.farm_products(&farm.id).await.expect("read");
        assert_eq!(
            goods.iter().map(|card| card.slug.as_str()).collect::<Vec<_>>(),
            ["strawberry", "sweetpotato", "rice"]
        );
        let he = sign_in(&market, HE).await;
        assert_eq!(market.farm_of(&he.id).await.expect("read"), None);
    })
    .await;
}

#[tokio::test]
async fn a_portrait_is_the_farmers_own_photo() {
    each_village(|market| async move {
        let (chen, wang, he) = (
            sign_in(&market, CHEN).await,
            sign_in(&market, WANG).await,
            sign_in(&market, HE).await,
        );
        let bytes: Vec<u8> = (0..=255).collect();
        let id = market
            .save_photo(&chen, "image/webp", 16, 12, &bytes)
            .await
            .expect("kept");
        let photo = market.load_photo(&id).await.expect("read").expect("kept");
        assert_eq!(
            (photo.media_type.as_str(), photo.width, photo.height),
            ("image/webp", 16, 12)
        );
        assert_eq!(photo.bytes, bytes);
        assert_eq!(market.load_photo(&PhotoId("no".into())).await.expect("read"), None);
        assert_eq!(
            refusal(market.save_photo(&he, "image/webp", 1, 1, &bytes).await),
            Refusal::NotYours
        );

        let path = format!("/photo/{id}");
        assert_eq!(
            refusal(market.set_portrait(&wang, &path).await),
            Refusal::NotFound,
            "not hers"
        );
        assert_eq!(
            refusal(market.set_portrait(&he, &path).await),
            Refusal::NotYours,
            "no farmer"
        );
        for elsewhere in ["https://example.org/x.jpg", "/photo/", "/photo/nothing", "farmer_f", ""] {
            assert_eq!(
                refusal(market.set_portrait(&chen, elsewhere).await),
                Refusal::NotFound,
                "{elsewhere}"
            );
        }
        market.set_portrait(&chen, &path).await.expect("his own");
        assert_eq!(
            market.farm_of(&chen.id).await.expect("read").expect("his").portrait,
            path
        );
        assert_eq!(
            market.farm_of(&wang.id).await.expect("read").expect("hers").portrait,
            "farmer_f"
        );
    })
    .await;
}

#[tokio::test]
async fn every_leader_has_a_point() {
    each_village(|market| async move {
        let points = market.pickup_points().await.expect("read");
        assert_eq!(
            points
                .iter()
                .map(|point| point.leader_name.as_str())
                .collect::<Vec<_>>(),
            ["李秀英", "张建国"]
        );
        for point in points {
            assert!((0..24 * 60).contains(&point.opens_minute) && point.opens_minute < point.closes_minute);
            assert_eq!(market.find_pickup(&point.id).await.expect("read"), Some(point.clone()));
            assert_eq!(
                market.pickup_of_leader(&point.leader_id).await.expect("read"),
                Some(point)
            );
        }
        let he = sign_in(&market, HE).await;
        assert_eq!(market.pickup_of_leader(&he.id).await.expect("read"), None);
        assert_eq!(
            market
                .find_pickup(&market::PickupPointId("no".into()))
                .await
                .expect("read"),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn stories_are_read_newest_first() {
    each_village(|market| async move {
        let stories = market.stories().await.expect("read");
        assert_eq!(
            stories.iter().map(|story| story.slug.as_str()).collect::<Vec<_>>(),
            ["wangshen-orange", "laochen-strawberry"]
        );
        for story in stories {
            assert_eq!(story.farm.story.as_deref(), Some(story.slug.as_str()));
            assert!(story.published_at < START && story.published_at > Millis(0));
            assert_eq!(market.find_story(&story.slug).await.expect("read"), Some(story));
        }
        assert_eq!(market.find_story("no").await.expect("read"), None);
    })
    .await;
}
