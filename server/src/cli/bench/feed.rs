//! A change of a live, and when each of thousands of event streams has it: the real server on
//! loopback, and beside it the same bytes written to as many bare connections, in one run.

use super::alone;
use crate::run::{Running, StartError, start};
use clap::Args;
use hdrhistogram::Histogram;
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
    time::Instant,
};

/// Streams that connect at the same time: more would meet the listener's queue, not the feed.
const AT_ONCE: usize = 100;

/// How many listen, how often something changes.
#[derive(Debug, Args)]
pub struct Feed {
    /// Event streams.
    #[arg(long, default_value_t = 5_000)]
    listeners: usize,
    /// Changes.
    #[arg(long, default_value_t = 20)]
    changes: usize,
    /// One JSON object a row.
    #[arg(long)]
    json: bool,
    /// The folder of built files.
    #[arg(long, env = "TIANTOU_SITE", default_value = "target/site")]
    site: String,
}

impl Feed {
    /// Measures and prints.
    ///
    /// # Errors
    /// When the server does not start, or a stream ends early.
    #[allow(clippy::disallowed_methods)] // measuring
    pub async fn run(self) -> Result<(), StartError> {
        let folder = std::env::temp_dir().join(format!("tiantou-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let running = start(alone(&folder, &self.site)?).await?;
        let resident = resident_kib();
        let (heard, mut reports) = mpsc::unbounded_channel();
        let mut clients = JoinSet::new();
        for begun in 0..self.listeners {
            clients.spawn(listen(running.http, heard.clone()));
            if begun % AT_ONCE == AT_ONCE - 1 || begun + 1 == self.listeners {
                // the first picture of each
                for _ in 0..=begun % AT_ONCE {
                    next(&mut reports, &mut clients).await?;
                }
            }
        }
        let each_kib = (resident_kib() - resident) as f64 / self.listeners as f64;
        let mut times = Histogram::<u64>::new(3)?;
        let mut bytes = 0;
        for turn in 0..self.changes {
            let changed = Instant::now();
            change(&running, turn % 2 == 0).await?;
            for _ in 0..self.listeners {
                let event = next(&mut reports, &mut clients).await?;
                times.record(u64::try_from((event.at - changed).as_micros())?)?;
                bytes = event.bytes;
            }
        }
        // Their files are closed before the floor opens as many.
        clients.shutdown().await;
        running.stop().await;
        let floor = floor(self.listeners, self.changes, bytes).await?;
        self.print(&times, &floor, bytes, each_kib);
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }

    fn print(&self, times: &Histogram<u64>, floor: &Histogram<u64>, bytes: usize, each_kib: f64) {
        let ms = |times: &Histogram<u64>, quantile| times.value_at_quantile(quantile) as f64 / 1000.0;
        let (p50, p99, most) = (ms(times, 0.5), ms(times, 0.99), ms(times, 1.0));
        let bare = ms(floor, 0.99);
        if self.json {
            let row = serde_json::json!({
                "listeners": self.listeners, "changes": self.changes, "event_bytes": bytes, "p50_ms": p50,
                "p99_ms": p99, "max_ms": most, "floor_p99_ms": bare, "kib_per_listener": each_kib,
            });
            println!("{row}");
        } else {
            println!(
                "{} listeners, {} changes of {bytes} B: half have it after {p50:.1} ms, 99 % after {p99:.1} ms, \
                 the last after {most:.1} ms; bare writes 99 % after {bare:.1} ms; {each_kib:.1} KiB a listener, \
                 both ends of the connection",
                self.listeners, self.changes
            );
        }
    }
}

/// One event, as a listener had it.
struct Heard {
    at: Instant,
    bytes: usize,
}

/// The next report; an error when a listener gave up.
async fn next(
    reports: &mut mpsc::UnboundedReceiver<Heard>,
    clients: &mut JoinSet<Result<(), StartError>>,
) -> Result<Heard, StartError> {
    tokio::select! {
        heard = reports.recv() => heard.ok_or_else(|| "nobody listens".into()),
        Some(ended) = clients.join_next() => Err(ended?.err().unwrap_or_else(|| "a stream ended".into())),
    }
}

/// Takes the pinned product off, or puts it back.
async fn change(running: &Running, off: bool) -> Result<(), StartError> {
    let market = &running.state.market;
    let card = market.find_live(market::demo::LIVE).await?.ok_or("no live")?;
    let host = market.find_person(&card.host_id).await?.ok_or("no host")?;
    let shelf = market.farm_products(&card.farm.id).await?;
    let first = shelf.first().map(|product| product.variant.id.clone());
    market
        .pin(&host, market::demo::LIVE, first.as_ref().filter(|_| !off))
        .await?;
    Ok(())
}

/// One event stream, read to its end.
#[allow(clippy::disallowed_methods)] // measuring
async fn listen(server: SocketAddr, heard: mpsc::UnboundedSender<Heard>) -> Result<(), StartError> {
    let mut connection = BufReader::with_capacity(2048, TcpStream::connect(server).await?);
    let path = format!("/live/{}/events", market::demo::LIVE);
    let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n");
    connection.get_mut().write_all(request.as_bytes()).await?;
    let mut line = String::new();
    connection.read_line(&mut line).await?;
    if !line.starts_with("HTTP/1.1 200") {
        return Err(format!("{path}: {}", line.trim()).into());
    }
    loop {
        line.clear();
        if connection.read_line(&mut line).await? == 0 {
            return Err("the stream ended".into());
        }
        if line.starts_with("data:") {
            let at = Instant::now();
            let bytes = line.len();
            if heard.send(Heard { at, bytes }).is_err() {
                return Ok(());
            }
        }
    }
}

/// The same bytes written to as many connections by one task, without HTTP, a database or a rule.
#[allow(clippy::disallowed_methods)] // measuring
async fn floor(listeners: usize, changes: usize, bytes: usize) -> Result<Histogram<u64>, StartError> {
    let door = TcpListener::bind("127.0.0.1:0").await?;
    let address = door.local_addr()?;
    let (heard, mut reports) = mpsc::unbounded_channel();
    let mut clients = JoinSet::new();
    let mut connections = Vec::with_capacity(listeners);
    for _ in 0..listeners {
        let heard = heard.clone();
        let connecting = TcpStream::connect(address);
        let ((server, _), mut client) = tokio::try_join!(door.accept(), connecting)?;
        connections.push(server);
        clients.spawn(async move {
            let mut event = vec![0; bytes];
            loop {
                client.read_exact(&mut event).await?;
                let at = Instant::now();
                if heard.send(Heard { at, bytes }).is_err() {
                    return Ok(());
                }
            }
        });
    }
    let event: Arc<[u8]> = vec![b'x'; bytes].into();
    let mut times = Histogram::<u64>::new(3)?;
    for _ in 0..changes {
        let begun = Instant::now();
        for connection in &mut connections {
            connection.write_all(&event).await?;
        }
        for _ in 0..listeners {
            let event = next(&mut reports, &mut clients).await?;
            times.record(u64::try_from((event.at - begun).as_micros())?)?;
        }
    }
    clients.abort_all();
    Ok(times)
}

/// This process's resident memory, in KiB; 0 where the kernel does not say.
fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
