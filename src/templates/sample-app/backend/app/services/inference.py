import csv
import io
import re

from app.models import ColumnType
from app.schemas.source import Column


def rows_of(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text))
    if not reader.fieldnames:
        raise ValueError("The file has no header row.")
    return list(reader)


def column_name(header: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")
    return f"c_{name}"[:63] if not name or name[0].isdigit() else name[:63]


def _type_of(values: list[str]) -> ColumnType:
    for kind, parse in ((ColumnType.INTEGER, int), (ColumnType.NUMBER, float)):
        try:
            for value in values:
                parse(value)
        except ValueError:
            continue
        return kind
    return ColumnType.TEXT


def infer(text: str) -> list[Column]:
    rows = rows_of(text)
    if not rows:
        raise ValueError("The file has no rows.")
    columns = []
    for header in rows[0]:
        values = [row[header] for row in rows if row[header]]
        unique = len(values) == len(rows) == len(set(values))
        columns.append(Column(name=column_name(header), data_type=_type_of(values), is_unique_id=unique))
    return columns
