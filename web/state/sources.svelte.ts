import { apiAddress, fetchJson, forget, Problem, type Feed } from "../api.ts";
import { inLanguage } from "../format.ts";
import { language } from "./language.svelte.ts";

/** The feeds as they stand, for every page: a figure must never look better than the data it rests on. */
class Sources {
  feeds = $state.raw<Feed[]>([]);
  /** Whether they were answered at least once. */
  known = $state(false);
  /** Why they could not be asked last time. */
  problem = $state.raw<Problem | null>(null);
  /** Counts the changes: what depends on loads and runs is asked anew. */
  turn = $state(0);
  #last = "";

  /** Looks whether anything changed; without an answer what was known stays. */
  async refresh(): Promise<void> {
    let feeds: Feed[];
    try {
      feeds = await fetchJson<Feed[]>(apiAddress("/feeds"));
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, String(error));
      return;
    }
    const text = JSON.stringify(feeds);
    if (text !== this.#last) {
      if (this.known) this.changed();
      this.#last = text;
      this.feeds = feeds;
    }
    this.known = true;
  }

  /** Takes over the feeds as they stand. */
  give(feeds: Feed[]): void {
    this.feeds = feeds;
    this.known = true;
  }

  /** Something was loaded, refused or published: earlier answers no longer hold. */
  changed(): void {
    forget();
    this.turn += 1;
  }

  find(name: string): Feed | null {
    return this.feeds.find((feed) => feed.feed === name) ?? null;
  }

  /** A feed's title; its name where it is not known. */
  title(name: string): string {
    const feed = this.find(name);
    return feed ? inLanguage({ nl: feed.title_nl, en: feed.title_en }, language.current) : name;
  }
}

export const sources = new Sources();
