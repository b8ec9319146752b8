"""Offers to record in a channel where Kept listens: sixty sentences that promise, sixty that do not."""

import pytest

from bot.domain.speech import is_worth_offering

PROMISES = """
I'll send the deck by Friday
I will have the slides ready by Thursday noon
I'll review your PR by tomorrow
We'll ship the fix by Wednesday
I'm going to write the summary by Monday
I promise to update the wiki by Friday
Let me draft the answer by tomorrow 10am
will do by Friday
I can send you the numbers by Thursday
I can take the minutes and share them by tomorrow
Sure, I'll fix the login page by Tuesday
OK I'll get the contract signed by Friday 5pm
I'll prepare the demo for the client by Wednesday
We will deliver the first draft by next Monday
I'll have the budget in your inbox by Friday
I'll write to legal by Thursday
Yes, I'll merge it by noon tomorrow
I'll book the room by Wednesday
I'm gonna clean up the board by Friday
I'll put the report into the folder by 4pm tomorrow
I will call the vendor by Thursday and share what they offer
I'll finish the onboarding guide by Friday
I'll translate page 3 by Monday
Let me check the logs by tomorrow morning
I'll send out the invoices by the end of the month
I'll get back to you with an estimate by Friday
I will publish the release notes by Tuesday 14:00
I'll pay the invoice by Wednesday
We'll update the roadmap by next Friday
I can prepare the agenda by tomorrow
I'll set up the test environment by Thursday
I'll record the training by Friday
I'll order the laptops by Monday
I will upload the photos by tomorrow evening
I'll document the API by next Wednesday
I'll answer the customer by 3pm
I'll rerun the benchmark by Friday
I'll add the tests by Thursday
I'll hand in the paperwork by Monday noon
I'll deploy it by tomorrow
Ich schicke dir das Angebot bis Freitag
Ich werde den Bericht bis Donnerstag schreiben
Ich mache das bis morgen
Das erledige ich bis Mittwoch
Ich liefere die Zahlen bis Montag 12 Uhr
Ich bringe den Vertrag bis Freitag mit
Ich prüfe die Rechnung bis morgen
Ich kann die Folien bis Donnerstag fertig machen
Die Mail schicke ich bis heute Abend raus
Ich verspreche, die Doku bis Freitag zu aktualisieren
Ich gebe dir bis Dienstag Feedback
Ich schreibe das Protokoll bis morgen früh
Wir liefern den Prototyp bis Ende der Woche
Ich stelle die Unterlagen bis Montag zusammen
Ich kümmere mich bis Freitag um den Server
Ich reiche die Reisekosten bis Mittwoch ein
Ich sende euch den Link bis 15 Uhr
Wir werden die Liste bis nächsten Freitag prüfen
Ich lade die Dateien bis heute 17 Uhr hoch
Ich bereite die Demo bis Donnerstag vor
""".strip().splitlines()

OTHERS = """
I can't come by Friday, sorry
I cannot do that by Thursday
I'll never get this done by Friday
I won't be able to finish by Friday
I will not send it by Monday
I'll be on vacation until Friday
I'll be out of office until Monday
I'll be back by Wednesday
I'm going to be off on Friday
I can meet on Friday at 3pm?
Can I send it by Friday?
Should I send the deck by Friday?
Shall we ship it by Thursday? I can do it
I'll do it by Friday if you send me the data
If legal agrees I'll sign by Thursday
Unless something breaks, we'll ship by Monday
I'll send it by Friday, provided that finance answers
I might send it by Friday
Maybe I'll get to it by Thursday
I'll probably finish by Friday
Hopefully we'll be there by Friday
Ben said "I'll send it by Friday"
Ben said he will send it by Friday and I will see
He told me: I'll have it by Monday
> I'll send the deck by Friday
She promised: I will pay by Friday
I'll think about it until Friday
I'll see you on Friday
I'll meet you on Thursday at 3pm
I'll join the call on Friday at 10
I'll be in Berlin on Thursday
I'll be in a meeting until 3pm
I'll know more by Friday
I'll need the numbers by Friday
I will miss the meeting on Friday
I'll leave at 5pm on Friday
We'll see by Friday
I'll try to finish by Friday
I'll be late on Friday
I'll be there by 9 on Monday
I can do nothing about it by Friday
When will I get this by Friday?
I doubt I'll finish by Friday
I think I can make it by Friday
I'll take a day off on Friday
I'll work from home on Friday
I'm not going to finish by Friday
Ich kann bis Freitag nicht kommen
Ich werde das bis Freitag nie schaffen
Ich bin bis Montag im Urlaub
Ich werde bis Mittwoch krank sein
Ich schicke es bis Freitag, wenn du mir die Daten gibst
Falls es klappt, mache ich das bis Donnerstag
Vielleicht schicke ich es bis Freitag
Soll ich das bis Freitag schicken?
Kann ich das bis Montag liefern?
Ben sagte, ich werde es bis Freitag bekommen
Ich komme am Freitag um 10
Ich habe bis Freitag keine Zeit
Ich würde das bis Freitag machen
""".strip().splitlines()


def test_there_are_sixty_of_either_kind() -> None:
    assert (len(set(PROMISES)), len(set(OTHERS))) == (60, 60)


@pytest.mark.parametrize("text", PROMISES)
def test_what_promises_is_offered(text: str) -> None:
    assert is_worth_offering(text)


@pytest.mark.parametrize("text", OTHERS)
def test_what_promises_nothing_is_left_alone(text: str) -> None:
    assert not is_worth_offering(text)
