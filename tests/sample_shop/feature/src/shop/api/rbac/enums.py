from enum import StrEnum


class Path(StrEnum):
    ORDERS = "/orders"
    SHIPMENTS = "/shipments"


class Resource(StrEnum):
    ORDERS = "orders"
    SHIPMENTS = "shipments"
