from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Employee, EmployeeTask


async def average_handle_time(session: AsyncSession, employee_id: UUID | None = None) -> float | None:
    query = select(func.avg(EmployeeTask.handle_seconds)).where(EmployeeTask.completed_at.is_not(None))
    if employee_id is not None:
        query = query.where(EmployeeTask.employee_id == employee_id)
    return await session.scalar(query)


async def agent_states(session: AsyncSession) -> dict[str, int]:
    query = select(Employee.current_state, func.count()).group_by(Employee.current_state)
    return {state.value: count for state, count in await session.execute(query)}


async def leaderboard(session: AsyncSession) -> list[dict]:
    done = func.count(EmployeeTask.id)
    query = (
        select(Employee.id, Employee.name, done)
        .join(EmployeeTask)
        .where(EmployeeTask.completed_at.is_not(None))
        .group_by(Employee.id, Employee.name)
        .order_by(done.desc())
        .limit(10)
    )
    return [{"employee_id": id_, "name": name, "completed": count} for id_, name, count in await session.execute(query)]
