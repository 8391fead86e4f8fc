//! `tiantou api-token`: tokens of programs, made, listed and taken back by whoever runs the server.

use crate::{
    config::Storage,
    run::{StartError, open_market},
};
use clap::{Args, Subcommand};
use market::{ApiTokenId, Market, api_token::Scope, people::Person};

/// What is done with whose tokens.
#[derive(Debug, Args)]
pub struct ApiToken {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a token and prints it, alone on standard output: the only time it is seen.
    Create {
        #[command(flatten)]
        of: Owner,
        /// The program's name, 1 to 20 characters.
        #[arg(long)]
        name: String,
        /// What it may be used for; may be given several times.
        #[arg(long = "scope", required = true, value_parser = scope, value_name = "SCOPE")]
        scopes: Vec<Scope>,
    },
    /// Lists the tokens in force: id, name, scopes, made and last used (milliseconds since 1970).
    List {
        #[command(flatten)]
        of: Owner,
    },
    /// Takes a token back, at once.
    Revoke {
        #[command(flatten)]
        of: Owner,
        /// The token's id, as `list` shows it.
        id: String,
    },
}

/// Whose tokens.
#[derive(Debug, Args)]
struct Owner {
    #[command(flatten)]
    storage: Storage,
    /// The owner's mobile number; somebody who signed in before.
    #[arg(long)]
    phone: String,
}

fn scope(text: &str) -> Result<Scope, String> {
    let known = || {
        Scope::ALL
            .iter()
            .map(|scope| scope.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    Scope::try_from(text.to_owned()).map_err(|_| format!("one of {}", known()))
}

impl ApiToken {
    /// Does what was asked.
    ///
    /// # Errors
    /// When nobody has that number, when the market refuses, or the database does not answer.
    pub async fn run(self) -> Result<(), StartError> {
        match self.what {
            What::Create { of, name, scopes } => {
                let (market, owner) = of.find().await?;
                let made = market.make_api_token(&owner, &name, &scopes).await?;
                println!("{}", made.text);
                market.db().close().await;
            }
            What::List { of } => {
                let (market, owner) = of.find().await?;
                for token in market.api_tokens(&owner).await? {
                    let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.as_str()).collect();
                    let used = token.last_used_at.map_or("never".to_owned(), |at| at.0.to_string());
                    let (id, name, made) = (token.id, token.name, token.created_at.0);
                    println!("{id}\t{name}\t{}\t{made}\t{used}", scopes.join(" "));
                }
                market.db().close().await;
            }
            What::Revoke { of, id } => {
                let (market, owner) = of.find().await?;
                market.revoke_api_token(&owner, &ApiTokenId(id)).await?;
                market.db().close().await;
            }
        }
        Ok(())
    }
}

impl Owner {
    async fn find(&self) -> Result<(Market, Person), StartError> {
        let (market, _) = open_market(&self.storage).await?;
        let owner = market.find_person_by_phone(&self.phone).await?;
        let owner = owner.ok_or("nobody has signed in with that number")?;
        Ok((market, owner))
    }
}
