//! Whether the window is shown through a session on another machine, whose way changes pixels (lossy compression, scaling).
//!
//! What a session can hide is not found: a program that films the local screen (screen sharing in a meeting) looks like the local
//! screen itself.

/// The kind of remote session in which this program runs, in words that fit into "shown through …"; `None` when nothing speaks for
/// one. Cheap enough to be asked every few seconds, but not on the thread that draws.
pub(crate) fn remote_session() -> Option<&'static str> {
    here(&|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

/// X forwarded by SSH, the remote desktops that make an X or Wayland server of their own, and what logind knows of the session.
#[cfg(target_os = "linux")]
fn here(variable: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    by_variables(variable).or_else(|| {
        let session = variable("XDG_SESSION_ID").filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric()))?;
        let state = std::fs::read_to_string(format!("/run/systemd/sessions/{session}")).ok()?;
        by_logind(&state)
    })
}

/// Windows names each session after what it is shown by: "Console", "RDP-Tcp#3", "ICA-tcp#7" (Citrix), "PCoIP…", "BLAST…".
///
/// The variable says what held when the program began; the registry says what holds now, for a session can move.
#[cfg(target_os = "windows")]
fn here(variable: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    use std::os::windows::process::CommandExt;
    /// No console flashes up.
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    let asked = std::process::Command::new("reg.exe")
        .args(["query", r"HKCU\Volatile Environment", "/s", "/v", "SESSIONNAME"])
        .creation_flags(CREATE_NO_WINDOW)
        .output();
    let told = asked.ok().filter(|output| output.status.success());
    let now = told.map(|output| session_names(&String::from_utf8_lossy(&output.stdout)));
    let names = now.filter(|names| !names.is_empty());
    // Of several sessions of one user it cannot be said here which is this one: a remote one counts.
    names
        .unwrap_or_else(|| variable("SESSIONNAME").into_iter().collect())
        .iter()
        .find_map(|name| by_session_name(name))
}

/// Screen Sharing is served by a program that the system starts when somebody connects, and ends afterwards.
#[cfg(target_os = "macos")]
fn here(_: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    let asked = std::process::Command::new("/usr/bin/pgrep")
        .args(["-q", "-x", "screensharingd"])
        .status();
    asked.is_ok_and(|status| status.success()).then_some("Screen Sharing")
}

#[cfg(not(any(target_os = "linux", target_os = "windows", target_os = "macos")))]
fn here(_: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    None
}

/// What the variables of a session's programs tell.
#[cfg(any(target_os = "linux", test))]
fn by_variables(variable: &dyn Fn(&str) -> Option<String>) -> Option<&'static str> {
    const SERVERS: [(&str, &str); 8] = [
        ("XRDP_SESSION", "xrdp"),
        ("VNCDESKTOP", "VNC"),
        ("CHROME_REMOTE_DESKTOP_SESSION", "Chrome Remote Desktop"),
        ("NXSESSIONID", "NX"),
        ("X2GO_SESSION", "X2Go"),
        ("XPRA_SERVER_UUID", "Xpra"),
        ("ICA_CLIENT_NAME", "Citrix"),
        ("PCOIP_SESSION", "PCoIP"),
    ];
    let server = SERVERS.into_iter().find(|(name, _)| variable(name).is_some());
    if let Some((_, words)) = server {
        return Some(words);
    }
    // Over SSH only what is drawn through it is remote: a program may also be started from afar on the local screen.
    variable("SSH_CONNECTION").or_else(|| variable("SSH_CLIENT"))?;
    let forwarded = |display: String| {
        // "localhost:10.0": sshd listens on the loopback address and counts from 10.
        let (host, number) = display.rsplit_once(':')?;
        (!host.is_empty() && number.starts_with(|c: char| c.is_ascii_digit())).then_some("SSH forwarding")
    };
    let piped = |display: String| display.contains("waypipe").then_some("waypipe");
    variable("WAYLAND_DISPLAY")
        .and_then(piped)
        .or_else(|| variable("DISPLAY").and_then(forwarded))
}

/// What logind wrote about a session: `REMOTE=1` with the service that made it. A session of sshd alone shows nothing.
#[cfg(any(target_os = "linux", test))]
fn by_logind(state: &str) -> Option<&'static str> {
    let value = |key: &str| state.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    let graphical = matches!(value("TYPE"), Some("x11" | "wayland" | "mir"));
    (value("REMOTE") == Some("1") && graphical).then(|| match value("SERVICE") {
        Some("xrdp-sesman") => "xrdp",
        Some(service) if service.starts_with("gdm") || service.contains("remote") => "GNOME Remote Desktop",
        _ => "a remote desktop",
    })
}

/// The values in what `reg query` printed: lines of name, kind and value.
#[cfg(any(target_os = "windows", test))]
fn session_names(printed: &str) -> Vec<String> {
    let values = printed.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("SESSIONNAME") && words.next() == Some("REG_SZ")).then(|| words.next())?
    });
    values.map(str::to_owned).collect()
}

/// What a Windows session's name tells.
#[cfg(any(target_os = "windows", test))]
fn by_session_name(name: &str) -> Option<&'static str> {
    const KINDS: [(&str, &str); 5] = [
        ("rdp-", "Windows Remote Desktop"),
        ("ica-", "Citrix"),
        ("pcoip", "PCoIP"),
        ("blast", "VMware Blast"),
        ("vdi", "a remote desktop"),
    ];
    let name = name.to_ascii_lowercase();
    if name == "console" || name == "services" {
        return None;
    }
    let known = KINDS.into_iter().find(|(prefix, _)| name.starts_with(prefix));
    // Only the local screen is called Console.
    Some(known.map_or("a remote desktop", |(_, words)| words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Option<&'static str> {
        by_variables(&|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn sessions_of_linux_are_known_by_what_they_leave_in_the_environment() {
        let ssh = ("SSH_CONNECTION", "192.0.2.7 50412 192.0.2.1 22");
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[("DISPLAY", ":0")]), None);
        assert_eq!(with(&[ssh]), None);
        assert_eq!(
            with(&[ssh, ("DISPLAY", ":0")]),
            None,
            "started from afar on the local screen"
        );
        assert_eq!(with(&[ssh, ("DISPLAY", "localhost:10.0")]), Some("SSH forwarding"));
        assert_eq!(with(&[ssh, ("WAYLAND_DISPLAY", "waypipe-7")]), Some("waypipe"));
        assert_eq!(with(&[("XRDP_SESSION", "1"), ("DISPLAY", ":10.0")]), Some("xrdp"));
        assert_eq!(with(&[("VNCDESKTOP", "host:1 (reader)")]), Some("VNC"));
    }

    #[test]
    fn logind_knows_remote_graphical_sessions() {
        let state = |remote, kind, service| format!("UID=1000\nREMOTE={remote}\nTYPE={kind}\nSERVICE={service}\n");
        assert_eq!(by_logind(&state(0, "wayland", "gdm-password")), None);
        assert_eq!(by_logind(&state(1, "tty", "sshd")), None);
        assert_eq!(by_logind(&state(1, "x11", "xrdp-sesman")), Some("xrdp"));
        assert_eq!(
            by_logind(&state(1, "wayland", "gdm-remote")),
            Some("GNOME Remote Desktop")
        );
        assert_eq!(by_logind(""), None);
    }

    #[test]
    fn the_registry_names_the_sessions_as_they_are_now() {
        let printed = "\r\nHKEY_CURRENT_USER\\Volatile Environment\\1\r\n    SESSIONNAME    REG_SZ    RDP-Tcp#0\r\n\r\n\
                       End of search: 1 match(es) found.\r\n";
        assert_eq!(session_names(printed), ["RDP-Tcp#0"]);
        assert!(session_names("ERROR: The system was unable to find the specified registry key.").is_empty());
    }

    #[test]
    fn only_the_local_screen_of_windows_is_called_console() {
        assert_eq!(by_session_name("Console"), None);
        assert_eq!(by_session_name("RDP-Tcp#12"), Some("Windows Remote Desktop"));
        assert_eq!(by_session_name("ICA-tcp#7"), Some("Citrix"));
        assert_eq!(by_session_name("31C5CE94259D4006A9E4"), Some("a remote desktop"));
    }
}
