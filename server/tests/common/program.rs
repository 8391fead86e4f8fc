//! A program with a token at the door `/api/v1`.

#![allow(dead_code)] // each test file uses its own part

use super::common::Site;
use market::api_token::Scope;
use reqwest::{Client, Method, Response, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

/// A program and its token.
#[derive(Clone)]
pub struct Program {
    client: Client,
    door: String,
    token: String,
}

/// An answer, read.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub async fn of(response: Response) -> Answer {
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("text");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, body }
    }
}

impl Program {
    /// A program of whoever has this phone.
    pub async fn of(site: &Site, phone: &str, scopes: Vec<Scope>) -> Program {
        let market = &site.state().market;
        let owner = market
            .find_person_by_phone(phone)
            .await
            .expect("read")
            .expect("a person");
        let made = market.make_api_token(&owner, "测试", &scopes).await.expect("a token");
        Program {
            client: Client::new(),
            door: format!("{}/api/v1", site.origin),
            token: made.text,
        }
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.door));
        request = request.bearer_auth(&self.token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None, &[]).await
    }

    /// Posts `body` as it is, with a key.
    pub async fn raw(&self, path: &str, kind: &str, body: String) -> Response {
        let request = self
            .client
            .post(format!("{}{path}", self.door))
            .bearer_auth(&self.token);
        let request = request.header("content-type", kind).header("idempotency-key", "raw");
        request.body(body).send().await.expect("an answer")
    }

    /// Places `order` with this key.
    pub async fn place(&self, key: &str, order: &Value) -> Answer {
        self.send(Method::POST, "/orders", Some(order), &[("idempotency-key", key)])
            .await
    }

    /// A list read to its end, `limit` entries at a time.
    pub async fn to_the_end(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut all = Vec::new();
        let mut cursor = String::new();
        for _ in 0..200 {
            let join = if path.contains('?') { '&' } else { '?' };
            let answer = self.get(&format!("{path}{join}limit={limit}{cursor}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {answer:?}");
            let items = answer.body["items"].as_array().expect("items");
            all.extend(items.iter().cloned());
            match answer.body["next"].as_str() {
                Some(next) => {
                    assert_eq!(items.len(), limit, "only the last page may be shorter");
                    cursor = format!("&cursor={next}");
                }
                None => return all,
            }
        }
        panic!("{path} does not end");
    }
}

/// A pack of strawberries (id and price), and a pick-up point's id.
pub async fn strawberry(program: &Program) -> (Value, String) {
    let product = program.get("/products/strawberry").await;
    let points = program.get("/pickup-points").await;
    let point = points.body["items"][0]["id"].as_str().expect("a point").to_owned();
    (product.body["variants"][0].clone(), point)
}

/// An order of `quantity` packs for cash.
pub fn order_of(kind: &str, pack: &Value, point: &str, quantity: i64) -> Value {
    json!({
        "item": { "kind": kind, "id": pack["id"] }, "quantity": quantity, "method": "cash",
        "pickup_point": point, "price_fen": pack["price_fen"],
    })
}

/// Asserts that the answer is this problem, whole.
pub fn problem(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (status, &json!(code)),
        "{answer:?}"
    );
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert_eq!(answer.body["status"], status.as_u16());
    assert_eq!(answer.body["type"], format!("tag:tiantou,2026:problem/{code}"));
    for member in ["title", "detail"] {
        assert!(
            answer.body[member].as_str().is_some_and(|text| !text.is_empty()),
            "{answer:?}"
        );
    }
    assert!(answer.headers.contains_key("ratelimit"), "{answer:?}");
}
