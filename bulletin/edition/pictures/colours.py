"""Makes any picture's colours those of the web: 8 bits, opaque, sRGB. Pure."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as OpenPicture

_FINE = ("L", "LA", "RGB", "RGBA", "CMYK")  # the modes of Pillow that are scaled as they are


def spread_colours(image: OpenPicture) -> OpenPicture:
    """The picture in a mode that can be scaled well: each pixel with its own colour, in 8 bits a channel."""
    if "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in _FINE:
        return image
    if image.mode.startswith(("I", "F")):
        return _narrow(image)
    if image.mode == "LAB":
        return _convert_profile(image, None)
    return image.convert({"1": "L", "PA": "RGBA", "La": "LA", "RGBa": "RGBA"}.get(image.mode, "RGB"))


def _narrow(image: OpenPicture) -> OpenPicture:
    """Greys of 16 or 32 bits in 8. Those of 16 begin at black; of others, the darkest and the lightest are the ends."""
    whole = image.convert("F")
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else whole.getextrema()
    scale = 255 / (float(high) - float(low) or 1.0)  # type: ignore[arg-type]  # of one channel, they are two numbers
    return whole.point(lambda value: value * scale - float(low) * scale + 0.5).convert("L")  # type: ignore[arg-type]


def is_transparent(image: OpenPicture) -> bool:
    """Whether anything behind the picture would be seen."""
    if "transparency" in image.info:
        return True
    return "A" in image.getbands() and image.getchannel("A").getextrema()[0] != 255


def flatten(image: OpenPicture) -> OpenPicture:
    """The picture on white. Behind a transparent one, dark pages would swallow dark lines."""
    from PIL import Image

    if "A" not in image.getbands():
        return image
    opaque = image.mode.removesuffix("A")
    ground = Image.new(opaque, image.size, "white")
    ground.paste(image.convert(opaque), mask=image.getchannel("A"))
    return ground


def is_srgb(profile: bytes | None) -> bool:
    """Whether a colour profile is that of the web by its name, or is none: ICC.1, 7.2.9 is what each begins with."""
    return not profile or profile[36:40] != b"acsp" or b"sRGB" in profile or "sRGB".encode("utf-16-be") in profile


def to_srgb(image: OpenPicture, profile: bytes | None) -> OpenPicture:
    """An opaque picture in sRGB or grey, by its colour profile if that can be read."""
    if not is_srgb(profile):
        converted = _convert_profile(image, profile)
        return converted.convert("L") if image.mode == "L" else converted
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _convert_profile(image: OpenPicture, profile: bytes | None) -> OpenPicture:
    """In sRGB; `profile` None is that of LAB. A profile that can't be read is passed over."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile)) if profile else ImageCms.createProfile("LAB")
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB") if image.mode != "LAB" else image.getchannel("L")
