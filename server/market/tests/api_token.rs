//! Tokens of programs: made, verified, used, taken back.

mod village;

use market::{
    ApiTokenId, Millis, Refusal,
    api_token::{MOST_TOKENS, PREFIX, Refusal::*, Scope},
};
use village::*;

#[tokio::test]
async fn a_token_opens_what_its_scopes_name_until_it_is_taken_back() {
    each_village(|market| async move {
        let (owner, other) = (sign_in(&market, HE).await, sign_in(&market, ZHAO).await);
        let made = market
            .make_api_token(
                &owner,
                " 记账 ",
                &[Scope::OrdersRead, Scope::CatalogRead, Scope::OrdersRead],
            )
            .await
            .expect("a token");
        assert_eq!(made.token.name, "记账");
        assert_eq!(made.token.scopes, [Scope::CatalogRead, Scope::OrdersRead]);
        assert!(made.text.starts_with(PREFIX), "{}", made.text);
        assert!(!format!("{made:?}").contains(&made.text), "not in logs");

        let (person, token) = market.verify_api_token(&made.text).await.expect("read").expect("known");
        assert_eq!((&person, &token), (&owner, &made.token));
        assert!(token.may(Scope::CatalogRead) && !token.may(Scope::OrdersWrite));

        let stored = texts(&market, "SELECT secret_hash || name || scopes FROM api_tokens").await;
        let secret = made.text.rsplit('_').next().expect("a secret");
        assert!(!stored[0].contains(secret), "only a hash is kept");

        let theirs = market.revoke_api_token(&other, &made.token.id).await;
        assert_eq!(refusal(theirs), Refusal::NotFound, "not theirs to take back");
        assert!(market.verify_api_token(&made.text).await.expect("read").is_some());
        for _ in 0..2 {
            market
                .revoke_api_token(&owner, &made.token.id)
                .await
                .expect("taken back");
        }
        assert_eq!(market.verify_api_token(&made.text).await.expect("read"), None);
        assert_eq!(market.api_tokens(&owner).await.expect("read"), []);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_token_opens_nothing() {
    each_village(|market| async move {
        let owner = sign_in(&market, HE).await;
        let one = market
            .make_api_token(&owner, "甲", &[Scope::OrdersRead])
            .await
            .expect("a token");
        let two = market
            .make_api_token(&owner, "乙", &[Scope::OrdersWrite])
            .await
            .expect("a token");
        let (one_head, one_secret) = one.text.rsplit_once('_').expect("two halves");
        let (two_head, _) = two.text.rsplit_once('_').expect("two halves");
        let unknown = format!("{PREFIX}{}_{one_secret}", ApiTokenId::new());
        let crossed = format!("{two_head}_{one_secret}");
        let wrong = format!("{one_head}_{}", "0".repeat(one_secret.len()));
        for text in ["", "Bearer", "tt_a_b", &unknown, &crossed, &wrong, &one.text[3..]] {
            assert_eq!(market.verify_api_token(text).await.expect("read"), None, "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn uses_are_written_down_and_the_latest_stays() {
    each_village(|market| async move {
        let owner = sign_in(&market, HE).await;
        let made = market
            .make_api_token(&owner, "记账", &[Scope::OrdersRead])
            .await
            .expect("a token");
        assert_eq!(made.token.last_used_at, None);
        let id = made.token.id;
        for at in [5_000, 9_000, 7_000] {
            market
                .note_api_tokens_used(vec![(id.clone(), Millis(at)), (ApiTokenId::new(), Millis(at))])
                .await
                .expect("written");
        }
        let listed = market.api_tokens(&owner).await.expect("read");
        assert_eq!(listed[0].last_used_at, Some(Millis(9_000)));
    })
    .await;
}

#[tokio::test]
async fn a_token_wants_a_name_a_scope_and_room() {
    each_village(|market| async move {
        let (owner, other) = (sign_in(&market, HE).await, sign_in(&market, ZHAO).await);
        for (name, scopes, why) in [
            ("", &[Scope::OrdersRead][..], BadName),
            ("a\u{202e}b", &[Scope::OrdersRead], BadName),
            ("好", &[], NoScope),
        ] {
            let outcome = market.make_api_token(&owner, name, scopes).await;
            assert_eq!(refusal(outcome), Refusal::ApiToken(why));
        }
        let asked: Vec<_> = (0..MOST_TOKENS + 5)
            .map(|_| {
                let (market, owner) = (market.clone(), owner.clone());
                tokio::spawn(async move { market.make_api_token(&owner, "好", &[Scope::OrdersRead]).await.is_ok() })
            })
            .collect();
        let mut made = 0;
        for one in asked {
            made += i64::from(one.await.expect("no panic"));
        }
        assert_eq!(made, MOST_TOKENS, "however many ask at once");
        let over = market.make_api_token(&owner, "好", &[Scope::OrdersRead]).await;
        assert_eq!(refusal(over), Refusal::ApiToken(TooMany));
        let newest = market.api_tokens(&owner).await.expect("read").remove(0);
        market.revoke_api_token(&owner, &newest.id).await.expect("taken back");
        for person in [&owner, &other] {
            let again = market.make_api_token(person, "好", &[Scope::OrdersRead]).await;
            again.expect("there is room");
        }
    })
    .await;
}
