# Sourced by ./run, ./test and .ci/run: looks for what the project needs and installs only what lacks.

say() { echo "farsight: $*" >&2; }

need_rust() {
    if ! command -v cargo >/dev/null 2>&1; then
        # A toolchain that was installed a moment ago may not be on this shell's PATH yet.
        [ -r "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
    fi
    if ! command -v cargo >/dev/null 2>&1; then
        say "Rust is not installed. Install it from rustup.rs (one command), then run this again."
        exit 1
    fi
}

# Debian and Ubuntu package names by purpose.
packages_build="gcc g++ make cmake"
packages_window="libvulkan1 mesa-vulkan-drivers libxkbcommon-x11-0 libxkbcommon0 libx11-xcb1 libxcursor1 libxi6 libxrandr2 libwayland-client0 libwayland-cursor0 libwayland-egl1 libegl1 fonts-droid-fallback fonts-nanum"
packages_test="xvfb xauth imagemagick xdotool orthanc orthanc-dicomweb dcmtk curl python3"

need_packages() {
    local wanted="" missing="" name
    for name in "$@"; do
        case "$name" in
            build) wanted="$wanted $packages_build" ;;
            window) wanted="$wanted $packages_window" ;;
            test) wanted="$wanted $packages_test" ;;
        esac
    done
    if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
        [ "$(uname -s)" = Linux ] && say "this is not Debian or Ubuntu; please see to it that these are installed:$wanted"
        return 0
    fi
    for name in $wanted; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $name"
    done
    [ -z "$missing" ] && return 0
    local sudo=""
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "these packages are missing and there is no sudo to install them:$missing"
            exit 1
        fi
        sudo=sudo
    fi
    say "installing with apt:$missing"
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
