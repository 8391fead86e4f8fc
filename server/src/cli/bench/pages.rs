//! Pages a second: the real server on loopback, and beside it a bare handler that answers the same
//! bytes, asked by the same clients in the same run.

use super::alone;
use crate::run::{StartError, start};
use axum::{Router, body::Bytes, http::header, routing::get};
use clap::Args;
use hdrhistogram::Histogram;
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::Instant,
};

/// Which pages, how long, how many connections.
#[derive(Debug, Args)]
pub struct Pages {
    /// Seconds a row.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Connections of each row.
    #[arg(long, value_delimiter = ',', default_value = "1,64")]
    connections: Vec<usize>,
    /// One JSON object a row.
    #[arg(long)]
    json: bool,
    /// The folder of built files.
    #[arg(long, env = "TIANTOU_SITE", default_value = "target/site")]
    site: String,
}

struct Row {
    requests_per_s: f64,
    p50_ms: f64,
    p99_ms: f64,
}

impl Pages {
    /// Measures and prints.
    ///
    /// # Errors
    /// When the server does not start, or a page does not answer 200.
    pub async fn run(self) -> Result<(), StartError> {
        let folder = std::env::temp_dir().join(format!("tiantou-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let running = start(alone(&folder, &self.site)?).await?;
        if !self.json {
            println!(
                "{:<10} {:>5} {:>12} {:>9} {:>9} {:>14} {:>7}",
                "page", "conn", "pages/s", "p50 ms", "p99 ms", "bare/s", "ratio"
            );
        }
        for (name, path) in [("home", "/"), ("product", "/p/strawberry"), ("trace", "/t/DG-1122-03")] {
            let path = if name == "trace" {
                trace_path(&running.state.market).await?
            } else {
                path.to_owned()
            };
            let bytes = fetch(running.http, &path).await?;
            let bare = bare(bytes).await?;
            for &connections in &self.connections {
                let page = load(running.http, &path, connections, self.seconds).await?;
                let floor = load(bare, &path, connections, self.seconds).await?;
                self.print(name, connections, &page, &floor);
            }
        }
        running.stop().await;
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }

    fn print(&self, name: &str, connections: usize, page: &Row, bare: &Row) {
        let ratio = page.requests_per_s / bare.requests_per_s;
        if self.json {
            let row = serde_json::json!({
                "page": name, "connections": connections, "requests_per_s": page.requests_per_s,
                "p50_ms": page.p50_ms, "p99_ms": page.p99_ms, "bare_per_s": bare.requests_per_s, "ratio": ratio,
            });
            println!("{row}");
        } else {
            println!(
                "{name:<10} {connections:>5} {:>12.0} {:>9.2} {:>9.2} {:>14.0} {ratio:>7.2}",
                page.requests_per_s, page.p50_ms, page.p99_ms, bare.requests_per_s
            );
        }
    }
}

async fn trace_path(market: &market::Market) -> Result<String, StartError> {
    let (code, _) = market.recent_batches(1).await?.pop().ok_or("no batch")?;
    Ok(format!("/t/{code}"))
}

/// A handler that does nothing but answer `bytes`.
async fn bare(bytes: Bytes) -> Result<SocketAddr, StartError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let answer = move || async move { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes) };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(get(answer))).await });
    Ok(address)
}

/// One answer's body.
async fn fetch(server: SocketAddr, path: &str) -> Result<Bytes, StartError> {
    let mut connection = BufReader::new(TcpStream::connect(server).await?);
    let mut body = Vec::new();
    ask(&mut connection, path, &mut body).await?;
    Ok(body.into())
}

/// Asks over `connections` connections for `seconds`, each one request after the other.
#[allow(clippy::disallowed_methods)] // measuring
async fn load(server: SocketAddr, path: &str, connections: usize, seconds: u64) -> Result<Row, StartError> {
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds);
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        let path = path.to_owned();
        clients.spawn(async move {
            let mut connection = BufReader::new(TcpStream::connect(server).await?);
            let (mut body, mut times) = (Vec::new(), Histogram::<u64>::new(3)?);
            while Instant::now() < until {
                let asked = Instant::now();
                ask(&mut connection, &path, &mut body).await?;
                times.record(u64::try_from(asked.elapsed().as_micros())?)?;
            }
            Ok::<_, StartError>(times)
        });
    }
    let mut times = Histogram::<u64>::new(3)?;
    while let Some(client) = clients.join_next().await {
        times.add(client??)?;
    }
    let elapsed = begun.elapsed().as_secs_f64();
    let ms = |quantile| times.value_at_quantile(quantile) as f64 / 1000.0;
    Ok(Row {
        requests_per_s: times.len() as f64 / elapsed,
        p50_ms: ms(0.5),
        p99_ms: ms(0.99),
    })
}

/// One request on a kept connection; the body goes into `body`.
async fn ask(connection: &mut BufReader<TcpStream>, path: &str, body: &mut Vec<u8>) -> Result<(), StartError> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAccept-Language: zh-CN\r\n\r\n");
    connection.get_mut().write_all(request.as_bytes()).await?;
    let (mut line, mut length) = (String::new(), None);
    connection.read_line(&mut line).await?;
    if !line.starts_with("HTTP/1.1 200") {
        return Err(format!("{path}: {}", line.trim()).into());
    }
    loop {
        line.clear();
        connection.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<usize>().ok();
        }
    }
    body.resize(length.ok_or("an answer without a length")?, 0);
    connection.read_exact(body).await?;
    Ok(())
}
