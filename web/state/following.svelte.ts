/* eslint-disable svelte/prefer-svelte-reactivity -- what changed is told by the turn */
import { afterPaint } from "./after-paint.ts";

/** A row that may wait while another of its key stands in its place; not where that is of another layout, such as other columns. */
export interface Row {
  key: string;
  layout: string;
}

/** So many rows out of view follow at a time: a reader who does something meanwhile does not notice. */
const atOnce = 12;

/**
 * The rows of a long table, in the order in which they stand: those in view show a change with it, the others follow when that is painted, some at a time.
 * Who scrolls or prints meanwhile finds all of them current. Make it while a component starts, and let each row be
 * watched.
 */
export class Following<R extends Row> {
  readonly #rows: () => readonly R[];
  /** What the page shows, by key. */
  readonly #standing = new Map<string, R>();
  readonly #elements = new Set<HTMLElement>();
  readonly #inView = new Set<Element>();
  readonly #due = new Set<string>();
  #turn = $state(0);
  #observer: IntersectionObserver | null = null;

  /** Made once for a change: rows are told apart as objects, and those made anew would never be current. */
  readonly #current = $derived.by(() => this.#rows());
  /** What is to be shown: of each key the row, or the one that still stands in its place; new ones below what is in view come later too. */
  readonly shown: readonly R[] = $derived.by(() => {
    void this.#turn;
    const rows = this.#current;
    const seen = new Set([...this.#inView].map((each) => (each as HTMLElement).dataset.row));
    const last = rows.findLastIndex(({ key }) => seen.has(key));
    const [standing] = this.#standing.values();
    return rows.flatMap((row, place) => {
      const mayWait = standing?.layout === row.layout && !seen.has(row.key) && !this.#due.has(row.key);
      if (!mayWait) return [row];
      return this.#standing.get(row.key) ?? (place > last ? [] : [row]);
    });
  });

  constructor(rows: () => readonly R[]) {
    this.#rows = rows;
    if (import.meta.env.SSR) return;
    $effect(() => {
      this.#standing.clear();
      for (const row of this.shown) this.#standing.set(row.key, row);
      const here = new Set(this.shown);
      const late = this.#current.flatMap((row) => (here.has(row) ? [] : [row.key]));
      this.#sayBusy(new Set(late));
      if (late.length === 0) return this.#due.clear();
      return this.#follow(late);
    });
    $effect(() => () => this.#observer?.disconnect());
  }

  /** Looks whether the element of a row, which has its key as `data-row`, is in view. */
  readonly watch = (element: HTMLElement) => {
    this.#observer ??= new IntersectionObserver((entries) => this.#look(entries));
    this.#observer.observe(element);
    this.#elements.add(element);
    this.#inView.add(element);
    return {
      destroy: () => {
        this.#observer?.unobserve(element);
        this.#elements.delete(element);
        this.#inView.delete(element);
      },
    };
  };

  /** Says of the rows that are not current that they are about to be; here, so that nothing else of them need be looked at. */
  #sayBusy(late: ReadonlySet<string>): void {
    for (const element of this.#elements)
      if (late.has(element.dataset.row!) !== element.hasAttribute("aria-busy")) {
        if (element.hasAttribute("aria-busy")) element.removeAttribute("aria-busy");
        else element.setAttribute("aria-busy", "true");
      }
  }

  #look(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries)
      if (isIntersecting) this.#inView.add(target);
      else this.#inView.delete(target);
  }

  #follow(late: string[]): () => void {
    const bring = (keys: string[]) => {
      for (const key of keys) this.#due.add(key);
      this.#turn += 1;
    };
    return afterPaint(
      () => bring(late.slice(0, atOnce)),
      () => bring(late),
    );
  }
}
