//! Where market and live meet, and the only place: the market says whether a farmer may publish in
//! a session, and the answer becomes a signed ticket that the live door takes.

use crate::AppState;
use live::admission::Ticket;
use market::people::Person;

/// A ticket lives as long as a long day in the field: 12 hours.
const TICKET_LIFE_MS: i64 = 12 * 60 * 60 * 1000;

/// A ticket for `farmer` to publish in session `code`.
///
/// # Errors
/// When the session is not theirs, or is over.
pub(crate) async fn ticket(state: &AppState, farmer: &Person, code: &str) -> Result<String, market::Error> {
    let live = state.market.may_publish(farmer, code).await?;
    let expires_at_ms = state.market.now().plus(TICKET_LIFE_MS).0;
    Ok(Ticket {
        room: live.code,
        publisher: farmer.id.to_string(),
        expires_at_ms,
    }
    .sign(&state.tickets))
}
