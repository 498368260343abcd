#!/usr/bin/env python3
"""Writes the first corpus of each fuzz target from the case folders: whole files, and their first frames as frame.rs reads them."""

import pathlib
import struct

HERE = pathlib.Path(__file__).parent
CASES = HERE.parent / "test-data" / "cases"
# As in fuzz_targets/frame.rs.
SYNTAXES = [
    "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.8.1", "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.4.110",
]
PHOTOMETRICS = ["MONOCHROME1", "MONOCHROME2", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "YBR_RCT"]


def text(file, head):
    at = file.find(head)
    if at < 0:
        return ""
    length = struct.unpack_from("<H", file, at + 6)[0]
    return file[at + 8 : at + 8 + length].decode("ascii", "replace").strip(" \0")


def number(file, element):
    at = file.find(struct.pack("<HH", 0x28, element) + b"US\2\0")
    return struct.unpack_from("<H", file, at + 8)[0] if at >= 0 else 0


def frame(file):
    """The ten bytes of frame.rs and the first fragment; None for what is not in fragments."""
    at = file.find(b"\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff")
    syntax = text(file, b"\2\0\x10\0UI")
    if at < 0 or syntax not in SYNTAXES:
        return None
    at += 12
    at += 8 + struct.unpack_from("<I", file, at + 4)[0]
    length = struct.unpack_from("<I", file, at + 4)[0]
    photometric = text(file, b"\x28\0\4\0CS")
    allocated = number(file, 0x100)
    flags = (number(file, 2) == 3) | (number(file, 6) == 1) << 1 | (number(file, 0x103) == 1) << 2
    head = [
        SYNTAXES.index(syntax), PHOTOMETRICS.index(photometric) if photometric in PHOTOMETRICS else 1,
        number(file, 0x10) & 255, number(file, 0x11) & 255, 0, {1: 0, 8: 1, 16: 2, 32: 3}.get(allocated, 1),
        number(file, 0x101), number(file, 0x102), flags, 0,
    ]
    return bytes(head) + file[at + 8 : at + 8 + length]


for target in ["guard", "parse", "check", "decode"]:
    (HERE / "corpus" / target).mkdir(parents=True, exist_ok=True)
for case in sorted(CASES.iterdir()):
    file = (case / "object.dcm").read_bytes()
    seeds = {"guard": file, "parse": file, "decode": b"\0" + file}
    for target, seed in seeds.items():
        (HERE / "corpus" / target / case.name).write_bytes(seed)
    alone = frame(file)
    if alone:
        (HERE / "corpus" / "check" / case.name).write_bytes(alone)
        (HERE / "corpus" / "decode" / f"{case.name}-frame").write_bytes(b"\1" + alone)
