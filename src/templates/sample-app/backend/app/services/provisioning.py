import re
import uuid

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import ColumnMetadata, SourceMetadata
from app.schemas.source import ProvisionRequest


async def provision(session: AsyncSession, request: ProvisionRequest) -> SourceMetadata:
    """Creates the table that will hold the rows of a source."""
    slug = re.sub(r"[^a-z0-9]+", "_", request.name.lower()).strip("_")[:40]
    table = f"src_{slug}_{uuid.uuid4().hex[:8]}"
    columns = ", ".join(f'"{column.name}" {column.data_type.value}' for column in request.columns)
    await session.execute(text(f'CREATE TABLE "{table}" (row_id bigint PRIMARY KEY, {columns})'))
    source = SourceMetadata(name=request.name, table_name=table)
    source.columns = [ColumnMetadata(position=position, **column.model_dump()) for position, column in enumerate(request.columns)]
    session.add(source)
    await session.commit()
    return source
