//! HTTPS with each of its certificates: a house's own authority, files that change, and an authority
//! that speaks ACME (pebble, which refuses every fifth nonce on purpose).

mod common;

use common::{Site, until, until_within};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{
    io,
    net::SocketAddr,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

fn ask(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

/// What a client that trusts only `root` gets from `at`, which it takes to be `name`.
async fn get(root: &str, at: SocketAddr, name: &str, path: &str) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(root.as_bytes()) {
        roots.add(certificate.expect("PEM")).expect("a certificate");
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name_of = ServerName::try_from(name.to_owned()).expect("a name");
    let connection = TcpStream::connect(at).await?;
    let mut stream = TlsConnector::from(Arc::new(config))
        .connect(name_of, connection)
        .await?;
    stream.write_all(ask(path, name).as_bytes()).await?;
    let mut answer = Vec::new();
    // some servers end without a goodbye
    let _ = stream.read_to_end(&mut answer).await;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn address(site: &Site) -> SocketAddr {
    site.running.as_ref().expect("it runs").http
}

#[tokio::test]
async fn a_phone_that_took_the_houses_authority_reaches_it_without_a_warning() {
    let site = Site::start(&["--lan", "--listen", "127.0.0.2:0"]).await;
    let at = address(&site);
    assert_eq!(&*site.state().origin, format!("https://{at}"));
    let authority = std::fs::read_to_string(site.folder.join("tls/authority.pem")).expect("kept");
    for secret in ["tls/authority.key", "tls/authority.pem"] {
        let file = std::fs::metadata(site.folder.join(secret)).expect("kept");
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{secret}");
    }
    let ready = || async {
        let answer = get(&authority, at, "127.0.0.2", "/readyz").await.expect("trusted");
        answer.starts_with("HTTP/1.1 200")
    };
    until("the virtual farmer is on air behind HTTPS", ready).await;
    let page = get(&authority, at, "127.0.0.2", "/lan").await.expect("trusted");
    assert!(page.contains("/lan/authority.crt"), "{page}");
    assert!(!page.contains("strict-transport-security"), "{page}");
    let fetched = get(&authority, at, "127.0.0.2", "/lan/authority.crt")
        .await
        .expect("trusted");
    assert!(fetched.ends_with(&authority), "{fetched}");
    let other = rcgen::generate_simple_self_signed(["localhost".into()])
        .expect("made")
        .cert
        .pem();
    assert!(
        get(&other, at, "127.0.0.2", "/").await.is_err(),
        "nobody else vouches for it"
    );
    site.stop().await;
}

#[tokio::test]
async fn the_houses_authority_can_vouch_for_no_other_site() {
    let site = Site::start(&["--lan", "--listen", "127.0.0.2:0"]).await;
    let kept = |name: &str| std::fs::read_to_string(site.folder.join("tls").join(name)).expect("kept");
    let (authority, key) = (
        kept("authority.pem"),
        KeyPair::from_pem(&kept("authority.key")).expect("a key"),
    );
    let issuer = Issuer::from_ca_cert_pem(&authority, key).expect("an authority");
    let stolen = KeyPair::generate().expect("a key");
    let bank = CertificateParams::new(["bank.example".to_owned()]).expect("a name");
    let chain = bank.signed_by(&stolen, &issuer).expect("signed").pem();
    let (chain_file, key_file) = (site.folder.join("bank.pem"), site.folder.join("bank.key"));
    std::fs::write(&chain_file, chain).expect("written");
    std::fs::write(&key_file, stolen.serialize_pem()).expect("written");
    let flags = ["--tls-cert", text(&chain_file), "--tls-key", text(&key_file)];
    let bank = Site::start(&flags).await;
    let refused = get(&authority, address(&bank), "bank.example", "/").await;
    assert!(refused.is_err(), "{refused:?}");
    bank.stop().await;
    site.stop().await;
}

#[tokio::test]
async fn plain_http_is_sent_on_to_https() {
    let site = Site::start(&["--lan", "--listen", "127.0.0.2:0"]).await;
    let mut connection = TcpStream::connect(address(&site)).await.expect("connected");
    let request = ask("/live?x=1", "127.0.0.2:9");
    connection.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("answered");
    assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
    assert!(
        answer.contains("location: https://127.0.0.2:9/live?x=1\r\n"),
        "{answer}"
    );
    site.stop().await;
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

#[tokio::test]
async fn another_certificate_in_the_files_comes_into_force() {
    let folder = std::env::temp_dir().join(format!("tiantou-tls-{}", market::request_id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
    let write = || {
        let made = rcgen::generate_simple_self_signed(["localhost".into()]).expect("made");
        std::fs::write(&key, made.signing_key.serialize_pem()).expect("written");
        std::fs::write(&chain, made.cert.pem()).expect("written");
        made.cert.pem()
    };
    let first = write();
    let site = Site::start(&["--tls-cert", text(&chain), "--tls-key", text(&key)]).await;
    let at = address(&site);
    let answer = get(&first, at, "localhost", "/healthz").await.expect("trusted");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("strict-transport-security"),
        "{answer}"
    );
    std::fs::write(&chain, "half a fi").expect("written");
    get(&first, at, "localhost", "/healthz")
        .await
        .expect("the one before stays");
    let second = write();
    let renewed = || async { get(&second, at, "localhost", "/healthz").await.is_ok() };
    until("the new certificate is in force", renewed).await;
    assert!(
        get(&first, at, "localhost", "/healthz").await.is_err(),
        "the old one is gone"
    );
    site.stop().await;
    let _ = std::fs::remove_dir_all(&folder);
}

/// A process that ends with its test.
struct Helper(Child);

impl Helper {
    fn start(program: &str, arguments: &[&str]) -> Self {
        let started = Command::new(program)
            .args(arguments)
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_WFE_NONCEREJECT", "20")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(started.unwrap_or_else(|error| panic!("{program}: {error} (scripts/install.sh test installs it)")))
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Ports that nobody had a moment ago.
fn free_ports<const N: usize>() -> [u16; N] {
    let held = [(); N].map(|()| std::net::TcpListener::bind("127.0.0.1:0").expect("a port"));
    held.map(|listener| listener.local_addr().expect("bound").port())
}

#[tokio::test]
async fn an_authority_that_speaks_acme_proves_the_name_and_signs() {
    let folder = std::env::temp_dir().join(format!("tiantou-acme-{}", market::request_id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    // the authority's own HTTPS, known to us by a root of its own
    let mut params = CertificateParams::new(Vec::<String>::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate().expect("a key");
    let root = params.self_signed(&root_key).expect("signed").pem();
    let key = KeyPair::generate().expect("a key");
    let leaf = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    let leaf = leaf
        .signed_by(&key, &Issuer::new(params, root_key))
        .expect("signed")
        .pem();
    let file = |name: &str, content: &str| {
        std::fs::write(folder.join(name), content).expect("written");
        folder.join(name)
    };
    let root_file = file("root.pem", &root);
    let [ours, authority, management, names, control] = free_ports();
    let config = serde_json::json!({ "pebble": {
        "listenAddress": format!("127.0.0.1:{authority}"),
        "managementListenAddress": format!("127.0.0.1:{management}"),
        "certificate": file("leaf.pem", &leaf), "privateKey": file("leaf.key", &key.serialize_pem()),
        "httpPort": 5002, "tlsPort": ours,
    }});
    let config = file("pebble.json", &config.to_string());
    let (dns, manage) = (format!("127.0.0.1:{names}"), format!("127.0.0.1:{control}"));
    let mute = ["-http01", "", "-https01", "", "-tlsalpn01", "", "-defaultIPv6", ""];
    let say = ["-defaultIPv4", "127.0.0.1", "-dns01", &dns, "-management", &manage];
    let _names = Helper::start("pebble-challtestsrv", &[&mute[..], &say].concat());
    let _authority = Helper::start("pebble", &["-config", text(&config), "-dnsserver", &dns]);
    let manage: SocketAddr = format!("127.0.0.1:{management}").parse().expect("an address");
    let up = || async { get(&root, manage, "localhost", "/roots/0").await.is_ok() };
    until("pebble is up", up).await;

    let listen = format!("127.0.0.1:{ours}");
    let directory = format!("https://localhost:{authority}/dir");
    let flags = [
        "--listen",
        &listen,
        "--acme-domain",
        "shop.test,www.shop.test",
        "--acme-email",
        "chen@shop.test",
        "--acme-directory",
        &directory,
        "--acme-root",
        text(&root_file),
    ];
    let site = Site::start(&flags).await;
    let at = address(&site);
    let answer = get(&root, manage, "localhost", "/roots/0").await.expect("trusted");
    let trusted = answer[answer.find("-----BEGIN").expect("a certificate")..].to_owned();
    for name in ["shop.test", "www.shop.test"] {
        let served = || async { get(&trusted, at, name, "/healthz").await.is_ok() };
        // pebble waits before it looks, refuses some nonces, and is asked again with growing pauses
        until_within(
            std::time::Duration::from_secs(90),
            "a certificate for both names is in force",
            served,
        )
        .await;
    }
    for secret in ["account.json", "key.pem", "certificate.pem"] {
        let file = std::fs::metadata(site.folder.join("tls/acme").join(secret)).expect("kept");
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{secret}");
    }
    site.stop().await;
    let _ = std::fs::remove_dir_all(&folder);
}
