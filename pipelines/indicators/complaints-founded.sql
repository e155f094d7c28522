/*---
title: { nl: Gegronde klachten, en: Founded complaints }
question:
  nl: Welk deel van de beoordeelde klachten is gegrond?
  en: What part of the complaints judged was founded?
description:
  nl: Aandeel gegronde en deels gegronde klachten in de klachten waarover een oordeel is gegeven, naar de dag van ontvangst.
  en: Share of founded and partly founded complaints in those that were judged, by the day of receipt.
why:
  nl: Of een klacht gegrond is, zegt iets over het optreden en over de behandeling van klachten. Dat geen klacht gegrond is, bewijst niet dat er niets was.
  en: Whether a complaint is founded tells something of conduct and of how complaints are handled. That none is founded is no proof that there was nothing.
caveats:
  nl: Bemiddelde, ingetrokken en lopende klachten en klachten zonder oordeel tellen niet mee. Recente cijfers veranderen nog als lopende klachten worden afgedaan.
  en: Settled, withdrawn and pending complaints and those without a judgement do not count. Recent figures still change as pending complaints are closed.
sentence:
  nl: "{period} was {value} van de beoordeelde klachten gegrond of deels gegrond ({numerator} van {denominator})."
  en: "{period}, {value} of the complaints judged were founded or partly founded ({numerator} of {denominator})."
focus: connection
owner: Klachtencoördinator
source: [DH-2015 §3.3, KVV]
kind: share
polarity: neutral
polarity_note:
  nl: Een hoger of lager aandeel is niet vanzelf beter.
  en: A higher or lower share is not better in itself.
numerator: { nl: gegronde en deels gegronde klachten, en: founded and partly founded complaints }
denominator: { nl: "klachten met het oordeel gegrond, deels gegrond of ongegrond", en: "complaints judged founded, partly founded or unfounded" }
excluded: { nl: "bemiddeld, ingetrokken, niet in behandeling genomen, geen oordeel, nog in behandeling", en: "settled, withdrawn, not taken up, no judgement, pending" }
breakdowns:
  - name: aspect
    title: { nl: Aspect, en: Aspect }
    values:
      treatment: { nl: bejegening, en: treatment }
      discrimination: { nl: discriminatie, en: discrimination }
      profiling: { nl: etnisch profileren, en: ethnic profiling }
      force: { nl: geweld, en: force }
      attitude: { nl: houding en gedrag, en: attitude and conduct }
      service: { nl: dienstverlening, en: service }
      other: { nl: overig, en: other }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  received_on as month,
  sum(count) filter (outcome in ('founded', 'partly_founded')) as numerator,
  sum(count) as denominator,
  aspects as aspect
from complaints
where outcome in ('founded', 'partly_founded', 'unfounded')
group by unit_id, received_on, aspects
