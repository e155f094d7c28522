/** Texts that only some pages need, by their names: each part is fetched apart. All others come with every page. */
export const textParts = {
  actions: /^actions\./,
  audit: /^audit\./,
  /** What words mean: fetched when a reader asks. */
  explanations: /^term\.\w+\.text$|^terms\.intro$/,
  accessibility: /^access\./,
  /** How charts are read, and where figures come from: fetched when a reader opens that. */
  keys: /^chart\.key[A-Z]|^compare\.key\.|^lineage\./,
  calendar: /^calendar\./,
  compare: /^compare\.(?!link$|key\.)/,
  contract: /^contract\.(?!title$)/,
  /** Of what a delivery left apart: fetched with what tells it. */
  delivery: /^(delivery|quarantine|reason)\./,
  data: /^(loads|refusals?|restated|run|strip|trouble|upload|work)\.|^contract\.title$|^reconcile\.nothing$|^data\.(?!state|more$|reconciliation(?!Help$)|difference$|loaded$|points$|published$)/,
  evaluation: /^evaluation\./,
  /** Of the search, fetched when a reader comes near to it. */
  find: /^find\.(?!open$|label$)/,
  hrm: /^hrm\./,
  indicator:
    /^range\.|^limits\.choose$|^indicator\.(?!arrow$|csv$|csvPlain$|download$|json$|peersHelp$|png$|source$|svg$|unit$)/,
  /** Of what control limits say, fetched when a reader asks for them. */
  limits: /^limits\.(?!choose$)/,
  overview: /^(goals|state)\.|^overview\.(?!allThemes$|demoTargets$|grain$|indicator$|period$|theme$|units$)/,
  /** Of documents that the server makes: no page needs them. */
  register: /^register\.|^signIn\.role\./,
  reconcile: /^reconcile\.(?!nothing$)/,
  report: /^report\.|^signIn\.(?!role\.)/,
  results: /^results\./,
  review: /^review\./,
  signals: /^signals\.(?!variation\.)|^recent\./,
  unit: /^unit\.(?!noFigures)/,
  workbench: /^workbench\./,
} as const satisfies Record<string, RegExp>;
export type TextPart = keyof typeof textParts;

/** The texts of a part; those that are in none for `common`. */
export function textsOfPart(part: string, all: Record<string, string>): Record<string, string> {
  const patterns: Record<string, RegExp> = textParts;
  const belongs = (name: string) =>
    part === "common" ? !Object.values(patterns).some((each) => each.test(name)) : patterns[part]!.test(name);
  return Object.fromEntries(Object.entries(all).filter(([name]) => belongs(name)));
}
