"""What the package offers by its name, and what it tells type checkers."""

from importlib.metadata import version
from importlib.resources import files

import pytest

import matproof
from matproof import language


def test_every_name_that_is_offered_is_there():
    assert set(matproof.__all__) <= set(dir(matproof))
    for name in matproof.__all__:
        assert getattr(matproof, name) is not None


def test_every_name_of_the_language_is_there():
    for name in language.__all__:
        assert hasattr(language, name)


def test_the_version_is_that_of_the_distribution():
    assert matproof.__version__ == version("matproof")


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="prove"):
        matproof.prove  # noqa: B018


def test_type_checkers_are_told_that_the_package_has_types():
    assert files("matproof").joinpath("py.typed").is_file()
