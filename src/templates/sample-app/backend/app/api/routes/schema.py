from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, UploadFile
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import get_session
from app.schemas.source import Column, ProvisionRequest, Source
from app.services import inference, loader, provisioning, workspace

router = APIRouter(prefix="/schema", tags=["schema"])


@router.post("/infer", response_model=list[Column])
async def infer_schema(file: UploadFile):
    try:
        content = await file.read()
        return inference.infer(content.decode("utf-8-sig"))
    except Exception as e:
        raise HTTPException(status_code=400, detail=f"Could not read the file: {e}")


@router.post("/provision", response_model=Source, status_code=201)
async def provision_source(request: ProvisionRequest, session: AsyncSession = Depends(get_session)):
    try:
        return await provisioning.provision(session, request)
    except Exception as e:
        raise HTTPException(status_code=500, detail=str(e))


@router.post("/{source_id}/load")
async def load_source(source_id: UUID, file: UploadFile, session: AsyncSession = Depends(get_session)):
    source = await workspace.project(session, source_id)
    if source is None:
        raise HTTPException(status_code=404, detail="No such source.")
    try:
        content = await file.read()
        return {"loaded": await loader.load(session, source, content.decode("utf-8-sig"))}
    except Exception as e:
        raise HTTPException(status_code=500, detail=str(e))
