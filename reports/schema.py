"""The JSON Schema of the record format, for those who read records with other programs."""

from __future__ import annotations

from typing import Any

import msgspec

from etalon.reports import checksums
from etalon.reports.records import SCHEMA_VERSION, Record


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of one line of a record file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A line of an Etalon record file, version {SCHEMA_VERSION}",
        **msgspec.json.schema(Record),
        "properties": {"crc32": checksums.JSON_SCHEMA},
        "required": ["crc32"],
    }
