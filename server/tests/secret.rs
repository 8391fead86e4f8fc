//! The secret, as whoever runs the program meets it.

use std::process::Command;

/// Runs the program; whether it succeeded, and what it said.
fn tiantou(args: &[&str]) -> (bool, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_tiantou"))
        .args(args)
        .env_remove("TIANTOU_SECRET")
        .env_remove("DATABASE_URL")
        .output()
        .expect("it runs");
    (
        done.status.success(),
        String::from_utf8_lossy(&done.stderr).into_owned(),
    )
}

#[test]
fn with_postgresql_there_must_be_one() {
    // nobody listens there: it is refused before anybody is asked
    let (done, said) = tiantou(&["demo", "--database-url", "postgres://nobody@127.0.0.1:1/nothing"]);
    assert!(!done && said.contains("TIANTOU_SECRET is not set"), "{said}");
}

#[test]
fn another_one_is_refused_and_may_be_replaced() {
    let folder = std::env::temp_dir().join(format!("tiantou-secret-{}", market::request_id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let url = format!("sqlite:{}", folder.join("t.db").display());
    let with =
        |secret: &str, command: &[&str]| tiantou(&[command, &["--database-url", &url, "--secret", secret]].concat());
    assert!(with("one", &["demo"]).0);
    let (done, said) = with("two", &["demo"]);
    assert!(!done && said.contains("--replace-secret"), "{said}");
    assert!(with("two", &["migrate"]).0, "tables need no secret");
    assert!(!with("two", &["demo"]).0, "and set none");
    assert!(with("two", &["migrate", "--replace-secret"]).0);
    assert!(with("two", &["demo"]).0);
    assert!(!with("one", &["demo"]).0);
    std::fs::remove_dir_all(&folder).expect("gone");
}
