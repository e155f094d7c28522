import { mount } from "svelte";
import App from "./App.svelte";
import { fetchTexts } from "./locales/text.ts";
import { drawings } from "./state/drawings.ts";
import { languageOf } from "./state/language.svelte.ts";
import { monitor } from "./state/monitor.svelte.ts";
import { fetchPage } from "./state/pages.ts";
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
  const { path, query } = router;
  const known = Promise.all([monitor.load(), sources.refresh()]);
  await Promise.all([fetchTexts(languageOf(query)), fetchPage(path)]);
  router.needs = ({ path, query }) => {
    const needed = [fetchTexts(languageOf(query)), fetchPage(path)].filter((each) => each !== null);
    return needed.length ? Promise.all(needed) : null;
  };
  if (made.childElementCount === 0) {
    mount(App, { target: made });
    made.dataset.alive = "true";
    return;
  }
  const fresh = document.createElement("div");
  drawings.collect(made);
  mount(App, { target: fresh });
  await Promise.race([ready(known), new Promise((resolve) => setTimeout(resolve, longest))]);
  takePlace(made, fresh);
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

/** Puts the page that is alive where the other was, with what the reader did there meanwhile. */
function takePlace(made: HTMLElement, fresh: HTMLElement): void {
  const [old, anew] = [controlsOf(made), controlsOf(fresh)];
  const focused = old.indexOf(document.activeElement as HTMLElement);
  const chosen = old.map((each) => (each instanceof HTMLSelectElement ? each.value : null));
  fresh.id = made.id;
  fresh.dataset.alive = "true";
  made.replaceWith(fresh);
  anew[focused]?.focus({ preventScroll: true });
  for (const [i, each] of anew.entries()) {
    const value = chosen[i];
    if (!(each instanceof HTMLSelectElement) || value === null || value === undefined || each.value === value) continue;
    each.value = value;
    each.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function controlsOf(within: ParentNode): HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>("a[href], button, select, input, summary, [tabindex]")];
}
