// What draws units beside each other, together: fetched as one part of the program.
export { compareTip } from "./compare-tip.ts";
export { dotPlaces, dots } from "./dots.ts";
export { funnel, funnelPlaces, unnamed } from "./funnel.ts";
