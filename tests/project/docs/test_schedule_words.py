"""Schedules in words, with their near misses."""

from __future__ import annotations

import pytest

from definition_of_done.project.docs.schedule_words import (
    contradiction,
    says_cron,
    says_interval,
)

SAID = {
    "0 4 * * *": [
        "every 24 hours at 04:00",
        "every night at 04:00 UTC",
        "every day at 4:00",
        "daily at 4 am",
        "each morning at 4am",
        "nightly, 04:00",
        "at 04:00 UTC",
        "every night at 4",
        "04:00 UTC every day",
        "once a day at 4 a.m.",
        "runs daily at four in the morning",
        "every night at 04:00 (UTC)",
    ],
    "0 16 * * *": [
        "every day at 4 pm",
        "daily at 16:00",
        "every afternoon at 4:00 PM",
    ],
    "0 0 * * *": [
        "at midnight",
        "every day at midnight",
        "daily",
        "every midnight",
        "nightly at 00:00",
        "every night at 0:00 UTC",
        "every night at 12 am",
    ],
    "0 12 * * *": [
        "daily at noon",
    ],
    "45 11 * * *": ["every day at a quarter to twelve"],
    "15 14 * * *": ["daily, at quarter past two"],
    "30 2 * * *": [
        "at half past two every night",
        "every night at 02:30",
        "daily at 2:30 am",
    ],
    "0 * * * *": [
        "every hour",
        "hourly",
        "once an hour",
        "every full hour",
        "each hour on the hour",
    ],
    "15 * * * *": [
        "every hour at :15",
        "hourly, at 15 past",
    ],
    "*/5 * * * *": [
        "every 5 minutes",
        "every five minutes",
        "5-minutely, every 5 min",
    ],
    "*/15 * * * *": [
        "four times an hour",
        "every 15 minutes",
        "every quarter of an hour",
        "every fifteen minutes",
    ],
    "0,30 * * * *": [
        "every half hour",
        "every 30 minutes",
        "twice an hour",
    ],
    "* * * * *": [
        "every minute",
    ],
    "*/1 * * * *": [
        "every minute",
    ],
    "0 */2 * * *": [
        "every 2 hours",
        "every two hours",
        "every other hour",
        "every second hour",
    ],
    "0 */12 * * *": [
        "twice a day",
        "every 12 hours",
    ],
    "0 8 * * 1": [
        "every Monday at 8",
        "every Monday at 08:00",
        "on Mondays at 8 am",
        "Mondays, 08:00 UTC",
        "weekly on Monday at 8:00",
    ],
    "0 8 * * MON": [
        "every Monday at 08:00",
    ],
    "0 8 * * 1-5": [
        "weekdays at 8",
        "Mon-Fri at 8",
        "weekdays at 08:00",
        "every weekday at 8 am",
        "Monday to Friday at 08:00",
        "Mon-Fri 08:00",
        "on working days at 8:00",
    ],
    "0 8 * * 0": [
        "Sundays at 08:00",
    ],
    "0 8 * * 7": [
        "every Sunday at 8:00",
    ],
    "0 8 * * 6,0": [
        "at the weekend at 08:00",
        "Saturdays and Sundays at 8:00",
    ],
    "0 8 * * 1,4": [
        "Mondays and Thursdays at 08:00",
    ],
    "0 4 1 * *": [
        "on the first of the month at 04:00",
        "on the 1st of every month at 04:00 UTC",
        "monthly at 04:00",
        "first day of each month, 4 am",
    ],
    "0 4 15 * *": [
        "on the 15th of each month at 04:00",
    ],
    "0 4 1 1 *": [
        "every year on January 1st at 04:00",
        "yearly at 4:00",
    ],
    "0 4 1 1,4,7,10 *": [
        "quarterly at 04:00",
        "on the first day of every quarter at 04:00",
    ],
    "0 4 1 3,9 *": [
        "on the first of March and September at 04:00",
    ],
    "5,20 * * * *": [
        "at :05 and :20 of every hour",
    ],
    "0 4 1 */3 *": [
        "every three months at 04:00",
    ],
    "0 8,20 * * *": [
        "daily at 08:00 and 20:00",
        "twice a day, at 8 am and 8 pm",
    ],
    "0 8-18 * * *": [
        "every hour from 8 to 18",
        "hourly between 08:00 and 18:00",
    ],
    "*/15 8-18 * * 1-5": [
        "every 15 minutes between 08:00 and 18:00 on weekdays",
    ],
    "@daily": [
        "every day",
        "daily",
    ],
    "@hourly": [
        "hourly",
    ],
    "0 0 * * 0": [
        "weekly",
        "every Sunday at midnight",
    ],
    "0 0 1 * *": [
        "monthly",
    ],
    "0 */6 * * *": [
        "four times a day",
        "every 6 hours",
        "every six hours",
    ],
}
NOT_SAID = {
    "30 3 * * *": ["at half past two every night", "every night at three"],
    "0 4 1 3,9 *": ["on the first of March at 04:00"],
    "5,20 * * * *": ["at :05 of every hour"],
    "0 4 * * *": [
        "every night at 03:00 UTC",
        "every night",
        "daily",
        "at 4",
        "on Mondays at 04:00",
        "every hour",
        "every 4 hours",
        "at 4 pm every day",
        "daily at 14:00",
        "at 04:30 every night",
        "weekly at 04:00",
        "every month at 04:00",
    ],
    "0 16 * * *": [
        "daily at 4 am",
        "daily at 04:00",
    ],
    "*/5 * * * *": [
        "every 15 minutes",
        "every 50 minutes",
        "every 5 hours",
        "every minute",
    ],
    "0 8 * * 1": [
        "every Tuesday at 8",
        "every Monday at 8 pm",
        "every Tuesday at 08:00",
        "on Mondays",
        "every Monday at 09:00",
        "daily at 08:00",
        "every day at 08:00",
    ],
    "0 8 * * 1-5": [
        "daily at 08:00",
        "weekends at 08:00",
        "Monday to Thursday at 08:00",
        "weekdays",
    ],
    "0 4 1 * *": [
        "on the first of the month",
        "daily at 04:00",
        "weekly at 04:00",
    ],
    "0 4 15 * *": [
        "monthly at 04:00",
        "on the 5th of each month at 04:00",
    ],
    "0 * * * *": [
        "daily",
        "every 2 hours",
        "every minute",
    ],
    "0 */2 * * *": [
        "every hour",
        "every 3 hours",
    ],
    "0 0 * * *": [
        "every night at 04:00",
        "weekly",
        "every hour",
        "on Mondays at midnight",
    ],
    "0 8,20 * * *": [
        "daily at 08:00",
    ],
    # What is no cron is said by nothing.
    "add_credits": ["every night at 04:00", "add credits"],
    "0 4 * *": ["every night at 04:00"],
    "61 4 * * *": ["at 04:61"],
}


@pytest.mark.parametrize("cron", SAID)
def test_said(cron: str) -> None:
    assert [words for words in SAID[cron] if not says_cron(cron, [words])] == []


@pytest.mark.parametrize("cron", NOT_SAID)
def test_not_said(cron: str) -> None:
    assert [words for words in NOT_SAID[cron] if says_cron(cron, [words])] == []


def test_a_cron_that_cannot_be_read_may_be_said_in_any_words() -> None:
    assert says_cron("0 4 L * *", ["on the last day of the month"])
    assert says_cron("0 4 1 * 1", ["every Monday and every first"])
    assert not says_cron("0 4 L * *", ["`expire`"])


@pytest.mark.parametrize(
    ("seconds", "words", "is_said"),
    [
        (300, "every five minutes", True),
        (1800, "every half hour", True),
        (43200, "twice a day", True),
        (900, "every quarter of an hour", True),
        (7200, "every other hour", True),
        (300, "every fifty minutes", False),
        (3600, "every half hour", False),
        (0, "0", False),
    ],
)
def test_intervals(seconds: int, words: str, is_said: bool) -> None:
    assert says_interval(seconds, words) == is_said


@pytest.mark.parametrize(("cron", "words"), [(cron, way) for cron in SAID for way in SAID[cron]])
def test_what_says_a_cron_does_not_contradict_it(cron: str, words: str) -> None:
    assert contradiction(cron, words) == ""


@pytest.mark.parametrize(
    ("cron", "words", "said"),
    [
        ("0 3 * * *", "every hour", "every hour"),
        ("0 3 * * *", "each credit, once a week, in UTC", "once a week"),
        ("0 3 * * *", "on Sundays at 3", "on Sundays"),
        ("0 3 * * *", "monthly", "monthly"),
        ("0 3 * * 1", "every night", "every night"),
        ("0 3 * * 1", "every Tuesday", "every Tuesday"),
        ("0 3 1 * *", "weekly", "weekly"),
        ("0 * * * *", "every day", "every day"),
        ("*/15 * * * *", "every 5 minutes", "every 5 minutes"),
        ("*/15 * * * *", "hourly", "hourly"),
        ("0 */6 * * *", "every 4 hours", "every 4 hours"),
        ("@daily", "every month", "every month"),
    ],
)
def test_a_contradiction(cron: str, words: str, said: str) -> None:
    assert contradiction(cron, words) == said


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 3 * * *", "every night, drops drafts of more than a week"),
        ("0 3 * * *", "the weekly digest, each day"),
        ("0 3 * * *", "at 05:00 in Berlin"),
        ("0 3 * * *", "older than 24 hours"),
        ("0 3 * * *", "counts what came since Monday"),
        ("0 3 * * 1-5", "every day, but not at the weekend"),
        ("0 8,20 * * *", "daily"),
        ("0 8-18 * * *", "daily, all day long"),
        ("0 3 1 */3 *", "every month that begins a quarter"),
        ("0 3 * * *", "builds the monthly report and a weekly-digest"),
        ("not a cron", "every hour"),
        ("0 3 * * *", ""),
    ],
)
def test_no_contradiction(cron: str, words: str) -> None:
    assert contradiction(cron, words) == ""
