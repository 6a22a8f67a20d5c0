"""The script that approves the credits from before."""

from scripts.approve_old_credits import approve_old_credits
from sqlalchemy.orm import Session

from app.graphql.vendor_credits.models.vendor_credit import VendorCredit


def test_approves_all(session: Session) -> None:
    session.add(VendorCredit(vendor_id=1, amount=500))
    session.flush()
    approve_old_credits(session.connection())
    session.expire_all()
    assert session.query(VendorCredit).one().approved_on is not None
