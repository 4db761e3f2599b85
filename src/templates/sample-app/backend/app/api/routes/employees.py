from typing import Optional
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import get_session
from app.models import Employee, EmployeeTask
from app.schemas.employee import EmployeeCreate, EmployeeOut, StateChange, Task, TaskStart
from app.services import analytics
from app.services import employee as employees

router = APIRouter(prefix="/employees", tags=["employees"])


async def _employee(employee_id: UUID, session: AsyncSession = Depends(get_session)) -> Employee:
    employee = await session.get(Employee, employee_id)
    if employee is None:
        raise HTTPException(status_code=404, detail="No such employee.")
    return employee


@router.post("", response_model=EmployeeOut, status_code=201)
async def create_employee(request: EmployeeCreate, session: AsyncSession = Depends(get_session)):
    try:
        return await employees.create(session, request.model_dump())
    except Exception as e:
        raise HTTPException(status_code=409, detail=str(e))


@router.get("", response_model=list[EmployeeOut])
async def list_employees(session: AsyncSession = Depends(get_session)):
    return await employees.every(session)


@router.get("/{employee_id}", response_model=EmployeeOut)
async def get_employee(employee: Employee = Depends(_employee)):
    return employee


@router.put("/{employee_id}/state", response_model=EmployeeOut)
async def change_state(
    request: StateChange, employee: Employee = Depends(_employee), session: AsyncSession = Depends(get_session)
):
    return await employees.change_state(session, employee, request.state)


@router.post("/{employee_id}/tasks", response_model=Task, status_code=201)
async def start_task(request: TaskStart, employee: Employee = Depends(_employee), session: AsyncSession = Depends(get_session)):
    return await employees.start_task(session, employee, request.queue_id)


@router.post("/tasks/{task_id}/complete", response_model=Task)
async def complete_task(task_id: UUID, session: AsyncSession = Depends(get_session)):
    task = await session.get(EmployeeTask, task_id)
    if task is None:
        raise HTTPException(status_code=404, detail="No such task.")
    return await employees.complete_task(session, task)


@router.get("/{employee_id}/metrics/aht")
async def employee_aht(employee: Employee = Depends(_employee), session: AsyncSession = Depends(get_session)):
    return {"average_handle_seconds": await analytics.average_handle_time(session, employee.id)}
