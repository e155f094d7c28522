/** Who asks: the name that is kept with what they write, what they are, and for which units. */
export interface User {
  name: string;
  roles: string[];
  units: string[];
  /** By what the provider knows them whatever they are called, as a hash; left out where nobody signs in for real. */
  subject?: string | undefined;
}
