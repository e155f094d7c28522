import { mount } from "svelte";
import App from "./App.svelte";
import { ahead, watchLinks } from "./state/ahead.ts";
import { drawings } from "./state/drawings.ts";
import { asksToFind } from "./state/keys.ts";
import { monitor } from "./state/monitor.svelte.ts";
import { needsOf, prepare } from "./state/needs.ts";
import { fetchPage, fetchTextsOf } from "./state/pages.ts";
import { router } from "./state/router.svelte.ts";
import { sources } from "./state/sources.svelte.ts";
import { underway } from "./state/underway.ts";
import "./fonts.css";
import "./style.css";

/** The page as the server made it stays until this one has all that it shows; not longer than so many milliseconds. */
const longest = 8000;

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no element #app");
void begin(target);

async function begin(made: HTMLElement): Promise<void> {
  const deeds = watchDeeds(made);
  const known = Promise.all([monitor.load(), sources.refresh()]);
  await Promise.all([fetchTextsOf(router.address), fetchPage(router.path)]);
  router.needs = needsOf;
  ahead.prepare = prepare;
  watchLinks(document);
  if (made.childElementCount === 0) {
    mount(App, { target: made });
    made.dataset.alive = "true";
    return finish(deeds);
  }
  const fresh = document.createElement("div");
  drawings.collect(made);
  mount(App, { target: fresh });
  await Promise.race([ready(known), new Promise((resolve) => setTimeout(resolve, longest))]);
  takePlace(made, fresh, deeds);
  drawings.forget();
}

/** When what every page needs is there, and then what this page asks. */
async function ready(known: Promise<unknown>): Promise<void> {
  await known;
  // The page's components ask as they start.
  await new Promise((resolve) => setTimeout(resolve));
  await underway.done();
  await new Promise((resolve) => setTimeout(resolve));
}

/** What the reader did in the page as it was sent, by the place of the control: it is done once the page is alive. */
interface Deeds {
  chosen: Map<number, HTMLSelectElement | HTMLInputElement>;
  pressed: number[];
  /** Whether a key asked for the search. */
  find: boolean;
  stop: () => void;
}

function watchDeeds(made: HTMLElement): Deeds {
  const deeds: Deeds = { chosen: new Map(), pressed: [], find: false, stop: () => undefined };
  const onkeydown = (event: KeyboardEvent) => {
    if (!asksToFind(event, router.choice("keys") !== "off")) return;
    event.preventDefault();
    deeds.find = true;
  };
  addEventListener("keydown", onkeydown);
  deeds.stop = () => removeEventListener("keydown", onkeydown);
  made.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement)
      deeds.chosen.set(controlsOf(made).indexOf(target), target);
  });
  made.addEventListener("click", ({ target }) => {
    const button = (target as Element).closest("button");
    if (button) deeds.pressed.push(controlsOf(made).indexOf(button));
  });
  return deeds;
}

/** Puts the page that is alive where the other was, with the focus, and does what the reader did there. */
function takePlace(made: HTMLElement, fresh: HTMLElement, deeds: Deeds): void {
  const { chosen, pressed } = deeds;
  const focused = controlsOf(made).indexOf(document.activeElement as HTMLElement);
  const controls = controlsOf(fresh);
  fresh.id = made.id;
  fresh.dataset.alive = "true";
  made.replaceWith(fresh);
  controls[focused]?.focus({ preventScroll: true });
  for (const [place, old] of chosen) {
    const control = controls[place];
    if (control?.tagName !== old.tagName) continue;
    if (control instanceof HTMLInputElement && old instanceof HTMLInputElement && old.type === "file")
      control.files = old.files;
    else (control as typeof old).value = old.value;
    for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
  }
  for (const place of pressed) if (controls[place]?.tagName === "BUTTON") controls[place].click();
  finish(deeds);
}

/** Opens the search where a key asked for it before the page could. */
function finish({ find, stop }: Deeds): void {
  stop();
  if (find) dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true }));
}

function controlsOf(within: ParentNode): HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>("a[href], button, select, input, summary, [tabindex]")];
}
