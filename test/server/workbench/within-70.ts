import { standing } from "../../workbench/support.ts";

const header =
  "indicator_id,unit_id,breakdown,breakdown_value,goal,status,from,to,kind,value,tolerance,grain,baseline_from,baseline_to,source,by,proposed_on,decided_on";

/** A target of an indicator, as a file of its own. */
export const targetsOf = (id: string, value: string): string =>
  `${header}\n${id},force,,,streefcijfer,decided,2016-01-01,2017-12-31,at_least,${value},,year,,,AWB 9:11,ours,,2016-01-01\n`;

/** Of three closed complaints two were within 70 days. */
export const examples = `today: 2017-02-01
covers: { from: 2016-01, to: 2016-12 }
feeds:
  complaints: |
    complaint_id  received_on  closed_on   unit_id
    k1            2016-01-01   2016-01-11  hoefkade
    k2            2016-01-01   2016-03-11  hoefkade
    k3            2016-02-01   2016-12-15  overbosch
    k4            2016-02-01   -           overbosch
expect: |
  unit_id   grain period_end  numerator denominator value
  den-haag  year  2016-12-31  2         3           0.6667
`;

/** An indicator that the project does not have: complaints closed within 70 days. */
export const within70 = {
  indicator_id: "complaints-within-70",
  definition: standing("complaints-days")
    .definition.replace(/title: .*/, "title: { nl: Klachten binnen 70 dagen, en: Complaints within 70 days }")
    .replace("kind: duration", "kind: share")
    .replace("polarity: down", "polarity: up")
    .replace(
      /version: .*/,
      "version: { number: 1, valid_from: 2005-01-01, change: { nl: Eerste versie, en: First version } }",
    )
    .replace(
      /---\*\/[\s\S]*/,
      `---*/
select unit_id, received_on as month,
  sum(count) filter (closed_on - received_on <= 70) as numerator,
  sum(count) as denominator
from complaints
where closed_on is not null
group by unit_id, received_on
`,
    ),
  examples,
  targets: targetsOf("complaints-within-70", "0.6"),
};
