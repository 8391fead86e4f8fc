//! The audit: whether what is stored still adds up.
//!
//! Levels against the ledgers they are sums of, seats and shares against the orders that hold them,
//! payments against balances, states against each other. Read in one transaction that sees one state;
//! run by an operator's command and at the end of every test. It finds, it never mends.

mod store;

use crate::{Error, Market};
use serde::Serialize;

/// Something that does not add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The rule that is broken, in words.
    pub rule: &'static str,
    /// Whose row: an id or a code, nothing personal.
    pub subject: String,
    /// What the rest of the data says it must be.
    pub expected: i64,
    /// What it is.
    pub found: i64,
}

/// How many rules there are.
pub fn rules() -> usize {
    store::RULES.len()
}

impl Market {
    /// Checks every rule over everything stored; empty when all adds up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn audit(&self) -> Result<Vec<Violation>, Error> {
        let mut tx = self.db.read().await?;
        let mut violations = Vec::new();
        for (rule, sql) in store::RULES {
            let broken = store::broken(&mut tx, sql).await?;
            let named = broken.into_iter().map(|row| Violation {
                rule,
                subject: row.subject,
                expected: row.expected,
                found: row.found,
            });
            violations.extend(named);
        }
        Ok(violations)
    }
}
