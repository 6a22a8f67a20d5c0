"""What the repository of every table can do."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import Base


class Repository[Row: Base]:
    row: type[Row]

    def __init__(self, session: Session) -> None:
        self.session = session

    def every(self) -> list[Row]:
        return list(self.session.scalars(select(self.row)))

    def keep(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()
        return row

    def forget(self, row: Row) -> None:
        self.session.delete(row)
