//! Locks this process in before it reads a byte that somebody else wrote: what a codec written in C may do is what is allowed here.

/// The least that is to hold on every system is that the process holds nothing and is ended in time by the program that started
/// it. Beyond that:
///
/// | | Linux | macOS | Windows |
/// | --- | --- | --- | --- |
/// | memory | bounded | not bounded by the system | not bounded |
/// | time of its processor | bounded | bounded | not bounded |
/// | new files and sockets | refused (filter of system calls) | refused (no descriptor left) | not refused |
/// | ends with the program that started it | at once | when its input ends | when its input ends |
///
/// # Errors
/// The system does not lock it in; then it must not decode anything.
pub(crate) fn confine(memory_bytes: u64, cpu_seconds: u64) -> Result<(), String> {
    #[cfg(unix)]
    unix::limit(memory_bytes, cpu_seconds)?;
    #[cfg(target_os = "linux")]
    {
        linux::end_with_parent()?;
        linux::widen_pipes();
        linux::refuse_system_calls()?;
    }
    #[cfg(not(unix))]
    let _ = (memory_bytes, cpu_seconds);
    Ok(())
}

#[cfg(unix)]
mod unix {
    use rustix::process::{Resource, Rlimit, setrlimit};

    /// Limits that cannot be raised again; pipes that are open already stay so.
    pub(super) fn limit(memory_bytes: u64, cpu_seconds: u64) -> Result<(), String> {
        // macOS knows no limit on address space that it keeps to, and newer ones refuse to set it.
        let memory = (!cfg!(target_os = "macos")).then_some((Resource::As, memory_bytes));
        let others = [
            (Resource::Cpu, cpu_seconds),
            (Resource::Core, 0),
            (Resource::Fsize, 0),
            (Resource::Nofile, 0),
            (Resource::Nproc, 0),
        ];
        for (resource, most) in memory.into_iter().chain(others) {
            let limit = Rlimit {
                current: Some(most),
                maximum: Some(most),
            };
            setrlimit(resource, limit).map_err(|error| format!("a limit cannot be set: {error}"))?;
        }
        Ok(())
    }
}

#[cfg(target_os = "linux")]
pub(super) mod linux {
    use std::collections::BTreeMap;

    use rustix::process::{DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
        TargetArch,
    };

    /// Bytes that a pipe is asked to hold: a frame of 512 × 512 passes without its ends taking turns. A system that allows less
    /// is only slower.
    const PIPE: usize = 1 << 20;

    /// The process ends when the thread that started it does, in the middle of a frame too; and no other process may look into it.
    pub(super) fn end_with_parent() -> Result<(), String> {
        set_parent_process_death_signal(Some(Signal::KILL))
            .and_then(|()| set_dumpable_behavior(DumpableBehavior::NotDumpable))
            .map_err(|error| format!("the process cannot be bound to its parent: {error}"))
    }

    pub(super) fn widen_pipes() {
        // They may be files when someone calls the verb by hand.
        let _ = rustix::pipe::fcntl_setpipe_size(std::io::stdin(), PIPE);
        let _ = rustix::pipe::fcntl_setpipe_size(std::io::stdout(), PIPE);
    }

    /// From now on this thread can read standard input, write standard output and error, take and give back memory, and end. Everything
    /// else (files, sockets, processes, whatever a later kernel brings) is answered with "operation not permitted".
    pub(in crate::platform) fn refuse_system_calls() -> Result<(), String> {
        let fail = |error: &dyn std::fmt::Display| format!("system calls cannot be refused: {error}");
        let architecture = TargetArch::try_from(std::env::consts::ARCH).map_err(|error| fail(&error))?;
        let filter = SeccompFilter::new(
            allowed().map_err(|error| fail(&error))?,
            SeccompAction::Errno(libc::EPERM as u32),
            SeccompAction::Allow,
            architecture,
        )
        .map_err(|error| fail(&error))?;
        let program = BpfProgram::try_from(filter).map_err(|error| fail(&error))?;
        seccompiler::apply_filter(&program).map_err(|error| fail(&error))
    }

    type Rules = BTreeMap<libc::c_long, Vec<SeccompRule>>;

    fn allowed() -> Result<Rules, seccompiler::BackendError> {
        let only = |argument: u8, value: u64| {
            SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
        };
        let masked = |argument: u8, mask: i32, value: i32| {
            let operation = SeccompCmpOp::MaskedEq(mask as u64);
            SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operation, value as u64)
        };
        let rule =
            |conditions: Vec<SeccompCondition>| Ok::<_, seccompiler::BackendError>(vec![SeccompRule::new(conditions)?]);
        let mut rules: Rules = [
            // Memory is given back, and its use advised.
            libc::SYS_brk,
            libc::SYS_munmap,
            libc::SYS_mremap,
            libc::SYS_madvise,
            // Locks, time and random numbers of the standard library.
            libc::SYS_futex,
            libc::SYS_clock_gettime,
            libc::SYS_getrandom,
            libc::SYS_sched_yield,
            // Ends: by itself, or by abort and its signal.
            libc::SYS_exit,
            libc::SYS_exit_group,
            libc::SYS_rt_sigreturn,
            libc::SYS_rt_sigprocmask,
            libc::SYS_sigaltstack,
            libc::SYS_getpid,
            libc::SYS_gettid,
        ]
        .into_iter()
        .map(|call| (call, Vec::new()))
        .collect();
        rules.insert(libc::SYS_read, rule(vec![only(0, 0)?])?);
        // Answers, and a last word where somebody reads it; Farsight itself gives the child nothing to say it to.
        let (answers, words) = (
            SeccompRule::new(vec![only(0, 1)?])?,
            SeccompRule::new(vec![only(0, 2)?])?,
        );
        rules.insert(libc::SYS_write, vec![answers, words]);
        // Memory of its own, none of it to be executed.
        let anonymous = masked(3, libc::MAP_ANONYMOUS, libc::MAP_ANONYMOUS)?;
        rules.insert(libc::SYS_mmap, rule(vec![masked(2, libc::PROT_EXEC, 0)?, anonymous])?);
        rules.insert(libc::SYS_mprotect, rule(vec![masked(2, libc::PROT_EXEC, 0)?])?);
        Ok(rules)
    }
}

#[cfg(test)]
mod tests {
    /// The filter holds for one thread, so that the rest of the test process stays as it is.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_confined_thread_opens_no_file_no_socket_and_no_process() {
        use std::io::ErrorKind::PermissionDenied;
        use std::net::{TcpListener, TcpStream, UdpSocket};

        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let confined = std::thread::spawn(move || {
            super::linux::refuse_system_calls()?;
            let refused = [
                std::fs::File::open("/proc/self/status").err(),
                std::fs::File::create("/tmp/farsight-must-not-be").err(),
                std::fs::remove_file("/tmp/farsight-must-not-be").err(),
                TcpStream::connect(address).err(),
                TcpListener::bind("127.0.0.1:0").err(),
                UdpSocket::bind("127.0.0.1:0").err(),
                std::os::unix::net::UnixStream::pair().err(),
                std::process::Command::new("/bin/true").spawn().err(),
            ]
            .map(|error| error.map(|error| error.kind()));
            // What decoding needs is still there.
            let memory = vec![1u8; 64 << 20].iter().map(|&byte| usize::from(byte)).sum::<usize>();
            Ok::<_, String>((refused, memory))
        });
        match confined.join().unwrap() {
            Ok((refused, memory)) => {
                assert_eq!(refused, [Some(PermissionDenied); 8]);
                assert_eq!(memory, 64 << 20);
            }
            Err(reason) => testkit::skip(&format!("the confinement of decoders: {reason}")),
        }
    }
}
