"""Names of regions in English and German, where the `holidays` library has them in the country's own language alone.

Neither that library nor Babel has them. The countries are those with the most readers of these names.
"""

from collections.abc import Mapping

#: By country: the library's code of a region, and its other names.
OTHER_NAMES: Mapping[str, Mapping[str, str]] = {
    "DE": {
        "BY": "Bavaria",
        "HE": "Hesse",
        "MV": "Mecklenburg-Western Pomerania, Mecklenburg, Meck-Pomm",
        "NI": "Lower Saxony",
        "NW": "North Rhine-Westphalia, NRW",
        "RP": "Rhineland-Palatinate, Palatinate, Pfalz",
        "SN": "Saxony",
        "ST": "Saxony-Anhalt",
        "TH": "Thuringia",
    },
    "AT": {
        "2": "Carinthia",
        "3": "Lower Austria",
        "4": "Upper Austria",
        "6": "Styria",
        "7": "Tyrol, North Tyrol",
        "9": "Vienna",
    },
    "CH": {
        "BL": "Basel-Country, Basel-Land",
        "BS": "Basel, Basel-City",
        "GE": "Geneva, Genf",
        "GR": "Grisons",
        "JU": "Canton of Jura",
        "LU": "Lucerne",
        "NE": "Neuenburg",
        "SG": "St. Gallen, Saint Gall",
        "TI": "Tessin",
        "VD": "Waadt",
    },
    "ES": {
        "AN": "Andalusia, Andalusien",
        "AR": "Aragon, Aragonien",
        "AS": "Asturien",
        "CB": "Kantabrien",
        "CL": "Castile and Leon, Kastilien und León",
        "CM": "Castile-La Mancha, Castilla La Mancha, Kastilien-La Mancha",
        "CN": "Canary Islands, Canaries, Kanarische Inseln, Kanaren",
        "CT": "Catalonia, Katalonien",
        "GA": "Galicien",
        "IB": "Balearic Islands, Balearics, Balearen, Mallorca, Majorca",
        "NC": "Navarre",
        "PV": "Basque Country, Euskadi, Baskenland",
        "VC": "Valencia, Valencian Community",
    },
    "IT": {
        "BZ": "South Tyrol, Südtirol, Bozen, Alto Adige",
        "FI": "Florence, Florenz",
        "GE": "Genoa, Genua",
        "MI": "Milan, Mailand",
        "MN": "Mantua",
        "NA": "Naples, Neapel",
        "PD": "Padua",
        "RM": "Rome, Rom",
        "SR": "Syracuse",
        "TN": "Trent, Trient, Trentino",
        "TO": "Turin",
        "VE": "Venice, Venedig",
    },
    "FR": {
        "6AE": "Alsace-Moselle, Elsass",
        "973": "French Guiana",
        "NC": "New Caledonia",
        "PF": "French Polynesia",
    },
    "PT": {"11": "Lisbon, Lissabon", "13": "Oporto", "20": "Azores, Açores, Azoren", "30": "Madeira"},
    "PL": {
        "02": "Lower Silesia, Niederschlesien",
        "04": "Kuyavia-Pomerania",
        "06": "Lublin",
        "08": "Lubusz",
        "10": "Lodz",
        "12": "Lesser Poland, Kleinpolen",
        "14": "Masovia, Mazovia, Masowien",
        "16": "Opole",
        "18": "Subcarpathia",
        "22": "Pomerania, Pommern",
        "24": "Silesia, Schlesien",
        "26": "Holy Cross",
        "28": "Warmia-Masuria",
        "30": "Greater Poland, Großpolen",
        "32": "West Pomerania",
    },
    "FI": {"01": "Aland, Aland Islands", "10": "Lapland", "18": "Helsinki"},
    "MY": {"04": "Malacca", "07": "Penang", "14": "Kuala Lumpur", "15": "Labuan", "16": "Putrajaya"},
    "CL": {"RM": "Santiago"},
    "NO": {"50": "Trondelag"},
}


def other_names(country: str) -> Mapping[str, str]:
    """Return a country's regions: the code by each other name.

    >>> other_names("CH")["Geneva"], other_names("US")
    ('GE', {})
    """
    return {name: code for code, names in OTHER_NAMES.get(country, {}).items() for name in names.split(", ")}
