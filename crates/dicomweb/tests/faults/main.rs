//! The client against a server that does everything wrong.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod bodies;
mod ladder;
mod lists;
mod requests;
mod sending;
mod server;
mod static_files;

use std::time::Duration;

use dicomweb::{Client, Patience, Server, SignIn};
use server::Faulty;

/// Limits that a test does not wait for.
fn patience() -> Patience {
    Patience {
        shortest_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(20),
        ..Patience::default()
    }
}

/// Limits for a test of silence. A server that answers does so well within them, also on a machine that does ten other things.
fn impatience() -> Patience {
    Patience {
        idle: Duration::from_secs(1),
        metadata: Duration::from_secs(1),
        ..patience()
    }
}

fn client_with(server: &Faulty, sign_in: SignIn, patience: Patience) -> Client {
    Client::new(Server::new("Faulty", &server.root(), sign_in).unwrap(), patience).unwrap()
}

fn client(server: &Faulty) -> Client {
    client_with(server, SignIn::None, patience())
}
