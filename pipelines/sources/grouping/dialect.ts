/** A column of what an engine is asked. */
export interface SourceColumn {
  name: string;
  /** `date` has a day, also where a time stands beside it; `text` may have one as people write it. */
  kind: "date" | "text" | "other";
  /** As the engine calls it. */
  type: string;
}

/** What an engine's SQL is like, as far as grouping needs it. Each gives an expression; NULL stays NULL where nothing else is said. */
export interface Dialect {
  /** Put after a nested select, so that what it works out is worked out once; empty where an engine does that by itself. */
  once: string;
  /** A column as text, without space around it; NULL where nothing is left. */
  text(x: string, column: SourceColumn): string;
  /** The day of a column of kind `date`; NULL also for a value that is none, such as infinity. */
  day(x: string, column: SourceColumn): string;
  /** The day of three texts of digits; NULL where no calendar has it. */
  calendar(year: string, month: string, day: string): string;
  /** Whether a text has the form of a regular expression. */
  matches(x: string, pattern: string): string;
  /** What the first group of a regular expression holds. */
  captured(x: string, pattern: string): string;
  dayOfMonth(day: string): string;
  /** The first day of its month. */
  month(day: string): string;
  before(day: string, days: string): string;
  after(day: string, days: number): string;
  daysBetween(from: string, to: string): string;
  /** A day by its ISO text. */
  date(iso: string): string;
  /** A day as ISO text. */
  iso(day: string): string;
  /** A text of several columns: the same for the same values, NULL among them, and for no others. */
  word(columns: string[]): string;
  /** What a word means, by pairs; NULL or nothing for others. */
  meaning(word: string, pairs: [word: string, meaning: string][]): string;
  /** A text that sorts as people sort numbers in texts: runs of digits by their number. */
  order(text: string): string;
  joined(texts: string[]): string;
  /** The sum of a hash of each row: a text that is another where any of these columns is. Never NULL. */
  fingerprint(columns: string[]): string;
  /** A select of one number, `n`: how many rows of a relation have the value of another in a column, where that is not NULL. */
  repeated(column: string, from: string): string;
  /** A select of all rows of a relation, with what a group unites in its first row, and nothing in others. */
  united(asked: United): string;
}

/** What is united: of the rows of `from` that are sound, those of one group. */
export interface United {
  from: string;
  /** Columns that go on as they are. */
  columns: string[];
  /** A condition. */
  sound: string;
  /** What tells groups apart; never NULL for sound rows. */
  group: string;
  /** By which the first is found. */
  order: string[];
  /** Names of columns with the words that are united, and the names of the lists that they become: each word once, in their order. */
  words: [word: string, list: string][];
}
