//! `tiantou audit` as an operator runs it: the program itself, its words and its exit status.

use market::db::Db;
use std::process::Command;

fn audit(url: &str, flags: &[&str]) -> (bool, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_tiantou"))
        .args(["audit", "--database-url", url])
        .args(flags)
        .output()
        .expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (done.status.success(), text(done.stdout), text(done.stderr))
}

#[tokio::test]
async fn a_sound_database_passes_and_a_broken_one_is_named() {
    let file = std::env::temp_dir().join(format!("tiantou-audit-{}.db", market::request_id()));
    let url = format!("sqlite:{}", file.display());
    let (passed, _, said) = audit(&url, &[]);
    assert!(!passed && said.contains("no such database"), "{said}");
    assert!(!file.exists(), "asking makes nothing");

    let db = Db::open(&url).await.expect("opens");
    db.migrate().await.expect("migrates");
    let market = market::Market::new(db.clone(), market::Clock::System, b"a secret of tests");
    market::demo::fill(&market).await.expect("a village");
    let (passed, words, said) = audit(&url, &[]);
    assert!(passed && words.starts_with("all "), "{words}{said}");

    let Db::Sqlite { write, .. } = &db else {
        unreachable!("opened above")
    };
    sqlx::query("UPDATE variants SET stock = stock + 7 WHERE id = (SELECT MIN(id) FROM variants)")
        .execute(write)
        .await
        .expect("tampered");
    let (passed, words, said) = audit(&url, &[]);
    assert!(
        !passed && words.contains("a shelf holds the sum of its movements"),
        "{words}"
    );
    assert!(said.contains("one thing does not add up"), "{said}");
    let (passed, json, _) = audit(&url, &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let broken = &json["violations"][0];
    let off = broken["found"].as_i64().expect("a number") - broken["expected"].as_i64().expect("a number");
    assert!(!passed && off == 7, "{json}");

    market.db().close().await;
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
}
