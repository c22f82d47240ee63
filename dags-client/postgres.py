"""PostgreSQL for the local Airflow: postgres.py start DIR (prints its address for SQLAlchemy) | stop DIR."""

import sys
import warnings
from pathlib import Path

# It keeps its socket beside its data; the runtime directory that its helper library misses is not used.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

import pgserver  # noqa: E402


def main(action: str, directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    server = pgserver.get_server(directory, cleanup_mode=None if action == "start" else "stop")
    if action == "start":
        if "airflow" not in server.psql("select datname from pg_database;"):
            server.psql("create database airflow;")
        print(server.get_uri("airflow").replace("postgresql://", "postgresql+psycopg2://", 1))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
