/*---
title: { nl: Bevorderingen naar schaal 9 en hoger met dubbele culturele achtergrond, en: Promotions into scale 9 and up with a dual cultural background }
question:
  nl: Groeit talent met een dubbele culturele achtergrond door naar hogere schalen?
  en: Does talent with a dual cultural background move up into higher scales?
description:
  nl: Aandeel met een dubbele culturele achtergrond onder de medewerkers die naar schaal 9 of hoger worden bevorderd.
  en: Share with a dual cultural background among staff promoted into scale 9 or up.
why:
  nl: Instroom alleen verandert de leiding niet. Het programma wil dat divers talent ook doorstroomt.
  en: Intake alone does not change who leads. The programme wants diverse talent to be promoted too.
caveats:
  nl: De achtergrond is alleen bekend van wie de vrijwillige vraag beantwoordde. Wie al in schaal 9 of hoger zat en verder stijgt, telt mee.
  en: Background is known only of those who answered the voluntary question. Those who were in scale 9 or up and rise further count too.
sentence:
  nl: "{period} had {value} van de medewerkers die naar schaal 9 of hoger gingen een dubbele culturele achtergrond ({numerator} van {denominator})."
  en: "{period}, {value} of the staff promoted into scale 9 or up had a dual cultural background ({numerator} of {denominator})."
focus: composition
owner: Informatiemanager HRM
source: [DH-2016 project 13, DH-2015 §3.3]
kind: share
polarity: up
numerator: { nl: bevorderingen naar schaal 9 of hoger van iemand met een dubbele culturele achtergrond, en: promotions into scale 9 or up of someone with a dual cultural background }
denominator: { nl: bevorderingen naar schaal 9 of hoger van wie de achtergrond bekend is, en: promotions into scale 9 or up of those whose background is known }
excluded: { nl: niet bekend of niet opgegeven, en: not known or not stated }
breakdowns:
  - name: scale_band
    title: { nl: Schaal, en: Scale }
    values:
      s09-11: { nl: schaal 9-11, en: scale 9-11 }
      s12-18: { nl: schaal 12 en hoger, en: scale 12 and up }
version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }
reviewed: 2026-11-24
---*/
select
  unit_id,
  date as month,
  sum(count) filter (background = 'dual') as numerator,
  sum(count) filter (background in ('dual', 'single')) as denominator,
  sum(count) filter (coalesce(background, 'unknown') = 'unknown') as unknown,
  case when scale_to <= 11 then 's09-11' else 's12-18' end as scale_band,
  coalesce(bool_or(list_contains(withheld, 'count')), false) as withheld
from movements
where kind = 'promotion' and scale_to >= 9
group by unit_id, date, scale_band
