import enum
import uuid
from datetime import datetime

from sqlalchemy import DateTime, Enum, ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base


class EmployeeState(enum.Enum):
    OFFLINE = "offline"
    AVAILABLE = "available"
    ON_TASK = "on task"
    BREAK = "break"


class Employee(Base):
    __tablename__ = "employees"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320), unique=True)
    current_state: Mapped[EmployeeState] = mapped_column(Enum(EmployeeState), default=EmployeeState.OFFLINE)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class EmployeeStateLog(Base):
    __tablename__ = "employee_state_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    employee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("employees.id", ondelete="CASCADE"))
    state: Mapped[EmployeeState] = mapped_column(Enum(EmployeeState))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    exited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class EmployeeTask(Base):
    __tablename__ = "employee_tasks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    employee_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("employees.id", ondelete="CASCADE"))
    queue_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("record_queue.id", ondelete="SET NULL"))
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    handle_seconds: Mapped[int | None]
