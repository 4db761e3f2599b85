from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import SourceMetadata


async def projects(session: AsyncSession) -> list[SourceMetadata]:
    return list(await session.scalars(select(SourceMetadata).order_by(SourceMetadata.created_at)))


async def project(session: AsyncSession, source_id: UUID) -> SourceMetadata | None:
    return await session.get(SourceMetadata, source_id)


async def records(session: AsyncSession, source: SourceMetadata, limit: int, offset: int) -> list[dict]:
    query = text(f'SELECT * FROM "{source.table_name}" ORDER BY row_id LIMIT :limit OFFSET :offset')
    return [dict(row) for row in (await session.execute(query, {"limit": limit, "offset": offset})).mappings()]


async def record(session: AsyncSession, source: SourceMetadata, row_id: int) -> dict | None:
    query = text(f'SELECT * FROM "{source.table_name}" WHERE row_id = :row_id')
    row = (await session.execute(query, {"row_id": row_id})).mappings().first()
    return None if row is None else dict(row)
