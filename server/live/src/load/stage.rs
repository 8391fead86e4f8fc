//! The door alone in a process, so that its costs are its own.

use super::{LoadError, ROOM, asked};
use crate::admission::{Key, Ticket};
use crate::{Config, Live, router};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;
use tokio::net::TcpListener;

/// What a process has cost so far, by the kernel's accounting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Microseconds of CPU, user and system, of all its threads.
    pub cpu_us: u64,
    /// Resident memory now, KiB.
    pub resident_kib: u64,
    /// The most it has been, KiB.
    pub peak_kib: u64,
    /// Media packets forwarded to viewers.
    pub forwarded: u64,
    /// Open file descriptors.
    pub descriptors: u64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            cpu_us,
            resident_kib,
            peak_kib,
            forwarded,
            descriptors,
        } = self;
        write!(f, "{cpu_us} {resident_kib} {peak_kib} {forwarded} {descriptors}")
    }
}

impl FromStr for Cost {
    type Err = LoadError;

    fn from_str(line: &str) -> Result<Self, LoadError> {
        let numbers: Vec<u64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [cpu_us, resident_kib, peak_kib, forwarded, descriptors] = numbers[..] else {
            return Err(format!("not a cost: {line}").into());
        };
        Ok(Self {
            cpu_us,
            resident_kib,
            peak_kib,
            forwarded,
            descriptors,
        })
    }
}

/// Microseconds of CPU that `who` has used.
pub(super) fn cpu_us(who: UsageWho) -> Result<u64, LoadError> {
    let usage = getrusage(who)?;
    let us = |t: TimeVal| t.tv_sec() as u64 * 1_000_000 + t.tv_usec() as u64;
    Ok(us(usage.user_time()) + us(usage.system_time()))
}

/// Serves the door on loopback. Says `<http address> <udp address> <token>` on a line, then a
/// [`Cost`] for every line it reads, until there are no more.
///
/// # Errors
/// When a port cannot be had or the kernel does not tell.
pub async fn stage() -> Result<(), LoadError> {
    let key = Key::new(b"nothing here is worth a secret");
    let config = Config {
        udp: (Ipv4Addr::LOCALHOST, 0).into(),
        max_viewers: 10_000,
        max_viewers_total: 10_000,
        ..Config::default()
    };
    let live = Live::start(config, key.clone())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let ticket = Ticket {
        room: ROOM.into(),
        publisher: "farmer".into(),
        expires_at_ms: i64::MAX,
    };
    let (http, udp) = (listener.local_addr()?, live.udp_address());
    println!("{http} {udp} {}", ticket.sign(&key));
    let door = router(live.clone());
    tokio::spawn(async move { axum::serve(listener, door).await });
    let mut lines = asked();
    while lines.recv().await.is_some() {
        let forwarded = live.rooms().await.iter().map(|room| room.packets_out).sum();
        let (resident_kib, peak_kib) = memory()?;
        let cost = Cost {
            cpu_us: cpu_us(UsageWho::RUSAGE_SELF)?,
            resident_kib,
            peak_kib,
            forwarded,
            // one of them is the folder that is being read
            descriptors: std::fs::read_dir("/proc/self/fd")?.count().saturating_sub(1) as u64,
        };
        println!("{cost}");
    }
    Ok(())
}

/// Resident memory now and at most, KiB (proc_pid_status(5)).
fn memory() -> Result<(u64, u64), LoadError> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let field = |name: &str| -> Result<u64, LoadError> {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.split_whitespace().next());
        Ok(number.ok_or("no such line in /proc/self/status")?.parse()?)
    };
    Ok((field("VmRSS:")?, field("VmHWM:")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_read_as_it_is_written() {
        let cost = Cost {
            cpu_us: 1,
            resident_kib: 2,
            peak_kib: 3,
            forwarded: 4,
            descriptors: 5,
        };
        assert_eq!(cost.to_string().parse::<Cost>().unwrap(), cost);
        assert!("1 2 3".parse::<Cost>().is_err());
    }

    #[test]
    fn the_kernel_tells() {
        let (now, most) = memory().unwrap();
        assert!(now > 0 && most >= now);
        assert!(cpu_us(UsageWho::RUSAGE_SELF).unwrap() > 0);
    }
}
