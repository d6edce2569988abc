"""What a reference leads to: the boxes of a page, cut out whole and without addresses of their own."""

from book_site.previews import boxes

PAGE = """<p>See <a class="internal" href="#one">Theorem 1</a>.</p>
<div class="proof theorem admonition" id="one"><p>Title<a class="headerlink" href="#one">#</a></p>
<section id="inner"><div class="math"><div class="math-scroll">x</div></div><img src="a.png"></section></div>
<div class="proof admonition" id="proof-of-one"><p>Trivial.</p></div>
<div role="list"><div class="citation" id="id5" role="listitem"><p>Higham.</p></div></div>
<div class="exercise admonition" id="ex"><p>Try.</p></div>
<div class="solution admonition" id="sol">So.</div>"""


def test_statements_exercises_and_literature():
    assert boxes(PAGE) == {
        "one": '<div class="proof theorem admonition"><p>Title</p>\n'
        '<section><div class="math"><div class="math-scroll">x</div></div></section></div>',
        "id5": '<div class="citation" role="listitem"><p>Higham.</p></div>',
        "ex": '<div class="exercise admonition"><p>Try.</p></div>',
    }


def test_a_box_that_does_not_end_is_left_out_of_what_is_shown():
    assert boxes('<div class="citation" id="id5"><p>Higham.') == {"id5": ""}
