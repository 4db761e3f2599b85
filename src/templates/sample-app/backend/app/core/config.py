from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")

    APP_NAME: str = "Q-Logic"
    DATABASE_URL: str = "postgresql+asyncpg://postgres:postgres@localhost:5432/qlogic"
    DATABASE_URL_SYNC: str = "postgresql://postgres:postgres@localhost:5432/qlogic"
    CORS_ORIGINS: list[str] = ["http://localhost:4200"]
    MAX_CSV_SIZE_MB: int = 50


settings = Settings()
