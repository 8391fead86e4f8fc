//! The HTTP door, checked over the router (RFC 9725; draft-ietf-wish-whep-02).
#![allow(clippy::disallowed_methods)] // sockets are driven here

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use live::admission::{Key, Ticket};
use live::client::{Client, Part};
use live::{Clock, Config, Live, Profile, VideoCodec};
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};
use tokio::net::UdpSocket;
use tower::ServiceExt;

const SDP: &str = "application/sdp";
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";
const CANDIDATE: &str = "a=candidate:1 1 udp 2130706431 0f6e.local 9 typ host\r\n";

struct Door {
    live: Live,
    key: Key,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

fn door() -> Door {
    let key = Key::new(b"signalling");
    let config = Config {
        udp: (Ipv4Addr::LOCALHOST, 0).into(),
        max_publishers: 2,
        max_viewers: 2,
        clock: Clock::new(|| 1_000),
        ..Config::default()
    };
    Door {
        live: Live::start(config, key.clone()).unwrap(),
        key,
    }
}

fn offer(part: Part, codec: VideoCodec) -> String {
    let at = "127.0.0.1:9".parse().unwrap();
    let client = Client::new(Instant::now(), at, part, codec, &mut rand::rng());
    client.unwrap().offer().to_owned()
}

fn publishers_offer() -> String {
    offer(Part::Publisher, VideoCodec::Vp8)
}

impl Door {
    fn token(&self, room: &str, publisher: &str) -> String {
        let ticket = Ticket {
            room: room.into(),
            publisher: publisher.into(),
            expires_at_ms: 2_000,
        };
        format!("Bearer {}", ticket.sign(&self.key))
    }

    async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let router = live::router(self.live.clone());
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.into()).unwrap(),
        }
    }

    async fn whip(&self, room: &str, token: &str, body: String) -> Answer {
        let headers = [("content-type", SDP), ("authorization", token)];
        self.ask(Method::POST, &format!("/whip/{room}"), &headers, body).await
    }

    async fn whep(&self, room: &str, body: String) -> Answer {
        let headers = [("content-type", SDP)];
        self.ask(Method::POST, &format!("/whep/{room}"), &headers, body).await
    }

    async fn patch(&self, path: &str, headers: &[(&str, &str)], body: &str) -> StatusCode {
        let answer = self.ask(Method::PATCH, path, headers, body.to_owned()).await;
        answer.status
    }

    /// A publisher whose media can flow, and what keeps it so.
    async fn on_air(&self, room: &str) -> tokio::task::JoinHandle<()> {
        let mut events = self.live.subscribe();
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let at = socket.local_addr().unwrap();
        let now = Instant::now();
        let codec = VideoCodec::Vp8;
        let mut client = Client::new(now, at, Part::Publisher, codec, &mut rand::rng()).unwrap();
        let token = self.token(room, "chen");
        let answer = self.whip(room, &token, client.offer().to_owned()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        client.accept(now, answer.body).unwrap();
        let task = tokio::spawn(async move {
            let mut datagram = [0; 2048];
            loop {
                while let Some((to, out)) = client.poll_transmit() {
                    socket.send_to(&out, to).await.unwrap();
                }
                let due = client.next_timeout().unwrap();
                tokio::select! {
                    Ok((length, from)) = socket.recv_from(&mut datagram) => {
                        client.receive(Instant::now(), from, &datagram[..length]);
                    }
                    () = tokio::time::sleep_until(due.into()) => client.timeout(Instant::now()),
                }
            }
        });
        let active = tokio::time::timeout(Duration::from_secs(20), events.recv());
        active.await.expect("connects").unwrap();
        task
    }
}

#[tokio::test]
async fn publishing_is_created_with_location_etag_and_answer() {
    let door = door();
    let token = door.token("r", "chen");
    let answer = door.whip("r", &token, publishers_offer()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.header("content-type"), SDP);
    let etag = answer.header("etag");
    assert!(etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    let session = answer.header("location").strip_prefix("/whip/r/").unwrap();
    assert_eq!(session.len(), 32);
    let sdp = &answer.body;
    assert_eq!(sdp.matches("a=recvonly").count(), 2, "{sdp}");
    assert!(!sdp.contains("a=sendrecv") && !sdp.contains("a=sendonly"), "{sdp}");
    assert_eq!(sdp.matches("a=rtcp-mux").count(), 2, "{sdp}");
    assert!(sdp.contains("a=group:BUNDLE 0 1"), "{sdp}");
    assert!(sdp.contains("a=ice-lite"), "{sdp}");
    let port = door.live.udp_address().port();
    assert!(sdp.contains(&format!(" 127.0.0.1 {port} typ host")), "{sdp}");
    let candidates: Vec<_> = sdp.lines().filter(|l| l.starts_with("a=candidate:")).collect();
    assert_eq!(candidates.len(), 1, "once, bundled and muxed: {sdp}");
    assert!(sdp.contains("a=setup:active"), "{sdp}");
}

#[tokio::test]
async fn watching_is_sendonly_and_offers_what_is_published() {
    let door = door();
    let publisher = door.on_air("r").await;
    let answer = door.whep("r", offer(Part::Viewer, VideoCodec::Vp8)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert!(answer.header("location").starts_with("/whep/r/"));
    let sdp = &answer.body;
    assert_eq!(sdp.matches("a=sendonly").count(), 2, "{sdp}");
    assert!(sdp.contains("VP8/90000") && sdp.contains("opus/48000/2"), "{sdp}");
    let h264 = VideoCodec::H264 {
        profile: Profile::ConstrainedBaseline,
        packetization: 1,
    };
    let refused = door.whep("r", offer(Part::Viewer, h264)).await;
    assert_eq!(refused.status, StatusCode::NOT_ACCEPTABLE);
    assert!(refused.body.contains("VP8"), "{}", refused.body);
    publisher.abort();
}

#[tokio::test]
async fn h264_in_every_common_form_is_taken() {
    use Profile::{Baseline, ConstrainedBaseline, High, Main};
    for profile in [ConstrainedBaseline, Baseline, Main, High] {
        for packetization in [0, 1] {
            let door = door();
            let codec = VideoCodec::H264 { profile, packetization };
            let token = door.token("r", "chen");
            let answer = door.whip("r", &token, offer(Part::Publisher, codec)).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{codec}: {}", answer.body);
            assert!(answer.body.contains("H264/90000"), "{codec}");
        }
    }
}

#[tokio::test]
async fn wrong_bodies_have_their_status_and_leave_nothing() {
    let door = door();
    let token = door.token("r", "chen");
    let auth = ("authorization", token.as_str());
    let post = |kind: &'static str, body: String| {
        let headers = [("content-type", kind), auth];
        let door = &door;
        async move { door.ask(Method::POST, "/whip/r", &headers, body).await }
    };
    let json = post("application/json", publishers_offer()).await;
    assert_eq!(json.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let charset = post("application/sdp; charset=utf-8", publishers_offer()).await;
    assert_eq!(charset.status, StatusCode::CREATED);
    door.live.end_room("r").await;
    for body in ["", "hello", "v=0\r\n", "{}"] {
        let answer = post(SDP, body.into()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(!answer.body.is_empty());
    }
    let huge = post(SDP, "a=x\r\n".repeat(20_000)).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let two_videos = publishers_offer();
    let video = two_videos.find("m=video").unwrap();
    let audio = two_videos.find("m=audio").unwrap();
    let (from, to) = if video < audio {
        (video, audio)
    } else {
        (video, two_videos.len())
    };
    let again = two_videos[from..to]
        .replace("a=mid:0", "a=mid:2")
        .replace("a=mid:1", "a=mid:2");
    let answer = post(SDP, two_videos.clone() + &again).await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
    assert!(answer.body.contains("one video track"), "{}", answer.body);
    let watching = post(SDP, offer(Part::Viewer, VideoCodec::Vp8)).await;
    assert_eq!(
        watching.status,
        StatusCode::NOT_ACCEPTABLE,
        "recvonly is not publishing"
    );
    assert!(door.live.rooms().await.is_empty(), "nothing is left allocated");
}

#[tokio::test]
async fn without_the_right_token_nothing_opens() {
    let door = door();
    let token = door.token("r", "chen");
    let session = door.whip("r", &token, publishers_offer()).await;
    let path = session.header("location").to_owned();
    let mut forged = token.clone();
    forged.pop();
    let late = Ticket {
        room: "r".into(),
        publisher: "chen".into(),
        expires_at_ms: 1_000,
    };
    let late = format!("Bearer {}", late.sign(&door.key));
    let other_key = Ticket {
        room: "r".into(),
        publisher: "chen".into(),
        expires_at_ms: 2_000,
    };
    let other_key = format!("Bearer {}", other_key.sign(&Key::new(b"other")));
    for bad in ["", "Bearer", "Bearer x", "Basic eDp5", &forged, &late, &other_key] {
        for (method, path) in [
            (Method::POST, "/whip/r"),
            (Method::PATCH, path.as_str()),
            (Method::DELETE, path.as_str()),
        ] {
            let headers = [("authorization", bad), ("content-type", SDP)];
            let answer = door.ask(method.clone(), path, &headers, publishers_offer()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {bad:?}");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    }
    let elsewhere = door.token("s", "chen");
    let answer = door.whip("r", &elsewhere, publishers_offer()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(door.live.rooms().await.len(), 1);
}

#[tokio::test]
async fn a_live_room_belongs_to_its_publisher() {
    let door = door();
    let publisher = door.on_air("r").await;
    let other = door.token("r", "wang");
    let answer = door.whip("r", &other, publishers_offer()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let same = door.token("r", "chen");
    let answer = door.whip("r", &same, publishers_offer()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "the same takes over");
    let path = answer.header("location");
    let headers = [("authorization", other.as_str())];
    let answer = door.ask(Method::DELETE, path, &headers, "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    publisher.abort();
}

#[tokio::test]
async fn trickling_follows_the_etag() {
    let door = door();
    let token = door.token("r", "chen");
    let auth = ("authorization", token.as_str());
    let kind = ("content-type", FRAGMENT);
    let opened = door.whip("r", &token, publishers_offer()).await;
    let (path, etag) = (opened.header("location"), opened.header("etag"));
    let current = ("if-match", etag);
    let no_content = StatusCode::NO_CONTENT;
    assert_eq!(door.patch(path, &[auth, kind, current], CANDIDATE).await, no_content);
    let tcp = "a=candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active\r\na=end-of-candidates\r\n";
    assert_eq!(door.patch(path, &[auth, kind, current], tcp).await, no_content);
    let unconditional = door.patch(path, &[auth, kind], CANDIDATE).await;
    assert_eq!(unconditional, StatusCode::PRECONDITION_REQUIRED);
    for stale in ["\"old\"", etag.trim_matches('"'), "W/\"old\""] {
        let status = door.patch(path, &[auth, kind, ("if-match", stale)], CANDIDATE).await;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED, "{stale}");
    }
    let typed = door
        .patch(path, &[auth, ("content-type", SDP), current], CANDIDATE)
        .await;
    assert_eq!(typed, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let nonsense = door.patch(path, &[auth, kind, current], "hello").await;
    assert_eq!(nonsense, StatusCode::BAD_REQUEST);
    let restart = "a=ice-ufrag:new1\r\na=ice-pwd:0123456789012345678901\r\n";
    let restarted = door.patch(path, &[auth, kind, ("if-match", "*")], restart).await;
    assert_eq!(restarted, StatusCode::OK);
    let stale = door.patch(path, &[auth, kind, current], CANDIDATE).await;
    assert_eq!(stale, StatusCode::PRECONDITION_FAILED, "another ICE session has begun");
    assert_eq!(door.live.rooms().await.len(), 1, "in the same session");
    let unknown = format!("/whip/r/{}", "0".repeat(32));
    let status = door.patch(&unknown, &[auth, kind, current], CANDIDATE).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_viewer_may_restart_ice() {
    let door = door();
    door.on_air("r").await;
    let opened = door.whep("r", offer(Part::Viewer, VideoCodec::Vp8)).await;
    let (path, etag) = (opened.header("location"), opened.header("etag"));
    let kind = ("content-type", FRAGMENT);
    let restart = "a=ice-ufrag:new1\r\na=ice-pwd:0123456789012345678901\r\n";
    let headers = [kind, ("if-match", "*")];
    let answer = door.ask(Method::PATCH, path, &headers, restart.to_owned()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), FRAGMENT);
    let renewed = answer.header("etag");
    assert!(renewed.starts_with('"') && renewed != etag, "{renewed}");
    for line in [
        "a=ice-lite",
        "a=ice-ufrag:",
        "a=ice-pwd:",
        "a=candidate:",
        "a=end-of-candidates",
    ] {
        assert!(answer.body.contains(line), "{}", answer.body);
    }
    let stale = door.patch(path, &[kind, ("if-match", etag)], CANDIDATE).await;
    assert_eq!(stale, StatusCode::PRECONDITION_FAILED);
    let current = door.patch(path, &[kind, ("if-match", renewed)], CANDIDATE).await;
    assert_eq!(current, StatusCode::NO_CONTENT);
    let again = door.patch(path, &headers, restart).await;
    assert_eq!(again, StatusCode::UNPROCESSABLE_ENTITY, "the name is not new");
    let bare = door.patch(path, &headers, "a=ice-ufrag:new2\r\n").await;
    assert_eq!(bare, StatusCode::UNPROCESSABLE_ENTITY, "no password");
}

#[tokio::test]
async fn a_session_is_deleted_once() {
    let door = door();
    let publisher = door.on_air("r").await;
    let viewer = door.whep("r", offer(Part::Viewer, VideoCodec::Vp8)).await;
    let path = viewer.header("location");
    let elsewhere = path.replace("/whep/r/", "/whep/s/");
    for (path, status) in [
        (elsewhere.as_str(), StatusCode::NOT_FOUND),
        (path, StatusCode::OK),
        (path, StatusCode::NOT_FOUND),
        ("/whep/r/guess", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(door.ask(Method::DELETE, path, &[], "").await.status, status, "{path}");
    }
    publisher.abort();
}

#[tokio::test]
async fn a_viewers_url_does_not_reach_the_publisher() {
    let door = door();
    let token = door.token("r", "chen");
    let opened = door.whip("r", &token, publishers_offer()).await;
    let path = opened.header("location").replace("/whip/", "/whep/");
    let answer = door.ask(Method::DELETE, &path, &[], "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "no way around the token");
    assert_eq!(door.live.rooms().await.len(), 1);
}

#[tokio::test]
async fn nobody_live_and_full_say_when_to_come_back() {
    let door = door();
    let nobody = door.whep("r", offer(Part::Viewer, VideoCodec::Vp8)).await;
    assert_eq!(nobody.status, StatusCode::CONFLICT);
    assert_eq!(nobody.header("retry-after"), "2");
    for room in ["a", "b"] {
        let token = door.token(room, "chen");
        let opened = door.whip(room, &token, publishers_offer()).await;
        assert_eq!(opened.status, StatusCode::CREATED);
    }
    let token = door.token("c", "chen");
    let full = door.whip("c", &token, publishers_offer()).await;
    assert_eq!(full.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(full.header("retry-after"), "10");
    assert_eq!(door.live.rooms().await.len(), 2);
    door.live.shutdown().await;
    let closed = door.whep("a", offer(Part::Viewer, VideoCodec::Vp8)).await;
    assert_eq!(closed.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_page_of_another_site_may_ask() {
    let door = door();
    for (path, takes, what) in [
        ("/whip/r", "accept-post", SDP),
        ("/whep/r", "accept-post", SDP),
        ("/whip/r/0", "accept-patch", FRAGMENT),
        ("/whep/r/0", "accept-patch", FRAGMENT),
    ] {
        let headers = [
            ("origin", "https://example.org"),
            ("access-control-request-method", "POST"),
        ];
        let answer = door.ask(Method::OPTIONS, path, &headers, "").await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(answer.header(takes), what);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        for method in ["POST", "PATCH", "DELETE"] {
            assert!(answer.header("access-control-allow-methods").contains(method));
        }
        for name in ["authorization", "content-type", "if-match"] {
            assert!(answer.header("access-control-allow-headers").contains(name));
        }
        assert_eq!(answer.header("access-control-allow-credentials"), "");
        assert_eq!(answer.headers.get(header::LINK), None, "no TURN credential here");
    }
    let refused = door.whep("r", "x".into()).await;
    assert_eq!(refused.header("access-control-allow-origin"), "*");
    for name in ["location", "etag", "link"] {
        assert!(refused.header("access-control-expose-headers").contains(name));
    }
}

#[tokio::test]
async fn a_rooms_code_is_plain() {
    let door = door();
    for code in ["%00", "a%2Fb", "%E7%94%B0", &"x".repeat(65), "a.b"] {
        let answer = door.whep(code, offer(Part::Viewer, VideoCodec::Vp8)).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{code}");
    }
}

#[tokio::test]
async fn a_viewer_chooses_a_layer_at_its_own_address() {
    let door = door();
    let publisher = door.on_air("r").await;
    let answer = door.whep("r", offer(Part::Viewer, VideoCodec::Vp8)).await;
    let session = answer.header("location").to_owned();
    let link = format!("<{session}/layer>; rel=\"urn:ietf:params:whep:ext:core:layer\"");
    assert_eq!(answer.header("link"), link);
    let choose = |path: String, kind: &'static str, body: &'static str| {
        let door = &door;
        async move {
            let headers = [("content-type", kind)];
            door.ask(Method::POST, &path, &headers, body.to_owned()).await.status
        }
    };
    let at = format!("{session}/layer");
    for body in ["null", r#"{"soundOnly":true}"#, r#"{"encodingId":null}"#] {
        assert_eq!(
            choose(at.clone(), "application/json", body).await,
            StatusCode::OK,
            "{body}"
        );
    }
    let unknown = choose(at.clone(), "application/json", r#"{"encodingId":"h"}"#).await;
    assert_eq!(unknown, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        choose(at.clone(), "application/json", "h").await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(choose(at, SDP, "null").await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let stranger = format!("/whep/r/{}/layer", "0".repeat(32));
    assert_eq!(
        choose(stranger, "application/json", "null").await,
        StatusCode::NOT_FOUND
    );
    publisher.abort();
}
