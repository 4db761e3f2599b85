from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Employee, EmployeeState, EmployeeStateLog, EmployeeTask


async def create(session: AsyncSession, values: dict) -> Employee:
    employee = Employee(**values)
    session.add(employee)
    await session.commit()
    return employee


async def every(session: AsyncSession) -> list[Employee]:
    return list(await session.scalars(select(Employee).order_by(Employee.name)))


async def change_state(session: AsyncSession, employee: Employee, state: EmployeeState) -> Employee:
    open_rows = (EmployeeStateLog.employee_id == employee.id, EmployeeStateLog.exited_at.is_(None))
    await session.execute(update(EmployeeStateLog).where(*open_rows).values(exited_at=datetime.now(UTC)))
    session.add(EmployeeStateLog(employee_id=employee.id, state=state))
    employee.current_state = state
    await session.commit()
    return employee


async def start_task(session: AsyncSession, employee: Employee, queue_id: UUID | None) -> EmployeeTask:
    task = EmployeeTask(employee_id=employee.id, queue_id=queue_id, started_at=datetime.now(UTC))
    session.add(task)
    await session.commit()
    return task


async def complete_task(session: AsyncSession, task: EmployeeTask) -> EmployeeTask:
    if task.completed_at is not None:
        raise ValueError("The task is complete already.")
    task.completed_at = datetime.now(UTC)
    task.handle_seconds = round((task.completed_at - task.started_at.replace(tzinfo=UTC)).total_seconds())
    await session.commit()
    return task
