//! The virtual farmer: publishes a clip in a loop through the same WHIP door
//! as every camera, so that a demonstration's live is a real one.

use crate::client::{Client, ClientEvent, Part};
mod show;

pub use crate::clip::{Clip, NotAClip};
use crate::codec::VideoCodec;
use crate::id;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use reqwest::{StatusCode, Url};
use show::Show;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::UdpSocket;

/// How long the server may take to answer a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why publishing ended.
#[derive(Debug, thiserror::Error)]
pub enum FarmerError {
    /// The WHIP address is not one.
    #[error("not a WHIP address: {0}")]
    Address(String),
    /// The server could not be asked.
    #[error("asking the server: {0}")]
    Http(#[from] reqwest::Error),
    /// The server said no.
    #[error("refused with {status}: {words}")]
    Refused {
        /// Its status.
        status: u16,
        /// Its words.
        words: String,
    },
    /// No UDP socket.
    #[error("socket: {0}")]
    Socket(#[from] std::io::Error),
    /// The connection could not be set up.
    #[error("media: {0}")]
    Media(#[from] rtc::shared::error::Error),
    /// The connection was lost; try again.
    #[error("the connection was lost")]
    Lost,
}

/// Publishes `clip` at `whip_url` with the bearer `token`, in real time and
/// round and round, until `stop` is ready; then the session is deleted.
/// Reconnecting is up to the caller.
///
/// # Errors
/// [`FarmerError`]; after one nothing is published.
pub async fn publish(
    whip_url: &str,
    token: &str,
    clip: Arc<Clip>,
    stop: impl Future<Output = ()>,
) -> Result<(), FarmerError> {
    let url = Url::parse(whip_url).map_err(|e| FarmerError::Address(e.to_string()))?;
    let socket = socket_towards(&url).await?;
    let mut client = Client::new(
        now(),
        socket.local_addr()?,
        Part::Publisher,
        VideoCodec::Vp8,
        &mut id::generator(),
    )?;
    let http = reqwest::Client::builder().timeout(PATIENCE).build()?;
    let bearer = format!("Bearer {token}");
    let response = http
        .post(url.clone())
        .header(AUTHORIZATION, &bearer)
        .header(CONTENT_TYPE, "application/sdp")
        .body(client.offer().to_owned())
        .send()
        .await?;
    if response.status() != StatusCode::CREATED {
        return Err(FarmerError::Refused {
            status: response.status().as_u16(),
            words: response.text().await?.trim().to_owned(),
        });
    }
    let session = response
        .headers()
        .get(LOCATION)
        .and_then(|value| url.join(value.to_str().ok()?).ok())
        .ok_or_else(|| FarmerError::Address("no Location in the answer".into()))?;
    client.accept(now(), response.text().await?)?;
    let ended = perform(&socket, &mut client, &clip, stop).await;
    // Whatever happened, the room need not wait for our silence to be noticed.
    let goodbye = http.delete(session).header(AUTHORIZATION, bearer);
    if let Err(error) = goodbye.send().await {
        tracing::debug!(%error, "session not deleted");
    }
    client.close();
    flush(&socket, &mut client).await;
    ended
}

/// A socket at the address this machine speaks from to the host of `url`.
async fn socket_towards(url: &Url) -> Result<UdpSocket, FarmerError> {
    let no_host = || FarmerError::Address(format!("no host in {url}"));
    let host = url.host_str().ok_or_else(no_host)?;
    let port = url.port_or_known_default().ok_or_else(no_host)?;
    let host = host.trim_matches(['[', ']']);
    let mut found = tokio::net::lookup_host((host, port)).await?;
    let server = found.find(SocketAddr::is_ipv4).ok_or_else(no_host)?;
    let probe = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
    probe.connect(server).await?;
    Ok(UdpSocket::bind((probe.local_addr()?.ip(), 0)).await?)
}

async fn perform(
    socket: &UdpSocket,
    client: &mut Client,
    clip: &Clip,
    stop: impl Future<Output = ()>,
) -> Result<(), FarmerError> {
    tokio::pin!(stop);
    let mut datagram = [0; 2048];
    let mut show: Option<Show> = None;
    loop {
        flush(socket, client).await;
        for event in client.take_events() {
            match event {
                ClientEvent::Connected if show.is_none() => show = Some(Show::new(clip, now())),
                ClientEvent::Gone => return Err(FarmerError::Lost),
                // A recording has its keyframes where it has them.
                _ => {}
            }
        }
        let due = [client.next_timeout(), show.as_ref().map(Show::due)];
        let due = due.into_iter().flatten().min();
        let due = due.unwrap_or_else(|| now() + Duration::from_secs(1));
        tokio::select! {
            () = &mut stop => return Ok(()),
            received = socket.recv_from(&mut datagram) => {
                // An ICMP error of the path shows up here; ICE judges the path.
                if let Ok((length, from)) = received {
                    client.receive(now(), from, &datagram[..length]);
                }
            }
            () = tokio::time::sleep_until(due.into()) => {
                let now = now();
                if client.next_timeout().is_some_and(|at| at <= now) {
                    client.timeout(now);
                }
                if let Some(show) = &mut show {
                    show.send_due(now, client)?;
                }
            }
        }
    }
}

async fn flush(socket: &UdpSocket, client: &mut Client) {
    while let Some((to, datagram)) = client.poll_transmit() {
        if let Err(error) = socket.send_to(&datagram, to).await {
            tracing::trace!(%error, "send failed");
        }
    }
}

#[allow(clippy::disallowed_methods)] // the farmer drives a connection of its own
fn now() -> Instant {
    Instant::now()
}
