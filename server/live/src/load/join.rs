//! Joining over HTTP, and the line from there to the crowd's thread.

use super::{LoadError, ROOM, now};
use crate::client::{Client, Part};
use crate::codec::VideoCodec;
use crate::id;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Instant;

/// A connection whose answer has come.
pub(super) struct Joined {
    pub(super) client: Client,
    pub(super) socket: UdpSocket,
    pub(super) begun: Instant,
    /// What the door calls itself in ICE.
    pub(super) remote_name: String,
    /// The session's own address.
    pub(super) url: String,
}

/// Offers, posts, and takes the answer.
pub(super) async fn join(http: &reqwest::Client, stage: &str, token: Option<&str>) -> Result<Joined, LoadError> {
    let begun = now();
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_nonblocking(true)?;
    let (part, door) = match token {
        Some(_) => (Part::Publisher, "whip"),
        None => (Part::Viewer, "whep"),
    };
    let local = socket.local_addr()?;
    let mut client = Client::new(begun, local, part, VideoCodec::Vp8, &mut id::generator())?;
    let request = http
        .post(format!("http://{stage}/{door}/{ROOM}"))
        .header(CONTENT_TYPE, "application/sdp")
        .body(client.offer().to_owned());
    let request = match token {
        Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    };
    let answer = request.send().await?.error_for_status()?;
    let location = answer.headers().get(LOCATION).ok_or("a session without an address")?;
    let url = format!("http://{stage}{}", location.to_str()?);
    let answer = answer.text().await?;
    let name = answer.lines().find_map(|line| line.strip_prefix("a=ice-ufrag:"));
    let remote_name = name.ok_or("an answer without a name")?.to_owned();
    client.accept(now(), answer)?;
    Ok(Joined {
        client,
        socket,
        begun,
        remote_name,
        url,
    })
}
