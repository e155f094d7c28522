/** What a page would run, what would end the part of a document that it stands in, and what turns a text around. */
export const payload = `</title></script><script>attacked()</script><img src=x onerror="attacked()">]]>"'\`<svg/onload=attacked()>\u202e&#60;`;
/** The same, with lines of its own after it. */
export const broken = `${payload}\r\nATTACKED:1\nBEGIN:VALARM`;
const sql = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Statements that put it into every text of a snapshot. */
export const poison = [
  `update units set name = name || ${sql(broken)}`,
  `update events set title_nl = title_nl || ${sql(payload)}, title_en = ${sql(payload)}, note_nl = ${sql(payload)}, source = ${sql(payload)}`,
  `update breaks set label_nl = ${sql(payload)}, label_en = ${sql(payload)}`,
  `update reference_points set source_title = ${sql(payload)}, publisher = ${sql(payload)}, note = ${sql(payload)}, source_url = 'javascript:attacked()'`,
  `update actions set title = title || ${sql(payload)}, owner = ${sql(payload)}, note = ${sql(payload)}, condition = ${sql(payload)}`,
];
/** And of what the pipelines tell of their work. */
export const poisonOfWork = [
  `update refusals set file = ${sql(payload)}, reason = ${sql(payload)}`,
  `update quarantine set file = ${sql(payload)}, "value" = ${sql(payload)}`,
  `update runs set error = ${sql(payload)}`,
];
