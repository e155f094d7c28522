import { apiAddress, fetchJson, Problem, type Action, type ActionFields } from "../api.ts";
import { patchJson, postJson } from "../send.ts";
import type { ActionDraft, ActionFilters } from "./actions.ts";

const asProblem = (error: unknown): Problem => (error instanceof Problem ? error : new Problem(0, String(error)));

/** The list of actions on the reader's desk, as their filters ask. */
export class ActionDesk {
  actions = $state.raw<Action[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  pending = $state(false);
  #turn = 0;

  /** Asks for the list; while it is under way the last one stays. */
  async load(filters: ActionFilters): Promise<void> {
    const turn = ++this.#turn;
    this.pending = true;
    try {
      const actions = await fetchJson<Action[]>(apiAddress("/actions", filters));
      if (turn === this.#turn) [this.actions, this.problem] = [actions, null];
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    }
    if (turn === this.#turn) this.pending = false;
  }

  /** Shows at once what was saved; the list, asked anew, then says whether and where it belongs. */
  put(saved: Action, filters: ActionFilters): void {
    const all = this.actions ?? [];
    const isKnown = all.some((each) => each.action_id === saved.action_id);
    this.actions = isKnown ? all.map((each) => (each.action_id === saved.action_id ? saved : each)) : [...all, saved];
    void this.load(filters);
  }
}

/** One action as it stands. Throws `Problem`. */
export async function fetchAction(action_id: string): Promise<Action> {
  const [found] = await fetchJson<Action[]>(apiAddress("/actions", { action: action_id }));
  return found!;
}

/** Adds an action. Throws `Problem`. */
export const addAction = async (fields: ActionFields): Promise<Action> =>
  (await postJson<Action[]>("/actions", fields))[0]!;

/** Changes fields of an action that stood as `seen`. Throws `Problem`; 409 where somebody saved meanwhile. */
export const changeAction = async (
  { action_id, version }: Action,
  edits: Partial<ActionFields> & { delivery_seen?: boolean },
): Promise<Action> => (await patchJson<Action[]>("/actions", { action_id, version, ...edits }))[0]!;

/** What was begun and not saved yet, of one action. */
export interface Unsaved {
  /** What the reader saw; null: a new one. */
  seen: Action | null;
  draft: ActionDraft;
}

/** The name under which what is new is kept. */
export const newOne = "new";

/** What was begun and not saved yet, by action: it stays while the reader looks elsewhere on the pages. */
class Drafts {
  all = $state.raw<Readonly<Record<string, Unsaved>>>({});

  of(id: string): Unsaved | null {
    return this.all[id] ?? null;
  }

  keep(id: string, unsaved: Unsaved): void {
    this.all = { ...this.all, [id]: unsaved };
  }

  drop(id: string): void {
    this.all = Object.fromEntries(Object.entries(this.all).filter(([name]) => name !== id));
  }
}

export const drafts = new Drafts();
