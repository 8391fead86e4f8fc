//! One's name, and a farm's photo.

use crate::{
    t,
    ui::{Glyph, Icon, Portrait, Section},
};
use leptos::prelude::*;
use market::{Lang, catalog::Farm};

/// The forms. `name` is what stands in the name's field.
pub(super) fn settings(lang: Lang, name: String, farm: Option<Farm>) -> AnyView {
    view! {
        <Section title=t!(lang, me.settings)>
            <form class="card stack" id="settings" method="post" action="/me/name">
                <div class="field">
                    <label class="label" for="name">{t!(lang, me.name)}</label>
                    <input id="name" name="name" type="text" autocomplete="name" value=name maxlength="40" required aria-describedby="name-hint"/>
                    <p class="note" id="name-hint">{t!(lang, me.name_hint)}</p>
                </div>
                <button class="btn line full">{t!(lang, me.save_name)}</button>
            </form>
            {farm.map(|farm| photo(lang, farm))}
            <div class="card list slim m3">
                <a href="/me/apps">
                    <Icon glyph=Glyph::KEY/>
                    <div class="grow"><b>{t!(lang, me.apps)}</b><p class="note">{t!(lang, me.apps_note)}</p></div>
                    <Icon glyph=Glyph::NEXT size="s"/>
                </a>
            </div>
        </Section>
    }
    .into_any()
}

fn photo(lang: Lang, farm: Farm) -> AnyView {
    view! {
        <form class="card stack m3" method="post" action="/me/photo" enctype="multipart/form-data">
            <div class="row">
                <Portrait name=farm.portrait large=true/>
                <div class="grow"><b>{farm.name.get(lang).to_owned()}</b><p class="note">{t!(lang, me.photo)}</p></div>
            </div>
            <div class="field">
                <label class="label" for="photo">{t!(lang, me.choose_photo)}</label>
                <input id="photo" name="photo" type="file" accept="image/jpeg,image/png,image/webp" required aria-describedby="photo-hint"/>
                <p class="note" id="photo-hint">{t!(lang, me.photo_hint)}</p>
            </div>
            <button class="btn line full">{t!(lang, me.save_photo)}</button>
        </form>
    }
    .into_any()
}
