"""Schedules in words: `every night at 04:00 UTC` says what the cron `0 4 * * *` does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from definition_of_done.base.expressions import regex
from definition_of_done.base.records import NamedTuple

_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_WEEKDAYS = "sun mon tue wed thu fri sat".split()
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# The least and the greatest number of each field, and its names.
_FIELDS: tuple[tuple[int, int, list[str]], ...] = (
    (0, 59, []),
    (0, 23, []),
    (1, 31, []),
    (1, 12, _MONTHS),
    (0, 7, _WEEKDAYS),
)
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
# The seconds of a unit, its names behind a number, its name without one, its adverb, and its half.
_UNITS = (
    (1, "s|secs?|seconds?", "second", "", ""),
    (60, "m|mins?|minutes?", "minute", "minutely", ""),
    (3600, "h|hrs?|hours?", "hour", "hourly", "half[ -]hour(?:ly)?|half an hour|twice an hour"),
    (
        86400,
        "d|days?",
        "(?:day|night)",
        "daily|nightly",
        "half[ -]day|twice a day|twice daily|twice per day",
    ),
    (604800, "w|weeks?", "week", "weekly", "twice a week"),
)
_DAILY = (
    r"daily|nightly|(?:every|each|once a|once per|per|a) (?:single )?"
    r"(?:day|night|morning|afternoon|evening|midnight|noon|midday)|every 24 hours"
)
_WORKDAYS = r"weekdays?|workdays?|working days?|business days?"
_OTHER_DAYS = (
    rf"{_WORKDAYS}|weekends?|weekly|weeks?|monthly|months?|yearly|annually|years?"
    r"|quarterly|quarters?(?! of an|[ -]hour)|(?:sun|mon|tues|wednes|thurs|fri|satur)days?"
    r"|mon-fri"
)
_WITHIN_DAY = "hourly|hours?|minutes?"
# A cron of five fields may say more than this module reads.
_LIKE_A_CRON = regex(r"(?:[\d*?/,#a-z-]+ ){4}[\d*?/,#a-z-]+")


def _often(phrases: str, adverbs: str) -> re.Pattern[str]:
    """The pattern of what says how often; `a weekly digest` does not."""
    end = r"(?=\s*(?:[^\w\s-]|$|(?:at|by|in|on)\b))"
    return regex(rf"(?i)\b(?:(?:{phrases})\b|(?:{adverbs}){end})")


# Words that say nothing else than how often a thing runs, by its unit.
_OFTEN = {
    "minute": _often(r"every (?:[\w-]+ )?minutes?", "minutely"),
    "hour": _often(r"every (?:full |\w+ )?hours?|once an hour", "hourly"),
    "day": _often(r"(?:every|once a) (?:day|night|morning|evening)", "daily|nightly"),
    "week": _often(
        r"(?:every|once a) week|(?:every|on) (?:sun|mon|tues|wednes|thurs|fri|satur)days?", "weekly"
    ),
    "month": _often(r"(?:every|once a) month", "monthly"),
}


class Cron(NamedTuple):
    """A cron as sets of numbers, with None for each field that is `*`. Sunday is 0."""

    minutes: frozenset[int] | None
    hours: frozenset[int] | None
    days: frozenset[int] | None
    months: frozenset[int] | None
    weekdays: frozenset[int] | None


def says_cron(text: str, texts: Iterable[str]) -> bool:
    """True where one of the texts says in words when a cron runs."""
    fields = " ".join(_MACROS.get(text.strip().lower(), text).lower().split())
    if not _LIKE_A_CRON.fullmatch(fields):
        return False
    cron = _read(fields.split())
    said = (" ".join(words.split()) for words in texts)
    if cron is None or (cron.days and cron.weekdays):
        # Which words would be right is not known here.
        return any(_has(words, f"{_DAILY}|{_OTHER_DAYS}") for words in said)
    return any(_says(cron, words) for words in said)


def contradiction(text: str, words: str) -> str:
    """The words beside a cron that say another schedule, empty where none surely do."""
    fields = " ".join(_MACROS.get(text.strip().lower(), text).lower().split())
    cron = _read(fields.split()) if _LIKE_A_CRON.fullmatch(fields) else None
    unit, step = _pace(cron) if cron else ("", 0)
    said = {name: found[0] for name, often in _OFTEN.items() if (found := often.search(words))}
    if not unit or not said or (unit == "day" and _has(words, _DAILY)):
        return ""
    if says_cron(text, [words]):
        return ""
    if unit not in said:
        return next(iter(said.values()))
    days = set(_named_weekdays(said[unit])) if unit == "week" else set[int]()
    is_other = bool(days) and cron is not None and days.isdisjoint(cron.weekdays or ())
    is_other |= bool(step) and len(said) == 1 and not says_interval(step, words)
    return said[unit] if is_other else ""


def _pace(cron: Cron) -> tuple[str, int]:
    """The unit in which a cron runs, empty where several fit; within a day, the seconds."""
    minutes, hours = cron.minutes, cron.hours
    is_single = minutes is not None and len(minutes) == 1
    if cron.days or cron.months or cron.weekdays:
        is_weekly = cron.weekdays and len(cron.weekdays) == 1 and not (cron.days or cron.months)
        is_monthly = cron.days and len(cron.days) == 1 and not (cron.weekdays or cron.months)
        return ("week" if is_weekly else "month" if is_monthly else ""), 0
    if not is_single:
        step = _step(minutes, 60) if minutes else 1
        return ("minute" if step else ""), 60 * (step or 0)
    if hours is not None and len(hours) == 1:
        return "day", 0
    # Twice a day is daily, too.
    step = (_step(hours, 24) if len(hours) > 3 else 0) if hours else 1
    return ("hour" if step else ""), 3600 * (step or 0)


def says_interval(seconds: int, words: str) -> bool:
    """True where a text says an interval, in digits or in words."""
    return seconds > 0 and _has(words, "|".join([str(seconds), *_spans(seconds)]))


def _spans(seconds: int) -> Iterator[str]:
    for size, units, single, adverb, half in _UNITS:
        if seconds % size == 0:
            number = seconds // size
            yield rf"{_number(number)}[ -]{{0,3}}(?:{units})"
            if number < len(_ORDINALS):
                ordinals = rf"{_ORDINALS[number]}|other" if number == 2 else _ORDINALS[number]
                yield rf"every (?:{ordinals}) (?:{units})"
            if number == 1:
                yield rf"(?:every|each|once an?|once per|per) (?:full |single )?{single}"
                yield adverb or single
        if half and seconds * 2 == size:
            yield half
        if size % seconds == 0 and size > seconds:
            yield rf"{_number(size // seconds)} times (?:an?|per|each|every) {single}"
    if seconds == 900:
        yield "quarter of an hour|quarter[ -]hour"


def _number(number: int) -> str:
    return rf"(?:{number}|{_NUMBERS[number]})" if number < len(_NUMBERS) else str(number)


def _has(words: str, pattern: str) -> bool:
    return re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words, re.I) is not None


def _read(fields: list[str]) -> Cron | None:
    try:
        read = [_field(text, *field) for text, field in zip(fields, _FIELDS, strict=True)]
    except ValueError:
        return None
    weekdays = read[4] and frozenset(number % 7 for number in read[4])
    return Cron(read[0], read[1], read[2], read[3], weekdays)


def _field(text: str, least: int, most: int, names: list[str]) -> frozenset[int] | None:
    """The numbers of a field, None for all; raises ValueError for any other text."""
    if text in ("*", "?"):
        return None
    numbers: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        start = least if first == "*" else _value(first, names, least)
        end = most if first == "*" or (step and not last) else start
        end = _value(last, names, least) if last else end
        if not least <= start <= end <= most or (step and int(step) < 1):
            raise ValueError(text)
        numbers.update(range(start, end + 1, int(step or 1)))
    return frozenset(numbers)


def _value(text: str, names: list[str], least: int) -> int:
    return names.index(text) + least if text in names else int(text)


def _says(cron: Cron, words: str) -> bool:
    if cron.hours is None or cron.minutes is None or len(cron.minutes) > 1:
        return _says_interval(cron, words) and _says_days(cron, words, is_timed=True)
    step = _step(cron.hours, 24)
    if step and step < 24 and says_interval(step * 3600, words):
        return _says_days(cron, words, is_timed=True)
    (minute,) = cron.minutes
    if minute == 0 and len(cron.hours) > 2 and _has(words, "every hour|each hour|hourly"):
        return _names_bounds(cron.hours, words) and _says_days(cron, words, is_timed=True)
    is_timed = all(_says_time(hour, minute, words) for hour in cron.hours)
    # What runs at midnight needs no time.
    needs_none = cron.hours == {0} and minute == 0 and not re.search(r"\d[:.]\d\d", words)
    return (is_timed or needs_none) and _says_days(cron, words, is_timed=is_timed)


def _says_interval(cron: Cron, words: str) -> bool:
    """True where a text says how often a cron runs within the hour, and in which hours."""
    step = _step(cron.minutes, 60) if cron.minutes else 1
    if step is None:
        minutes = cron.minutes or frozenset()
        return all(_has(words, rf":?{minute:02}") for minute in minutes)
    return says_interval(step * 60, words) and _names_bounds(cron.hours, words)


def _step(numbers: frozenset[int] | None, size: int) -> int | None:
    """The distance between numbers that lie evenly in a day or an hour, None for others."""
    ordered = sorted(numbers or ())
    steps = {after - before for before, after in pairwise(ordered)}
    if len(ordered) == 1:
        return size
    step = steps.pop() if len(steps) == 1 else 0
    return step if step and len(ordered) == -(-size // step) and size % step == 0 else None


def _names_bounds(hours: frozenset[int] | None, words: str) -> bool:
    """True where a text names the first and the last of some hours."""
    if hours is None:
        return True
    return all(
        _has(words, rf"0?{hour}") or _says_time(hour, 0, words) for hour in (min(hours), max(hours))
    )


def _says_time(hour: int, minute: int, words: str) -> bool:
    half = hour % 12 or 12
    number, mark = _number(half), "a" if hour < 12 else "p"
    part = "in the morning|at night" if hour < 12 else "in the (?:afternoon|evening)|at night"
    ways = [rf"0?{hour}[:.h]{minute:02}(?! ?p\.?m)", rf"{half}[:.]{minute:02} ?{mark}\.?m\.?"]
    ways += {15: [f"quarter past {number}"], 30: [f"half past {number}"]}.get(minute, [])
    if minute == 45:
        ways.append(f"quarter to {_number(half % 12 + 1)}")
    if minute == 0:
        ways += [
            rf"{number} ?{mark}\.?m\.?",
            rf"{number} (?:o'clock )?(?:{part})",
            rf"0?{hour} (?:utc|gmt|o'clock|h)",
            rf"0?{hour}h",
        ]
        ways += {0: ["midnight", "24:00"], 12: ["noon", "midday"]}.get(hour, [])
        if _has(words, f"{_DAILY}|{_OTHER_DAYS}"):
            ways += [rf"at 0?{hour}(?![:.]\d| ?[ap]\.?m)", f"at {_NUMBERS[half]}"]
    return any(_has(words, way) for way in ways)


def _says_days(cron: Cron, words: str, *, is_timed: bool) -> bool:
    """True where a text says on which days a cron runs; a time alone means every day."""
    if cron.weekdays is not None:
        return _says_weekdays(cron.weekdays, words)
    if cron.days is not None or cron.months is not None:
        return _says_dates(cron.days, cron.months, words)
    is_once = cron.hours and len(cron.hours) == 1
    other = f"{_OTHER_DAYS}|{_WITHIN_DAY}" if is_once else _OTHER_DAYS
    return _has(words, _DAILY) or (is_timed and not _has(words, other))


def _says_weekdays(weekdays: frozenset[int], words: str) -> bool:
    if weekdays == {1, 2, 3, 4, 5} and _has(words, _WORKDAYS):
        return True
    if weekdays == {0, 6} and _has(words, "weekends?"):
        return True
    if weekdays == {0} and _has(words, "weekly|every week|once a week|each week"):
        return True
    return weekdays <= set(_named_weekdays(words))


def _named_weekdays(words: str) -> Iterator[int]:
    """Yield the weekdays that a text names, and those between two ends."""
    names = re.findall(
        r"\b(sun|mon|tue|wed|thu|fri|sat)(?:s|nes|rs|ur)?(?:day)?s?\b"
        r"( ?(?:-|\u2013|to|through|until|till) ?(?=[smtwf]))?",
        words.casefold(),
    )
    for at, (name, joint) in enumerate(names):
        start = _WEEKDAYS.index(name)
        yield start
        if joint and at + 1 < len(names):
            end = _WEEKDAYS.index(names[at + 1][0])
            yield from ((start + step) % 7 for step in range((end - start) % 7))


def _says_dates(days: frozenset[int] | None, months: frozenset[int] | None, words: str) -> bool:
    is_first = days == frozenset({1})
    if days and not (is_first or all(_says_day(day, words) for day in days)):
        return False
    if months is None:
        return _has(words, "months?|monthly")
    if _step(months, 12) == 3:
        return _has(words, "quarters?|quarterly") or _has(words, "(?:3|three) months")
    if (
        is_first
        and months == frozenset({1})
        and _has(words, "yearly|annually|every year|once a year")
    ):
        return True
    return all(_has(words, rf"{_MONTHS[month - 1]}[a-z]*") for month in months)


def _says_day(day: int, words: str) -> bool:
    ordinal = rf"|{_ORDINALS[day]}" if day < len(_ORDINALS) else ""
    return _has(words, rf"{day}(?:st|nd|rd|th)?{ordinal}")
