//! Sending one-time codes. The gateway is the outside world: it may be slow or fail, and a failure
//! is told to the person, who may ask again.

use crate::config::{Config, Secret};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::time::Duration;
use url::Url;

/// How long the gateway may take.
const PATIENCE: Duration = Duration::from_secs(8);

/// Who carries the messages.
#[derive(Debug)]
pub enum Gateway {
    /// Printed where the server runs: for one machine and for demonstrations.
    Console,
    /// Posted to an address that sends them, signed.
    Webhook(Webhook),
}

/// A signed HTTP call: `POST {"phone","code","at"}` with `Tiantou-Signature: t=<ms>,v1=<hex>`, where
/// v1 is HMAC-SHA256 over `<ms>.<body>`. The receiver refuses what is older than five minutes.
#[derive(Debug)]
pub struct Webhook {
    url: Url,
    secret: Secret,
    client: reqwest::Client,
}

/// The message was not sent.
#[derive(Debug, thiserror::Error)]
#[error("the SMS gateway did not take the message: {0}")]
pub struct NotSent(String);

impl Gateway {
    /// The gateway that the settings name.
    pub fn from_config(config: &Config) -> Self {
        match (&config.sms_url, &config.sms_secret) {
            (Some(url), Some(secret)) => Gateway::Webhook(Webhook {
                url: url.clone(),
                secret: secret.clone(),
                client: reqwest::Client::new(),
            }),
            _ => Gateway::Console,
        }
    }

    /// Whether codes are seen on this machine only.
    pub fn is_console(&self) -> bool {
        matches!(self, Gateway::Console)
    }

    /// Sends `code` to `phone`; `at_ms` is now.
    ///
    /// # Errors
    /// When the gateway does not answer in time or says no.
    pub async fn send(&self, phone: &str, code: &str, at_ms: i64) -> Result<(), NotSent> {
        match self {
            Gateway::Console => {
                println!("SMS to {phone}: {code}");
                Ok(())
            }
            Gateway::Webhook(webhook) => webhook.send(phone, code, at_ms).await,
        }
    }
}

impl Webhook {
    async fn send(&self, phone: &str, code: &str, at_ms: i64) -> Result<(), NotSent> {
        let body = serde_json::json!({ "phone": phone, "code": code, "at": at_ms }).to_string();
        let answer = self
            .client
            .post(self.url.clone())
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .header("tiantou-signature", signature(&self.secret, at_ms, &body))
            .body(body)
            .send()
            .await
            // the address may hold a key: it stays out of the log
            .map_err(|error| NotSent(error.without_url().to_string()))?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(NotSent(answer.status().to_string()))
        }
    }
}

/// The signature's header.
fn signature(secret: &Secret, at_ms: i64, body: &str) -> String {
    #[allow(clippy::expect_used)] // HMAC takes a key of any length (RFC 2104)
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).expect("any key length");
    mac.update(format!("{at_ms}.{body}").as_bytes());
    format!("t={at_ms},v1={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Router,
        http::{HeaderMap, StatusCode},
        routing::post,
    };
    use std::sync::{Arc, Mutex};

    type Seen = Arc<Mutex<Vec<(String, String)>>>;

    /// A gateway of ours that checks the signature as a real one does and answers `status`.
    async fn gateway(status: StatusCode) -> (Gateway, Seen) {
        let secret: Secret = "s3cret".parse().expect("a secret");
        let seen: Seen = Seen::default();
        let (kept, key) = (Arc::clone(&seen), secret.clone());
        let take = move |headers: HeaderMap, body: String| async move {
            let given = headers["tiantou-signature"].to_str().expect("text").to_owned();
            let at = given
                .split([',', '='])
                .nth(1)
                .and_then(|at| at.parse().ok())
                .expect("a time");
            if given != signature(&key, at, &body) {
                return StatusCode::UNAUTHORIZED;
            }
            kept.lock().expect("no panic holds it").push((given, body));
            status
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/send", listener.local_addr().expect("bound"))
            .parse()
            .expect("an address");
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/send", post(take))).await });
        (
            Gateway::Webhook(Webhook {
                url,
                secret,
                client: reqwest::Client::new(),
            }),
            seen,
        )
    }

    #[tokio::test]
    async fn the_webhook_is_signed() {
        let (gateway, seen) = gateway(StatusCode::ACCEPTED).await;
        gateway
            .send("13800000001", "123456", 1_700_000_000_000)
            .await
            .expect("sent");
        let seen = seen.lock().expect("no panic holds it");
        assert_eq!(seen.len(), 1);
        assert!(seen[0].1.contains("\"code\":\"123456\""));
    }

    #[tokio::test]
    async fn a_gateway_that_says_no_is_told() {
        let (gateway, _) = gateway(StatusCode::SERVICE_UNAVAILABLE).await;
        let error = gateway.send("13800000001", "123456", 0).await.expect_err("refused");
        assert!(!error.to_string().contains("13800000001") && !error.to_string().contains("123456"));
    }
}
