//! `/story/{slug}`.

use crate::{
    Context, Document,
    catalog::usual_per_jin,
    render, t,
    ui::{
        Glyph, Icon, Layout, Photo, Portrait, Price, PriceSize, Section,
        moment::{When, date, machine},
        photo::address,
    },
};
use leptos::prelude::*;
use market::{Lang, catalog::ProductCard, story::Story};

/// A story.
#[derive(Debug, Clone)]
pub struct StoryPage {
    /// The story.
    pub story: Story,
}

/// `/story/{slug}`.
pub fn story_page(context: &Context, view: StoryPage) -> String {
    let lang = context.lang;
    let story = view.story;
    let title = story.title.get(lang).to_owned();
    let first = story.body.get(lang).split("\n\n").next().unwrap_or_default().to_owned();
    render(context, || Document {
        title: title.clone(),
        description: first,
        json_ld: Some(serde_json::json!({
            "@context": "https://schema.org",
            "@type": "Article",
            "headline": title,
            "datePublished": machine(story.published_at),
            "inLanguage": lang.tag(),
            "image": format!("{}{}", context.origin, address(&story.photo, false)),
            "author": { "@type": "Person", "name": story.farm.farmer_name },
        })),
        islands: false,
        private: false,
        body: Layout {
            tab: None,
            wide: false,
            head: head(context),
            main: main(context, story),
            buy: None,
        }
        .show(context),
    })
}

fn head(context: &Context) -> AnyView {
    // The story's own title is the page's heading; the bar only says what kind of page it is.
    let lang = context.lang;
    view! {
        <header class="bar">
            <a class="ic" href="/" aria-label=t!(lang, site.back)><Icon glyph=Glyph::BACK/></a>
            <b class="h3">{t!(lang, story.kind)}</b>
        </header>
    }
    .into_any()
}

fn main(context: &Context, story: Story) -> AnyView {
    let lang = context.lang;
    let minutes = reading_minutes(story.body.get(lang));
    let published = date(lang, story.published_at);
    view! {
        <figure class="wideph"><Photo name=story.photo alt="" large=true eager=true/></figure>
        <article class="tale">
            <header class="wrap m5">
                <span class="tag">{story.farm.place.get(lang).to_owned()}" · "{story.product.name.get(lang).to_owned()}</span>
                <h1 class="m2">{story.title.get(lang).to_owned()}</h1>
                <div class="row m3 gap">
                    <Portrait name=story.farm.portrait/>
                    <div class="sm">{story.byline.get(lang).to_owned()}<br/><span class="mu"><When at=story.published_at words=published/>" · "{t!(lang, story.minutes, n = minutes)}</span></div>
                </div>
                <div class="hr"></div>
            </header>
            <div class="wrap story">{paragraphs(story.body.get(lang))}</div>
            <figure class="wideph m4"><Photo name=story.photo_foot alt="" large=true/><figcaption>{if context.demonstration { t!(lang, story.demonstration, words = story.foot.get(lang)) } else { story.foot.get(lang).to_owned() }}</figcaption></figure>
        </article>
        <Section title=t!(lang, story.goods)>{goods(lang, story.product)}</Section>
    }
    .into_any()
}

/// Paragraphs parted by blank lines; one that begins with "> " is a quotation.
fn paragraphs(body: &str) -> Vec<AnyView> {
    let parts = body.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts
        .enumerate()
        .map(|(at, part)| match part.strip_prefix("> ") {
            Some(words) => view! { <blockquote class="quote">{words.to_owned()}</blockquote> }.into_any(),
            None => view! { <p class=(at == 0).then_some("lead")>{part.to_owned()}</p> }.into_any(),
        })
        .collect()
}

/// Minutes it takes to read: 400 Chinese characters or 200 words a minute, at least one.
fn reading_minutes(body: &str) -> usize {
    let han = body.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    let words = body.split_whitespace().filter(|word| word.is_ascii()).count();
    (han / 400 + words / 200).max(1)
}

fn goods(lang: Lang, product: ProductCard) -> AnyView {
    let page = format!("/p/{}", product.slug);
    view! {
        <article class="card sale">
            <Photo name=product.photo.clone() alt=""/>
            <div>
                <h3>{product.name.get(lang).to_owned()}</h3>
                <p class="note m1">{product.place.get(lang).to_owned()}" · "{product.farm.get(lang).to_owned()}</p>
                <p class="m2"><Price amount=usual_per_jin(&product.variant) size=PriceSize::Large/><span class="per">{t!(lang, site.per_jin)}</span></p>
            </div>
            <div class="f">
                {product.traced.then(|| view! { <a class="btn line grow" href=format!("{page}#trace")>{t!(lang, story.see_trace)}</a> })}
                <a class="btn go grow" href=page.clone()>{t!(lang, story.see_goods)}</a>
            </div>
        </article>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #[test]
    fn reading_takes_time() {
        assert_eq!(super::reading_minutes("短"), 1);
        assert_eq!(super::reading_minutes(&"字".repeat(1600)), 4);
        assert_eq!(super::reading_minutes(&"word ".repeat(600)), 3);
    }
}
