"""`notice.yaml` of a workspace: who publishes notices, and where and how one may object to them.

title: 某市2024年度惠企政策免申即享拟兑付名单公示
issuer: 某市财政局
department: 某市财政局企业科
phone: 0000-0000000
address: 某市某路1号
how_to_object: 对名单有异议的，请在公示期内以书面形式实名反映。
email: qyk@example.org      # may be left out
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from enterprise_data.declarations import strict_yaml
from enterprise_data.declarations.schema import Declared, validate
from payouts.workflow.notices import Heading

_Text = Annotated[str, Field(min_length=1, max_length=500)]


class _HeadingFile(Declared):
    title: _Text
    issuer: _Text
    department: _Text
    phone: _Text
    address: _Text
    how_to_object: _Text
    email: str = ""


def read_heading(path: Path, title: str = "") -> Heading:
    """Read what notices say besides their items; `title`, if given, stands in place of the file's.

    Raises:
        ProblemsFound: every fault of the file, with its place.
    """
    file = validate(_HeadingFile, strict_yaml.read(path), "NTC001")
    return Heading(**(file.model_dump() | ({"title": title} if title else {})))
