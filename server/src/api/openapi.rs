//! The description of the door: what the handlers say of themselves, and what holds for all of them.

use super::{
    PREFIX,
    problem::{Document, PROBLEM_JSON},
};
use axum::{
    http::{HeaderName, header},
    response::{IntoResponse, Response},
};
use utoipa::{
    OpenApi, PartialSchema,
    openapi::{
        self, Content, Ref, RefOr,
        header::HeaderBuilder,
        path::{Operation, PathItem},
        response::ResponseBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
        server::Server,
    },
};

/// What describes the door as a whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tiantou",
        version = "1",
        description = "The public door for programs. Money is in fen, weight in grams, a moment in milliseconds \
            since 1970 (UTC). Problems are application/problem+json (RFC 9457) in the language of Accept-Language \
            (zh, en). Tokens are made under /me/apps."
    ),
    components(schemas(Document)),
    tags(
        (name = "catalog", description = "Products, farms, pick-up points"),
        (name = "lives", description = "Live sessions and flash sales"),
        (name = "groups", description = "Groups of people who buy together"),
        (name = "orders", description = "One's own orders")
    )
)]
struct Head;

/// The description before the handlers add themselves.
pub(super) fn head() -> openapi::OpenApi {
    Head::openapi()
}

/// What may go wrong anywhere.
const ANYWHERE: [(&str, &str); 7] = [
    ("401", "No token, or one that is not known."),
    ("403", "The token lacks the scope, or its owner the role."),
    ("404", "There is no such thing."),
    ("406", "JSON is not among what is asked for."),
    ("429", "Too many requests."),
    ("500", "Something broke."),
    ("503", "It took too long."),
];
/// What may go wrong where a query or a body is read.
const READING: (&str, &str) = ("422", "It can be read, but not be done.");
/// What may go wrong where something is changed.
const CHANGING: (&str, &str) = ("409", "The world is otherwise: sold out, another price, on its way.");
/// What may go wrong where a body is read.
const BODY: [(&str, &str); 3] = [
    ("400", "It cannot be read, or has no key."),
    ("413", "It is too large."),
    ("415", "It is not JSON."),
];

/// Adds what holds for every operation, and writes the description down.
pub(super) fn finish(mut document: openapi::OpenApi) -> String {
    document.servers = Some(vec![Server::new(PREFIX)]);
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let components = document.components.get_or_insert_with(openapi::Components::new);
    components.add_security_scheme("token", SecurityScheme::Http(token));
    for item in document.paths.paths.values_mut() {
        for (changes, operation) in operations(item) {
            let mut wrong = ANYWHERE.to_vec();
            wrong.extend(changes.then_some(CHANGING));
            if operation.request_body.is_some() {
                wrong.extend(BODY);
            }
            wrong.push(READING);
            for (status, description) in wrong {
                let problem = problem(status, description);
                operation
                    .responses
                    .responses
                    .entry(status.to_owned())
                    .or_insert(RefOr::T(problem));
            }
            for answer in operation.responses.responses.values_mut() {
                if let RefOr::T(answer) = answer {
                    limits(answer);
                }
            }
        }
    }
    document.to_json().unwrap_or_default()
}

/// Each operation, and whether it changes something.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let all = [(false, item.get.as_mut()), (true, item.post.as_mut())];
    all.into_iter()
        .filter_map(|(changes, operation)| Some((changes, operation?)))
}

fn problem(status: &str, description: &str) -> openapi::Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let mut response = ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_JSON, content);
    let header = match status {
        "401" | "403" => Some(("WWW-Authenticate", String::schema(), "How to come in (RFC 6750).")),
        "429" => Some(("Retry-After", i64::schema(), "Seconds to wait.")),
        _ => None,
    };
    if let Some((name, schema, why)) = header {
        response = response.header(name, HeaderBuilder::new().schema(schema).description(Some(why)).build());
    }
    response.build()
}

/// Every answer says how much may still be asked.
fn limits(answer: &mut openapi::Response) {
    for (name, why) in [
        ("RateLimit-Policy", "Requests (q) in seconds (w)."),
        (
            "RateLimit",
            "Requests left (r), and seconds until all are there again (t).",
        ),
    ] {
        let header = HeaderBuilder::new()
            .schema(String::schema())
            .description(Some(why))
            .build();
        answer.headers.insert(name.to_owned(), header);
    }
}

/// The description as an answer; the same for everybody until the program changes.
pub(super) fn serve(document: String) -> Response {
    let headers: [(HeaderName, &str); 2] = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (headers, document).into_response()
}
