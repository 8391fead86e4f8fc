//! TLS around accepted connections. A handshake runs beside the accepting: who begins one and says
//! nothing more keeps nobody waiting. Who speaks plain HTTP here is sent to the same address with https.

use super::TlsError;
use crate::tls::Shelf;
use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Semaphore, mpsc},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Handshakes under way at once; more wait their turn in the system's queue.
const AT_ONCE: usize = 512;
/// Connections that are through and wait to be served.
const WAITING: usize = 64;
/// The first byte of a TLS record with a handshake in it (RFC 8446 §5.1).
const HANDSHAKE: u8 = 22;
/// Bytes of a plain request that are read for its first lines.
const PLAIN: usize = 4096;

/// Who is at the other end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Listens for HTTPS.
pub(crate) struct TlsListener {
    local: SocketAddr,
    through: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    accepting: JoinHandle<()>,
}

impl TlsListener {
    /// HTTPS on `plain`, with the certificates of `shelf`.
    ///
    /// # Errors
    /// When the settings do not fit each other.
    pub(crate) fn new<L>(mut plain: L, local: SocketAddr, shelf: &Arc<Shelf>) -> Result<Self, TlsError>
    where
        L: Listener<Io = TcpStream, Addr = SocketAddr>,
    {
        let acceptor = TlsAcceptor::from(Arc::new(shelf.config()?));
        let (done, through) = mpsc::channel(WAITING);
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let accepting = tokio::spawn(async move {
            while let Ok(turn) = Arc::clone(&turns).acquire_owned().await {
                let (connection, from) = plain.accept().await;
                let (acceptor, done) = (acceptor.clone(), done.clone());
                tokio::spawn(async move {
                    let shaken = tokio::time::timeout(PATIENCE, shake(&acceptor, connection)).await;
                    drop(turn);
                    match shaken {
                        // nobody takes it any more when the server goes
                        Ok(Ok(Some(stream))) => drop(done.send((stream, from)).await),
                        Ok(Ok(None)) => {}
                        Ok(Err(error)) => tracing::debug!(%error, "no handshake"),
                        Err(_) => tracing::debug!("a handshake took too long"),
                    }
                });
            }
        });
        Ok(Self {
            local,
            through,
            accepting,
        })
    }
}

impl Drop for TlsListener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.through.recv().await {
            Some(accepted) => accepted,
            // the accepting task ends with this listener only
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.local)
    }
}

async fn shake(acceptor: &TlsAcceptor, mut connection: TcpStream) -> io::Result<Option<TlsStream<TcpStream>>> {
    let mut first = [0];
    if connection.peek(&mut first).await? == 1 && first[0] == HANDSHAKE {
        return acceptor.accept(connection).await.map(Some);
    }
    let mut request = Vec::with_capacity(PLAIN);
    while !ends(&request) && request.len() < PLAIN {
        if connection.read_buf(&mut request).await? == 0 {
            return Ok(None);
        }
    }
    if let Some(answer) = sent_on(&request) {
        connection.write_all(answer.as_bytes()).await?;
        connection.shutdown().await?;
    }
    Ok(None)
}

fn ends(request: &[u8]) -> bool {
    request.windows(4).any(|four| four == b"\r\n\r\n")
}

/// The same address with https, for a plain request (308 keeps method and body, RFC 9110 §15.4.9).
fn sent_on(request: &[u8]) -> Option<String> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(request).ok()?;
    let path = parsed.path.filter(|path| path.starts_with('/'))?;
    let named = parsed.headers.iter().find(|h| h.name.eq_ignore_ascii_case("host"))?;
    let host = std::str::from_utf8(named.value).ok()?.trim();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(plain) {
        return None;
    }
    Some(format!(
        "HTTP/1.1 308 Permanent Redirect\r\nlocation: https://{host}{path}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_request_is_sent_to_the_same_address_with_https() {
        let answer = sent_on(b"GET /host/A?b=c HTTP/1.1\r\nHost: 192.168.1.5:3000\r\n\r\n").expect("an answer");
        assert!(
            answer.contains("\r\nlocation: https://192.168.1.5:3000/host/A?b=c\r\n"),
            "{answer}"
        );
    }

    #[test]
    fn nonsense_gets_no_answer() {
        for request in [
            &b"\x80junk"[..],
            b"GET / HTTP/1.1\r\n\r\n",
            b"GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        ] {
            assert_eq!(sent_on(request), None, "{}", String::from_utf8_lossy(request));
        }
    }
}
