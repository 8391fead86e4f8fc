use super::*;
use crate::codec::Profile;

const HEAD: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n";
const TRANSPORT: &str = "c=IN IP4 0.0.0.0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\n\
    a=fingerprint:sha-256 00:11\r\na=setup:actpass\r\na=rtcp-mux\r\n";
const VIDEO: &str = "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103\r\n";
const VIDEO_CODECS: &str = "a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n\
    a=rtpmap:102 H264/90000\r\na=fmtp:102 packetization-mode=1;profile-level-id=42e01f\r\n\
    a=rtcp-fb:102 nack pli\r\na=rtpmap:103 rtx/90000\r\na=fmtp:103 apt=102\r\n";
const AUDIO: &str = "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n";
const AUDIO_CODECS: &str = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\n";

fn offer() -> String {
    [
        HEAD,
        VIDEO,
        TRANSPORT,
        "a=mid:0\r\na=sendonly\r\n",
        VIDEO_CODECS,
        "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n",
        AUDIO,
        TRANSPORT,
        "a=mid:1\r\na=sendonly\r\n",
        AUDIO_CODECS,
    ]
    .concat()
}

#[test]
fn reads_formats_in_the_offerers_order() {
    let offer = Offer::parse(&offer()).unwrap();
    let video = offer.video.unwrap();
    let found: Vec<_> = video
        .video_formats()
        .map(|(codec, f)| (codec, f.payload_type, f.rtx))
        .collect();
    let h264 = VideoCodec::H264 {
        profile: Profile::ConstrainedBaseline,
        packetization: 1,
    };
    assert_eq!(found, [(VideoCodec::Vp8, 96, Some(97)), (h264, 102, Some(103))]);
    assert_eq!(offer.audio.unwrap().opus().unwrap().payload_type, 111);
    assert_eq!(offer.ice.ufrag, "abcd");
    assert_eq!((video.direction.sends, video.direction.receives), (true, false));
}

#[test]
fn the_cut_keeps_only_what_is_accepted() {
    let offer = Offer::parse(&offer()).unwrap();
    let video = offer.video.as_ref().unwrap();
    let (_, h264) = video.video_formats().nth(1).unwrap();
    let opus = offer.audio.as_ref().unwrap().opus();
    let cut = offer.cut(Some(h264), opus);
    assert!(cut.contains("m=video 9 UDP/TLS/RTP/SAVPF 102 103\r\n"), "{cut}");
    assert!(cut.contains("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"), "{cut}");
    assert!(!cut.contains("VP8") && !cut.contains("candidate"), "{cut}");
    assert!(cut.contains("a=rtcp-fb:102 nack pli"), "{cut}");
}

#[test]
fn what_is_no_offer_is_malformed() {
    let full = offer();
    let no_media = HEAD.to_owned();
    let no_ice = full.replace("a=ice-ufrag:abcd\r\n", "");
    let no_print = full.replace("a=fingerprint:sha-256 00:11\r\n", "");
    for text in ["", " \r\n", "hello", "v=0\r\n", &no_media, &no_ice, &no_print] {
        assert!(matches!(Offer::parse(text), Err(Refusal::Malformed(_))), "{text}");
    }
}

#[test]
fn what_does_not_pass_is_unacceptable() {
    let two_videos = [&offer(), VIDEO, TRANSPORT, "a=mid:2\r\n", VIDEO_CODECS].concat();
    let data = [
        &offer(),
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n",
        TRANSPORT,
        "a=mid:2\r\n",
    ]
    .concat();
    let cases = [
        two_videos,
        data,
        offer().replace("a=rtcp-mux\r\n", ""),
        offer().replace("sha-256", "sha-1"),
        offer().replace("a=group:BUNDLE 0 1\r\n", ""),
        offer().replace("BUNDLE 0 1", "BUNDLE 0"),
        offer().replace("a=mid:0\r\n", &layered("abcde")),
        offer().replace("a=mid:1\r\n", "a=mid:1\r\na=rid:a send\r\na=simulcast:send a\r\n"),
    ];
    for text in cases {
        assert!(matches!(Offer::parse(&text), Err(Refusal::Unacceptable(_))), "{text}");
    }
}

/// The lines of an offer of so many layers, named by letters.
fn layered(names: &str) -> String {
    let rid = |name| format!("a=rid:{name} send\r\n");
    let rids: String = names.chars().map(rid).collect();
    let list: Vec<String> = names.chars().map(String::from).collect();
    format!("a=mid:0\r\n{rids}a=simulcast:send {}\r\n", list.join(";"))
}

#[test]
fn three_layers_of_a_picture_pass() {
    let three = Offer::parse(&offer().replace("a=mid:0\r\n", &layered("qhf"))).unwrap();
    let (_, vp8) = three.video.as_ref().unwrap().video_formats().next().unwrap();
    let cut = three.cut(Some(vp8), None);
    assert!(
        cut.contains("a=rid:f send") && cut.contains("a=simulcast:send q;h;f"),
        "{cut}"
    );
}

#[test]
fn every_truncation_is_read_or_refused() {
    let full = offer();
    for end in 0..full.len() {
        let _ = Offer::parse(&full[..end]).map(|offer| offer.cut(None, None));
    }
}
