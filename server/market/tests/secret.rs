//! Servers over one database have one secret.
#![cfg(feature = "sql")]

use market::{Clock, Market, Millis, WrongSecret, db::testing::each_db};

#[tokio::test]
async fn another_secret_than_the_first_is_refused_until_it_is_replaced() {
    each_db(|db| async move {
        let with = |secret: &[u8]| Market::new(db.clone(), Clock::manual(Millis(0)), secret);
        assert_eq!(with(b"one").check_secret().await.unwrap(), Ok(()));
        assert_eq!(with(b"one").check_secret().await.unwrap(), Ok(()));
        assert_eq!(with(b"two").check_secret().await.unwrap(), Err(WrongSecret));
        with(b"two").replace_secret().await.unwrap();
        assert_eq!(with(b"two").check_secret().await.unwrap(), Ok(()));
        assert_eq!(with(b"one").check_secret().await.unwrap(), Err(WrongSecret));
    })
    .await;
}
