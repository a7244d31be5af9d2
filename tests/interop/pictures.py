#!/usr/bin/env python3
"""Pictures as cameras and programs write them, and what is in them afterwards. Needs Pillow.

pictures.py make DIRECTORY       writes a picture of every kind, full of metadata
pictures.py check BEFORE AFTER   fails unless AFTER shows the same and says nothing else
"""
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageOps, ImageSequence, PngImagePlugin

SECRET = "Home, 30.2741N 120.1551E"


def drawing(seed):
    picture = Image.new("RGB", (48, 32))
    picture.putdata([((x * 5 + seed) % 256, y * 8, (x * y) % 256) for y in range(32) for x in range(48)])
    return picture


def camera_data(direction=None):
    exif = Image.Exif()
    if direction is not None:
        exif[0x0112] = direction
    exif[0x010F] = SECRET  # Make
    exif[0x8825] = {1: "N", 2: (30.0, 16.0, 26.76), 3: "E", 4: (120.0, 9.0, 18.36)}  # GPS
    return exif.tobytes()


def xmp_packet():
    return (
        '<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + "</x:xmpmeta><?xpacket end='w'?>"
    ).encode()


def add_jpeg_segments(path):
    """XMP, a comment, and a film behind the picture, as phones append them."""
    data = path.read_bytes()
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + xmp_packet()
    comment = SECRET.encode()
    segments = b"".join(
        bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content
        for marker, content in ((0xE1, xmp), (0xFE, comment))
    )
    path.write_bytes(data[:2] + segments + data[2:] + b"ftypmp42" + comment)


def make(directory):
    for direction in (None, 1, 3, 6, 8):
        path = directory / f"direction-{direction}.jpg"
        drawing(1).save(path, exif=camera_data(direction), quality=90)
        add_jpeg_segments(path)
    drawing(2).save(directory / "progressive.jpg", exif=camera_data(), progressive=True, quality=80)
    drawing(3).convert("CMYK").save(directory / "adobe.jpg", exif=camera_data())
    drawing(4).convert("L").save(directory / "restarts.jpg", exif=camera_data(), comment=SECRET.encode())

    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET)
    text.add_text("Author", SECRET, zip=True)
    text.add_itxt("XML:com.adobe.xmp", xmp_packet().decode())
    drawing(5).save(directory / "text.png", pnginfo=text, exif=camera_data(), dpi=(72, 72))
    drawing(6).quantize(16).save(directory / "palette.png", pnginfo=text, transparency=3)
    frames = [drawing(seed) for seed in (7, 8, 9)]
    frames[0].save(directory / "moving.png", save_all=True, append_images=frames[1:], pnginfo=text)

    for lossless in (False, True):
        drawing(10).save(
            directory / f"lossless-{lossless}.webp", lossless=lossless, exif=camera_data(), xmp=xmp_packet()
        )
    frames[0].save(
        directory / "moving.webp", save_all=True, append_images=frames[1:], exif=camera_data(), xmp=xmp_packet()
    )

    drawing(11).save(directory / "still.gif", comment=SECRET.encode())
    frames[0].save(
        directory / "moving.gif", save_all=True, append_images=frames[1:], loop=3, comment=SECRET.encode()
    )


def frames_of(path):
    """What one sees."""
    with Image.open(path) as picture:
        return [ImageOps.exif_transpose(frame).convert("RGBA") for frame in ImageSequence.Iterator(picture)]


def check(before, after):
    shown, expected = frames_of(after), frames_of(before)
    assert len(shown) == len(expected), f"{len(shown)} frames of {len(expected)}"
    for one, other in zip(shown, expected):
        assert one.size == other.size, f"{one.size} is not {other.size}"
        assert not ImageChops.difference(one, other).getbbox(), "it looks different"
    data = after.read_bytes()
    assert len(data) < len(before.read_bytes()), "nothing was taken out"
    for said in (b"Home", b"GPS", b"xpacket", b"120.1551", b"ftyp"):
        assert said not in data, f"it says {said}"
    with Image.open(after) as picture:
        exif = dict(picture.getexif())
        assert set(exif) <= {0x0112}, exif
        assert not picture.getexif().get_ifd(0x8825)
        assert not picture.info.get("comment") and not getattr(picture, "text", None)
        if after.suffix == ".gif" and len(shown) > 1:
            assert picture.info.get("loop") == 3


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        check(Path(sys.argv[2]), Path(sys.argv[3]))
