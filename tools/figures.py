"""SVG pictures in one normal form, and where two of them differ to the eye.

What Matplotlib writes depends on the machine in the last digits of its coordinates, and on those digits
depend the ids that it makes of them. Neither can be seen: the normal form has no more digits than the eye,
numbers its ids, and stands in one line; and two pictures are the same if they have the same elements in the
same order, and numbers that differ by at most TOLERANCE.
"""

import re
from xml.etree import ElementTree as ET

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
# A picture's unit is the point, 1/72 of an inch.
DECIMALS = 2
TOLERANCE = 0.02  # twice the last decimal: the two sides of a rounding are the same

# A scale is a constant of the font, and a colour is no number: both are taken as they are written.
PIECES = re.compile(r"(scale\([^)]*\)|#[\w-]+|-?\d+(?:\.\d+)?)")
FRACTION = re.compile(r"-?\d+\.\d+")
REFERENCE = re.compile(r"(?<=#)[\w.-]+")
AROUND_LETTERS = re.compile(r"\s*([A-Za-z])\s*")
AFTER_SIGNS = re.compile(r"(?<=[:;])\s+")

ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)


def normal(svg: str, prefix: str = "i") -> str:
    """The picture in its normal form; its ids are the prefix and a number, in their order of appearance.

    Ids to which nothing refers are dropped, as are the metadata. Raises ValueError if the text is no picture.
    """
    root = _parsed(svg)
    for metadata in root.findall(f"{{{SVG}}}metadata"):
        root.remove(metadata)
    names = _new_names(root, prefix)
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip() or None, None
        kept = {key: value for key, value in element.attrib.items() if key != "id" or value in names}
        element.attrib = {key: _normal_value(key, value, names) for key, value in kept.items()}
    return ET.tostring(root, encoding="unicode")


def _parsed(svg: str) -> ET.Element:
    try:
        return ET.fromstring(svg)
    except ET.ParseError as error:
        raise ValueError(f"not an SVG picture: {error}") from error


def _new_names(root: ET.Element, prefix: str) -> dict[str, str]:
    """The ids that something in the picture refers to, each with its new name."""
    values = [value for element in root.iter() for value in element.attrib.values()]
    wanted = {name for value in values for name in REFERENCE.findall(value)}
    ids = [name for element in root.iter() if (name := element.get("id", "")) in wanted]
    return {name: f"{prefix}{number}" for number, name in enumerate(ids, 1)}


def _normal_value(key: str, value: str, names: dict[str, str]) -> str:
    """The value of an attribute with short numbers, the new names, and no blank that means nothing."""
    if key == "id":
        return names[value]
    value = REFERENCE.sub(lambda match: names.get(match[0], match[0]), value)
    pieces = PIECES.split(value)
    pieces[1::2] = [_rounded(piece) if FRACTION.fullmatch(piece) else piece for piece in pieces[1::2]]
    value = "".join(pieces)
    return AROUND_LETTERS.sub(r"\1", value) if key == "d" else AFTER_SIGNS.sub("", value)


def _rounded(number: str) -> str:
    short = f"{float(number):.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def difference(one: str, other: str) -> str | None:
    """The first place where two pictures differ to the eye, in words; None if they look the same."""
    one, other = normal(one), normal(other)
    if one == other:
        return None
    pairs = list(zip(_parsed(one).iter(), _parsed(other).iter(), strict=False))
    for number, (left, right) in enumerate(pairs, 1):
        if found := _element_difference(left, right):
            return f"element {number}, {_name(left)}: {found}"
    return None


def _name(element: ET.Element) -> str:
    return element.tag.removeprefix(f"{{{SVG}}}")


def _element_difference(left: ET.Element, right: ET.Element) -> str | None:
    if (left.tag, left.text) != (right.tag, right.text):
        return f"another element, {_name(right)}, or other text"
    if len(left) != len(right):
        return f"{len(left)} elements in it and {len(right)}"
    if left.attrib.keys() != right.attrib.keys():
        return f"the attributes {sorted(left.attrib)} and {sorted(right.attrib)}"
    for key, value in left.attrib.items():
        if not _close(value, right.attrib[key]):
            return f"{key} is {value[:60]!r} and {right.attrib[key][:60]!r}"
    return None


def _close(value: str, other: str) -> bool:
    """Whether two values of an attribute are the same text around numbers that are nearly equal."""
    left, right = PIECES.split(value), PIECES.split(other)
    if len(left) != len(right):
        return False
    return all(a == b or _near(a, b) for a, b in zip(left, right, strict=True))


def _near(a: str, b: str) -> bool:
    try:
        return abs(float(a) - float(b)) <= TOLERANCE
    except ValueError:
        return False
