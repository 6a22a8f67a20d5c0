from enum import StrEnum


class Path(StrEnum):
    ORDERS = "/orders"


class Resource(StrEnum):
    ORDERS = "orders"
