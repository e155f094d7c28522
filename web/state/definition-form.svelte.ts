import type { DraftFault } from "../../pipelines/workbench/draft.ts";
import {
  addField,
  fieldOf,
  readDefinitionText,
  removeField,
  setField,
  setQuery,
  type DefinitionText,
  type Path,
  type Yaml,
} from "./definition-text.ts";
import type { DraftDesk } from "./draft-desk.svelte.ts";
import { placeOf, queryPartOf, type FaultPlace, type QueryPart } from "./fault-places.ts";
import { withSecond, type QueryForm } from "./query-form.ts";
import { queryForm } from "./query-read.ts";
import { editQuery } from "./query-write.ts";
import type { WorkColumn, WorkFeed } from "./vocabulary.ts";

/** Keys that say something in two languages and may be left out. */
const optional = new Set(["caveats", "polarity_note", "denominator", "excluded", "waiting"]);
/** Keys that belong to some kinds only, with what they begin with there. */
const ofKinds: Record<string, { kinds: string[]; begin?: Yaml }> = {
  stock: { kinds: ["share", "count", "ratio"] },
  interval: { kinds: ["share", "count", "cumulative"] },
  exposure: { kinds: ["rate", "ratio"], begin: "mean" },
  per: { kinds: ["rate"], begin: 100 },
  of: { kinds: ["coverage", "change"], begin: ["team"] },
  least: { kinds: ["coverage"] },
  baseline: { kinds: ["change"] },
};
const begunIn: Record<string, string[]> = { exposure: ["rate"], per: ["rate"], of: ["coverage"] };

/** Keys that every definition has a field for. */
const always = new Set([
  ...["title", "question", "kind", "polarity", "decimals", "breakdowns", "numerator", "excluded", "sentence"],
  ...["description", "why", "caveats", "levels", "grains", "focus", "owner", "source", "version", "reviewed"],
]);
const withDenominator = new Set(["share", "rate", "score", "coverage", "ratio", "duration"]);

/** The field at which stands what is said of a key as a whole. */
const firstFields: Record<string, string> = { version: "version.number", baseline: "baseline.from" };

/** A definition as a form: what it shows is read from the text, and what is filled in is put into the text. */
export class DefinitionForm {
  readonly desk: DraftDesk;
  readonly definition: DefinitionText = $derived.by(() => readDefinitionText(this.desk.texts.definition));
  readonly query: QueryForm | null = $derived.by(() => queryForm(this.definition.sql));
  readonly faults: { fault: DraftFault; place: FaultPlace }[] = $derived.by(() =>
    (this.desk.check?.faults ?? [])
      .filter(({ part }) => part === "definition")
      .map((fault) => ({ fault, place: placeOf(this.definition, fault) })),
  );

  /** What was written of other feeds and kinds before: it is there again for who comes back to them. */
  readonly #queries: Record<string, { form: QueryForm; breakdowns: Yaml[] }> = {};
  readonly #values: Record<string, Yaml> = {};

  constructor(desk: DraftDesk) {
    this.desk = desk;
  }

  /** Whether what is filled in can be put into the text. */
  get disabled(): boolean {
    return !this.desk.editable || this.definition.header === null;
  }

  /** What the header says in a place, as a text. */
  text(...path: Path): string {
    const value = fieldOf(this.definition, path);
    return value === null || value === undefined || typeof value === "object" ? "" : String(value);
  }

  /** What the header says in a place, as a list of texts. */
  list(...path: Path): string[] {
    const value = fieldOf(this.definition, path);
    return Array.isArray(value) ? value.map(String) : [];
  }

  has(key: string): boolean {
    return fieldOf(this.definition, [key]) !== undefined;
  }

  set(path: Path, value: Yaml | undefined): void {
    this.#put(setField(this.definition, path, value));
  }

  /** A text in one language; where neither says anything, what may be left out is. */
  setWords(path: Path, language: "nl" | "en", text: string): void {
    const other = this.text(...path, language === "nl" ? "en" : "nl");
    const away = text === "" && other === "" && optional.has(String(path[0]));
    this.set(away ? path : [...path, language], away ? undefined : text);
  }

  /** Another kind; keys that mean nothing of it go, those that it needs come. */
  setKind(kind: string): void {
    let text = setField(this.definition, ["kind"], kind);
    for (const [key, { kinds, begin }] of Object.entries(ofKinds)) {
      const read = readDefinitionText(text);
      const had = fieldOf(read, [key]) as Yaml | undefined;
      if (had !== undefined && !kinds.includes(kind)) {
        this.#values[key] = had;
        text = setField(read, [key], undefined);
      }
      const again = begunIn[key]?.includes(kind) ? (this.#values[key] ?? begin) : undefined;
      if (had === undefined && again !== undefined) text = setField(read, [key], again);
    }
    this.#put(text);
  }

  setQuery(form: QueryForm): void {
    this.#put(setQuery(this.definition, editQuery(this.definition.sql, form)));
  }

  setSql(sql: string): void {
    this.#put(setQuery(this.definition, sql));
  }

  /** One more breakdown: a column of the query, and what it and its values are called. */
  addBreakdown(column: WorkColumn): void {
    const { name, called, values } = column;
    const words = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
    const item = {
      name,
      title: { nl: words(called), en: words(name.replaceAll("_", " ")) },
      ...(values.length > 0
        ? {
            values: Object.fromEntries(
              values.map((each) => [each.code, { nl: each.called, en: each.code.replaceAll("_", " ") }]),
            ),
          }
        : {}),
    };
    const read = readDefinitionText(addField(this.definition, ["breakdowns"], item));
    const query = this.query!;
    const breakdowns = [...query.breakdowns, { name, column: name }];
    this.#put(setQuery(read, editQuery(read.sql, { ...query, breakdowns })));
  }

  /** A breakdown less, in the header and in the query. */
  removeBreakdown(name: string): void {
    let read = this.definition;
    const index = this.breakdownNames.indexOf(name);
    if (index >= 0) read = readDefinitionText(removeField(read, ["breakdowns"], index));
    const query = this.query;
    const breakdowns = query?.breakdowns.filter((each) => each.name !== name);
    this.#put(query ? setQuery(read, editQuery(read.sql, { ...query, breakdowns: breakdowns! })) : read.text);
  }

  get breakdownNames(): string[] {
    const all = fieldOf(this.definition, ["breakdowns"]);
    return Array.isArray(all) ? all.map((_, i) => this.text("breakdowns", i, "name")) : [];
  }

  /** Another feed: what is counted and by which date begins anew, what belongs to the columns of the other goes. */
  setFeed(feed: WorkFeed): void {
    const before = this.query!;
    if (before.feed === feed.feed) return;
    const { numerator, denominator, unknown, until } = before;
    const breakdowns = (fieldOf(this.definition, ["breakdowns"]) ?? []) as Yaml[];
    this.#queries[before.feed] = { form: before, breakdowns };
    const known = this.#queries[feed.feed];
    const begin = () => ({
      of: feed.weight ? ("sum" as const) : ("rows" as const),
      column: feed.weight ?? "",
      conditions: [],
    });
    let read = this.definition;
    for (let i = this.breakdownNames.length - 1; i >= 0; i--)
      read = readDefinitionText(removeField(read, ["breakdowns"], i));
    for (const item of known?.breakdowns ?? []) read = readDefinitionText(addField(read, ["breakdowns"], item));
    const form: QueryForm = known?.form ?? {
      feed: feed.feed,
      month: feed.date,
      until: until && feed.columns.some(({ name }) => name === "until") ? "until" : null,
      days: null,
      numerator: numerator && begin(),
      denominator: denominator && begin(),
      unknown: unknown && begin(),
      within: null,
      conditions: [],
      breakdowns: [],
      withheld: null,
    };
    this.#put(setQuery(read, editQuery(read.sql, form)));
  }

  /** Whether the form has a field for a key as things are; others stand in the text only. */
  shows(key: string): boolean {
    const kind = this.text("kind");
    if (always.has(key)) return true;
    if (key === "denominator") return withDenominator.has(kind) || this.has(key);
    if (key === "polarity_note") return ["neutral", "balance"].includes(this.text("polarity")) || this.has(key);
    if (key === "exposure") return kind === "rate" || this.has(key);
    return key !== "interval" && (ofKinds[key]?.kinds.includes(kind) ?? false);
  }

  /** What is wrong at a key, or at a part of it: what the form shows beside it. */
  faultsAt(path: string): DraftFault[] {
    const [key] = path.split(".") as [string];
    return this.faults.flatMap(({ fault, place }) => {
      if (!place || !("field" in place) || place.field !== key) return [];
      const exact = place.path === path || place.path.startsWith(`${path}.`);
      return exact || path === (firstFields[place.path] ?? `${place.path}.nl`) ? [fault] : [];
    });
  }

  /** What is wrong with a breakdown itself, not with a word of it; without a number what is wrong with no breakdown in particular. */
  breakdownFaults(index?: number): DraftFault[] {
    const names = this.breakdownNames;
    return this.faults.flatMap(({ fault, place }) => {
      if (!place || !("field" in place) || place.field !== "breakdowns") return [];
      if (/^breakdowns\.\d+\.(title|values\.)/.test(place.path)) return [];
      const [, numbered] = /^breakdowns\.(\d+)/.exec(place.path) ?? [];
      const named = names.findIndex((name) => fault.message.split(/[^\w]+/).includes(name));
      const of = numbered === undefined ? named : Number(numbered);
      return (of in names ? of : undefined) === index ? [fault] : [];
    });
  }

  /** Whether a word of a breakdown is wrong, so that its words must be seen. */
  hasWordFaults(index: number): boolean {
    return this.faults.some(
      ({ place }) =>
        place !== null &&
        "field" in place &&
        place.path.startsWith(`breakdowns.${index}.`) &&
        /\.(title|values\.)/.test(place.path),
    );
  }

  /** What is wrong with the query. */
  get queryFaults(): DraftFault[] {
    return this.faults.flatMap(({ fault, place }) => (place && "query" in place ? [fault] : []));
  }

  /** What is wrong with a part of it that has a field; null for what belongs to none. */
  queryFaultsAt(part: QueryPart | null): DraftFault[] {
    return this.queryFaults.filter(({ message }) => this.queryPart(message) === part);
  }

  /** The part of the query to which a fault belongs, as far as the form shows it. */
  queryPart(message: string): QueryPart | null {
    const part = this.query && queryPartOf(this.query, message);
    if (part === "days" || part === "within") return this.query![part] ? part : null;
    if (part === "denominator" || part === "unknown")
      return withSecond.has(this.text("kind")) || this.query![part] ? part : null;
    return part;
  }

  /** What is wrong and has no field of its own. */
  get otherFaults(): DraftFault[] {
    return this.faults.flatMap(({ fault, place }) =>
      place && ("query" in place || this.shows(place.field)) ? [] : [fault],
    );
  }

  #put(text: string): void {
    this.desk.set("definition", text);
  }
}
