import type { TopLevelSpec } from "vega-lite";
import type { Margins } from "../charts/frame.ts";

/** What a chart is drawn from. */
export interface Drawable {
  /** For a plot of so many pixels, `silent` without what the pointer asks for. */
  spec: (width: number, silent?: boolean) => TopLevelSpec;
  margins: Margins;
}

/** Whether a drawing may stand in a frame: so much off nobody sees. Widths in pixels. */
export const fits = (drawing: number, frame: number): boolean => Math.abs(drawing / frame - 1) <= 0.08;

/** Drawings of charts that the server made: those in the page as it came, others on request. */
class Drawings {
  /** On the server: draws a chart of the page that is being made; null where it is not drawn with the page. */
  draw: (name: string, spec: Drawable["spec"], frame: number, margins: Margins) => string | null = () => null;
  readonly #inPage = new Map<string, SVGSVGElement>();

  /** Takes the drawings out of a page that the server made. */
  collect(page: ParentNode): void {
    for (const frame of page.querySelectorAll<HTMLElement>("[data-chart]")) {
      const svg = frame.querySelector("svg");
      if (svg) this.#inPage.set(frame.dataset.chart!, svg.cloneNode(true) as SVGSVGElement);
    }
  }

  /** A drawing that was in the page, once; null where there was none. */
  take(name: string): SVGSVGElement | null {
    const had = this.#inPage.get(name) ?? null;
    this.#inPage.delete(name);
    return had;
  }

  /** The drawing of a chart on the page at hand, for a frame of so many pixels; null where the server has none. */
  async fetch(name: string, frame: number): Promise<SVGElement | null> {
    try {
      const response = await fetch(addressOf(name, frame));
      return response.status === 200 ? read(await response.text()) : null;
    } catch {
      return null;
    }
  }

  /** The same, while the page waits: before it is printed nothing else comes in time. */
  fetchNow(name: string, frame: number): SVGElement | null {
    const request = new XMLHttpRequest();
    try {
      request.open("GET", addressOf(name, frame), false);
      request.send();
      return request.status === 200 ? read(request.responseText) : null;
    } catch {
      return null;
    }
  }

  /** What was in the page no longer holds. */
  forget(): void {
    this.#inPage.clear();
  }
}

function addressOf(name: string, frame: number): string {
  const query = new URLSearchParams({ page: location.pathname + location.search, width: String(Math.round(frame)) });
  return `/drawings/${encodeURIComponent(name)}?${query.toString()}`;
}

function read(svg: string): SVGElement | null {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  return parsed instanceof SVGElement ? (document.importNode(parsed, true) as SVGElement) : null;
}

export const drawings = new Drawings();
