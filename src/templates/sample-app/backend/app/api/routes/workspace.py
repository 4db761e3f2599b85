from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import get_session
from app.models import QueueStatus, RecordQueue, SourceMetadata
from app.schemas.source import Source
from app.schemas.workspace import NextRequest, QueueEntry
from app.services import queue_manager, workspace

router = APIRouter(prefix="/workspace", tags=["workspace"])


async def _source(source_id: UUID, session: AsyncSession = Depends(get_session)) -> SourceMetadata:
    source = await workspace.project(session, source_id)
    if source is None:
        raise HTTPException(status_code=404, detail="No such project.")
    return source


async def _finish(session: AsyncSession, queue_id: UUID, status: QueueStatus) -> RecordQueue:
    entry = await session.get(RecordQueue, queue_id)
    if entry is None:
        raise HTTPException(status_code=404, detail="No such queue entry.")
    try:
        return await queue_manager.finish(session, entry, status)
    except ValueError as e:
        raise HTTPException(status_code=409, detail=str(e))


@router.get("/projects", response_model=list[Source])
async def list_projects(session: AsyncSession = Depends(get_session)):
    return await workspace.projects(session)


@router.get("/projects/{source_id}", response_model=Source)
async def get_project(source: SourceMetadata = Depends(_source)):
    return source


@router.get("/projects/{source_id}/records")
async def list_records(
    limit: int = 50, offset: int = 0, source: SourceMetadata = Depends(_source), session: AsyncSession = Depends(get_session)
):
    return await workspace.records(session, source, limit, offset)


@router.get("/projects/{source_id}/records/{record_id}")
async def get_record(record_id: int, source: SourceMetadata = Depends(_source), session: AsyncSession = Depends(get_session)):
    record = await workspace.record(session, source, record_id)
    if record is None:
        raise HTTPException(status_code=404, detail="No such record.")
    return record


@router.post("/projects/{source_id}/enqueue")
async def enqueue(source: SourceMetadata = Depends(_source), session: AsyncSession = Depends(get_session)):
    return {"enqueued": await queue_manager.enqueue(session, source)}


@router.get("/projects/{source_id}/queue-stats")
async def project_queue_stats(source: SourceMetadata = Depends(_source), session: AsyncSession = Depends(get_session)):
    return await queue_manager.stats(session, source.id)


@router.post("/projects/{source_id}/next", response_model=QueueEntry | None)
async def next_entry(
    request: NextRequest, source: SourceMetadata = Depends(_source), session: AsyncSession = Depends(get_session)
):
    return await queue_manager.take_next(session, source.id, request.employee_id)


@router.post("/queue/{queue_id}/complete", response_model=QueueEntry)
async def complete_entry(queue_id: UUID, session: AsyncSession = Depends(get_session)):
    return await _finish(session, queue_id, QueueStatus.COMPLETED)


@router.post("/queue/{queue_id}/skip", response_model=QueueEntry)
async def skip_entry(queue_id: UUID, session: AsyncSession = Depends(get_session)):
    return await _finish(session, queue_id, QueueStatus.SKIPPED)
