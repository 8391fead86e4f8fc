//! Groups: read by anybody, opened by leaders.

use super::{
    PREFIX,
    caller::{By, GroupsWrite, LivesRead},
    catalog::ProductCard,
    extract::{Asked, Named},
    page::{self, Cursor, Page},
    problem::Problem,
    shared::{PickupPoint, words},
};
use crate::AppState;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use market::{GroupId, group_buy};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

words! {
    /// Where a group stands.
    GroupState = group_buy::GroupState { Open, Formed, Failed }
}

/// A group in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GroupItem {
    code: String,
    state: GroupState,
    product: ProductCard,
    /// Of the pack, in the group.
    price_fen: i64,
    /// Of the pack, alone.
    solo_fen: i64,
    /// Leaders act in public under their own name.
    leader: String,
    /// People it needs.
    need: i64,
    /// People who joined.
    joined: i64,
    deadline: i64,
}

impl From<group_buy::GroupCard> for GroupItem {
    fn from(card: group_buy::GroupCard) -> Self {
        GroupItem {
            code: card.code,
            state: card.state.into(),
            product: card.product.into(),
            price_fen: card.price.as_fen(),
            solo_fen: card.solo.as_fen(),
            leader: card.leader_name,
            need: card.need,
            joined: card.joined,
            deadline: card.deadline.0,
        }
    }
}

/// A group with where its orders are handed over.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Group {
    #[serde(flatten)]
    group: GroupItem,
    /// The code of the live session it came from.
    live: String,
    /// Packs one person may buy.
    per_person: i64,
    /// Packs left in its sale.
    stock: i64,
    pickup_point: PickupPoint,
}

impl From<group_buy::Group> for Group {
    fn from(group: group_buy::Group) -> Self {
        Group {
            group: GroupItem {
                code: group.code,
                state: group.state.into(),
                product: group.product.into(),
                price_fen: group.price.as_fen(),
                solo_fen: group.solo.as_fen(),
                leader: group.leader_name,
                need: group.need,
                joined: group.joined,
                deadline: group.deadline.0,
            },
            live: group.live_code,
            per_person: group.per_person,
            stock: group.stock,
            pickup_point: group.pickup.into(),
        }
    }
}

/// Which groups.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct GroupsAsked {
    /// In one state only.
    #[param(required = false, value_type = GroupState)]
    state: Option<GroupState>,
    /// Entries of the page; 20 when it is not said.
    #[param(required = false, value_type = i64, minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next` of the page before.
    #[param(required = false, value_type = String)]
    cursor: Option<String>,
}

/// Groups, the last opened first.
#[utoipa::path(get, path = "/groups", tag = "groups", params(GroupsAsked),
    responses((status = 200, description = "A page of groups.", body = Page<GroupItem>)),
    security(("token" = ["lives:read"])))]
pub(super) async fn groups(
    State(state): State<AppState>,
    _: By<LivesRead>,
    Asked(asked): Asked<GroupsAsked>,
) -> Result<Json<Page<GroupItem>>, Problem> {
    let limit = page::limit(asked.limit)?;
    let before = page::read("groups", asked.cursor.as_deref())?.map(|cursor| GroupId(cursor.id));
    let wanted = asked.state.map(group_buy::GroupState::from);
    let found = state.market.groups_before(wanted, before.as_ref(), limit + 1).await?;
    let cursor = |(id, _): &(GroupId, _)| Cursor {
        list: "groups",
        sort: 0,
        id: id.0.clone(),
    };
    Ok(Json(Page::of(found, limit, cursor, |(_, card)| card.into())))
}

/// One group.
#[utoipa::path(get, path = "/groups/{code}", tag = "groups", params(("code" = String, Path)),
    responses((status = 200, description = "The group.", body = Group)),
    security(("token" = ["lives:read"])))]
pub(super) async fn group(
    State(state): State<AppState>,
    _: By<LivesRead>,
    Named(code): Named,
) -> Result<Json<Group>, Problem> {
    let group = state.market.find_group(&code).await?.ok_or(Problem::NOT_FOUND)?;
    Ok(Json(group.into()))
}

/// Opens a group in the sale that is on in a live session. For leaders; its orders are handed over at
/// the leader's own pick-up point. While one with room is open a second is refused, and the refusal
/// names the first: sending this again does no harm.
#[utoipa::path(post, path = "/lives/{code}/groups", tag = "groups", params(("code" = String, Path)),
    responses((status = 201, description = "The group.", body = Group,
        headers(("Location" = String, description = "Its address.")))),
    security(("token" = ["groups:write"])))]
pub(super) async fn open(
    State(state): State<AppState>,
    by: By<GroupsWrite>,
    Named(code): Named,
) -> Result<Response, Problem> {
    let group = state.market.open_group(by.owner(), &code).await?;
    let at = [(header::LOCATION, format!("{PREFIX}/groups/{}", group.code))];
    Ok((StatusCode::CREATED, at, Json(Group::from(group))).into_response())
}
