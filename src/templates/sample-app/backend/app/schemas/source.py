from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.models import ColumnType, SourceStatus


class Column(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    name: str = Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")
    data_type: ColumnType
    is_unique_id: bool = False


class ProvisionRequest(BaseModel):
    name: str = Field(min_length=1, max_length=200)
    columns: list[Column] = Field(min_length=1)


class Source(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    table_name: str
    status: SourceStatus
    columns: list[Column]
