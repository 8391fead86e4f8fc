//! `tiantou bench`: figures beside a baseline, in one run.

pub mod orders;
pub mod pages;

use crate::run::StartError;
use clap::{Args, Subcommand};

/// What is measured.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Requests a second of home, product and trace page, beside a bare handler with the same bytes.
    Pages(pages::Pages),
    /// Durable orders a second in a flash sale, beside one transaction an order and the floor.
    Orders(orders::Orders),
}

impl Bench {
    /// Measures and prints.
    ///
    /// # Errors
    /// Whatever kept it from being measured.
    pub async fn run(self) -> Result<(), StartError> {
        match self.what {
            What::Pages(pages) => pages.run().await,
            What::Orders(orders) => orders.run().await,
        }
    }
}
