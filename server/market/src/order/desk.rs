//! The desk: requests that come while a commit runs share the next one.
//!
//! One task takes what has queued up, at most [`MOST_AT_ONCE`], decides and writes it in one
//! transaction (see `batch`), and answers everybody once that is durable. It waits for nobody: a
//! request that finds the desk idle is alone in its transaction, and the longer a commit takes, the
//! more share the next. A batch that fails as a whole is done again one by one, so that what is wrong
//! with one request is answered to that one.
//!
//! Whoever asks waits for [`PATIENCE`]: a request that is not being decided by then, or whose asker has
//! hung up, is withdrawn and never placed in silence. One that is being decided is answered, or, should
//! its asker go, is what a repeat of its key finds.
//!
//! The task lives as long as somebody holds the market, or until [`Market::close`]: what was taken in
//! is answered first, as far as that can be done in bounded time.

use super::{
    Receipt, Refusal,
    batch::{self, Request},
};
use crate::{Error, Fault, Market};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

/// Requests that share one commit at most.
pub(crate) const MOST_AT_ONCE: usize = crate::db::many::MOST_ROWS;
/// Requests that wait at most; whoever comes then waits to be let in.
const WAITING: usize = 16 * 1024;
/// How long a request waits to be decided.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// How long a market that closes waits for what was taken in, and then for the database.
const CLOSING: Duration = Duration::from_secs(5);
/// How often a request is tried whose key another server used at the same moment.
const TRIES: usize = 3;

/// How orders share commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Batching {
    /// What has queued up while the last commit ran shares the next.
    #[default]
    Shared,
    /// One transaction an order: to compare with.
    Single,
}

/// The way to the task that serves, started by the first request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desk {
    batching: Batching,
    queue: Arc<OnceLock<mpsc::Sender<Word>>>,
}

impl Desk {
    pub(crate) fn new(batching: Batching) -> Self {
        Desk {
            batching,
            queue: Arc::default(),
        }
    }
}

type Reply = oneshot::Sender<Result<Receipt, Error>>;

/// What is said to the task.
enum Word {
    Place(Box<Request>, Reply),
    /// Take nothing more in; say when all is answered.
    Close(oneshot::Sender<()>),
}

/// Places one request and answers when it is durable.
pub(super) async fn place(market: &Market, request: Request) -> Result<Receipt, Error> {
    if market.desk.batching == Batching::Single {
        return alone(market, request).await;
    }
    let claim = request.claim().clone();
    let _leaving = claim.leaving();
    let (reply, mut answer) = oneshot::channel();
    let queue = market.desk.queue.get_or_init(|| open(market));
    let waiting = async {
        let taken = queue.send(Word::Place(Box::new(request), reply)).await;
        // a desk that is closed takes nothing: it was not even begun
        taken.map_err(|_| Refusal::Busy)?;
        // without an answer its batch broke off: nothing of it is known to be durable
        (&mut answer).await.map_err(|_| Fault::Closed)?
    };
    match timeout(PATIENCE, waiting).await {
        Ok(answer) => answer,
        Err(_) if claim.withdraw() => Err(Refusal::Busy.into()),
        Err(_) => answer.await.map_err(|_| Fault::Closed)?,
    }
}

impl Market {
    /// Answers every order that was taken in, takes no more, and closes the database. A database that
    /// does not answer holds up nobody: after some seconds each, what waits is given up unanswered.
    pub async fn close(&self) {
        if let Some(queue) = self.desk.queue.get() {
            let (done, answered) = oneshot::channel();
            let closing = async {
                if queue.send(Word::Close(done)).await.is_ok() {
                    let _ = answered.await; // an error says the same: the task is gone
                }
            };
            if timeout(CLOSING, closing).await.is_err() {
                tracing::error!("some orders could not be answered in time");
            }
        }
        if timeout(CLOSING, self.db.close()).await.is_err() {
            tracing::error!("the database did not close in time");
        }
    }
}

fn open(market: &Market) -> mpsc::Sender<Word> {
    let (queue, words) = mpsc::channel(WAITING);
    // the task's own market leads to no desk: it must not keep its own queue open
    tokio::spawn(serve(market.clone().with_batching(Batching::Shared), words));
    queue
}

async fn serve(market: Market, mut words: mpsc::Receiver<Word>) {
    let (mut taken, mut closing) = (Vec::with_capacity(MOST_AT_ONCE), Vec::new());
    while words.recv_many(&mut taken, MOST_AT_ONCE).await > 0 {
        let (mut requests, mut replies) = (Vec::with_capacity(taken.len()), Vec::with_capacity(taken.len()));
        for word in taken.drain(..) {
            match word {
                Word::Place(request, reply) => {
                    requests.push(*request);
                    replies.push(reply);
                }
                Word::Close(done) => {
                    words.close();
                    closing.push(done);
                }
            }
        }
        let market = market.clone();
        // a task of its own: if it panics its requests are told so and the desk goes on
        if let Err(error) = tokio::spawn(async move { together(&market, requests, replies).await }).await {
            tracing::error!(%error, "a batch of orders broke off");
        }
    }
    for done in closing {
        let _ = done.send(()); // whoever closed has gone: nobody waits
    }
}

/// One batch: shared, and one by one if that fails.
async fn together(market: &Market, requests: Vec<Request>, replies: Vec<Reply>) {
    match batch::place_all(market, &requests, market.now()).await {
        Ok(Some(answers)) => {
            for (answer, reply) in answers.into_iter().zip(replies) {
                let _ = reply.send(answer.map_err(Error::Refused)); // whoever asked may have gone
            }
            return;
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, requests = requests.len(), "a batch of orders is done one by one"),
    }
    let mut unreachable = false;
    for (request, reply) in requests.into_iter().zip(replies) {
        let answer = match unreachable {
            true => Err(Fault::Unreachable.into()),
            false => alone(market, request).await,
        };
        unreachable = unreachable || matches!(&answer, Err(Error::Fault(fault)) if fault.is_unreachable());
        let _ = reply.send(answer);
    }
}

/// One request in a transaction of its own.
async fn alone(market: &Market, request: Request) -> Result<Receipt, Error> {
    for _ in 0..TRIES {
        let answers = batch::place_all(market, std::slice::from_ref(&request), market.now()).await?;
        if let Some(answer) = answers.and_then(|mut answers| answers.pop()) {
            return answer.map_err(Error::Refused);
        }
    }
    let detail = "a key that is used whenever it is tried".to_owned();
    Err(Fault::BrokenRow {
        table: "orders",
        detail,
    }
    .into())
}
