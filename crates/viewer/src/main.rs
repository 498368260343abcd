//! The program `farsight`.

fn main() -> std::process::ExitCode {
    viewer::verb::main()
}
