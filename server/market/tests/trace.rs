//! Batches, what is recorded about them, and what happens when somebody changes it.

mod village;

use market::{
    Bilingual, Market, Millis, Refusal,
    demo::BATCHES,
    trace::{self, Action, BizStep, EventType, Facts, Verdict, link_hash},
};
use village::*;

fn facts(title: &str) -> Facts {
    Facts {
        kind: EventType::Object,
        action: Action::Observe,
        event_time: START.plus(-60_000),
        zone_minutes: 480,
        biz_step: BizStep::Storing,
        batch: "something else".into(),
        weight: None,
        place: Bilingual::new("柳树沟村小卖部", "Liushugou village shop"),
        actor: Bilingual::new("陈桂田", "Chen Guitian"),
        title: Bilingual::new(title, title),
        note: None,
        photos: Vec::new(),
        temperatures: Vec::new(),
        band: None,
        report: None,
        corrects: None,
    }
}

async fn verdict(market: &Market, code: &str) -> Verdict {
    market.find_batch(code).await.expect("read").expect("a batch").verdict
}

#[tokio::test]
async fn the_villages_batches_hold() {
    each_village(|market| async move {
        for code in BATCHES {
            let batch = market.find_batch(code).await.expect("read").expect("a batch");
            assert_eq!(batch.verdict, Verdict::Intact, "{code}");
            assert!(batch.events.len() >= 6);
            assert_eq!(
                batch.events.last().map(|event| event.hash.as_str()),
                Some(batch.head.as_str())
            );
            // Anybody can do it again from what the page offers.
            let mut prev = String::new();
            for event in &batch.events {
                assert_eq!(event.hash, link_hash(&prev, &event.canonical));
                let said = event.facts.as_ref().expect("facts");
                assert!(
                    event.recorded_at >= said.event_time && event.recorded_at <= START,
                    "recorded after, and not ahead"
                );
                prev.clone_from(&event.hash);
            }
            assert!(
                batch
                    .events
                    .iter()
                    .any(|event| event.facts.as_ref().is_some_and(|facts| facts.report.is_some()))
            );
            assert_eq!(
                market.batch_of_product(&batch.product.slug).await.expect("read"),
                Some(batch)
            );
        }
        assert_eq!(
            market
                .find_batch(" dg-hy-03 ")
                .await
                .expect("read")
                .map(|batch| batch.code)
                .as_deref(),
            Some("DG-HY-03")
        );
        assert_eq!(market.find_batch("NO").await.expect("read"), None);
        assert_eq!(market.batch_of_product("honey").await.expect("read"), None);
    })
    .await;
}

#[tokio::test]
async fn the_farmer_and_operators_record() {
    each_village(|market| async move {
        let code = BATCHES[0];
        let before = market.find_batch(code).await.expect("read").expect("a batch");
        let chen = sign_in(&market, CHEN).await;
        let event = market.record(&chen, code, facts("入冷柜")).await.expect("recorded");
        assert_eq!(
            (event.position, event.recorded_at, event.intact),
            (7, market.now(), true)
        );
        assert_eq!(event.facts.as_ref().map(|facts| facts.batch.as_str()), Some(code));
        let operator = sign_in(&market, OPERATOR).await;
        let correction = Facts {
            corrects: Some(7),
            ..facts("更正")
        };
        market.record(&operator, code, correction).await.expect("recorded");

        let after = market.find_batch(code).await.expect("read").expect("a batch");
        assert_eq!((after.verdict, after.events.len()), (Verdict::Intact, 8));
        assert_eq!(after.events[..6], before.events[..]);
        assert_eq!(after.events[6], event);
    })
    .await;
}

#[tokio::test]
async fn others_and_impossible_facts_are_refused() {
    each_village(|market| async move {
        let code = BATCHES[0];
        let chen = sign_in(&market, CHEN).await;
        for phone in [WANG, LI, HE] {
            let other = sign_in(&market, phone).await;
            assert_eq!(
                refusal(market.record(&other, code, facts("x")).await),
                Refusal::NotYours,
                "{phone}"
            );
        }
        assert_eq!(refusal(market.record(&chen, "NO", facts("x")).await), Refusal::NotFound);
        let future = Facts {
            event_time: START.plus(1),
            ..facts("x")
        };
        let warm = trace::Reading {
            time: START.plus(1),
            deci_celsius: 30,
        };
        let cases = [
            (facts(" "), trace::Refusal::BadFacts),
            (
                Facts {
                    place: Bilingual::default(),
                    ..facts("x")
                },
                trace::Refusal::BadFacts,
            ),
            (
                Facts {
                    note: Some(Bilingual::new("长".repeat(5000), "")),
                    ..facts("x")
                },
                trace::Refusal::BadFacts,
            ),
            (future, trace::Refusal::InFuture),
            (
                Facts {
                    temperatures: vec![warm],
                    ..facts("x")
                },
                trace::Refusal::InFuture,
            ),
            (
                Facts {
                    corrects: Some(0),
                    ..facts("x")
                },
                trace::Refusal::NothingToCorrect,
            ),
            (
                Facts {
                    corrects: Some(7),
                    ..facts("x")
                },
                trace::Refusal::NothingToCorrect,
            ),
        ];
        for (case, why) in cases {
            assert_eq!(refusal(market.record(&chen, code, case).await), Refusal::Trace(why));
        }
        let batch = market.find_batch(code).await.expect("read").expect("a batch");
        assert_eq!((batch.events.len(), batch.verdict), (6, Verdict::Intact));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_made_at_once_make_one_chain() {
    each_village(|market| async move {
        let chen = sign_in(&market, CHEN).await;
        let records: Vec<_> = (0..12)
            .map(|n| {
                let (market, chen) = (market.clone(), chen.clone());
                tokio::spawn(async move { market.record(&chen, BATCHES[0], facts(&format!("第 {n} 次"))).await })
            })
            .collect();
        for record in records {
            record.await.expect("no panic").expect("recorded");
        }
        let batch = market.find_batch(BATCHES[0]).await.expect("read").expect("a batch");
        assert_eq!((batch.events.len(), batch.verdict), (18, Verdict::Intact));
    })
    .await;
}

const OF_BATCH: &str = "batch_id = (SELECT id FROM batches WHERE code = 'DG-HY-03')";

#[tokio::test]
async fn an_edited_row_is_found() {
    each_village(|market| async move {
        let code = "DG-HY-03";
        let edit =
            format!("UPDATE trace_events SET facts = REPLACE(facts, '620', '920') WHERE position = 2 AND {OF_BATCH}");
        assert_eq!(tamper(&market, &edit).await, 1);
        assert_eq!(verdict(&market, code).await, Verdict::Broken { at: 2 });
        let batch = market.find_batch(code).await.expect("read").expect("a batch");
        let intact: Vec<_> = batch.events.iter().map(|event| event.intact).collect();
        assert_eq!(
            intact,
            [true, false, true, true, true, true],
            "the edited one is shown, and which it is"
        );

        // Its own hash made to fit: the next one tells.
        let hash = link_hash(&batch.events[0].hash, &batch.events[1].canonical);
        tamper(
            &market,
            &format!("UPDATE trace_events SET hash = '{hash}' WHERE position = 2 AND {OF_BATCH}"),
        )
        .await;
        assert_eq!(verdict(&market, code).await, Verdict::Broken { at: 3 });
        for other in &BATCHES[1..] {
            assert_eq!(verdict(&market, other).await, Verdict::Intact);
        }
    })
    .await;
}

#[tokio::test]
async fn an_edited_last_row_is_found_by_the_head() {
    each_village(|market| async move {
        let batch = market.find_batch("DG-HY-03").await.expect("read").expect("a batch");
        let text = batch.events[5].canonical.replace("无误", "少了");
        let hash = link_hash(&batch.events[4].hash, &text);
        assert_ne!(text, batch.events[5].canonical);
        let edit =
            format!("UPDATE trace_events SET facts = '{text}', hash = '{hash}' WHERE position = 6 AND {OF_BATCH}");
        assert_eq!(tamper(&market, &edit).await, 1);
        assert_eq!(verdict(&market, "DG-HY-03").await, Verdict::Broken { at: 6 });
    })
    .await;
}

#[tokio::test]
async fn deleted_swapped_and_redated_rows_are_found() {
    each_village(|market| async move {
        tamper(&market, "DELETE FROM trace_events WHERE position = 6 AND batch_id = (SELECT id FROM batches WHERE code = 'DG-HY-03')").await;
        assert_eq!(verdict(&market, "DG-HY-03").await, Verdict::Broken { at: 6 });

        let of = "batch_id = (SELECT id FROM batches WHERE code = 'XF-QC-07')";
        for (from, to) in [(2, 99), (3, 2), (99, 3)] {
            tamper(&market, &format!("UPDATE trace_events SET position = {to} WHERE position = {from} AND {of}")).await;
        }
        assert_eq!(verdict(&market, "XF-QC-07").await, Verdict::Broken { at: 2 });

        let of = "batch_id = (SELECT id FROM batches WHERE code = 'DG-XM-01')";
        let earlier = Millis(START.0 - 50 * 24 * 3600 * 1000);
        tamper(&market, &format!("UPDATE trace_events SET recorded_at = {} WHERE position = 1 AND {of}", earlier.0)).await;
        assert_eq!(verdict(&market, "DG-XM-01").await, Verdict::Broken { at: 1 });
    })
    .await;
}

#[tokio::test]
async fn a_batch_without_records_says_so() {
    each_village(|market| async move {
        let add = "INSERT INTO batches (id, code, product_id, harvested_at, weight_grams, head_hash, length) \
                   SELECT 'b', 'EMPTY', id, 0, 500, '', 0 FROM products WHERE slug = 'honey'";
        tamper(&market, add).await;
        let batch = market.find_batch("EMPTY").await.expect("read").expect("a batch");
        assert_eq!(
            (batch.verdict, batch.events.len(), batch.product.traced),
            (Verdict::Empty, 0, false)
        );
        tamper(&market, "UPDATE batches SET length = 1 WHERE code = 'EMPTY'").await;
        assert_eq!(verdict(&market, "EMPTY").await, Verdict::Broken { at: 1 });
    })
    .await;
}
