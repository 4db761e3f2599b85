from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import get_session
from app.services import analytics, queue_manager

router = APIRouter(prefix="/metrics", tags=["metrics"])


@router.get("/team-aht")
async def team_aht(session: AsyncSession = Depends(get_session)):
    return {"average_handle_seconds": await analytics.average_handle_time(session)}


@router.get("/agent-states")
async def agent_states(session: AsyncSession = Depends(get_session)):
    return await analytics.agent_states(session)


@router.get("/leaderboard")
async def leaderboard(session: AsyncSession = Depends(get_session)):
    return await analytics.leaderboard(session)


@router.get("/queue-stats")
async def queue_stats(session: AsyncSession = Depends(get_session)):
    return await queue_manager.stats(session)
