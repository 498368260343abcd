//! The verbs that need no window, as a person or a script calls them: exit status, one sentence on standard error, stable JSON.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// A user's home that holds nothing yet.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_farsight"));
        command.args(arguments).env("HOME", self.0.path()).stdin(Stdio::null());
        for variable in [
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "FARSIGHT_TOKEN",
            "FARSIGHT_PASSWORD",
            "http_proxy",
            "HTTP_PROXY",
            "all_proxy",
            "ALL_PROXY",
        ] {
            command.env_remove(variable);
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

/// `farsight serve` on a free port, ended when it goes out of scope.
struct Served {
    child: Child,
    base: String,
}

impl Served {
    fn start(home: &Home, folder: &Path) -> Self {
        let mut child = home
            .command(&["serve", folder.to_str().unwrap()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let base = line.split_whitespace().next().unwrap().to_owned();
        assert!(base.starts_with("http://127.0.0.1:"), "{line}");
        Self { child, base }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../test-data/cases")
        .join(name)
        .join("object.dcm")
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_was_sent_is_found_and_pulled_again_without_a_change() {
    let (home, folder, to) = (Home::new(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let served = Served::start(&home, folder.path());
    let names = ["jpegls-u12", "native-explicit-s16", "rle-rgb", "j2k-s16"];
    let files: Vec<_> = names.iter().map(|n| case(n)).collect();
    let mut arguments = vec!["send", "--json", "--server", &served.base];
    arguments.extend(files.iter().map(|f| f.to_str().unwrap()));
    let sent = home.run(&arguments);
    assert!(sent.status.success(), "{}", said(&sent));
    assert_eq!(lines(&sent).len(), names.len());
    assert!(
        lines(&sent)
            .iter()
            .all(|l| l["outcome"] == "stored" && l["reason"].is_null()),
        "{:?}",
        lines(&sent)
    );

    let found = home.run(&["search", "--json", "--server", &served.base]);
    assert!(found.status.success(), "{}", said(&found));
    let studies = lines(&found);
    let images: u64 = studies.iter().map(|s| s["instances"].as_u64().unwrap()).sum();
    assert_eq!(images, names.len() as u64);

    let folder = to.path().to_str().unwrap();
    for study in &studies {
        let uid = study["study_uid"].as_str().unwrap();
        let pull = home.run(&["pull", "--study", uid, "--to", folder, "--server", &served.base]);
        assert!(pull.status.success(), "{}", said(&pull));
    }
    let originals: Vec<_> = files.iter().map(|f| stored_values(&home, f)).collect();
    let pulled = every_file(to.path());
    assert_eq!(pulled.len(), names.len());
    for file in pulled {
        assert!(
            originals.contains(&stored_values(&home, &file)),
            "{} differs",
            file.display()
        );
    }
}

/// Transfer syntax, class and digest of the decoded values, as `inspect` tells them.
fn stored_values(home: &Home, file: &Path) -> (String, String, String) {
    let told = home.run(&["inspect", "--json", file.to_str().unwrap()]);
    assert!(told.status.success(), "{}", said(&told));
    let line = lines(&told).remove(0);
    let text = |key: &str| line[key].as_str().unwrap().to_owned();
    (text("ts"), text("sop"), text("sha_stored"))
}

fn every_file(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(every_file(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn what_is_no_dicom_is_named_and_the_rest_is_sent() {
    let (home, folder, junk) = (Home::new(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let served = Served::start(&home, folder.path());
    let page = junk.path().join("page.dcm");
    std::fs::write(&page, "<html>not an image</html>").unwrap();
    let good = case("native-u8");
    let files = [page.to_str().unwrap(), good.to_str().unwrap()];
    let sent = home.run(&["send", "--json", "--server", &served.base, files[0], files[1]]);
    assert_eq!(sent.status.code(), Some(1));
    let outcomes: Vec<_> = lines(&sent)
        .iter()
        .map(|l| l["outcome"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(outcomes, ["unreadable", "stored"]);
}

#[test]
fn an_absent_server_and_a_wrong_call_are_one_sentence_and_a_status() {
    let home = Home::new();
    // A port that was free a moment ago and that nothing listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let address = format!("http://127.0.0.1:{port}/dicom-web");
    let found = home
        .command(&["search", "--server", &address])
        .env("FARSIGHT_TOKEN", "s3cret-t0ken")
        .output()
        .unwrap();
    assert_eq!(found.status.code(), Some(1));
    let sentence = said(&found);
    assert_eq!(sentence.trim().lines().count(), 1, "{sentence}");
    assert!(!sentence.contains("s3cret") && !sentence.contains("http"), "{sentence}");

    for wrong in [
        &["search"][..],
        &["search", "--server", "nowhere"],
        &["search", "--server", &address, "--date", "yesterday"],
        &["search", "--server", "ftp://pacs.example"],
        &["pull", "--server", &address],
        &["inspect"],
        &["fly"],
    ] {
        let output = home.run(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", said(&output));
        assert!(!said(&output).is_empty());
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_token_is_not_sent_unencrypted_to_another_machine_without_being_told_to() {
    let home = Home::new();
    // An address that is kept for examples: nobody answers.
    let found = home
        .command(&["search", "--server", "http://192.0.2.1/dicom-web"])
        .env("FARSIGHT_TOKEN", "secret")
        .output()
        .unwrap();
    assert_eq!(found.status.code(), Some(2));
    assert!(said(&found).contains("--in-clear"), "{}", said(&found));
}

#[test]
fn a_web_page_in_place_of_a_pacs_is_told_as_that() {
    let home = Home::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).unwrap();
        let page = "<!doctype html><title>Sign in</title>";
        let length = page.len();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n");
        write!(stream, "{head}Connection: close\r\n\r\n{page}").unwrap();
    });
    let found = home.run(&["search", "--server", &format!("http://127.0.0.1:{port}")]);
    server.join().unwrap();
    assert_eq!(found.status.code(), Some(1));
    assert!(said(&found).contains("web page"), "{}", said(&found));
}

#[test]
fn an_object_about_which_no_answer_came_is_neither_stored_nor_refused() {
    let home = Home::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Takes everything in and says nothing; the thread ends with the test.
    std::thread::spawn(move || {
        use std::io::Read;
        for stream in listener.incoming() {
            let mut all = Vec::new();
            let _ = stream.map(|mut stream| {
                let _ = stream.set_read_timeout(Some(std::time::Duration::from_millis(300)));
                stream.read_to_end(&mut all)
            });
        }
    });
    let file = case("rle-rgb");
    let address = format!("http://127.0.0.1:{port}");
    let sent = home.run(&["send", "--json", "--server", &address, file.to_str().unwrap()]);
    assert_eq!(sent.status.code(), Some(1));
    let line = &lines(&sent)[0];
    assert_eq!(line["outcome"], "unknown", "{line}");
    assert!(
        line["reason"].as_str().unwrap().starts_with("Perhaps not stored."),
        "{line}"
    );
}

#[test]
fn a_file_that_is_cut_short_is_told_and_the_others_are_inspected() {
    let (home, folder) = (Home::new(), tempfile::tempdir().unwrap());
    let bytes = std::fs::read(case("jpegls-u12")).unwrap();
    let cut = folder.path().join("cut.dcm");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let whole = case("native-u8");
    let told = home.run(&["inspect", "--json", cut.to_str().unwrap(), whole.to_str().unwrap()]);
    assert_eq!(told.status.code(), Some(1));
    let lines = lines(&told);
    assert!(lines[0]["error"].is_string(), "{}", lines[0]);
    assert!(lines[0].get("sha_stored").is_none());
    assert!(lines[1]["sha_stored"].is_string(), "{}", lines[1]);
}

#[test]
fn without_a_display_the_window_says_so() {
    // Other systems always have a display.
    if std::env::consts::OS != "linux" {
        return;
    }
    let home = Home::new();
    for arguments in [&["demo"][..], &[], &["open", "."]] {
        let output = home.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(said(&output).contains("no display"), "{}", said(&output));
    }
    let output = home.run(&["open", "/nowhere/at/all"]);
    assert!(said(&output).contains("no file or folder"), "{}", said(&output));
}
