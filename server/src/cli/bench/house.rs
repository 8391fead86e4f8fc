//! The processes of `bench live`, spoken with in lines.

use crate::run::StartError;
use live::load::{Cost, Pace};
use std::{net::SocketAddr, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

/// Joins timed in a row.
const TIMED_JOINS: usize = 9;
/// A stage and a crowd before it.
pub(super) struct House {
    pub(super) stage: Process,
    pub(super) crowd: Process,
    pub(super) place: Place,
}

/// Where a stage is, and what opens it.
pub(super) struct Place {
    pub(super) http: String,
    pub(super) udp: SocketAddr,
    pub(super) token: String,
}

/// A stage alone.
pub(super) async fn stage() -> Result<(Process, Place), StartError> {
    let mut stage = Process::start(&["stage"])?;
    let said = stage.answer().await?;
    let words: Vec<&str> = said.split(' ').collect();
    let [http, udp, token] = words[..] else {
        return Err("the stage did not say where it is".into());
    };
    let place = Place {
        http: http.into(),
        udp: udp.parse()?,
        token: token.into(),
    };
    Ok((stage, place))
}

/// What the crowd counted.
#[derive(Clone, Copy)]
pub(super) struct Count {
    pub(super) received: u64,
    pub(super) missing: u64,
    pub(super) published: u64,
    pub(super) decrypted: u64,
    /// The longest that any viewer heard nothing since the last count, ms.
    pub(super) silence_ms: u64,
}

impl House {
    pub(super) async fn open(pace: Pace) -> Result<Self, StartError> {
        let (stage, place) = stage().await?;
        let mut crowd = Process::start(&["crowd", &place.http, &place.token, &pace.to_string()])?;
        crowd.answer().await?;
        // a viewer waits for a publisher that stands: its first pictures
        tokio::time::sleep(Duration::from_millis(200)).await;
        Ok(Self { stage, crowd, place })
    }

    pub(super) async fn cost(&mut self) -> Result<Cost, StartError> {
        self.stage.ask("cost").await?.parse()
    }

    pub(super) async fn count(&mut self) -> Result<Count, StartError> {
        // the crowd adds up every 20 ms
        tokio::time::sleep(Duration::from_millis(40)).await;
        let line = self.crowd.ask("count").await?;
        let numbers: Vec<u64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [received, missing, published, decrypted, silence_ms] = numbers[..] else {
            return Err(line.into());
        };
        Ok(Count {
            received,
            missing,
            published,
            decrypted,
            silence_ms,
        })
    }

    pub(super) async fn join(&mut self, viewers: usize) -> Result<(), StartError> {
        if viewers > 0 {
            self.crowd.ask(&format!("join {viewers}")).await?;
        }
        Ok(())
    }

    /// The median of a few joins one after the other, milliseconds to the first picture.
    pub(super) async fn timed_joins(&mut self) -> Result<f64, StartError> {
        let mut times = Vec::new();
        for _ in 0..TIMED_JOINS {
            times.push(self.crowd.ask("join 1").await?.parse::<f64>()?);
        }
        times.sort_by(f64::total_cmp);
        Ok(times[TIMED_JOINS / 2])
    }

    pub(super) async fn addresses(&mut self) -> Result<Vec<SocketAddr>, StartError> {
        let line = self.crowd.ask("where").await?;
        Ok(line.split(' ').map(str::parse).collect::<Result<_, _>>()?)
    }

    pub(super) async fn close(mut self) -> Result<(), StartError> {
        self.stage.stop().await?;
        self.crowd.stop().await
    }
}

/// This program again, spoken with in lines.
pub(super) struct Process {
    child: Child,
    questions: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Process {
    fn start(arguments: &[&str]) -> Result<Self, StartError> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["bench", "live"])
            .args(arguments)
            .env("RUST_LOG", "error")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let answers = child.stdout.take().ok_or("no standard output")?;
        Ok(Self {
            questions: child.stdin.take(),
            answers: BufReader::new(answers).lines(),
            child,
        })
    }

    pub(super) async fn ask(&mut self, question: &str) -> Result<String, StartError> {
        let questions = self.questions.as_mut().ok_or("it was stopped")?;
        questions.write_all(format!("{question}\n").as_bytes()).await?;
        self.answer().await
    }

    pub(super) async fn answer(&mut self) -> Result<String, StartError> {
        let patience = Duration::from_secs(120);
        let line = tokio::time::timeout(patience, self.answers.next_line()).await;
        let line = line.map_err(|_| "a process of the bench does not answer")??;
        line.ok_or_else(|| "a process of the bench ended".into())
    }

    /// No more questions: it ends by itself.
    pub(super) async fn stop(&mut self) -> Result<(), StartError> {
        self.questions = None;
        self.child.wait().await?;
        Ok(())
    }
}
