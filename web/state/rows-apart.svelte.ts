import { ask, type Load, type Quarantined } from "../api.ts";
import { Answer } from "./answer.svelte.ts";
import { reasonsOfAll } from "./feeds.ts";
import { router } from "./router.svelte.ts";
import { sources } from "./sources.svelte.ts";

/** So many rows are shown at most. */
const most = 200;

/** Rows of a feed that stand apart, by the reason and the load that the address says. Make it while a component starts. */
export class RowsApart {
  readonly #of: () => { feed: string; loads: readonly Load[] };
  readonly loads = $derived.by(() => this.#of().loads.filter((load) => load.quarantined > 0));
  readonly load = $derived.by(() => this.loads.find((each) => String(each.load_id) === router.choice("load")) ?? null);
  /** How many there are, by reason. */
  readonly counts = $derived.by(() => reasonsOfAll(this.load ? [this.load] : this.loads));
  readonly reason = $derived.by(() => this.counts.find(([each]) => each === router.choice("reason"))?.[0] ?? null);
  readonly filter = $derived.by(() => ({
    feed: this.#of().feed,
    load: this.load && String(this.load.load_id),
    reason: this.reason,
  }));
  readonly answer: Answer<Quarantined[]>;
  /** Of the last answer what fits the choice: the next one may still be under way. */
  readonly rows = $derived.by(() =>
    (this.answer.value ?? []).filter(
      (row) => (!this.reason || row.reason === this.reason) && (!this.load || row.load_id === this.load.load_id),
    ),
  );

  constructor(of: () => { feed: string; loads: readonly Load[] }) {
    this.#of = of;
    this.answer = new Answer(async () => {
      void sources.turn;
      return this.loads.length ? ask<Quarantined[]>("/quarantine", { ...this.filter, limit: String(most) }) : [];
    });
  }
}
