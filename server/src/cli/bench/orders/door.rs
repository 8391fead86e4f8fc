//! The way in to the shop: the market's verb, or over a kept connection the checkout's form or the
//! public door for programs.

use super::{Via, shop::Shop};
use crate::run::StartError;
use market::{
    Error,
    order::{Method, Target, Wanted},
};
use std::time::Duration;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::{Instant, sleep},
};

/// One shopper's way in at a time.
pub(super) struct Door {
    via: Via,
    /// Which server is asked, and the connection to it.
    nth: usize,
    connection: Option<BufReader<TcpStream>>,
    /// How long the last shopper waited to be told anything: yes, no, or a place in line.
    pub(super) told: Duration,
}

impl Door {
    /// The `nth` way in: servers are taken in turn.
    pub(super) async fn open(shop: &Shop, via: Via, nth: usize) -> Result<Self, StartError> {
        let mut door = Door {
            via,
            nth,
            connection: None,
            told: Duration::ZERO,
        };
        if via != Via::Market {
            door.connection = Some(connect(shop, nth).await?);
        }
        Ok(door)
    }

    /// Person `who` buys one pack: the order's code, or `None` when refused. Who is told a place in line
    /// comes again.
    #[allow(clippy::disallowed_methods)] // measuring
    pub(super) async fn buy(&mut self, shop: &Shop, who: usize) -> Result<Option<String>, StartError> {
        let (request, field) = match self.via {
            Via::Market => return by_verb(shop, who).await,
            Via::Http => (form(shop, who), "to"),
            Via::Api => (order(shop, who), "code"),
        };
        let begun = Instant::now();
        let (mut status, mut body) = self.ask(shop, &request).await?;
        self.told = begun.elapsed();
        let mut said: serde_json::Value = serde_json::from_slice(&body)?;
        while status == 202 {
            let estimate = said["estimate_ms"].as_u64().ok_or("a place without an estimate")?;
            sleep(Duration::from_millis(estimate.clamp(20, 1000))).await;
            (status, body) = self.ask(shop, &request).await?;
            said = serde_json::from_slice(&body)?;
        }
        match (status, said[field].as_str()) {
            // the form leads to the order's page, whose name ends in the code
            (200 | 201, Some(to)) => Ok(to.rsplit('/').next().map(str::to_owned)),
            (409, _) => Ok(None),
            _ => Err(format!("{status}: {said}").into()),
        }
    }

    /// Asks; where the server is gone the same is asked of the next, with the same key, as a program
    /// does that was not answered.
    async fn ask(&mut self, shop: &Shop, request: &str) -> Result<(u16, Vec<u8>), StartError> {
        let mut last = "no server".into();
        for _ in 0..=shop.doors.len() {
            let connection = match self.connection.take() {
                Some(connection) => Ok(connection),
                None => connect(shop, self.nth).await,
            };
            let answer = match connection {
                Ok(mut connection) => ask(&mut connection, request).await.map(|answer| (connection, answer)),
                Err(error) => Err(error),
            };
            match answer {
                Ok((connection, answer)) => {
                    self.connection = Some(connection);
                    return Ok(answer);
                }
                Err(error) => last = error,
            }
            self.nth += 1;
        }
        Err(last)
    }
}

async fn connect(shop: &Shop, nth: usize) -> Result<BufReader<TcpStream>, StartError> {
    let address = shop.doors[nth % shop.doors.len()];
    Ok(BufReader::new(TcpStream::connect(address).await?))
}

async fn by_verb(shop: &Shop, who: usize) -> Result<Option<String>, StartError> {
    let (person, group) = (&shop.people[who], &shop.groups[who / shop.need]);
    let wanted = Wanted {
        request_id: format!("bench-{who}"),
        target: Target::Group(group.id.clone()),
        quantity: 1,
        pickup: group.pickup.id.clone(),
        method: Method::Cash,
        shown_price: group.price,
    };
    match shop.market.place(person, wanted).await {
        Ok(receipt) => Ok(Some(receipt.order.code)),
        Err(Error::Refused(_)) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /checkout`, as an island sends it.
fn form(shop: &Shop, who: usize) -> String {
    let group = &shop.groups[who / shop.need];
    let form = format!(
        "request_id=bench-{who}&kind=group&id={}&quantity=1&pickup={}&method=cash&shown_fen={}",
        group.code,
        group.pickup.id,
        group.price.as_fen()
    );
    format!(
        "POST /checkout HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        shop.badges[who],
        form.len()
    )
}

/// `POST /api/v1/orders`.
fn order(shop: &Shop, who: usize) -> String {
    let group = &shop.groups[who / shop.need];
    let body = serde_json::json!({
        "item": { "kind": "group", "id": group.code }, "quantity": 1, "method": "cash",
        "pickup_point": group.pickup.id, "price_fen": group.price.as_fen(),
    });
    let body = body.to_string();
    format!(
        "POST /api/v1/orders HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\nIdempotency-Key: bench-{who}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        shop.badges[who],
        body.len()
    )
}

/// One request on a kept connection: its answer's status and body.
async fn ask(connection: &mut BufReader<TcpStream>, request: &str) -> Result<(u16, Vec<u8>), StartError> {
    connection.get_mut().write_all(request.as_bytes()).await?;
    let (mut line, mut length) = (String::new(), 0);
    connection.read_line(&mut line).await?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or("an answer without a status")?;
    loop {
        line.clear();
        connection.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse::<usize>()?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    Ok((status, body))
}
