//! Joining over HTTP, and the line from there to the crowd's thread.

use super::{LoadError, ROOM, now};
use crate::client::{Client, Part};
use crate::codec::VideoCodec;
use crate::id;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use std::net::{Ipv4Addr, UdpSocket};
use std::time::Instant;

/// A connection whose answer has come.
pub(super) struct Joined {
    pub(super) client: Client,
    pub(super) socket: UdpSocket,
    pub(super) begun: Instant,
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
    let answer = request.send().await?.error_for_status()?.text().await?;
    client.accept(now(), answer)?;
    Ok(Joined { client, socket, begun })
}
