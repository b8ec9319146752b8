"""English, as people type it at work."""

from bot.domain.reading.holidays_en import HOLIDAYS
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
    (Kind.THOUSAND, None, "thousand"),
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
    (
        Kind.DAYWORD,
        1,
        "tomorrow, tomorow, tommorow, tommorrow, tomorrrow, tmrw, tmr, tmw, tmmrw, tomo, 2moro, 2morrow, morrow",
    ),
    (Kind.DAYWORD, 2, "overmorrow"),
    (Kind.TONIGHT, None, "tonight, tonite, 2nite, 2night"),
    (Kind.WEEKDAY, 0, "monday, mon, monady, moday, mondy"),
    (Kind.WEEKDAY, 1, "tuesday, tue, tues, tu, tuseday, teusday, tuesdya, tusday"),
    (Kind.WEEKDAY, 2, "wednesday, wed, weds, wednes, wensday, wednsday, wendsday, wedensday, wednesdy"),
    (Kind.WEEKDAY, 3, "thursday, thu, thur, thurs, thrusday, thurday, thursdy, thusday, thirsday"),
    (Kind.WEEKDAY, 4, "friday, fri, firday, fridya, frday, fryday"),
    (Kind.WEEKDAY, 5, "saturday, sat, saterday, satruday, saturdy"),
    (Kind.WEEKDAY, 6, "sunday, sun, sunady, sundy"),
    *(
        (Kind.WEEKDAYS, value, f"{day}s")
        for value, day in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
    ),
    (Kind.MONTH, 1, "january, jan, janurary, januray"),
    (Kind.MONTH, 2, "february, feb, febr, febuary, feburary, februrary"),
    (Kind.MONTH, 3, "march, mar"),
    (Kind.MONTH, 4, "april, apr, apirl"),
    (Kind.MONTH, 5, "may"),
    (Kind.MONTH, 6, "june, jun"),
    (Kind.MONTH, 7, "july, jul"),
    (Kind.MONTH, 8, "august, aug, agust, augest"),
    (Kind.MONTH, 9, "september, sept, sep, setpember, septemeber, septmber"),
    (Kind.MONTH, 10, "october, oct, octobor, ocotber"),
    (Kind.MONTH, 11, "november, nov, novemeber, novemebr"),
    (Kind.MONTH, 12, "december, dec, decemeber, decmber"),
)
MEASURES: tuple[Entry, ...] = (
    (Kind.UNIT, Unit.SECOND, "second, sec, s"),
    (Kind.UNIT, Unit.MINUTE, "minute, min, m"),
    (Kind.UNIT, Unit.HOUR, "hour, hr, h, hour's"),
    (Kind.UNIT, Unit.DAY, "day, d, day's"),
    (Kind.UNIT, Unit.WORKDAY, "business day, working day, workday, work day, weekday"),
    (Kind.UNIT, Unit.WEEK, "week, wk, w, week's"),
    (Kind.UNIT, Unit.FORTNIGHT, "fortnight, fortnight's"),
    (Kind.UNIT, Unit.WEEKEND, "weekend, week end, wkend, wknd"),
    (Kind.UNIT, Unit.MONTH, "month, mo, mth, mnth, month's"),
    (Kind.UNIT, Unit.QUARTER, "quarter, qtr, quarter's"),
    (Kind.UNIT, Unit.DECADE, "decade"),
    (Kind.UNITS, Unit.DECADE, "decades"),
    (Kind.UNIT, Unit.YEAR, "year, yr, y, year's"),
    (Kind.UNITS, Unit.SECOND, "seconds, secs"),
    (Kind.UNITS, Unit.MINUTE, "minutes, mins"),
    (Kind.UNITS, Unit.HOUR, "hours, hrs"),
    (Kind.UNITS, Unit.DAY, "days"),
    (Kind.UNITS, Unit.WORKDAY, "business days, working days, workdays, work days, weekdays"),
    (Kind.UNITS, Unit.WEEK, "weeks, wks"),
    (Kind.UNITS, Unit.FORTNIGHT, "fortnights"),
    (Kind.UNITS, Unit.MONTH, "months, mos, mths"),
    (Kind.UNITS, Unit.QUARTER, "quarters, qtrs"),
    (Kind.UNITS, Unit.YEAR, "years, yrs"),
    (Kind.REL, 0, "this, current"),
    (Kind.REL, 1, "next, nxt, following, subsequent"),
    (Kind.COMING, None, "coming, upcoming, this coming, the coming, this upcoming"),
    (Kind.LAST, None, "last, past, previous, final"),
    (Kind.END, None, "end, ends, close, ending"),
    (Kind.LATE, None, "late, later, later in, late in, rest of, the rest of, remainder of, latter part of, all"),
    (Kind.EARLY, None, "early, early in, earlier"),
    (Kind.MID, None, "mid, middle, middle of"),
    (Kind.START, None, "start, beginning, begin, commencing, starting"),
    (
        Kind.EOX,
        Unit.WEEK,
        "eow, end of work week, end of the work week, end of business week, "
        "end of the business week, end of the working week, end of working week",
    ),
    (Kind.EOX, Unit.MONTH, "eom"),
    (Kind.EOX, Unit.QUARTER, "eoq"),
    (Kind.EOX, Unit.YEAR, "eoy"),
    (Kind.QTR, None, "q"),
    (Kind.HALFYEAR, None, "h"),
    (Kind.WEEKNO, None, "w, wk, calendar week, cw, kw, week number, week no"),
)
CLOCKS: tuple[Entry, ...] = (
    (Kind.MERIDIEM, 0, "am, a.m., a.m, a m, in the am, in the a.m., am ish"),
    (Kind.MERIDIEM, 12, "pm, p.m., p.m, p m, in the pm, in the p.m., pm ish"),
    (Kind.AP, 0, "a"),
    (Kind.AP, 12, "p"),
    (Kind.OCLOCK, None, "o'clock, oclock, o clock"),
    (Kind.H, None, "h"),
    (Kind.NOON, None, "noon, midday, noontime, noonish, high noon, mid day"),
    (Kind.MIDNIGHT, None, "midnight, mid night"),
    (Kind.PART, MORNING, "morning, mornin, forenoon"),
    (Kind.PART, LUNCH, "lunch, lunchtime, lunch time"),
    (Kind.PART, AFTERNOON, "afternoon, arvo"),
    (Kind.PART, EVENING, "evening, eve"),
    (Kind.PART, NIGHT, "night, nite, nighttime"),
    (
        Kind.PART,
        CLOSING,
        "eod, cob, cop, eob, e o d, c o b, close of business, close of play, close of the business day, end "
        "of business, "
        "end of play, end of work, end of business day, end of the business day, end of working day, end of "
        "the working day, "
        "end of work day, end of the work day, close of day, close of the day, end of workday, day's end",
    ),
    (
        Kind.PART,
        OPENING,
        "first thing, first thing in the morning, start of business, start of day, start of the day, sob",
    ),
    (Kind.PAST, None, "past"),
    (Kind.TO, None, "to, till, til, ' til, until"),
    (Kind.ISH, None, "ish"),
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
    (Kind.SOMETIME, None, "sometime, some time, at some point, anytime, any time, come"),
    (
        Kind.BY,
        None,
        "by, due, due by, due on, due at, no later than, not later than, by no later than, on or before, by "
        "or before, at or "
        "before, up to, by the latest, not after, deadline, eta, at latest by, latest by, latest, deadline :,"
        " due :, due date, due date :, eta :, by :",
    ),
    (Kind.BEFORE, None, "before, prior to, ahead of, in advance of, earlier than"),
    (Kind.UNTIL, None, "until, till, til, up until, up till"),
    (Kind.AFTER, None, "after, following"),
    (Kind.THROUGH, None, "through, thru"),
    (Kind.NEAREST, None, "closest, nearest"),
    (Kind.FROM, None, "from"),
    (Kind.LATER, None, "later, hence, out"),
    (Kind.AGO, None, "ago, earlier, back"),
    (Kind.NOW, None, "now, right now, this moment, this instant"),
    (
        Kind.APPROX,
        None,
        "around, about, approximately, approx, roughly, circa, ca, exactly, precisely, nearly, just, less "
        "than, under, no more than, not more than, fewer than, at most, up to",
    ),
    (
        Kind.AGREED,
        None,
        "at the latest, the latest, by the latest, at latest, latest, at the very latest, sharp, on the dot, "
        "or earlier, or sooner, or before, at most, max, tops, exactly, local time, my time, or so, "
        "approximately, approx, roughly, give or take, or thereabouts",
    ),
    (Kind.EVERY, None, "every, each"),
)
ENGLISH = Language(
    code="en",
    entries=(*NUMBERS, *DAYS, *HOLIDAYS, *MEASURES, *CLOCKS, *SMALL_WORDS, *ZONE_ENTRIES, *CITY_ENTRIES),
    leads=(
        "ok",
        "okay",
        "sure",
        "yes",
        "i promise",
        "i hereby promise",
        "i pledge",
        "i swear",
        "i owe",
        "i commit",
        "i'm committing",
        "i will",
        "i'll",
        "i shall",
        "i am going to",
        "i'm going to",
        "im going to",
        "i am gonna",
        "i'm gonna",
        "im gonna",
        "i've got to",
        "i gotta",
        "i want to",
        "i can",
        "i plan to",
        "i intend to",
        "i need to",
        "i have to",
        "i must",
        "i'd like to",
        "we will",
        "we'll",
        "we're going to",
        "we are going to",
        "let me",
        "gonna",
        "going to",
        "promise to",
        "promise that",
        "will",
    ),
    lead_joins=("to", "that", "you"),
    recipient_words=("promise", "to", "for", "hey", "hi", "dear"),
    joins=("and", "&", "+", "&amp;"),
    courtesies=frozenset("please pls plz kindly many thanks thx ty cheers ok okay thank you promise".split()),
    holders=frozenset(
        "for from of since about regarding re with the a an my our your their his her like via version".split()
    ),
    resumes=frozenset("to about with for and so from via regarding the a an my our your his her their".split()),
    denials=frozenset(["not", "don't", "dont", "never", "won't"]),
    changes=frozenset("cut reduce increase raise lower shrink grow improve scale boost decrease bump".split()),
    recurring=frozenset("daily weekly biweekly monthly quarterly yearly annually hourly nightly".split()),
    plans=frozenset(
        "plan planning forecast budget schedule prepare organize organise discuss cover book outline map estimate "
        "recap summarize summarise review analyze analyse close staff present preview prioritize prioritise".split()
    ),
    doubtful=frozenset("sun sat wed mar may march mon august tu".split()),
)
