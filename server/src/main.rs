//! `tiantou`: see `tiantou --help`.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match server::cli::Command::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tiantou: {error}");
            ExitCode::FAILURE
        }
    }
}
