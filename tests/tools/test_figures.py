"""Pictures: one normal form whatever the machine wrote, and every change that the eye sees is found."""

import io

import figures
import matplotlib.pyplot as plt
import numpy as np
import pytest

SMALL = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="10.123456pt" xmlns="http://www.w3.org/2000/svg">
 <metadata><date/></metadata>
 <g id="figure_1">
  <path id="m9f" d="M 0 1.004
L -0.001 12.345678
z" transform="scale(0.015625)" style="stroke: #0072b2; opacity: 0.258"/>
  <use xlink:href="#m9f" transform="translate(1.239 2) scale(0.123456)" clip-path="url(#p00)"/>
 </g>
 <defs><clipPath id="p00"/></defs>
</svg>"""
NORMAL = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10.12pt"><g>'
    '<path id="i1" d="M0 1L0 12.35z" transform="scale(0.015625)" style="stroke:#0072b2;opacity:0.26" />'
    '<use xlink:href="#i1" transform="translate(1.24 2) scale(0.123456)" clip-path="url(#i2)" /></g>'
    '<defs><clipPath id="i2" /></defs></svg>'
)


def test_the_normal_form():
    assert figures.normal(SMALL) == NORMAL
    assert figures.normal(NORMAL) == NORMAL


def test_ids_have_the_prefix():
    assert figures.normal(SMALL, "f-") == NORMAL.replace("i1", "f-1").replace("i2", "f-2")


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="not an SVG picture"):
        figures.normal("<svg")


def drawing(slope=1.0, color="#0072b2", lines=2, label="$x$", size=11, noise=0.0):
    """A small drawing as Matplotlib writes it, with what may be wrong with it."""
    with plt.style.context(["default", {"font.size": size}]):
        figure, axes = plt.subplots(figsize=(3, 2))
        at = np.linspace(0, 1, 20)
        for number in range(lines):
            axes.plot(at, np.exp(slope * at) + number + noise, color=color, marker="o")
        axes.set(xlim=(0, 1), ylim=(0, 5), xticks=[], yticks=[], xlabel=label)
        stream = io.StringIO()
        figure.savefig(stream, format="svg")
        plt.close(figure)
    return stream.getvalue()


def test_another_machine_s_last_digits_are_not_seen():
    one, other = drawing(), drawing(noise=1e-6)
    assert one != other
    assert figures.difference(figures.normal(one), other) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slope": 1.01}, "d is 'M"),
        ({"color": "#d55e00"}, "style is 'fill:none;stroke:#0072b2"),
        ({"lines": 1}, "elements in it and"),
        ({"label": "$y$"}, "d is 'M"),
        ({"size": 11.5}, "scale"),
    ],
    ids=["another curve", "another colour", "a line is missing", "another label", "another size"],
)
def test_a_changed_picture_is_found(change, message):
    stored, fresh = figures.normal(drawing()), drawing(**change)
    assert message in figures.difference(stored, fresh)
    assert figures.difference(fresh, stored)


@pytest.mark.parametrize(
    ("old", "new"),
    [("12.345678", "12.39"), ("#0072b2", "#0072b3"), ("0.258", "0.3"), ("z", ""), ("<use", "<path")],
)
def test_a_broken_copy_is_found(old, new):
    assert figures.difference(SMALL, SMALL.replace(old, new))


def test_a_swapped_reference_is_found():
    pair = '<path id="a" d="M 0 0"/><path id="b" d="M 1 1"/><use href="#a"/><use href="#{}"/>'
    one, other = (f'<svg xmlns="http://www.w3.org/2000/svg">{pair.format(name)}</svg>' for name in "ba")
    assert figures.difference(one, other)
