//! `tiantou bench scale` measures: its past passes the audit and its journey is walked, small, on both
//! databases.

mod common;

use std::process::Command;

#[test]
fn a_past_is_written_and_the_journey_walked_beside_an_empty_village() {
    let folder = std::env::temp_dir().join(format!("tiantou-scale-{}", market::request_id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("assets.json"), common::ASSETS).expect("assets");
    let mut bench = Command::new(env!("CARGO_BIN_EXE_tiantou"));
    bench.args(["bench", "scale", "--json", "--orders", "400", "--session", "100"]);
    bench.args(["--members", "200", "--communities", "5", "--visitors", "4"]);
    bench.arg("--folder").arg(&folder).arg("--site").arg(&folder);
    let postgres = market::db::testing::postgres_url();
    if let Some(postgres) = &postgres {
        bench.arg("--postgres").arg(postgres);
    }
    let output = bench.output().expect("it runs");
    let (text, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{errors}");
    let rows: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect();
    let databases = if postgres.is_some() { 2 } else { 1 };
    assert_eq!(rows.len(), 12 * databases, "{text}");
    for row in rows {
        for figure in ["empty_p50_ms", "full_p50_ms", "full_p99_ms", "ratio"] {
            assert!(row[figure].as_f64().expect("a figure") > 0.0, "{figure}: {row}");
        }
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}
