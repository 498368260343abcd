//! Two lanes, so that what the reader waits for never stands behind what is fetched ahead.

use std::time::Duration;

use reqwest::{ClientBuilder, redirect};
use url::Url;

use crate::{Error, Patience, Server};

/// A lane: a pool of connections of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// For what somebody waits for: a few warm connections, HTTP/2 where the server offers it.
    Interactive,
    /// For whole series: several HTTP/1.1 connections, because one HTTP/2 connection collapses when a link loses packets (at
    /// 0.1 % loss to a fifth of the link, where eight connections lose nothing).
    Bulk,
}

/// How a lane's connections are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Several connections of HTTP/1.1 rather than one of HTTP/2.
    pub(crate) http1_only: bool,
    /// How many idle connections stay open.
    pub(crate) warm: usize,
    /// How long an idle connection stays open.
    pub(crate) keep: Duration,
}

impl Lane {
    /// How many requests at once suit the lane on an ordinary link; some servers have few threads for all their users.
    pub fn requests_at_once(self) -> usize {
        match self {
            Self::Interactive => 2,
            Self::Bulk => 8,
        }
    }

    pub(crate) fn policy(self) -> Policy {
        match self {
            // Someone reads a list for a while before a click, which a new connection would delay by two or three round trips.
            Self::Interactive => Policy {
                http1_only: false,
                warm: self.requests_at_once(),
                keep: Duration::from_secs(60),
            },
            // Servers drop idle connections after seconds; a request on a dropped one costs a second try.
            Self::Bulk => Policy {
                http1_only: true,
                warm: self.requests_at_once(),
                keep: Duration::from_secs(8),
            },
        }
    }

    /// The lane's connections. There is no cookie jar and no referrer; bodies are unpacked by ourselves, so that the bytes on the
    /// link are counted and an answer that unpacks without end is stopped.
    pub(crate) fn connections(self, server: &Server, patience: &Patience) -> Result<reqwest::Client, Error> {
        let policy = self.policy();
        let mut builder = ClientBuilder::new()
            .user_agent(concat!("farsight-dicomweb/", env!("CARGO_PKG_VERSION")))
            .no_gzip()
            .referer(false)
            .redirect(redirect::Policy::custom(|attempt| {
                let first = attempt.previous().first();
                if attempt.previous().len() <= MOST_REDIRECTS && first.is_some_and(|first| stays(first, attempt.url()))
                {
                    attempt.follow()
                } else {
                    attempt.stop()
                }
            }))
            .connect_timeout(patience.connect)
            .pool_max_idle_per_host(policy.warm)
            .pool_idle_timeout(policy.keep)
            // Small windows starve a fast link with a long way; adaptive ones make servers drop the connection.
            .http2_initial_stream_window_size(8 << 20)
            .http2_initial_connection_window_size(16 << 20)
            .http2_keep_alive_interval(Duration::from_secs(15))
            .http2_keep_alive_timeout(Duration::from_secs(10));
        if policy.http1_only {
            builder = builder.http1_only();
        }
        if server.is_on_this_machine() {
            // A system proxy is for the network, not for this machine.
            builder = builder.no_proxy();
        }
        if server.address().starts_with("http:") {
            // No redirect leads to https, so no certificates are needed, and a machine that has none can still show its own.
            builder = builder.tls_certs_only([]);
        }
        builder.build().map_err(|_| Error::NoClient)
    }
}

const MOST_REDIRECTS: usize = 5;

/// A redirect from one address to another stays with the server: scheme, host and port are the same.
fn stays(from: &Url, to: &Url) -> bool {
    from.origin() == to.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bulk_lane_is_several_http1_connections_and_the_interactive_one_is_not() {
        let (bulk, interactive) = (Lane::Bulk.policy(), Lane::Interactive.policy());
        assert!(bulk.http1_only && bulk.warm >= 4);
        assert!(!interactive.http1_only && interactive.warm >= 2);
        assert!(interactive.warm < bulk.warm && interactive.keep > bulk.keep);
    }

    #[test]
    fn a_redirect_stays_only_on_the_same_scheme_host_and_port() {
        let from = Url::parse("https://pacs.example/dicom-web/studies").unwrap();
        for (to, same) in [
            ("https://pacs.example/v2/studies", true),
            ("https://pacs.example:443/v2", true),
            ("http://pacs.example/v2", false),
            ("https://pacs.example:444/v2", false),
            ("https://pacs.example.evil/v2", false),
            ("https://evil.example/dicom-web/studies", false),
        ] {
            assert_eq!(stays(&from, &Url::parse(to).unwrap()), same, "{to}");
        }
    }
}
