import {
  ask,
  fetchJson,
  forget,
  apiAddress,
  Problem,
  type Definition,
  type Meta,
  type Right,
  type Unit,
} from "../api.ts";
import type { Patch } from "./address.ts";
import { Organisation } from "./organisation.ts";
import { router } from "./router.svelte.ts";

/** What every page needs: which snapshot is served, the organisation and the definitions. */
class Monitor {
  meta = $state.raw<Meta | null>(null);
  organisation = $state.raw<Organisation>(new Organisation([]));
  definitions = $state.raw<Definition[]>([]);
  problem = $state.raw<Problem | null>(null);
  /** Counts the snapshots seen since the page opened. */
  renewed = $state(0);

  /** The last day that the data reach; empty while nothing is known. */
  get through(): string {
    return this.meta ? (this.meta.data_through ?? this.meta.published_at.slice(0, 10)) : "";
  }

  async load(): Promise<void> {
    this.problem = null;
    try {
      const meta = await fetchJson<Meta>(apiAddress("/meta"));
      const [units, definitions] = await Promise.all([ask<Unit[]>("/units"), ask<Definition[]>("/indicators")]);
      this.give(meta, new Organisation(units), definitions);
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, String(error));
    }
  }

  /** Takes over what is known of a snapshot. */
  give(meta: Meta, organisation: Organisation, definitions: Definition[]): void {
    this.organisation = organisation;
    this.definitions = definitions;
    this.meta = meta;
  }

  /** Looks whether another snapshot is served, and if so takes it over. */
  async refresh(): Promise<void> {
    if (!this.meta || document.hidden) return;
    const meta = await fetchJson<Meta>(apiAddress("/meta")).catch(() => null);
    if (!meta || meta.snapshot === this.meta.snapshot) return;
    forget();
    await this.load();
    this.renewed += 1;
  }

  /** Whether the reader may do something, where they may at all. */
  may(right: Right): boolean {
    return this.meta?.access.rights.includes(right) ?? false;
  }

  /** Whether the reader may open the page of an address; while nobody knows, the server decides. */
  mayOpen(path: string): boolean {
    return this.meta?.access.pages.includes(path.split("/")[1] ?? "") ?? true;
  }

  /** A link to a page; none where the reader may not open it. */
  link(path: string, patch: Patch = {}): string | undefined {
    return this.mayOpen(path) ? router.to(path, patch) : undefined;
  }

  definition(id: string): Definition | null {
    return this.definitions.find((definition) => definition.indicator_id === id) ?? null;
  }
}

export const monitor = new Monitor();
