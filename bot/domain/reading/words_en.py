"""English, as people type it at work."""

from bot.domain.reading.kinds import Kind, Unit
from bot.domain.reading.language import Entry, Language
from bot.domain.reading.meaning import AFTERNOON, CLOSING, EVENING, LUNCH, MORNING, NIGHT, OPENING
from bot.domain.reading.zones import CITY_ENTRIES, ZONE_ENTRIES

NUMBERS: tuple[Entry, ...] = (
    *(
        (Kind.CARD, value, word)
        for value, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen".split()
        )
    ),
    *(
        (Kind.TENS, 10 * value, word)
        for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
    ),
    *(
        (Kind.ORD, value, word)
        for value, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
            start=1,
        )
    ),
    (Kind.ORD, 30, "thirtieth"),
    (Kind.HUNDRED, None, "hundred"),
    (Kind.CARD, 12, "dozen, a dozen"),
    (Kind.OH, None, "oh, o, zero"),
    (Kind.A, None, "a, an"),
    (Kind.HALF, 0.5, "half"),
    (Kind.QUARTERHOUR, 15, "quarter, quarters"),
    (Kind.FEW, 3, "few"),
    (Kind.COUPLE, 2, "couple, pair"),
)
DAYS: tuple[Entry, ...] = (
    (Kind.DAYWORD, -2, "ereyesterday"),
    (Kind.DAYWORD, -1, "yesterday"),
    (Kind.DAYWORD, 0, "today, tod, 2day, todays"),
    (Kind.DAYWORD, 1, "tomorrow, tomorow, tommorow, tommorrow, tomorrrow, tmrw, tmr, tmw, tmmrw, tomo, 2moro, 2morrow, morrow"),
    (Kind.DAYWORD, 2, "overmorrow"),
    (Kind.TONIGHT, None, "tonight, tonite, 2nite, 2night"),
    (Kind.WEEKDAY, 0, "monday, mon"),
    (Kind.WEEKDAY, 1, "tuesday, tue, tues"),
    (Kind.WEEKDAY, 2, "wednesday, wed, weds, wednes"),
    (Kind.WEEKDAY, 3, "thursday, thu, thur, thurs"),
    (Kind.WEEKDAY, 4, "friday, fri"),
    (Kind.WEEKDAY, 5, "saturday, sat"),
    (Kind.WEEKDAY, 6, "sunday, sun"),
    *(
        (Kind.WEEKDAYS, value, f"{day}s")
        for value, day in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
    ),
    (Kind.MONTH, 1, "january, jan"),
    (Kind.MONTH, 2, "february, feb, febr"),
    (Kind.MONTH, 3, "march, mar"),
    (Kind.MONTH, 4, "april, apr"),
    (Kind.MONTH, 5, "may"),
    (Kind.MONTH, 6, "june, jun"),
    (Kind.MONTH, 7, "july, jul"),
    (Kind.MONTH, 8, "august, aug"),
    (Kind.MONTH, 9, "september, sept, sep"),
    (Kind.MONTH, 10, "october, oct"),
    (Kind.MONTH, 11, "november, nov"),
    (Kind.MONTH, 12, "december, dec"),
)
HOLIDAYS: tuple[Entry, ...] = (
    (Kind.HOLIDAY, "new year", "new year's day, new years day, new year, new years, new year's"),
    (Kind.HOLIDAY, "new year eve", "new year's eve, new years eve, nye"),
    (Kind.HOLIDAY, "epiphany", "epiphany"),
    (Kind.HOLIDAY, "mlk", "martin luther king day, martin luther king jr. day, martin luther king's day, mlk day, mlk"),
    (Kind.HOLIDAY, "groundhog day", "groundhog day, groundhogs day"),
    (Kind.HOLIDAY, "valentine", "valentine's day, valentines day, valentine day, valentine's"),
    (Kind.HOLIDAY, "presidents", "presidents day, president's day, washington's birthday"),
    (Kind.HOLIDAY, "womens day", "international women's day, women's day, womens day"),
    (Kind.HOLIDAY, "pi day", "pi day"),
    (Kind.HOLIDAY, "st patrick", "st patrick's day, saint patrick's day, st patricks day, saint patricks day, st paddy's day"),
    (Kind.HOLIDAY, "april fools", "april fools, april fools day, april fool's day, april fool's, all fools day"),
    (Kind.HOLIDAY, "earth day", "earth day"),
    (Kind.HOLIDAY, "shrove tuesday", "shrove tuesday, mardi gras, fat tuesday, pancake day"),
    (Kind.HOLIDAY, "ash wednesday", "ash wednesday"),
    (Kind.HOLIDAY, "palm sunday", "palm sunday"),
    (Kind.HOLIDAY, "maundy thursday", "maundy thursday, holy thursday"),
    (Kind.HOLIDAY, "good friday", "good friday"),
    (Kind.HOLIDAY, "holy saturday", "holy saturday"),
    (Kind.HOLIDAY, "easter", "easter, easter sunday, easter day"),
    (Kind.HOLIDAY, "easter monday", "easter monday"),
    (Kind.HOLIDAY, "ascension", "ascension day, ascension"),
    (Kind.HOLIDAY, "pentecost", "pentecost, whit sunday, whitsunday"),
    (Kind.HOLIDAY, "whit monday", "whit monday, pentecost monday"),
    (Kind.HOLIDAY, "corpus christi", "corpus christi"),
    (Kind.HOLIDAY, "labour day may", "may day, international workers day"),
    (Kind.HOLIDAY, "cinco de mayo", "cinco de mayo"),
    (Kind.HOLIDAY, "mothers", "mother's day, mothers day, mothers' day"),
    (Kind.HOLIDAY, "memorial", "memorial day"),
    (Kind.HOLIDAY, "juneteenth", "juneteenth"),
    (Kind.HOLIDAY, "fathers", "father's day, fathers day, fathers' day"),
    (Kind.HOLIDAY, "independence", "independence day"),
    (Kind.HOLIDAY, "bastille", "bastille day"),
    (Kind.HOLIDAY, "labor", "labor day, labour day"),
    (Kind.HOLIDAY, "columbus", "columbus day, indigenous peoples day, indigenous people's day"),
    (Kind.HOLIDAY, "halloween", "halloween, hallowe'en, halloween day, all hallows eve"),
    (Kind.HOLIDAY, "all saints", "all saints day, all saints' day"),
    (Kind.HOLIDAY, "all souls", "all souls day, all souls' day"),
    (Kind.HOLIDAY, "guy fawkes", "guy fawkes night, guy fawkes day, bonfire night"),
    (Kind.HOLIDAY, "veterans", "veterans day, veteran's day, armistice day, remembrance day"),
    (Kind.HOLIDAY, "thanksgiving", "thanksgiving, thanksgiving day, turkey day"),
    (Kind.HOLIDAY, "black friday", "black friday"),
    (Kind.HOLIDAY, "cyber monday", "cyber monday"),
    (Kind.HOLIDAY, "st nicholas", "st nicholas day"),
    (Kind.HOLIDAY, "christmas eve", "christmas eve, xmas eve"),
    (Kind.HOLIDAY, "christmas", "christmas, xmas, x mas, christmas day, xmas day"),
    (Kind.HOLIDAY, "boxing day", "boxing day, st stephen's day"),
)
MEASURES: tuple[Entry, ...] = (
    (Kind.UNIT, Unit.SECOND, "second, seconds, sec, secs"),
    (Kind.UNIT, Unit.MINUTE, "minute, minutes, min, mins, m"),
    (Kind.UNIT, Unit.HOUR, "hour, hours, hr, hrs, h, hour's"),
    (Kind.UNIT, Unit.DAY, "day, days, d, day's"),
    (Kind.UNIT, Unit.WORKDAY, "business day, business days, working day, working days, workday, workdays, work day, work days, weekday, weekdays"),
    (Kind.UNIT, Unit.WEEK, "week, weeks, wk, wks, w, week's"),
    (Kind.UNIT, Unit.FORTNIGHT, "fortnight, fortnights, fortnight's"),
    (Kind.UNIT, Unit.WEEKEND, "weekend, weekends, week end, wkend, wknd"),
    (Kind.UNIT, Unit.MONTH, "month, months, mo, mos, mth, mths, mnth, month's"),
    (Kind.UNIT, Unit.QUARTER, "quarter, quarters, qtr, qtrs, quarter's"),
    (Kind.UNIT, Unit.YEAR, "year, years, yr, yrs, y, year's"),
    (Kind.REL, 0, "this, current"),
    (Kind.REL, 1, "next, nxt, following, subsequent"),
    (Kind.COMING, None, "coming, upcoming, this coming, the coming, this upcoming"),
    (Kind.LAST, None, "last, past, previous, final"),
    (Kind.END, None, "end, ends, close"),
    (Kind.LATE, None, "late, later, later in, late in, rest of, the rest of, remainder of, latter part of"),
    (Kind.EARLY, None, "early, early in, earlier"),
    (Kind.MID, None, "mid, middle, middle of"),
    (Kind.START, None, "start, beginning, begin"),
    (Kind.EOX, Unit.WEEK, "eow, end of work week, end of the work week, end of business week"),
    (Kind.EOX, Unit.MONTH, "eom"),
    (Kind.EOX, Unit.QUARTER, "eoq"),
    (Kind.EOX, Unit.YEAR, "eoy"),
    (Kind.QTR, None, "q"),
    (Kind.WEEKNO, None, "w, wk, calendar week, cw, kw, week number, week no"),
)
CLOCKS: tuple[Entry, ...] = (
    (Kind.MERIDIEM, 0, "am, a.m., a.m, a m"),
    (Kind.MERIDIEM, 12, "pm, p.m., p.m, p m"),
    (Kind.AP, 0, "a"),
    (Kind.AP, 12, "p"),
    (Kind.OCLOCK, None, "o'clock, oclock, o clock"),
    (Kind.H, None, "h"),
    (Kind.NOON, None, "noon, midday, noontime, high noon, mid day"),
    (Kind.MIDNIGHT, None, "midnight"),
    (Kind.PART, MORNING, "morning, mornin, forenoon"),
    (Kind.PART, LUNCH, "lunch, lunchtime, lunch time"),
    (Kind.PART, AFTERNOON, "afternoon, arvo"),
    (Kind.PART, EVENING, "evening, eve"),
    (Kind.PART, NIGHT, "night, nite, nighttime"),
    (
        Kind.PART,
        CLOSING,
        "eod, cob, cop, eob, e.o.d., c.o.b., close of business, close of play, close of the business day, end of business, "
        "end of play, end of work, end of business day, end of the business day, end of working day, end of the working day, "
        "end of work day, end of the work day, close of day, close of the day, end of workday, day's end",
    ),
    (Kind.PART, OPENING, "first thing, first thing in the morning, start of business, start of day, start of the day, sob"),
    (Kind.PAST, None, "past"),
    (Kind.TO, None, "to, till, til, until, before"),
    (Kind.SAMETIME, None, "this time, same time, the same time, at this time"),
    (Kind.TIME, None, "time"),
    (Kind.TEE, None, "t"),
)
SMALL_WORDS: tuple[Entry, ...] = (
    (Kind.THE, None, "the"),
    (Kind.OF, None, "of"),
    (Kind.AND, None, "and"),
    (Kind.OR, None, "or"),
    (Kind.BETWEEN, None, "between"),
    (Kind.IN, None, "in"),
    (Kind.WITHIN, None, "within, inside"),
    (Kind.ON, None, "on"),
    (Kind.AT, None, "at"),
    (Kind.OVER, None, "over, during"),
    (
        Kind.BY,
        None,
        "by, due, due by, due on, due at, no later than, not later than, by no later than, on or before, by or before, at or "
        "before, up to, by the latest, not after, deadline, eta, at latest by, latest by, latest",
    ),
    (Kind.BEFORE, None, "before, prior to, ahead of, in advance of, earlier than"),
    (Kind.UNTIL, None, "until, till, til, up until, up till"),
    (Kind.AFTER, None, "after, following"),
    (Kind.FROM, None, "from"),
    (Kind.LATER, None, "later, hence, out"),
    (Kind.AGO, None, "ago, earlier, back"),
    (Kind.NOW, None, "now, right now, this moment, this instant"),
    (Kind.APPROX, None, "around, about, approximately, approx, roughly, circa, ca, sometime, some time, anytime, any time, come, exactly, precisely, nearly, just"),
    (
        Kind.AGREED,
        None,
        "at the latest, at latest, latest, at the very latest, sharp, on the dot, or earlier, or sooner, or before, at most, max, "
        "tops, ish, exactly, local time, my time, or so",
    ),
    (Kind.EVERY, None, "every, each"),
)
ENGLISH = Language(
    code="en",
    entries=(*NUMBERS, *DAYS, *HOLIDAYS, *MEASURES, *CLOCKS, *SMALL_WORDS, *ZONE_ENTRIES, *CITY_ENTRIES),
)
