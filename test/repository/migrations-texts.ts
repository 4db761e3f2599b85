import {file, type Texts} from '../support/repository.ts'

/** A small repository that passes every item about migrations; tests change it piece by piece. */
export const texts: Texts = {
  'README.md': file`
    # Shop

    A database from before the migrations gets its revision once:

        alembic stamp a1
  `,
  'service/alembic.ini': file`
    [alembic]
    script_location = %(here)s/migrations
    prepend_sys_path = .
  `,
  'service/migrations/env.py': file`
    from alembic import context
    from sqlalchemy import create_engine, pool

    from shop.db import Base
    from shop import models  # noqa: F401
    from shop.settings import settings

    target_metadata = Base.metadata


    def include_object(obj, name, type_, reflected, compare_to):
        return not (type_ == "table" and name.startswith("src_"))


    def run_migrations_offline():
        context.configure(url=settings.sync_url, target_metadata=target_metadata, include_object=include_object)
        with context.begin_transaction():
            context.run_migrations()


    def run_migrations_online():
        engine = create_engine(settings.sync_url, poolclass=pool.NullPool)
        with engine.connect() as connection:
            context.configure(connection=connection, target_metadata=target_metadata, include_object=include_object)
            with context.begin_transaction():
                context.run_migrations()


    if context.is_offline_mode():
        run_migrations_offline()
    else:
        run_migrations_online()
  `,
  'service/migrations/versions/a1_first.py': file`
    """first"""
    import sqlalchemy as sa
    from alembic import op

    revision = "a1"
    down_revision = None
    branch_labels = None
    depends_on = None


    def upgrade():
        op.create_table(
            "sources",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(length=100), nullable=False),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("name"),
        )
        op.create_table(
            "jobs",
            sa.Column("id", sa.Uuid(), nullable=False),
            sa.Column("source_id", sa.Integer(), nullable=False),
            sa.Column("status", sa.Enum("WAITING", "DONE", name="jobstatus"), nullable=False),
            sa.Column("priority", sa.Integer(), nullable=False),
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
            sa.ForeignKeyConstraint(["source_id"], ["sources.id"], ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("id"),
        )
        op.create_index("ix_jobs_source_id", "jobs", ["source_id"])
        op.create_index(
            "ix_jobs_next",
            "jobs",
            ["source_id", sa.text("priority DESC"), "created_at"],
            postgresql_where=sa.text("status = 'WAITING'"),
        )
        op.create_index("ix_jobs_completed_at", "jobs", ["completed_at"])


    def downgrade():
        op.drop_table("jobs")
        op.drop_table("sources")
  `,
  'service/shop/__init__.py': '',
  'service/shop/settings.py': file`
    from pydantic import model_validator
    from pydantic_settings import BaseSettings
    from sqlalchemy import URL


    class Settings(BaseSettings):
        ENVIRONMENT: str = "development"
        DB_HOST: str = "localhost"
        DB_PORT: int = 5432
        DB_NAME: str = "shop"
        DB_USER: str = "shop"
        DB_PASSWORD: str
        DB_SSL_MODE: str = "prefer"

        @model_validator(mode="after")
        def encrypted(self):
            if self.ENVIRONMENT in ("staging", "production") and self.DB_SSL_MODE not in ("require", "verify-ca", "verify-full"):
                raise ValueError("encrypt")
            return self

        @property
        def sync_url(self):
            return URL.create(
                "postgresql+psycopg", self.DB_USER, self.DB_PASSWORD, self.DB_HOST, self.DB_PORT, self.DB_NAME,
                query={"sslmode": self.DB_SSL_MODE},
            )

        @property
        def url(self):
            return URL.create("postgresql+asyncpg", self.DB_USER, self.DB_PASSWORD, self.DB_HOST, self.DB_PORT, self.DB_NAME)


    settings = Settings()
  `,
  'service/shop/db.py': file`
    from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
    from sqlalchemy.orm import DeclarativeBase

    from shop.settings import settings

    engine = create_async_engine(settings.url, connect_args={"ssl": settings.DB_SSL_MODE})
    Session = async_sessionmaker(engine)


    class Base(DeclarativeBase):
        pass
  `,
  'service/shop/models.py': file`
    import enum
    import uuid
    from datetime import datetime

    from sqlalchemy import DateTime, Enum, ForeignKey, Index, String, text
    from sqlalchemy.orm import Mapped, mapped_column, relationship

    from shop.db import Base


    class JobStatus(enum.Enum):
        WAITING = "waiting"
        DONE = "done"


    class Source(Base):
        __tablename__ = "sources"

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(100), unique=True)
        jobs: Mapped[list["Job"]] = relationship(back_populates="source")


    class Job(Base):
        __tablename__ = "jobs"
        __table_args__ = (
            Index("ix_jobs_next", "source_id", text("priority DESC"), "created_at", postgresql_where=text("status = 'WAITING'")),
        )

        id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
        source_id: Mapped[int] = mapped_column(ForeignKey("sources.id", ondelete="CASCADE"), index=True)
        status: Mapped[JobStatus] = mapped_column(Enum(JobStatus))
        priority: Mapped[int]
        created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
        completed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
        source: Mapped["Source"] = relationship(back_populates="jobs")
  `,
  'service/shop/queue.py': file`
    from sqlalchemy import select, text

    from shop.models import Job, JobStatus


    async def take(session, source_id):
        return await session.scalar(
            select(Job)
            .where(Job.source_id == source_id, Job.status == JobStatus.WAITING)
            .order_by(Job.priority.desc(), Job.created_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )


    async def done(session, since):
        return await session.scalars(select(Job).where(Job.completed_at >= since))


    async def provision(session, key, columns):
        table = f"src_{key}"
        await session.execute(text(f'CREATE TABLE "{table}" (row_id bigint PRIMARY KEY, {columns})'))
  `,
  'service/shop/main.py': file`
    from contextlib import asynccontextmanager

    from fastapi import FastAPI

    from shop import queue
    from shop.db import Base, engine


    @asynccontextmanager
    async def lifespan(app):
        # no more Base.metadata.create_all() here
        yield
        await engine.dispose()


    app = FastAPI(lifespan=lifespan)
  `,
}

export const models = 'service/shop/models.py'
export const first = 'service/migrations/versions/a1_first.py'
export const env = 'service/migrations/env.py'
export const main = 'service/shop/main.py'
export const queue = 'service/shop/queue.py'
export const settings = 'service/shop/settings.py'

/** A revision after the first, with the body of its upgrade(). */
export const second = (body: string, {id = 'b2', down = '"a1"', above = ''} = {}): string =>
  `import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "${id}"
down_revision = ${down}
branch_labels = None
depends_on = None
${above}

def upgrade():
${body
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}


def downgrade():
    pass
`
export const next = 'service/migrations/versions/b2_second.py'
