//! Roles, names in public, and the rules of one-time codes.

use crate::{Millis, PersonId, state::text_enum};
use serde::{Deserialize, Serialize};

/// How long a one-time code lives: 5 minutes.
pub const CODE_LIFE_MS: i64 = 5 * 60 * 1000;
/// How often a wrong code may be tried.
pub const CODE_TRIES: i64 = 5;
/// Codes sent to one phone in an hour.
pub const CODES_PER_PHONE: i64 = 5;
/// Codes asked for from one network address in an hour.
pub const CODES_PER_ADDRESS: i64 = 30;
/// The window of both limits.
pub const CODE_WINDOW_MS: i64 = 60 * 60 * 1000;

text_enum! {
    /// What somebody may do beyond shopping.
    Role {
        /// Hosts lives, sells from a farm.
        Farmer = "farmer",
        /// Opens groups, hands over at a pick-up point.
        Leader = "leader",
        /// Looks after a community.
        Steward = "steward",
        /// Runs the site.
        Operator = "operator",
    }
}

/// Somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// A mainland mobile number, 11 digits. Private.
    pub phone: String,
    /// The name they chose.
    pub name: String,
    /// What they may do beyond shopping.
    pub roles: Vec<Role>,
}

impl Person {
    /// Whether this person has `role`.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
    /// What others see of them.
    pub fn face(&self) -> Face {
        Face::of(&self.name)
    }
    /// The number with its middle hidden, for its owner's own pages and their leader: 139****2250.
    pub fn masked_phone(&self) -> String {
        mask_phone(&self.phone)
    }
}

/// 139****2250.
pub fn mask_phone(phone: &str) -> String {
    match (phone.get(..3), phone.get(7..)) {
        (Some(head), Some(tail)) => format!("{head}****{tail}"),
        _ => "****".into(),
    }
}

/// What the public sees of a member: a surname and stars. Cannot hold a phone number or an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// The first character of the name, for a surname seal.
    pub seal: String,
    /// The name as others see it: 李**.
    pub name: String,
}

impl Face {
    /// The public face of somebody called `name`.
    pub fn of(name: &str) -> Self {
        let seal: String = name.chars().take(1).collect();
        Face {
            name: format!("{seal}**"),
            seal,
        }
    }
}

/// Whether `text` is a mainland mobile number as people type it; gives its 11 digits.
/// Spaces, hyphens and a leading +86 are forgiven.
pub fn parse_phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    let mut bytes = digits.bytes();
    let fits = digits.len() == 11
        && bytes.next() == Some(b'1')
        && bytes.next().is_some_and(|b| (b'3'..=b'9').contains(&b))
        && bytes.all(|b| b.is_ascii_digit());
    fits.then(|| digits.to_owned())
}

/// A name as somebody typed it, without blanks around it: 1 to 20 characters, none of them
/// invisible (control characters, or marks that turn the direction of what follows).
pub fn parse_name(text: &str) -> Option<String> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let name = text.trim();
    let fits = (1..=20).contains(&name.chars().count()) && !name.chars().any(hidden);
    fits.then(|| name.to_owned())
}

/// Why signing in did not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Not a mobile number.
    BadPhone,
    /// The code is wrong; so many tries are left.
    WrongCode {
        /// Tries left with this code.
        left: i64,
    },
    /// The code is used, too old, tried too often, or was never sent: ask for a new one.
    CodeGone,
    /// Too many codes were asked for; another may be had at this time.
    TooManyCodes {
        /// When.
        until: Millis,
    },
    /// The message could not be sent.
    NotSent,
    /// A name must have 1 to 20 characters.
    BadName,
}

/// Something a member was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What about.
    pub kind: NoticeKind,
    /// The order's code and its product's name, where it is about an order.
    pub order: Option<(String, crate::Bilingual)>,
    /// The code of the live session and the product's name, where it is about a sale.
    pub live: Option<(String, crate::Bilingual)>,
    /// When.
    pub at: Millis,
    /// Not read yet.
    pub unread: bool,
}

text_enum! {
    /// What a notice is about.
    NoticeKind {
        /// The group has enough people.
        GroupFormed = "group_formed",
        /// The group ran out of time.
        GroupFailed = "group_failed",
        /// An order was not paid in time.
        HoldLapsed = "hold_lapsed",
        /// An order was handed over.
        OrderCollected = "order_collected",
        /// A place in a coming sale is theirs.
        Reserved = "reserved",
        /// A sale they may buy in begins soon.
        StartsSoon = "starts_soon",
        /// They missed a sale; the next one is offered to them.
        NextSale = "next_sale",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_read_as_people_type_them() {
        assert_eq!(parse_phone("138 0000-0001").as_deref(), Some("13800000001"));
        assert_eq!(parse_phone("+8613800000001").as_deref(), Some("13800000001"));
        for text in [
            "",
            "12800000001",
            "1380000000",
            "138000000011",
            "1380000000a",
            "１３８００００００１１",
        ] {
            assert_eq!(parse_phone(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_can_be_seen() {
        assert_eq!(parse_name(" 李秀英 ").as_deref(), Some("李秀英"));
        assert_eq!(parse_name(&"李".repeat(20)).map(|name| name.chars().count()), Some(20));
        for text in ["", "   ", "a\nb", "\u{202e}abc", "a\u{200b}b", &"李".repeat(21)] {
            assert_eq!(parse_name(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_face_shows_a_surname_only() {
        assert_eq!(
            Face::of("李秀英"),
            Face {
                seal: "李".into(),
                name: "李**".into()
            }
        );
        assert_eq!(mask_phone("13912342250"), "139****2250");
    }
}
