type Control = HTMLSelectElement | HTMLInputElement;

/** What a reader did in a part of a page that was not alive yet, by the place of the control: it is done again in the part that is. */
export class Deeds {
  readonly #made: HTMLElement;
  readonly #chosen = new Map<number, Control>();
  readonly #pressed: number[] = [];

  constructor(made: HTMLElement) {
    this.#made = made;
    made.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement)
        this.#chosen.set(controlsOf(made).indexOf(target), target);
    });
    made.addEventListener("click", ({ target }) => {
      const button = (target as Element).closest("button");
      if (button) this.#pressed.push(controlsOf(made).indexOf(button));
    });
  }

  /** Lets `put` bring the part that is alive into the other's place; the focus goes along, and what the reader did is done there. */
  repeat(fresh: HTMLElement, put: () => void): void {
    const focused = controlsOf(this.#made).indexOf(document.activeElement as HTMLElement);
    put();
    const controls = controlsOf(fresh);
    controls[focused]?.focus({ preventScroll: true });
    for (const [place, old] of this.#chosen) {
      const control = controls[place];
      if (control?.tagName !== old.tagName) continue;
      copyChoice(old, control as Control);
      for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
    }
    for (const place of this.#pressed) if (controls[place]?.tagName === "BUTTON") controls[place].click();
  }
}

/** Gives a control what a reader chose in another of its kind. */
function copyChoice(from: Control, to: Control): void {
  if (!(from instanceof HTMLInputElement && to instanceof HTMLInputElement)) to.value = from.value;
  else if (from.type === "file") to.files = from.files;
  else if (from.type === "checkbox" || from.type === "radio") to.checked = from.checked;
  else to.value = from.value;
}

function controlsOf(within: ParentNode): HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>("a[href], button, select, input, summary, [tabindex]")];
}
