from tools import backfill_visits


def test_pairs_have_one_name():
    assert all(path == resource for path, resource in backfill_visits.pairs())
