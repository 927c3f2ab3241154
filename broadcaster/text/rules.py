"""The order of all rules: what stands earlier is asked first, and the first rule that accepts answers."""

from broadcaster.text.calendar import dates, loose_dates, times
from broadcaster.text.codes import documents, identifiers, phones, vehicle_plates, web_addresses
from broadcaster.text.page.cursor import ReadingRule, RuleIndex
from broadcaster.text.quantities import amounts, coordinates, fractions, roman
from broadcaster.text.signs import dashes, marks, slashes

RuleGroup = tuple[ReadingRule, ...]

COORDINATES: RuleGroup = (
    coordinates.DEGREES_AND_MINUTES,
    coordinates.BARE_DEGREES,
    coordinates.DECIMAL_DEGREES,
)
PAPERS_AND_PLATES: RuleGroup = (
    identifiers.DOSSIER,
    vehicle_plates.VEHICLE_PLATE,
    documents.DOCUMENT_NUMBER,
)
NO_DATES: RuleGroup = (fractions.SCORE_OF_PAIR, fractions.WEEKDAYS_IN_A_ROW, fractions.PLACE_WITH_PART)
"""What would else be taken for a date."""
FULL_DATES: RuleGroup = (dates.FULL_DATE, dates.YEAR_FIRST_DATE, dates.SHORT_YEAR_DATE)
TELEPHONES_AND_ACCOUNTS: RuleGroup = (
    phones.ACCOUNT,
    phones.PHONE,
    phones.SPREAD_PHONE,
    phones.SERVICE_NUMBER,
    phones.EMERGENCY_NUMBER,
    phones.SHORT_NUMBER,
    phones.PHONE_WITHOUT_AREA,
    phones.GROUPED_CODE,
    phones.LONG_NUMBER,
)
TIMES: RuleGroup = (times.LAPSE, times.SPRINT, times.HOUR_AND_MINUTE, times.CLOCK_TIME, times.HOUR)
SHORT_DATES: RuleGroup = (
    dates.MONTHS_COUNTED,
    dates.LISTED_DAYS,
    dates.DAYS_IN_A_ROW,
    dates.DAYS_OF_A_MONTH,
    dates.DAY_AND_MONTH,
    dates.MONTH_AND_YEAR,
    loose_dates.LOOSE_DAY_AND_MONTH,
)
TWO_NUMBERS: RuleGroup = (
    fractions.NUMBER_OVER_NUMBER,
    fractions.RATIO,
    fractions.SCORE,
    fractions.FIGURES_IN_A_ROW,
)
AMOUNTS: RuleGroup = (
    amounts.FEVER,
    amounts.POWER_OF_TEN,
    amounts.SECTION_NUMBER,
    amounts.LISTED_NUMBERS,
    amounts.QUANTITY,
)
ROADS_AND_SHORT_DAYS: RuleGroup = (
    identifiers.STANDARD,
    identifiers.BOOKED_NUMBER,
    identifiers.ROAD,
    identifiers.KILOMETRE_MARK,
    identifiers.SHORT_MONTH_AND_YEAR,
    identifiers.SHORT_MONTHS,
    identifiers.SHORT_LATE_MONTH,
    identifiers.SHORT_WEEKDAY,
)
ROMAN_NUMERALS: RuleGroup = (
    roman.FLOOD_LEVEL,
    roman.ROMAN_LABEL,
    roman.QUARTER,
    roman.QUARTER_AGAIN,
    roman.ROMAN_NUMERAL,
)
PUNCTUATION: RuleGroup = (
    documents.BLANK_NUMBER,
    marks.PROPORTION_NAME,
    marks.AGE_LIMIT,
    marks.ARROW,
    marks.TELEPHONE_KEYS,
    marks.SMILEY,
    marks.HASHTAG,
    marks.LINE_END,
    marks.SENTENCE_END,
    marks.RESULT_OF_TEST,
    marks.BRACKET_LABEL,
    marks.CURRENCY,
    marks.COMPARISON,
    marks.PLUS,
    marks.TIMES_SIGN,
)

FIGURE_RULES = RuleIndex(
    (
        marks.LIST_LABEL,
        web_addresses.ADDRESS,
        times.AROUND_THE_CLOCK,
        *COORDINATES,
        *PAPERS_AND_PLATES,
        *NO_DATES,
        *FULL_DATES,
        *TELEPHONES_AND_ACCOUNTS,
        *TIMES,
        fractions.SCHOOL_YEAR,
        *SHORT_DATES,
        *TWO_NUMBERS,
        *AMOUNTS,
    )
)
"""What begins with a figure."""
LETTER_RULES = RuleIndex((web_addresses.ADDRESS, *ROADS_AND_SHORT_DAYS, *ROMAN_NUMERALS, marks.LIST_LABEL))
"""What begins with a letter and is more than a word; asked before acronyms and units."""
CODE_RULES = RuleIndex(
    (
        identifiers.PETROL_BLEND,
        identifiers.FORMULA,
        identifiers.SERIES_NUMBER,
        identifiers.NAME_WITH_NUMBER,
        identifiers.LETTERS_AND_FIGURES,
    )
)
"""Letters and figures in one; asked after acronyms and units."""
SIGN_RULES: dict[str, RuleIndex] = {
    "-": RuleIndex((marks.ARROW, dashes.DASH)),
    "~": RuleIndex((dashes.TILDE,)),
    "/": RuleIndex((documents.BLANK_NUMBER, slashes.SLASH)),
    "(": RuleIndex((phones.PHONE, *PUNCTUATION)),
    "+": RuleIndex((phones.PHONE, *PUNCTUATION)),
}
"""What begins with one of these signs."""
OTHER_SIGN_RULES = RuleIndex(PUNCTUATION)
"""What begins with any other sign."""
