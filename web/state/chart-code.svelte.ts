import type * as Drawing from "../components/drawing.ts";

/** What draws charts: fetched when one must be drawn that the server did not draw. */
class ChartCode {
  current = $state.raw<typeof Drawing | null>(null);

  async load(): Promise<void> {
    if (!this.current) this.current = await import("../components/drawing.ts");
  }
}

export const chartCode = new ChartCode();
