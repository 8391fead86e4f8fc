//! Every setting, in one place. The environment and flags say the same; a flag wins.

use clap::Args;
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};
use url::Url;

/// A value that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            Err("must not be empty".into())
        } else {
            Ok(Secret(text.into()))
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct Storage {
    /// sqlite:PATH or postgres://…
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite:data/tiantou.db",
        hide_env_values = true
    )]
    pub database_url: DatabaseUrl,
    /// Keys the hashes of codes, phones and addresses, and the farmers' tickets. Without it one is
    /// made and kept beside the SQLite file; with PostgreSQL it must be given, the same to every server.
    #[arg(long, env = "TIANTOU_SECRET", hide_env_values = true)]
    pub secret: Option<Secret>,
    /// A file with milliseconds to add to the clock: for tests that move the time.
    #[arg(long, env = "TIANTOU_CLOCK_FILE", hide = true)]
    pub clock_file: Option<PathBuf>,
}

/// A database's address; it may hold a password, so it is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(pub String);

impl FromStr for DatabaseUrl {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = ["sqlite:", "postgres:", "postgresql:"];
        if known.iter().any(|scheme| text.starts_with(scheme)) {
            Ok(DatabaseUrl(text.into()))
        } else {
            Err("begins with sqlite: or postgres:".into())
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.split(':').next().unwrap_or_default();
        write!(f, "{scheme}:***")
    }
}

/// clap shows default values by `Display`.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.split('@').next_back().unwrap_or_default())
    }
}

/// Whether HTTPS is served, and with whose certificate.
#[derive(Debug, Clone, Args)]
pub struct Https {
    /// HTTPS for phones in the house, with a certificate of our own: cameras open only over HTTPS.
    /// Listens on every address unless --listen names one other than 127.0.0.1.
    #[arg(long, env = "TIANTOU_LAN", conflicts_with_all = ["tls_cert", "acme_domain"])]
    pub lan: bool,
    /// A PEM file with the certificate chain that HTTPS is served with; read again when it changes.
    #[arg(long, env = "TIANTOU_TLS_CERT", requires = "tls_key", conflicts_with = "acme_domain")]
    pub tls_cert: Option<PathBuf>,
    /// A PEM file with its key.
    #[arg(long, env = "TIANTOU_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// The site's names, with commas: certificates for them are fetched and renewed (ACME, TLS-ALPN-01;
    /// the authority must reach this server at port 443).
    #[arg(long, env = "TIANTOU_ACME_DOMAIN", value_delimiter = ',')]
    pub acme_domain: Vec<String>,
    /// Where the authority may write to.
    #[arg(long, env = "TIANTOU_ACME_EMAIL")]
    pub acme_email: Option<String>,
    /// The authority's directory.
    #[arg(
        long,
        env = "TIANTOU_ACME_DIRECTORY",
        default_value = "https://acme-v02.api.letsencrypt.org/directory"
    )]
    pub acme_directory: Url,
    /// A PEM file to know the authority by, instead of the system's.
    #[arg(long, env = "TIANTOU_ACME_ROOT")]
    pub acme_root: Option<PathBuf>,
}

/// How the site is served.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Whether HTTPS is served.
    #[command(flatten)]
    pub https: Https,
    /// Where the data is.
    #[command(flatten)]
    pub storage: Storage,
    /// Address and port for HTTP.
    #[arg(long, env = "TIANTOU_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Address and port for pictures (UDP). Without it, the same as for HTTP.
    #[arg(long, env = "TIANTOU_MEDIA")]
    pub media: Option<SocketAddr>,
    /// Addresses under which viewers reach the UDP port, where it stands behind a translation (NAT).
    #[arg(long, env = "TIANTOU_MEDIA_ADDRESS", value_delimiter = ',')]
    pub media_address: Vec<IpAddr>,
    /// The site's address as people type it; with https: cookies are sent over it only.
    #[arg(long, env = "TIANTOU_ORIGIN")]
    pub origin: Option<Url>,
    /// The folder of built files.
    #[arg(long, env = "TIANTOU_SITE", default_value = "target/site")]
    pub site: PathBuf,
    /// Fills an empty database with the demonstration village and keeps its live on air.
    #[arg(long, env = "TIANTOU_DEMO")]
    pub demo: bool,
    /// Where one-time codes are posted to be sent as SMS (signed with --sms-secret). Without it
    /// they are printed on the console.
    #[arg(long, env = "TIANTOU_SMS_URL", requires = "sms_secret")]
    pub sms_url: Option<Url>,
    /// Signs what is posted to --sms-url.
    #[arg(long, env = "TIANTOU_SMS_SECRET", hide_env_values = true)]
    pub sms_secret: Option<Secret>,
    /// Farmers on air at once.
    #[arg(long, env = "TIANTOU_MAX_PUBLISHERS", default_value_t = 20)]
    pub max_publishers: usize,
    /// Viewers of one live.
    #[arg(long, env = "TIANTOU_MAX_VIEWERS", default_value_t = 500)]
    pub max_viewers: usize,
    /// Forms one network address may post in a minute.
    #[arg(long, env = "TIANTOU_POSTS_PER_MINUTE", default_value_t = 600)]
    pub posts_per_minute: u32,
    /// Requests that one person's programs may make at /api/v1 in a minute, or one network address
    /// without a token.
    #[arg(long, env = "TIANTOU_API_REQUESTS_PER_MINUTE", default_value_t = 600)]
    pub api_requests_per_minute: u32,
    /// Orders served at once; more wait in line.
    #[arg(long, env = "TIANTOU_ORDERS_AT_ONCE", default_value_t = 1024, value_parser = clap::value_parser!(u32).range(1..))]
    pub orders_at_once: u32,
    /// One transaction an order, instead of sharing commits: to compare with.
    #[arg(long, env = "TIANTOU_SINGLE_ORDERS")]
    pub single_orders: bool,
    /// Log lines as JSON.
    #[arg(long, env = "TIANTOU_LOG_JSON")]
    pub log_json: bool,
}

impl Config {
    /// Where to listen: phones in the house cannot reach 127.0.0.1.
    pub fn listening(&self) -> SocketAddr {
        match self.https.lan && self.listen.ip() == Ipv4Addr::LOCALHOST {
            true => SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), self.listen.port()),
            false => self.listen,
        }
    }

    /// Scheme, host and port of the site.
    pub fn origin(&self, listening: SocketAddr) -> String {
        match &self.origin {
            Some(url) => url.origin().ascii_serialization(),
            None if self.https.lan => crate::tls::origin(listening),
            None if !self.https.acme_domain.is_empty() => format!("https://{}", self.https.acme_domain[0]),
            None if self.https.tls_cert.is_some() => format!("https://localhost:{}", listening.port()),
            None if listening.ip().is_loopback() || listening.ip().is_unspecified() => {
                format!("http://localhost:{}", listening.port())
            }
            None => format!("http://{listening}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_printed() {
        let url: DatabaseUrl = "postgres://shop:hunter2@db/market".parse().expect("an address");
        assert_eq!(format!("{url:?}"), "postgres:***");
        assert!(!url.to_string().contains("hunter2"));
        let secret: Secret = "hunter2".parse().expect("a secret");
        assert_eq!(format!("{secret:?}"), "***");
    }
}
