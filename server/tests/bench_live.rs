//! `tiantou bench live` measures: its rows have what is read from them, and a
//! small crowd on loopback gets everything, decrypted.

use std::process::Command;

#[test]
fn a_row_says_what_a_viewer_costs() {
    let output = Command::new(env!("CARGO_BIN_EXE_tiantou"))
        .args(["bench", "live", "--json", "--seconds", "2"])
        .args(["--viewers", "3", "--join-beside", "0"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let rows: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [row, beside] = &rows[..] else { panic!("{text}") };
    for figure in [
        "us_per_packet",
        "floor_sendmmsg_us",
        "floor_gso_us",
        "join_p50_ms",
        "kib_per_viewer",
    ] {
        assert!(row[figure].as_f64().unwrap() > 0.0, "{figure}: {row}");
    }
    assert_eq!(row["viewers"], 3);
    assert_eq!(row["gaps"], 0, "{row}");
    let delivered = row["delivered"].as_f64().unwrap();
    assert!((0.8..1.2).contains(&delivered), "{row}");
    assert!(row["decrypted_by_first"].as_u64().unwrap() > 100, "{row}");
    assert!(beside["join_p50_ms"].as_f64().unwrap() > 0.0, "{beside}");
}
