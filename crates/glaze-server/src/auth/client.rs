//! Where a request comes from: the connection's address, or what a proxy that is trusted says of it.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use glaze_app::{App, accounts::Client};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Address and program of who asks.
pub(super) fn of(app: &App, parts: &Parts) -> Client {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| peer.0.ip().to_canonical());
    Client {
        address: peer.map(|peer| behind(peer, &app.settings.accounts.trusted_proxies, &parts.headers)),
        agent: parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|agent| agent.to_str().ok())
            .map(str::to_owned),
    }
}

/// The last address that is not one of our proxies: everything before it could be made up.
fn behind(peer: IpAddr, trusted: &[IpAddr], headers: &HeaderMap) -> IpAddr {
    if !trusted.contains(&peer) {
        return peer;
    }
    let told: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for told in told.into_iter().rev() {
        let Ok(address) = told.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
        if !trusted.contains(&nearest) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, HeaderValue::from_static("1.1.1.1, 198.51.100.7, 10.0.0.2"));
        let (proxy, inner) = (address("10.0.0.1"), address("10.0.0.2"));
        assert_eq!(behind(address("203.0.113.9"), &[proxy], &headers), address("203.0.113.9"));
        assert_eq!(behind(proxy, &[proxy, inner], &headers), address("198.51.100.7"));
        assert_eq!(behind(proxy, &[proxy], &headers), inner);
        headers.insert(FORWARDED_FOR, HeaderValue::from_static("nonsense"));
        assert_eq!(behind(proxy, &[proxy], &headers), proxy);
    }
}
