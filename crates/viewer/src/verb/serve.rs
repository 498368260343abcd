//! `farsight serve`: the embedded DICOMweb server over a folder.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;
use pacs::{Options, Pacs, Store};

use super::{VerbError, decode_worker};

/// What to serve, and where.
#[derive(Args)]
pub(super) struct What {
    /// The folder; objects that are sent are written into it
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// TCP port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Address of the interface to listen on; the default cannot be reached by other machines
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
}

/// Serves until it is stopped by Ctrl-C.
pub(super) async fn run(what: What) -> Result<(), VerbError> {
    let options = Options {
        port: what.port,
        address: what.address,
        decoder: decode_worker::decode,
        ..Options::default()
    };
    if !what.address.is_loopback() {
        eprintln!(
            "Whoever can reach {} can read, and add to, everything in the folder: this server knows no sign-in and no \
             encryption.",
            what.address
        );
    }
    let pacs = Pacs::start(Store::folder(what.folder), options)
        .await
        .map_err(VerbError::failed)?;
    let held = pacs.tally();
    println!(
        "{} ({} studies, {} objects; Ctrl-C stops it)",
        pacs.base(),
        held.studies,
        held.instances
    );
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| VerbError::Failed(format!("Ctrl-C cannot be listened for ({error}).")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_that_is_not_there_is_a_failure_in_words() {
        let nowhere = tempfile::tempdir().unwrap();
        let what = What {
            folder: nowhere.path().join("missing"),
            port: 0,
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        };
        let outcome = run(what).await;
        assert!(
            matches!(outcome, Err(VerbError::Failed(sentence)) if sentence.starts_with("The folder cannot be read"))
        );
    }
}
