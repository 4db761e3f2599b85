from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.models import QueueStatus


class NextRequest(BaseModel):
    employee_id: UUID


class QueueEntry(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    row_id: int
    status: QueueStatus
    assigned_to: UUID | None
