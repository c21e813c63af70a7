"""Reading back XML that this project wrote."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, iterparse


def elements(content: bytes) -> Iterator[Element]:
    """Yield every element when it ends.

    Raises:
        ValueError: not well-formed, or with a document type, which nothing written here has.
    """
    if b"<!" in content:
        raise ValueError("it has a document type or a comment, which this project does not write")
    try:
        for _, element in iterparse(io.BytesIO(content)):  # noqa: S314  # entities need a document type
            yield element
    except ParseError as error:
        raise ValueError(str(error)) from error
