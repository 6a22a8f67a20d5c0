"""The declarative base of every model."""

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass
