"""German: nothing but words, and the facts that "halb fünf" is half past four and "3.4." the 3rd of April."""

from bot.domain.reading.kinds import Kind, Unit
from bot.domain.reading.language import Entry, Language
from bot.domain.reading.meaning import AFTERNOON, CLOSING, EVENING, LUNCH, MORNING, NIGHT, OPENING
from bot.domain.reading.zones import CITY_ENTRIES, ZONE_ENTRIES

WEEKDAYS = "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
UNITS = "null ein zwei drei vier fünf sechs sieben acht neun".split()
ORDINALS = (
    "erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt"
    " sechzehnt siebzehnt "
    "achtzehnt neunzehnt zwanzigst"
).split()
NUMBERS: tuple[Entry, ...] = (
    *(
        (Kind.CARD, value, word)
        for value, word in enumerate(
            "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
            "sechzehn siebzehn "
            "achtzehn neunzehn".split()
        )
    ),
    *(
        (Kind.CARD, ten + value, f"{word}und{name}")
        for ten, name in ((20, "zwanzig"), (30, "dreißig"), (40, "vierzig"), (50, "fünfzig"))
        for value, word in enumerate(UNITS)
        if value
    ),
    *((Kind.CARD, value, name) for value, name in ((20, "zwanzig"), (30, "dreißig"), (40, "vierzig"), (50, "fünfzig"))),
    (Kind.CARD, 60, "sechzig"),
    (Kind.CARD, 90, "neunzig"),
    *(
        (Kind.ORD, value, ", ".join(f"{stem}{ending}" for ending in ("e", "en", "er", "es")))
        for value, stem in enumerate(ORDINALS, start=1)
    ),
    *(
        (Kind.ORD, ten + value, ", ".join(f"{word}und{name}st{ending}" for ending in ("e", "en", "er")))
        for ten, name in ((20, "zwanzig"), (30, "dreißig"))
        for value, word in enumerate(UNITS)
        if value
    ),
    (Kind.ORD, 30, "dreißigste, dreißigsten"),
    (Kind.HUNDRED, None, "hundert"),
    (Kind.A, None, "ein, eine, einem, einen, einer, eines"),
    (Kind.HALF, 0.5, "halb, halbe, halben, halbes, halber"),
    (Kind.FRACTION, 1.5, "anderthalb, eineinhalb"),
    (Kind.FRACTION, 2.5, "zweieinhalb"),
    (Kind.FRACTION, 3.5, "dreieinhalb"),
    (Kind.QUARTERHOUR, 15, "viertel"),
    (Kind.COUPLE, 2, "paar"),
)
DAYS: tuple[Entry, ...] = (
    (Kind.DAYWORD, -2, "vorgestern"),
    (Kind.DAYWORD, -1, "gestern"),
    (Kind.DAYWORD, 0, "heute"),
    (Kind.DAYWORD, 1, "morgen"),
    (Kind.DAYWORD, 2, "übermorgen"),
    (Kind.DAYWORD, 3, "überübermorgen"),
    *(
        (Kind.WEEKDAY, value, words)
        for value, words in enumerate(
            (
                "montag, mo",
                "dienstag, di",
                "mittwoch, mi",
                "donnerstag, do",
                "freitag, fr",
                "samstag, sonnabend, sa",
                "sonntag, so",
            )
        )
    ),
    *((Kind.WEEKDAYS, value, f"{day}s") for value, day in enumerate(WEEKDAYS)),
    (Kind.MONTH, 1, "januar, jänner, jan"),
    (Kind.MONTH, 2, "februar, feber, feb"),
    (Kind.MONTH, 3, "märz, maerz, mrz"),
    (Kind.MONTH, 4, "april, apr"),
    (Kind.MONTH, 5, "mai"),
    (Kind.MONTH, 6, "juni, jun"),
    (Kind.MONTH, 7, "juli, jul"),
    (Kind.MONTH, 8, "august, aug"),
    (Kind.MONTH, 9, "september, sept, sep"),
    (Kind.MONTH, 10, "oktober, okt"),
    (Kind.MONTH, 11, "november, nov"),
    (Kind.MONTH, 12, "dezember, dez"),
)
HOLIDAYS: tuple[Entry, ...] = (
    (Kind.HOLIDAY, "new year", "neujahr, neujahrstag"),
    (Kind.HOLIDAY, "epiphany", "dreikönigstag, heilige drei könige"),
    (Kind.HOLIDAY, "ash wednesday", "aschermittwoch"),
    (Kind.HOLIDAY, "maundy thursday", "gründonnerstag"),
    (Kind.HOLIDAY, "good friday", "karfreitag"),
    (Kind.HOLIDAY, "holy saturday", "karsamstag"),
    (Kind.HOLIDAY, "easter", "ostern, ostersonntag"),
    (Kind.HOLIDAY, "easter monday", "ostermontag"),
    (Kind.HOLIDAY, "labour day may", "tag der arbeit"),
    (Kind.HOLIDAY, "ascension", "himmelfahrt, christi himmelfahrt"),
    (Kind.HOLIDAY, "pentecost", "pfingsten, pfingstsonntag"),
    (Kind.HOLIDAY, "whit monday", "pfingstmontag"),
    (Kind.HOLIDAY, "corpus christi", "fronleichnam"),
    (Kind.HOLIDAY, "german unity", "tag der deutschen einheit"),
    (Kind.HOLIDAY, "reformation", "reformationstag"),
    (Kind.HOLIDAY, "all saints", "allerheiligen"),
    (Kind.HOLIDAY, "st nicholas", "nikolaus, nikolaustag"),
    (Kind.HOLIDAY, "christmas eve", "heiligabend, heilig abend"),
    (Kind.HOLIDAY, "christmas", "weihnachten"),
    (Kind.HOLIDAY, "new year eve", "silvester"),
)
MEASURES: tuple[Entry, ...] = (
    (Kind.UNIT, Unit.SECOND, "sekunde, sek"),
    (Kind.UNIT, Unit.MINUTE, "minute, min"),
    (Kind.UNIT, Unit.HOUR, "stunde, std, h"),
    (Kind.UNIT, Unit.DAY, "tag, tages, t"),
    (Kind.UNIT, Unit.WORKDAY, "werktag, arbeitstag"),
    (Kind.UNIT, Unit.WEEK, "woche"),
    (Kind.UNIT, Unit.WEEKEND, "wochenende"),
    (Kind.UNIT, Unit.MONTH, "monat, monats"),
    (Kind.UNIT, Unit.QUARTER, "quartal, quartals"),
    (Kind.UNIT, Unit.YEAR, "jahr, jahres"),
    (Kind.UNITS, Unit.SECOND, "sekunden"),
    (Kind.UNITS, Unit.MINUTE, "minuten"),
    (Kind.UNITS, Unit.HOUR, "stunden"),
    (Kind.UNITS, Unit.DAY, "tage, tagen"),
    (Kind.UNITS, Unit.WORKDAY, "werktage, werktagen, arbeitstage, arbeitstagen"),
    (Kind.UNITS, Unit.WEEK, "wochen"),
    (Kind.UNITS, Unit.MONTH, "monate, monaten"),
    (Kind.UNITS, Unit.QUARTER, "quartale, quartalen"),
    (Kind.UNITS, Unit.YEAR, "jahre, jahren"),
    (Kind.REL, 0, "diese, diesen, dieser, diesem, dieses"),
    (Kind.REL, 1, "nächste, nächsten, nächster, nächstem, nächstes, naechste, naechsten, folgende, folgenden"),
    (Kind.REL, 2, "übernächste, übernächsten, übernächster, übernächstem, übernächstes"),
    (Kind.COMING, None, "kommende, kommenden, kommender, kommendem, kommendes"),
    (Kind.LAST, None, "letzte, letzten, letzter, letztem, letztes, vergangene, vergangenen"),
    (Kind.END, None, "ende"),
    (Kind.MID, None, "mitte"),
    (Kind.START, None, "anfang, beginn"),
    (Kind.EOX, Unit.MONTH, "monatsende"),
    (Kind.EOX, Unit.QUARTER, "quartalsende"),
    (Kind.EOX, Unit.YEAR, "jahresende"),
    (Kind.QTR, None, "q"),
    (Kind.WEEKNO, None, "kw, kalenderwoche"),
)
CLOCKS: tuple[Entry, ...] = (
    (Kind.OCLOCK, None, "uhr"),
    (Kind.H, None, "h"),
    (Kind.NOON, None, "mittag, mittags"),
    (Kind.MIDNIGHT, None, "mitternacht"),
    (Kind.PART, MORNING, "morgen, morgens, vormittag, vormittags, früh"),
    (Kind.PART, LUNCH, "mittagspause"),
    (Kind.PART, AFTERNOON, "nachmittag, nachmittags"),
    (Kind.PART, EVENING, "abend, abends"),
    (Kind.PART, NIGHT, "nacht, nachts"),
    (Kind.PART, CLOSING, "feierabend, dienstschluss, geschäftsschluss, büroschluss"),
    (Kind.PART, OPENING, "gleich früh, arbeitsbeginn"),
    *(
        (Kind.DAYPART, (weekday, part), f"{day}{name}, {day}{name}s")
        for weekday, day in enumerate(WEEKDAYS)
        for name, part in (
            *(("früh", MORNING), ("morgen", MORNING), ("vormittag", MORNING), ("mittag", LUNCH)),
            *(("nachmittag", AFTERNOON), ("abend", EVENING), ("nacht", NIGHT)),
        )
    ),
    (Kind.PAST, None, "nach"),
    (Kind.TO, None, "bis"),
    (Kind.TEE, None, "t"),
)
SMALL_WORDS: tuple[Entry, ...] = (
    (Kind.THE, None, "der, die, das, den, dem, des"),
    (Kind.OF, None, "von, vom"),
    (Kind.AND, None, "und"),
    (Kind.OR, None, "oder"),
    (Kind.BETWEEN, None, "zwischen"),
    (Kind.IN, None, "in, im"),
    (Kind.WITHIN, None, "innerhalb, innerhalb von, binnen"),
    (Kind.ON, None, "am, an, zum, zu"),
    (Kind.AT, None, "um"),
    (Kind.OVER, None, "während, über"),
    (
        Kind.BY,
        None,
        "bis, bis spätestens, spätestens bis, spätestens, bis zum, bis zu, bis um, fällig, fällig am, fällig "
        "bis, frist :, deadline :",
    ),
    (Kind.BEFORE, None, "vor"),
    (Kind.AFTER, None, "nach"),
    (Kind.FROM, None, "ab"),
    (Kind.LATER, None, "später"),
    (Kind.PREAGO, None, "vor"),
    (Kind.NOW, None, "jetzt, sofort"),
    (Kind.APPROX, None, "gegen, etwa, ungefähr, circa, ca, rund"),
    (Kind.SOMETIME, None, "irgendwann"),
    (Kind.AGREED, None, "spätestens, pünktlich, genau"),
    (Kind.EVERY, None, "jeden, jede, jedes"),
)
GERMAN = Language(
    code="de",
    entries=(*NUMBERS, *DAYS, *HOLIDAYS, *MEASURES, *CLOCKS, *SMALL_WORDS, *ZONE_ENTRIES, *CITY_ENTRIES),
    half_before=True,
    dotted_ordinals=True,
    day_first=True,
    leads=("ich verspreche", "ich werde", "ich will", "ich muss", "wir werden", "verspreche", "versprochen"),
    lead_joins=("dass ich", "dir", "zu"),
    recipient_words=("an", "für", "hallo", "hi", "hey"),
    joins=("und", "&", "+", "&amp;"),
    courtesies=frozenset("bitte danke vielen dank ok okay".split()),
    holders=frozenset(
        "für von vom seit über wegen mit der die das den dem des ein eine einen mein meine unser unsere".split()
    ),
    resumes=frozenset("an über mit für und damit der die das den dem ein eine einen mein meine unser unsere".split()),
    denials=frozenset({"nicht", "nie"}),
    changes=frozenset("senke senken erhöhe erhöhen reduziere reduzieren kürze kürzen".split()),
    recurring=frozenset("täglich wöchentlich monatlich jährlich stündlich".split()),
    plans=frozenset("plane planen besprechen vorbereiten budgetieren schätzen prüfen".split()),
    doubtful=frozenset("so do mi di sa mo fr mai morgen früh mittag".split()),
)
