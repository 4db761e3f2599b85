from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import ColumnType, SourceMetadata, SourceStatus
from app.services.inference import column_name, rows_of

BATCH_SIZE = 500
PARSE = {ColumnType.TEXT: str, ColumnType.INTEGER: int, ColumnType.NUMBER: float}


async def load(session: AsyncSession, source: SourceMetadata, content: str) -> int:
    """Puts the rows of a CSV file into the source's table, in batches."""
    last = await session.scalar(text(f'SELECT coalesce(max(row_id), 0) FROM "{source.table_name}"'))
    rows = []
    for number, row in enumerate(rows_of(content), start=last + 1):
        cells = {column_name(header): value for header, value in row.items()}
        rows.append({"row_id": number} | {c.name: PARSE[c.data_type](cells[c.name]) if cells.get(c.name) else None for c in source.columns})
    names = ["row_id", *(column.name for column in source.columns)]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f":{name}" for name in names)
    insert = text(f'INSERT INTO "{source.table_name}" ({quoted}) VALUES ({values})')
    for start in range(0, len(rows), BATCH_SIZE):
        await session.execute(insert, rows[start : start + BATCH_SIZE])
    source.status = SourceStatus.LOADED
    await session.commit()
    return len(rows)
