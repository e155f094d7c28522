/** Parts of the page as the server sent it that stay until their code was fetched. */
class Sent {
  readonly #parts = new Map<string, HTMLElement>();

  /** Keeps the parts of a page that the server made. */
  collect(page: ParentNode): void {
    for (const part of page.querySelectorAll<HTMLElement>("[data-later]")) {
      const kept = document.createElement("div");
      kept.append(...[...part.childNodes].map((each) => each.cloneNode(true)));
      if (kept.childElementCount > 0) this.#parts.set(part.dataset.later!, kept);
    }
  }

  /** A part, once; null where the page had none of that name. */
  take(name: string): HTMLElement | null {
    const had = this.#parts.get(name) ?? null;
    this.#parts.delete(name);
    return had;
  }

  /** What was in the page no longer holds. */
  forget(): void {
    this.#parts.clear();
  }
}

export const sent = new Sent();
