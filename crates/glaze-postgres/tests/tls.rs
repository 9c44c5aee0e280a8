//! TLS to a real server, with authorities made for the test: every `sslmode` against every kind of server.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{fs, path::PathBuf};

use glaze_postgres::{PgPool, PoolOptions, PostgresDatabase};
use glaze_testkit::Postgres;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;

/// An authority with its certificate as a file.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(folder: &TempDir, name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = folder.path().join(format!("{name}.pem"));
        fs::write(&file, issuer.pem()).unwrap();
        Authority { issuer, file }
    }

    /// A server whose certificate is for `host`, and which takes unencrypted connections or not.
    fn server(&self, folder: &TempDir, host: &str, expired: bool, plain: bool) -> Postgres {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        if expired {
            params.not_before = rcgen::date_time_ymd(2001, 1, 1);
            params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let at = |name: &str| folder.path().join(format!("{host}-{expired}-{plain}-{name}"));
        let (cert_file, key_file, rules_file) = (at("cert.pem"), at("key.pem"), at("hba.conf"));
        fs::write(&cert_file, certificate.pem()).unwrap();
        fs::write(&key_file, key.serialize_pem()).unwrap();
        let rules = if plain {
            "host all all 127.0.0.1/32 trust\n"
        } else {
            "hostssl all all 127.0.0.1/32 trust\n"
        };
        fs::write(&rules_file, rules).unwrap();
        for file in [&cert_file, &key_file, &rules_file] {
            Postgres::give(file);
        }
        let set = |name: &str, file: &PathBuf| format!("{name}={}", file.display());
        let settings = [
            set("ssl_cert_file", &cert_file),
            set("ssl_key_file", &key_file),
            set("hba_file", &rules_file),
        ];
        let mut arguments = vec!["-c", "fsync=off", "-c", "ssl=on"];
        for setting in &settings {
            arguments.extend(["-c", setting]);
        }
        Postgres::start_with(&arguments)
    }
}

/// How a connection ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Encrypted,
    Plain,
    Refused,
}
use Outcome::*;

/// Connects both ways that Glaze has: the pool for content, the one connection for structure. Gives the reason for a refusal too.
async fn connect(server: &Postgres, host: &str, parameters: &str) -> (Outcome, String) {
    let url = format!("{}/postgres?{parameters}", server.url().replace("127.0.0.1", host));
    let structure = PostgresDatabase::connect(&url).await.map(drop).map_err(|error| error.to_string());
    let options = PoolOptions {
        shared: 1,
        ..PoolOptions::default()
    };
    let outcome = match PgPool::connect(&url, options).await {
        Ok(pool) => {
            let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            let encrypted = |row: tokio_postgres::Row| if row.get(0) { Encrypted } else { Plain };
            let shared = encrypted(pool.shared().await.unwrap().client.query_one(sql, &[]).await.unwrap());
            let own = encrypted(pool.checkout().await.unwrap().query_one(sql, &[]).await.unwrap());
            assert_eq!(shared, own, "{url}: reads and transactions");
            (shared, String::new())
        }
        Err(error) => (Refused, error.to_string()),
    };
    assert_eq!(structure.is_ok(), outcome.0 != Refused, "{url}: {structure:?}");
    outcome
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    // The server runs as another user and must get to its files.
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mode_asks_for_what_its_name_says() {
    let folder = folder();
    let (ours, other) = (Authority::new(&folder, "ours"), Authority::new(&folder, "other"));
    let server = ours.server(&folder, "localhost", false, true);
    let (ours, other) = (
        format!("sslrootcert={}", ours.file.display()),
        format!("sslrootcert={}", other.file.display()),
    );
    for (host, parameters, expected) in [
        ("localhost", "sslmode=disable".to_owned(), Plain),
        ("localhost", String::new(), Encrypted),
        ("localhost", "sslmode=prefer".to_owned(), Encrypted),
        ("localhost", "sslmode=require".to_owned(), Encrypted),
        // A file of authorities makes more of `require`, as libpq has it.
        ("localhost", format!("sslmode=require&{ours}"), Encrypted),
        ("localhost", format!("sslmode=require&{other}"), Refused),
        ("localhost", format!("sslmode=verify-ca&{ours}"), Encrypted),
        ("localhost", format!("sslmode=verify-ca&{other}"), Refused),
        ("localhost", "sslmode=verify-ca".to_owned(), Refused),
        ("localhost", format!("sslmode=verify-full&{ours}"), Encrypted),
        ("localhost", format!("sslmode=verify-full&{other}"), Refused),
        ("localhost", "sslmode=verify-full".to_owned(), Refused),
        // The certificate is for another name.
        ("127.0.0.1", "sslmode=require".to_owned(), Encrypted),
        ("127.0.0.1", format!("sslmode=verify-ca&{ours}"), Encrypted),
        ("127.0.0.1", format!("sslmode=verify-full&{ours}"), Refused),
    ] {
        let (outcome, reason) = connect(&server, host, &parameters).await;
        assert_eq!(outcome, expected, "{host} {parameters}: {reason}");
        if expected == Refused {
            assert!(
                reason.to_lowercase().contains("certificate"),
                "{host} {parameters}: the reason is not said: {reason}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_and_dates_of_certificates_are_looked_at() {
    let folder = folder();
    let ours = Authority::new(&folder, "ours");
    let roots = format!("sslrootcert={}", ours.file.display());
    let server = ours.server(&folder, "127.0.0.1", false, true);
    assert_eq!(
        connect(&server, "127.0.0.1", &format!("sslmode=verify-full&{roots}")).await.0,
        Encrypted
    );
    assert_eq!(
        connect(&server, "localhost", &format!("sslmode=verify-full&{roots}")).await.0,
        Refused
    );

    let server = ours.server(&folder, "localhost", true, true);
    assert_eq!(connect(&server, "localhost", "sslmode=require").await.0, Encrypted);
    for mode in ["verify-ca", "verify-full"] {
        let (outcome, reason) = connect(&server, "localhost", &format!("sslmode={mode}&{roots}")).await;
        assert_eq!(outcome, Refused, "{mode}");
        assert!(reason.contains("expired"), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_wants_tls_or_has_none_gets_what_the_mode_allows() {
    let folder = folder();
    let ours = Authority::new(&folder, "ours");
    let roots = format!("sslrootcert={}", ours.file.display());
    let strict = ours.server(&folder, "localhost", false, false);
    for (mode, expected) in [
        ("disable", Refused),
        ("prefer", Encrypted),
        ("require", Encrypted),
        ("verify-full", Encrypted),
    ] {
        let roots = if mode == "verify-full" { roots.as_str() } else { "" };
        assert_eq!(
            connect(&strict, "localhost", &format!("sslmode={mode}&{roots}")).await.0,
            expected,
            "{mode}"
        );
    }
    let without = Postgres::shared();
    for (mode, expected) in [
        ("disable", Plain),
        ("prefer", Plain),
        ("require", Refused),
        ("verify-ca", Refused),
        ("verify-full", Refused),
    ] {
        let (outcome, reason) = connect(without, "127.0.0.1", &format!("sslmode={mode}")).await;
        assert_eq!(outcome, expected, "{mode}: {reason}");
        if expected == Refused {
            assert!(reason.contains("TLS"), "{mode}: the reason is not said: {reason}");
        }
    }
}
