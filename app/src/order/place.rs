//! A pick-up point, as an order shows it.

use crate::{
    t,
    ui::{Glyph, Icon, moment},
};
use leptos::prelude::*;
use market::{Lang, community::PickupPoint};

/// Its name, where it is, when it is open, whose it is.
#[component]
pub fn Place(
    /// The reader's language.
    lang: Lang,
    /// Which.
    point: PickupPoint,
) -> impl IntoView {
    let hours = moment::hours(point.opens_minute, point.closes_minute);
    view! {
        <div class="row top">
            <Icon glyph=Glyph::PLACE/>
            <div class="grow">
                <b>{point.name.get(lang).to_owned()}</b>
                <p class="note">{point.address.get(lang).to_owned()}</p>
                <p class="note">{t!(lang, checkout.leader, name = point.leader_name)}</p>
                <p class="note leafc bold">{t!(lang, checkout.hours, hours = hours)}</p>
            </div>
        </div>
    }
}
