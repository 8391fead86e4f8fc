//! `tiantou bench scale` measures: its past passes the audit and its journey is walked, small, on both
//! databases.

mod common;

#[test]
fn a_past_is_written_and_the_journey_walked_beside_an_empty_village() {
    let small = ["scale", "--orders", "400", "--session", "100", "--members", "200"];
    let rows = common::bench(&[&small[..], &["--communities", "5", "--visitors", "4"]].concat());
    let databases = 1 + usize::from(market::db::testing::postgres_url().is_some());
    assert_eq!(rows.len(), 12 * databases, "{rows:?}");
    for row in rows {
        for figure in ["empty_p50_ms", "full_p50_ms", "full_p99_ms", "ratio"] {
            assert!(row[figure].as_f64().expect("a figure") > 0.0, "{figure}: {row}");
        }
    }
}
