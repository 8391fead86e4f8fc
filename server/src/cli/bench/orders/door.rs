//! The way in to the shop: the market's verb, or the checkout's form over a kept connection.

use super::shop::Shop;
use crate::run::StartError;
use market::{
    Error,
    order::{Method, Target, Wanted},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// One shopper's way in at a time.
pub(super) enum Door {
    Market,
    Http(BufReader<TcpStream>),
}

impl Door {
    pub(super) async fn open(shop: &Shop) -> Result<Self, StartError> {
        Ok(match &shop.running {
            None => Door::Market,
            Some(running) => Door::Http(BufReader::new(TcpStream::connect(running.http).await?)),
        })
    }

    /// Person `who` buys one pack: the order's code, or `None` when refused.
    pub(super) async fn buy(&mut self, shop: &Shop, who: usize) -> Result<Option<String>, StartError> {
        let (person, group) = (&shop.people[who], &shop.groups[who / shop.need]);
        match self {
            Door::Market => {
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
            Door::Http(connection) => {
                let form = format!(
                    "request_id=bench-{who}&kind=group&id={}&quantity=1&pickup={}&method=cash&shown_fen={}",
                    group.code,
                    group.pickup.id,
                    group.price.as_fen()
                );
                let head = format!(
                    "POST /checkout HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\nCookie: {}\r\n\
                     Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
                    shop.cookies[who],
                    form.len()
                );
                let (status, body) = ask(connection, &head).await?;
                let said: serde_json::Value = serde_json::from_slice(&body)?;
                match (status, said["to"].as_str()) {
                    (200, Some(to)) => Ok(to.rsplit('/').next().map(str::to_owned)),
                    (409, _) => Ok(None),
                    _ => Err(format!("{status}: {said}").into()),
                }
            }
        }
    }
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
