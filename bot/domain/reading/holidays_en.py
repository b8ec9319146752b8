"""Days that English knows by name, and when they are (how to read it: holidays.py)."""

from bot.domain.reading.lexicon import entries

HOLIDAYS = entries("""
HOLIDAY 1/1: new year's day, new year, new year's
HOLIDAY 12/31: new year's eve, nye
HOLIDAY 1/6: epiphany
HOLIDAY 1/3mon: martin luther king day, martin luther king jr. day, martin luther king's day, mlk day, mlk
HOLIDAY 2/2: groundhog day, groundhogs day
HOLIDAY 2/14: valentine's day, valentine day, valentine's
HOLIDAY 2/3mon: president's day, washington's birthday
HOLIDAY 3/8: international women's day, women's day
HOLIDAY 3/14: pi day
HOLIDAY 3/17: st patrick's day, saint patrick's day, st paddy's day
HOLIDAY 4/1: april fool's day, april fool's, all fools day
HOLIDAY 4/22: earth day
HOLIDAY easter-47: shrove tuesday, mardi gras, fat tuesday, pancake day
HOLIDAY easter-46: ash wednesday
HOLIDAY easter-7: palm sunday
HOLIDAY easter-3: maundy thursday, holy thursday
HOLIDAY easter-2: good friday
HOLIDAY easter-1: holy saturday
HOLIDAY easter+0: easter, easter sunday, easter day
HOLIDAY easter+1: easter monday
HOLIDAY easter+39: ascension day, ascension
HOLIDAY easter+49: pentecost, whit sunday, whitsunday
HOLIDAY easter+50: whit monday, pentecost monday
HOLIDAY easter+60: corpus christi
HOLIDAY 5/1: may day, international workers day
HOLIDAY 5/5: cinco de mayo
HOLIDAY 5/2sun: mother's day
HOLIDAY 5/-1mon: memorial day
HOLIDAY 6/19: juneteenth
HOLIDAY 6/3sun: father's day
HOLIDAY 7/4: independence day
HOLIDAY 7/14: bastille day
HOLIDAY 9/1mon: labor day, labour day
HOLIDAY 10/2mon: columbus day, indigenous people's day
HOLIDAY 10/31: hallowe'en, halloween day, all hallows eve
HOLIDAY 11/1: all saints' day
HOLIDAY 11/2: all souls' day
HOLIDAY 11/5: guy fawkes night, guy fawkes day, bonfire night
HOLIDAY 11/11: veteran's day, armistice day, remembrance day
HOLIDAY 11/4thu: thanksgiving, thanksgiving day, turkey day
HOLIDAY 11/4thu+1: black friday
HOLIDAY 11/4thu+4: cyber monday
HOLIDAY 12/6: st nicholas day
HOLIDAY 12/24: christmas eve, xmas eve
HOLIDAY 12/25: christmas, xmas, x mas, christmas day, xmas day
HOLIDAY 12/26: boxing day, st stephen's day
HOLIDAY 1/25: burns night
HOLIDAY 1/26: australia day
HOLIDAY 2/6: waitangi day
HOLIDAY 3/1: st david's day, saint david's day
HOLIDAY 4/23: st george's day, saint george's day
HOLIDAY 4/25: anzac day
HOLIDAY 5/4: star wars day
HOLIDAY 6/14: flag day
HOLIDAY 7/1: canada day
HOLIDAY 9/11: patriot day
HOLIDAY 9/17: constitution day
HOLIDAY 10/16: boss's day, boss day, bosses' day
HOLIDAY 11/11: singles' day
HOLIDAY 11/30: st andrew's day, saint andrew's day
HOLIDAY 12/26: kwanzaa
HOLIDAY easter+56: trinity sunday
HOLIDAY 4/-1fri: arbor day
HOLIDAY 5/1mon: early may bank holiday, may bank holiday
HOLIDAY 5/-1mon: spring bank holiday
HOLIDAY 8/-1mon: summer bank holiday, august bank holiday
HOLIDAY 7/4sun: parent's day
HOLIDAY 9/1mon+6: grandparent's day
HOLIDAY 11/1mon+1: election day
HOLIDAY 11/4thu+2: small business saturday
HOLIDAY 11/4thu+5: giving tuesday
""")
