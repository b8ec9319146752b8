"""English, as people type it at work."""

from bot.domain.reading.holidays_en import HOLIDAYS
from bot.domain.reading.kinds import WordKind
from bot.domain.reading.language import Language, words
from bot.domain.reading.lexicon import entries
from bot.domain.reading.words_de import WORDS as GERMAN_WORDS
from bot.domain.reading.zones import PLACES_AND_ZONES

#: Format: see lexicon.py.
WORDS = entries("""
CARD 0+1: zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen,
    fifteen, sixteen, seventeen, eighteen, nineteen
TENS 20+10: twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety
ORD 1+1: first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh, twelfth, thirteenth,
    fourteenth, fifteenth, sixteenth, seventeenth, eighteenth, nineteenth, twentieth
ORD 30: thirtieth
HUNDRED: hundred
THOUSAND: thousand
CARD 12: dozen, a dozen
OH: oh, zero
A: a, an, another
HALF 0.5: half
QUARTERHOUR 15: quarter, quarters, qtr
FEW 3: few
COUPLE 2: couple, pair, coupla, cpl
MORE: more, further, additional, extra, full, whole, solid
DAYWORD -2: ereyesterday
DAYWORD -1: yesterday
DAYWORD 0: today, 2day, today itself, tod
DAYWORD 1: tomorrow, tommorow, tommorrow, tomorow, tmrw, tmr, tmw, tmmrw, tmoro, tomo, tomoz, 2moz, 2moro, 2morrow,
    2mrw, 2mro, 2mo, morrow
DAYWORD 2: overmorrow, day after tmrw
TONIGHT: tonight, tonite, 2nite, 2night
WEEKDAY 0+1: monday|mon, tuesday|tue|tues|tu, wednesday|wed|weds|wednes|wensday, thursday|thu|thur|thurs,
    friday|fri, saturday|sat, sunday|sun
WEEKDAYS 0+1: mondays, tuesdays, wednesdays, thursdays, fridays, saturdays, sundays
MONTH 1+1: january|jan, february|feb|febr|febuary, march|mar, april|apr, may, june|jun, july|jul, august|aug,
    september|sept|sep, october|oct, november|nov, december|dec
UNIT second: second, sec, s
UNIT minute: minute, min, m
UNIT hour: hour, hr, h, hour's
UNIT day: day, d, day's
UNIT workday: business day, working day, workday, work day, weekday, bus day, biz day, bizday
UNIT week: week, wk, w, week's
UNIT fortnight: fortnight, fortnite, fortnight's
UNIT weekend: weekend, week end, wkend, wknd
UNIT month: month, mo, mth, mnth, month's
UNIT quarter: quarter, qtr, quarter's
UNIT decade: decade
UNITS decade: decades
UNIT year: year, yr, y, year's
UNITS second: seconds, secs
UNITS minute: minutes, mins
UNITS hour: hours, hrs
UNITS day: days
UNITS workday: business days, working days, workdays, work days, weekdays, bus days, biz days, bizdays, wd, bd
UNITS week: weeks, wks
UNITS fortnight: fortnights
UNITS month: months, mos, mths
UNITS quarter: quarters, qtrs
UNITS year: years, yrs
REL 0: this, current
REL 1: next, nxt, following, subsequent
COMING: coming, upcoming, this coming, the coming, this upcoming
LAST: last, past, previous, final
END: end, ends, close, ending
LATE: late, later, later in, late in, rest of, the rest of, remainder of, latter part of, all
EARLY: early, early in, earlier
MID: mid, middle, middle of
START: start, beginning, begin, commencing, starting
EOX week: eow, end of work week, end of the work week, end of business week, end of the business week, end of the
    working week, end of working week
EOX month: eom
EOX quarter: eoq
EOX year: eoy
QTR: q
HALFYEAR: h
WEEKOF: w/c, w/b, wc, wb, week commencing, week beginning
WEEKNO: w, wk, calendar week, cw, kw, week number, week no
MERIDIEM 0: am, a.m., a.m, a m, in the am, in the a.m., am ish
MERIDIEM 12: pm, p.m., p.m, p m, in the pm, in the p.m., pm ish
AP 0: a
AP 12: p
OCLOCK: o'clock, o clock, uhr
H: h
NOON: noon, midday, noontime, noonish, high noon, mid day
MIDNIGHT: midnight, midnite, mid night
PART morning: morning, morn, mrng, forenoon
PART lunch: lunch, lunchtime, lunch time
PART afternoon: afternoon, arvo, aft, aftn
PART evening: evening, eve
PART night: night, nite, nighttime
PART closing: eod, eop, cob, cop, eob, e o d, c o b, close of business, close of play, close of the business day,
    end of business, end of play, end of work, end of business day, end of the business day, end of working day, end
    of the working day, end of work day, end of the work day, close of day, close of the day, end of workday, day's
    end
PART opening: 1st thing, 1st thing in the morning, first thing, first thing in the morning, start of business, start
    of day, start of the day, sob, sod, start of work, start of play
PAST: past
TO: to, till, til, ' til, until
ISH: ish
SAMETIME: this time, same time, the same time, at this time
TIME: time, zone, timezone, tz
TEE: t
THE: the
OF: of
AND: and, n
OR: or
BETWEEN: between
IN: in
WITHIN: within, inside, w/in, w/i
ON: on
AT: at, aat, att
OVER: over, during
SOMETIME: sometime, some time, at some point, anytime, any time, come
BY: by, w/e, due, due by, due on, due at, no later than, not later than, by no later than, on or before, by or
    before, at or before, by the latest, not after, deadline, as late as, at the latest by, no later, not later,
    eta, at latest by, latest by, latest, deadline :, due :, due date, due date :, eta :, by :
BEFORE: before, b4, bef, prior to, ahead of, in advance of, earlier than
UNTIL: until, till, til, ' til, up until, up till
UP_TO: up to, through, thru, all the way to, as far as
EARLIEST: earliest, at the earliest, at earliest, no earlier than, not earlier than, no sooner than, not sooner
    than, not before, never before, not until, not till, not any earlier than, as of, as from, as early as, as soon
    as, effective, starting, starting on, starting from, beginning, beginning on, commencing, onward, onwards, or
    later, or after, and later, and after
BAR: any, else, otherwise, failing that, if not then, any day but, any time but, anytime but, anything but, any day
    except, if not, rather than, instead of, except, except for, excepting, excluding, other than, unless, but not,
    not, and not, or else, never, apart from, save for
AFTER: after, following, beyond
THROUGH: through, thru
NEAREST: closest, nearest
FROM: from
LATER: later, hence, out
AGO: ago, earlier, back
NOW: now, right now, this moment, this instant
APPROX: around, about, arnd, abt, another, approximately, approx, roughly, circa, ca, exactly, precisely, nearly,
    just, less than, under, no more than, not more than, fewer than, at most, up to
AGREED: at the latest, the latest, by the latest, at latest, latest, at the very latest, sharp, on the dot, or
    earlier, or sooner, or before, if not sooner, if not earlier, if not before, at most, max, tops, exactly, local
    time, my time, or so, approximately, approx, roughly, give or take, or thereabouts
EVERY: every, each
""")
ENGLISH = Language(
    code="en",
    entries=(*WORDS, *HOLIDAYS, *PLACES_AND_ZONES),
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
    courtesies=words("please pls plz kindly many thanks thx ty cheers ok okay thank you promise"),
    holders=words("to for from of since about regarding re with the a an my our your their his her like via version"),
    resumes=words(
        "that if because when as to about with for and so from via regarding the a an my our your his her their"
    ),
    denials=frozenset(["not", "don't", "dont", "never", "won't", "can't", "cannot"]),
    reminds=words("forget miss fail hesitate worry"),
    changes=words("cut reduce increase raise lower shrink grow improve scale boost decrease bump"),
    recurring=words("daily weekly biweekly monthly quarterly yearly annually hourly nightly"),
    plans=words(
        """
        plan planning forecast budget schedule prepare organize organise discuss cover book outline map
        estimate recap summarize summarise review analyze analyse close staff present preview prioritize
        prioritise
        """
    ),
    doubtful=words("sun sat wed mar may march mon august tu"),
    foreign=tuple(entry for entry in GERMAN_WORDS if entry[0] in (WordKind.WEEKDAY, WordKind.MONTH, WordKind.DAYWORD)),
    ordinary=words(
        """
        form forms lat pr launch sundae moth moths mouth text nest latest light right might fight match
        marsh mourning warning weekly least lost list past fist fast noun soon moon secondly mooring
        fright frigid tenth sixty then than our ours even ear earn art lock hall fall fort ass able son
        sons men man tent teen tend
        """
    ),
    moves=words(
        """
        avoid decline put cancel move push pull reschedule postpone delay shift swap skip drop change rebook
        rearrange block keep clear hold reserve confirm check book free attend cover host prep extend
        unblock fill miss call_off put_off take_off block_off
        """
    ),
    deliveries=words(
        """
        send deliver finish submit file pay complete reply answer fix hand write review do get provide share
        upload post return update publish ship sign prepare draft email mail give bring make build report
        respond present merge test check clean order buy book call collect create decide deploy design
        document edit implement print read record release renew repair replace resolve set solve sort
        approve close confirm done have need needs finalize finalise clarify translate transfer tell inform
        invoice submitted ready due
        """
    ),
    events=words(
        """
        meeting standup review retro demo sprint launch kickoff offsite hands planning session workshop call
        sync deadline release milestone cutoff ceremony party game match show class lecture exam conference
        summit eve term phase day iteration rehearsal visit briefing hearing closing shift
        """
    ),
    continues=words(
        """
        to about with for and so from via regarding the a an my our your his her their if as when while
        because since but then or without in on at cc fyi until unless before after per using through that
        which who even plus i we it this these those also where whether re into onto is are was will can not
        only just
        """
    ),
)
