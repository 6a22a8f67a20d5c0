"""What a role can be granted: a menu path, and a resource behind it."""

from enum import Enum


class Path(Enum):
    VENDORS = "vendors"
    VENDOR_CREDITS = "vendor-credits"


class Resource(Enum):
    VENDORS = "vendors"
    VENDOR_CREDITS = "vendor-credits"
