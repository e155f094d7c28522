/** Who asks: the name that is kept with what they write, what they are, and for which units. */
export interface User {
  name: string;
  roles: string[];
  units: string[];
}
