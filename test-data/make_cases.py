#!/usr/bin/env python3
"""make_cases.py: writes test-data/cases/*/object.dcm and expected.json. Everything in them is synthetic (ramps, rings, noise).

Needs pydicom, numpy, imagecodecs and pyjpegls, and DCMTK's dcmcjpeg for progressive JPEG of 12 bits; run by hand when a case is added. The expected digests come from the arrays that were
encoded, never from a decoder of this project: lossless cases by SHA-256, lossy ones by the means of 8x8 blocks with a
tolerance. `./test` reads the results only.
"""
import hashlib, json, pathlib, re, struct, subprocess, tempfile, zlib
import numpy as np, imagecodecs, jpeg_ls
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.uid import UID

# Newer than this pydicom.
for number, words in ((110, "JPEG XL Lossless"), (111, "JPEG XL JPEG Recompression"), (112, "JPEG XL")):
    pydicom.uid.UID_dictionary[f"1.2.840.10008.1.2.4.{number}"] = (words, "Transfer Syntax", "", "", "")
pydicom.uid.UID_dictionary[P81 := "1.2.840.10008.1.2.8.1"] = ("Deflated Image Frame Compression", "Transfer Syntax", "", "", "")
HERE = pathlib.Path(__file__).parent / "cases"
P = "1.2.840.10008.1.2"
ROWS, COLUMNS = 45, 53  # odd on purpose: nothing is a multiple of 8


def pattern(low, high, dtype, seed=1):
    """A diagonal ramp with rings and a little noise, spanning low … high exactly."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(float)
    v = (x + y) / (ROWS + COLUMNS - 2) * 0.7 + 0.2 * (np.sin(np.hypot(x - 20, y - 25)) * 0.5 + 0.5)
    v += np.random.default_rng(seed).random(v.shape) * 0.1
    v = (v - v.min()) / (v.max() - v.min())
    return np.rint(low + v * (high - low)).astype(dtype)


def colour(seed=3):
    return np.stack([pattern(0, 255, np.uint8, seed + i)[:, :: (-1) ** i] for i in range(3)], axis=-1)


def smooth_colour():
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(float)
    return np.stack([x / COLUMNS * 200 + 20, y / ROWS * 200 + 20, 240 - (x + y) / (ROWS + COLUMNS) * 200], -1).astype(np.uint8)


def base(name, ts, bits_allocated, bits_stored, high_bit, signed, pi="MONOCHROME2", samples=1, frames=1):
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = UID(ts)
    root = "2.25." + str(int(hashlib.sha256(name.encode()).hexdigest()[:24], 16))
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = UID(root + ".3")
    ds.StudyInstanceUID, ds.SeriesInstanceUID = root + ".1", root + ".2"
    ds.PatientName, ds.PatientID, ds.Modality = "SYNTHETIC^CASE", "CASE", "OT"
    ds.Rows, ds.Columns, ds.SamplesPerPixel = ROWS, COLUMNS, samples
    ds.PhotometricInterpretation = pi
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits_allocated, bits_stored, high_bit, int(signed)
    if samples > 1:
        ds.PlanarConfiguration = 0
    if frames > 1:
        ds.NumberOfFrames = frames
    return ds


def digest(a):
    return hashlib.sha256(np.ascontiguousarray(a.astype(a.dtype.newbyteorder("<"))).tobytes()).hexdigest()


def grid(a, channel=0):
    a = a[..., channel] if a.ndim == 3 else a
    rows, columns = a.shape
    ys, xs = [rows * i // 8 for i in range(9)], [columns * i // 8 for i in range(9)]
    return [round(float(a[ys[j]:ys[j + 1], xs[i]:xs[i + 1]].mean(dtype=np.float64)), 2) for j in range(8) for i in range(8)]


WRITTEN = []


def save(name, ds, arrays, why, tolerance=None, **kw):
    """arrays: the stored values expected of each frame."""
    folder = HERE / name
    folder.mkdir(parents=True, exist_ok=True)
    ts = ds.file_meta.TransferSyntaxUID
    raw = ts if ts in (P, P + ".2") or str(ts).startswith(P + ".1") else UID(P + ".1")
    ds.save_as(folder / "object.dcm", implicit_vr=raw == P, little_endian=raw != P + ".2", enforce_file_format=True)
    frames = []
    for a in arrays:
        f = {"shape": list(a.shape), "dtype": str(a.dtype), "min": float(a.min()), "max": float(a.max())}
        f.update({"sha_stored": digest(a)} if tolerance is None else {"grid_stored": grid(a), "tolerance": tolerance})
        if tolerance is not None and a.ndim == 3:
            f["grids"] = [grid(a, channel) for channel in range(3)]
        frames.append(f)
    (folder / "expected.json").write_text(json.dumps({"why": why, "frames": frames}, indent=1) + "\n")
    WRITTEN.append(name)


def native(name, ts, a, ba, bs, hb, signed, why, **kw):
    ds = base(name, ts, ba, bs, hb, signed, **kw)
    container = {8: "u1", 16: "u2", 32: "u4"}[ba]
    order = ">" if ts == P + ".2" else "<"
    v = (a.astype(np.int64) & ((1 << bs) - 1)) << (hb + 1 - bs)
    ds.PixelData = v.astype(order + container).tobytes() + (b"\0" if v.size * ba // 8 % 2 else b"")
    ds["PixelData"].VR = "OB" if ba == 8 and ts != P else "OW"
    save(name, ds, [a], why)


# Native, every width and position.
for ts, tag in ((P, "implicit"), (P + ".1", "explicit"), (P + ".2", "bigendian"), (P + ".1.99", "deflated")):
    native(f"native-{tag}-u12", ts, pattern(0, 4095, "u2"), 16, 12, 11, False, "12 bits stored of 16, unsigned")
    native(f"native-{tag}-s16", ts, pattern(-32768, 32767, "i2"), 16, 16, 15, True, "16 bits, signed, the whole range")
native("native-u8", P + ".1", pattern(0, 255, "u1"), 8, 8, 7, False, "8 bits")
native("native-s8", P + ".1", pattern(-128, 127, "i1"), 8, 8, 7, True, "8 bits, signed")
native("native-s12", P + ".1", pattern(-2048, 2047, "i2"), 16, 12, 11, True, "12 bits stored, signed: the sign is bit 11")
native("native-u12-high-bit-15", P + ".1", pattern(0, 4095, "u2"), 16, 12, 15, False, "12 bits stored at the upper end of 16")
native("native-u32", P + ".1", pattern(0, 2**32 - 1, "u4"), 32, 32, 31, False, "32 bits")
native("native-s32-bigendian", P + ".2", pattern(-(2**31), 2**31 - 1, "i4"), 32, 32, 31, True, "32 bits, signed, big endian")

ds = base("native-overlay-bits", P + ".1", 16, 12, 11, False)
a = pattern(0, 4095, "u2")
ds.PixelData = (a | (np.random.default_rng(9).integers(0, 16, a.shape).astype("u2") << 12)).tobytes()
ds["PixelData"].VR = "OW"
save("native-overlay-bits", ds, [a], "foreign bits above High Bit are masked")

for planar in (0, 1):
    name = f"native-rgb-planar-{planar}"
    ds = base(name, P + ".1", 8, 8, 7, False, "RGB", 3)
    ds.PlanarConfiguration = planar
    a = colour()
    b = (a if planar == 0 else a.transpose(2, 0, 1)).tobytes()
    ds.PixelData = b + (b"\0" if len(b) % 2 else b"")
    ds["PixelData"].VR = "OB"
    save(name, ds, [a], "colour by pixel" if planar == 0 else "colour by plane")

ds = base("native-ybr-full-422", P + ".1", 8, 8, 7, False, "YBR_FULL_422", 3)
ds.Columns = COLUMNS + 1
y = np.pad(pattern(0, 255, "u1"), ((0, 0), (0, 1)), "edge")
cb, cr = pattern(30, 220, "u1", 5)[:, ::2], pattern(30, 220, "u1", 6)[:, ::2]
packed = np.stack([y[:, 0::2], y[:, 1::2], cb, cr], -1)
ds.PixelData = packed.tobytes() + (b"\0" if packed.size % 2 else b"")
ds["PixelData"].VR = "OB"
a = np.stack([y, np.repeat(cb, 2, 1), np.repeat(cr, 2, 1)], -1)
save("native-ybr-full-422", ds, [a], "native 4:2:2: Y Y Cb Cr for two pixels, chrominance repeated")

ds = base("native-1-bit-frames", P + ".1", 1, 1, 0, False, frames=3)
bits = [(pattern(0, 1, "u1", s) ^ (pattern(0, 255, "u1", s) & 1)) for s in (1, 2, 3)]
b = np.packbits(np.concatenate([x.ravel() for x in bits]), bitorder="little").tobytes()
ds.PixelData = b + (b"\0" if len(b) % 2 else b"")
ds["PixelData"].VR = "OB"
save("native-1-bit-frames", ds, bits, "1 bit, frames that do not begin at a byte")

for key, code, dt in (("FloatPixelData", "float", "f4"), ("DoubleFloatPixelData", "double", "f8")):
    ds = base("native-" + code, P + ".1", 32 if dt == "f4" else 64, 1, 0, False)
    del ds.BitsStored, ds.HighBit, ds.PixelRepresentation
    a = (pattern(0, 4095, "u2").astype(dt) / 7 - 100).astype(dt)
    setattr(ds, key, a.tobytes())
    save("native-" + code, ds, [a], key)

# Encapsulated.
def enc(name, ts, arrays, streams, ba, bs, signed, why, pi="MONOCHROME2", samples=1, tolerance=None, bot=True, split=1, extended=False):
    ds = base(name, ts, ba, bs, bs - 1, signed, pi, samples, len(arrays))
    ds.Rows, ds.Columns = arrays[0].shape[:2]
    if extended:
        data, offsets, lengths = encapsulate_extended(streams)
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = data, offsets, lengths
    else:
        ds.PixelData = encapsulate(streams, fragments_per_frame=split, has_bot=bot)
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    if tolerance is not None:
        ds.LossyImageCompression = "01"
    save(name, ds, arrays, why, tolerance)


def rle(a):
    """PS3.5 G: one PackBits segment for each byte plane, most significant first, rows encoded apart."""
    a = a.reshape(a.shape[0], a.shape[1], -1)
    size = a.dtype.itemsize
    segments = []
    for channel in range(a.shape[2]):
        be = np.ascontiguousarray(a[:, :, channel]).astype(a.dtype.newbyteorder(">")).view("u1").reshape(a.shape[0], a.shape[1], size)
        for plane in range(size):
            s = b"".join(imagecodecs.packbits_encode(be[r, :, plane].tobytes()) for r in range(a.shape[0]))
            segments.append(s + (b"\0" if len(s) % 2 else b""))
    offsets, at = [], 64
    for s in segments:
        offsets.append(at)
        at += len(s)
    return struct.pack("<16I", len(segments), *offsets, *([0] * (15 - len(segments)))) + b"".join(segments)


u8, u12, s16, u16 = pattern(0, 255, "u1"), pattern(0, 4095, "u2"), pattern(-32768, 32767, "i2"), pattern(0, 65535, "u2")
enc("rle-u8", P + ".5", [u8], [rle(u8)], 8, 8, False, "RLE, 8 bits")
enc("rle-s16", P + ".5", [s16], [rle(s16)], 16, 16, True, "RLE, 16 bits, signed")
u32 = pattern(0, 2**32 - 1, "u4")
enc("rle-u32", P + ".5", [u32], [rle(u32)], 32, 32, False, "RLE, 32 bits: four segments")
enc("rle-rgb", P + ".5", [colour()], [rle(colour())], 8, 8, False, "RLE, colour: three segments", "RGB", 3)
enc("rle-ybr-full", P + ".5", [colour()], [rle(colour())], 8, 8, False, "RLE, YBR_FULL stays YBR_FULL", "YBR_FULL", 3)

many = [pattern(0, 4095, "u2", s) for s in range(4)]
for label, kw in (("with-table", {}), ("without-table", {"bot": False}), ("extended-table", {"extended": True})):
    enc(f"rle-frames-{label}", P + ".5", many, [rle(a) for a in many], 16, 12, False, f"four frames, offsets: {label}", **kw)

jls = imagecodecs.jpegls_encode
enc("jpegls-u12", P + ".4.80", [u12], [jls(u12)], 16, 12, False, "JPEG-LS, 12 bits in a 16-bit container")
enc("jpegls-u16", P + ".4.80", [u16], [jls(u16)], 16, 16, False, "JPEG-LS, 16 bits")
enc("jpegls-s16", P + ".4.80", [s16], [jls(s16.view("u2"))], 16, 16, True, "JPEG-LS of signed values: the bits are the stored ones")
enc("jpegls-u8", P + ".4.80", [u8], [jls(u8)], 8, 8, False, "JPEG-LS, 8 bits")
enc("jpegls-rgb", P + ".4.80", [colour()], [jls(colour())], 8, 8, False, "JPEG-LS, colour", "RGB", 3)
enc("jpegls-near", P + ".4.81", [u8], [jls(u8, level=2)], 8, 8, False, "JPEG-LS near-lossless, off by at most 2", tolerance=2)
enc("jpegls-fragments-no-table", P + ".4.80", many, [jls(a) for a in many], 16, 12, False,
    "three fragments for each of four frames, no table: frames are found by their codestreams", bot=False, split=3)

lj = imagecodecs.ljpeg_encode
enc("jpeg-lossless-u16", P + ".4.70", [u16], [lj(u16, bitspersample=16)], 16, 16, False, "JPEG lossless, 16 bits")
enc("jpeg-lossless-u12", P + ".4.57", [u12], [lj(u12, bitspersample=12)], 16, 12, False, "JPEG lossless, 12 bits")
enc("jpeg-baseline-grey", P + ".4.50", [u8], [imagecodecs.jpeg8_encode(u8, level=95)], 8, 8, False, "JPEG baseline", tolerance=2)

j2k = lambda a, **kw: imagecodecs.jpeg2k_encode(a, codecformat="j2k", **kw)
enc("j2k-u12", P + ".4.90", [u12], [j2k(u12, level=0, reversible=True, bitspersample=12)], 16, 12, False, "JPEG 2000 reversible, 12 bits")
enc("j2k-s16", P + ".4.90", [s16], [j2k(s16, level=0, reversible=True)], 16, 16, True, "JPEG 2000 reversible, signed")
enc("j2k-rgb", P + ".4.90", [colour()], [j2k(colour(), level=0, reversible=True, mct=True)], 8, 8, False, "JPEG 2000 with component transform", "YBR_RCT", 3)
enc("j2k-lossy", P + ".4.91", [u8], [j2k(u8, level=45)], 8, 8, False, "JPEG 2000 irreversible", tolerance=2)
ht = imagecodecs.htj2k_encode
enc("htj2k-u12", P + ".4.201", [u12], [ht(u12, level=0, reversible=True)], 16, 12, False, "HTJ2K reversible")
enc("htj2k-s16", P + ".4.202", [s16], [ht(s16, level=0, reversible=True)], 16, 16, True, "HTJ2K reversible, signed")
enc("htj2k-rgb", P + ".4.201", [colour()], [ht(colour(), level=0, reversible=True)], 8, 8, False, "HTJ2K, colour", "YBR_RCT", 3)

# Lossy JPEG of 12 bits: the chrominance at full size, halved along the row, halved both ways, and along the column.
y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(float)
smooth = [2048 + 1500 * np.sin(x / 11) * np.cos(y / 9), 2048 + 900 * np.cos((x + y) / 17), 2048 + 1100 * np.sin(x / 13 - y / 19)]
smooth12 = np.rint(np.stack(smooth, -1)).astype("u2")
j12 = lambda a, **kw: imagecodecs.jpeg8_encode(a, level=98, bitspersample=12, **kw)
enc("jpeg-12-bit-grey", P + ".4.51", [smooth12[..., 0]], [j12(smooth12[..., 0].copy())], 16, 12, False, "JPEG extended, 12 bits", tolerance=3)
for sampling in ("444", "422", "420", "440"):
    stream = j12(smooth12, colorspace="ycbcr", outcolorspace="ycbcr", subsampling=sampling)
    pi = "YBR_FULL" if sampling == "444" else "YBR_FULL_422"
    enc(f"jpeg-12-bit-ybr-{sampling}", P + ".4.51", [smooth12], [stream], 16, 12, False, f"JPEG extended, 12 bits, chrominance {sampling}", pi, 3, tolerance=12)


def dcmtk(a, *options):
    """DCMTK's stream of a frame; its object is not used."""
    with tempfile.TemporaryDirectory() as folder:
        ds = base("dcmtk", P + ".1", 16, 12, 11, False, *(("RGB", 3) if a.ndim == 3 else ()))
        ds.PixelData = a.astype("<u2").tobytes()
        ds["PixelData"].VR = "OW"
        ds.save_as(f"{folder}/in.dcm", implicit_vr=False, little_endian=True, enforce_file_format=True)
        subprocess.run(["dcmcjpeg", *options, f"{folder}/in.dcm", f"{folder}/out.dcm"], check=True)
        return next(pydicom.encaps.generate_frames(pydicom.dcmread(f"{folder}/out.dcm").PixelData, number_of_frames=1))


whole12 = np.rint((smooth12[..., 0] - smooth12[..., 0].min()) / np.ptp(smooth12[..., 0]) * 4095.0).astype("u2")  # DCMTK stretches others
for process, tail in (("+es", ".4.53"), ("+ep", ".4.55")):
    stream = dcmtk(whole12, process, "+q", "98", "+bt")
    enc(f"jpeg-12-bit-retired-{tail[3:]}", P + tail, [whole12], [stream], 16, 12, False, "progressive JPEG of 12 bits, retired", tolerance=3)
stream = dcmtk(smooth12, "+ep", "+q", "98", "+bt", "+cr")
enc("jpeg-12-bit-progressive-rgb", P + ".4.55", [smooth12], [stream], 16, 12, False, "progressive JPEG of 12 bits, colour", "RGB", 3, tolerance=9)

# JPEG XL: 12 bits in 16 must come back as 12 bits.
xl = lambda a, **kw: imagecodecs.jpegxl_encode(a, lossless=True, effort=3, **kw)
enc("jpegxl-u12", P + ".4.110", [u12], [xl(u12, bitspersample=12)], 16, 12, False, "JPEG XL lossless, 12 bits in a 16-bit container")
enc("jpegxl-u16", P + ".4.110", [u16], [xl(u16)], 16, 16, False, "JPEG XL lossless, 16 bits")
enc("jpegxl-s16", P + ".4.110", [s16], [xl(s16.view("u2"))], 16, 16, True, "JPEG XL lossless of signed values: the bits are the stored ones")
enc("jpegxl-u8", P + ".4.110", [u8], [xl(u8)], 8, 8, False, "JPEG XL lossless, 8 bits")
enc("jpegxl-rgb", P + ".4.110", [colour()], [xl(colour())], 8, 8, False, "JPEG XL lossless, colour", "RGB", 3)
enc("jpegxl-lossy", P + ".4.112", [u8], [imagecodecs.jpegxl_encode(u8, level=98)], 8, 8, False, "JPEG XL, lossy", tolerance=2)

# What the usual library gets wrong (../shared/environment.md, section 4).
planes = bytes(jpeg_ls.encode_array(np.ascontiguousarray(colour().transpose(2, 0, 1)), interleave_mode=0))
enc("jpegls-rgb-planes", P + ".4.80", [colour()], [planes], 8, 8, False, "JPEG-LS, a scan for each colour", "RGB", 3)
lines = bytes(jpeg_ls.encode_array(colour(), interleave_mode=1))
enc("jpegls-rgb-lines", P + ".4.80", [colour()], [lines], 8, 8, False, "JPEG-LS, colours alternate by line", "RGB", 3)
enc("j2k-sign-contradiction", P + ".4.90", [s16], [j2k(s16.view("u2"), level=0, reversible=True)], 16, 16, True,
    "the stream calls its values unsigned, the data set signed: the bits are the stored ones")
s13 = pattern(-4096, 4095, "i2")
enc("j2k-sign-contradiction-13", P + ".4.90", [s13], [j2k(s13.view("u2") & 0x1FFF, level=0, reversible=True, bitspersample=13)], 16, 13, True,
    "the same with 13 bits: the sign is bit 12")
stream = imagecodecs.jpeg8_encode(smooth_colour(), level=98, colorspace="rgb", outcolorspace="rgb")
stream = re.sub(rb"^(\xff\xd8)\xff\xe0..JFIF\0.{9}", rb"\1", stream, flags=re.S)
stream = re.sub(rb"\xff\xee\0\x0eAdobe.{7}", b"", stream, flags=re.S)
assert b"JFIF" not in stream and b"Adobe" not in stream
enc("jpeg-rgb-without-marker", P + ".4.50", [smooth_colour()], [stream], 8, 8, False,
    "RGB without a word about it in the JPEG stream: nothing may be transformed", "RGB", 3, tolerance=2)
blank = np.zeros((3000, 3000), "u2")
enc("j2k-blank-large", P + ".4.90", [blank], [j2k(blank, level=0, reversible=True)], 16, 16, False, "18 MB of nothing in a few bytes are no danger")

z = zlib.compressobj(9, zlib.DEFLATED, -15)
s = z.compress(u12.tobytes()) + z.flush()
enc("deflated-frame", P + ".8.1", [u12], [s + (b"\0" if len(s) % 2 else b"")], 16, 12, False, "Deflated Image Frame Compression")
print(len(WRITTEN), "cases", sum(f.stat().st_size for f in HERE.rglob("*")) // 1024, "KiB")
