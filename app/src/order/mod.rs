//! Orders' pages: making one, and the receipt it becomes.
//!
//! Both are real forms and work without a script; the price that was shown travels with the form,
//! so that nobody is charged another. A page says at every turn what happened to the money.

mod checkout;
mod choice;
mod line;
mod past;
mod pay;
mod place;
mod receipt;
mod sheet;
mod standing;

pub use checkout::{CheckoutForm, CheckoutPage, checkout_page};
pub use line::{LinePage, line_page};
pub use receipt::{OrderPage, order_page};

use market::{Money, Weight, flash_sale::MOST_QUOTA};

/// The weight of `quantity` packs, and what they cost. A number no sale could hold is shown as
/// nothing: it was typed into the address, and the market refuses it.
fn sum(unit: Money, weight: Weight, quantity: i64) -> (Weight, Money) {
    let quantity = if (1..=MOST_QUOTA).contains(&quantity) {
        quantity
    } else {
        0
    };
    (weight.times(quantity), unit.times(quantity).unwrap_or_default())
}
