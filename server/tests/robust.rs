//! The door under a flood, and after thousands of visits: the same programs that `make soak` and
//! `tiantou bench flood` run for longer.

use serde_json::Value;
use std::process::Command;

/// Runs a bench; its lines.
fn bench(arguments: &[&str]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_tiantou"))
        .arg("bench")
        .args(arguments)
        .arg("--json")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_hundred_viewers_notice_no_flood() {
    let arguments = ["flood", "--seconds", "4", "--pace", "thin", "--datagrams", "3000"];
    let rows = bench(&arguments);
    let row = &rows[0];
    let number = |name: &str| row[name].as_u64().unwrap_or_else(|| panic!("{name}: {row}"));
    assert!(number("junk_datagrams") > 6_000, "{row}");
    for status in ["401", "400", "201"] {
        let answered = row["posts"][status].as_u64();
        assert!(answered.is_some_and(|count| count > 20), "{status}: {row}");
    }
    assert_eq!(number("gaps_during"), 0, "{row}");
    // 75 packets a second to each of a hundred
    assert!(number("packets_during") > 100 * 75 * 3, "{row}");
    assert!(number("longest_silence_during_ms") < 1_000, "{row}");
}

#[test]
fn coming_and_going_leaves_nothing_behind() {
    let rows = bench(&["soak", "--seconds", "30", "--every", "1"]);
    let verdict = rows.last().unwrap();
    assert!(verdict["visits"].as_u64().unwrap() > 500, "{verdict}");
    assert!(verdict["publishers"].as_u64().unwrap() >= 4, "{verdict}");
    assert_eq!(verdict["failed"], 0, "{verdict}");
}
