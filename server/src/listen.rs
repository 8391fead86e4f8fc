//! The HTTP listener, and when it gives a connection up.

use axum::serve::{ListenerExt, TapIo};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// A peer that takes nothing for so long is gone, or does not read: an event stream would else hold
/// its buffers for as long as the system's own patience, a quarter of an hour or for ever.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Accepts on `listener`; connections whose peer acknowledges nothing for `patience`, or keeps its
/// window shut for so long, are ended by the kernel (RFC 5482; Linux's `TCP_USER_TIMEOUT`, which
/// counts a shut window too). Elsewhere the system's own patience holds.
pub(crate) fn patient(
    listener: TcpListener,
    patience: Duration,
) -> TapIo<TcpListener, impl FnMut(&mut TcpStream) + Send + 'static> {
    listener.tap_io(move |connection| {
        // events are small and must not wait for one another
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps Nagle's algorithm");
        }
        #[cfg(target_os = "linux")]
        if let Err(error) = socket2::SockRef::from(&*connection).set_tcp_user_timeout(Some(patience)) {
            tracing::debug!(%error, "a connection keeps the system's patience");
        }
        #[cfg(not(target_os = "linux"))]
        let _ = patience;
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use axum::serve::Listener;
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn a_listener_that_does_not_read_is_dropped() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut listener = patient(listener, Duration::from_millis(500));
        let idle = TcpStream::connect(address).await.expect("connected");
        let (mut connection, _) = listener.accept().await;
        let event = [b'x'; 64 * 1024];
        // It writes until the buffers of both ends are full, and then until the kernel gives up.
        let writing = async { while connection.write_all(&event).await.is_ok() {} };
        tokio::time::timeout(Duration::from_secs(60), writing)
            .await
            .expect("the connection is ended");
        drop(idle);
    }
}
