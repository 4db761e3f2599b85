from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import QueueStatus, RecordQueue, SourceMetadata


async def enqueue(session: AsyncSession, source: SourceMetadata) -> int:
    """Queues the rows that are not queued yet."""
    queued = select(func.coalesce(func.max(RecordQueue.row_id), 0)).where(RecordQueue.source_id == source.id)
    last = await session.scalar(queued)
    rows = await session.scalars(text(f'SELECT row_id FROM "{source.table_name}" WHERE row_id > :last').bindparams(last=last))
    entries = [RecordQueue(source_id=source.id, row_id=row_id) for row_id in rows]
    session.add_all(entries)
    await session.commit()
    return len(entries)


async def stats(session: AsyncSession, source_id: UUID | None = None) -> dict[str, int]:
    query = select(RecordQueue.status, func.count()).group_by(RecordQueue.status)
    if source_id is not None:
        query = query.where(RecordQueue.source_id == source_id)
    return {status.value: count for status, count in await session.execute(query)}


async def take_next(session: AsyncSession, source_id: UUID, employee_id: UUID) -> RecordQueue | None:
    """Hands out the next pending row; two agents never get the same one."""
    entry = await session.scalar(
        select(RecordQueue)
        .where(RecordQueue.source_id == source_id, RecordQueue.status == QueueStatus.PENDING)
        .order_by(RecordQueue.priority.desc(), RecordQueue.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if entry is not None:
        entry.status = QueueStatus.IN_PROGRESS
        entry.assigned_to = employee_id
        entry.started_at = datetime.now(UTC)
        await session.commit()
    return entry


async def finish(session: AsyncSession, entry: RecordQueue, status: QueueStatus) -> RecordQueue:
    if entry.status != QueueStatus.IN_PROGRESS:
        raise ValueError("Only an entry in progress can be finished.")
    entry.status = status
    entry.completed_at = datetime.now(UTC)
    await session.commit()
    return entry
