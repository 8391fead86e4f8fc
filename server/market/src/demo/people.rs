//! Who lives in the village, and its two communities.

use super::both;
use crate::{
    Error, Millis,
    community::{self, NewCommunity},
    db::Tx,
    people::{Person, Role, enrol},
};

/// Somebody of the demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Villager {
    /// Signs in with it.
    pub phone: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Beyond shopping.
    pub role: Option<Role>,
}

const fn villager(phone: &'static str, name: &'static str, role: Option<Role>) -> Villager {
    Villager { phone, name, role }
}

/// 老陈, who is on air.
pub(super) const CHEN: &str = "13800000001";
/// 王婶.
pub(super) const WANG: &str = "13800000002";
/// Leads 柳树沟村.
pub(super) const LI: &str = "13800000011";
/// Leads 河湾村.
pub(super) const ZHANG: &str = "13800000012";
/// Neighbours who are in 李秀英's group.
pub(super) const WITH_LI: [&str; 8] = [
    "13800000031",
    "13800000032",
    "13800000033",
    "13800000034",
    "13800000035",
    "13800000036",
    "13800000037",
    "13800000038",
];
/// Neighbours who are in 张建国's group.
pub(super) const WITH_ZHANG: [&str; 3] = ["13800000039", "13800000040", "13800000041"];

/// Everybody, in the order a newcomer would try them.
pub const PEOPLE: [Villager; 18] = [
    villager(CHEN, "陈桂田", Some(Role::Farmer)),
    villager(WANG, "王秀兰", Some(Role::Farmer)),
    villager(LI, "李秀英", Some(Role::Leader)),
    villager(ZHANG, "张建国", Some(Role::Leader)),
    villager("13800000021", "何小军", None),
    villager("13800000022", "赵桂芳", None),
    villager("13800000091", "周敏", Some(Role::Operator)),
    villager(WITH_LI[0], "孙玉梅", None),
    villager(WITH_LI[1], "刘长顺", None),
    villager(WITH_LI[2], "吴彩霞", None),
    villager(WITH_LI[3], "郑福来", None),
    villager(WITH_LI[4], "马春燕", None),
    villager(WITH_LI[5], "胡建平", None),
    villager(WITH_LI[6], "林小满", None),
    villager(WITH_LI[7], "高淑珍", None),
    villager(WITH_ZHANG[0], "罗大勇", None),
    villager(WITH_ZHANG[1], "梁玉兰", None),
    villager(WITH_ZHANG[2], "宋志强", None),
];

/// The village's people as the database has them, in the order of [`PEOPLE`].
pub(super) struct Enrolled(Vec<Person>);

impl Enrolled {
    /// Whoever has this phone number.
    ///
    /// # Errors
    /// When nobody of [`PEOPLE`] has it.
    pub(super) fn with(&self, phone: &str) -> Result<&Person, Error> {
        self.0
            .iter()
            .find(|person| person.phone == phone)
            .ok_or_else(|| sqlx::Error::RowNotFound.into())
    }

    /// Everybody without a role.
    pub(super) fn shoppers(&self) -> impl Iterator<Item = &Person> {
        self.0.iter().filter(|person| person.roles.is_empty())
    }
}

/// Enrols everybody who is not there yet.
pub(super) async fn people(tx: &mut Tx, now: Millis) -> Result<Enrolled, Error> {
    let mut enrolled = Vec::with_capacity(PEOPLE.len());
    for villager in &PEOPLE {
        enrolled.push(enrol(tx, villager.phone, villager.name, villager.role.as_slice(), now).await?);
    }
    Ok(Enrolled(enrolled))
}

/// Founds both communities, each with its leader and its pick-up point.
pub(super) async fn communities(tx: &mut Tx, people: &Enrolled) -> Result<(), Error> {
    let liushugou = NewCommunity {
        code: "liushugou".into(),
        name: both("柳树沟村", "Liushugou village"),
        leader: people.with(LI)?.id.clone(),
        point: both("柳树沟村小卖部", "Liushugou village shop"),
        address: both(
            "柳树沟村村口，大柳树对面",
            "By the village gate, across from the old willow",
        ),
        opens_minute: 8 * 60,
        closes_minute: 20 * 60,
    };
    let hewan = NewCommunity {
        code: "hewan".into(),
        name: both("河湾村", "Hewan village"),
        leader: people.with(ZHANG)?.id.clone(),
        point: both("河湾村老粮站", "Hewan old grain station"),
        address: both("河湾村桥头往东一百米", "A hundred metres east of Hewan bridge"),
        opens_minute: 9 * 60,
        closes_minute: 19 * 60 + 30,
    };
    for community in [liushugou, hewan] {
        community::found(tx, &community).await?;
    }
    Ok(())
}
