//! "Try it" against servers that fail at each rung.

use dicomweb::{Client, Rung, Secret, Server, SignIn};

use crate::server::{Faulty, Reply};
use crate::{client, client_with, patience};

/// A server that does well up to a rung.
async fn server_until(last: &'static str) -> Faulty {
    Faulty::start(move |request| {
        let file = [&[0; 128][..], b"DICM....."].concat();
        let path = request.target.split('?').next().unwrap();
        let (what, reply) = match path {
            "/dw/studies" => ("studies", Reply::json(r#"[{"0020000D":{"vr":"UI","Value":["1"]}}]"#)),
            "/dw/studies/1/series" => ("series", Reply::json(r#"[{"0020000E":{"vr":"UI","Value":["2"]}}]"#)),
            "/dw/studies/1/series/2/instances" => {
                ("instances", Reply::json(r#"[{"00080018":{"vr":"UI","Value":["3"]}}]"#))
            }
            "/dw/studies/1/series/2/instances/3/metadata" => {
                ("metadata", Reply::json(r#"[{"00080018":{"vr":"UI","Value":["3"]}}]"#))
            }
            "/dw/studies/1/series/2/instances/3" => {
                ("image", Reply::new(200, &[("Content-Type", "application/dicom")], file))
            }
            _ => unreachable!("{path}"),
        };
        let order = ["", "studies", "series", "instances", "metadata", "image"];
        let place = |name| order.iter().position(|other| *other == name);
        if place(what) <= place(last) {
            reply
        } else {
            Reply::new(404, &[], "")
        }
    })
    .await
}

#[tokio::test]
async fn a_good_server_holds_on_every_rung() {
    let found = client(&server_until("image").await).try_server().await;
    let rungs: Vec<Rung> = found.iter().map(|finding| finding.rung).collect();
    assert_eq!(
        rungs,
        [Rung::Network, Rung::SignIn, Rung::Query, Rung::Metadata, Rung::Image]
    );
    assert!(
        found
            .iter()
            .all(|finding| finding.ok && finding.sentence.ends_with('.'))
    );
}

#[tokio::test]
async fn the_first_rung_that_does_not_hold_is_the_last_one_tried() {
    for (last, rung) in [
        ("", Rung::Query),
        ("studies", Rung::Metadata),
        ("series", Rung::Metadata),
        ("instances", Rung::Metadata),
        ("metadata", Rung::Image),
    ] {
        let found = client(&server_until(last).await).try_server().await;
        let (failed, held) = found.split_last().unwrap();
        assert_eq!((failed.rung, failed.ok), (rung, false), "after {last}");
        assert!(held.iter().all(|finding| finding.ok) && failed.sentence.ends_with('.'));
    }
}

#[tokio::test]
async fn no_network_no_sign_in_and_no_pacs_are_told_apart() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let gone = Server::new("Gone", &format!("http://{address}/dw"), SignIn::None).unwrap();
    let found = Client::new(gone, patience()).unwrap().try_server().await;
    assert_eq!((found.len(), found[0].rung, found[0].ok), (1, Rung::Network, false));

    let server = Faulty::start(|_| Reply::new(401, &[], "")).await;
    let found = client_with(&server, SignIn::Bearer(Secret::new("t")), patience())
        .try_server()
        .await;
    assert_eq!((found.len(), found[1].rung, found[1].ok), (2, Rung::SignIn, false));

    let server = Faulty::start(|_| Reply::new(200, &[("Content-Type", "text/html")], "<html>Welcome</html>")).await;
    let found = client(&server).try_server().await;
    assert_eq!((found.len(), found[1].rung, found[1].ok), (2, Rung::Query, false));

    let server = Faulty::start(|_| Reply::json("[]")).await;
    let found = client(&server).try_server().await;
    assert!(
        found.len() == 3 && found.iter().all(|finding| finding.ok),
        "an empty PACS is no fault"
    );
}
