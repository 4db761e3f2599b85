from app.models.employee import Employee, EmployeeState, EmployeeStateLog, EmployeeTask
from app.models.queue import QueueStatus, RecordQueue
from app.models.registry import ColumnMetadata, ColumnType, SourceMetadata, SourceStatus

__all__ = [
    "ColumnMetadata",
    "ColumnType",
    "Employee",
    "EmployeeState",
    "EmployeeStateLog",
    "EmployeeTask",
    "QueueStatus",
    "RecordQueue",
    "SourceMetadata",
    "SourceStatus",
]
