//! Several servers on one database, each a program of its own: what can be killed, and what does not
//! share a desk, a cache or a clock's reading with the others.

use crate::run::StartError;
use std::{net::SocketAddr, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::Mutex,
};

/// Servers that run.
pub(super) struct Fleet {
    servers: Vec<(Mutex<Child>, SocketAddr)>,
}

impl Fleet {
    /// Starts `count` of this program with `flags`, each on a free port, and waits until they serve.
    pub(super) async fn start(count: usize, flags: &[&str]) -> Result<Self, StartError> {
        let mut servers = Vec::with_capacity(count);
        for _ in 0..count {
            let mut child = Command::new(std::env::current_exe()?)
                .arg("serve")
                .args(flags)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()?;
            let said = child.stdout.take().ok_or("a server without a voice")?;
            let address = address(BufReader::new(said)).await?;
            servers.push((Mutex::new(child), address));
        }
        Ok(Fleet { servers })
    }

    /// Where they listen.
    pub(super) fn addresses(&self) -> Vec<SocketAddr> {
        self.servers.iter().map(|(_, address)| *address).collect()
    }

    /// Ends the `nth` at once (SIGKILL), in the middle of whatever it does.
    pub(super) async fn kill(&self, nth: usize) -> Result<(), StartError> {
        let (server, _) = self.servers.get(nth).ok_or("no such server")?;
        Ok(server.lock().await.kill().await?)
    }

    /// Ends them all: what was acknowledged must not need a farewell.
    pub(super) async fn end(self) -> Result<(), StartError> {
        for nth in 0..self.servers.len() {
            self.kill(nth).await?;
        }
        Ok(())
    }
}

/// The address a server says once it can be asked; its further words are read and dropped, so that it
/// never waits for a reader.
async fn address(said: BufReader<tokio::process::ChildStdout>) -> Result<SocketAddr, StartError> {
    let mut lines = said.lines();
    while let Some(line) = lines.next_line().await? {
        if let Some((_, port)) = line.rsplit_once("http://localhost:") {
            let address = SocketAddr::from(([127, 0, 0, 1], port.trim().parse()?));
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(address);
        }
    }
    Err("a server ended before it served".into())
}
