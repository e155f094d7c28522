import path from "node:path";

/** Where what was adopted on the workbench lies in a home: read over the configuration, laid out as it is there. */
export interface Overlay {
  indicators: string;
  examples: string;
  targets: string;
}

export function overlayIn(home: string): Overlay {
  const file = (name: string) => path.join(home, "definitions", name);
  return { indicators: file("indicators"), examples: file("examples"), targets: file("targets.csv") };
}
