//! Look-ups of one kind that come at the same time share one statement.
//!
//! One task takes the keys that have queued up while its last statement ran, at most [`MOST_ROWS`], and
//! reads them all at once; a key that finds it idle is read at once and alone. Nothing is remembered: an
//! answer was read after its question was asked, so that what was revoked or renamed is seen by the next
//! request, whichever server changed it. A statement that fails is told to nobody: each then asks for
//! itself and gets its own error.

use super::{Db, Tx, many::MOST_ROWS};
use crate::Error;
use std::{
    collections::{HashMap, HashSet},
    fmt,
    future::Future,
    hash::Hash,
    pin::Pin,
    sync::{Arc, OnceLock},
};
use tokio::sync::{mpsc, oneshot};

/// Keys that wait at most; whoever comes then waits to be let in.
const WAITING: usize = 16 * 1024;

/// What a look-up answers: the rows of the keys that there are.
pub(crate) type Found<'a, K, V> = Pin<Box<dyn Future<Output = Result<HashMap<K, V>, Error>> + Send + 'a>>;
/// Reads many keys at once.
pub(crate) type Read<K, V> = for<'a> fn(&'a mut Tx, &'a [K]) -> Found<'a, K, V>;

type Asked<K, V> = (K, oneshot::Sender<Option<V>>);

/// The way to the task that reads, started by the first key. It lives as long as somebody holds this.
pub(crate) struct Together<K, V>(Arc<OnceLock<mpsc::Sender<Asked<K, V>>>>);

impl<K, V> Clone for Together<K, V> {
    fn clone(&self) -> Self {
        Together(Arc::clone(&self.0))
    }
}

impl<K, V> Default for Together<K, V> {
    fn default() -> Self {
        Together(Arc::default())
    }
}

impl<K, V> fmt::Debug for Together<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Together")
    }
}

impl<K, V> Together<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + 'static,
{
    /// What there is of `key`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn find(&self, db: &Db, key: K, read: Read<K, V>) -> Result<Option<V>, Error> {
        let queue = self.0.get_or_init(|| {
            let (queue, asked) = mpsc::channel(WAITING);
            tokio::spawn(serve(db.clone(), asked, read));
            queue
        });
        let (reply, answer) = oneshot::channel();
        if queue.send((key.clone(), reply)).await.is_ok()
            && let Ok(found) = answer.await
        {
            return Ok(found);
        }
        let mut tx = db.glance().await?;
        Ok(read(&mut tx, std::slice::from_ref(&key)).await?.remove(&key))
    }
}

async fn serve<K, V>(db: Db, mut asked: mpsc::Receiver<Asked<K, V>>, read: Read<K, V>)
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + 'static,
{
    let mut taken = Vec::with_capacity(MOST_ROWS);
    while asked.recv_many(&mut taken, MOST_ROWS).await > 0 {
        let keys: Vec<K> = taken
            .iter()
            .map(|(key, _)| key)
            .collect::<HashSet<_>>()
            .into_iter()
            .cloned()
            .collect();
        match read_all(&db, &keys, read).await {
            Ok(found) => {
                for (key, reply) in taken.drain(..) {
                    let _ = reply.send(found.get(&key).cloned()); // whoever asked may have gone
                }
            }
            // without a reply each asks for itself
            Err(_) => taken.clear(),
        }
    }
}

async fn read_all<K, V>(db: &Db, keys: &[K], read: Read<K, V>) -> Result<HashMap<K, V>, Error> {
    read(&mut db.glance().await?, keys).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fault;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static READ: AtomicUsize = AtomicUsize::new(0);

    /// Twice each key, but of odd ones there is nothing, and keys from a thousand on fail together.
    fn twice<'a>(_: &'a mut Tx, keys: &'a [i64]) -> Found<'a, i64, i64> {
        Box::pin(async move {
            READ.fetch_add(1, Ordering::SeqCst);
            if keys.len() > 1 && keys.iter().any(|key| *key >= 1000) {
                return Err(Fault::Unreachable.into());
            }
            Ok(keys
                .iter()
                .filter(|key| *key % 2 == 0)
                .map(|key| (*key, key * 2))
                .collect())
        })
    }

    #[tokio::test]
    async fn those_who_come_at_once_share_and_each_gets_their_own() {
        let db = Db::open("sqlite::memory:").await.expect("opens");
        let together = Together::default();
        let ask = async |keys: Vec<i64>| join_all(keys.into_iter().map(|key| together.find(&db, key, twice))).await;
        let found = ask((0..900).collect()).await;
        for (key, found) in found.into_iter().enumerate() {
            let key = key as i64;
            assert_eq!(found.expect("read"), (key % 2 == 0).then_some(key * 2));
        }
        assert!(READ.load(Ordering::SeqCst) < 300, "statements are shared");
        assert_eq!(together.find(&db, 4, twice).await.expect("read"), Some(8), "alone");
        let failed = ask((1000..1010).collect()).await;
        assert_eq!(
            failed.into_iter().filter_map(Result::ok).flatten().count(),
            5,
            "each asked for itself"
        );
        assert_eq!(
            ask(vec![6; 50]).await.into_iter().filter_map(Result::ok).count(),
            50,
            "one key"
        );
        db.close().await;
        assert!(together.find(&db, 2, twice).await.is_err());
    }
}
