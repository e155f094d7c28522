/** Who writes. */
export interface User {
  name: string;
  roles: string[];
  units: string[];
}

/** Until there is sign-in: the person at the machine, who may all. */
export const localUser: User = { name: "lokaal", roles: ["control"], units: [] };
