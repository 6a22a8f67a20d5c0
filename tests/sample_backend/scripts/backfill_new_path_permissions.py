"""Gives the roles of existing tenants the permission rows of new paths; run after the deploy."""

from app.graphql.rbac.models.models import Path, Resource

ROWS = [
    (Path.VENDORS, Resource.VENDORS),
    (Path.VENDOR_CREDITS, Resource.VENDOR_CREDITS),
]

if __name__ == "__main__":
    for path, resource in ROWS:
        print(f"grant {path.value} on {resource.value} to every administrator")
