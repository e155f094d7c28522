/** Room around a plot, in pixels. */
export interface Margins {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** How wide the plot is in a frame of this width. */
export const plotWidthOf = (width: number, { left, right }: Margins): number => Math.max(80, width - left - right);
