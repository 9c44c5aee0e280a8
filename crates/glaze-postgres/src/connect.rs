//! Connections: the URL with its `sslmode`, TLS through rustls, and the settings that make PostgreSQL spell expressions the
//! same way for everybody.

use std::{path::PathBuf, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres::{Client, Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Why there is no connection.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ConnectError {
    /// The URL cannot be used.
    #[error("{0}")]
    Url(String),
    /// Certificates cannot be read.
    #[error("{0}")]
    Tls(String),
    /// The server does not answer, or does not let us in.
    #[error("{0}")]
    Server(String),
}

/// Where to connect and how: a URL that was understood.
#[derive(Clone)]
pub struct Target {
    /// Host, user, database and so on.
    pub config: Config,
    /// The TLS side; unused when `sslmode=disable`.
    pub tls: MakeRustlsConnect,
}

/// How much of TLS is asked for, in the words of libpq.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verify {
    /// Any certificate (`prefer`, `require`).
    Nothing,
    /// A certificate of a known authority, whatever its name (`verify-ca`, and `require` with `sslrootcert`).
    Authority,
    /// And for this host (`verify-full`).
    Full,
}

impl Target {
    /// Understands `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`.
    ///
    /// # Errors
    /// When the URL is not one of PostgreSQL, has parameters nobody knows, or names certificates that cannot be read.
    pub fn parse(url: &str) -> Result<Target, ConnectError> {
        let (plain, mode, roots) = split_tls(url)?;
        let mut config: Config = plain
            .parse()
            .map_err(|error| ConnectError::Url(format!("not a PostgreSQL address: {}", chain(&error))))?;
        let (ssl, verify) = match (mode.as_deref(), &roots) {
            (Some("disable"), _) => (SslMode::Disable, Verify::Nothing),
            (None | Some("prefer"), _) => (SslMode::Prefer, Verify::Nothing),
            (Some("require"), None) => (SslMode::Require, Verify::Nothing),
            (Some("require" | "verify-ca"), _) => (SslMode::Require, Verify::Authority),
            (Some("verify-full"), _) => (SslMode::Require, Verify::Full),
            (Some(other), _) => {
                return Err(ConnectError::Url(format!(
                    "unknown sslmode `{other}`: use disable, prefer, require, verify-ca or verify-full"
                )));
            }
        };
        config.ssl_mode(ssl);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_application_name().is_none() {
            config.application_name("glaze");
        }
        Ok(Target {
            tls: tls(verify, roots)?,
            config,
        })
    }

    /// Opens a connection; what drives it runs as a task of its own and ends with the client.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn connect(&self) -> Result<Client, ConnectError> {
        let (client, connection) = self
            .config
            .connect(self.tls.clone())
            .await
            .map_err(|error| ConnectError::Server(chain(&error)))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %chain(&error), "connection to PostgreSQL ended");
            }
        });
        Ok(client)
    }
}

/// Connects to `url`.
///
/// # Errors
/// When the URL cannot be used, or the server cannot be reached or refuses.
pub async fn connect(url: &str) -> Result<Client, ConnectError> {
    Target::parse(url)?.connect().await
}

/// An error with all its causes in one line: the outer text alone is mostly "db error".
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}

/// The URL without its TLS parameters, `sslmode` and `sslrootcert`: the driver knows some of the modes only.
fn split_tls(url: &str) -> Result<(String, Option<String>, Option<PathBuf>), ConnectError> {
    let mut parsed = url::Url::parse(url).map_err(|error| ConnectError::Url(format!("not an address: {error}")))?;
    if !matches!(parsed.scheme(), "postgres" | "postgresql") {
        return Err(ConnectError::Url(format!(
            "`{}://` is not PostgreSQL: write postgres://user@host/database",
            parsed.scheme()
        )));
    }
    let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
    for (key, value) in parsed.query_pairs() {
        match key.as_ref() {
            "sslmode" => mode = Some(value.into_owned()),
            "sslrootcert" => roots = Some(PathBuf::from(value.as_ref())),
            _ => rest.push((key.into_owned(), value.into_owned())),
        }
    }
    parsed.set_query(None);
    if !rest.is_empty() {
        parsed.query_pairs_mut().extend_pairs(&rest);
        // The driver decodes percent signs but takes `+` as it is.
        let query = parsed.query().map(|query| query.replace('+', "%20"));
        parsed.set_query(query.as_deref());
    }
    Ok((parsed.to_string(), mode, roots))
}

fn tls(verify: Verify, roots: Option<PathBuf>) -> Result<MakeRustlsConnect, ConnectError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| ConnectError::Tls(error.to_string()))?;
    let config = match verify {
        Verify::Full => builder.with_root_certificates(authorities(roots)?).with_no_client_auth(),
        Verify::Nothing => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Lenient { provider, authority: None }))
            .with_no_client_auth(),
        Verify::Authority => {
            let authority = WebPkiServerVerifier::builder_with_provider(Arc::new(authorities(roots)?), provider.clone())
                .build()
                .map_err(|error| ConnectError::Tls(error.to_string()))?;
            let verifier = Arc::new(Lenient {
                provider,
                authority: Some(authority),
            });
            builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

/// Who is trusted: those in the file, else the public authorities.
fn authorities(file: Option<PathBuf>) -> Result<RootCertStore, ConnectError> {
    let Some(file) = file.filter(|file| file.as_os_str() != "system") else {
        return Ok(RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        });
    };
    let wrong = |error: String| ConnectError::Tls(format!("sslrootcert {}: {error}", file.display()));
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&file).map_err(|error| wrong(error.to_string()))? {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        store.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    if store.is_empty() {
        Err(wrong("no certificate in it".to_owned()))
    } else {
        Ok(store)
    }
}

/// Certificates as libpq's `require` and `verify-ca` take them: encryption, and at most the authority.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    authority: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use rustls::CertificateError::{NotValidForName, NotValidForNameContext};
        let Some(authority) = &self.authority else {
            return Ok(ServerCertVerified::assertion());
        };
        match authority.verify_server_cert(end_entity, intermediates, server_name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sslmode_is_understood_and_the_rest_is_kept() {
        for (mode, ssl) in [
            ("disable", SslMode::Disable),
            ("prefer", SslMode::Prefer),
            ("require", SslMode::Require),
            ("verify-full", SslMode::Require),
        ] {
            let target = Target::parse(&format!(
                "postgres://ann:p%2Bq@db.example:6543/shop?sslmode={mode}&connect_timeout=3"
            ))
            .expect(mode);
            assert_eq!(target.config.get_ssl_mode(), ssl);
            assert_eq!(target.config.get_dbname(), Some("shop"));
            assert_eq!(target.config.get_password(), Some(b"p+q".as_slice()));
            assert_eq!(target.config.get_connect_timeout(), Some(&Duration::from_secs(3)));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (url, word) in [
            ("postgres://h/d?sslmode=maybe", "sslmode"),
            ("mysql://h/d", "mysql"),
            ("nonsense", "address"),
            ("postgres://h/d?sslmode=verify-full&sslrootcert=/no/such/file", "sslrootcert"),
        ] {
            let error = Target::parse(url).map(|_| ()).expect_err(url).to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
