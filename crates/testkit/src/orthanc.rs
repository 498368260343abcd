//! Orthanc from the package archive, started and stopped by a test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Orthanc with its DICOMweb plugin on a free loopback port, over a folder that goes with it.
#[derive(Debug)]
pub struct Orthanc {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Orthanc {
    /// Starts it and returns when it answers; `None`, said loudly, where it is not installed.
    ///
    /// # Panics
    /// When it is installed and does not start.
    pub fn start(what: &str) -> Option<Self> {
        let plugin = [
            "/usr/share/orthanc/plugins/libOrthancDicomWeb.so",
            "/usr/local/share/orthanc/plugins/libOrthancDicomWeb.so",
            "/usr/lib/orthanc/libOrthancDicomWeb.so",
        ]
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.is_file());
        let program = std::env::split_paths(&std::env::var_os("PATH")?)
            .chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin")])
            .map(|folder| folder.join("Orthanc"))
            .find(|path| path.is_file());
        let (Some(plugin), Some(program)) = (plugin, program) else {
            crate::skip(&format!(
                "{what} against Orthanc: the packages orthanc and orthanc-dicomweb are not installed"
            ));
            return None;
        };
        // Another program may take a port between its choice and its use.
        for _ in 0..5 {
            if let Some(running) = Self::try_start(&program, &plugin) {
                return Some(running);
            }
        }
        panic!("Orthanc does not start");
    }

    /// The address of its DICOMweb root.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/dicom-web", self.port)
    }

    fn try_start(program: &Path, plugin: &Path) -> Option<Self> {
        let folder = tempfile::tempdir().ok()?;
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let store = folder.path().join("db");
        let configuration = format!(
            r#"{{"Name":"test","StorageDirectory":{store:?},"IndexDirectory":{store:?},"HttpPort":{port},"DicomServerEnabled":false,
                "RemoteAccessAllowed":false,"AuthenticationEnabled":false,"OverwriteInstances":true,"StableAge":1,"SaveJobs":false,
                "KeepAlive":true,"Plugins":[{plugin:?}],"DicomWeb":{{"Enable":true,"Root":"/dicom-web/","EnableWado":false}}}}"#
        );
        let file = folder.path().join("orthanc.json");
        std::fs::write(&file, configuration).ok()?;
        let process = Command::new(program)
            .arg(&file)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut orthanc = Self {
            process,
            port,
            _folder: folder,
        };
        while !orthanc.answers() {
            if orthanc.process.try_wait().ok()?.is_some() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(orthanc)
    }

    fn answers(&self) -> bool {
        let ask = || {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.write_all(
                b"GET /dicom-web/studies?limit=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/dicom+json\r\nConnection: close\r\n\r\n",
            )?;
            let mut head = [0; 12];
            stream.read_exact(&mut head)?;
            Ok::<_, std::io::Error>(head)
        };
        ask().is_ok_and(|head| head == *b"HTTP/1.1 200")
    }
}

impl Drop for Orthanc {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
