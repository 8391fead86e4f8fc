//! A whole server on a free port with the demonstration village, and people who use it.

#![allow(dead_code)] // each test file uses its own part

use clap::Parser;
use futures::StreamExt;
use reqwest::{Client, Response, StatusCode, header::HeaderMap, redirect::Policy};
use server::{Running, config::Config, start};
use std::{path::PathBuf, time::Duration};

/// The demonstration's people.
pub const FARMER: &str = "13800000001";
/// Another farmer.
pub const OTHER_FARMER: &str = "13800000002";
/// A leader.
pub const LEADER: &str = "13800000011";
/// A shopper.
pub const SHOPPER: &str = "13800000021";

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

/// What a built site says of itself.
pub const ASSETS: &str = r#"{"css":"/pkg/a.css","own":"/pkg/o.css","stage":"/pkg/s.css","boot":"/pkg/boot.js","js":"/pkg/a.js","wasm":"/pkg/a.wasm"}"#;

/// The rows that `tiantou bench …` prints as JSON, in a folder of its own and on the tests' PostgreSQL
/// where there is one.
pub fn bench(args: &[&str]) -> Vec<serde_json::Value> {
    let folder = std::env::temp_dir().join(format!("tiantou-bench-{}", market::request_id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("assets.json"), ASSETS).expect("assets");
    let mut bench = std::process::Command::new(env!("CARGO_BIN_EXE_tiantou"));
    bench.arg("bench").args(args).arg("--json");
    bench.arg("--folder").arg(&folder).arg("--site").arg(&folder);
    if let Some(postgres) = market::db::testing::postgres_url() {
        bench.arg("--postgres").arg(postgres);
    }
    let output = bench.output().expect("it runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    std::fs::remove_dir_all(&folder).expect("removed");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a row"))
        .collect()
}

/// A server that runs in this process.
pub struct Site {
    pub running: Option<Running>,
    pub folder: PathBuf,
    pub origin: String,
}

impl Site {
    /// Starts it on an empty SQLite file; `flags` are added to its own.
    pub async fn start(flags: &[&str]) -> Site {
        Site::start_on(None, flags).await
    }

    /// Starts it on the database at `url`, which is migrated.
    pub async fn start_on(url: Option<&str>, flags: &[&str]) -> Site {
        let folder = std::env::temp_dir().join(format!("tiantou-{}", market::request_id()));
        std::fs::create_dir_all(folder.join("site/img")).expect("a folder");
        std::fs::write(folder.join("site/assets.json"), ASSETS).expect("assets");
        std::fs::write(folder.join("site/robots.txt"), "User-agent: *\n").expect("robots");
        copy_pictures(&folder);
        std::fs::write(folder.join("clock"), "0").expect("a clock");
        let (database, site, clock) = (
            url.map_or_else(|| format!("sqlite:{}", folder.join("t.db").display()), str::to_owned),
            folder.join("site"),
            folder.join("clock"),
        );
        let own = ["test", "--demo", "--database-url", &database];
        let free_port = ["--listen", "127.0.0.1:0"];
        let listen = if flags.contains(&"--listen") {
            &[][..]
        } else {
            &free_port
        };
        let paths = [
            "--site",
            site.to_str().expect("text"),
            "--clock-file",
            clock.to_str().expect("text"),
        ];
        let config = Flags::try_parse_from(own.iter().chain(listen).chain(&paths).chain(flags))
            .expect("flags")
            .config;
        let running = start(config).await.expect("the server starts");
        let origin = format!("http://{}", running.http);
        Site {
            running: Some(running),
            folder,
            origin,
        }
    }

    /// Moves the server's clock to `ms` milliseconds ahead of the machine's.
    pub fn move_clock(&self, ms: i64) {
        let next = self.folder.join("clock.next");
        std::fs::write(&next, ms.to_string()).expect("written");
        std::fs::rename(next, self.folder.join("clock")).expect("moved");
    }

    /// What the handlers share.
    pub fn state(&self) -> &server::AppState {
        &self.running.as_ref().expect("it runs").state
    }

    /// Somebody who is not signed in and reads Chinese.
    pub fn stranger(&self) -> Visitor {
        let mut headers = HeaderMap::new();
        headers.insert("accept-language", "zh-CN,zh;q=0.9".parse().expect("a value"));
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .default_headers(headers);
        Visitor {
            client: client.build().expect("a client"),
            origin: self.origin.clone(),
        }
    }

    /// Somebody signed in by phone and code.
    pub async fn member(&self, phone: &str) -> Visitor {
        let visitor = self.stranger();
        let code = visitor.ask_code(phone).await;
        let answer = visitor
            .post("/sign-in/code", &[("phone", phone), ("code", &code), ("next", "/me")])
            .await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "signed in");
        visitor
    }

    /// Stops it and takes its files away.
    pub async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            let violations = running.state.market.audit().await.expect("an audit");
            assert!(violations.is_empty(), "{violations:?}");
            running.stop().await;
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn copy_pictures(folder: &std::path::Path) {
    let pictures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../public/img");
    for entry in std::fs::read_dir(pictures).expect("public/img") {
        let file = entry.expect("an entry").path();
        if file.is_file() {
            std::fs::copy(&file, folder.join("site/img").join(file.file_name().expect("a name"))).expect("copied");
        }
    }
}

/// A browser without scripts.
pub struct Visitor {
    pub client: Client,
    pub origin: String,
}

impl Visitor {
    /// Opens a page.
    pub async fn get(&self, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.origin))
            .send()
            .await
            .expect("an answer")
    }

    /// Opens a page and reads it.
    pub async fn read(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.expect("text")
    }

    /// Sends a form, as a browser does from a page of this site.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let request = self
            .client
            .post(format!("{}{path}", self.origin))
            .header("sec-fetch-site", "same-origin");
        request.form(fields).send().await.expect("an answer")
    }

    /// Asks for a code and reads it off the page, as one does in the demonstration.
    pub async fn ask_code(&self, phone: &str) -> String {
        let answer = self.post("/sign-in", &[("phone", phone), ("next", "/me")]).await;
        assert_eq!(answer.status(), StatusCode::OK, "a code was sent");
        shown_code(&answer.text().await.expect("text"))
    }

    /// The value of a hidden field on a page.
    pub async fn hidden(&self, path: &str, name: &str) -> String {
        let page = self.read(path).await;
        field(&page, name).unwrap_or_else(|| panic!("no field {name} on {path}"))
    }
}

/// Reads a stream of events one by one.
pub struct Events {
    answer: std::pin::Pin<Box<dyn futures::Stream<Item = reqwest::Result<axum::body::Bytes>> + Send>>,
    kept: String,
}

impl Events {
    pub fn of(answer: Response) -> Self {
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Events {
            answer: Box::pin(answer.bytes_stream()),
            kept: String::new(),
        }
    }

    /// The next event's fields as text, within five seconds; `None` at the end.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.kept.find("\n\n") {
                let event = self.kept[..end].to_owned();
                self.kept.drain(..end + 2);
                if !event.starts_with(':') {
                    return Some(event);
                }
                continue;
            }
            let part = tokio::time::timeout(Duration::from_secs(5), self.answer.next())
                .await
                .expect("in time")?;
            self.kept
                .push_str(std::str::from_utf8(&part.expect("bytes")).expect("UTF-8"));
        }
    }
}

/// The six digits a demonstration's sign-in page shows.
pub fn shown_code(page: &str) -> String {
    let mut digits = String::new();
    for c in page.chars().chain(" ".chars()) {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            if digits.len() == 6 {
                return digits;
            }
            digits.clear();
        }
    }
    panic!("no code on the page");
}

/// The value of the input called `name`.
pub fn field(page: &str, name: &str) -> Option<String> {
    let at = page.find(&format!("name=\"{name}\""))?;
    let start = page[..at].rfind('<')?;
    let tag = &page[start..start + page[start..].find('>')?];
    let value = &tag[tag.find("value=\"")? + 7..];
    Some(value[..value.find('"')?].to_owned())
}

/// Where an answer leads.
pub fn location(answer: &Response) -> &str {
    answer
        .headers()
        .get("location")
        .and_then(|to| to.to_str().ok())
        .unwrap_or_default()
}

/// Asks again until it is so, for at most ten seconds.
pub async fn until<F: Future<Output = bool>>(what: &str, is_so: impl FnMut() -> F) {
    until_within(Duration::from_secs(10), what, is_so).await;
}

/// The same with another patience: for what waits on others by its nature.
pub async fn until_within<F: Future<Output = bool>>(patience: Duration, what: &str, mut is_so: impl FnMut() -> F) {
    let patience = tokio::time::timeout(patience, async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(patience.await.is_ok(), "{what}");
}
