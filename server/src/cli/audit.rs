//! `tiantou audit`: whether what is stored adds up, asked of a database that may be in use.

use crate::{config::Storage, run::StartError};
use clap::Args;
use market::{Clock, Market, audit::Violation, db::Db};
use std::path::Path;

/// Which database, and how to say it.
#[derive(Debug, Args)]
pub struct Audit {
    /// Where the data is.
    #[command(flatten)]
    storage: Storage,
    /// One JSON object: `rules`, and `violations` with rule, subject, expected and found.
    #[arg(long)]
    json: bool,
}

impl Audit {
    /// Checks every rule, reading only, and prints what is wrong.
    ///
    /// # Errors
    /// When anything is wrong, when there is no such database, or when it does not answer.
    pub async fn run(self) -> Result<(), StartError> {
        let url = &self.storage.database_url.0;
        // opening makes a file that is not there, and an empty database always adds up
        if let Some(path) = file(url)
            && !Path::new(path).exists()
        {
            return Err(format!("{path}: there is no such database").into());
        }
        let market = Market::new(Db::open(url).await?, Clock::System, b"");
        let violations = market.audit().await;
        market.db().close().await;
        let violations = violations?;
        println!("{}", report(&violations, self.json));
        match violations.len() {
            0 => Ok(()),
            1 => Err("one thing does not add up".into()),
            n => Err(format!("{n} things do not add up").into()),
        }
    }
}

/// The path in a SQLite address that names a file.
fn file(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    let path = path.split('?').next().unwrap_or(path);
    (!path.is_empty() && path != ":memory:").then_some(path)
}

fn report(violations: &[Violation], json: bool) -> String {
    let rules = market::audit::rules();
    if json {
        return serde_json::json!({ "rules": rules, "violations": violations }).to_string();
    }
    if violations.is_empty() {
        return format!("all {rules} rules hold");
    }
    let line = |broken: &Violation| {
        let Violation {
            rule,
            subject,
            expected,
            found,
        } = broken;
        format!("{subject}: {rule}: should be {expected}, is {found}")
    };
    violations.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_from_other_addresses() {
        assert_eq!(file("sqlite:data/t.db"), Some("data/t.db"));
        assert_eq!(file("sqlite:///var/t.db?mode=ro"), Some("/var/t.db"));
        assert_eq!(file("sqlite::memory:"), None);
        assert_eq!(file("postgres://db/market"), None);
    }

    #[test]
    fn what_is_wrong_is_said_in_words_and_in_json() {
        let broken = [Violation {
            rule: "a shelf holds the sum of its movements",
            subject: "v1".into(),
            expected: 4,
            found: 5,
        }];
        let words = report(&broken, false);
        assert_eq!(words, "v1: a shelf holds the sum of its movements: should be 4, is 5");
        let json: serde_json::Value = serde_json::from_str(&report(&broken, true)).expect("JSON");
        assert_eq!(json["violations"][0]["found"], 5);
        assert_eq!(json["rules"], market::audit::rules());
        assert!(report(&[], false).starts_with("all "));
    }
}
