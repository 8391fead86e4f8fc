//! Signing in: a phone number, then the one-time code that was sent to it.

use crate::{
    Context, Document, render, t,
    ui::{ErrorCard, Layout, bar, moment},
};
use leptos::prelude::*;
use market::{
    Lang, Millis,
    people::{mask_phone, parse_phone},
};

/// How far somebody has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Asked for a phone number.
    Phone,
    /// Asked for the code.
    Code {
        /// Until when the code works.
        expires_at: Millis,
    },
}

/// What the sign-in page shows.
#[derive(Debug, Clone)]
pub struct SignInPage {
    /// How far.
    pub step: Step,
    /// As it was typed.
    pub phone: String,
    /// A path of ours to go on to, with its query: where somebody was, with what they chose.
    pub next: String,
    /// Why the last try did not work, as a finished sentence.
    pub problem: Option<String>,
    /// The code itself. Only in the demonstration, which sends no messages.
    pub shown_code: Option<String>,
}

/// `/sign-in`.
pub fn sign_in_page(context: &Context, view: SignInPage) -> String {
    let lang = context.lang;
    render(context, || {
        let title = match view.step {
            Step::Phone => t!(lang, sign_in.title),
            Step::Code { .. } => t!(lang, sign_in.code_title),
        };
        // Something was chosen before: the way back keeps it too.
        let back = if view.next.is_empty() {
            "/".to_owned()
        } else {
            view.next.clone()
        };
        let main = match view.step {
            Step::Phone => phone_step(lang, view),
            Step::Code { expires_at } => code_step(lang, view, expires_at),
        };
        Document {
            description: t!(lang, sign_in.about),
            json_ld: None,
            islands: false,
            private: true,
            body: Layout {
                tab: None,
                wide: false,
                head: bar(context, &title, &back, None),
                main,
                buy: None,
            }
            .show(context),
            title,
        }
    })
}

fn phone_step(lang: Lang, view: SignInPage) -> AnyView {
    let wrong = view.problem.is_some();
    let kept = !matches!(view.next.as_str(), "" | "/" | "/me");
    view! {
        <section class="me say">
            <p class="serif">{t!(lang, sign_in.lead)}</p>
            {kept.then(|| view! { <p>{t!(lang, sign_in.kept)}</p> })}
        </section>
        <div class="wrap stack over">
            {view.problem.map(|problem| view! { <ErrorCard problem/> })}
            <form class="card stack" method="post" action="/sign-in">
                <input type="hidden" name="next" value=view.next/>
                <div class="field">
                    <label class="label" for="phone">{t!(lang, sign_in.phone)}</label>
                    <input id="phone" name="phone" type="tel" inputmode="tel" autocomplete="tel-national"
                        value=view.phone maxlength="20" required aria-describedby="phone-hint" aria-invalid=wrong.then_some("true")/>
                    <p class="note" id="phone-hint">{t!(lang, sign_in.phone_hint)}</p>
                </div>
                <button class="btn leaf big full">{t!(lang, sign_in.send)}</button>
            </form>
            <ul class="note points">
                <li>{t!(lang, sign_in.new_here)}</li>
                <li>{t!(lang, sign_in.private)}</li>
            </ul>
        </div>
    }
    .into_any()
}

fn code_step(lang: Lang, view: SignInPage, expires_at: Millis) -> AnyView {
    let wrong = view.problem.is_some();
    let shown = parse_phone(&view.phone).map_or_else(|| view.phone.clone(), |phone| mask_phone(&phone));
    let (phone, next) = (view.phone.clone(), view.next.clone());
    view! {
        <section class="me say">
            <p class="serif">{t!(lang, sign_in.code_sent, phone = shown)}</p>
        </section>
        <div class="wrap stack over">
            {view.shown_code.map(|code| view! {
                <p class="card tight shown-code"><span class="note">{t!(lang, sign_in.shown)}</span><b class="code">{code}</b></p>
            })}
            {view.problem.map(|problem| view! { <ErrorCard problem/> })}
            <form class="card stack" method="post" action="/sign-in/code">
                <input type="hidden" name="phone" value=phone/>
                <input type="hidden" name="next" value=next/>
                <div class="field">
                    <label class="label" for="code">{t!(lang, sign_in.code)}</label>
                    <input class="code" id="code" name="code" type="text" inputmode="numeric" autocomplete="one-time-code"
                        pattern="[0-9]{6}" maxlength="6" required aria-describedby="code-hint" aria-invalid=wrong.then_some("true")/>
                    <p class="note" id="code-hint">
                        <moment::When at=expires_at words=t!(lang, sign_in.code_until, time = moment::clock(expires_at))/>
                    </p>
                </div>
                <button class="btn leaf big full">{t!(lang, sign_in.enter)}</button>
            </form>
            {other_ways(lang, view.phone, view.next)}
        </div>
    }
    .into_any()
}

/// Forms, not links: what was chosen before goes along without being spelled into an address.
fn other_ways(lang: Lang, phone: String, next: String) -> AnyView {
    view! {
        <div class="row wrapx">
            <form method="post" action="/sign-in">
                <input type="hidden" name="phone" value=phone/>
                <input type="hidden" name="next" value=next.clone()/>
                <button class="quiet">{t!(lang, sign_in.again)}</button>
            </form>
            <form method="get" action="/sign-in" class="ml">
                <input type="hidden" name="next" value=next/>
                <button class="quiet">{t!(lang, sign_in.other)}</button>
            </form>
        </div>
    }
    .into_any()
}
