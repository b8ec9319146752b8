"""German: nothing but words, and the facts that "halb fünf" is half past four and "3.4." the 3rd of April."""

from bot.domain.reading.kinds import WordKind
from bot.domain.reading.language import Entry, Language, words
from bot.domain.reading.lexicon import PARTS, entries
from bot.domain.reading.zones import PLACES_AND_ZONES

WEEKDAYS = "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
ONES = "ein zwei drei vier fünf sechs sieben acht neun".split()
TENS = {20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig"}
ORDINALS = (
    "erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt sechzehnt "
    "siebzehnt achtzehnt neunzehnt zwanzigst"
).split()
DAYPARTS = "früh=morning morgen=morning vormittag=morning mittag=lunch nachmittag=afternoon abend=evening nacht=night"
#: "Einundzwanzig", "zweiter", "einunddreißigste", "Freitagabend": what German writes as one word.
COMPOUNDS: tuple[Entry, ...] = (
    *((WordKind.CARD, ten + n, f"{one}und{word}") for ten, word in TENS.items() for n, one in enumerate(ONES, 1)),
    *(
        (WordKind.ORD, n, ", ".join(f"{stem}{end}" for end in ("e", "en", "er", "es")))
        for n, stem in enumerate(ORDINALS, 1)
    ),
    *(
        (WordKind.ORD, ten + n, ", ".join(f"{one}und{TENS[ten]}st{end}" for end in ("e", "en", "er")))
        for ten in (20, 30)
        for n, one in enumerate(ONES, 1)
    ),
    *(
        (WordKind.DAYPART, (weekday, PARTS[part]), f"{day}{name}, {day}{name}s")
        for weekday, day in enumerate(WEEKDAYS)
        for name, part in (pair.split("=") for pair in DAYPARTS.split())
    ),
)
#: Format: see lexicon.py.
WORDS = entries("""
CARD 0+1: null, eins, zwei, drei, vier, fünf, sechs, sieben, acht, neun, zehn, elf, zwölf, dreizehn, vierzehn,
    fünfzehn, sechzehn, siebzehn, achtzehn, neunzehn, zwanzig
CARD 30+10: dreißig, vierzig, fünfzig, sechzig
CARD 90: neunzig
ORD 30: dreißigste, dreißigsten
HUNDRED: hundert
A: ein, eine, einem, einen, einer, eines
HALF 0.5: halb, halbe, halben, halbes, halber
FRACTION 1.5: anderthalb, eineinhalb
FRACTION 2.5: zweieinhalb
FRACTION 3.5: dreieinhalb
QUARTERHOUR 15: viertel
COUPLE 2: paar
DAYWORD -2: vorgestern
DAYWORD -1: gestern
DAYWORD 0: heute
DAYWORD 1: morgen
DAYWORD 2: übermorgen
DAYWORD 3: überübermorgen
WEEKDAY 0+1: montag|mo, dienstag|di, mittwoch|mi, donnerstag|do, freitag|fr, samstag|sonnabend|sa, sonntag|so
WEEKDAYS 0+1: montags, dienstags, mittwochs, donnerstags, freitags, samstags, sonntags
MONTH 1+1: januar|jänner|jan, februar|feber|feb, märz|maerz|mrz, april|apr, mai, juni|jun, juli|jul, august|aug,
    september|sept|sep, oktober|okt, november|nov, dezember|dez
HOLIDAY 1/1: neujahr, neujahrstag
HOLIDAY 1/6: dreikönigstag, heilige drei könige
HOLIDAY easter-46: aschermittwoch
HOLIDAY easter-3: gründonnerstag
HOLIDAY easter-2: karfreitag
HOLIDAY easter-1: karsamstag
HOLIDAY easter+0: ostern, ostersonntag
HOLIDAY easter+1: ostermontag
HOLIDAY 5/1: tag der arbeit
HOLIDAY easter+39: himmelfahrt, christi himmelfahrt
HOLIDAY easter+49: pfingsten, pfingstsonntag
HOLIDAY easter+50: pfingstmontag
HOLIDAY easter+60: fronleichnam
HOLIDAY 10/3: tag der deutschen einheit
HOLIDAY 10/31: reformationstag
HOLIDAY 11/1: allerheiligen
HOLIDAY 12/6: nikolaus, nikolaustag
HOLIDAY 12/24: heiligabend, heilig abend
HOLIDAY 12/25: weihnachten
HOLIDAY 12/31: silvester
UNIT second: sekunde, sek
UNIT minute: minute, min
UNIT hour: stunde, std, h
UNIT day: tag, tages, t
UNIT workday: werktag, arbeitstag
UNIT week: woche
UNIT weekend: wochenende
UNIT month: monat, monats
UNIT quarter: quartal, quartals
UNIT year: jahr, jahres
UNITS second: sekunden
UNITS minute: minuten
UNITS hour: stunden
UNITS day: tage, tagen
UNITS workday: werktage, werktagen, arbeitstage, arbeitstagen
UNITS week: wochen
UNITS month: monate, monaten
UNITS quarter: quartale, quartalen
UNITS year: jahre, jahren
REL 0: diese, diesen, dieser, diesem, dieses
REL 1: nächste, nächsten, nächster, nächstem, nächstes, naechste, naechsten, folgende, folgenden
REL 2: übernächste, übernächsten, übernächster, übernächstem, übernächstes
COMING: kommende, kommenden, kommender, kommendem, kommendes
LAST: letzte, letzten, letzter, letztem, letztes, vergangene, vergangenen
END: ende
MID: mitte
START: anfang, beginn
EOX month: monatsende
EOX quarter: quartalsende
EOX year: jahresende
QTR: q
WEEKNO: kw, kalenderwoche
OCLOCK: uhr
H: h
NOON: mittag, mittags
MIDNIGHT: mitternacht
PART morning: morgen, morgens, vormittag, vormittags, früh
PART lunch: mittagspause
PART afternoon: nachmittag, nachmittags
PART evening: abend, abends
PART night: nacht, nachts
PART closing: feierabend, dienstschluss, geschäftsschluss, büroschluss
PART opening: gleich früh, arbeitsbeginn
PAST: nach
TO: bis
TEE: t
TIME: zeit, uhrzeit, ortszeit, zeitzone
THE: der, die, das, den, dem, des
OF: von, vom
AND: und
OR: oder
BETWEEN: zwischen
IN: in, im
WITHIN: innerhalb, innerhalb von, binnen
ON: am, an, zum, zu
AT: um
OVER: während, über
UNTIL: bis, bis zum, bis zu, bis um
BY: bis spätestens, spätestens bis, spätestens, fällig, fällig am, fällig bis, frist :,
    deadline :
BEFORE: vor
AFTER: nach
FROM: ab
LATER: später
PREAGO: vor
NOW: jetzt, sofort
APPROX: gegen, etwa, ungefähr, circa, ca, rund
SOMETIME: irgendwann
AGREED: spätestens, pünktlich, genau, noch, schon
EVERY: jeden, jede, jedes
EARLIEST: frühestens, nicht vor, nicht früher als, beginnend, erst
BAR: nicht, außer, ausser, statt, anstatt, anstelle von, falls nicht, wenn nicht, sondern, lieber als
""")
GERMAN = Language(
    code="de",
    entries=(*WORDS, *COMPOUNDS, *PLACES_AND_ZONES),
    half_before=True,
    dotted_ordinals=True,
    day_first=True,
    verb_last=True,
    leads=("ich verspreche", "ich werde", "ich will", "ich muss", "wir werden", "verspreche", "versprochen"),
    lead_joins=("dass ich", "dir", "zu"),
    recipient_words=("an", "für", "hallo", "hi", "hey"),
    joins=("und", "&", "+", "&amp;"),
    courtesies=words("bitte danke vielen dank ok okay"),
    holders=words("auf für von vom seit über wegen mit der die das den dem des ein eine einen mein meine unser unsere"),
    resumes=words("an über mit für und damit der die das den dem ein eine einen mein meine unser unsere"),
    moves=words(
        """
        verschieb verschiebe verschieben verleg verlege verlegen halte halten pausiere pausieren sperre sperren
        reserviere reservieren warte warten bleib bleibe verlängere verlängern einfrieren friere stoppe stoppen lass
        """
    ),
    denials=frozenset({"nicht", "nie"}),
    reminds=frozenset({"vergessen", "verpassen"}),
    changes=words("senke senken erhöhe erhöhen reduziere reduzieren kürze kürzen"),
    recurring=words("täglich wöchentlich monatlich jährlich stündlich"),
    plans=words("plane planen besprechen vorbereiten budgetieren schätzen prüfen"),
    continues=words(
        """
        fertig bereit offen ab an auf aus ein vor zu hin zurück weg durch los mit sein haben über für und
        aber oder damit weil wenn ob per via in im zur zum bei nach von der die das den dem eine einen
        mein meine unser unsere dein deine euer eure ihr ihre es sie er wir ich alle
        """
    ),
    ordinary=words(
        """
        tage tagen woche stunde mich mir dir dich doch dort sonst schon dienst
        """
    ),
    doubtful=words("so do mi di sa mo fr mai morgen früh mittag"),
)
