import enum
import uuid
from datetime import datetime

from sqlalchemy import DateTime, Enum, ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base


class SourceStatus(enum.Enum):
    PROVISIONED = "provisioned"
    LOADED = "loaded"


class ColumnType(enum.Enum):
    TEXT = "text"
    INTEGER = "bigint"
    NUMBER = "double precision"


class SourceMetadata(Base):
    """One uploaded CSV: its rows live in a src_* table that is created at run time."""

    __tablename__ = "source_metadata"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(String(200))
    table_name: Mapped[str] = mapped_column(String(63), unique=True)
    status: Mapped[SourceStatus] = mapped_column(Enum(SourceStatus), default=SourceStatus.PROVISIONED)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    columns: Mapped[list["ColumnMetadata"]] = relationship(lazy="selectin", order_by="ColumnMetadata.position")


class ColumnMetadata(Base):
    __tablename__ = "column_metadata"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("source_metadata.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(63))
    data_type: Mapped[ColumnType] = mapped_column(Enum(ColumnType))
    position: Mapped[int]
    is_unique_id: Mapped[bool] = mapped_column(default=False)
