//! `/c/{category}` and `/search`: goods in a grid.

use super::{
    CategoryPage, GoodsGrid, SearchPage,
    home::{categories, category_name, search_box},
};
use crate::{
    Context, Document, Tab, render, t,
    ui::{EmptyCard, Layout, bar},
};
use leptos::prelude::*;
use market::Lang;

/// `/c/{category}`.
pub fn category_page(context: &Context, view: CategoryPage) -> String {
    let lang = context.lang;
    let CategoryPage {
        category,
        products,
        faces,
    } = view;
    let name = category_name(lang, category);
    render(context, || {
        Document {
        title: name.clone(),
        description: t!(lang, home.category_about, name = name.clone()),
        json_ld: None,
        islands: false,
        private: false,
        body: Layout {
            tab: Some(Tab::Home),
            wide: true,
            head: bar(context, &name, "/", None),
            main: view! {
                <div class="wrap stack">
                    {search_box(lang, String::new())}
                    {categories(lang, Some(category), faces)}
                    <h2 class="sr">{t!(lang, home.goods_here, n = products.len())}</h2>
                    {if products.is_empty() {
                        view! { <EmptyCard title=t!(lang, home.no_goods) note=t!(lang, home.no_goods_note)/> }.into_any()
                    } else {
                        view! { <GoodsGrid lang products/> }.into_any()
                    }}
                </div>
            }
            .into_any(),
            buy: None,
        }
        .show(context),
    }
    })
}

/// `/search`.
pub fn search_page(context: &Context, view: SearchPage) -> String {
    let lang = context.lang;
    let title = t!(lang, search.title);
    render(context, || Document {
        title: title.clone(),
        description: t!(lang, search.hint),
        json_ld: None,
        islands: false,
        private: true,
        body: Layout {
            tab: Some(Tab::Home),
            wide: true,
            head: bar(context, &title, "/", None),
            main: view! {
                <div class="wrap stack">
                    {search_box(lang, view.query.clone())}
                    {found(lang, view)}
                </div>
            }
            .into_any(),
            buy: None,
        }
        .show(context),
    })
}

fn found(lang: Lang, view: SearchPage) -> AnyView {
    let SearchPage { query, products, faces } = view;
    if query.is_empty() {
        return view! { <p class="note">{t!(lang, search.hint)}</p>{categories(lang, None, faces)} }.into_any();
    }
    if products.is_empty() {
        return view! {
            <div role="status">
                <EmptyCard title=t!(lang, search.nothing, query = query) note=t!(lang, search.nothing_note)>
                    <a class="btn leaf" href="/">{t!(lang, search.all)}</a>
                </EmptyCard>
            </div>
        }
        .into_any();
    }
    view! {
        <div role="status"><h2 class="h3">{t!(lang, search.found, n = products.len(), query = query)}</h2></div>
        <GoodsGrid lang products/>
    }
    .into_any()
}
