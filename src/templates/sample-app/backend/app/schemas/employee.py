from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.models import EmployeeState


class EmployeeCreate(BaseModel):
    name: str
    email: str


class EmployeeOut(EmployeeCreate):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    current_state: EmployeeState


class StateChange(BaseModel):
    state: EmployeeState


class TaskStart(BaseModel):
    queue_id: UUID | None = None


class Task(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    employee_id: UUID
    started_at: datetime
    handle_seconds: int | None
